"""Round trips of commands, beside bare discord.py making the same calls and one insert."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

from discord.utils import utcnow

from benchmarks.figures import Figure, middle, milliseconds, quantile
from benchmarks.processes import Discord, Town, bare_bot, discord, furnish, interlude
from bot.services.checkin_prompts import PROMPT
from tests.wire import fill

ROUNDS = 8
WARM_UP = 50
COUNT = 100
PEOPLE = WARM_UP + ROUNDS * COUNT
RATIO_LIMIT = 1.4
CRISIS_LIMIT = 0.05
ANSWERS = {"mood": "good", "urge": "none", "support": "some"}
BARE_ANSWERS = {"mood": "3", "urge": "0", "support": "2"}

Side: TypeAlias = tuple[Discord, Town]
Turn: TypeAlias = Callable[[int, int], Awaitable[list[float]]]


async def measure(directory: Path) -> list[Figure]:
    """Use a command that keeps something: one transaction, a card."""
    first = utcnow().date() + timedelta(days=2)
    days = {"start": first.isoformat(), "end": (first + timedelta(days=2)).isoformat()}
    async with _both(directory) as (bare_side, own_side):
        bare, own = await _in_turns(_uses(*bare_side, "keep", days), _uses(*own_side, "away", days))
    ratio = middle(own) / middle(bare)
    return [
        Figure(
            row="slash",
            what="/away round trip, against bare with the same calls and one FULL insert",
            target=f"at most {RATIO_LIMIT} x",
            measured=f"{ratio:.2f} x ({milliseconds(middle(bare))} -> {milliseconds(middle(own))})",
            passed=ratio <= RATIO_LIMIT,
            values=_values(bare, own),
        )
    ]


async def measure_answer(directory: Path) -> list[Figure]:
    """Answer a check-in: a command, its form, all that is looked up and kept, a card."""
    async with _both(directory) as (bare_side, own_side):
        bare, own = await _in_turns(
            _forms(*bare_side, "sheet", BARE_ANSWERS), _forms(*own_side, "checkin now", ANSWERS)
        )
    ratio = middle(own) / middle(bare)
    return [
        Figure(
            row="answer",
            what="/checkin now with its form sent, against bare with the same two calls and "
            "one FULL insert",
            target="none set",
            measured=f"{ratio:.2f} x ({milliseconds(middle(bare))} -> "
            f"{milliseconds(middle(own))}, two round trips)",
            passed=None,
            values=_values(bare, own),
        )
    ]


async def measure_crisis(directory: Path) -> list[Figure]:
    """Time `/crisis` from Discord's side: the time on the wire is counted as ours."""
    async with _both(directory) as (bare_side, own_side):
        bare, own = await _in_turns(_uses(*bare_side, "show"), _uses(*own_side, "crisis"))
    slowest = quantile(own, 0.99)
    return [
        Figure(
            row="crisis",
            what="/crisis, first card, p99 with the time on the wire",
            target=f"under {milliseconds(CRISIS_LIMIT)}",
            measured=f"{milliseconds(slowest)} (median {milliseconds(middle(own))}, "
            f"bare card {milliseconds(middle(bare))})",
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
            bare_bot(bare_place, directory / "bare.db"),
            interlude(own_place, directory),
        ):
            yield (bare_place, towns[0]), (own_place, towns[1])


def _values(bare: list[float], own: list[float]) -> dict[str, float]:
    return {
        "ratio": middle(own) / middle(bare),
        "bare_median_s": middle(bare),
        "bare_p99_s": quantile(bare, 0.99),
        "own_median_s": middle(own),
        "own_p99_s": quantile(own, 0.99),
    }


async def _in_turns(bare: Turn, own: Turn) -> tuple[list[float], list[float]]:
    """Measure both in alternation, so that whatever else the machine does meets both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in (bare, own):
        await turn(0, WARM_UP)
    for number in range(ROUNDS):
        for kept, turn in zip(taken, (bare, own), strict=True):
            kept.extend(await turn(WARM_UP + number * COUNT, COUNT))
    return taken


def _uses(place: Discord, town: Town, name: str, options: Mapping[str, str] | None = None) -> Turn:
    async def turn(_: int, count: int) -> list[float]:
        taken: list[float] = await place.remote.call(
            "drive",
            user=town.first,
            channel=town.channel,
            count=count,
            name=name,
            options=dict(options or {}),
        )
        return taken

    return turn


def _forms(place: Discord, town: Town, name: str, values: Mapping[str, str]) -> Turn:
    async def turn(begin: int, count: int) -> list[float]:
        people = [[user, town.channel] for user, _ in town.people[begin : begin + count]]
        taken: list[float] = await place.remote.call(
            "drive_forms", people=people, name=name, values=dict(values)
        )
        return taken

    return turn
