"""Notes to colleagues: who reads them, and who finds the card empty."""

from dataclasses import dataclass

import pytest

from bot.domain.audit import AuditAction
from bot.domain.ids import ModerationId
from bot.domain.moderation import Act, ActKind
from bot.errors import UserError
from bot.services.colleague_notes import ColleagueNotes
from bot.store.colleague_notes import ColleagueNoteStore
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import START, FakeClock
from tests.fakes.room_tools import (
    ANA,
    BEN,
    LEAD,
    MODERATOR,
    FakeAudit,
    FakeDuty,
    FakePeople,
    keep,
    person,
)


class FakeActs:
    """One timeout."""

    async def about(self, user_id: int) -> list[Act]:
        act = Act(id=ModerationId("a"), kind=ActKind.TIMEOUT, by_id=1, begun_at=START)
        return [act] if user_id == ANA else []


@dataclass
class Cards:
    """The cards of people."""

    notes: ColleagueNotes
    duty: FakeDuty
    audit: FakeAudit


@pytest.fixture
async def cards(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> Cards:
    ana = person("ana", ANA)
    await keep(database, ana)
    duty, audit = FakeDuty(), FakeAudit()
    notes = ColleagueNotes(
        store=ColleagueNoteStore(database, vault),
        acts=FakeActs(),
        participants=FakePeople(joined={ANA: ana}),
        duty=duty,
        access=audit,
        audit=audit,
        database=database,
        clock=clock,
    )
    return Cards(notes, duty, audit)


async def test_a_colleague_reads_the_note_and_the_opening_is_logged(cards: Cards) -> None:
    await cards.notes.write(ANA, MODERATOR, "Likes to be greeted.")

    file = await cards.notes.open(ANA, LEAD)

    assert [note.text for note in file.notes] == ["Likes to be greeted."]
    assert [act.kind for act in file.acts] == [ActKind.TIMEOUT]
    assert [action for action, _ in cards.audit.lines] == [AuditAction.COLLEAGUE_NOTED]
    assert len(cards.audit.openings) == 1


async def test_a_partner_on_the_team_finds_the_card_as_empty_as_a_new_one(cards: Cards) -> None:
    await cards.notes.write(ANA, LEAD, "She asked for distance.")
    cards.duty.conflicts = {(MODERATOR.user_id, ANA)}

    hidden, new = await cards.notes.open(ANA, MODERATOR), await cards.notes.open(BEN, MODERATOR)

    assert [list(one.notes) for one in (hidden, new)] == [[], []]
    assert [list(one.acts) for one in (hidden, new)] == [[], []]
    assert hidden.code is new.code is None
    assert cards.audit.openings == []
    assert len((await cards.notes.open(ANA, LEAD)).notes) == 1


async def test_an_empty_note_and_one_about_oneself_are_refused(cards: Cards) -> None:
    with pytest.raises(UserError, match=r"moderation\.note_empty"):
        await cards.notes.write(ANA, MODERATOR, "")
    with pytest.raises(UserError, match=r"moderation\.note_self"):
        await cards.notes.write(MODERATOR.user_id, MODERATOR, "x")
