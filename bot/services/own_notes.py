"""What somebody keeps for themselves alone: strengths, and looks at what they carry."""

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.ids import OwnNoteId, ParticipantId, new_id
from bot.domain.own_note import LATEST_LOOKS, LONGEST, MOST_STRENGTHS, OwnKind, OwnNote
from bot.domain.participant import Participant
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.pair_mail import PairMail


class OwnNoteStore(Protocol):
    """Notes of one person."""

    async def seal(self, note: OwnNote) -> bytes: ...
    async def add(self, note: OwnNote, sealed: bytes, tx: Any) -> None: ...
    async def count(self, participant_id: ParticipantId, kind: OwnKind, tx: Any) -> int: ...
    async def of(
        self, participant_id: ParticipantId, kind: OwnKind, limit: int
    ) -> Sequence[OwnNote]: ...
    async def drop(self, note_id: str, participant_id: ParticipantId) -> None: ...


class OwnNotes:
    """Keeps them under their author's key; no one else is ever shown any of it."""

    def __init__(
        self, *, store: OwnNoteStore, mail: PairMail, database: Transactor, clock: Clock
    ) -> None:
        self._store = store
        self._mail = mail
        self._database = database
        self._clock = clock

    async def strengths(self, participant: Participant) -> Sequence[OwnNote]:
        """Return a person's strengths in their own words, the newest first."""
        found = await self._store.of(participant.id, OwnKind.STRENGTH, MOST_STRENGTHS)
        return [one for one in found if one.text]

    async def add_strength(self, participant: Participant, text: str) -> None:
        """Keep a strength.

        Raises:
            UserError: It is empty or too long, or 25 are kept.
        """
        [clean] = self._mail.take(participant, [text], LONGEST)
        note = self._note(participant, OwnKind.STRENGTH, clean)
        sealed = await self._store.seal(note)
        async with self._database.transaction() as tx:
            if await self._store.count(participant.id, note.kind, tx) >= MOST_STRENGTHS:
                raise UserError("alone.strengths.too_many", n=MOST_STRENGTHS)
            await self._store.add(note, sealed, tx)

    async def drop(self, participant: Participant, note_id: str) -> None:
        """Delete a note; one that is gone stays gone."""
        await self._store.drop(note_id, participant.id)

    async def look(self, participant: Participant, items: Collection[str]) -> OwnNote:
        """Keep which items fit somebody today."""
        note = self._note(participant, OwnKind.LOOK, " ".join(sorted(items)))
        sealed = await self._store.seal(note)
        async with self._database.transaction() as tx:
            await self._store.add(note, sealed, tx)
        return note

    async def looks(self, participant: Participant) -> Sequence[OwnNote]:
        """Return a person's last looks, the newest first."""
        return await self._store.of(participant.id, OwnKind.LOOK, LATEST_LOOKS)

    def _note(self, participant: Participant, kind: OwnKind, text: str) -> OwnNote:
        return OwnNote(
            id=OwnNoteId(new_id()),
            participant_id=participant.id,
            kind=kind,
            text=text,
            at=self._clock(),
        )
