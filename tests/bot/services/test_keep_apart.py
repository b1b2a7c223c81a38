"""The keep-apart list."""

import pytest

from bot.domain.audit import AuditAction
from bot.errors import KeyLostError, UserError
from bot.store.database import SqliteDatabase
from bot.store.keep_apart import REASON, KeepApartStore
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.rooms import LEAD, Rooms

ANA, BEN, CARL = 1, 2, 3


@pytest.fixture
async def rooms(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> Rooms:
    return await Rooms(database, vault, clock).load()


async def test_it_holds_for_both_whoever_was_named_first(rooms: Rooms) -> None:
    await rooms.keep_apart.add(BEN, ANA, by=LEAD)

    assert rooms.keep_apart.others(ANA) == {BEN}
    assert rooms.keep_apart.others(BEN) == {ANA}
    assert rooms.keep_apart.others(CARL) == frozenset()
    with pytest.raises(UserError) as error:
        await rooms.keep_apart.add(ANA, BEN, by=LEAD)
    assert error.value.key == "rooms.apart.known"
    with pytest.raises(UserError) as error:
        await rooms.keep_apart.add(ANA, ANA, by=LEAD)
    assert error.value.key == "rooms.apart.self"


async def test_a_reason_is_sealed_and_goes_with_its_line(
    rooms: Rooms, database: SqliteDatabase, vault: Vault, clock: FakeClock
) -> None:
    await rooms.keep_apart.add(ANA, BEN, by=LEAD, reason="an order until May")
    [row] = await database.fetch_all("SELECT * FROM keep_apart")
    assert b"order" not in row["reason"]

    again = await Rooms(database, vault, clock).load()
    [line] = again.keep_apart.all()
    assert await again.keep_apart.reason(line) == "an order until May"

    await again.keep_apart.remove(BEN, ANA, by=LEAD)
    assert again.keep_apart.others(ANA) == frozenset()
    assert again.audit.actions == [AuditAction.APART_CHANGED]
    with pytest.raises(UserError) as error:
        await again.keep_apart.remove(BEN, ANA, by=LEAD)
    assert error.value.key == "rooms.apart.none"


async def test_a_reason_can_not_be_read_once_one_of_the_two_is_forgotten(
    rooms: Rooms, database: SqliteDatabase, vault: Vault
) -> None:
    ana = await rooms.person(ANA)
    await rooms.keep_apart.add(ANA, BEN, by=LEAD, reason="an order until May")
    [row] = await database.fetch_all("SELECT * FROM keep_apart")

    await KeepApartStore(database, vault).forget(ana.id)

    assert await database.fetch_all("SELECT * FROM keep_apart") == []
    with pytest.raises(KeyLostError):
        await vault.open(row["id"], row["reason"], at=REASON, row=row["id"])
