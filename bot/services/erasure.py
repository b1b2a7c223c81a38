"""Forgetting a person: every store's rows, their key, and a line in the list of deletions."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from bot.domain.audit import AuditAction, Subject
from bot.domain.ids import ParticipantId
from bot.domain.participant import Participant
from bot.domain.posted import Posted

log = logging.getLogger(__name__)


class PersonalStore(Protocol):
    """A store with rows about people."""

    async def forget(self, participant_id: ParticipantId, tx: Any = None) -> None: ...


class People(Protocol):
    """Who the people are."""

    async def by_id(self, participant_id: ParticipantId) -> Participant | None: ...


class Outbox(Protocol):
    """What stands in Discord about a person."""

    async def posted_to(self, participant_id: ParticipantId) -> Sequence[Posted]: ...
    async def posted_about(self, participant_id: ParticipantId) -> Sequence[Posted]: ...


class Database(Protocol):
    """Opens units of work, and empties its log."""

    def transaction(self) -> AbstractAsyncContextManager[Any]: ...
    async def checkpoint(self) -> bool: ...


class Keys(Protocol):
    """Destroys a person's key."""

    async def destroy(self, owner: str) -> None: ...
    async def checkpoint(self) -> bool: ...


class DeletionList(Protocol):
    """Remembers who was forgotten, outside the database."""

    def add(self, owner: str) -> None: ...
    def owners(self) -> AbstractSet[str]: ...


class Audit(Protocol):
    """What this service needs of the audit log."""

    async def record(
        self, actor: Subject, action: AuditAction, subject: Subject, *, tx: Any = None
    ) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """What is left to do in Discord about someone who is in no row any more.

    Attributes:
        thread_id: Their own thread; what was posted there goes with it.
        messages: What else the bot posted to them, and about them to the team.
    """

    participant_id: ParticipantId
    user_id: int
    thread_id: int | None
    messages: Sequence[Posted]


OnForgotten: TypeAlias = Callable[[ParticipantId], Awaitable[None]]


class ErasureService:
    """Deletes everything about a person, now and again after a backup came back."""

    def __init__(
        self,
        stores: Sequence[PersonalStore],
        database: Database,
        keys: Keys,
        deletions: DeletionList,
        *,
        people: People,
        outbox: Outbox,
        audit: Audit | None = None,
    ) -> None:
        self._stores = stores
        self._database = database
        self._keys = keys
        self._deletions = deletions
        self._people = people
        self._outbox = outbox
        self._audit = audit
        self._listeners: list[OnForgotten] = []

    def on_forgotten(self, callback: OnForgotten) -> None:
        """Call back with everyone who was deleted, to drop what is in memory."""
        self._listeners.append(callback)

    async def forget(
        self, participant_id: ParticipantId, by: Subject | None = None
    ) -> Forgotten | None:
        """Delete everything about a person, also from the files' logs.

        The list comes first: a crash in between is made good by `finish` at the next start.

        Args:
            participant_id: Whom.
            by: Who asked for it, for the audit log.

        Returns:
            What is left to do in Discord; nothing where there was no such person.
        """
        left = await self._in_discord(participant_id)
        self._deletions.add(participant_id)
        await self._delete(participant_id, by)
        for listener in self._listeners:
            await listener(participant_id)
        await self._empty_logs()
        log.info("participant %s was forgotten", participant_id)
        return left

    async def finish(self) -> int:
        """Finish the deletions that a crash cut off, and count them; done at every start."""
        cut_off = 0
        for owner in sorted(self._deletions.owners()):
            participant_id = ParticipantId(owner)
            if await self._people.by_id(participant_id) is not None:
                await self._delete(participant_id)
                cut_off += 1
            else:
                await self._keys.destroy(owner)
        if cut_off:
            await self._empty_logs()
            log.warning("%d deletions that were cut off are finished", cut_off)
        return cut_off

    async def replay(self) -> int:
        """Forget everyone on the list once more, and return how many are on it."""
        owners = self._deletions.owners()
        for owner in sorted(owners):
            await self._delete(ParticipantId(owner))
        await self._empty_logs()
        log.info("%d deletions replayed", len(owners))
        return len(owners)

    async def _delete(self, participant_id: ParticipantId, by: Subject | None = None) -> None:
        async with self._database.transaction() as tx:
            if self._audit is not None and by is not None:
                # Before the rows go: the line keeps a random ID that means nothing afterwards.
                subject = Subject.participant(participant_id)
                await self._audit.record(by, AuditAction.FORGOTTEN, subject, tx=tx)
            for store in self._stores:
                await store.forget(participant_id, tx)
        await self._keys.destroy(participant_id)

    async def _empty_logs(self) -> None:
        for file in (self._database, self._keys):
            if not await file.checkpoint():
                log.warning("a database's log still holds deleted rows; the next start empties it")

    async def _in_discord(self, participant_id: ParticipantId) -> Forgotten | None:
        participant = await self._people.by_id(participant_id)
        if participant is None:
            return None
        thread_id = participant.preferences.thread_id
        to_them = await self._outbox.posted_to(participant_id)
        about_them = await self._outbox.posted_about(participant_id)
        return Forgotten(
            participant_id=participant_id,
            user_id=participant.user_id,
            thread_id=thread_id,
            messages=[one for one in (*to_them, *about_them) if one.channel_id != thread_id],
        )
