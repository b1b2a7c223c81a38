"""Going live: what must be checked first, by whom, and the programme's settings."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.audit import PROGRAMME, AuditAction, Fact, Subject
from bot.domain.crisis import STALE_AFTER, CrisisDirectory, CrisisLine, stale_lines
from bot.domain.delivery import Channel, Kind, Priority
from bot.domain.localtime import local_day
from bot.domain.place import PlaceKey
from bot.domain.programme import Programme
from bot.domain.readiness import (
    KEY_HOLDERS,
    Confirmation,
    ConfirmationKind,
    Finding,
    Readiness,
    ServerFacts,
    Weight,
    server_findings,
)
from bot.domain.setup_plan import Plan, digest
from bot.errors import UserError
from bot.services.case_ports import Auditor
from bot.services.outbox_port import Outbox
from bot.services.programme import ProgrammeService
from bot.services.staff import StaffService

KEY_ASKED = Kind(
    name="setup.key", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)


class ConfirmationStore(Protocol):
    """What this service needs of the store."""

    async def confirm(self, confirmation: Confirmation) -> None: ...
    async def take_back(self, kind: ConfirmationKind) -> None: ...
    async def confirmations(self, kind: ConfirmationKind) -> Sequence[Confirmation]: ...


class Duty(Protocol):
    """Who is on duty, and who will be."""

    @property
    def outside(self) -> str: ...

    def next_on(self, people: Collection[int]) -> datetime | None: ...
    def has_rota(self) -> bool: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingsChange:
    """What a change of settings brought with it.

    Attributes:
        is_closed: Joining closed, since the new country's lines are not checked.
        is_renamed: The server's names are in another language now, once `apply` has run.
    """

    programme: Programme
    is_closed: bool
    is_renamed: bool


class ReadinessService:
    """Keeps joining closed until the checks are done."""

    def __init__(
        self,
        *,
        store: ConfirmationStore,
        programme: ProgrammeService,
        staff: StaffService,
        duty: Duty,
        directory: CrisisDirectory,
        outbox: Outbox,
        audit: Auditor,
        clock: Clock,
        calls_out: bool,
        watching: Callable[[], Iterable[Finding]] = tuple,
    ) -> None:
        self._store = store
        self._programme = programme
        self._staff = staff
        self._duty = duty
        self._directory = directory
        self._outbox = outbox
        self._audit = audit
        self._clock = clock
        self._calls_out = calls_out
        self._watching = watching

    @property
    def lines(self) -> Sequence[CrisisLine]:
        """The crisis lines of the programme's country, as people will see them."""
        return self._directory.choose(self._programme.current.country).all

    @property
    def stale(self) -> Sequence[CrisisLine]:
        """Those of them that were last checked too long ago."""
        return stale_lines(
            self.lines, local_day(self._clock(), ZoneInfo(self._programme.current.zone))
        )

    @property
    def lines_digest(self) -> str:
        """What exactly those lines are, so that a confirmation holds for these alone."""
        country = self._programme.current.country
        return digest(repr((country, self._directory.emergency_numbers(country), self.lines)))

    async def check(self, plan: Plan, facts: ServerFacts) -> Readiness:
        """Say everything that is missing, wrong or worth knowing."""
        without_staff = bool(await self._store.confirmations(ConfirmationKind.NO_STAFF))
        findings = [*server_findings(plan, facts), *await self._lines_findings()]
        if self._duty.next_on(()) is None:
            weight = Weight.NOTICE if without_staff else Weight.STOPS_JOINING
            key = "no_staff" if without_staff else "nobody_on"
            findings.append(Finding(key=key, weight=weight))
        elif not self._duty.has_rota():
            findings.append(Finding(key="rota_empty", weight=Weight.NOTICE))
        holders = await self.key_holders(facts.owner_id)
        if len(holders) < KEY_HOLDERS:
            findings.append(
                Finding(
                    key="key_backup", weight=Weight.STOPS_JOINING, n=len(holders), users=holders
                )
            )
        findings += [Finding(key=key, weight=Weight.NOTICE) for key in self._notices()]
        findings += self._watching()
        is_open = self._programme.current.joining_open
        return Readiness(findings=findings, is_open=is_open, goes_without_staff=without_staff)

    def _notices(self) -> Iterator[str]:
        if not self._programme.current.codes:
            yield "no_codes"
        if not self._duty.outside:
            yield "no_outside"
        if not self._calls_out:
            yield "no_call_out"

    async def key_holders(self, owner_id: int | None) -> tuple[int, ...]:
        """Return who holds a copy of the host key and is still here to bring it."""
        said = await self._store.confirmations(ConfirmationKind.KEY_BACKUP)
        return tuple(
            one.user_id
            for one in said
            if one.user_id == owner_id or self._staff.get(one.user_id) is not None
        )

    async def confirm_key(self, user_id: int) -> None:
        """Keep someone's word that they hold a copy of the host key."""
        await self._confirm(ConfirmationKind.KEY_BACKUP, "", user_id)

    async def ask_for_key(self, by: int) -> None:
        """Ask the team's channel for a second person who holds a copy, once a day."""
        await self._outbox.add(
            KEY_ASKED,
            Channel(key=PlaceKey.CHANNEL_STAFF),
            due_at=self._clock(),
            args={"by": str(by)},
            key=f"{KEY_ASKED.name}:{by}:{self._clock():%Y-%m-%d}",
        )

    async def confirm_lines(self, user_id: int, seen: str) -> None:
        """Keep a lead's word that the lines they were shown are right.

        Args:
            user_id: The lead.
            seen: What was shown, as `lines_digest` gave it.

        Raises:
            UserError: The lines are others by now, or there are none.
        """
        if not self.lines:
            raise UserError("setup.lines.none")
        if seen != self.lines_digest:
            raise UserError("setup.lines.changed")
        await self._confirm(ConfirmationKind.CRISIS_LINES, seen, user_id)

    async def go_without_staff(self, user_id: int, *, chosen: bool) -> None:
        """Choose, or no longer choose, to be open while nobody is on duty; people are told so."""
        if chosen:
            await self._confirm(ConfirmationKind.NO_STAFF, "", user_id)
        else:
            await self._store.take_back(ConfirmationKind.NO_STAFF)

    async def open_joining(self, user_id: int, plan: Plan, facts: ServerFacts) -> None:
        """Let people join.

        Raises:
            UserError: Something still stands in the way.
        """
        readiness = await self.check(plan, facts)
        if not readiness.can_open:
            raise UserError("setup.not_ready", n=len(readiness.of(Weight.STOPS_JOINING)))
        await self._set_open(user_id, is_open=True)

    async def close_joining(self, user_id: int) -> None:
        """Let nobody new in; those who joined stay."""
        await self._set_open(user_id, is_open=False)

    async def change_settings(self, user_id: int, **changes: Any) -> SettingsChange:
        """Change language, zone, country or join codes."""
        before = self._programme.current
        after = await self._programme.change(**changes)
        is_closed = False
        if after.country != before.country and after.joining_open:
            is_closed = await self._lines_confirmed_at() is None
            if is_closed:
                after = await self._programme.change(joining_open=False)
        if after != before:
            await self._record(user_id)
        return SettingsChange(
            programme=after, is_closed=is_closed, is_renamed=after.locale != before.locale
        )

    async def _lines_findings(self) -> list[Finding]:
        country = self._programme.current.country
        if country is None:
            return [Finding(key="no_country", weight=Weight.STOPS_JOINING)]
        if not self.lines:
            return [Finding(key="no_lines", weight=Weight.STOPS_JOINING, country=country)]
        confirmed_at = await self._lines_confirmed_at()
        if confirmed_at is None:
            return [Finding(key="lines_unchecked", weight=Weight.STOPS_JOINING, country=country)]
        if self._clock() - confirmed_at > STALE_AFTER:
            return [Finding(key="lines_stale", weight=Weight.FAULT, country=country)]
        return []

    async def _lines_confirmed_at(self) -> datetime | None:
        said = await self._store.confirmations(ConfirmationKind.CRISIS_LINES)
        return max((one.at for one in said if one.subject == self.lines_digest), default=None)

    async def _confirm(self, kind: ConfirmationKind, subject: str, user_id: int) -> None:
        await self._store.confirm(
            Confirmation(kind=kind, subject=subject, user_id=user_id, at=self._clock())
        )
        await self._record(user_id, confirmed=kind)

    async def _set_open(self, user_id: int, *, is_open: bool) -> None:
        await self._programme.change(joining_open=is_open)
        await self._record(user_id, joining_open=is_open)

    async def _record(self, user_id: int, **facts: Fact) -> None:
        await self._audit.record(
            Subject.staff(user_id), AuditAction.PROGRAMME_CHANGED, PROGRAMME, **facts
        )
