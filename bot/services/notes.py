"""Notes: finding what waits behind a neutral notice, for the one person it is for."""

from typing import Protocol

from bot.domain.ids import OutboxId
from bot.domain.note import Note
from bot.errors import UserError
from bot.services.participants import ParticipantService


class NoteStore(Protocol):
    """What this service needs of the outbox."""

    async def note(self, outbox_id: OutboxId) -> Note | None: ...


class NoteService:
    """Opens notes."""

    def __init__(self, store: NoteStore, participants: ParticipantService) -> None:
        self._store = store
        self._participants = participants

    async def open(self, outbox_id: str, user_id: int) -> Note:
        """Return a note to the person it was sent to.

        Raises:
            UserError: It is for someone else, or it is closed.
        """
        note = await self._store.note(OutboxId(outbox_id))
        participant = await self._participants.find(user_id)
        if note is None or participant is None or note.participant_id != participant.id:
            # One sentence whether it is someone else's or never was: neither can be told apart.
            raise UserError("core.note_not_yours")
        if not note.is_open:
            raise UserError("core.note_closed")
        return note
