"""Drawing a card to pass on with matplotlib, in the look of the other pictures; in a thread."""

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from bot.ui.chart import Poster
from bot.ui.chart_drawing import DPI, FONT, GROUND, INK, STYLES, WIDTH
from bot.ui.chart_text import drawable, width_of

MARGIN = 0.45
PICTURE = 1.1
PICTURE_WIDTH = 1.9
TITLE, BODY, FOOT = 20.0, 12.5, 10.5
"""Points."""

LEADING = 1.5
GAP = 0.14
POINTS_PER_INCH = 72


def paint_poster(poster: Poster) -> bytes:
    """Draw a card as PNG: two circles that meet, a title, paragraphs and a foot."""
    room = WIDTH - 2 * MARGIN
    blocks = [
        (wrapped(poster.title, room - PICTURE_WIDTH, TITLE), TITLE, "bold"),
        *((wrapped(line, room, BODY), BODY, "normal") for line in poster.lines),
        (wrapped(poster.foot, room, FOOT), FOOT, "normal"),
    ]
    heights = [
        max(len(lines) * _step(size), PICTURE * (not place))
        for place, (lines, size, _) in enumerate(blocks)
    ]
    whole = sum(heights) + GAP * len(heights) + 2 * MARGIN
    figure = Figure(figsize=(WIDTH, whole), dpi=DPI, facecolor=GROUND)
    FigureCanvasAgg(figure)
    sheet = figure.add_axes((0, 0, 1, 1))
    sheet.set_xlim(0, WIDTH)
    sheet.set_ylim(0, whole)
    sheet.set_axis_off()
    middle = whole - MARGIN - PICTURE / 2
    for place, colour in ((-0.3, STYLES[0][0]), (0.3, STYLES[1][0])):
        centre = (WIDTH - MARGIN - PICTURE_WIDTH / 2 + place, middle)
        sheet.add_patch(Circle(centre, 0.5, facecolor=colour, alpha=0.55, linewidth=0))
    top = whole - MARGIN
    for (lines, size, weight), height in zip(blocks, heights, strict=True):
        # The title stands at half the height of the picture.
        first = top - (height - len(lines) * _step(size)) / 2
        for number, line in enumerate(lines):
            sheet.text(
                MARGIN,
                first - (number + 1) * _step(size) + _step(size) * 0.3,
                line,
                fontsize=size,
                fontfamily=FONT,
                fontweight=weight,
                color=INK,
                parse_math=False,
            )
        top -= height + GAP
    picture = io.BytesIO()
    figure.savefig(picture, format="png", facecolor=GROUND)
    figure.clear()
    return picture.getvalue()


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines of a width in inches."""
    lines: list[str] = []
    for word in drawable(text).split():
        longer = f"{lines[-1]} {word}" if lines else word
        # Bold letters are wider than what is measured.
        if lines and width_of(longer, size) * 1.12 <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _step(size: float) -> float:
    return size * LEADING / POINTS_PER_INCH
