"""What somebody says of a hard day: drafts, what waits for its time, and what was told."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.hard_day import Telling, When
from bot.domain.ids import PairId, ParticipantId, TellingId
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

BODY = "tellings.body"


class HardDayStore:
    """One draft a person and pair; a row that is taken back is gone."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, telling: Telling) -> bytes:
        """Lock the words, before a transaction is opened."""
        return await self._vault.seal(telling.participant_id, telling.text, at=BODY, row=telling.id)

    async def draft(self, telling: Telling, sealed: bytes, tx: Transaction) -> None:
        """Keep a draft in place of the one before."""
        params = {"pair": telling.pair_id, "participant": telling.participant_id}
        await tx.execute(
            "DELETE FROM tellings WHERE pair_id = :pair AND participant_id = :participant "
            "AND tell_at IS NULL",
            params,
        )
        await tx.execute(
            "INSERT INTO tellings VALUES (:id, :pair, :participant, :body, :at, :when, NULL, NULL)",
            {
                **params,
                "id": telling.id,
                "body": sealed,
                "at": to_us(telling.at),
                "when": telling.when.value,
            },
        )

    async def get(self, telling_id: str) -> Telling | None:
        """Return one, in whatever state."""
        row = await self._database.fetch_one(
            "SELECT * FROM tellings WHERE id = :id", {"id": telling_id}
        )
        return None if row is None else await self._telling(row)

    async def bare(self, telling_id: str, tx: Transaction) -> Telling | None:
        """Return one without its words, which stay sealed."""
        row = await tx.fetch_one("SELECT * FROM tellings WHERE id = :id", {"id": telling_id})
        return None if row is None else _sealed(row)

    async def plan(
        self, telling_id: TellingId, tell_at: datetime, told_at: datetime | None, tx: Transaction
    ) -> None:
        """Keep when it is told, and whether it was."""
        await tx.execute(
            "UPDATE tellings SET tell_at = :tell, told_at = :told WHERE id = :id",
            {"id": telling_id, "tell": to_us(tell_at), "told": to_us(told_at)},
        )

    async def planned_since(
        self, participant_id: ParticipantId, since: datetime, tx: Transaction
    ) -> int:
        """Count what a person wrote to be told since a moment."""
        row = await tx.fetch_one(
            "SELECT count(*) AS n FROM tellings WHERE participant_id = :participant "
            "AND tell_at IS NOT NULL AND at >= :since",
            {"participant": participant_id, "since": to_us(since)},
        )
        return 0 if row is None else int(row["n"])

    async def waiting_of(self, pair_id: PairId, mine: ParticipantId) -> Sequence[Telling]:
        """Return what a person chose to tell later, the next first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM tellings WHERE pair_id = :pair AND participant_id = :mine "
            "AND tell_at IS NOT NULL AND told_at IS NULL ORDER BY tell_at",
            {"pair": pair_id, "mine": mine},
        )
        return [await self._telling(row) for row in rows]

    async def due(self, tx: Transaction, now: datetime, limit: int) -> Sequence[Telling]:
        """Return what is to be told by now; the words stay sealed."""
        rows = await tx.fetch_all(
            "SELECT * FROM tellings WHERE tell_at <= :now AND told_at IS NULL "
            "ORDER BY tell_at LIMIT :limit",
            {"now": to_us(now), "limit": limit},
        )
        return [_sealed(row) for row in rows]

    async def next_at(self) -> datetime | None:
        """Return when the next one is to be told."""
        row = await self._database.fetch_one(
            "SELECT min(tell_at) FROM tellings WHERE tell_at IS NOT NULL AND told_at IS NULL"
        )
        return None if row is None else from_us(row[0])

    async def drop(self, telling_id: TellingId, tx: Transaction) -> bool:
        """Delete one that was not told; `False` where it was, or is gone."""
        gone = await tx.execute(
            "DELETE FROM tellings WHERE id = :id AND told_at IS NULL", {"id": telling_id}
        )
        return gone == 1

    async def drop_of(self, pair_id: PairId, mine: ParticipantId, tx: Transaction) -> None:
        """Delete what a person did not tell yet."""
        await tx.execute(
            "DELETE FROM tellings WHERE pair_id = :pair AND participant_id = :mine "
            "AND told_at IS NULL",
            {"pair": pair_id, "mine": mine},
        )

    async def drop_drafts(self, before: datetime) -> None:
        """Delete drafts that were left lying."""
        await self._database.execute(
            "DELETE FROM tellings WHERE tell_at IS NULL AND at < :before",
            {"before": to_us(before)},
        )

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return what a person wrote, and the time they chose."""
        rows = await self._database.fetch_all(
            "SELECT * FROM tellings WHERE participant_id = :participant ORDER BY at",
            {"participant": participant_id},
        )
        return [
            {
                "text": (await self._telling(row)).text,
                "at": row["at"],
                "tell_at": row["tell_at"],
            }
            for row in rows
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete what a person wrote."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM tellings WHERE participant_id = :participant",
            {"participant": participant_id},
        )

    async def _telling(self, row: Row) -> Telling:
        author = ParticipantId(row["participant_id"])
        try:
            text = await self._vault.open(author, row["body"], at=BODY, row=row["id"])
        except KeyLostError:
            text = ""
        return _sealed(row, text)


def _sealed(row: Row, text: str = "") -> Telling:
    return Telling(
        id=TellingId(row["id"]),
        pair_id=PairId(row["pair_id"]),
        participant_id=ParticipantId(row["participant_id"]),
        text=text,
        when=When(row["choice"]),
        at=from_us(row["at"]),
        tell_at=from_us(row["tell_at"]),
        told_at=from_us(row["told_at"]),
    )
