"""What one of two gives to the other: their words taken in, and sent without an echo."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.domain.delivery import Args, Kind, Personal
from bot.domain.ids import PairId, ParticipantId
from bot.domain.participant import Participant
from bot.errors import UserError
from bot.services.pair_ports import Heed, Outbox, PairStore

PAIR = "pair"
"""Which space a note is of: a person may be in more than one."""


class PairMail:
    """Takes in free text, and sends to the other one whatever has become of them.

    Whoever sends learns nothing of the other: not whether they are away, have left, or read it.
    """

    def __init__(
        self,
        *,
        pairs: PairStore,
        outbox: Outbox,
        heed: Heed,
        clock: Clock,
    ) -> None:
        self._pairs = pairs
        self._outbox = outbox
        self._heed = heed
        self._clock = clock

    def take(self, participant: Participant, texts: Sequence[str], longest: int) -> list[str]:
        """Return texts without the space around them; danger words in them reach the team.

        A hit changes nothing else: what was written goes on its way as it would have.

        Raises:
            UserError: The first is empty, or one is too long.
        """
        clean = [text.strip() for text in texts]
        if not clean or not clean[0]:
            raise UserError("openings.empty")
        if any(len(text) > longest for text in clean):
            raise UserError("ritual.too_long", n=longest)
        self._heed(participant.user_id, "\n".join(clean))
        return clean

    async def is_in(self, pair_id: PairId, participant_id: ParticipantId, tx: Any) -> bool:
        """Whether someone is in an open pair at this moment."""
        pair = await self._pairs.get(pair_id, tx)
        me = pair.member(participant_id) if pair is not None and pair.is_open else None
        return me is not None and me.is_in

    async def check(self, pair_id: PairId, participant_id: ParticipantId, tx: Any) -> None:
        """Refuse someone whose space is over by now.

        Raises:
            UserError: It is.
        """
        if not await self.is_in(pair_id, participant_id, tx):
            raise UserError("together.closed")

    async def send(
        self,
        kind: Kind,
        pair_id: PairId,
        sender: ParticipantId,
        *,
        args: Args,
        expires_at: datetime | None = None,
        tx: Any,
    ) -> None:
        """Send something to the other one; where they have gone, do nothing."""
        pair = await self._pairs.get(pair_id, tx)
        other = pair.other(sender) if pair is not None and pair.is_open else None
        if other is not None and other.is_in:
            await self._outbox.add(
                kind,
                Personal(participant_id=other.participant_id),
                due_at=self._clock(),
                subject_id=pair_id,
                args={**args, PAIR: pair_id},
                expires_at=expires_at,
                tx=tx,
            )
