"""Drawing with matplotlib: imported at first use, and only ever called in a thread."""

import gc
import io
import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from bot.domain.progress import Mark
from bot.ui.chart import Chart, Line, Row
from bot.ui.chart_text import drawable, fitted, width_of

FONT = "DejaVu Sans"
WIDTH = 7.0
PANEL_HEIGHT = 1.2
ROW_HEIGHT = 0.52
TITLE_HEIGHT = 0.36
DAYS_HEIGHT = 0.34
LEGEND_HEIGHT = 0.3
EDGE = 0.1
RIGHT = 0.3
LABEL_WIDTH = 1.6
DPI = 130
SMALL = 9.5
"""Inches and points."""

# Dark ink on an opaque, nearly white ground reads the same in Discord's dark and light theme.
GROUND = "#FCFCFA"
INK = "#22262B"
FAINT = "#D9DBDD"
AWAY = "#E9E6DF"
AWAY_EDGE = "#BDB8AC"

# Okabe and Ito's palette, told apart by every kind of colour vision; each line has its own mark
# and its own panel too.
STYLES = (
    ("#0072B2", "o"),
    ("#D55E00", "s"),
    ("#009E73", "^"),
    ("#8C4A7D", "D"),
    ("#6B6100", "v"),
)
GOAL = "#5B4B8A"
MOST_TICKS = 8
MOST_ROOMY = 31
"""More days than this get smaller marks."""

# Figures are full of cycles and bring about full collections, in which the loop stands still.
# What matplotlib and we imported stays for good: not looked through, that is 20 ms instead of 160.
gc.freeze()


def paint(chart: Chart) -> bytes:
    """Draw a chart as PNG."""
    labels = [_scale_labels(line) for line in chart.lines]
    widest = max((width_of(label, SMALL) for line in labels for label in line), default=0.0)
    heights = [PANEL_HEIGHT] * len(chart.lines)
    if chart.rows:
        heights.append(ROW_HEIGHT * len(chart.rows))
    shown = _legend(chart)
    bottom = DAYS_HEIGHT + (LEGEND_HEIGHT if shown else 0)
    whole = bottom + sum(heights) + TITLE_HEIGHT * len(heights) + EDGE
    figure = Figure(figsize=(WIDTH, whole), dpi=DPI, facecolor=GROUND)
    FigureCanvasAgg(figure)
    # Every place is known beforehand: matplotlib's own layout would draw everything twice.
    left = EDGE + (widest + EDGE if widest else 0)
    panels = _panels(figure, heights, left, whole)
    for place, line in enumerate(chart.lines):
        colour, mark = STYLES[place % len(STYLES)]
        _panel(panels[place], chart, line, colour, mark)
        _scale(panels[place], line, labels[place])
    if chart.rows:
        _goals(panels[-1], chart, WIDTH - left - RIGHT)
    for panel in panels:
        _days(panel, chart, is_last=panel is panels[-1])
    if shown:
        figure.legend(
            handles=shown,
            loc="lower right",
            ncols=len(shown),
            fontsize=9,
            frameon=False,
            labelcolor=INK,
            borderaxespad=0.6,
        )
    picture = io.BytesIO()
    figure.savefig(picture, format="png", facecolor=GROUND)
    # A figure is full of cycles: taken apart, it goes at once instead of in one long collection.
    figure.clear()
    return picture.getvalue()


def _panels(figure: Any, heights: Sequence[float], left: float, whole: float) -> list[Any]:
    panels: list[Any] = []
    top = whole - EDGE
    for height in heights:
        top -= TITLE_HEIGHT + height
        room = (left / WIDTH, top / whole, (WIDTH - left - RIGHT) / WIDTH, height / whole)
        panels.append(figure.add_axes(room))
    return panels


def _panel(panel: Any, chart: Chart, line: Line, colour: str, mark: str) -> None:
    _ground(panel, chart, line.name)
    is_dense = len(chart.days) > MOST_ROOMY
    width = 1.3 if is_dense else 2
    panel.plot(
        range(len(chart.days)),
        [math.nan if share is None else share for share in line.shares],
        color=colour,
        linewidth=width,
        zorder=2,
    )
    for first, last in _leaps(chart, line):
        ends = [line.shares[first], line.shares[last]]
        panel.plot(
            [first, last], ends, color=colour, linewidth=width * 0.6, linestyle=":", zorder=2
        )
    for is_late in (False, True):
        marks = [
            (place, share)
            for place, share in enumerate(line.shares)
            if share is not None and (chart.days[place] in chart.late) is is_late
        ]
        if not marks:
            # An artist without a place would confuse the layout.
            continue
        panel.plot(
            [place for place, _ in marks],
            [share for _, share in marks],
            marker=mark,
            markersize=4 if is_dense else 7,
            markerfacecolor=GROUND if is_late else colour,
            markeredgecolor=colour,
            markeredgewidth=1.6,
            linestyle="none",
            zorder=3,
            clip_on=False,
        )
    panel.set_ylim(-0.14, 1.14)


def _scale_labels(line: Line) -> Sequence[str]:
    return [fitted(drawable(label, "?"), LABEL_WIDTH, SMALL) for _, label in line.scale]


def _scale(panel: Any, line: Line, labels: Sequence[str]) -> None:
    panel.set_yticks([share for share, _ in line.scale], labels)
    panel.grid(axis="y", color=FAINT, linewidth=0.8, zorder=1)
    _plain_text(panel.get_yticklabels())


def _goals(panel: Any, chart: Chart, room: float) -> None:
    _ground(panel, chart, chart.rows_name)
    for place, row in enumerate(chart.rows):
        _goal(panel, row, -place, room, is_dense=len(chart.days) > MOST_ROOMY)
    panel.set_ylim(-len(chart.rows) + 0.55, 0.75)
    panel.set_yticks([])


def _goal(panel: Any, row: Row, height: float, room: float, *, is_dense: bool) -> None:
    clean = drawable(row.name)
    name = fitted(f"{row.number}. {clean}" if clean else row.stand_in, room, SMALL)
    panel.text(
        0.0,
        height + 0.27,
        name,
        transform=panel.get_yaxis_transform(),
        fontsize=SMALL,
        fontfamily=FONT,
        color=INK,
        va="bottom",
        parse_math=False,
    )
    panel.axhline(height, color=FAINT, linewidth=0.8, zorder=1)
    for mark in Mark:
        places = [place for place, mine in enumerate(row.marks) if mine is mark]
        if places:
            style = _mark(mark, is_dense=is_dense)
            panel.plot(places, [height] * len(places), zorder=3, clip_on=False, **style)


def _mark(mark: Mark, *, is_dense: bool) -> dict[str, Any]:
    """Tell marks apart by how full they are: whole, half, and a small ring."""
    size = 4.0 if is_dense else 8.0
    style: dict[str, Any] = {
        "marker": "o",
        "markersize": size,
        "color": GOAL,
        "markeredgecolor": GOAL,
        "markerfacecoloralt": GROUND,
        "markeredgewidth": 1.3,
        "linestyle": "none",
    }
    match mark:
        case Mark.DONE:
            return style
        case Mark.PARTLY:
            return style | {"fillstyle": "bottom"}
        case Mark.NOT_TODAY:
            return style | {"markerfacecolor": GROUND, "markersize": size * 0.6}


def _ground(panel: Any, chart: Chart, name: str) -> None:
    panel.set_facecolor(GROUND)
    title = panel.set_title(
        name, loc="left", fontsize=11, fontfamily=FONT, color=INK, fontweight="bold", pad=4
    )
    title.set_parse_math(False)
    for first, last in _spans(chart):
        panel.axvspan(
            first - 0.5, last + 0.5, facecolor=AWAY, edgecolor=AWAY_EDGE, linewidth=0, zorder=0
        )
    panel.tick_params(axis="both", length=0, labelsize=SMALL, labelcolor=INK)
    for side in ("top", "right", "left"):
        panel.spines[side].set_visible(False)
    panel.spines["bottom"].set_color(FAINT)


def _days(panel: Any, chart: Chart, *, is_last: bool) -> None:
    count = len(chart.days)
    panel.set_xlim(-0.6, count - 0.4)
    if not is_last:
        panel.set_xticks([])
        return
    step = -(-count // MOST_TICKS)
    # Counted from today backwards, so that the last day always has its label.
    places = list(range(count - 1, -1, -step))[::-1]
    panel.set_xticks(places, [chart.day_labels[place] for place in places])
    _plain_text(panel.get_xticklabels())


def _legend(chart: Chart) -> list[Any]:
    shown: list[Any] = []
    if chart.rows:
        used = {mark for row in chart.rows for mark in row.marks}
        shown += [
            Line2D([], [], label=label, **_mark(mark, is_dense=False))
            for mark, label in chart.mark_labels
            if mark in used
        ]
    if chart.away:
        shown.append(Patch(facecolor=AWAY, edgecolor=AWAY_EDGE, label=chart.away_label))
    if chart.late:
        shown.append(
            Line2D(
                [],
                [],
                color=INK,
                marker="o",
                markerfacecolor=GROUND,
                markeredgewidth=1.6,
                linestyle="none",
                label=chart.late_label,
            )
        )
    return shown


def _plain_text(labels: Sequence[Any]) -> None:
    # A clinician's own wording may hold dollar signs: it is text, not mathematics.
    for label in labels:
        label.set_parse_math(False)
        label.set_fontfamily(FONT)


def _leaps(chart: Chart, line: Line) -> list[tuple[int, int]]:
    """Find the answers next to one another with only days between that were not asked."""
    leaps: list[tuple[int, int]] = []
    last: int | None = None
    for place, share in enumerate(line.shares):
        if share is not None:
            if last is not None and place - last > 1:
                leaps.append((last, place))
            last = place
        elif chart.days[place] not in chart.not_asked:
            last = None
    return leaps


def _spans(chart: Chart) -> list[tuple[int, int]]:
    """Gather the days away into ranges of places."""
    spans: list[tuple[int, int]] = []
    for place, day in enumerate(chart.days):
        if day not in chart.away:
            continue
        if spans and spans[-1][1] == place - 1 and chart.days[place - 1] == day - timedelta(days=1):
            spans[-1] = (spans[-1][0], place)
        else:
            spans.append((place, place))
    return spans
