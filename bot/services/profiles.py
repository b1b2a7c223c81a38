"""What is known of everyone without asking the database."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from bot.domain.ids import ParticipantId
from bot.domain.participant import Participant, ParticipantState, Profile


class ProfileStore(Protocol):
    """What the profiles need of the store."""

    async def profiles(self) -> Sequence[Profile]: ...


class Profiles:
    """Language, country and zone of each participant, in memory.

    Help in a crisis reads only this, so that it works while the database does not.
    """

    def __init__(self, store: ProfileStore) -> None:
        self._store = store
        self._by_user: dict[int, Profile] = {}
        self._by_id: dict[ParticipantId, Profile] = {}

    async def load(self) -> None:
        """Read everyone once, at the start."""
        for profile in await self._store.profiles():
            self._keep(profile)

    def get(self, user_id: int) -> Profile | None:
        """Return what is known of an account."""
        return self._by_user.get(user_id)

    def users(self) -> Sequence[int]:
        """Return the accounts of everyone who joined."""
        return [profile.user_id for profile in self]

    def by_id(self, participant_id: ParticipantId) -> Profile | None:
        """Return what is known of a participant."""
        return self._by_id.get(participant_id)

    def __iter__(self) -> Iterator[Profile]:
        return iter(self._by_user.values())

    def note(self, participant: Participant) -> None:
        """Keep a participant's new choices in mind."""
        self._keep(
            Profile(
                participant_id=participant.id,
                user_id=participant.user_id,
                locale=participant.preferences.locale,
                country=participant.preferences.country,
                zone=participant.preferences.zone,
                active=participant.state is ParticipantState.ACTIVE,
            )
        )

    def drop(self, user_id: int) -> None:
        """Forget an account."""
        if (profile := self._by_user.pop(user_id, None)) is not None:
            self._by_id.pop(profile.participant_id, None)

    def forget(self, participant_id: ParticipantId) -> None:
        """Forget a participant."""
        if (profile := self._by_id.get(participant_id)) is not None:
            self.drop(profile.user_id)

    def _keep(self, profile: Profile) -> None:
        self._by_user[profile.user_id] = profile
        self._by_id[profile.participant_id] = profile
