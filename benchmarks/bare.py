"""The yardstick: a bot of bare discord.py that makes the same calls and one durable insert.

Run by the benchmarks as ``python -m benchmarks.bare``; prints ``ready`` once it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path
from typing import Any

import aiosqlite
import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

# As Interlude's, so that the difference is our own work and not another pause.
READY_TIMEOUT = 0.2
SCHEMA = "CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, at INTEGER, person INTEGER)"
SCALES = ("mood", "urge", "support")
INSERT = "INSERT INTO notes (at, person) VALUES (:at, :person)"


class Card(discord.ui.LayoutView):
    """A card of the size that Interlude answers with: a title, two paragraphs, three buttons."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        text = "It is kept, and you can look at it or take it back whenever you like. " * 3
        container: discord.ui.Container[Card] = discord.ui.Container(
            discord.ui.TextDisplay("## Thank you"), discord.ui.TextDisplay(text)
        )
        row: discord.ui.ActionRow[Card] = discord.ui.ActionRow()
        for number in range(3):
            button: discord.ui.Button[Card] = discord.ui.Button(
                label=f"Choice {number}", custom_id=f"bare:v1:choice:{number}"
            )
            row.add_item(button)
        container.add_item(row)
        self.add_item(container)


class Sheet(discord.ui.Modal, title="Your check-in"):
    """A form of the size of a check-in: three scales, a text and two ticks."""

    def __init__(self) -> None:
        super().__init__(custom_id="sheet")
        for name in SCALES:
            scale: discord.ui.RadioGroup[Sheet] = discord.ui.RadioGroup(custom_id=name)
            for level in range(5):
                scale.add_option(label=f"Level {level}", value=str(level))
            self.add_item(discord.ui.Label(text=name.title(), component=scale))
        note: discord.ui.TextInput[Sheet] = discord.ui.TextInput(
            custom_id="note", required=False, style=discord.TextStyle.paragraph
        )
        self.add_item(discord.ui.Label(text="Anything to add?", component=note))
        ticks: discord.ui.CheckboxGroup[Sheet] = discord.ui.CheckboxGroup(
            custom_id="ticks", required=False, min_values=0, max_values=2
        )
        for tick in ("contact", "alone"):
            ticks.add_option(label=tick, value=tick)
        self.add_item(discord.ui.Label(text="Message me", component=ticks))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        values = {"at": interaction.id, "person": interaction.user.id}
        await interaction.client.database.execute(INSERT, values)
        await interaction.response.send_message(view=Card(), ephemeral=True)


class Bare(discord.Client):
    """A command with an insert, one whose form makes one, and one that only answers."""

    def __init__(self, database: aiosqlite.Connection) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, members=True, guild_messages=True),
            member_cache_flags=discord.MemberCacheFlags(joined=True, voice=False),
            guild_ready_timeout=READY_TIMEOUT,
            max_messages=None,
        )
        self.database = database
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(sheet)
        self.tree.add_command(keep)
        self.tree.add_command(show)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_ready(self) -> None:
        sys.stdout.write("ready\n")
        sys.stdout.flush()


@app_commands.command(name="sheet", description="Open a form; its submit inserts a row")
async def sheet(interaction: discord.Interaction[Bare]) -> None:
    await interaction.response.send_modal(Sheet())


@app_commands.command(name="keep", description="Insert a row and answer with a card")
async def keep(interaction: discord.Interaction[Bare], start: str, end: str) -> None:
    values = {"at": interaction.id, "person": interaction.user.id}
    await interaction.client.database.execute(INSERT, values)
    await interaction.response.send_message(view=Card(), ephemeral=True)


@app_commands.command(name="show", description="Answer with a card")
async def show(interaction: discord.Interaction[Bare]) -> None:
    await interaction.response.send_message(view=Card(), ephemeral=True)


async def _run(file: Path) -> None:
    Route.BASE = os.environ["INTERLUDE_DISCORD_API"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["INTERLUDE_DISCORD_GATEWAY"])
    async with aiosqlite.connect(file, isolation_level=None) as database:
        await database.execute("PRAGMA journal_mode = WAL")
        await database.execute("PRAGMA synchronous = FULL")
        await database.execute(SCHEMA)
        async with Bare(database) as bot:
            await bot.start(os.environ["INTERLUDE_TOKEN"])


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(Path(sys.argv[1])))
