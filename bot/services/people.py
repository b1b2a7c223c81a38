"""What decides whether a person gets a message now."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.case import Circle
from bot.domain.delivery import Channel, Circumstances, Kind, Priority
from bot.domain.ids import ParticipantId
from bot.domain.localtime import QuietHours
from bot.domain.participant import Delivery, Participant, ParticipantState, Preferences
from bot.domain.place import PlaceKey
from bot.services.outbox_port import Outbox
from bot.services.profiles import Profiles

log = logging.getLogger(__name__)

UNREACHABLE = Kind(
    name="person.unreachable",
    priority=Priority.INTERACTIVE,
    honours_away=False,
    honours_quiet=False,
)


PLACES = {Circle.TEAM: PlaceKey.CHANNEL_STAFF, Circle.LEADS: PlaceKey.CHANNEL_LEAD}
"""Where the team is told of a person; where a lead has a conflict no channel is safe."""


class ParticipantStore(Protocol):
    """What this service needs of the participants."""

    async def by_ids(
        self, participant_ids: Collection[ParticipantId], tx: Any = None
    ) -> Sequence[Participant]: ...
    async def by_id(self, participant_id: ParticipantId) -> Participant | None: ...
    async def save_preferences(
        self, participant_id: ParticipantId, preferences: Preferences, tx: Any = None
    ) -> None: ...


class AwayStore(Protocol):
    """Knows when people are away."""

    async def ranges(
        self, participant_ids: Collection[ParticipantId], tx: Any = None
    ) -> Mapping[ParticipantId, Sequence[tuple[date, date]]]: ...


class Duty(Protocol):
    """Knows who must learn nothing of whom."""

    def circle(self, people: Collection[int]) -> Circle: ...


class People:
    """Answers the planner and the dispatcher about a message's receiver."""

    def __init__(
        self,
        *,
        participants: ParticipantStore,
        away: AwayStore,
        outbox: Outbox,
        profiles: Profiles,
        duty: Duty,
        clock: Clock,
    ) -> None:
        self._participants = participants
        self._away = away
        self._outbox = outbox
        self._profiles = profiles
        self._duty = duty
        self._clock = clock

    async def circumstances(
        self, participant_ids: Collection[ParticipantId], tx: Any = None
    ) -> Mapping[ParticipantId, Circumstances]:
        """Return the circumstances of each; who left, or was forgotten, is missing."""
        people = await self._participants.by_ids(participant_ids, tx)
        away = await self._away.ranges(participant_ids, tx)
        return {
            person.id: Circumstances(
                zone=ZoneInfo(person.preferences.zone),
                quiet=QuietHours(
                    start=person.preferences.quiet_start, end=person.preferences.quiet_end
                ),
                away=tuple(away.get(person.id, ())),
                is_reachable=person.preferences.reachable
                and person.preferences.delivery is not Delivery.NOTHING,
            )
            for person in people
            if person.is_open
        }

    async def mark_unreachable(self, participant_id: ParticipantId) -> bool:
        """Take the person's next delivery choice and tell the team once.

        A closed DM gives way to the private thread in the server. A thread that cannot reach its
        person means that they are not in the server: nothing is left. Someone on the way in is at
        the screen that asks where notes go: they choose again themselves, and nobody is told.

        Returns:
            Whether another way is left.
        """
        person = await self._participants.by_id(participant_id)
        if person is None:
            return False
        preferences = person.preferences
        is_joining = person.state is ParticipantState.JOINING
        has_other = preferences.delivery is Delivery.DM and not is_joining
        changed = replace(
            preferences,
            delivery=Delivery.THREAD if has_other else preferences.delivery,
            delivery_confirmed=False,
            reachable=has_other,
        )
        await self._participants.save_preferences(participant_id, changed)
        self._profiles.note(replace(person, preferences=changed))
        if is_joining:
            return False
        await self._tell_team(person, preferences.delivery)
        return has_other

    async def _tell_team(self, person: Participant, way: Delivery) -> None:
        """Tell those of the team who may learn of a person."""
        place = PLACES.get(self._duty.circle([person.user_id]))
        if place is None:
            log.warning("%s cannot be reached, and no channel may learn of it", person.id)
            return
        await self._outbox.add(
            UNREACHABLE,
            Channel(key=place),
            due_at=self._clock(),
            subject_id=person.id,
            args={"way": way.value},
            key=f"{UNREACHABLE.name}:{person.id}:{way.value}",
        )
