"""The joining sheets in docs: alike in both languages, plain to read, one page, true to the bot."""

import re
import struct
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.config import DATA
from bot.domain.joining import CODE_LIFE
from bot.text import Catalog
from tests.readability import too_hard

DOCS = Path(__file__).parents[2] / "docs"
SHEETS = DOCS / "joining-sheet"
LOCALES = ("en", "es")
BLOCKS = frozenset({"title", "h1", "h2", "h3", "p", "li", "div", "header", "section"})
MOST_PICTURE_BYTES = 400_000
SPOKEN = ("aria-label", "alt")
VOID = frozenset({"meta", "circle", "path"})


@dataclass(kw_only=True, slots=True)
class Sheet:
    """What a sheet says and how it is made."""

    steps: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    quotes: list[tuple[str, str]] = field(default_factory=list)
    shape: list[str] = field(default_factory=list)
    style: str = ""
    locale: str = ""


class SheetReader(HTMLParser):
    """Reads a sheet's texts block by block."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet = Sheet()
        self.open: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.sheet.shape.append(f"{tag}.{given.get('class', '')}")
        self.sheet.locale = given.get("lang", self.sheet.locale)
        self.sheet.labels += [given[name] for name in SPOKEN if name in given]
        if step := given.get("data-step"):
            self.sheet.steps.append(step)
        if tag in BLOCKS:
            self._end_block()
        if tag not in VOID:
            self.open.append((tag, given.get("data-says")))

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._end_block()
        if self.open and tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        tag, says = self.open[-1] if self.open else ("", None)
        if tag == "style":
            self.sheet.style += data
            return
        if says is not None:
            self.sheet.quotes.append((says, data))
        self.text += data

    def _end_block(self) -> None:
        if said := " ".join(self.text.split()):
            self.sheet.blocks.append(said)
        self.text = ""


@cache
def read(locale: str) -> Sheet:
    reader = SheetReader()
    reader.feed((SHEETS / f"{locale}.html").read_text(encoding="utf-8"))
    return reader.sheet


def test_both_sheets_have_the_same_steps_and_shape() -> None:
    english, spanish = read("en"), read("es")

    assert english.steps == spanish.steps == [str(n + 1) for n in range(len(english.steps))]
    assert len(english.steps) >= 8
    assert english.shape == spanish.shape
    assert english.style == spanish.style
    assert [key for key, _ in english.quotes] == [key for key, _ in spanish.quotes]
    assert (english.locale, spanish.locale) == LOCALES


@pytest.mark.parametrize("locale", LOCALES)
def test_a_sheet_does_not_shout(locale: str) -> None:
    sheet = read(locale)

    said = [*sheet.blocks, *sheet.labels]

    assert len(said) > 40
    assert [text for text in said if "!" in text or "¡" in text] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_sheet_reads_at_sixth_grade(locale: str) -> None:
    blocks = read(locale).blocks

    hard = {text: fault for text in blocks if (fault := too_hard(text, locale))}

    assert hard == {}
    assert too_hard("\n".join(blocks), locale) is None


@pytest.mark.parametrize("locale", LOCALES)
def test_a_sheet_names_buttons_as_the_bot_does(locale: str) -> None:
    words = Catalog.load(DATA / "locales").words(locale)
    quotes = read(locale).quotes

    assert len(quotes) >= 6
    assert [(key, said) for key, said in quotes if words(key) != said] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_sheet_tells_how_long_a_code_works(locale: str) -> None:
    assert any(re.search(rf"\b{CODE_LIFE.days} d", text) for text in read(locale).blocks)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_sheet_needs_nothing_from_outside(locale: str) -> None:
    source = (SHEETS / f"{locale}.html").read_text(encoding="utf-8")

    assert re.findall(r"https?:|\burl\((?!#)|@import|\bsrc=|<link|<script", source) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_printed_sheet_is_one_page_that_fits_a4_and_letter(locale: str) -> None:
    pdf = (DOCS / f"joining-sheet-{locale}.pdf").read_bytes()

    pages = re.findall(rb"/Type\s*/Page\b(?!s)", pdf)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)

    assert len(pages) == len(boxes) == 1
    width, height = map(float, boxes[0])
    assert width <= 595.5, "wider than A4"
    assert height <= 792, "longer than Letter"


@pytest.mark.parametrize("locale", LOCALES)
def test_a_picture_of_a_sheet_is_sharp_and_small(locale: str) -> None:
    picture = (DOCS / f"joining-sheet-{locale}.png").read_bytes()

    width, height = struct.unpack(">II", picture[16:24])

    assert picture.startswith(b"\x89PNG\r\n")
    assert len(picture) < MOST_PICTURE_BYTES
    assert width >= 1500
    assert height / width == pytest.approx(279 / 210, abs=0.01)
