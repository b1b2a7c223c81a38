"""Joining: the way in, screen by screen, and the codes that open it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeAlias

from bot.clock import Clock
from bot.domain.audit import PROGRAMME, AuditAction, Subject
from bot.domain.ids import ParticipantId, new_id
from bot.domain.joining import (
    CODE_LIFE,
    MOST_TRIES,
    TRIES_WINDOW,
    Answer,
    IssuedCode,
    Progress,
    new_code_text,
    plain_code,
    pseudonym,
    pseudonym_number,
)
from bot.domain.participant import Delivery, Participant, ParticipantState, Preferences
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.participants import ParticipantService
from bot.services.profiles import Profiles
from bot.services.programme import ProgrammeService

OnJoined: TypeAlias = Callable[[Participant], Awaitable[None]]


class JoinCodeStore(Protocol):
    """What this service needs of the codes."""

    async def put(
        self,
        tx: Any,
        *,
        digest: bytes,
        code: str,
        by: int,
        now: datetime,
        expires_at: datetime,
    ) -> None: ...
    async def use(self, tx: Any, digest: bytes, now: datetime) -> str | None: ...
    async def is_taken(self, tx: Any, code: str) -> bool: ...
    async def next_free(self, tx: Any) -> str: ...
    async def count(self, tx: Any, code: str) -> None: ...
    async def tries(self, tx: Any, who: bytes, since: datetime) -> int: ...
    async def note_try(self, tx: Any, who: bytes, now: datetime) -> None: ...
    async def clear_tries(self, tx: Any, who: bytes) -> None: ...
    async def purge(self, now: datetime, window: timedelta) -> None: ...


class JoiningStore(Protocol):
    """What this service needs of the progress rows."""

    async def progress(self, participant_id: ParticipantId) -> Progress: ...
    async def note(self, participant_id: ParticipantId, answer: Answer, at: datetime) -> None: ...
    async def end(self, participant_id: ParticipantId) -> None: ...
    async def unwelcomed(self) -> Sequence[ParticipantId]: ...


class ParticipantStore(Protocol):
    """What this service needs of the participants."""

    async def add(self, participant: Participant, tx: Any = None) -> bool: ...


class Audit(Protocol):
    """What this service needs of the audit log."""

    async def record(
        self, actor: Subject, action: AuditAction, subject: Subject, *, tx: Any = None
    ) -> None: ...


class JoiningService:
    """Lets people in, once each, with a code or without."""

    def __init__(
        self,
        *,
        codes: JoinCodeStore,
        store: JoiningStore,
        people: ParticipantStore,
        participants: ParticipantService,
        profiles: Profiles,
        programme: ProgrammeService,
        audit: Audit,
        mac: Callable[[str], bytes],
        transactor: Transactor,
        clock: Clock,
    ) -> None:
        self._codes = codes
        self._store = store
        self._people = people
        self._participants = participants
        self._profiles = profiles
        self._programme = programme
        self._audit = audit
        self._mac = mac
        self._transactor = transactor
        self._clock = clock
        self._listeners: list[OnJoined] = []
        self._next_sweep = datetime.min.replace(tzinfo=UTC)

    def on_joined(self, callback: OnJoined) -> None:
        """Call back with everyone who has come in; it may be told of one person twice."""
        self._listeners.append(callback)

    @property
    def needs_code(self) -> bool:
        """Whether joining takes a code."""
        return self._programme.current.codes

    def check_open(self) -> None:
        """Let newcomers in only once the programme is ready for them.

        Raises:
            UserError: It is not.
        """
        if not self._programme.current.joining_open:
            raise UserError("join.closed")

    async def enter(self, user_id: int, locale: str, typed: str | None = None) -> Participant:
        """Let an adult onto the second screen; someone who was there already stays as they are.

        Args:
            user_id: The account.
            locale: The language they begin in.
            typed: The join code, where the programme takes one.

        Raises:
            UserError: Joining is closed, the code does not fit, or too many did not.
        """
        known = await self._participants.find(user_id)
        if known is not None:
            return known
        self.check_open()
        newcomer = self._newcomer(user_id, locale)
        if self.needs_code:
            entered = await self._enter_with_code(newcomer, plain_code(typed or ""))
        else:
            entered = await self._enter_freely(newcomer)
        if entered is None:
            # Where the same person pressed twice, the other press made the row.
            again = await self._participants.find(user_id)
            if again is None:
                raise UserError("join.code_wrong")
            return again
        self._profiles.note(entered)
        return entered

    async def here(self, user_id: int) -> Participant:
        """Return someone who is in, or on their way in.

        Raises:
            UserError: They have not begun, or have left.
        """
        participant = await self._participants.find(user_id)
        if participant is None:
            raise UserError("core.join_first")
        if not participant.is_open:
            raise UserError("join.resume_first")
        return participant

    async def progress(self, participant: Participant) -> Progress:
        """Return what was answered on the way in."""
        return await self._store.progress(participant.id)

    async def answered(self, participant: Participant, answer: Answer) -> None:
        """Keep that something was answered; of no effect once someone is in."""
        if participant.state is ParticipantState.JOINING:
            await self._store.note(participant.id, answer, self._clock())

    async def finish(self, participant: Participant) -> Participant:
        """Let someone in for good, once everything was answered and proven.

        Raises:
            UserError: The second screen is not done, or the test note was not tapped.
        """
        if participant.is_active:
            return participant
        preferences = participant.preferences
        if not (await self.progress(participant)).is_hours_complete:
            raise UserError("join.hours_first")
        if preferences.delivery is not Delivery.NOTHING and not preferences.delivery_confirmed:
            raise UserError("join.test_first")
        joined = await self._participants.move(participant, ParticipantState.ACTIVE)
        await self._audit.record(
            Subject.participant(joined.id), AuditAction.JOINED, Subject.participant(joined.id)
        )
        await self._welcome(joined)
        return joined

    async def issue_code(self, by: int, code: str | None = None) -> IssuedCode:
        """Make a code for one person; it is shown now and never again.

        Args:
            by: The member of the care team.
            code: The pseudonymous ID it is for, such as `P-104`; the next free one otherwise.
                An earlier unused code for the same ID is void.

        Raises:
            UserError: The ID cannot be read, or belongs to someone who joined.
        """
        number = pseudonym_number(code) if code else None
        if code and number is None:
            raise UserError("join.number_unreadable")
        now = self._clock()
        text = new_code_text()
        async with self._transactor.transaction() as tx:
            if number is None:
                name = await self._next_free(tx)
            else:
                name = pseudonym(number)
                if await self._codes.is_taken(tx, name):
                    raise UserError("join.number_taken", code=name)
                await self._codes.count(tx, name)
            await self._codes.put(
                tx,
                digest=self._digest(plain_code(text)),
                code=name,
                by=by,
                now=now,
                expires_at=now + CODE_LIFE,
            )
            await self._audit.record(Subject.staff(by), AuditAction.CODE_ISSUED, PROGRAMME, tx=tx)
        return IssuedCode(text=text, code=name, expires_at=now + CODE_LIFE)

    async def sweep(self, now: datetime) -> datetime | None:
        """Delete codes that are over and tries that no longer count, once an hour.

        Whoever came in just before a crash gets what they were not told of then.
        """
        if now >= self._next_sweep:
            await self._codes.purge(now, TRIES_WINDOW)
            for participant_id in await self._store.unwelcomed():
                participant = await self._participants.by_id(participant_id)
                if participant is not None:
                    await self._welcome(participant)
            self._next_sweep = now + TRIES_WINDOW
        return self._next_sweep

    async def _welcome(self, joined: Participant) -> None:
        """Begin everything that is for those who are in; only then is the way in behind them."""
        for listener in self._listeners:
            await listener(joined)
        await self._store.end(joined.id)

    async def _enter_with_code(self, newcomer: Participant, code: str) -> Participant | None:
        now = self._clock()
        who = self._mac(f"join.try:{newcomer.user_id}")
        async with self._transactor.transaction() as tx:
            if await self._codes.tries(tx, who, now - TRIES_WINDOW) >= MOST_TRIES:
                raise UserError("join.too_many_tries")
            name = await self._codes.use(tx, self._digest(code), now)
            if name is None:
                await self._codes.note_try(tx, who, now)
            else:
                newcomer = replace(newcomer, code=name)
                await self._codes.clear_tries(tx, who)
                if not await self._people.add(newcomer, tx):
                    raise UserError("join.code_wrong")
        return newcomer if name else None

    async def _enter_freely(self, newcomer: Participant) -> Participant | None:
        async with self._transactor.transaction() as tx:
            newcomer = replace(newcomer, code=await self._next_free(tx))
            return newcomer if await self._people.add(newcomer, tx) else None

    async def _next_free(self, tx: Any) -> str:
        name = await self._codes.next_free(tx)
        while await self._codes.is_taken(tx, name):
            name = await self._codes.next_free(tx)
        return name

    def _newcomer(self, user_id: int, locale: str) -> Participant:
        now = self._clock()
        programme = self._programme.current
        return Participant(
            id=ParticipantId(new_id()),
            user_id=user_id,
            created_at=now,
            adult_at=now,
            preferences=Preferences(
                zone=programme.zone,
                locale=locale,
                country=programme.country,
                delivery=Delivery.NOTHING,
            ),
        )

    def _digest(self, code: str) -> bytes:
        return self._mac(f"join.code:{code}")
