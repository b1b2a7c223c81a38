"""Staff leave: one action ends roles, shifts and access, and passes on their requests."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import BOT, AuditAction, Fact, Subject
from bot.domain.case import Case, CaseEventKind, Circle
from bot.domain.delivery import Channel, Kind, Priority
from bot.domain.departure import RINGS_ANEW, Departure, OpenDeparture
from bot.domain.place import PlaceKey
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.building import BuildError, Failure, RoleKeeper
from bot.services.duty import DutyService
from bot.services.outbox_port import Outbox
from bot.services.staff import StaffService
from bot.services.team import TeamService

log = logging.getLogger(__name__)

DEPARTED = Kind(
    name="staff.departed", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)
HANDED = Kind(name="staff.handed", priority=Priority.CASE, honours_away=False, honours_quiet=False)
DEPARTURE_KINDS = (DEPARTED, HANDED)

RETRY_EVERY = timedelta(minutes=5)
TURNS_DAYS = 14
SHARED = frozenset({Circle.TEAM, Circle.LEADS})
"""Whose cases every lead may know of; only these are in a number."""


class DepartureStore(Protocol):
    """What this service needs of the store."""

    async def begin(self, user_id: int, at: datetime, tx: Any) -> None: ...
    async def open(self) -> Sequence[OpenDeparture]: ...
    async def refused(self, user_id: int) -> None: ...
    async def end(self, user_id: int) -> None: ...
    async def cases_of(self, user_id: int, tx: Any) -> Sequence[Case]: ...
    async def about(self, case_id: str, tx: Any) -> int | None: ...


class Cases(Protocol):
    """What this service needs of the cases' timeline."""

    async def get(self, case_id: str, tx: Any = None) -> Case | None: ...
    async def record(
        self, case_id: str, kind: CaseEventKind, *, at: datetime, actor_id: int | None, tx: Any
    ) -> None: ...


class Work(Protocol):
    """What this service needs to pass a case on."""

    async def strip(self, case_id: str, staff_id: int, tx: Any) -> bool: ...
    async def offer(self, case_id: str, owner: int, to: int | None, tx: Any) -> bool: ...
    async def take_over(self, case_id: str, by: int, at: datetime, tx: Any) -> bool: ...


class Clocks(Protocol):
    """What this service needs of the clocks of cases."""

    async def claimed(self, case: Case, tx: Any) -> None: ...
    async def reopened(self, case: Case, tx: Any) -> None: ...


class Rota(Protocol):
    """What this service needs of the rota."""

    def turns_of(self, user_id: int, *, days: int) -> Sequence[Any]: ...


class Audit(Protocol):
    """What this service needs of the audit log."""

    async def record(
        self,
        actor: Subject,
        action: AuditAction,
        subject: Subject,
        *,
        tx: Any = None,
        **facts: Fact,
    ) -> None: ...


@dataclass(kw_only=True, slots=True)
class _Tally:
    heir: StaffMember | None
    freed: int = 0
    handed: int = 0


class DepartureService:
    """Lets somebody go for good, and sees to it that Discord follows."""

    def __init__(
        self,
        *,
        store: DepartureStore,
        cases: Cases,
        work: Work,
        clocks: Clocks,
        team: TeamService,
        staff: StaffService,
        duty: DutyService,
        rota: Rota,
        outbox: Outbox,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._store = store
        self._cases = cases
        self._work = work
        self._clocks = clocks
        self._team = team
        self._staff = staff
        self._duty = duty
        self._rota = rota
        self._outbox = outbox
        self._audit = audit
        self._clock = clock
        self._following = asyncio.Lock()
        self._tallies: dict[int, _Tally] = {}
        team.on_leaving(self.leaving)

    async def leave(self, user_id: int, *, by: int | None, to: int | None = None) -> Departure:
        """Take somebody off the team, with everything in one step.

        From the commit on they may do nothing more. Their urgent requests ring anew at once;
        the others go to the colleague named, or wait for somebody. Entries that keep them away
        from a person's requests stay: they hold again if that person comes back to the team.

        Args:
            user_id: Who leaves.
            by: The lead who says so; nobody's account where the operator does.
            to: A colleague who takes what can wait.

        Raises:
            UserError: They are not on the team, are the last lead, or the colleague is not.
        """
        turns = len(self._rota.turns_of(user_id, days=TURNS_DAYS))
        tally = self._tallies[user_id] = _Tally(heir=self._heir(user_id, to))
        try:
            await self._team.let_go(user_id, by=by)
        finally:
            self._tallies.pop(user_id, None)
        return Departure(
            user_id=user_id, to=to, freed=tally.freed, handed=tally.handed, turns=turns
        )

    async def leaving(self, user_id: int, tx: Any) -> None:
        """Pass on what somebody has, in the transaction in which they leave."""
        tally = self._tallies.get(user_id) or _Tally(heir=None)
        for case in await self._store.cases_of(user_id, tx):
            is_owner, is_handed = await self._pass_on(case, user_id, tally.heir, tx)
            if is_owner and case.circle in SHARED:
                tally.handed += is_handed
                tally.freed += not is_handed
        await self._store.begin(user_id, self._clock(), tx)
        if tally.heir is not None and tally.handed:
            await self._tell_heir(tally.heir, tally.handed, tx)

    async def follow(self, keeper: RoleKeeper, departure: Departure) -> Failure | None:
        """Bring Discord in line with a departure at once, and tell the leads how it went."""
        failure = await self._follow(keeper, departure.user_id)
        await self._tell(departure, failure)
        return failure

    async def retry(self, keeper: RoleKeeper) -> None:
        """Try again what Discord refused, and tell the leads once it is done."""
        for one in await self._store.open():
            failure = await self._follow(keeper, one.user_id)
            if failure is None:
                await self._outbox.add(
                    DEPARTED,
                    Channel(key=PlaceKey.CHANNEL_LEAD),
                    due_at=self._clock(),
                    args={"who": str(one.user_id), "late": "1"},
                    key=f"{DEPARTED.name}:late:{one.user_id}:{one.left_at.isoformat()}",
                )

    async def _follow(self, keeper: RoleKeeper, user_id: int) -> Failure | None:
        async with self._following:
            try:
                await self._team.follow(keeper, user_id)
            except BuildError as error:
                await self._store.refused(user_id)
                log.warning("the roles of %s stay for now: %s", user_id, error.failure.value)
                return error.failure
            await self._store.end(user_id)
            return None

    def _heir(self, user_id: int, to: int | None) -> StaffMember | None:
        if to is None:
            return None
        heir = self._staff.get(to)
        if heir is None or to == user_id:
            raise UserError("people.leaves.not_colleague", user=to)
        return heir

    async def _pass_on(
        self, case: Case, user_id: int, heir: StaffMember | None, tx: Any
    ) -> tuple[bool, bool]:
        """Take a case from who leaves; tell whether they owned it, and whether the heir has it."""
        if case.owner_id != user_id:
            await self._work.strip(case.id, user_id, tx)
            return False, False
        if heir is not None and await self._may_have(case, heir, tx):
            now = self._clock()
            # Also where it was offered to them already.
            await self._work.offer(case.id, user_id, heir.user_id, tx)
            if await self._work.take_over(case.id, heir.user_id, now, tx):
                await self._cases.record(
                    case.id, CaseEventKind.TAKEN_OVER, at=now, actor_id=heir.user_id, tx=tx
                )
                await self._work.strip(case.id, user_id, tx)
                current = await self._cases.get(case.id, tx)
                await self._clocks.claimed(current or case, tx)
                await self._log(AuditAction.CASE_HANDED, case, tx)
                return True, True
        await self._free(case, user_id, tx)
        return True, False

    async def _free(self, case: Case, user_id: int, tx: Any) -> None:
        if await self._work.strip(case.id, user_id, tx):
            await self._cases.record(
                case.id, CaseEventKind.RELEASED, at=self._clock(), actor_id=None, tx=tx
            )
            current = await self._cases.get(case.id, tx)
            await self._clocks.reopened(current or case, tx)
            await self._log(AuditAction.CASE_CHANGED, case, tx)

    async def _may_have(self, case: Case, heir: StaffMember, tx: Any) -> bool:
        if case.severity in RINGS_ANEW or (case.is_apart and not heir.is_lead):
            return False
        about = await self._store.about(case.id, tx)
        people: Collection[int] = [case.user_id, *([about] if about else [])]
        return heir.user_id not in self._duty.excluded(people)

    async def _tell_heir(self, heir: StaffMember, handed: int, tx: Any) -> None:
        key = PlaceKey.CHANNEL_LEAD if heir.is_lead else PlaceKey.CHANNEL_STAFF
        await self._outbox.add(
            HANDED,
            Channel(key=key),
            due_at=self._clock(),
            args={"to": str(heir.user_id), "count": str(handed)},
            tx=tx,
        )

    async def _tell(self, departure: Departure, failure: Failure | None) -> None:
        args = {
            "who": str(departure.user_id),
            "freed": str(departure.freed),
            "handed": str(departure.handed),
            "turns": str(departure.turns),
        }
        if departure.to is not None:
            args["to"] = str(departure.to)
        if failure is not None:
            args["failure"] = failure.value
        await self._outbox.add(
            DEPARTED, Channel(key=PlaceKey.CHANNEL_LEAD), due_at=self._clock(), args=args
        )

    async def _log(self, action: AuditAction, case: Case, tx: Any) -> None:
        await self._audit.record(BOT, action, Subject.case(case.id), tx=tx)
