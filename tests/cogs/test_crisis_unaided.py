"""/crisis and Help now while the database does not answer."""

import logging
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import discord
import pytest

from bot.store.database import SqliteDatabase
from bot.ui.care import ask_card
from tests.cogs.crisis import help_card, join, put_on_duty, staff_channels
from tests.fakes.simulation import World, settings_in, shown, simulated, texts


@pytest.fixture
async def shaky(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[World]:
    """A world whose database a test breaks; a lock is waited for only a moment."""
    monkeypatch.setattr("bot.store.database.BUSY_SECONDS", 0.05)
    async with simulated(tmp_path) as world:
        yield world
    caplog.clear()


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    """The file of the running bot's database."""
    return settings_in(tmp_path).database_file


async def test_the_first_card_asks_the_database_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await join(world, "ana")

    async def never(*_: object, **__: object) -> None:
        raise AssertionError("the database was asked")

    for name in ("execute", "fetch_all", "fetch_one", "transaction"):
        monkeypatch.setattr(SqliteDatabase, name, never)

    card = await help_card(world, ana)

    monkeypatch.undo()
    assert "988" in texts(card)


async def test_with_a_locked_database_the_team_is_told_all_the_same(
    shaky: World, database_file: Path
) -> None:
    staff, _ = await staff_channels(shaky)
    mod = await put_on_duty(shaky, "mod")
    ana = await join(shaky, "ana")
    with closing(sqlite3.connect(database_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        card = await help_card(shaky, ana)
        told = shown(await ana.click(card, label="Ask staff to message me"))
        posted = staff.last_message
        refused = shown(await ana.select(card, ["1"], custom_id="crisis:v1:check_back:US"))

        other.execute("ROLLBACK")

    assert "988" in texts(card)
    assert "posted where the team can see it" in texts(told)
    assert "Someone is on duty now." in texts(told)
    assert f"<@{ana.id}>" in texts(posted)
    assert f"<@{mod.id}>" in texts(posted)
    assert "Help now works all the same" in texts(refused)


@pytest.mark.parametrize("harm", ["missing", "corrupt", "emptied"])
async def test_with_a_harmed_database_the_team_is_told_all_the_same(
    shaky: World, database_file: Path, harm: str
) -> None:
    staff, _ = await staff_channels(shaky)
    await put_on_duty(shaky, "mod")
    ana = await join(shaky, "ana")
    break_files(database_file, harm)

    card = await help_card(shaky, ana)
    told = shown(await ana.click(card, label="Ask staff to message me"))
    if harm == "missing":
        # The file has no name any more, but the bot still writes to it and sends from it.
        await shaky.run_due()

    assert "988" in texts(card)
    assert "Someone is on duty now." in texts(told)
    assert staff.last_message is not None
    assert "person" in texts(staff.last_message)


def break_files(database: Path, harm: str) -> None:
    """Do harm to the database and its log while the bot has them open.

    The shared-memory index is only removed, never cut short: SQLite maps it, and the kernel ends
    any process that reads a mapped file past its end.
    """
    for file in database.parent.glob(f"{database.name}*"):
        if harm == "missing":
            file.unlink()
        elif not file.name.endswith("-shm"):
            garbage = os.urandom(file.stat().st_size) if harm == "corrupt" else b""
            file.write_bytes(garbage)


async def test_with_a_conflict_and_no_database_only_the_leads_are_told(
    shaky: World, database_file: Path
) -> None:
    staff, leads = await staff_channels(shaky)
    mod = await put_on_duty(shaky, "mod")
    ana = await join(shaky, "ana")
    await shaky.app.services.duty.keep_apart(mod.id, ana.id)
    with closing(sqlite3.connect(database_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        card = await help_card(shaky, ana)
        told = shown(await ana.click(card, label="Ask staff to message me"))

        other.execute("ROLLBACK")

    assert staff.last_message is None
    assert f"<@{ana.id}>" in texts(leads.last_message)
    assert f"<@{mod.id}>" not in texts(leads.last_message)
    assert "No one is on right now." in texts(told)


async def test_a_page_no_channel_takes_is_not_called_sent(
    shaky: World, database_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ana = await join(shaky, "ana")
    with closing(sqlite3.connect(database_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        card = await help_card(shaky, ana)
        told = shown(await ana.click(card, label="Ask staff to message me"))

        other.execute("ROLLBACK")

    assert "could not be sent to the team" in texts(told)
    assert "988" in texts(told)
    assert any(record.levelno == logging.CRITICAL for record in caplog.records)


async def test_a_line_that_breaks_lets_the_next_channel_take_the_page(
    shaky: World, database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff, leads = await staff_channels(shaky)
    ana = await join(shaky, "ana")
    send = discord.PartialMessageable.send

    async def broken(self: discord.PartialMessageable, *args: Any, **kwargs: Any) -> Any:
        if self.id == staff.id:
            raise aiohttp.ServerDisconnectedError
        return await send(self, *args, **kwargs)

    monkeypatch.setattr(discord.PartialMessageable, "send", broken)
    with closing(sqlite3.connect(database_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        card = await help_card(shaky, ana)
        told = shown(await ana.click(card, label="Ask staff to message me"))

        other.execute("ROLLBACK")

    assert f"<@{ana.id}>" in texts(leads.last_message)
    assert "posted where the team can see it" in texts(told)


@pytest.mark.parametrize("typed", ["I can't sleep.", "*" * 3999 + "!"], ids=["short", "long"])
async def test_words_that_cannot_be_kept_go_back_to_their_author(
    shaky: World, database_file: Path, typed: str
) -> None:
    staff, _ = await staff_channels(shaky)
    ana = await join(shaky, "ana")
    channel = shaky.guild.create_text_channel("panel")
    panel = await send_panel(shaky, channel.id)
    form = await ana.click(panel, label="Add a few words first")
    with closing(sqlite3.connect(database_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        told = shown(await ana.submit_modal(form, {"words": typed}))

        other.execute("ROLLBACK")

    given_back = [texts(told), *[(await file.read()).decode() for file in told.attachments]]
    assert "The team can't read your words yet" in texts(told)
    assert any(typed in text for text in given_back)
    assert typed not in texts(staff.last_message)


async def send_panel(world: World, channel_id: int) -> Any:
    """Post the card behind *Message the team*."""
    words = world.app.bot.catalog.words("en")
    card = ask_card(words, [], ZoneInfo("UTC"), on_duty=False, now=world.env.now())
    return await world.app.bot.get_partial_messageable(channel_id).send(**card.message())
