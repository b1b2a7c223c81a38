"""Check-ins, ranges away, heads-ups and prompt versions: the stores and the fakes alike."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.config import DATA
from bot.content import load_content
from bot.domain.away import Away
from bot.domain.case import CaseSource
from bot.domain.checkin import CheckIn, CheckInState, Level
from bot.domain.ids import CheckInId, ParticipantId, new_id
from bot.domain.prompt_edit import Edition, Sets
from bot.domain.prompt_set import Meaning
from bot.domain.signal import Marks
from bot.store.aways import AwayStore
from bot.store.checkins import CheckInStore
from bot.store.database import SqliteDatabase
from bot.store.prompt_sets import PromptSetStore
from bot.store.signals import SignalStore
from bot.store.vault import Vault
from tests.fakes.checkins import (
    FakeAwayStore,
    FakeCheckInStore,
    FakePromptSetStore,
    FakeSignalStore,
    FakeTransactor,
)
from tests.fakes.delivery import join

ADA = ParticipantId("ada")
BOB = ParticipantId("bob")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)
LEVELS = {
    "mood": Level(level=3, top=4, meaning=Meaning.MOOD),
    "own": Level(level=0, top=1, meaning=None),
}


@pytest.fixture(params=["sqlite", "fake"])
async def stores(
    request: pytest.FixtureRequest, database: SqliteDatabase, vault: Vault
) -> Mapping[str, Any]:
    """Each store, and what opens its transactions."""
    await join(database, ADA)
    await join(database, BOB)
    if request.param == "fake":
        return {
            "checkins": FakeCheckInStore(),
            "aways": FakeAwayStore(),
            "signals": FakeSignalStore(),
            "sets": FakePromptSetStore(),
            "db": FakeTransactor(),
        }
    return {
        "checkins": CheckInStore(database, vault),
        "aways": AwayStore(database),
        "signals": SignalStore(database),
        "sets": PromptSetStore(database),
        "db": database,
    }


def checkin(
    day: date = MONDAY,
    state: CheckInState = CheckInState.SCHEDULED,
    person: ParticipantId = ADA,
    **changes: Any,
) -> CheckIn:
    due = datetime.combine(day, NOON.timetz())
    fields: dict[str, Any] = {
        "id": CheckInId(new_id()),
        "participant_id": person,
        "day": day,
        "set_id": "daily",
        "set_version": 1,
        "state": state,
        "due_at": due,
        "closes_at": due + timedelta(hours=12),
    }
    return CheckIn(**fields | changes)


async def plan(stores: Mapping[str, Any], *checkins: CheckIn) -> None:
    async with stores["db"].transaction() as tx:
        await stores["checkins"].plan(tx, checkins)


async def save(
    stores: Mapping[str, Any], checkin: CheckIn, texts: Mapping[str, str] | None = None
) -> None:
    sealed = await stores["checkins"].seal(checkin.participant_id, checkin.day, texts or {})
    async with stores["db"].transaction() as tx:
        await stores["checkins"].save(tx, checkin, sealed)


async def test_a_day_is_planned_once(stores: Mapping[str, Any]) -> None:
    first, second = checkin(), checkin(state=CheckInState.NO_ANSWER)

    await plan(stores, first)
    await plan(stores, second, checkin(TUESDAY))

    assert await stores["checkins"].get(ADA, MONDAY) == first
    assert len(await stores["checkins"].since(ADA, MONDAY)) == 2


async def test_an_answer_keeps_what_the_prompt_left(stores: Mapping[str, Any]) -> None:
    asked = checkin()
    await plan(stores, asked)
    answer = replace(
        checkin(state=CheckInState.ANSWERED, answered_at=NOON, levels=LEVELS), set_version=2
    )

    await save(stores, answer, {"note": "a walk"})

    kept = await stores["checkins"].get(ADA, MONDAY)
    assert kept == replace(
        asked, state=CheckInState.ANSWERED, set_version=2, answered_at=NOON, levels=LEVELS
    )
    assert await stores["checkins"].texts(ADA, MONDAY) == {"note": "a walk"}


async def test_a_changed_answer_replaces_the_first(stores: Mapping[str, Any]) -> None:
    await save(stores, checkin(state=CheckInState.ANSWERED, levels=LEVELS), {"note": "one"})
    await save(stores, checkin(state=CheckInState.ANSWERED), {})

    kept = await stores["checkins"].get(ADA, MONDAY)
    assert kept.levels == {}
    assert await stores["checkins"].texts(ADA, MONDAY) == {}


async def test_only_what_is_in_the_right_state_moves(stores: Mapping[str, Any]) -> None:
    await plan(stores, checkin(), checkin(TUESDAY, CheckInState.ANSWERED))
    store = stores["checkins"]

    moved = await store.move(ADA, [MONDAY, TUESDAY], CheckInState.SENT, at=NOON)
    again = await store.move(ADA, [MONDAY], CheckInState.SENT, at=NOON + timedelta(hours=1))

    assert (moved, again) == (1, 1)
    kept = await store.get(ADA, MONDAY)
    assert (kept.state, kept.sent_at) == (CheckInState.SENT, NOON)
    assert (await store.get(ADA, TUESDAY)).state is CheckInState.ANSWERED


async def test_what_was_opened_was_sent(stores: Mapping[str, Any]) -> None:
    await plan(stores, checkin())

    await stores["checkins"].move(ADA, [MONDAY], CheckInState.OPENED, at=NOON)

    kept = await stores["checkins"].get(ADA, MONDAY)
    assert (kept.sent_at, kept.opened_at) == (NOON, NOON)


async def test_only_what_was_never_sent_is_dropped(stores: Mapping[str, Any]) -> None:
    await plan(stores, checkin(), checkin(TUESDAY, CheckInState.SENT))

    async with stores["db"].transaction() as tx:
        await stores["checkins"].drop(tx, ADA, MONDAY)
        await stores["checkins"].drop(tx, ADA, TUESDAY)

    assert [one.day for one in await stores["checkins"].since(ADA, date.min)] == [TUESDAY]


async def test_days_of_many_people_are_found_at_once(stores: Mapping[str, Any]) -> None:
    mine, theirs = checkin(), checkin(TUESDAY, person=BOB)
    await plan(stores, mine, theirs, checkin(TUESDAY))

    async with stores["db"].transaction() as tx:
        found = await stores["checkins"].of_days(tx, [(ADA, MONDAY), (BOB, MONDAY), (BOB, TUESDAY)])

    assert found == {(ADA, MONDAY): mine, (BOB, TUESDAY): theirs}


async def test_open_ones_are_found_until_their_window_is_over(stores: Mapping[str, Any]) -> None:
    store = stores["checkins"]
    await plan(
        stores,
        checkin(),
        checkin(TUESDAY, CheckInState.OPENED),
        checkin(person=BOB, state=CheckInState.ANSWERED),
    )
    closes = NOON + timedelta(hours=12)

    async with stores["db"].transaction() as tx:
        among = await store.open_among(tx, [ADA, BOB], NOON)
        before = await store.over(tx, closes - timedelta(seconds=1), 10)
        over = await store.over(tx, closes, 10)

    assert set(among) == {ADA}
    assert not before
    assert [one.day for one in over] == [MONDAY]
    assert [one.day for one in await store.open_of(ADA)] == [TUESDAY, MONDAY]
    assert await store.next_over() == closes


async def test_ranges_away_are_cut_at_a_day(stores: Mapping[str, Any]) -> None:
    store = stores["aways"]
    first = Away(id="1", participant_id=ADA, first=date(2026, 1, 1), last=TUESDAY)
    later = Away(id="2", participant_id=ADA, first=date(2026, 2, 1), last=date(2026, 2, 2))
    theirs = Away(id="3", participant_id=BOB, first=MONDAY, last=TUESDAY)
    async with stores["db"].transaction() as tx:
        for away in (later, first, theirs):
            await store.add(tx, away, NOON)

    async with stores["db"].transaction() as tx:
        cut = await store.cut(tx, ADA, MONDAY)
        nothing = await store.cut(tx, ADA, MONDAY)

    assert (cut, nothing) == (2, 0)
    assert [(one.first, one.last) for one in await store.of(ADA)] == [
        (date(2026, 1, 1), date(2026, 1, 4))
    ]
    assert await store.of(ADA, MONDAY) == []
    assert await store.of(BOB, TUESDAY) == [theirs]


async def test_a_heads_up_is_pending_until_the_team_has_it(stores: Mapping[str, Any]) -> None:
    store = stores["signals"]
    async with stores["db"].transaction() as tx:
        await store.add(tx, ADA, CaseSource.QUIET, NOON)
        await store.add(tx, BOB, CaseSource.LOW_TWICE, NOON + timedelta(minutes=1))
    first, second = await store.pending()

    taken = await store.take(first.id, NOON), await store.take(first.id, NOON)
    await store.withdraw(second.id)

    assert (first.participant_id, first.source, first.found_at) == (ADA, CaseSource.QUIET, NOON)
    assert taken == (True, False)
    assert await store.pending() == []
    async with stores["db"].transaction() as tx:
        assert await store.was_found(tx, ADA, CaseSource.QUIET, NOON - timedelta(seconds=1))
        assert not await store.was_found(tx, ADA, CaseSource.QUIET, NOON)
        assert not await store.was_found(tx, BOB, CaseSource.LOW_TWICE, NOON)


async def test_a_person_is_offered_once_and_nudged_anew(stores: Mapping[str, Any]) -> None:
    store = stores["signals"]
    offered = await store.mark_offered(ADA, NOON), await store.mark_offered(ADA, NOON)
    async with stores["db"].transaction() as tx:
        await store.mark_nudged(tx, ADA, NOON)
        await store.mark_nudged(tx, ADA, NOON + timedelta(days=1))

    assert offered == (True, False)
    assert await store.marks(ADA) == Marks(nudged_at=NOON + timedelta(days=1), offered_at=NOON)
    assert await store.marks(BOB) == Marks()


def shipped() -> Sets:
    content = load_content(DATA)
    return {code: one.prompt_sets["daily"] for code, one in content.languages.items()}


async def test_a_version_is_added_once_and_read_back_whole(stores: Mapping[str, Any]) -> None:
    store, sets = stores["sets"], shipped()
    one = Edition(set_id="daily", version=1, sets=sets, is_shipped=True, published_at=NOON)
    two = replace(one, version=2, is_shipped=False, published_by=7)

    added = [await store.add(edition) for edition in (two, one, two)]

    assert added == [True, True, False]
    assert await store.editions("daily") == [one, two]
    assert await store.editions("other") == []


async def test_one_draft_is_kept(stores: Mapping[str, Any]) -> None:
    store, sets = stores["sets"], shipped()
    async with stores["db"].transaction() as tx:
        await store.save_draft(tx, "daily", sets, by=7, at=NOON)
        await store.save_draft(tx, "daily", {"en": sets["en"]}, by=8, at=NOON)

    assert await store.draft("daily") == {"en": sets["en"]}
    assert await store.drop_draft("daily")
    assert not await store.drop_draft("daily")
    assert await store.draft("daily") is None


async def test_what_was_typed_is_locked_on_the_disk(database: SqliteDatabase, vault: Vault) -> None:
    await join(database, ADA)
    store = CheckInStore(database, vault)
    sealed = await store.seal(ADA, MONDAY, {"note": "nobody's business"})
    async with database.transaction() as tx:
        await store.save(tx, checkin(state=CheckInState.ANSWERED), sealed)

    row = await database.fetch_one("SELECT * FROM checkins")

    assert b"business" not in row["texts"]
    assert (await store.export(ADA))[0]["texts"] == {"note": "nobody's business"}


async def test_a_person_takes_everything_along_and_leaves_nothing(
    database: SqliteDatabase, vault: Vault
) -> None:
    await join(database, ADA)
    checkins, aways, signals = (
        CheckInStore(database, vault), AwayStore(database), SignalStore(database)
    )  # fmt: skip
    async with database.transaction() as tx:
        await checkins.save(tx, checkin(state=CheckInState.ANSWERED, levels=LEVELS), None)
        away = Away(id="1", participant_id=ADA, first=MONDAY, last=TUESDAY)
        await aways.add(tx, away, NOON)
        await signals.add(tx, ADA, CaseSource.QUIET, NOON)
    await signals.mark_offered(ADA, NOON)

    exported = [await store.export(ADA) for store in (checkins, aways, signals)]
    for store in (checkins, aways, signals):
        await store.forget(ADA)

    assert exported[0][0]["levels"] == {"mood": [3, 4], "own": [0, 1]}
    assert exported[1][0]["first_day"] == "2026-01-05"
    assert [row.get("source") for row in exported[2]] == ["quiet", None]
    for table in ("checkins", "checkin_levels", "aways", "signals", "checkin_marks"):
        assert await database.fetch_all(f"SELECT * FROM {table}") == []
