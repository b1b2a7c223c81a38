"""A bot of bare discord.py over sockets: what Interlude's figures and tests stand beside."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.wire.loopback.world import TOKEN

WAIT_SECONDS = 10


class NameModal(discord.ui.Modal, title="Your name"):
    """Asks one thing and answers with it."""

    name: discord.ui.TextInput[NameModal] = discord.ui.TextInput(label="Name", custom_id="name")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Hello {self.name.value}", ephemeral=True)


class AskAgainModal(discord.ui.Modal, title="Again"):
    """Answers with another modal, which Discord refuses."""

    name: discord.ui.TextInput[AskAgainModal] = discord.ui.TextInput(label="N", custom_id="name")
    refusal: discord.HTTPException | None = None

    async def on_submit(self, interaction: discord.Interaction) -> None:
        try:
            await interaction.response.send_modal(NameModal())
        except discord.HTTPException as error:
            type(self).refusal = error
            await interaction.response.send_message("refused", ephemeral=True)


class BareBot(discord.Client):
    """Commands enough to try the wire; ``events`` lists what was dispatched."""

    def __init__(self, intents: discord.Intents | None = None) -> None:
        intents = intents or discord.Intents(guilds=True, members=True, guild_messages=True)
        super().__init__(intents=intents, guild_ready_timeout=0.05, max_messages=None)
        self.tree = app_commands.CommandTree(self)
        self.events: list[str] = []
        self.contents: list[str] = []
        self._changed = asyncio.Event()
        self.tree.add_command(_ping)
        self.tree.add_command(_slow)
        self.tree.add_command(_ask)
        self.tree.add_command(_again)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Leave out discord.py's five seconds before a second identify."""

    async def on_ready(self) -> None:
        self._note("ready")

    async def on_resumed(self) -> None:
        self._note("resumed")

    async def on_disconnect(self) -> None:
        self._note("disconnect")

    async def on_message(self, message: discord.Message) -> None:
        self.contents.append(message.content)
        self._note("message")

    async def until(self, event: str, count: int = 1) -> None:
        """Wait until an event has been handled that often, for a bounded time."""
        async with asyncio.timeout(WAIT_SECONDS):
            while self.events.count(event) < count:
                self._changed.clear()
                await self._changed.wait()

    def _note(self, event: str) -> None:
        self.events.append(event)
        self._changed.set()


@app_commands.command(name="ping", description="Answer at once")
async def _ping(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("pong", ephemeral=True)


@app_commands.command(name="slow", description="Answer later")
async def _slow(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.followup.send("done", ephemeral=True)


@app_commands.command(name="ask", description="Open a form")
async def _ask(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(NameModal())


@app_commands.command(name="again", description="Open a form that opens a form")
async def _again(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(AskAgainModal())


class Running:
    """A bare bot connected to a loopback Discord, closed on the way out."""

    def __init__(self, api: str, gateway: str, bot: BareBot) -> None:
        self._places = api, yarl.URL(gateway)
        self._before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
        self.bot = bot

    async def __aenter__(self) -> Self:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self._places
        self._task = asyncio.create_task(self.bot.start(TOKEN))
        ready = asyncio.create_task(self.bot.until("ready"))
        await asyncio.wait({self._task, ready}, return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            ready.cancel()
            await self._close()
            self._task.result()
        await ready
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._close()

    async def _close(self) -> None:
        await self.bot.close()
        with contextlib.suppress(discord.DiscordException):
            await self._task
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self._before


@contextlib.asynccontextmanager
async def running(api: str, gateway: str, bot: BareBot | None = None) -> AsyncIterator[BareBot]:
    """Connect a bare bot for the length of a block."""
    async with Running(api, gateway, bot or BareBot()) as connection:
        yield connection.bot
