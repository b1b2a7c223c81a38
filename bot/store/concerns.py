"""Concerns, each sealed under its reporter's key, or its own where they have not joined."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.concern import Concern
from bot.domain.ids import CaseId, ConcernId, ParticipantId
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

BODY = "concerns.body"


class ConcernStore:
    """What people told the team."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, concern: Concern) -> bytes:
        """Seal a concern's text before the transaction that keeps it."""
        return await self._vault.seal(_owner(concern), concern.text or "", at=BODY, row=concern.id)

    async def add(self, concern: Concern, sealed: bytes, tx: Transaction) -> None:
        """Keep a concern."""
        await tx.execute(
            "INSERT INTO concerns (id, case_id, participant_id, reporter_id, about_id, reason, "
            "body, channel_id, message_id, created_at, may_contact) VALUES (:id, :case, "
            ":participant, :reporter, :about, :reason, :body, :channel, :message, :at, "
            ":may_contact)",
            {
                "id": concern.id,
                "case": concern.case_id,
                "participant": concern.participant_id,
                "reporter": concern.reporter_id,
                "about": concern.about_id,
                "reason": concern.reason,
                "body": sealed,
                "channel": concern.channel_id,
                "message": concern.message_id,
                "at": to_us(concern.created_at),
                "may_contact": int(concern.may_contact),
            },
        )

    async def of_case(self, case_id: str) -> Concern | None:
        """Return the concern a case came from; a text whose key is gone is missing."""
        row = await self._database.fetch_one(
            "SELECT * FROM concerns WHERE case_id = :case", {"case": case_id}
        )
        if row is None:
            return None
        participant = row["participant_id"]
        concern = Concern(
            id=ConcernId(row["id"]),
            case_id=CaseId(row["case_id"]),
            participant_id=None if participant is None else ParticipantId(participant),
            reporter_id=row["reporter_id"],
            about_id=row["about_id"],
            reason=row["reason"],
            text=None,
            channel_id=row["channel_id"],
            message_id=row["message_id"],
            created_at=from_us(row["created_at"]),
            may_contact=bool(row["may_contact"]),
        )
        return await self._unsealed(concern, row["body"])

    async def allow_contact(self, case_id: str, tx: Transaction) -> bool:
        """Keep the reporter's yes; `False` where it was there, or there is no such concern."""
        changed = await tx.execute(
            "UPDATE concerns SET may_contact = 1 WHERE case_id = :case AND may_contact = 0",
            {"case": case_id},
        )
        return changed == 1

    async def about(self, tx: Transaction | None = None) -> Mapping[str, int]:
        """Return whom each open case is about that came from a concern about somebody."""
        source: Queries = tx or self._database
        rows = await source.fetch_all(
            "SELECT case_id, about_id FROM concerns JOIN cases ON cases.id = case_id "
            "WHERE about_id IS NOT NULL AND state <> 'closed'"
        )
        return {row["case_id"]: row["about_id"] for row in rows}

    async def _unsealed(self, concern: Concern, sealed: bytes) -> Concern:
        try:
            text = await self._vault.open(_owner(concern), sealed, at=BODY, row=concern.id)
        except KeyLostError:
            return concern
        return replace(concern, text=text)

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return the concerns a participant raised."""
        rows = await self._database.fetch_all(
            "SELECT id, reason, created_at, body FROM concerns WHERE participant_id = :participant "
            "ORDER BY created_at",
            {"participant": participant_id},
        )
        return [
            {
                "reason": row["reason"],
                "created_at": row["created_at"],
                "text": await self._vault.open(participant_id, row["body"], at=BODY, row=row["id"]),
            }
            for row in rows
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete the concerns a participant raised; in others' they are no longer named."""
        into: Queries = tx or self._database
        await into.execute(
            "UPDATE concerns SET about_id = NULL WHERE about_id = "
            "(SELECT user_id FROM participants WHERE id = :participant)",
            {"participant": participant_id},
        )
        await into.execute(
            "DELETE FROM concerns WHERE participant_id = :participant",
            {"participant": participant_id},
        )


def _owner(concern: Concern) -> str:
    return concern.participant_id or concern.id
