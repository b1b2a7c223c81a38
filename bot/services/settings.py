"""What a participant can change about how the bot treats them."""

from collections.abc import Awaitable, Callable
from datetime import time
from typing import Any, TypeAlias

from bot.domain.consent import ConsentKind
from bot.domain.ids import ParticipantId
from bot.domain.localtime import UnknownZoneError, find_zone
from bot.domain.participant import Pace, Participant, SafeContact
from bot.errors import UserError
from bot.services.consents import ConsentService
from bot.services.participants import ParticipantService

Replan: TypeAlias = Callable[[Participant], Awaitable[None]]


class SettingsService:
    """Changes preferences and has everything planned anew that rests on them."""

    def __init__(self, participants: ParticipantService, consents: ConsentService) -> None:
        self._participants = participants
        self._replans: list[Replan] = []
        consents.on_change(ConsentKind.DAILY_PROMPTS, self._daily_changed)

    def on_change(self, replan: Replan) -> None:
        """Call back with a participant whose times, zone, pace or check-ins changed.

        Nobody is called for someone on their way in: `JoiningService.on_joined` is.
        """
        self._replans.append(replan)

    async def change_zone(
        self, participant: Participant, zone: str, country: str | None
    ) -> Participant:
        """Move a person to another zone, and to its country's crisis lines where it has one.

        Raises:
            UserError: There is no such zone.
        """
        try:
            name = find_zone(zone).key
        except UnknownZoneError as error:
            raise UserError("core.old_card") from error
        changes: dict[str, Any] = {"zone": name}
        if country is not None:
            changes["country"] = country
        return await self._change(participant, **changes)

    async def change_language(self, participant: Participant, locale: str) -> Participant:
        """Speak another language with a person."""
        return await self._participants.change(participant, locale=locale)

    async def change_country(self, participant: Participant, country: str) -> Participant:
        """Show another country's crisis lines."""
        return await self._participants.change(participant, country=country)

    async def change_times(
        self, participant: Participant, weekday: time, weekend: time
    ) -> Participant:
        """Ask at other times."""
        return await self._change(participant, weekday_time=weekday, weekend_time=weekend)

    async def change_pace(self, participant: Participant, pace: Pace) -> Participant:
        """Ask more or less often."""
        return await self._change(participant, pace=pace)

    async def change_quiet_hours(
        self, participant: Participant, start: time, end: time
    ) -> Participant:
        """Send nothing between two local times; equal ones mean no quiet hours."""
        return await self._change(participant, quiet_start=start, quiet_end=end)

    async def change_safe_contact(
        self, participant: Participant, way: SafeContact, hours: tuple[time, time] | None
    ) -> Participant:
        """Say how, and between which local times, the team may write first.

        Raises:
            UserError: The hours begin and end at one time.
        """
        if hours and hours[0] == hours[1]:
            raise UserError("settings.hours_empty")
        text = f"{hours[0]:%H:%M}-{hours[1]:%H:%M}" if hours else None
        return await self._participants.change(participant, safe_contact=way, safe_hours=text)

    async def _daily_changed(self, participant_id: ParticipantId, given: bool) -> None:
        participant = await self._participants.by_id(participant_id)
        if participant is not None:
            await self._change(participant, checkins=given)

    async def _change(self, participant: Participant, **changes: Any) -> Participant:
        changed = await self._participants.change(participant, **changes)
        if changed.is_active:
            for replan in self._replans:
                await replan(changed)
        return changed
