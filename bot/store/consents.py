"""The consent ledger: lines are only ever added."""

from collections.abc import Collection, Mapping

from bot.domain.consent import ConsentEntry, ConsentKind
from bot.domain.ids import ParticipantId
from bot.store.database import Database, Queries, Transaction
from bot.store.times import from_us, to_us


class ConsentStore:
    """Which consents were given and taken back, when, and to which wording."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, entry: ConsentEntry, tx: Transaction | None = None) -> None:
        """Add a line."""
        into: Queries = tx or self._database
        await into.execute(
            "INSERT INTO consents (participant_id, kind, given, text_version, locale, at) "
            "VALUES (:participant, :kind, :given, :version, :locale, :at)",
            {
                "participant": entry.participant_id,
                "kind": entry.kind.value,
                "given": int(entry.given),
                "version": entry.text_version,
                "locale": entry.locale,
                "at": to_us(entry.at),
            },
        )

    async def current(self, participant_id: ParticipantId) -> Mapping[ConsentKind, ConsentEntry]:
        """Return the last line of each kind; a kind never asked is not there."""
        rows = await self._database.fetch_all(
            "SELECT * FROM consents WHERE participant_id = :participant ORDER BY id",
            {"participant": participant_id},
        )
        return {
            ConsentKind(row["kind"]): ConsentEntry(
                participant_id=participant_id,
                kind=ConsentKind(row["kind"]),
                given=bool(row["given"]),
                text_version=row["text_version"],
                locale=row["locale"],
                at=from_us(row["at"]),
            )
            for row in rows
        }

    async def holders(self, kind: ConsentKind, version: int) -> Collection[ParticipantId]:
        """Return everyone whose last line of a kind is a yes to this version of its text."""
        rows = await self._database.fetch_all(
            "SELECT participant_id FROM consents WHERE id IN ("
            "SELECT max(id) FROM consents WHERE kind = :kind GROUP BY participant_id) "
            "AND given = 1 AND text_version = :version",
            {"kind": kind.value, "version": version},
        )
        return [ParticipantId(row["participant_id"]) for row in rows]

    async def outdated(self, kind: ConsentKind, version: int) -> Collection[ParticipantId]:
        """Return every active participant whose last line is a yes to another version."""
        rows = await self._database.fetch_all(
            "SELECT participant_id FROM consents "
            "JOIN participants ON participants.id = participant_id "
            "WHERE consents.id IN ("
            "SELECT max(id) FROM consents WHERE kind = :kind GROUP BY participant_id) "
            "AND given = 1 AND text_version <> :version AND state = 'active'",
            {"kind": kind.value, "version": version},
        )
        return [ParticipantId(row["participant_id"]) for row in rows]

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return the whole ledger of a participant."""
        rows = await self._database.fetch_all(
            "SELECT kind, given, text_version, locale, at FROM consents "
            "WHERE participant_id = :participant ORDER BY id",
            {"participant": participant_id},
        )
        return [dict(row) for row in rows]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a participant's lines."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM consents WHERE participant_id = :participant",
            {"participant": participant_id},
        )
