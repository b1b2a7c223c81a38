"""A page to the team that a power cut meets on its way is sent again, never lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from discord.utils import utcnow

from bot.domain.case import Case, CaseSource, Severity
from bot.domain.delivery import Channel
from bot.domain.ids import CaseId, new_id
from bot.domain.place import PlaceKey
from bot.services.pages import URGENT
from bot.store.cases import CaseStore
from bot.store.database import open_database
from bot.store.outbox import OutboxStore
from bot.store.places import PlaceStore
from bot.store.vault import KEY_BYTES, Vault
from tests.wire import fill
from tests.wire.bots import database_file
from tests.wire.home import SENDS, Home
from tests.wire.loopback.remote import Remote
from tests.wire.place import Place

STUCK_MINUTES = 5


async def page_due(directory: Path, place: Place) -> str:
    """Let a P1 page be due in the team's channel; its row's ID."""
    now = utcnow()
    async with (
        open_database(database_file(directory)) as database,
        open_database(directory / "other" / "keys.db") as keys,
    ):
        await PlaceStore(database).save(PlaceKey.CHANNEL_STAFF, place.channel)
        case = Case(
            id=CaseId(new_id()),
            ref="",
            participant_id=None,
            user_id=place.ana,
            source=CaseSource.ASK,
            severity=Severity.NOW,
            opened_at=now,
            paged_at=now,
        )
        cases = CaseStore(database, Vault(keys, bytes(KEY_BYTES)))
        async with database.transaction() as tx:
            assert await cases.add(case, tx) is not None
            row = await OutboxStore(database).add(
                URGENT,
                Channel(key=PlaceKey.CHANNEL_STAFF),
                due_at=now,
                subject_id=case.id,
                key=f"clock:{case.id}:1:0",
                tx=tx,
            )
    assert row is not None
    return row.id


def page_state(directory: Path) -> str | None:
    """Return whether the page is sent by now."""
    file = f"file:{database_file(directory)}?mode=ro"
    with closing(sqlite3.connect(file, uri=True)) as database:
        row = database.execute("SELECT state FROM outbox WHERE kind = 'case.page'").fetchone()
    return "sent" if row == ("sent",) else None


async def test_a_page_killed_before_discord_took_it_is_sent_again(
    home: Home, wire: Remote, place: Place
) -> None:
    await home.people(place, place.ana)
    row_id = await page_due(home.directory, place)
    await wire.fault("stall", method="POST", path=SENDS)
    async with home.started() as bot:
        await bot.meanwhile(wire.wait_requests("POST", SENDS, note="stalled"))
        await bot.kill()
    await wire.call("clear_faults")
    fill.let_time_pass(home.directory, STUCK_MINUTES)

    async with home.ready():
        await home.until(lambda: page_state(home.directory))

    assert sum(row_id in str(message) for message in await wire.messages(place.channel)) == 1


async def test_a_page_killed_after_discord_took_it_is_found_and_not_doubled(
    home: Home, wire: Remote, place: Place
) -> None:
    await home.people(place, place.ana)
    row_id = await page_due(home.directory, place)
    await wire.fault("hold", method="POST", path=SENDS)
    async with home.started() as bot:
        await bot.meanwhile(wire.wait_requests("POST", SENDS, note="held"))
        await bot.kill()
    await wire.call("clear_faults")
    await wire.call("forget_nonces")
    fill.let_time_pass(home.directory, STUCK_MINUTES)

    async with home.ready():
        await home.until(lambda: page_state(home.directory))

    assert sum(row_id in str(message) for message in await wire.messages(place.channel)) == 1
