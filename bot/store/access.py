"""Who opened what about whom: the access lines of the log, and their sealed reasons."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.audit import SealedReason, Subject
from bot.domain.ids import ParticipantId, new_id
from bot.domain.readable import Opening
from bot.errors import KeyLostError
from bot.store.database import Database, Row
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

PLACE = "audit_entries.reason"
MONTH_KEY = "access-"


class AccessStore:
    """Seals the reasons for opening something, and tells a participant who opened what.

    There is nothing to forget here: the audit store drops the mapping to the participant, and
    the reasons are under the participant's own key.
    """

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, subject: Subject, text: str, at: datetime) -> SealedReason:
        """Encrypt a reason under the key of the participant or case it is about.

        Inside, it is under its month's key, which goes after a year: the line itself is part of
        the chain and stays with it.
        """
        row = new_id()
        inner = await self._vault.seal(month_key(at), text, at=PLACE, row=row)
        blob = await self._vault.seal(str(subject.ref), inner.hex(), at=PLACE, row=row)
        return SealedReason(row=row, blob=blob)

    async def drop_reasons(self, before: datetime) -> int:
        """Destroy the keys of the months that ended before a moment, and count them."""
        return await self._vault.destroy_between(MONTH_KEY, month_key(before))

    async def openings(
        self, participant_id: ParticipantId, since: datetime | None = None
    ) -> Sequence[Opening]:
        """Return who opened what of a participant's, the latest first.

        That is what is about them, and the cases they asked for or agreed to. A concern about
        them is its reporter's, and a case the team opened is the team's: neither is in here.
        """
        rows = await self._database.fetch_all(
            "SELECT entry.at, entry.action, entry.reason_row, entry.reason, viewer.staff_id, "
            "ifnull(about.participant_id, about.case_id) AS owner "
            "FROM audit_entries entry "
            "JOIN audit_subjects about ON about.id = entry.subject "
            "LEFT JOIN audit_subjects viewer ON viewer.id = entry.actor "
            "WHERE entry.action LIKE 'opened.%' AND entry.at >= :since "
            "AND (about.participant_id = :participant OR about.case_id IN "
            "(SELECT id FROM cases WHERE participant_id = :participant AND source <> 'staff')) "
            "ORDER BY entry.id DESC",
            {"participant": participant_id, "since": to_us(since) if since else 0},
        )
        return [
            Opening(
                at=from_us(row["at"]),
                what=row["action"].removeprefix("opened."),
                by=row["staff_id"],
                reason=await self._reason(row),
            )
            for row in rows
        ]

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return who opened what of a participant's, and why."""
        return [
            {"at": one.at, "opened": one.what, "by": one.by, "reason": one.reason}
            for one in reversed(await self.openings(participant_id))
        ]

    async def _reason(self, row: Row) -> str | None:
        if row["reason"] is None:
            return None
        try:
            inner = await self._vault.open(
                row["owner"], bytes(row["reason"]), at=PLACE, row=row["reason_row"]
            )
            return await self._vault.open(
                month_key(from_us(row["at"])),
                bytes.fromhex(inner),
                at=PLACE,
                row=row["reason_row"],
            )
        except (KeyLostError, ValueError):
            return None


def month_key(moment: datetime) -> str:
    """Name the key that a month's reasons are under."""
    return f"{MONTH_KEY}{moment:%Y%m}"
