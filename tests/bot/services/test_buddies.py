"""Buddies: both must want it, nobody learns of a no, and nobody is brought to who is kept apart."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.config import DATA
from bot.content import load_content
from bot.domain.buddy import LASTS, OFFER_LASTS
from bot.domain.delivery import Personal
from bot.domain.participant import Participant
from bot.errors import UserError
from bot.services.buddies import BuddyService
from bot.store.buddies import BuddyStore
from bot.store.database import SqliteDatabase
from bot.text import Catalog
from bot.ui.buddies import buddy_card
from tests.fakes.clock import FakeClock
from tests.fakes.room_tools import (
    ANA,
    BEN,
    LEAD,
    MODERATOR,
    FakeApart,
    FakeAudit,
    FakeDuty,
    FakeOutbox,
    keep,
    person,
)

ANN, BENN, CLEO = person("ana", ANA), person("ben", BEN), person("cleo", 603)


WORDS = Catalog.load(DATA / "locales").words("en")
CONTENT = load_content(DATA).texts("en")


@dataclass
class Meeting:
    """Three people, and what is between them."""

    service: BuddyService
    store: BuddyStore
    partners: FakeApart
    apart: FakeApart
    duty: FakeDuty
    outbox: FakeOutbox
    clock: FakeClock

    async def shown(self, who: Participant) -> object:
        """Return the card a person sees, to the last character."""
        standing = await self.service.standing(who)
        return buddy_card(WORDS, CONTENT, standing, who.id).view().to_components()

    async def offer(self) -> str:
        """Offer Ana and Ben to each other and return the offer's ID."""
        for one in (ANN, BENN):
            await self.service.wish(one)
        await self.service.propose(ANN.id, BENN.id, MODERATOR)
        offer = (await self.service.standing(ANN)).offer
        assert offer is not None
        return offer.id

    async def start(self) -> str:
        """Make Ana and Ben buddies."""
        offer = await self.offer()
        for one in (ANN, BENN):
            await self.service.answer(offer, one, accepts=True)
        return offer


@pytest.fixture
async def meeting(database: SqliteDatabase, clock: FakeClock) -> Meeting:
    await keep(database, ANN, BENN, CLEO)
    store, partners, apart = BuddyStore(database), FakeApart(), FakeApart()
    duty, outbox = FakeDuty(), FakeOutbox()
    service = BuddyService(
        store=store,
        partners=partners,
        keep_apart=apart,
        duty=duty,
        outbox=outbox,
        audit=FakeAudit(),
        database=database,
        clock=clock,
    )
    return Meeting(service, store, partners, apart, duty, outbox, clock)


async def test_it_starts_once_both_said_yes_and_both_are_told(meeting: Meeting) -> None:
    offer = await meeting.offer()
    await meeting.service.answer(offer, ANN, accepts=True)
    waiting = await meeting.service.standing(ANN)
    assert (waiting.offer, waiting.buddy) == (None, None)
    assert waiting.answered is not None

    await meeting.service.answer(offer, BENN, accepts=True)
    await meeting.service.answer(offer, BENN, accepts=True)

    standing = await meeting.service.standing(ANN)
    assert standing.buddy is not None
    assert standing.buddy.other_user(ANN.id) == BEN
    assert not standing.wishes
    assert meeting.outbox.kinds() == ["buddy.offered"] * 2 + ["buddy.started"] * 2


async def test_a_no_looks_like_no_answer_to_the_other_and_to_the_team(meeting: Meeting) -> None:
    offer = await meeting.offer()
    await meeting.service.answer(offer, ANN, accepts=True)
    before = await meeting.shown(ANN)
    matches = await meeting.service.matches(LEAD)

    await meeting.service.answer(offer, BENN, accepts=False)
    await meeting.service.answer(offer, BENN, accepts=True)

    assert await meeting.shown(ANN) == before
    assert await meeting.service.matches(LEAD) == matches == []
    assert meeting.outbox.kinds() == ["buddy.offered"] * 2
    meeting.clock.advance(OFFER_LASTS)
    await meeting.service.sweep(meeting.clock())
    assert meeting.outbox.kinds() == ["buddy.offered"] * 2
    assert await meeting.service.matches(LEAD) == []


async def test_either_lets_go_and_the_other_sees_nothing_until_the_day(meeting: Meeting) -> None:
    offer = await meeting.start()
    before = await meeting.shown(ANN)

    await meeting.service.end(offer, BENN)

    assert await meeting.shown(ANN) == before
    assert (await meeting.service.standing(BENN)).buddy is None
    with pytest.raises(UserError, match=r"core\.note_closed"):
        await meeting.service.mine(offer, BENN.id)
    meeting.clock.advance(LASTS)
    await meeting.service.sweep(meeting.clock())
    told = [address for kind, address, _ in meeting.outbox.added if kind == "buddy.over"]
    assert told == [Personal(participant_id=ANN.id)]
    assert (await meeting.service.standing(ANN)).buddy is None


async def test_it_ends_for_both_in_the_same_words_without_anyone_letting_go(
    meeting: Meeting,
) -> None:
    await meeting.start()

    wanted = await meeting.service.sweep(meeting.clock())
    meeting.clock.advance(LASTS)
    assert wanted == meeting.clock()
    await meeting.service.sweep(meeting.clock())

    assert meeting.outbox.kinds().count("buddy.over") == 2


@pytest.mark.parametrize("which", ["partners", "apart"])
async def test_partners_and_people_kept_apart_are_never_brought_together(
    meeting: Meeting, which: str
) -> None:
    getattr(meeting, which).pairs = {BEN: frozenset({ANA}), ANA: frozenset({BEN})}
    for one in (ANN, BENN):
        await meeting.service.wish(one)

    assert await meeting.service.matches(LEAD) == []
    with pytest.raises(UserError, match=r"buddies\.not_now"):
        await meeting.service.propose(ANN.id, BENN.id, LEAD)


async def test_who_is_kept_apart_after_the_offer_never_starts(meeting: Meeting) -> None:
    offer = await meeting.offer()
    await meeting.service.answer(offer, ANN, accepts=True)
    meeting.apart.pairs = {ANA: frozenset({BEN}), BEN: frozenset({ANA})}

    await meeting.service.answer(offer, BENN, accepts=True)

    assert "buddy.started" not in meeting.outbox.kinds()
    with pytest.raises(UserError, match=r"core\.note_closed"):
        await meeting.service.mine(offer, ANN.id)


async def test_a_partner_on_the_team_sees_nobody_of_theirs_on_the_list(meeting: Meeting) -> None:
    meeting.duty.conflicts = {(MODERATOR.user_id, ANA)}
    for one in (ANN, BENN, CLEO):
        await meeting.service.wish(one)

    seen = {wish.user_id for pair in await meeting.service.matches(MODERATOR) for wish in pair}

    assert seen == {BEN, CLEO.user_id}
    assert len(await meeting.service.matches(LEAD)) == 3


async def test_two_proposals_in_one_moment_make_one_offer(meeting: Meeting) -> None:
    await meeting.offer()

    with pytest.raises(UserError, match=r"buddies\.not_now"):
        await meeting.service.propose(ANN.id, BENN.id, LEAD)


async def test_an_offer_is_nobody_elses(meeting: Meeting) -> None:
    offer = await meeting.offer()

    for act in (
        meeting.service.answer(offer, CLEO, accepts=True),
        meeting.service.end(offer, CLEO),
    ):
        with pytest.raises(UserError, match=r"core\.note_not_yours"):
            await act


async def test_who_leaves_ends_it_without_a_word(meeting: Meeting) -> None:
    await meeting.start()
    before = await meeting.shown(ANN)

    await meeting.service.left(BENN.id)

    assert await meeting.shown(ANN) == before
    assert meeting.outbox.kinds().count("buddy.over") == 0


async def test_the_export_tells_of_ones_own_answer_alone(meeting: Meeting) -> None:
    offer = await meeting.offer()
    await meeting.service.answer(offer, BENN, accepts=False)

    [_, mine] = await meeting.store.export(ANN.id)
    assert mine["answer"] == ""
    meeting.clock.advance(timedelta(days=1))
    assert str(BEN) not in str(await meeting.store.export(ANN.id))
