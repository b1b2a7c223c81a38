"""The risk screen in use: what it leaves of bare discord.py's dispatch, to the decision."""

from __future__ import annotations

import asyncio
import gc
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import discord
import orjson

from benchmarks.figures import Figure
from bot.app import open_app
from bot.config import DATA
from bot.domain.place import PlaceKey
from bot.domain.risk import RiskFinding, Tier
from bot.screening import Screen, load_screen
from tests.wire.bots import settings_of

MESSAGES = 3_000
ROUNDS = 5
RULES_SHARE = 0.75
MODEL_SHARE = 0.25
GUILD, ROOM, BOT, PERSON = 10**18, 10**18 + 1, 10**18 + 2, 10**18 + 3


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


class Bare(discord.Client):
    """Does nothing with a message but receive it."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
        super().__init__(intents=intents, max_messages=None)
        self.left = 0
        self.done = asyncio.Event()

    async def on_message(self, message: discord.Message) -> None:
        self.left -= 1
        if not self.left:
            self.done.set()


async def measure(directory: Path) -> list[Figure]:
    """Send the same events through bare discord.py and through the bot, in turns."""
    lines = everyday()
    screen = load_screen(DATA)
    screen.self_test()
    figures = []
    for name, engine, share in (
        ("no screen at all", Nothing(screen), None),
        ("rules alone", RulesAlone(screen), RULES_SHARE),
        ("rules and model", WithModel(screen), MODEL_SHARE),
    ):
        figures.append(
            await _pipeline(directory / name.replace(" ", "-"), name, engine, share, lines)
        )
    return figures


def everyday() -> list[str]:
    """The lines of the corpus that are nothing but talk."""
    found = [
        entry["text"]
        for file in sorted((DATA / "risk" / "corpus").glob("*.jsonl"))
        for entry in map(json.loads, file.read_text(encoding="utf-8").splitlines())
        if entry["label"] == "none"
    ]
    return (found * (MESSAGES // len(found) + 1))[:MESSAGES]


async def _pipeline(
    directory: Path, name: str, engine: Any, share: float | None, lines: list[str]
) -> Figure:
    settings = settings_of(directory).model_copy(update={"screen_messages": True})
    async with open_app(settings, screen=engine) as app:
        await app.services.places.save(PlaceKey.CHANNEL_ROOM, ROOM)
        await app.bot.load_extension("cogs.cases")
        await app.bot.load_extension("cogs.watch")
        bare = Bare()
        for client in (bare, app.bot):
            await client._async_setup_hook()
            _furnish(client)
        watch = app.services.watch

        async def bare_done() -> None:
            await bare.done.wait()

        async def own_done() -> None:
            # The last of the events are handed over first.
            await asyncio.sleep(0)
            await watch.idle()

        async def bare_turn() -> float:
            bare.left = len(lines)
            bare.done.clear()
            return await _play(bare, lines, bare_done)

        own, plain = [], []
        for _ in range(ROUNDS):
            plain.append(await bare_turn())
            own.append(await _play(app.bot, lines, own_done))
        await bare.close()
    ratio = min(plain) / min(own)
    return Figure(
        row="watch",
        what=f"messages through the whole pipeline with {name}, of bare dispatch",
        target="none set" if share is None else f"at least {share}",
        measured=f"{ratio:.2f} ({len(lines) / min(own):,.0f} a second, "
        f"bare {len(lines) / min(plain):,.0f})",
        passed=None if share is None else ratio >= share,
        values={"ratio": ratio, "own_s": min(own), "bare_s": min(plain)},
    )


def _furnish(client: discord.Client) -> None:
    """Let a client know a server with one channel, as after Discord said so."""
    state = client._connection
    state.user = discord.ClientUser(
        state=state,
        data={
            "id": BOT,
            "global_name": None,
            "username": "bot",
            "discriminator": "0",
            "avatar": None,
            "bot": True,
        },
    )
    guild: Any = {
        "id": GUILD,
        "name": "Harbour",
        "owner_id": PERSON,
        "roles": [
            {
                "id": GUILD,
                "name": "@everyone",
                "permissions": "0",
                "position": 0,
                "color": 0,
                "hoist": False,
                "managed": False,
                "mentionable": False,
            }
        ],
        "channels": [
            {"id": ROOM, "type": 0, "name": "room", "position": 0, "permission_overwrites": []}
        ],
        "members": [],
        "threads": [],
        "member_count": 2,
    }
    state._add_guild(discord.Guild(data=guild, state=state))


async def _play(
    client: discord.Client, lines: list[str], done: Callable[[], Awaitable[None]]
) -> float:
    """Feed events as they come off the socket, and wait until each is decided."""
    state = client._connection
    events = [orjson.dumps(_event(number, line)) for number, line in enumerate(lines)]
    gc.collect()
    begun = time.perf_counter()
    for number, event in enumerate(events):
        state.parse_message_create(orjson.loads(event))
        if number % 50 == 0:
            await asyncio.sleep(0)
    await asyncio.sleep(0)
    await done()
    return time.perf_counter() - begun


def _event(number: int, line: str) -> Any:
    return {
        "id": str(2 * 10**18 + number),
        "channel_id": str(ROOM),
        "guild_id": str(GUILD),
        "author": {"id": str(PERSON), "username": "ana", "discriminator": "0", "avatar": None},
        "member": {
            "roles": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
        },
        "content": line,
        "timestamp": "2026-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "components": [],
        "flags": 0,
    }
