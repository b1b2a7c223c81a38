"""Agreements: written in private, put before the other one, answered, and looked at again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.agreement import (
    LONGEST,
    MOST_DRAFTS,
    MOST_OPEN,
    REVISIT_AT,
    Agreement,
    AgreementText,
    Reply,
)
from bot.domain.delivery import Kind, Personal, Priority
from bot.domain.ids import AgreementId, PairId, ParticipantId, new_id
from bot.domain.localtime import local_day
from bot.domain.pair import Pair, Space
from bot.domain.participant import Participant
from bot.domain.plan import trimmed
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.pair_mail import PAIR
from bot.services.pair_ports import Heed, Outbox, PairStore
from bot.services.pairs import is_theirs
from bot.services.plans import ask_both, check_ahead, moment_of

AGREEMENT = Kind(name="pair.agreement", priority=Priority.INTERACTIVE)
"""One was put forward, or answered."""

AGREEMENT_REVIEW = Kind(name="pair.agreement_review", priority=Priority.REMINDER)
AGREEMENT_KINDS = (AGREEMENT, AGREEMENT_REVIEW)


class AgreementStore(Protocol):
    """Agreements."""

    async def seal(self, agreement: Agreement) -> bytes: ...
    async def save(self, agreement: Agreement, sealed: bytes, tx: Any) -> bool: ...
    async def put_forward(
        self, agreement_id: AgreementId, at: datetime, revisit_at: datetime | None, tx: Any
    ) -> bool: ...
    async def get(self, agreement_id: str) -> Agreement | None: ...
    async def seen_by(
        self, pair_id: PairId, participant_id: ParticipantId
    ) -> Sequence[Agreement]: ...
    async def count(
        self, pair_id: PairId, participant_id: ParticipantId, *, drafts: bool, tx: Any
    ) -> int: ...
    async def seal_joint(self, agreement: Agreement) -> bytes: ...
    async def answer(
        self,
        agreement: Agreement,
        participant_id: ParticipantId,
        reply: Reply,
        *,
        joint: bytes | None,
        at: datetime,
        tx: Any,
    ) -> bool: ...
    async def remove(
        self, agreement_id: AgreementId, participant_id: ParticipantId, tx: Any
    ) -> bool: ...
    async def due(self, now: datetime) -> Sequence[tuple[AgreementId, PairId]]: ...
    async def next_at(self) -> datetime | None: ...
    async def told(self, agreement_id: AgreementId, tx: Any) -> bool: ...


class AgreementService:
    """Keeps drafts to their author; what is put forward and answered is open to both."""

    def __init__(
        self,
        *,
        store: AgreementStore,
        pairs: PairStore,
        database: Transactor,
        outbox: Outbox,
        heed: Heed,
        clock: Clock,
    ) -> None:
        self._store = store
        self._pairs = pairs
        self._database = database
        self._outbox = outbox
        self._heed = heed
        self._clock = clock

    async def seen(self, space: Space) -> Sequence[Agreement]:
        """Return what one of the two sees: what was put forward, and their own drafts."""
        return await self._store.seen_by(space.pair_id, space.mine)

    async def one(self, space: Space, agreement_id: str) -> Agreement:
        """Return an agreement; a draft only to its author.

        Raises:
            UserError: It is gone, in the same words as if it had never been there.
        """
        found = await self._store.get(agreement_id)
        if found is None or found.pair_id != space.pair_id:
            raise UserError("agree.gone")
        if found.is_draft and found.put_by != space.mine:
            raise UserError("agree.gone")
        return found

    async def write(
        self,
        participant: Participant,
        space: Space,
        text: AgreementText,
        *,
        revisit_on: date | None,
        agreement_id: str | None = None,
    ) -> Agreement:
        """Keep a draft, new or changed.

        Raises:
            UserError: Nothing is written, a part is too long, the day is no day ahead, there are
                too many drafts, or it was put forward meanwhile.
        """
        text = AgreementText(
            need=trimmed(text.need), offer=trimmed(text.offer), limit=trimmed(text.limit)
        )
        if text.is_empty:
            raise UserError("agree.empty")
        if any(len(part) > LONGEST for part in text.parts):
            raise UserError("agree.too_long", n=LONGEST)
        if revisit_on is not None:
            check_ahead(revisit_on, local_day(self._clock(), ZoneInfo(space.zone)))
        draft = await self._draft(space, text, revisit_on, agreement_id)
        sealed = await self._store.seal(draft)
        async with self._database.transaction() as tx:
            await self._theirs(space, tx)
            drafts = await self._store.count(space.pair_id, space.mine, drafts=True, tx=tx)
            if agreement_id is None and drafts >= MOST_DRAFTS:
                raise UserError("agree.too_many_drafts", n=MOST_DRAFTS)
            if not await self._store.save(draft, sealed, tx):
                raise UserError("agree.put_already")
        self._heed(participant.user_id, "\n".join(text.parts))
        return draft

    async def put_forward(self, space: Space, agreement_id: str) -> Agreement:
        """Put one's draft before the other one: a declared act. Once more changes nothing.

        Raises:
            UserError: It is gone, or too many are open.
        """
        found = await self._own(space, agreement_id)
        now = self._clock()
        revisit_at = moment_of(found.revisit_on, REVISIT_AT, space.zone, now)
        async with self._database.transaction() as tx:
            pair = await self._theirs(space, tx)
            there = await self._store.count(space.pair_id, space.mine, drafts=False, tx=tx)
            if found.is_draft and there >= MOST_OPEN:
                raise UserError("agree.too_many", n=MOST_OPEN)
            if await self._store.put_forward(found.id, now, revisit_at, tx):
                await self._note(pair, space.mine, found.id, tx)
        return replace(found, put_at=found.put_at or now)

    async def answer(
        self, participant: Participant, space: Space, agreement_id: str, reply: Reply
    ) -> Agreement:
        """Say something to what the other one put forward: a declared act.

        Raises:
            UserError: It is gone, or one's own.
        """
        found = await self.one(space, agreement_id)
        if found.put_by == space.mine:
            raise UserError("agree.own")
        now = self._clock()
        joint = await self._store.seal_joint(found) if reply is Reply.AGREE else None
        async with self._database.transaction() as tx:
            pair = await self._theirs(space, tx)
            kept = await self._store.answer(
                found, participant.id, reply, joint=joint, at=now, tx=tx
            )
            if not kept:
                raise UserError("agree.gone")
            if reply is not found.reply:
                await self._note(pair, space.mine, found.id, tx)
        return replace(found, reply=reply, agreed_at=now if reply is Reply.AGREE else None)

    async def withdraw(self, space: Space, agreement_id: str) -> None:
        """Take one's own back: a draft in private, what was put forward as a declared act.

        Raises:
            UserError: It is gone, or not one's own.
        """
        found = await self._own(space, agreement_id)
        async with self._database.transaction() as tx:
            await self._theirs(space, tx)
            if not await self._store.remove(found.id, space.mine, tx):
                raise UserError("agree.gone")

    async def sweep(self, now: datetime) -> datetime | None:
        """Ask both to look at what is due again."""
        for agreement_id, pair_id in await self._store.due(now):
            async with self._database.transaction() as tx:
                if await self._store.told(agreement_id, tx):
                    pair = await self._pairs.get(pair_id, tx)
                    await ask_both(self._outbox, pair, AGREEMENT_REVIEW, now, tx)
        return await self._store.next_at()

    async def _draft(
        self, space: Space, text: AgreementText, revisit_on: date | None, agreement_id: str | None
    ) -> Agreement:
        if agreement_id is None:
            return Agreement(
                id=AgreementId(new_id()),
                pair_id=space.pair_id,
                put_by=space.mine,
                made_at=self._clock(),
                text=text,
                revisit_on=revisit_on,
            )
        found = await self._own(space, agreement_id)
        if not found.is_draft:
            raise UserError("agree.put_already")
        return replace(found, text=text, revisit_on=revisit_on)

    async def _own(self, space: Space, agreement_id: str) -> Agreement:
        found = await self.one(space, agreement_id)
        if found.put_by != space.mine:
            raise UserError("agree.gone")
        return found

    async def _theirs(self, space: Space, tx: Any) -> Pair:
        pair = await self._pairs.get(space.pair_id, tx)
        if pair is None or not is_theirs(pair, space.mine):
            raise UserError("together.closed")
        return pair

    async def _note(
        self, pair: Pair, me: ParticipantId, agreement_id: AgreementId, tx: Any
    ) -> None:
        other = pair.other(me)
        if other is not None and other.is_in:
            await self._outbox.add(
                AGREEMENT,
                Personal(participant_id=other.participant_id),
                due_at=self._clock(),
                subject_id=pair.id,
                args={PAIR: pair.id},
                tx=tx,
            )
