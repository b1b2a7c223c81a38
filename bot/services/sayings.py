"""Help to say something: words put together in private, kept, copied or sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.delivery import Kind, Priority
from bot.domain.ids import PairId, ParticipantId, SayingId, new_id
from bot.domain.pair import Space
from bot.domain.participant import Participant
from bot.domain.saying import LONGEST, LONGEST_PART, MOST_DRAFTS, Saying, compose
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.pair_mail import PairMail

SAID = Kind(name="pair.said", priority=Priority.INTERACTIVE)
WHICH = "said"


class SayingStore(Protocol):
    """Words made with the composer."""

    async def seal(self, saying: Saying) -> bytes: ...
    async def save(self, saying: Saying, sealed: bytes, tx: Any) -> bool: ...
    async def drafts(self, participant_id: ParticipantId, tx: Any = None) -> Sequence[Saying]: ...
    async def get(self, saying_id: str) -> Saying | None: ...
    async def send(self, saying_id: SayingId, pair_id: PairId, at: datetime, tx: Any) -> bool: ...
    async def drop(self, saying_id: str, participant_id: ParticipantId) -> None: ...


class SayingService:
    """Keeps words as their author's own until the author sends them."""

    def __init__(
        self, *, store: SayingStore, mail: PairMail, database: Transactor, clock: Clock
    ) -> None:
        self._store = store
        self._mail = mail
        self._database = database
        self._clock = clock

    async def write(
        self,
        participant: Participant,
        frame: str,
        leads: Sequence[str],
        parts: Sequence[str],
        draft_id: str | None = None,
    ) -> Saying:
        """Put parts together and keep them as a draft, a new one or one that is changed.

        Raises:
            UserError: Nothing was written, too much, 25 drafts are kept, or the draft is gone.
        """
        if any(len(part) > LONGEST_PART for part in parts):
            raise UserError("say_it.too_long", n=LONGEST_PART)
        before = None if draft_id is None else await self.draft(participant, draft_id)
        text = compose(leads, parts)
        self._mail.take(participant, [text], LONGEST)
        saying = Saying(
            id=before.id if before else SayingId(new_id()),
            participant_id=participant.id,
            frame=frame,
            parts=tuple(part.strip() for part in parts),
            text=text,
            at=self._clock(),
        )
        sealed = await self._store.seal(saying)
        async with self._database.transaction() as tx:
            if before is None and len(await self._store.drafts(participant.id, tx)) >= MOST_DRAFTS:
                raise UserError("say_it.too_many", n=MOST_DRAFTS)
            if not await self._store.save(saying, sealed, tx):
                raise UserError("say_it.gone")
        return saying

    async def drafts(self, participant: Participant) -> Sequence[Saying]:
        """Return what a person made and did not send, as far as it can be read."""
        return [one for one in await self._store.drafts(participant.id) if one.text]

    async def draft(self, participant: Participant, draft_id: str) -> Saying:
        """Return a person's own draft.

        Raises:
            UserError: It was sent, or is not there.
        """
        found = await self._store.get(draft_id)
        if found is None or found.participant_id != participant.id or found.sent_at is not None:
            raise UserError("say_it.gone")
        return found

    async def send(self, participant: Participant, space: Space, draft_id: str) -> Saying:
        """Send a draft to the other one; whoever sends learns nothing of what becomes of it.

        A second press finds it sent, and says the same.

        Raises:
            UserError: It is not there, or the space is over.
        """
        found = await self._store.get(draft_id)
        if found is None or found.participant_id != participant.id or not found.text:
            raise UserError("say_it.gone")
        now = self._clock()
        async with self._database.transaction() as tx:
            await self._mail.check(space.pair_id, participant.id, tx)
            if await self._store.send(found.id, space.pair_id, now, tx):
                args = {WHICH: str(found.id)}
                await self._mail.send(SAID, space.pair_id, participant.id, args=args, tx=tx)
        return replace(found, sent_at=now, pair_id=space.pair_id)

    async def drop(self, participant: Participant, draft_id: str) -> None:
        """Delete a draft."""
        await self._store.drop(draft_id, participant.id)

    async def received(self, spaces: Sequence[Space], saying_id: str) -> Saying:
        """Return words that were sent to this person in one of their spaces.

        Raises:
            UserError: They are not there any more.
        """
        found = await self._store.get(saying_id)
        is_for_me = (
            found is not None
            and found.sent_at is not None
            and any(
                found.pair_id == space.pair_id and found.participant_id != space.mine
                for space in spaces
            )
        )
        if found is None or not is_for_me or not found.text:
            raise UserError("core.note_closed")
        return found
