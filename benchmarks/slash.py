"""Round trips of commands, beside bare discord.py making the same calls and one insert."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

from discord.utils import utcnow

from benchmarks.figures import Figure, middle, milliseconds, quantile
from benchmarks.processes import Discord, Town, bare_bot, discord, furnish, interlude
from bot.services.checkin_prompts import PROMPT
from tests.wire import fill
from tests.wire.bots import BotProcess

ROUNDS = 16
WARM_UP = 50
COUNT = 50
PEOPLE = WARM_UP + ROUNDS * COUNT
RATIO_LIMIT = 1.4
CRISIS_LIMIT = 0.05
ANSWERS = {"mood": "good", "urge": "none", "support": "some"}
BARE_ANSWERS = {"mood": "3", "urge": "0", "support": "2"}

Side: TypeAlias = tuple[Discord, Town, BotProcess]
Play: TypeAlias = Callable[[int, int], Awaitable[list[float]]]


@dataclass(slots=True)
class Rounds:
    """What one bot is asked to do, how long each took, and the processor time of all."""

    bot: BotProcess
    play: Play
    taken: list[list[float]] = field(default_factory=list)
    cpu: float = 0.0

    async def turn(self, begin: int, count: int) -> None:
        """Play one round."""
        before = self.bot.cpu_seconds()
        self.taken.append(await self.play(begin, count))
        self.cpu += self.bot.cpu_seconds() - before

    @property
    def every(self) -> list[float]:
        """The seconds of every round trip."""
        return [one for taken in self.taken for one in taken]

    @property
    def calm(self) -> float:
        """The median of the round that was disturbed least by the rest of the machine."""
        return min(middle(taken) for taken in self.taken)


async def measure(directory: Path) -> list[Figure]:
    """Use a command that keeps something: one transaction, a card."""
    first = utcnow().date() + timedelta(days=2)
    days = {"start": first.isoformat(), "end": (first + timedelta(days=2)).isoformat()}
    async with _both(directory) as (bare_side, own_side):
        bare, own = _uses(bare_side, "keep", days), _uses(own_side, "away", days)
        await _in_turns(bare, own)
    return [
        Figure(
            row="slash",
            what="/away round trip, against bare with the same calls and one FULL insert",
            target=f"at most {RATIO_LIMIT} x",
            measured=_compared(bare, own),
            passed=own.calm <= RATIO_LIMIT * bare.calm,
            values=_values(bare, own),
        )
    ]


async def measure_answer(directory: Path) -> list[Figure]:
    """Answer a check-in: a command, its form, all that is looked up and kept, a card."""
    async with _both(directory) as (bare_side, own_side):
        bare = _forms(bare_side, "sheet", BARE_ANSWERS)
        own = _forms(own_side, "checkin now", ANSWERS)
        await _in_turns(bare, own)
    return [
        Figure(
            row="answer",
            what="/checkin now and its form, two round trips, against bare with the same two "
            "calls and one FULL insert",
            target="none set",
            measured=_compared(bare, own),
            passed=None,
            values=_values(bare, own),
        )
    ]


async def measure_crisis(directory: Path) -> list[Figure]:
    """Time `/crisis` from Discord's side: the time on the wire is counted as ours."""
    async with _both(directory) as (bare_side, own_side):
        bare, own = _uses(bare_side, "show"), _uses(own_side, "crisis")
        await _in_turns(bare, own)
    slowest = quantile(own.every, 0.99)
    return [
        Figure(
            row="crisis",
            what="/crisis, first card, p99 with the time on the wire",
            target=f"under {milliseconds(CRISIS_LIMIT)}",
            measured=f"{milliseconds(slowest)} (median {milliseconds(own.calm)}, "
            f"a bare card {milliseconds(bare.calm)})",
            passed=slowest < CRISIS_LIMIT,
            values=_values(bare, own),
        )
    ]


@contextlib.asynccontextmanager
async def _both(directory: Path) -> AsyncIterator[tuple[Side, Side]]:
    """Run both bots, each on a loopback Discord of its own, with everyone joined."""
    async with discord() as bare_place, discord() as own_place:
        towns = await furnish(bare_place, PEOPLE), await furnish(own_place, PEOPLE)
        now = utcnow()
        at = (now - timedelta(hours=2)).time().replace(microsecond=0)
        await fill.found(directory, guild_id=towns[1].guild, now=now, kind=PROMPT.name, at=at)
        fill.multiply(directory, towns[1].people)
        async with (
            bare_bot(bare_place, directory / "bare.db") as bare,
            interlude(own_place, directory) as own,
        ):
            yield (bare_place, towns[0], bare), (own_place, towns[1], own)


async def _in_turns(bare: Rounds, own: Rounds) -> None:
    """Measure both in alternation, so that whatever else the machine does meets both."""
    for side in (bare, own):
        await side.play(0, WARM_UP)
    for number in range(ROUNDS):
        for side in (bare, own):
            await side.turn(WARM_UP + number * COUNT, COUNT)


def _uses(side: Side, name: str, options: Mapping[str, str] | None = None) -> Rounds:
    place, town, bot = side

    async def play(_: int, count: int) -> list[float]:
        taken: list[float] = await place.remote.call(
            "drive",
            user=town.first,
            channel=town.channel,
            count=count,
            name=name,
            options=dict(options or {}),
        )
        return taken

    return Rounds(bot, play)


def _forms(side: Side, name: str, values: Mapping[str, str]) -> Rounds:
    place, town, bot = side

    async def play(begin: int, count: int) -> list[float]:
        people = [[user, town.channel] for user, _ in town.people[begin : begin + count]]
        taken: list[float] = await place.remote.call(
            "drive_forms", people=people, name=name, values=dict(values)
        )
        return taken

    return Rounds(bot, play)


def _compared(bare: Rounds, own: Rounds) -> str:
    return (
        f"{own.calm / bare.calm:.2f} x ({milliseconds(bare.calm)} -> {milliseconds(own.calm)}; "
        f"processor time {own.cpu / bare.cpu:.2f} x)"
    )


def _values(bare: Rounds, own: Rounds) -> dict[str, float]:
    return {
        "ratio": own.calm / bare.calm,
        "cpu_ratio": own.cpu / bare.cpu,
        "bare_calm_s": bare.calm,
        "own_calm_s": own.calm,
        "bare_median_s": middle(bare.every),
        "own_median_s": middle(own.every),
        "own_p99_s": quantile(own.every, 0.99),
    }
