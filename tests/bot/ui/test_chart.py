"""Pictures: what they hold, what they cannot, and the one queue they are drawn in."""

import asyncio
import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from matplotlib.image import imread

from bot.domain.progress import Mark
from bot.ui.chart import MOST_KEPT, Chart, Easel, Line, Row, draw
from bot.ui.chart_drawing import _leaps, paint
from bot.ui.chart_text import drawable, fitted
from tests.fakes.clock import FakeClock

TODAY = date(2026, 3, 20)
SCALE = ((0.0, "Very bad"), (0.5, "OK"), (1.0, "Very good"))
NAMES = (
    "Call my sister and ask how her week was, then tell her about the evening and what I learned",
    "W" * 200,
    "🏃 Run 🏃‍♀️ with Ana 🎉",
    "🎨🎸",
    "אני רוצה ללכת לטיול",
    "أريد أن أمشي كل يوم",
    "每天散步",
    "Save $5 and $10 a day",
    "\u202eevil\u0000\ud83d",
    "",
)


def chart(
    shares: Sequence[float | None],
    *,
    names: Sequence[str] = (),
    not_asked: frozenset[int] = frozenset(),
    away: frozenset[int] = frozenset(),
) -> Chart:
    """Three scales with the same answers, and goals marked on every second day."""
    days = [TODAY - timedelta(days=len(shares) - 1 - place) for place in range(len(shares))]
    marks = [list(Mark)[place % 3] if place % 2 else None for place in range(len(days))]
    return Chart(
        days=days,
        day_labels=[day.strftime("%d/%m") for day in days],
        lines=[Line(name=name, shares=shares, scale=SCALE) for name in ("Mood", "Urge", "Support")],
        late=frozenset(days[:1]),
        away=frozenset(days[place] for place in away),
        not_asked=frozenset(days[place] for place in not_asked),
        away_label="Away",
        late_label="Answered late",
        rows=[
            Row(number=number, name=name, stand_in=f"Goal {number}", marks=marks)
            for number, name in enumerate(names, start=1)
        ],
        rows_name="Goals",
        mark_labels=[(mark, mark.value) for mark in Mark],
    )


def pixels(png: bytes) -> Any:
    return imread(io.BytesIO(png))


@pytest.mark.parametrize(
    "shares",
    [
        [None] * 6 + [0.5],
        [0.5] + [None] * 6,
        [0.25, None, 1.0, None, None, 0.0, 0.5],
        [place % 5 / 4 for place in range(90)],
        [0.5] * 30,
        [0.0] * 7,
        [1.0] * 90,
        [None] * 30,
    ],
    ids=["last", "first", "few", "ninety", "equal", "lowest", "highest", "none"],
)
def test_any_days_can_be_drawn(shares: Sequence[float | None]) -> None:
    # Warnings are errors here: a letter without a picture or a layout that failed would show.
    height, width, _ = pixels(paint(chart(shares, names=["Read"]))).shape

    assert width == 910
    assert 500 < height < 1500


def test_any_goal_name_can_be_drawn_and_keeps_the_width() -> None:
    plain = pixels(paint(chart([0.5] * 7, names=["Read"] * len(NAMES))))
    odd = pixels(paint(chart([0.5] * 7, names=NAMES)))

    assert odd.shape == plain.shape
    # The longest names end before the edge: its last columns are bare ground.
    assert (odd[:, -6:, :3] > 0.98).all()


def test_goals_alone_are_a_picture_too() -> None:
    some = chart([None] * 7, names=["Read", "Walk"])
    bare = Chart(
        **{name: getattr(some, name) for name in some.__dataclass_fields__} | {"lines": ()}
    )

    assert pixels(paint(bare)).shape[0] < pixels(paint(some)).shape[0]


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Read a book", "Read a book"),
        ("🏃 Run 🏃‍♀️ with Ana 🎉", "Run with Ana"),
        ("🎨🎸", "Goal 3"),
        ("每天散步", "Goal 3"),
        ("Walk 每天", "Goal 3"),
        ("two\nlines", "two lines"),
        ("\u202eevil", "evil"),
        ("   ", "Goal 3"),
        ("Ánimo, mañana", "Ánimo, mañana"),
        ("e\u0301", "é"),
    ],
)
def test_what_the_font_cannot_draw_is_left_out_or_stood_in_for(name: str, drawn: str) -> None:
    assert drawable(name, "Goal 3") == drawn


def test_a_text_is_cut_to_the_room_there_is() -> None:
    assert fitted("Read", 5.0, 9.5) == "Read"
    assert fitted("Read " * 50, 1.0, 9.5).endswith("…")
    assert len(fitted("W" * 99, 1.0, 9.5)) < len(fitted("i" * 99, 1.0, 9.5))


def test_a_day_without_an_answer_is_a_gap_and_one_not_asked_is_led_over() -> None:
    shares = [0.5, None, 0.5, None, None, 0.5, 0.75]

    asked = chart(shares)
    paused = chart(shares, not_asked=frozenset({3, 4}))

    assert _leaps(asked, asked.lines[0]) == []
    assert _leaps(paused, paused.lines[0]) == [(2, 5)]


class Brush:
    """Draws when it is let, and notes what."""

    def __init__(self) -> None:
        self.drawn: list[str] = []
        self.most_at_once = 0
        self.at_once = 0
        self.may_go = asyncio.Event()
        self.may_go.set()

    async def __call__(self, chart: Chart) -> bytes:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.may_go.wait()
        self.at_once -= 1
        self.drawn.append(chart.away_label)
        return f"picture {len(self.drawn)}".encode()


def labelled(label: str) -> Chart:
    some = chart([0.5] * 7)
    return Chart(
        **{name: getattr(some, name) for name in some.__dataclass_fields__} | {"away_label": label}
    )


async def test_fifty_at_once_are_drawn_one_by_one_in_the_order_they_came(clock: FakeClock) -> None:
    brush = Brush()
    brush.may_go.clear()
    easel = Easel(clock, brush)
    asked = [
        asyncio.create_task(easel.of(f"person {number}")(labelled(str(number))))
        for number in range(50)
    ]
    await asyncio.sleep(0)
    assert easel.is_busy

    brush.may_go.set()
    await asyncio.gather(*asked)

    assert brush.drawn == [str(number) for number in range(50)]
    assert brush.most_at_once == 1
    assert not easel.is_busy


async def test_the_same_picture_asked_for_twice_at_once_is_drawn_once(clock: FakeClock) -> None:
    brush = Brush()
    easel = Easel(clock, brush)

    first, second = await asyncio.gather(*(easel.of("ana")(labelled("same")) for _ in range(2)))

    assert first == second
    assert brush.drawn == ["same"]


async def test_a_picture_lasts_a_minute_and_is_shown_to_nobody_else(clock: FakeClock) -> None:
    brush = Brush()
    easel = Easel(clock, brush)
    first = await easel.of("ana")(labelled("same"))

    assert await easel.of("ben")(labelled("same")) != first
    assert await easel.of("ana")(labelled("other")) != first
    clock.advance(timedelta(seconds=59))
    assert await easel.of("ana")(labelled("same")) == first
    clock.advance(timedelta(seconds=1))
    assert await easel.of("ana")(labelled("same")) != first


async def test_no_more_pictures_are_kept_than_fit(clock: FakeClock) -> None:
    brush = Brush()
    easel = Easel(clock, brush)
    for number in range(MOST_KEPT + 1):
        await easel.of("ana")(labelled(str(number)))

    await easel.of("ana")(labelled("0"))
    await easel.of("ana")(labelled(str(MOST_KEPT)))

    assert brush.drawn[MOST_KEPT + 1 :] == ["0"]


async def test_one_that_fails_or_goes_away_holds_up_nobody(clock: FakeClock) -> None:
    class Broken(Brush):
        async def __call__(self, chart: Chart) -> bytes:
            if chart.away_label == "broken":
                raise ValueError("cannot be drawn")
            return await super().__call__(chart)

    brush = Broken()
    brush.may_go.clear()
    easel = Easel(clock, brush)
    gone = asyncio.create_task(easel.of("ana")(labelled("gone")))
    broken = asyncio.create_task(easel.of("ben")(labelled("broken")))
    last = asyncio.create_task(easel.of("eva")(labelled("last")))
    await asyncio.sleep(0)

    gone.cancel()
    brush.may_go.set()
    results = await asyncio.gather(gone, broken, last, return_exceptions=True)

    assert isinstance(results[0], asyncio.CancelledError)
    assert isinstance(results[1], ValueError)
    assert brush.drawn == ["last"]


async def test_the_loop_turns_while_a_picture_is_drawn() -> None:
    turns = 0
    drawing = asyncio.create_task(draw(chart([place % 5 / 4 for place in range(90)], names=NAMES)))
    while not drawing.done():
        turns += 1
        await asyncio.sleep(0)

    assert (await drawing).startswith(b"\x89PNG")
    assert turns > 10
