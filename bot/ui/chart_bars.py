"""Drawing bars with matplotlib, in the look of the other pictures; only ever in a thread."""

import io
from collections.abc import Sequence
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.ui.chart import Bar, Bars
from bot.ui.chart_drawing import (
    AWAY,
    AWAY_EDGE,
    DPI,
    EDGE,
    FONT,
    GROUND,
    INK,
    SMALL,
    STYLES,
    TITLE_HEIGHT,
    WIDTH,
)
from bot.ui.chart_text import drawable, fitted, width_of

BAR_HEIGHT = 0.3
LABEL_WIDTH = 2.6
TEXT_WIDTH = 1.5
"""Inches."""

FRAME = 0.12
"""How long the frame of what is not told is, as a share of the longest bar: it says nothing."""


def paint_bars(bars: Bars) -> bytes:
    """Draw bars as PNG."""
    heights = [BAR_HEIGHT * len(group) for _, group in bars.groups]
    whole = sum(heights) + TITLE_HEIGHT * len(heights) + 2 * EDGE
    figure = Figure(figsize=(WIDTH, whole), dpi=DPI, facecolor=GROUND)
    FigureCanvasAgg(figure)
    labels = [[_fitting(bar.label, LABEL_WIDTH) for bar in group] for _, group in bars.groups]
    widest = max((width_of(label, SMALL) for group in labels for label in group), default=0.0)
    left, right = widest + 2 * EDGE, TEXT_WIDTH
    top = whole - EDGE
    for place, (name, group) in enumerate(bars.groups):
        top -= TITLE_HEIGHT + heights[place]
        room = (
            left / WIDTH,
            top / whole,
            (WIDTH - left - right) / WIDTH,
            heights[place] / whole,
        )
        panel = figure.add_axes(room)
        _panel(panel, name, group, labels[place], STYLES[place % len(STYLES)][0])
    picture = io.BytesIO()
    figure.savefig(picture, format="png", facecolor=GROUND)
    figure.clear()
    return picture.getvalue()


def _panel(panel: Any, name: str, group: Sequence[Bar], labels: Sequence[str], colour: str) -> None:
    longest = max((bar.value for bar in group if bar.value is not None), default=0) or 1
    panel.set_facecolor(GROUND)
    title = panel.set_title(
        name, loc="left", fontsize=11, fontfamily=FONT, color=INK, fontweight="bold", pad=4
    )
    title.set_parse_math(False)
    for place, bar in enumerate(group):
        length = longest * FRAME if bar.value is None else bar.value
        look = (
            {"facecolor": AWAY, "edgecolor": AWAY_EDGE, "linestyle": "--"}
            if bar.value is None
            else {"facecolor": colour, "edgecolor": colour}
        )
        panel.barh(-place, length, height=0.55, linewidth=1, **look)
        panel.text(
            length + longest * 0.02,
            -place,
            _fitting(bar.text, TEXT_WIDTH),
            fontsize=SMALL,
            fontfamily=FONT,
            color=INK,
            va="center",
            parse_math=False,
        )
    panel.set_xlim(0, longest)
    panel.set_ylim(-len(group) + 0.45, 0.55)
    panel.set_xticks([])
    panel.set_yticks([-place for place in range(len(group))], labels)
    panel.tick_params(axis="both", length=0, labelsize=SMALL, labelcolor=INK)
    for label in panel.get_yticklabels():
        label.set_parse_math(False)
        label.set_fontfamily(FONT)
    for side in panel.spines.values():
        side.set_visible(False)


def _fitting(text: str, width: float) -> str:
    return fitted(drawable(text, "?"), width, SMALL)
