"""Being away is honoured by every kind of message but cases and what the person asked for."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from bot.app.scheduling import KINDS
from bot.domain.delivery import Address, Channel, Kind, OutboxState, Personal, Reason
from bot.store.database import SqliteDatabase
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import Delivery, FakeHandler, join

TODAY = date(2026, 1, 5)

WAITS = {
    "checkin.prompt",
    "checkin.nudge",
    "consent.renew",
    "goal.cheer",
    "goal.invite",
    "goal.milestone",
    "goal.opened",
    "goal.reminder",
    "goal.review",
    "progress.weekly",
    "room.invited",
    "room.made_way",
    "buddy.offered",
    "buddy.over",
    "pair.question",
    "pair.safety",
    "pair.said",
    "pair.week",
    "pair.something",
    "pair.middle_way",
    "pair.ritual",
    "pair.ritual_week",
    "pair.thanks",
    "pair.plan",
    "pair.plan_review",
    "pair.agreement",
    "pair.agreement_review",
}
"""What does not come while its receiver is away."""

COMES: Mapping[str, str] = {
    "case.emergency": "a case: nobody has it, and the person must know",
    "case.no_one": "a case: nobody has it, and the person must know",
    "case.waiting": "a case: nobody has it, and the person must know",
    "case.closing": "a case: the person is asked whether it is settled",
    "case.followup": "a case: how it is a day later, which the person was told of",
    "case.thread": "a case: where somebody of the team writes to the person who asked",
    "case.unreached": "a case: somebody of the team wrote, as the person asked",
    "case.receipt": "a case: the person asked for the team, and somebody picked it up",
    "crisis.check_back": "the person asked to be asked again",
    "join.test": "the person asked where notes arrive",
    "room.moderated": "what they wrote, or a room, is gone: they must learn why",
    "question.answered": "the person asked the team",
    "buddy.started": "somebody else may write to them from now on",
    "pair.invited": "somebody would like a space with them; it lasts two weeks",
    "pair.opened": "a space that they asked for is open from now on",
    "pair.pause": "a pause of the two of them is on, and until when",
    "pair.pause_return": "the pause both know of is up",
    "pair.pause_soft_start": "both are ready to talk again",
    "pair.hard_day": "the other one chose to tell them, at this hour",
    "pair.noticed": "a sign that they asked to be told of",
    "pair.closed": "a space is closed, and they must not wonder",
    "watch.card": "danger was found in what they wrote just now; their safe way was checked",
    "private.reset": "the person asked the team, and must learn of it if they did not",
}
"""What comes all the same, and why."""

TO_THE_TEAM = {
    "rota.gaps",
    "rota.handover",
    "rota.nobody",
    "rota.swap",
    "case.page",
    "case.request",
    "case.news",
    "case.opened",
    "case.outside",
    "ops.alert",
    "person.unreachable",
    "rehearsal.play",
    "rehearsal.summary",
    "report.weekly",
    "staff.departed",
    "staff.handed",
    "setup.gone",
    "room.trouble",
    "room.turned_away",
    "setup.roles",
    "setup.key",
    "watch.digest",
    "watch.down",
    "watch.back",
    "watch.filter",
    "question.waiting",
    "question.for_all",
    "room.weekly",
    "room.evening",
    "room.welcome",
    "room.celebration",
    "pair.asked",
    "guard.drift",
    "guard.thread",
    "pair.pause_thread",
    "pair.turns",
}
"""What goes to a channel, where nobody in particular can be away."""


def test_each_kind_is_decided_about() -> None:
    """A new kind goes into one of the three lists above, with its reason where it comes."""
    assert WAITS | COMES.keys() | TO_THE_TEAM == KINDS.keys()
    assert len(WAITS) + len(COMES) + len(TO_THE_TEAM) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
async def test_away_holds_back_what_waits_and_nothing_else(
    database: SqliteDatabase, clock: FakeClock, kind: Kind
) -> None:
    delivery = Delivery(
        database, clock, kinds=KINDS, handlers={name: FakeHandler() for name in KINDS}
    )
    person = await join(database, "ana")
    away = (TODAY - timedelta(days=1), TODAY + timedelta(days=1))
    delivery.people.change(person, away=(away,))
    address: Address = Personal(participant_id=person)
    if kind.name in TO_THE_TEAM:
        address = Channel(key="channel.staff")
    await delivery.outbox.add(kind, address, due_at=clock())

    await delivery.run()

    [row] = await delivery.rows()
    if kind.name in WAITS:
        assert (row.state, row.reason) == (OutboxState.CLOSED, Reason.EXCUSED)
    else:
        assert row.state is OutboxState.SENT
