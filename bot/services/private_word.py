"""The private word on a shared phone: set, said, removed, and reset by the team in person."""

import asyncio
import logging
import math
import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from bot.clock import Clock
from bot.domain.audit import AuditAction, Subject
from bot.domain.delivery import Address, Kind, OutboxRow, Personal, Priority
from bot.domain.ids import ParticipantId
from bot.domain.private_word import (
    LONGEST,
    MOST_TRIES,
    OPEN_FOR,
    SHORTEST,
    TRIES_WINDOW,
    PrivateWord,
    plain_word,
)
from bot.domain.staff import StaffMember, StaffRole
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.participants import ParticipantService

log = logging.getLogger(__name__)

RESET = Kind(
    name="private.reset",
    priority=Priority.INTERACTIVE,
    # They asked for it themselves, in person; and if they did not, they should know soon.
    honours_away=False,
)

COST = 2**14
BLOCK, PARALLEL = 8, 1
SALT_BYTES, DIGEST_BYTES = 16, 32


class WordStore(Protocol):
    """What this service needs of the store."""

    async def get(self, participant_id: ParticipantId) -> PrivateWord | None: ...
    async def put(self, participant_id: ParticipantId, word: PrivateWord) -> None: ...
    async def keep_open(self, participant_id: ParticipantId, until: datetime | None) -> None: ...
    async def remove(self, participant_id: ParticipantId, tx: Any = None) -> bool: ...
    async def take_try(
        self, participant_id: ParticipantId, now: datetime, since: datetime, most: int
    ) -> int | None: ...
    async def first_try(
        self, participant_id: ParticipantId, since: datetime
    ) -> datetime | None: ...
    async def clear_tries(self, participant_id: ParticipantId) -> None: ...


class Outbox(Protocol):
    """What a reset's note needs."""

    async def add(
        self, kind: Kind, address: Address, *, due_at: datetime, tx: Any = None
    ) -> OutboxRow | None: ...


class Audit(Protocol):
    """What this service needs of the audit log."""

    async def record(
        self, actor: Subject, action: AuditAction, subject: Subject, *, tx: Any = None
    ) -> None: ...


class Duty(Protocol):
    """Who must learn nothing of a person."""

    def excluded(self, people: Collection[int]) -> frozenset[int]: ...


class PrivateWordService:
    """Keeps what a person looks back at closed to whoever else holds the phone."""

    def __init__(
        self,
        *,
        store: WordStore,
        participants: ParticipantService,
        outbox: Outbox,
        duty: Duty,
        audit: Audit,
        transactor: Transactor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._participants = participants
        self._outbox = outbox
        self._duty = duty
        self._audit = audit
        self._transactor = transactor
        self._clock = clock

    async def is_set(self, participant_id: ParticipantId) -> bool:
        """Whether there is a word."""
        return await self._store.get(participant_id) is not None

    async def is_open(self, participant_id: ParticipantId) -> bool:
        """Whether nothing has to be said: no word is set, or it was said within the hour."""
        word = await self._store.get(participant_id)
        return word is None or word.is_open(self._clock())

    async def say(self, participant_id: ParticipantId, typed: str) -> None:
        """Open what the word guards for an hour.

        Raises:
            UserError: The word does not fit, or too many did not within the hour.
        """
        word = await self._store.get(participant_id)
        if word is None:
            return
        await self._check(participant_id, word, typed)
        await self._store.keep_open(participant_id, self._clock() + OPEN_FOR)

    async def lock(self, participant_id: ParticipantId) -> None:
        """Ask again from now on."""
        await self._store.keep_open(participant_id, None)

    async def set(
        self, participant_id: ParticipantId, typed: str, again: str, *, current: str = ""
    ) -> None:
        """Set a word, or change it for who knows the current one; it counts as just said.

        Raises:
            UserError: The new one is too short or long or was not typed twice alike, or the
                current one does not fit.
        """
        fresh = plain_word(typed)
        if len(fresh) < SHORTEST:
            raise UserError("private.too_short", n=SHORTEST)
        if len(fresh) > LONGEST:
            raise UserError("private.too_long", n=LONGEST)
        if fresh != plain_word(again):
            raise UserError("private.differ")
        known = await self._store.get(participant_id)
        if known is not None:
            await self._check(participant_id, known, current)
        now = self._clock()
        word = await asyncio.to_thread(_digested, fresh, now)
        await self._store.put(participant_id, replace(word, open_until=now + OPEN_FOR))
        log.info("participant %s set a private word", participant_id)

    async def remove(self, participant_id: ParticipantId, current: str) -> None:
        """Take the word away, for who knows it.

        Raises:
            UserError: The word does not fit, or too many did not within the hour.
        """
        word = await self._store.get(participant_id)
        if word is None:
            return
        await self._check(participant_id, word, current)
        await self._store.remove(participant_id)
        log.info("participant %s removed the private word", participant_id)

    async def reset(self, user_id: int, by: StaffMember) -> None:
        """Take a forgotten word away, for a member of the team who sees the person.

        The answer is the same whether there was a word: whether one is set is the person's own.

        Raises:
            UserError: The member is a moderator, close to the person or the person themselves,
                or nobody has joined with this account.
        """
        if by.role is StaffRole.MODERATOR:
            raise UserError("people.word.not_moderator")
        if by.user_id == user_id or by.user_id in self._duty.excluded([user_id]):
            raise UserError("people.word.someone_else")
        participant = await self._participants.find(user_id)
        if participant is None:
            raise UserError("people.word.not_joined")
        subject = Subject.participant(participant.id)
        async with self._transactor.transaction() as tx:
            was_set = await self._store.remove(participant.id, tx)
            await self._audit.record(
                Subject.staff(by.user_id), AuditAction.WORD_RESET, subject, tx=tx
            )
            if was_set:
                await self._outbox.add(
                    RESET, Personal(participant_id=participant.id), due_at=self._clock(), tx=tx
                )

    async def _check(self, participant_id: ParticipantId, word: PrivateWord, typed: str) -> None:
        now = self._clock()
        since = now - TRIES_WINDOW
        left = await self._store.take_try(participant_id, now, since, MOST_TRIES)
        if left is None:
            first = await self._store.first_try(participant_id, since) or now
            wait = first + TRIES_WINDOW - now
            raise UserError("private.too_many", n=max(1, math.ceil(wait.total_seconds() / 60)))
        if not await asyncio.to_thread(_fits, word, plain_word(typed)):
            if left == 0:
                raise UserError("private.wrong_last")
            raise UserError("private.wrong", n=left)
        await self._store.clear_tries(participant_id)


def _digested(word: str, now: datetime) -> PrivateWord:
    salt = secrets.token_bytes(SALT_BYTES)
    return PrivateWord(
        salt=salt, digest=_scrypt(salt, COST).derive(word.encode()), cost=COST, set_at=now
    )


def _fits(word: PrivateWord, typed: str) -> bool:
    try:
        _scrypt(word.salt, word.cost).verify(typed.encode(), word.digest)
    except InvalidKey:
        return False
    return True


def _scrypt(salt: bytes, cost: int) -> Scrypt:
    return Scrypt(salt=salt, length=DIGEST_BYTES, n=cost, r=BLOCK, p=PARALLEL)
