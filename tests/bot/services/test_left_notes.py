"""Notes left in closed rooms."""

from datetime import timedelta

import pytest

from bot.domain.case import Case, CaseSource, Circle, Severity
from bot.domain.ids import CaseId
from bot.errors import KeyLostError, UserError
from bot.services.cases import AskOutcome
from bot.services.left_notes import LONGEST, LeftNotes
from bot.store.database import SqliteDatabase
from bot.store.left_notes import BODY, LeftNoteStore
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.rooms import HOST, FakeScreen, Rooms

ANA = 1


class FakeRequests:
    """Remembers what came to the team; may be killed before it is noted as passed on."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.asked: list[tuple[int, CaseSource, Severity, str | None]] = []

    async def ask(
        self,
        user_id: int,
        source: CaseSource = CaseSource.ASK,
        severity: Severity = Severity.TODAY,
        detail: str | None = None,
    ) -> AskOutcome:
        self.asked.append((user_id, source, severity, detail))
        case = Case(
            id=CaseId("c"),
            ref="BCDFG",
            participant_id=None,
            user_id=user_id,
            source=source,
            severity=severity,
            opened_at=self.clock(),
            paged_at=self.clock(),
        )
        return AskOutcome(case=case, is_new=True, on_duty=False)


@pytest.fixture
async def rooms(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> Rooms:
    return await Rooms(database, vault, clock).load()


@pytest.fixture
def requests(clock: FakeClock) -> FakeRequests:
    return FakeRequests(clock)


@pytest.fixture
def notes(
    rooms: Rooms, requests: FakeRequests, database: SqliteDatabase, vault: Vault
) -> LeftNotes:
    return LeftNotes(
        store=LeftNoteStore(database, vault),
        requests=requests,
        participants=rooms.participants,
        duty=rooms.duty,
        screen=FakeScreen(),
        clock=rooms.clock,
    )


async def test_a_note_waits_sealed_until_somebody_is_on(
    notes: LeftNotes, requests: FakeRequests, rooms: Rooms, database: SqliteDatabase
) -> None:
    await rooms.person(ANA)
    rooms.duty.next_at = rooms.clock() + timedelta(hours=7)
    text = "x" * LONGEST

    left = await notes.leave(ANA, rooms.shipped.id, text)
    await notes.pass_on()
    [row] = await database.fetch_all("SELECT * FROM left_notes")

    assert (left.outcome, left.next_on) == (None, rooms.duty.next_at)
    assert requests.asked == []
    assert text.encode() not in row["body"]

    rooms.duty.on = [HOST]
    await notes.pass_on()
    await notes.pass_on()
    assert requests.asked == [(ANA, CaseSource.LEFT_NOTE, Severity.TODAY, text)]


async def test_danger_words_do_not_wait(
    notes: LeftNotes, requests: FakeRequests, rooms: Rooms
) -> None:
    left = await notes.leave(ANA, rooms.shipped.id, "alarm")

    assert left.is_urgent
    assert requests.asked == [(ANA, CaseSource.LEFT_NOTE, Severity.NOW, "alarm")]


async def test_a_note_goes_at_once_where_somebody_is_on_elsewhere(
    notes: LeftNotes, requests: FakeRequests, rooms: Rooms
) -> None:
    rooms.duty.on = [HOST]

    left = await notes.leave(ANA, rooms.shipped.id, "hello")

    assert left.outcome is not None
    assert not left.is_urgent
    assert len(requests.asked) == 1


async def test_a_note_nobody_may_read_is_not_kept_for_ever(
    notes: LeftNotes, requests: FakeRequests, rooms: Rooms
) -> None:
    rooms.duty.circle_is = Circle.NOBODY

    left = await notes.leave(ANA, rooms.shipped.id, "hello")

    assert left.outcome is not None
    assert len(requests.asked) == 1


async def test_an_empty_note_is_refused_and_a_gone_room_loses_nothing(
    notes: LeftNotes, requests: FakeRequests, rooms: Rooms
) -> None:
    with pytest.raises(UserError) as error:
        await notes.leave(ANA, rooms.shipped.id, "  ")
    assert error.value.key == "rooms.note.empty"

    await notes.leave(ANA, "a room that is gone", "hello")
    rooms.duty.on = [HOST]
    await notes.pass_on()

    assert [asked[3] for asked in requests.asked] == ["hello"]


async def test_a_note_whose_passing_on_was_cut_off_comes_again(
    notes: LeftNotes, requests: FakeRequests, rooms: Rooms, database: SqliteDatabase, vault: Vault
) -> None:
    await notes.leave(ANA, rooms.shipped.id, "hello")
    rooms.duty.on = [HOST]
    [note] = await LeftNoteStore(database, vault).waiting()
    await requests.ask(note.user_id, CaseSource.LEFT_NOTE, Severity.TODAY, note.text)

    await notes.pass_on()

    assert [asked[3] for asked in requests.asked] == ["hello", "hello"]
    assert await LeftNoteStore(database, vault).waiting() == []


async def test_a_note_that_fails_keeps_no_other_from_the_team(
    notes: LeftNotes, requests: FakeRequests, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    await notes.leave(ANA, rooms.shipped.id, "first")
    await notes.leave(2, rooms.shipped.id, "second")
    rooms.duty.on = [HOST]
    ask = requests.ask

    async def fails_once(user_id: int, *given: object) -> AskOutcome:
        if user_id == ANA:
            raise RuntimeError("this one cannot be brought")
        return await ask(user_id, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(requests, "ask", fails_once)
    await notes.pass_on()
    assert [asked[3] for asked in requests.asked] == ["second"]

    monkeypatch.setattr(requests, "ask", ask)
    await notes.pass_on()
    assert [asked[3] for asked in requests.asked] == ["second", "first"]


async def test_what_leads_alone_may_read_does_not_wait_where_none_of_them_is_planned(
    notes: LeftNotes, requests: FakeRequests, rooms: Rooms
) -> None:
    rooms.duty.circle_is = Circle.LEADS
    left = await notes.leave(ANA, rooms.shipped.id, "now")
    rooms.duty.next_at = rooms.clock() + timedelta(hours=7)
    later = await notes.leave(ANA, rooms.shipped.id, "later")
    assert left.outcome is not None
    assert later.outcome is None

    rooms.duty.next_at = None
    await notes.pass_on()

    assert [asked[3] for asked in requests.asked] == ["now", "later"]


async def test_a_note_from_before_somebody_joined_goes_with_its_key(
    notes: LeftNotes, rooms: Rooms, database: SqliteDatabase, vault: Vault
) -> None:
    await notes.leave(ANA, rooms.shipped.id, "hello")
    [note] = await LeftNoteStore(database, vault).waiting()
    ana = await rooms.person(ANA)
    [row] = await database.fetch_all("SELECT * FROM left_notes")

    await LeftNoteStore(database, vault).forget(ana.id)

    assert await database.fetch_all("SELECT * FROM left_notes") == []
    with pytest.raises(KeyLostError):
        await vault.open(note.id, row["body"], at=BODY, row=note.id)
