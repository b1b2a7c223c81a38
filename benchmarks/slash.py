"""One command's round trip, beside bare discord.py making the same calls and one insert."""

from __future__ import annotations

from pathlib import Path

from benchmarks.figures import Figure, middle, milliseconds, quantile
from benchmarks.processes import Discord, Town, bare_bot, discord, furnish, interlude

ROUNDS = 8
WARM_UP = 50
COUNT = 100
RATIO_LIMIT = 1.4
CRISIS_LIMIT = 0.05


async def measure_crisis(directory: Path) -> list[Figure]:
    """Time `/crisis` from Discord's side: the time on the wire is counted as ours."""
    async with discord() as bare_place, discord() as own_place:
        towns = await furnish(bare_place), await furnish(own_place)
        async with (
            bare_bot(bare_place, directory / "bare.db"),
            interlude(own_place, directory),
        ):
            bare, own = await _in_turns(
                (bare_place, towns[0], ["show"]),
                (own_place, towns[1], ["crisis"]),
            )
    slowest = quantile(own, 0.99)
    return [
        Figure(
            row="crisis",
            what="/crisis, first card, p99 with the time on the wire",
            target=f"under {milliseconds(CRISIS_LIMIT)}",
            measured=f"{milliseconds(slowest)} (median {milliseconds(middle(own))}, "
            f"bare card {milliseconds(middle(bare))})",
            passed=slowest < CRISIS_LIMIT,
            values={"p99_s": slowest, "median_s": middle(own), "bare_median_s": middle(bare)},
        )
    ]


async def _in_turns(
    bare: tuple[Discord, Town, list[str]], own: tuple[Discord, Town, list[str]]
) -> tuple[list[float], list[float]]:
    taken: tuple[list[float], list[float]] = ([], [])
    for place, town, command in (bare, own):
        await _drive(place, town, command, WARM_UP)
    for _ in range(ROUNDS):
        for kept, (place, town, command) in zip(taken, (bare, own), strict=True):
            kept.extend(await _drive(place, town, command, COUNT))
    return taken


async def _drive(place: Discord, town: Town, command: list[str], count: int) -> list[float]:
    taken: list[float] = await place.remote.call(
        "drive", user=town.first, channel=town.channel, count=count, names=command
    )
    return taken
