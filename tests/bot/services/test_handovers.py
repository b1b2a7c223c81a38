"""Handover notes go with whom they name."""

import pytest

from bot.domain.handover import Handover, HandoverId
from bot.errors import KeyLostError
from bot.store.database import SqliteDatabase
from bot.store.handovers import NOTE, HandoverStore
from bot.store.vault import Vault
from tests.fakes.clock import START
from tests.fakes.room_tools import ANA, BEN, keep, person

ANN = person("ana", ANA)


async def test_a_note_goes_with_the_person_it_names(database: SqliteDatabase, vault: Vault) -> None:
    await keep(database, ANN)
    store = HandoverStore(database, vault)
    for name, people in (("about ana", {ANA, BEN}), ("about ben", {BEN}), ("about nobody", set())):
        note = Handover(
            id=HandoverId(name),
            author_id=1,
            written_at=START,
            text="Call at six.",
            people=frozenset(people),
        )
        sealed = await store.seal(note)
        async with database.transaction() as tx:
            await store.add(note, sealed, tx)
    [row] = await database.fetch_all("SELECT * FROM handovers WHERE id = 'about ana'")

    async with database.transaction() as tx:
        await store.forget(ANN.id, tx)

    left = await database.fetch_all("SELECT id FROM handovers ORDER BY id")
    assert [one["id"] for one in left] == ["about ben", "about nobody"]
    with pytest.raises(KeyLostError):
        await vault.open(row["id"], row["note"], at=NOTE, row=row["id"])
