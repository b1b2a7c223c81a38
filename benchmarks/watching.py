"""The risk screen in use: what it leaves of bare discord.py's dispatch, to the decision.

The same messages come from one loopback Discord, over the websocket. What is compared is the
processor time of this process from the first of them to the last decision: the loopback Discord
has a process of its own, and a machine that is busy with other work does not count.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any

import discord

from benchmarks.figures import Figure
from benchmarks.processes import Discord
from benchmarks.processes import discord as loopback
from bot.app import open_app
from bot.config import DATA
from bot.domain.place import PlaceKey
from bot.domain.risk import RiskFinding, Tier
from bot.live import point_at
from bot.screening import Screen, load_screen
from bot.screening.validation import EVERYDAY
from tests.wire.bots import settings_of
from tests.wire.loopback.world import TOKEN

MESSAGES = 3_000
ROUNDS = 9
RULES_SHARE = 0.75
MODEL_SHARE = 0.25
PATIENCE = 60.0

Turn = Callable[[], Awaitable[float]]


class RulesAlone:
    """The screen without its model."""

    def __init__(self, screen: Screen) -> None:
        self._engine = screen.engine
        self.version = screen.version

    def screen(self, text: str) -> RiskFinding:
        """Look with the rules alone; what they find is left out, so that no hit is followed up."""
        self._engine.rules.look(self._engine.normaliser.normalise(text))
        return RiskFinding(label=None, tier=Tier.NONE)

    def self_test(self) -> list[object]:
        """Nothing to test."""
        return []


class Nothing(RulesAlone):
    """Decides nothing: what the way to the decision costs by itself."""

    def screen(self, text: str) -> RiskFinding:
        """Find nothing."""
        return RiskFinding(label=None, tier=Tier.NONE)


class WithModel(RulesAlone):
    """The whole screen."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen

    def screen(self, text: str) -> RiskFinding:
        """Decide in full, and report no hit: the pipeline without one is what is measured."""
        self._screen.screen(text)
        return RiskFinding(label=None, tier=Tier.NONE)


class Counting:
    """Tells when the last of some messages came."""

    def __init__(self) -> None:
        self.left = 0
        self.done = asyncio.Event()

    def expect(self, count: int) -> None:
        """Wait for so many."""
        self.left = count
        self.done.clear()

    def came(self) -> None:
        """Count one."""
        self.left -= 1
        if not self.left:
            self.done.set()


class Bare(discord.Client):
    """Does nothing with a message but receive it."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
        super().__init__(intents=intents, max_messages=None, guild_ready_timeout=0.2)
        self.counting = Counting()

    async def on_message(self, message: discord.Message) -> None:
        self.counting.came()


async def measure(directory: Path) -> list[Figure]:
    """Send the same messages to bare discord.py and to the bot, in turns."""
    screen = load_screen(DATA)
    lines = [line for line in everyday() if screen.screen(line).label is None][:MESSAGES]
    figures = []
    for name, engine, share in (
        ("no screen at all", Nothing(screen), None),
        ("rules alone", RulesAlone(screen), RULES_SHARE),
        ("rules and model", WithModel(screen), MODEL_SHARE),
    ):
        place = directory / name.replace(" ", "-")
        async with loopback() as there, _turns(there, place, engine, lines) as (plain, own):
            figures.append(await _compared(name, share, len(lines), plain, own))
    return figures


def everyday() -> list[str]:
    """Ordinary talk of the corpus, by all who wrote some, in turns; a little more than needed."""
    authors = [
        [
            entry["text"]
            for entry in map(json.loads, _corpus(author).read_text("utf-8").splitlines())
            if entry["label"] == "none"
        ]
        for author in EVERYDAY
    ]
    found = [text for turn in zip_longest(*authors) for text in turn if text is not None]
    return found[: MESSAGES * 5 // 4]


def _corpus(author: str) -> Path:
    return DATA / "risk" / "corpus" / f"{author}.jsonl"


async def _compared(name: str, share: float | None, count: int, plain: Turn, own: Turn) -> Figure:
    taken = [(await plain(), await own()) for _ in range(ROUNDS)]
    bare_s, own_s = (min(seconds) for seconds in zip(*taken, strict=True))
    ratio = bare_s / own_s
    return Figure(
        row="watch",
        what=f"messages through the whole pipeline with {name}, of bare dispatch",
        target="none set" if share is None else f"at least {share}",
        measured=f"{ratio:.2f} ({count / own_s:,.0f} for a second of processor time, "
        f"bare {count / bare_s:,.0f})",
        passed=None if share is None else ratio >= share,
        values={"ratio": ratio, "own_s": own_s, "bare_s": bare_s},
    )


@contextlib.asynccontextmanager
async def _turns(
    there: Discord, directory: Path, engine: Any, lines: list[str]
) -> AsyncIterator[tuple[Turn, Turn]]:
    """Connect both; what is given lets one of them have the messages, and says how long it took."""
    guild = await there.remote.call("guild", name="Harbour")
    room = await there.remote.call("channel", guild=guild, name="room")
    person = await there.remote.user("ana")
    await there.remote.call("join", guild=guild, user=person)
    settings = settings_of(directory).model_copy(
        update={
            "screen_messages": True,
            "discord_api": there.process.api,
            "discord_gateway": there.process.gateway,
        }
    )
    point_at(settings)
    bare = Bare()
    async with open_app(settings, screen=engine) as app:
        await app.services.places.save(PlaceKey.CHANNEL_ROOM, room)
        watch, counting = app.services.watch, Counting()
        heard = watch.heard

        def counted(*args: Any, **more: Any) -> None:
            heard(*args, **more)
            counting.came()

        watch.heard = counted  # type: ignore[method-assign]

        async def turn(client: discord.Client, counting: Counting) -> float:
            async with _connected(client):
                counting.expect(len(lines))
                gc.collect()
                begun = time.process_time()
                await there.remote.call("pour", user=person, channel=room, contents=lines)
                async with asyncio.timeout(PATIENCE):
                    await counting.done.wait()
                    await watch.idle()
                return time.process_time() - begun

        yield lambda: turn(bare, bare.counting), lambda: turn(app.bot, counting)
        await bare.close()


@contextlib.asynccontextmanager
async def _connected(client: discord.Client) -> AsyncIterator[None]:
    """Connect for one turn, so that each gets the messages of its own turn alone."""
    if client.http.token is None:
        await client.login(TOKEN)
    connection = asyncio.create_task(client.connect())
    await client.wait_until_ready()
    try:
        yield
    finally:
        connection.cancel()
        await asyncio.wait({connection})
        if client.ws is not None:
            await client.ws.close(code=1000)
        client._ready.clear()
