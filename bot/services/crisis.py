"""Help in a crisis: whose lines to show, a call for a person, and the check-back."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock
from bot.domain.case import REPAGE_AFTER, CaseSource, Circle, Severity
from bot.domain.delivery import Address, CatchUp, Kind, OutboxRow, Personal, Priority
from bot.domain.participant import Delivery, Profile
from bot.domain.place import PlaceKey
from bot.domain.staff import StaffMember
from bot.errors import KeyLostError, StoreError, UserError
from bot.services.participants import ParticipantService
from bot.services.profiles import Profiles
from bot.services.programme import ProgrammeService

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 5.0
"""How long a call for a person waits for the database before it goes to the team directly."""

CHECK_BACK = Kind(
    name="crisis.check_back",
    priority=Priority.INTERACTIVE,
    catch_up=CatchUp.SEND_LATE,
    # The person chose the hour themselves: neither quiet hours nor being away hold it.
    honours_away=False,
    honours_quiet=False,
)
PLACES = {
    Circle.TEAM: (PlaceKey.CHANNEL_STAFF, PlaceKey.CHANNEL_LEAD),
    Circle.LEADS: (PlaceKey.CHANNEL_LEAD,),
}
"""Where a page without a database may go; where a lead has a conflict no channel is safe."""

STILL_USEFUL = timedelta(hours=12)

COUNTRY_OF_LOCALE = {"en-GB": "GB", "es-ES": "ES"}
"""Languages of Discord that name a country; the others are spoken in many."""


class Outbox(Protocol):
    """What this service needs to send something later."""

    async def add(
        self,
        kind: Kind,
        address: Address,
        *,
        due_at: datetime,
        expires_at: datetime | None = None,
        key: str | None = None,
    ) -> OutboxRow | None: ...


class AskOutcome(Protocol):
    """What becomes of a request that was stored."""

    @property
    def is_new(self) -> bool: ...
    @property
    def on_duty(self) -> bool: ...
    @property
    def nobody(self) -> bool: ...
    @property
    def next_on(self) -> datetime | None: ...
    @property
    def outside(self) -> str: ...


class AskForPerson(Protocol):
    """Brings a request to the team and keeps it."""

    async def ask(
        self,
        user_id: int,
        source: CaseSource = CaseSource.ASK,
        severity: Severity = Severity.TODAY,
        detail: str | None = None,
    ) -> AskOutcome: ...
    async def own_requests(self, user_id: int) -> Sequence[object]: ...
    def next_on(self, people: Collection[int]) -> datetime | None: ...


class Duty(Protocol):
    """Who is on duty and who has a conflict, in memory."""

    @property
    def outside(self) -> str: ...

    def circle(self, people: Collection[int]) -> Circle: ...
    def free_to_help(
        self, people: Collection[int], *, leads_only: bool
    ) -> Sequence[StaffMember]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectPage:
    """A call for a person that could not be stored and goes to the team as a plain message.

    Attributes:
        places: Where to post it, the first that takes it.
        ring: Who is on duty and may know of it.
        is_repeat: The team was told of it a moment ago already.
    """

    user_id: int
    places: Sequence[PlaceKey]
    ring: Sequence[int]
    is_repeat: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a person who asked is told; with a ``page``, only once that was posted.

    Attributes:
        is_new: This request is the first one open.
        on_duty: Somebody who may help is on duty now.
        nobody: Everyone on the team has a conflict with this request.
        next_on: When somebody who may help is next on; nothing where nobody is planned.
        outside: Whom to call where nobody on the team may help.
    """

    is_new: bool
    on_duty: bool
    nobody: bool = False
    next_on: datetime | None = None
    outside: str = ""
    page: DirectPage | None = None


class CrisisService:
    """Everything but `check_back` works from memory alone where the database does not."""

    def __init__(
        self,
        *,
        profiles: Profiles,
        programme: ProgrammeService,
        participants: ParticipantService,
        outbox: Outbox,
        requests: AskForPerson,
        duty: Duty,
        clock: Clock,
    ) -> None:
        self._profiles = profiles
        self._programme = programme
        self._participants = participants
        self._outbox = outbox
        self._requests = requests
        self._duty = duty
        self._clock = clock
        self._paged_at: dict[int, datetime] = {}

    def country(self, user_id: int, discord_locale: str) -> str | None:
        """Say whose lines to show: the person's country, the programme's, or their language's."""
        profile = self._profiles.get(user_id)
        chosen = profile.country if profile else None
        return chosen or self._programme.current.country or COUNTRY_OF_LOCALE.get(discord_locale)

    async def ask(
        self,
        user_id: int,
        severity: Severity = Severity.TODAY,
        detail: str | None = None,
        source: CaseSource = CaseSource.ASK,
    ) -> Asked:
        """Bring a call for a person to the team, whether or not the database works.

        What was stored is read back: a damaged file takes a write into its log that whoever
        sends it can no longer read.
        """
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                outcome = await self._requests.ask(user_id, source, severity, detail)
                if not await self._requests.own_requests(user_id):
                    return self._ask_directly(user_id)
        except (StoreError, KeyLostError, TimeoutError) as error:
            log.warning("a call for a person goes to the team directly: %s", type(error).__name__)
            return self._ask_directly(user_id)
        return Asked(
            is_new=outcome.is_new,
            on_duty=outcome.on_duty,
            nobody=outcome.nobody,
            next_on=outcome.next_on,
            outside=outcome.outside,
        )

    def _ask_directly(self, user_id: int) -> Asked:
        """Decide who is told, from memory: the leads alone where somebody has a conflict."""
        now = self._clock()
        circle = self._duty.circle([user_id])
        helpers = self._duty.free_to_help([user_id], leads_only=circle is not Circle.TEAM)
        last = self._paged_at.get(user_id)
        page = DirectPage(
            user_id=user_id,
            places=PLACES.get(circle, ()),
            ring=[member.user_id for member in helpers],
            is_repeat=last is not None and now - last < REPAGE_AFTER,
        )
        return Asked(
            is_new=not page.is_repeat,
            on_duty=bool(helpers),
            nobody=circle is Circle.NOBODY,
            next_on=self._requests.next_on([user_id]),
            outside=self._duty.outside,
            page=None if circle is Circle.NOBODY else page,
        )

    def posted(self, page: DirectPage) -> None:
        """Keep in mind that the team was told, so that pressing again rings nobody twice."""
        self._paged_at[page.user_id] = self._clock()

    def checks_back(self, user_id: int) -> bool:
        """Whether to offer a check-back: the bot writes only to those who joined."""
        profile: Profile | None = self._profiles.get(user_id)
        return profile is not None and profile.active

    async def check_back(self, user_id: int, hours: int) -> datetime:
        """Send the person a neutral note in some hours, and say when.

        Raises:
            UserError: They have not joined, or want no messages.
        """
        participant = await self._participants.active(user_id)
        if participant.preferences.delivery is Delivery.NOTHING:
            raise UserError("crisis.check_back.off")
        due_at = self._clock() + timedelta(hours=hours)
        # Two presses in one minute are one wish.
        await self._outbox.add(
            CHECK_BACK,
            Personal(participant_id=participant.id),
            due_at=due_at,
            expires_at=due_at + STILL_USEFUL,
            key=f"{CHECK_BACK.name}:{participant.id}:{due_at:%Y%m%d%H%M}",
        )
        return due_at
