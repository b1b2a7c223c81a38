"""Help in a crisis: whose lines to show, and the check-back a person asks for."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock
from bot.domain.delivery import Address, CatchUp, Kind, OutboxRow, Personal, Priority
from bot.domain.participant import Delivery, Profile
from bot.errors import UserError
from bot.services.participants import ParticipantService
from bot.services.profiles import Profiles
from bot.services.programme import ProgrammeService

CHECK_BACK = Kind(
    name="crisis.check_back",
    priority=Priority.INTERACTIVE,
    catch_up=CatchUp.SEND_LATE,
    # The person chose the hour themselves: neither quiet hours nor being away hold it.
    honours_away=False,
    honours_quiet=False,
)
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


class CrisisService:
    """Everything but `check_back` answers from memory alone."""

    def __init__(
        self,
        profiles: Profiles,
        programme: ProgrammeService,
        participants: ParticipantService,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._profiles = profiles
        self._programme = programme
        self._participants = participants
        self._outbox = outbox
        self._clock = clock

    def country(self, user_id: int, discord_locale: str) -> str | None:
        """Say whose lines to show: the person's country, the programme's, or their language's."""
        profile = self._profiles.get(user_id)
        chosen = profile.country if profile else None
        return chosen or self._programme.current.country or COUNTRY_OF_LOCALE.get(discord_locale)

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
