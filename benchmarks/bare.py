"""The yardstick: a bot of bare discord.py that makes the same calls and one durable insert.

Run by the benchmarks as ``python -m benchmarks.bare``; prints ``ready`` once it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import aiosqlite
import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

# As Interlude's, so that the difference is our own work and not another pause.
READY_TIMEOUT = 0.2
SCHEMA = "CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, at INTEGER, person INTEGER)"
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


class Bare(discord.Client):
    """One command with an insert, one without, and a burst of messages."""

    def __init__(self, database: aiosqlite.Connection) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, members=True, guild_messages=True),
            member_cache_flags=discord.MemberCacheFlags(joined=True, voice=False),
            guild_ready_timeout=READY_TIMEOUT,
            max_messages=None,
        )
        self.database = database
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(keep)
        self.tree.add_command(show)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_ready(self) -> None:
        sys.stdout.write("ready\n")
        sys.stdout.flush()


@app_commands.command(name="keep", description="Insert a row and answer with a card")
async def keep(interaction: discord.Interaction[Bare]) -> None:
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
