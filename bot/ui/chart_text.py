"""Text in pictures: what the font has letters for, cut to the room there is."""

import unicodedata
from functools import lru_cache
from typing import Any

from matplotlib.font_manager import FontProperties, findfont, get_font

ELLIPSIS = "…"
JOINER = "\u200d"
AS_EMOJI = "\ufe0f"
POINTS_PER_INCH = 72
# libraqm draws combining marks and the two directions; what orders text by itself is left out.
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def drawable(text: str, stand_in: str = "") -> str:
    """Return a text without what the font has no picture for, such as emoji.

    Where no letter or digit is left, or letters had to go too, the stand-in is returned: half a
    name is worse than none. A screen reader and the sentences beside the picture have it whole.
    """
    letters = _letters()
    clean: list[str] = []
    before = ""
    for char in unicodedata.normalize("NFC", text):
        joined, before = before == JOINER, char
        if char == AS_EMOJI or (joined and not char.isalnum()):
            continue  # What is left of a composed emoji, such as a lone gender sign.
        if char.isspace():
            clean.append(" ")
        elif ord(char) in letters and unicodedata.category(char) not in INVISIBLE:
            clean.append(char)
        elif char.isalnum():
            return stand_in
    left = " ".join("".join(clean).split())
    return left if any(char.isalnum() for char in left) else stand_in


def fitted(text: str, width: float, size: float) -> str:
    """Cut a text to a width.

    Args:
        text: What `drawable` returned.
        width: Inches.
        size: Of the letters, in points.
    """
    if width_of(text, size) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle] + ELLIPSIS, size) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS


def width_of(text: str, size: float) -> float:
    """Measure a text in inches."""
    font = _font()
    font.set_size(size, POINTS_PER_INCH)
    font.set_text(text, 0.0)
    # In 64ths of a point.
    return float(font.get_width_height()[0]) / 64 / POINTS_PER_INCH


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    return frozenset(_font().get_charmap())


def _font() -> Any:
    # Bundled with matplotlib, so the same everywhere.
    return get_font(findfont(FontProperties(family="DejaVu Sans")))
