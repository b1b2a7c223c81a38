"""The care team's list, and the Discord roles that follow it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import OPERATOR, AuditAction, Fact, Subject
from bot.domain.blueprint import STAFF_ROLES
from bot.domain.ids import ParticipantId
from bot.domain.place import PlaceKey
from bot.domain.staff import StaffMember, StaffRole
from bot.errors import UserError
from bot.services.building import BuildError, Failure, RoleKeeper
from bot.services.database_port import Transactor
from bot.services.places import Places
from bot.services.profiles import Profiles
from bot.services.staff import StaffService

log = logging.getLogger(__name__)

Leaving = Callable[[int, Any], Awaitable[object]]
Left = Callable[[], Awaitable[None]]

OUR_ROLES = (*STAFF_ROLES.values(), PlaceKey.ROLE_PARTICIPANT)


class StaffStore(Protocol):
    """What this service needs of the store."""

    async def save(self, member: StaffMember, tx: Any = None) -> None: ...
    async def remove(self, user_id: int, tx: Any = None) -> bool: ...


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


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleGap:
    """A role that could not be given or taken."""

    user_id: int
    failure: Failure


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleChange:
    """What a person's roles were brought to."""

    given: frozenset[PlaceKey]
    taken: frozenset[PlaceKey]


class TeamService:
    """Enrols and lets go; a programme always keeps one lead."""

    def __init__(
        self,
        *,
        store: StaffStore,
        staff: StaffService,
        places: Places,
        profiles: Profiles,
        in_rooms: Callable[[ParticipantId], bool],
        audit: Audit,
        transactor: Transactor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._staff = staff
        self._places = places
        self._profiles = profiles
        self._in_rooms = in_rooms
        self._audit = audit
        self._transactor = transactor
        self._clock = clock
        # Two leads who let each other go at the same moment: the second is the last one.
        self._changing = asyncio.Lock()
        self._leaving: list[Leaving] = []
        self._left: list[Left] = []

    def on_leaving(self, callback: Leaving) -> None:
        """Call this with whom it is and the transaction in which somebody leaves the team."""
        self._leaving.append(callback)

    def on_left(self, callback: Left) -> None:
        """Call this after somebody left the team."""
        self._left.append(callback)

    async def enrol(
        self, user_id: int, role: StaffRole, *, by: int | None, locale: str = "en"
    ) -> StaffMember:
        """Enrol a person, or change the role of one who is.

        Args:
            user_id: The account.
            role: What they do.
            by: The lead who did it; nobody's account where the operator did.
            locale: The language of what they are sent.

        Raises:
            UserError: It would leave the programme without a lead.
        """
        async with self._changing:
            if role is not StaffRole.LEAD:
                self._check_lead_left(user_id)
            member = StaffMember(
                user_id=user_id,
                role=role,
                locale=locale,
                enrolled_at=self._clock(),
                enrolled_by=by,
            )
            async with self._transactor.transaction() as tx:
                await self._store.save(member, tx)
                await self._audit.record(
                    _actor(by),
                    AuditAction.STAFF_ENROLLED,
                    Subject.staff(user_id),
                    tx=tx,
                    role=role,
                )
            await self._staff.load()
        return await self._staff.enrolled(user_id)

    async def let_go(self, user_id: int, *, by: int | None) -> None:
        """End a person's enrolment.

        Raises:
            UserError: They are not enrolled, or are the last lead.
        """
        async with self._changing:
            if self._staff.get(user_id) is None:
                raise UserError("people.not_enrolled")
            self._check_lead_left(user_id)
            async with self._transactor.transaction() as tx:
                for leaving in self._leaving:
                    await leaving(user_id, tx)
                await self._store.remove(user_id, tx)
                await self._audit.record(
                    _actor(by), AuditAction.STAFF_REMOVED, Subject.staff(user_id), tx=tx
                )
            await self._staff.load()
        for left in self._left:
            await left()

    def wanted(self, user_id: int) -> frozenset[PlaceKey]:
        """Return which of our roles a person should hold.

        The participants' role opens the rooms, so it rests on that consent too.
        """
        keys = set()
        if (member := self._staff.get(user_id)) is not None:
            keys.add(STAFF_ROLES[member.role])
        profile = self._profiles.get(user_id)
        if profile is not None and profile.active and self._in_rooms(profile.participant_id):
            keys.add(PlaceKey.ROLE_PARTICIPANT)
        return frozenset(keys)

    async def follow(self, keeper: RoleKeeper, user_id: int) -> RoleChange:
        """Bring a person's roles to what the lists say.

        Raises:
            BuildError: Discord refused, or did not answer.
        """
        held = keeper.held_by(user_id)
        given, taken = set[PlaceKey](), set[PlaceKey]()
        wanted = self.wanted(user_id)
        for key in OUR_ROLES:
            role_id = self._places.get(key)
            if held is None or role_id is None:
                continue
            if key in wanted and role_id not in held:
                await keeper.give(user_id, role_id)
                given.add(key)
            elif key not in wanted and role_id in held:
                await keeper.take(user_id, role_id)
                taken.add(key)
        if given or taken:
            log.info("roles of %s followed the lists", user_id)
        return RoleChange(given=frozenset(given), taken=frozenset(taken))

    async def follow_all(self, keeper: RoleKeeper) -> Sequence[RoleGap]:
        """Bring everyone's roles to what the lists say and return what did not work."""
        gaps = []
        for user_id in sorted(self._concerned(keeper)):
            try:
                await self.follow(keeper, user_id)
            except BuildError as error:
                gaps.append(RoleGap(user_id=user_id, failure=error.failure))
        return gaps

    def _concerned(self, keeper: RoleKeeper) -> Iterable[int]:
        people = {member.user_id for member in self._staff.members}
        people |= {profile.user_id for profile in self._profiles if profile.active}
        for key in OUR_ROLES:
            if (role_id := self._places.get(key)) is not None:
                people |= keeper.holders(role_id)
        return people

    def _check_lead_left(self, user_id: int) -> None:
        leads = {member.user_id for member in self._staff.members if member.is_lead}
        if leads == {user_id}:
            raise UserError("people.last_lead")


def _actor(by: int | None) -> Subject:
    return OPERATOR if by is None else Subject.staff(by)
