"""Requests for the care team: opened by a person, a heads-up or a concern."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import BOT, AuditAction, Subject
from bot.domain.case import (
    ASKED_FOR,
    Case,
    CaseEventKind,
    CaseSource,
    Circle,
    Severity,
    narrower,
)
from bot.domain.concern import Concern, severity_of
from bot.domain.ids import CaseId, ConcernId, ParticipantId, new_id
from bot.domain.left_note import urgency
from bot.errors import UserError
from bot.services.case_clocks import MAY_KNOW
from bot.services.case_ports import Auditor, CaseStore, ConcernStore
from bot.services.database_port import Transactor
from bot.services.duty import DutyService
from bot.services.participants import ParticipantService
from bot.services.room_ports import Screen


@dataclass(frozen=True, kw_only=True, slots=True)
class AskOutcome:
    """What a person who asked is told.

    Attributes:
        is_new: This request opened a case; otherwise one was open already.
        on_duty: Somebody who may help is on duty now.
        next_on: When somebody who may help is next on; nothing where nobody is planned.
        outside: Whom to call where nobody on the team may help.
        case: The request as it stands.
    """

    case: Case
    is_new: bool
    on_duty: bool
    next_on: datetime | None = None
    outside: str = ""

    @property
    def nobody(self) -> bool:
        """Whether everyone on the team has a conflict with this request."""
        return self.case.circle is Circle.NOBODY

    @property
    def case_id(self) -> CaseId:
        """The case's ID."""
        return self.case.id


class Clocks(Protocol):
    """Rings the team, in the transaction of what it is rung for."""

    async def opened(self, case: Case, tx: Any, about: str = "") -> None: ...
    async def asked_again(
        self, case: Case, severity: Severity, tx: Any, about: str = ""
    ) -> bool: ...


class CaseService:
    """Opens cases; two presses at once make one."""

    def __init__(
        self,
        *,
        cases: CaseStore,
        concerns: ConcernStore,
        database: Transactor,
        participants: ParticipantService,
        duty: DutyService,
        clocks: Clocks,
        audit: Auditor,
        clock: Clock,
        screen: Screen | None = None,
    ) -> None:
        self._screen = screen
        self._cases = cases
        self._concerns = concerns
        self._database = database
        self._participants = participants
        self._duty = duty
        self._clocks = clocks
        self._audit = audit
        self._clock = clock

    async def ask(
        self,
        user_id: int,
        source: CaseSource = CaseSource.ASK,
        severity: Severity = Severity.TODAY,
        detail: str | None = None,
        *,
        about: str = "",
        within: Circle = Circle.TEAM,
    ) -> AskOutcome:
        """Bring a request for a person to the team, whatever was consented to.

        Asking again while a request is open opens no second one; it rings the team again once
        ten minutes have passed, or at once when it is more urgent or about something else.

        Args:
            user_id: The person.
            source: What brought it.
            severity: How urgent it is.
            detail: What they wrote, kept sealed.
            about: What it is about, such as a class of risk; each rings by itself.
            within: Who may know of a new case at most.
        """
        case = None
        while case is None:
            opened = await self._open(
                user_id, source, severity, note=detail, about=about, within=within
            )
            # Where the team closes the open one in between, this opens another.
            case = opened or await self._again(user_id, source, severity, detail, about)
        return AskOutcome(
            case=case,
            is_new=opened is not None,
            on_duty=bool(self._duty.free_to_help([user_id], leads_only=case.is_apart)),
            next_on=self.next_on([user_id]),
            outside=self._duty.outside,
        )

    def someone_is_on(self, user_id: int) -> bool:
        """Tell whether somebody who may help this person is on duty, without the database."""
        return bool(self._duty.free_to_help([user_id], leads_only=self._duty.apart([user_id])))

    async def signal(self, participant_id: ParticipantId, source: CaseSource) -> CaseId | None:
        """Bring a heads-up to the team; the caller has made sure of the consent."""
        participant = await self._participants.by_id(participant_id)
        if participant is None:
            return None
        case = await self._open(participant.user_id, source, Severity.TODAY)
        return None if case is None else case.id

    async def raise_concern(
        self,
        user_id: int,
        *,
        reason: str,
        text: str,
        about_id: int | None = None,
        channel_id: int | None = None,
        message_id: int | None = None,
        may_contact: bool = False,
    ) -> AskOutcome:
        """Bring a concern to the team; the person it is about learns nothing.

        Args:
            user_id: Who raises it.
            reason: One of the five.
            text: What they wrote; one that sounds like danger is more urgent than its reason.
            about_id: Whom it is about, where they are named.
            channel_id: Where the post is.
            message_id: The post it is about.
            may_contact: The team may write to whom it is about.

        Raises:
            UserError: A concern about oneself, or about the bot.
        """
        if about_id == user_id:
            raise UserError("care.concern.self")
        participant = await self._participants.find(user_id)
        concern = Concern(
            id=ConcernId(new_id()),
            case_id=CaseId(new_id()),
            participant_id=participant.id if participant else None,
            reporter_id=user_id,
            about_id=about_id,
            reason=reason,
            text=text,
            channel_id=channel_id,
            message_id=message_id,
            created_at=self._clock(),
            may_contact=may_contact,
        )
        severity = severity_of(reason)
        if self._screen is not None:
            severity = min(severity, urgency(self._screen.screen(text)) or severity)
        case = await self._open(
            user_id, CaseSource.CONCERN, severity, concern=concern, about_id=about_id
        )
        if case is None:
            raise RuntimeError("a concern always opens a case of its own")
        people = [user_id, *([about_id] if about_id else [])]
        helpers = self._duty.free_to_help(people, leads_only=case.is_apart)
        return AskOutcome(
            case=case,
            is_new=True,
            on_duty=bool(helpers),
            next_on=self.next_on(people),
            outside=self._duty.outside,
        )

    async def own_requests(self, user_id: int) -> Sequence[Case]:
        """Return a person's own open requests; never what others raised."""
        return [case for case in await self._cases.unclosed_of(user_id) if case.source in ASKED_FOR]

    async def own_request(self, case_id: str, user_id: int) -> Case:
        """Return one of a person's own requests, closed or not.

        Raises:
            UserError: There is none.
        """
        case = await self._cases.get(case_id)
        if case is None or case.user_id != user_id or case.source not in ASKED_FOR:
            raise UserError("core.note_closed")
        return case

    async def known_request(self, case_id: str, user_id: int) -> Case:
        """Return a request the person knows of, closed or not: their own, or one by the screen.

        Raises:
            UserError: There is none.
        """
        case = await self._cases.get(case_id)
        if case is None or case.user_id != user_id or case.source not in MAY_KNOW:
            raise UserError("core.note_closed")
        return case

    def next_on(self, people: Collection[int]) -> datetime | None:
        """Return when somebody who may help is next on, where that is still to come."""
        planned = self._duty.next_on(people)
        return planned if planned is not None and planned > self._clock() else None

    async def _open(
        self,
        user_id: int,
        source: CaseSource,
        severity: Severity,
        *,
        note: str | None = None,
        concern: Concern | None = None,
        about_id: int | None = None,
        about: str = "",
        within: Circle = Circle.TEAM,
    ) -> Case | None:
        people = [user_id, *([about_id] if about_id else [])]
        participant = await self._participants.find(user_id)
        now, event_id = self._clock(), new_id()
        case = Case(
            id=concern.case_id if concern else CaseId(new_id()),
            ref="",
            participant_id=participant.id if participant else None,
            user_id=user_id,
            source=source,
            severity=severity,
            circle=narrower(self._duty.circle(people), within),
            opened_at=now,
            paged_at=now,
        )
        sealed = await self._cases.seal_note(case.id, event_id, note)
        body = await self._concerns.seal(concern) if concern else b""
        async with self._database.transaction() as tx:
            opened = await self._cases.add(case, tx)
            if opened is None:
                return None
            await self._cases.record(
                opened.id,
                CaseEventKind.OPENED,
                at=now,
                actor_id=user_id if source in ASKED_FOR else None,
                tx=tx,
                event_id=event_id,
                sealed=sealed,
            )
            if concern is not None:
                await self._concerns.add(concern, body, tx)
            await self._audit.record(
                BOT, AuditAction.CASE_OPENED, Subject.case(opened.id), tx=tx, source=source
            )
            await self._clocks.opened(opened, tx, about)
        return opened

    async def _again(
        self, user_id: int, source: CaseSource, severity: Severity, note: str | None, about: str
    ) -> Case | None:
        """Keep that a person asked again; nothing where their request was closed meanwhile."""
        unclosed = await self._cases.unclosed_of(user_id)
        known = next((case for case in unclosed if case.source is source), None)
        if known is None:
            return None
        now, event_id = self._clock(), new_id()
        sealed = await self._cases.seal_note(known.id, event_id, note)
        async with self._database.transaction() as tx:
            case = await self._cases.get(known.id, tx)
            if case is None or case.is_closed:
                return None
            await self._cases.record(
                case.id,
                CaseEventKind.ASKED_AGAIN,
                at=now,
                actor_id=user_id if source in ASKED_FOR else None,
                tx=tx,
                event_id=event_id,
                sealed=sealed,
            )
            await self._clocks.asked_again(case, severity, tx, about)
            return await self._cases.get(case.id, tx)
