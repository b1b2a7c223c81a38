"""Who opened what about whom: the access lines of the log, and their sealed reasons."""

from bot.domain.audit import SealedReason, Subject
from bot.domain.ids import ParticipantId, new_id
from bot.errors import KeyLostError
from bot.store.database import Database, Row
from bot.store.times import from_us
from bot.store.vault import Vault

PLACE = "audit_entries.reason"


class AccessStore:
    """Seals the reasons for opening something, and tells a participant who opened what.

    There is nothing to forget here: the audit store drops the mapping to the participant, and
    the reasons are under the participant's own key.
    """

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, subject: Subject, text: str) -> SealedReason:
        """Encrypt a reason under the key of the participant or case it is about."""
        row = new_id()
        blob = await self._vault.seal(str(subject.ref), text, at=PLACE, row=row)
        return SealedReason(row=row, blob=blob)

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return who opened what about a participant, and why."""
        rows = await self._database.fetch_all(
            "SELECT entry.at, entry.action, entry.reason_row, entry.reason, viewer.staff_id "
            "FROM audit_entries entry "
            "JOIN audit_subjects about ON about.id = entry.subject "
            "LEFT JOIN audit_subjects viewer ON viewer.id = entry.actor "
            "WHERE about.participant_id = :participant AND entry.action LIKE 'opened.%' "
            "ORDER BY entry.id",
            {"participant": participant_id},
        )
        return [
            {
                "at": from_us(row["at"]).isoformat(),
                "opened": row["action"].removeprefix("opened."),
                "by": row["staff_id"],
                "reason": await self._reason(participant_id, row),
            }
            for row in rows
        ]

    async def _reason(self, participant_id: ParticipantId, row: Row) -> str | None:
        if row["reason"] is None:
            return None
        try:
            return await self._vault.open(
                participant_id, bytes(row["reason"]), at=PLACE, row=row["reason_row"]
            )
        except KeyLostError:
            return None
