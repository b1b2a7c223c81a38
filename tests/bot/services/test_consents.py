"""The consent ledger and what hangs on it."""

from dataclasses import replace

import pytest

from bot.config import DATA
from bot.content import load_content
from bot.domain.consent import ConsentKind, Standing
from bot.domain.ids import ParticipantId
from bot.domain.participant import Participant, Preferences
from bot.services.consents import ConsentService
from bot.store.consents import ConsentStore
from bot.store.database import SqliteDatabase
from bot.store.participants import ParticipantStore
from tests.fakes.clock import FakeClock

WORDING = load_content(DATA).texts("en").consents
DAILY = ConsentKind.DAILY_PROMPTS
ANA = ParticipantId("participant-ana-000001")


@pytest.fixture
async def ana(database: SqliteDatabase, clock: FakeClock) -> Participant:
    person = Participant(
        id=ANA, user_id=1, created_at=clock(), preferences=Preferences(locale="es")
    )
    await ParticipantStore(database).add(person)
    return person


@pytest.fixture
def consents(database: SqliteDatabase, clock: FakeClock) -> ConsentService:
    return ConsentService(ConsentStore(database), WORDING, clock)


async def test_nothing_is_given_until_it_was_asked(
    consents: ConsentService, ana: Participant
) -> None:
    standings = await consents.standings(ana.id)

    assert set(standings.values()) == {Standing.NOT_ASKED}
    assert set(standings) == {kind for kind, text in WORDING.items() if text.is_in_use}
    assert not await consents.given(ana.id, DAILY)


async def test_a_yes_is_kept_with_the_version_and_language_it_was_read_in(
    consents: ConsentService, ana: Participant, database: SqliteDatabase, clock: FakeClock
) -> None:
    await consents.give(ana, DAILY)

    entry = (await ConsentStore(database).current(ana.id))[DAILY]
    assert (entry.given, entry.text_version, entry.locale) == (True, WORDING[DAILY].version, "es")
    assert entry.at == clock()
    assert await consents.given(ana.id, DAILY)


async def test_the_ledger_only_grows(
    consents: ConsentService, ana: Participant, database: SqliteDatabase
) -> None:
    for _ in range(2):
        await consents.give(ana, DAILY)
        await consents.give(ana, DAILY)
        await consents.revoke(ana, DAILY)

    lines = await ConsentStore(database).export(ana.id)
    assert [line["given"] for line in lines] == [1, 0, 1, 0]


async def test_a_new_text_asks_again_and_a_no_stays_a_no(
    ana: Participant, database: SqliteDatabase, clock: FakeClock
) -> None:
    old = ConsentService(ConsentStore(database), WORDING, clock)
    await old.give(ana, DAILY)
    await old.revoke(ana, ConsentKind.GROUPS)
    newer = {kind: replace(text, version=text.version + 1) for kind, text in WORDING.items()}

    now = ConsentService(ConsentStore(database), newer, clock)

    standings = await now.standings(ana.id)
    assert standings[DAILY] is Standing.OUTDATED
    assert standings[ConsentKind.GROUPS] is Standing.REFUSED
    assert not await now.given(ana.id, DAILY)
    await now.give(ana, DAILY)
    assert await now.given(ana.id, DAILY)


async def test_what_rests_on_a_consent_hears_of_it_at_once(
    consents: ConsentService, ana: Participant
) -> None:
    heard: list[tuple[ParticipantId, bool]] = []

    async def listen(participant_id: ParticipantId, given: bool) -> None:
        heard.append((participant_id, given))
        assert await consents.given(participant_id, DAILY) is given

    consents.on_change(DAILY, listen)
    await consents.give(ana, DAILY)
    await consents.give(ana, ConsentKind.GROUPS)
    await consents.revoke(ana, DAILY)

    assert heard == [(ANA, True), (ANA, False)]


async def test_a_listener_that_was_cut_off_hears_it_with_the_next_press(
    consents: ConsentService, ana: Participant, database: SqliteDatabase
) -> None:
    heard: list[bool] = []

    async def listen(_: ParticipantId, given: bool) -> None:
        heard.append(given)
        if len(heard) == 1:
            raise RuntimeError("cut off")

    consents.on_change(DAILY, listen)
    with pytest.raises(RuntimeError):
        await consents.revoke(ana, DAILY)
    await consents.revoke(ana, DAILY)

    assert heard == [False, False]
    assert len(await ConsentStore(database).export(ana.id)) == 1


async def test_who_may_be_in_the_rooms_is_known_without_the_database(
    consents: ConsentService, ana: Participant, database: SqliteDatabase, clock: FakeClock
) -> None:
    assert not consents.in_rooms(ana.id)
    await consents.give(ana, ConsentKind.GROUPS)
    assert consents.in_rooms(ana.id)

    fresh = ConsentService(ConsentStore(database), WORDING, clock)
    await fresh.load()
    assert fresh.in_rooms(ana.id)
    await fresh.revoke(ana, ConsentKind.GROUPS)
    assert not fresh.in_rooms(ana.id)
    await consents.load()
    assert not consents.in_rooms(ana.id)
