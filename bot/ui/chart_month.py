"""Drawing a month with matplotlib, in the look of the other pictures; only ever in a thread."""

import io
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from bot.ui.chart import Month
from bot.ui.chart_drawing import (
    DPI,
    EDGE,
    FONT,
    GOAL,
    GROUND,
    INK,
    LEGEND_HEIGHT,
    SMALL,
    TITLE_HEIGHT,
    WIDTH,
)
from bot.ui.chart_text import drawable, fitted

WEEK_HEIGHT = 0.46
MARK = 21.0
"""The size of a marked day's disc, in points: its number stands in it, light on dark."""


def paint_month(month: Month) -> bytes:
    """Draw a month as PNG."""
    rows = len(month.weeks) + 1
    whole = TITLE_HEIGHT + WEEK_HEIGHT * rows + LEGEND_HEIGHT + 2 * EDGE
    figure = Figure(figsize=(WIDTH, whole), dpi=DPI, facecolor=GROUND)
    FigureCanvasAgg(figure)
    bottom = (LEGEND_HEIGHT + EDGE) / whole
    height = WEEK_HEIGHT * rows / whole
    panel = figure.add_axes((EDGE / WIDTH, bottom, 1 - 2 * EDGE / WIDTH, height))
    panel.set_facecolor(GROUND)
    panel.set_axis_off()
    panel.set_xlim(-0.5, len(month.weekdays) - 0.5)
    panel.set_ylim(-len(month.weeks) - 0.5, 0.5)
    figure.text(
        2 * EDGE / WIDTH,
        1 - EDGE / whole,
        _fitting(month.title, WIDTH - 4 * EDGE),
        fontsize=11,
        fontfamily=FONT,
        fontweight="bold",
        color=INK,
        va="top",
        parse_math=False,
    )
    for column, name in enumerate(month.weekdays):
        _write(panel, column, 0, _fitting(name, 0.9), colour=INK)
    for row, week in enumerate(month.weeks, start=1):
        for column, day in enumerate(week):
            if day is not None:
                _day(panel, column, row, day, is_marked=day in month.marked)
    _legend(figure, month)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", facecolor=GROUND)
    figure.clear()
    return picture.getvalue()


def _day(panel: Any, column: int, row: int, day: int, *, is_marked: bool) -> None:
    if is_marked:
        panel.plot([column], [-row], marker="o", markersize=MARK, color=GOAL, clip_on=False)
    _write(panel, column, row, str(day), colour=GROUND if is_marked else INK, bold=is_marked)


def _write(
    panel: Any, column: int, row: int, text: str, *, colour: str, bold: bool = False
) -> None:
    panel.text(
        column,
        -row,
        text,
        fontsize=SMALL,
        fontfamily=FONT,
        fontweight="bold" if bold else "normal",
        color=colour,
        ha="center",
        va="center_baseline",
        parse_math=False,
    )


def _legend(figure: Any, month: Month) -> None:
    mark = Line2D(
        [],
        [],
        color=GOAL,
        marker="o",
        markersize=8,
        linestyle="none",
        label=_fitting(month.mark_label, WIDTH - 1),
    )
    figure.legend(
        handles=[mark],
        loc="lower right",
        fontsize=9,
        frameon=False,
        labelcolor=INK,
        borderaxespad=0.6,
    )


def _fitting(text: str, width: float) -> str:
    return fitted(drawable(text, "?"), width, SMALL)
