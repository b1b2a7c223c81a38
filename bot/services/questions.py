"""Questions that are not urgent: an inbox with a stated reply time."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import AuditAction, Subject
from bot.domain.case import CaseSource, Circle, Severity
from bot.domain.delivery import Channel, Kind, Personal, Priority
from bot.domain.ids import ParticipantId, QuestionId, new_id
from bot.domain.left_note import urgency
from bot.domain.participant import Participant
from bot.domain.place import PlaceKey
from bot.domain.question import MOST_OPEN, REMIND_AFTER, Question
from bot.domain.room import Room
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.case_ports import Auditor
from bot.services.cases import AskOutcome
from bot.services.database_port import Transactor
from bot.services.room_ports import Screen

log = logging.getLogger(__name__)

WAITING = Kind(name="question.waiting", priority=Priority.REMINDER)
"""To the team: a question came, or has waited as long as was promised."""

ANSWERED = Kind(name="question.answered", priority=Priority.INTERACTIVE, honours_away=False)
FOR_ALL = Kind(name="question.for_all", priority=Priority.REMINDER)
QUESTION_KINDS = (WAITING, ANSWERED, FOR_ALL)

QUESTION, LATE = "question", "late"
PLACES: Mapping[Circle, PlaceKey] = {
    Circle.TEAM: PlaceKey.CHANNEL_STAFF,
    Circle.LEADS: PlaceKey.CHANNEL_LEAD,
}
"""Where the team is told; where a lead has a conflict, the inbox alone holds it."""

SETTLED = "settled"


class QuestionStore(Protocol):
    """What this service needs of the store."""

    async def seal(self, question: Question) -> bytes: ...
    async def seal_answer(self, question: Question, text: str, shown: str) -> bytes: ...
    async def add(self, question: Question, sealed: bytes, tx: Any) -> None: ...
    async def get(self, question_id: str) -> Question | None: ...
    async def open(self) -> Sequence[Question]: ...
    async def count_open(self, participant_id: ParticipantId, tx: Any) -> int: ...
    async def of(self, participant_id: ParticipantId, limit: int = 10) -> Sequence[Question]: ...
    async def answer(
        self,
        question_id: str,
        sealed: bytes,
        *,
        by: int,
        room_id: str | None,
        at: datetime,
        tx: Any,
    ) -> bool: ...
    async def withdraw(
        self, question_id: str, participant_id: ParticipantId, at: datetime
    ) -> bool: ...


class Requests(Protocol):
    """Where danger goes."""

    async def ask(
        self,
        user_id: int,
        source: CaseSource = ...,
        severity: Severity = ...,
        detail: str | None = ...,
    ) -> AskOutcome: ...


class Duty(Protocol):
    """Who must learn nothing of whom."""

    def excluded(self, people: Collection[int]) -> frozenset[int]: ...
    def circle(self, people: Collection[int]) -> Circle: ...


class Outbox(Protocol):
    """Sends, and silences what is settled."""

    async def add(
        self,
        kind: Kind,
        address: Any,
        *,
        due_at: datetime,
        subject_id: str = "",
        args: Mapping[str, str] = ...,
        key: str | None = None,
        tx: Any = None,
    ) -> object: ...
    async def close_for(
        self,
        *,
        now: datetime,
        reason: str,
        subject_id: str | None = None,
        kinds: Collection[str] | None = None,
        tx: Any = None,
    ) -> int: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a person who asked is told.

    Attributes:
        outcome: The request it also became, where its words sounded like danger.
    """

    question: Question
    outcome: AskOutcome | None = None


class QuestionService:
    """Takes questions, and brings answers back in private or, where agreed, to a room."""

    def __init__(
        self,
        *,
        store: QuestionStore,
        requests: Requests,
        screen: Screen | None,
        duty: Duty,
        outbox: Outbox,
        audit: Auditor,
        database: Transactor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._requests = requests
        self._screen = screen
        self._duty = duty
        self._outbox = outbox
        self._audit = audit
        self._database = database
        self._clock = clock

    async def ask(self, participant: Participant, text: str, *, for_all: bool) -> Asked:
        """Take a question; one that sounds like danger goes to the team at once as well.

        Raises:
            UserError: It is empty, too many wait, or nobody on the team may read it.
        """
        if not text:
            raise UserError("questions.empty")
        question = Question(
            id=QuestionId(new_id()),
            participant_id=participant.id,
            user_id=participant.user_id,
            for_all=for_all,
            text=text,
            asked_at=self._clock(),
        )
        severity = None if self._screen is None else urgency(self._screen.screen(text))
        outcome = None
        if severity is not None:
            # First of all: whatever comes after may break.
            outcome = await self._requests.ask(
                participant.user_id, CaseSource.SCREEN, severity, text
            )
        if outcome is None and self._duty.circle([participant.user_id]) is Circle.NOBODY:
            raise UserError("care.ask.nobody")
        sealed = await self._store.seal(question)
        async with self._database.transaction() as tx:
            if await self._store.count_open(participant.id, tx) >= MOST_OPEN:
                if outcome is not None:
                    return Asked(question=question, outcome=outcome)
                raise UserError("questions.too_many", n=MOST_OPEN)
            await self._store.add(question, sealed, tx)
            await self._tell_team(question, tx)
        return Asked(question=question, outcome=outcome)

    async def own(self, participant: Participant) -> Sequence[Question]:
        """Return a person's own latest questions."""
        return await self._store.of(participant.id)

    async def own_one(self, question_id: str, participant_id: ParticipantId) -> Question:
        """Return one of a person's own questions.

        Raises:
            UserError: It is no longer kept, or not theirs.
        """
        question = await self._store.get(question_id)
        if question is None or question.participant_id != participant_id:
            raise UserError("core.note_closed")
        return question

    async def withdraw(self, question_id: str, participant: Participant) -> None:
        """Take a question back.

        Raises:
            UserError: It was answered before, or is not theirs.
        """
        if not await self._store.withdraw(question_id, participant.id, self._clock()):
            raise UserError("questions.settled_before")
        await self._outbox.close_for(
            now=self._clock(), reason=SETTLED, subject_id=question_id, kinds={WAITING.name}
        )

    async def inbox(self, member: StaffMember) -> Sequence[Question]:
        """Return what waits, as far as a member may know of it, the oldest first."""
        return [
            question
            for question in await self._store.open()
            if self._may_know(question.user_id, member)
        ]

    async def visible(self, question_id: str, member: StaffMember) -> Question:
        """Return a question to a member who may know of it.

        Raises:
            UserError: There is none, in the same words as where the member has a conflict.
        """
        question = await self._store.get(question_id)
        if question is None or not self._may_know(question.user_id, member):
            raise UserError("questions.unknown")
        return question

    async def posted(self, question_id: str) -> Question | None:
        """Return what is shown to all, for the card in a room."""
        return await self._store.get(question_id)

    async def answer(
        self,
        question_id: str,
        member: StaffMember,
        text: str,
        *,
        room: Room | None = None,
        shown: str = "",
    ) -> Question:
        """Answer in private, and in a room as well where the asker agreed to that.

        Args:
            question_id: The question.
            member: Who answers.
            text: The answer.
            room: The room the answer is also posted in.
            shown: The question as it stands there, in the team's words.

        Raises:
            UserError: It is empty, answered before, or the asker did not agree to a room.
        """
        question = await self.visible(question_id, member)
        if not text:
            raise UserError("questions.answer_empty")
        if room is not None and not question.for_all:
            raise UserError("questions.not_for_all")
        if room is not None and not shown:
            raise UserError("questions.shown_empty")
        now = self._clock()
        sealed = await self._store.seal_answer(question, text, shown)
        async with self._database.transaction() as tx:
            done = await self._store.answer(
                question.id,
                sealed,
                by=member.user_id,
                room_id=None if room is None else room.id,
                at=now,
                tx=tx,
            )
            if not done:
                raise UserError("questions.settled_before")
            await self._send_answer(question, room, tx)
            await self._audit.record(
                Subject.staff(member.user_id),
                AuditAction.QUESTION_ANSWERED,
                Subject.participant(question.participant_id),
                tx=tx,
                for_all=room is not None,
            )
        return question

    async def _send_answer(self, question: Question, room: Room | None, tx: Any) -> None:
        now = self._clock()
        await self._outbox.close_for(
            now=now, reason=SETTLED, subject_id=question.id, kinds={WAITING.name}, tx=tx
        )
        await self._outbox.add(
            ANSWERED,
            Personal(participant_id=question.participant_id),
            due_at=now,
            subject_id=question.id,
            args={QUESTION: question.id},
            key=f"{ANSWERED.name}:{question.id}",
            tx=tx,
        )
        if room is not None:
            await self._outbox.add(
                FOR_ALL,
                Channel(key=room.place.value),
                due_at=now,
                subject_id=question.id,
                key=f"{FOR_ALL.name}:{question.id}",
                tx=tx,
            )

    async def _tell_team(self, question: Question, tx: Any) -> None:
        """Tell the team where no one is who must not know; and again when the time is over."""
        place = PLACES.get(self._duty.circle([question.user_id]))
        if place is None:
            log.info("question %s waits in the inbox alone", question.id)
            return
        for due_at, args in ((question.asked_at, {}), (question.asked_at + REMIND_AFTER, LATER)):
            await self._outbox.add(
                WAITING,
                Channel(key=place),
                due_at=due_at,
                subject_id=question.id,
                args=args,
                tx=tx,
            )

    def _may_know(self, user_id: int, member: StaffMember) -> bool:
        if member.user_id in self._duty.excluded([user_id]):
            return False
        return member.is_lead or self._duty.circle([user_id]) is Circle.TEAM


LATER: Mapping[str, str] = {LATE: "1"}
