"""Drawing: a person's days as lines. matplotlib is imported at first use and runs in a thread."""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

WIDTH = 7.0
PANEL_HEIGHT = 1.55
MARGIN_HEIGHT = 0.75
DPI = 130

# Dark ink on an opaque, nearly white ground reads the same in Discord's dark and light theme.
GROUND = "#FCFCFA"
INK = "#22262B"
FAINT = "#D9DBDD"
AWAY = "#E9E6DF"

# Okabe and Ito's palette, told apart by every kind of colour vision; each line has its own mark
# and its own panel too.
STYLES = (
    ("#0072B2", "o"),
    ("#D55E00", "s"),
    ("#009E73", "^"),
    ("#8C4A7D", "D"),
    ("#6B6100", "v"),
)
MOST_TICKS = 8
MOST_ROOMY = 31
"""More days than this get smaller marks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What one panel shows.

    Attributes:
        shares: A share between 0 and 1 for each day, or nothing: the line has a gap there.
        scale: The scale's labels by share, the lowest first.
    """

    name: str
    shares: Sequence[float | None]
    scale: Sequence[tuple[float, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """A picture of some days.

    Attributes:
        late: The days answered late, drawn as hollow marks.
        away: The days away, shaded.
        not_asked: The days without a check-in that were not asked either: a line goes on over them.
        day_labels: A short text for each day, of which some are shown.
    """

    days: Sequence[date]
    day_labels: Sequence[str]
    lines: Sequence[Line]
    late: frozenset[date]
    away: frozenset[date]
    not_asked: frozenset[date]
    away_label: str
    late_label: str


async def draw(chart: Chart) -> bytes:
    """Draw a chart as PNG, without holding up the loop."""
    return await asyncio.to_thread(_draw, chart)


def _draw(chart: Chart) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - 75 MB, at first use
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above
    from matplotlib.layout_engine import ConstrainedLayoutEngine  # noqa: PLC0415 - as above

    height = MARGIN_HEIGHT + PANEL_HEIGHT * len(chart.lines)
    figure = Figure(
        figsize=(WIDTH, height),
        dpi=DPI,
        facecolor=GROUND,
        layout=ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.07),
    )
    FigureCanvasAgg(figure)
    panels = figure.subplots(len(chart.lines), 1, sharex=True, squeeze=False)[:, 0]
    for place, (panel, line) in enumerate(zip(panels, chart.lines, strict=True)):
        colour, mark = STYLES[place % len(STYLES)]
        _panel(panel, chart, line, colour, mark)
    _days(panels[-1], chart)
    _legend(figure, chart)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", facecolor=GROUND)
    return picture.getvalue()


def _panel(panel: Any, chart: Chart, line: Line, colour: str, mark: str) -> None:
    panel.set_facecolor(GROUND)
    panel.set_title(line.name, loc="left", fontsize=11, color=INK, fontweight="bold", pad=4)
    for first, last in _spans(chart):
        panel.axvspan(first - 0.5, last + 0.5, color=AWAY, linewidth=0, zorder=0)
    is_dense = len(chart.days) > MOST_ROOMY
    places = [place for place, day in enumerate(chart.days) if day not in chart.not_asked]
    values = [_or_gap(line.shares[place]) for place in places]
    panel.plot(places, values, color=colour, linewidth=1.3 if is_dense else 2, zorder=2)
    for place, share in enumerate(line.shares):
        if share is not None:
            hollow = chart.days[place] in chart.late
            panel.plot(
                [place],
                [share],
                marker=mark,
                markersize=4 if is_dense else 7,
                markerfacecolor=GROUND if hollow else colour,
                markeredgecolor=colour,
                markeredgewidth=1.6,
                linestyle="none",
                zorder=3,
                clip_on=False,
            )
    panel.set_ylim(-0.14, 1.14)
    panel.set_yticks([share for share, _ in line.scale], [label for _, label in line.scale])
    panel.grid(axis="y", color=FAINT, linewidth=0.8, zorder=1)
    panel.tick_params(axis="both", length=0, labelsize=9.5, labelcolor=INK)
    for side in ("top", "right", "left"):
        panel.spines[side].set_visible(False)
    panel.spines["bottom"].set_color(FAINT)


def _days(panel: Any, chart: Chart) -> None:
    count = len(chart.days)
    step = -(-count // MOST_TICKS)
    # Counted from today backwards, so that the last day always has its label.
    places = list(range(count - 1, -1, -step))[::-1]
    panel.set_xlim(-0.6, count - 0.4)
    panel.set_xticks(places, [chart.day_labels[place] for place in places])


def _legend(figure: Any, chart: Chart) -> None:
    from matplotlib.lines import Line2D  # noqa: PLC0415 - loaded with the figure
    from matplotlib.patches import Patch  # noqa: PLC0415 - as above

    shown: list[Any] = []
    if chart.away:
        shown.append(Patch(facecolor=AWAY, edgecolor="#BDB8AC", label=chart.away_label))
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
    if shown:
        figure.legend(
            handles=shown,
            loc="outside lower right",
            ncols=len(shown),
            fontsize=9,
            frameon=False,
            labelcolor=INK,
        )


def _or_gap(share: float | None) -> float:
    return float("nan") if share is None else share


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
