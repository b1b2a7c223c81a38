"""Many messages due at once, sent under Discord's limit of 50 requests a second."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from discord.utils import utcnow

from benchmarks.figures import Figure
from benchmarks.processes import Discord, discord, furnish
from bot.services.crisis import CHECK_BACK
from tests.wire import fill
from tests.wire.bare import running
from tests.wire.bots import INTERLUDE, interlude_environment, running_bot

SENDS = 1_000
BARE_SENDS = 200
LIMIT = 50
SHARE = 0.88
PATH = "/channels/*/messages"
BOUND_SECONDS = 60


async def measure(directory: Path) -> list[Figure]:
    """Send to many people, and the same by bare ``gather`` to fewer."""
    async with discord() as place:
        bare = await _bare(place)
        await place.remote.call("reset", per_second=LIMIT)
        own = await _own(place, directory)
    share = own["sent"] / own["seconds"] / LIMIT
    lost = SENDS - int(own["kept"])
    passed = share >= SHARE and own["refused"] == 0 and lost == 0 and own["doubled"] == 0
    return [
        Figure(
            row="outbox",
            what=f"{SENDS:,} outbox sends under {LIMIT}/s "
            f"(bare gather of {BARE_SENDS}: {bare['refused']:.0f} 429s, "
            f"{BARE_SENDS - bare['kept']:.0f} lost)",
            target=f"at least {SHARE} of the limit, no 429, none lost",
            measured=f"{share:.3f} of the limit, {own['refused']:.0f} refused, {lost} lost, "
            f"{own['doubled']:.0f} doubled",
            passed=passed,
            values={
                "share": share,
                "seconds": own["seconds"],
                "refused": own["refused"],
                "lost": lost,
                "bare_refused": bare["refused"],
                "bare_lost": BARE_SENDS - bare["kept"],
                "bare_seconds": bare["seconds"],
            },
        )
    ]


async def _bare(place: Discord) -> dict[str, float]:
    await place.remote.call("reset", per_second=LIMIT)
    town = await furnish(place, BARE_SENDS)
    async with running(place.process.api, place.process.gateway) as bot:
        channels = [bot.get_partial_messageable(channel) for _, channel in town.people]
        sends = (channel.send("A note") for channel in channels)
        # discord.py gives up a message after five refusals.
        await asyncio.gather(*sends, return_exceptions=True)
        return await _read(place, [channel for _, channel in town.people])


async def _own(place: Discord, directory: Path) -> dict[str, float]:
    town = await furnish(place, SENDS)
    now = utcnow()
    at = now.time().replace(microsecond=0)
    await fill.found(directory, guild_id=town.guild, now=now, kind="bench.none", at=at)
    fill.multiply(directory, town.people, 0)
    await fill.enqueue(directory, CHECK_BACK, now)
    environment = interlude_environment(place.process, directory)
    async with running_bot(INTERLUDE, environment):
        await place.remote.call(
            "wait_requests", method="POST", path=PATH, count=SENDS, seconds=BOUND_SECONDS
        )
        return await _read(place, [channel for _, channel in town.people])


async def _read(place: Discord, channels: list[int]) -> dict[str, float]:
    answers: list[dict[str, Any]] = await place.remote.call("statuses", method="POST", path=PATH)
    sent = [answer for answer in answers if answer["status"] == 200]
    kept = await place.remote.call("count_messages", channels=channels)
    return {
        "sent": len(sent),
        "refused": sum(answer["status"] == 429 for answer in answers),
        "seconds": max(a["done_at"] for a in answers) - min(a["at"] for a in answers),
        "kept": min(kept, len(channels)),
        "doubled": max(0, kept - len(channels)),
    }
