"""Messages kept up to date in place: how often, and what a refusal does."""

from datetime import timedelta
from time import monotonic

import pytest

from bot.domain.delivery import NoPermissionError, TryLaterError
from bot.scheduling.live_messages import FIRST_WAIT, GAP, SLOW_TICK, LiveMessages, Picture
from bot.scheduling.pacer import Pacer
from tests.fakes.clock import FakeClock


class FakePainter:
    """Shows what it is told to, or fails."""

    def __init__(self) -> None:
        self.wanted: str | None = "a"
        self.error: Exception | None = None
        self.shown: list[str] = []
        self.touch_while_showing: LiveMessages[str] | None = None

    async def paint(self, name: str) -> Picture[str] | None:
        return None if self.wanted is None else Picture(rendered=self.wanted, mark=self.wanted)

    async def show(self, name: str, rendered: str) -> None:
        if self.error is not None:
            raise self.error
        self.shown.append(rendered)
        if self.touch_while_showing is not None:
            self.wanted = "late"
            self.touch_while_showing.touch()
            self.touch_while_showing = None


@pytest.fixture
def painter() -> FakePainter:
    return FakePainter()


@pytest.fixture
def live(painter: FakePainter, clock: FakeClock) -> LiveMessages[str]:
    return LiveMessages(["team"], painter, clock, Pacer(monotonic))


async def test_many_changes_become_one_edit_and_the_last_one_shows(
    live: LiveMessages[str], painter: FakePainter, clock: FakeClock
) -> None:
    await live.draw()

    for wanted in "bcdef":
        painter.wanted = wanted
        live.touch()
        again = await live.draw()

    assert painter.shown == ["a"]
    assert again == clock() + GAP
    clock.now = again
    await live.draw()
    assert painter.shown == ["a", "f"]


async def test_a_change_during_an_edit_is_shown_too(
    live: LiveMessages[str], painter: FakePainter, clock: FakeClock
) -> None:
    painter.touch_while_showing = live

    clock.now = await live.draw()
    await live.draw()

    assert painter.shown == ["a", "late"]


async def test_what_is_the_same_is_looked_at_and_not_sent(
    live: LiveMessages[str], painter: FakePainter, clock: FakeClock
) -> None:
    again = await live.draw()

    assert again == clock() + SLOW_TICK
    clock.now = again
    await live.draw()
    assert painter.shown == ["a"]


async def test_a_lost_message_is_sent_though_nothing_changed(
    live: LiveMessages[str], painter: FakePainter, clock: FakeClock
) -> None:
    await live.draw()

    live.lost()
    clock.now = await live.draw()
    await live.draw()

    assert painter.shown == ["a", "a"]


@pytest.mark.parametrize("error", [TryLaterError("503"), NoPermissionError("50013")])
async def test_a_refusal_is_tried_again_ever_more_seldom(
    live: LiveMessages[str], painter: FakePainter, clock: FakeClock, error: Exception
) -> None:
    painter.error = error

    first = await live.draw() - clock()
    clock.now += first
    second = await live.draw() - clock()
    clock.now += second
    painter.error = None
    await live.draw()

    assert (first, second) == (FIRST_WAIT, 2 * FIRST_WAIT)
    assert painter.shown == ["a"]


async def test_it_waits_as_long_as_discord_asks(
    live: LiveMessages[str], painter: FakePainter, clock: FakeClock
) -> None:
    painter.error = TryLaterError("429", after=timedelta(minutes=20), is_limited=True)

    assert await live.draw() == clock() + timedelta(minutes=20)


async def test_a_surprise_does_not_end_it(
    live: LiveMessages[str],
    painter: FakePainter,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    painter.error = RuntimeError("surprise")

    clock.now = await live.draw()
    painter.error = None
    await live.draw()

    assert painter.shown == ["a"]
    assert "surprise" in caplog.text


async def test_without_a_place_it_waits_for_one(
    live: LiveMessages[str], painter: FakePainter, clock: FakeClock
) -> None:
    painter.wanted = None
    await live.draw()
    painter.wanted = "a"
    live.touch()
    await live.draw()

    assert painter.shown == ["a"]
