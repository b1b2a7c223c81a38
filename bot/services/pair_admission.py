"""Who may be let into a shared space; neither of the two learns what stands against it."""

from collections.abc import Sequence

from bot.domain.consent import ConsentKind
from bot.domain.pair import Pair
from bot.domain.participant import Participant, ParticipantState
from bot.services.pair_ports import Consents, KeepApart, Participants


class Admission:
    """Looks at what may stand against two people sharing a space."""

    def __init__(
        self, participants: Participants, consents: Consents, keep_apart: KeepApart
    ) -> None:
        self._participants = participants
        self._consents = consents
        self._keep_apart = keep_apart

    async def may_return(self, participant: Participant, pair: Pair) -> bool:
        """Whether someone may be let in again; it never depends on what the other one chose."""
        apart = self._keep_apart.others(participant.user_id)
        if any(member.user_id in apart for member in pair.members):
            return False
        return await self._consents.given(participant.id, ConsentKind.SHARED_SPACE)

    async def has_left_server(self, pair: Pair) -> Sequence[int]:
        """Return the accounts that are in a pair and in the server no more."""
        gone = []
        for member in pair.members:
            participant = await self._participants.by_id(member.participant_id)
            left = participant is not None and participant.state is ParticipantState.LEFT
            if member.is_in and left:
                gone.append(member.user_id)
        return gone

    async def may_open(self, pair: Pair) -> bool:
        """Whether a space may open for the two."""
        if len(pair.members) != 2:
            return False
        one, other = pair.members
        if other.user_id in self._keep_apart.others(one.user_id):
            return False
        for member in pair.members:
            participant = await self._participants.by_id(member.participant_id)
            if participant is None or not participant.is_active:
                return False
            if not await self._consents.given(participant.id, ConsentKind.SHARED_SPACE):
                return False
        return True
