"""Who joined, and their choices."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.ids import ParticipantId, new_id
from bot.domain.participant import Participant, ParticipantState, Preferences
from bot.errors import UserError
from bot.services.profiles import Profiles


class ParticipantStore(Protocol):
    """What this service needs of the store."""

    async def add(self, participant: Participant, tx: Any = None) -> bool: ...
    async def by_user(self, user_id: int) -> Participant | None: ...
    async def by_id(self, participant_id: ParticipantId) -> Participant | None: ...
    async def by_code(self, code: str) -> Participant | None: ...
    async def save_preferences(
        self, participant_id: ParticipantId, preferences: Preferences, tx: Any = None
    ) -> None: ...
    async def set_state(
        self, participant_id: ParticipantId, state: ParticipantState, at: datetime, tx: Any = None
    ) -> bool: ...
    async def threads(self) -> Collection[int]: ...


class ParticipantService:
    """Finds participants and keeps their choices, in the database and in memory."""

    def __init__(self, store: ParticipantStore, profiles: Profiles, clock: Clock) -> None:
        self._store = store
        self._profiles = profiles
        self._clock = clock

    async def find(self, user_id: int) -> Participant | None:
        """Return the participant behind an account, in whatever state."""
        return await self._store.by_user(user_id)

    async def active(self, user_id: int) -> Participant:
        """Return the active participant behind an account.

        Raises:
            UserError: They have not joined, or have left.
        """
        participant = await self._store.by_user(user_id)
        if participant is None or participant.state is ParticipantState.JOINING:
            raise UserError("core.join_first" if participant is None else "join.finish_first")
        if not participant.is_active:
            raise UserError("join.resume_first")
        return participant

    async def by_id(self, participant_id: ParticipantId) -> Participant | None:
        """Return a participant by ID."""
        return await self._store.by_id(participant_id)

    async def by_code(self, code: str) -> Participant | None:
        """Return a participant by the pseudonymous ID."""
        return await self._store.by_code(code)

    async def threads(self) -> Collection[int]:
        """Return every personal thread that belongs to somebody."""
        return await self._store.threads()

    async def begin(self, user_id: int, preferences: Preferences) -> Participant:
        """Return the participant behind an account, made on the first of the joining screens."""
        known = await self._store.by_user(user_id)
        if known is not None:
            return known
        participant = Participant(
            id=ParticipantId(new_id()),
            user_id=user_id,
            created_at=self._clock(),
            preferences=preferences,
        )
        if not await self._store.add(participant):
            # The same person pressed twice: the first press made the row.
            return await self._again(user_id)
        self._profiles.note(participant)
        return participant

    async def change(self, participant: Participant, **changes: Any) -> Participant:
        """Change some of a participant's preferences and return them as they are now."""
        changed = replace(participant, preferences=replace(participant.preferences, **changes))
        await self._store.save_preferences(changed.id, changed.preferences)
        self._profiles.note(changed)
        return changed

    async def move(self, participant: Participant, state: ParticipantState) -> Participant:
        """Move a participant to a state and return them as they are now."""
        await self._store.set_state(participant.id, state, self._clock())
        moved = await self._again(participant.user_id)
        self._profiles.note(moved)
        return moved

    async def _again(self, user_id: int) -> Participant:
        participant = await self._store.by_user(user_id)
        if participant is None:
            raise UserError("core.join_first")
        return participant
