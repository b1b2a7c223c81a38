"""What two people thanked one another for; when it was read is never told to its author."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.ids import PairId, ParticipantId, ThanksId
from bot.domain.thanks import Appreciation, Moment
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

BODY = "thanks.body"


class ThanksStore:
    """One row an appreciation, sealed under its author's key."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, thanks: Appreciation) -> bytes:
        """Lock the words, before a transaction is opened."""
        return await self._vault.seal(thanks.participant_id, thanks.text, at=BODY, row=thanks.id)

    async def add(self, thanks: Appreciation, sealed: bytes, tx: Transaction) -> None:
        """Keep an appreciation."""
        is_held = thanks.moment is Moment.HELD
        await tx.execute(
            "INSERT INTO thanks VALUES (:id, :pair, :participant, :body, :at, :held, :given)",
            {
                "id": thanks.id,
                "pair": thanks.pair_id,
                "participant": thanks.participant_id,
                "body": sealed,
                "at": to_us(thanks.at),
                "held": int(is_held),
                "given": None if is_held else to_us(thanks.at),
            },
        )

    async def written_since(
        self, participant_id: ParticipantId, since: datetime, tx: Transaction
    ) -> int:
        """Count what a person wrote since a moment, whatever became of it."""
        row = await tx.fetch_one(
            "SELECT count(*) AS n FROM thanks WHERE participant_id = :participant AND at >= :since",
            {"participant": participant_id, "since": to_us(since)},
        )
        return 0 if row is None else int(row["n"])

    async def next_held(self, space: tuple[PairId, ParticipantId], tx: Transaction) -> str | None:
        """Return the oldest one that is held for a person.

        Args:
            space: The pair, and whom it is held for.
            tx: Where it is handed out.
        """
        row = await tx.fetch_one(
            "SELECT id FROM thanks WHERE pair_id = :pair AND participant_id <> :mine "
            "AND given_at IS NULL ORDER BY at LIMIT 1",
            {"pair": space[0], "mine": space[1]},
        )
        return None if row is None else str(row["id"])

    async def hand_out(self, thanks_id: str, at: datetime, tx: Transaction) -> None:
        """Keep that a held one may be read from now on."""
        await tx.execute(
            "UPDATE thanks SET given_at = :at WHERE id = :id", {"id": thanks_id, "at": to_us(at)}
        )

    async def get(self, thanks_id: str) -> Appreciation | None:
        """Return one that may be read."""
        row = await self._database.fetch_one(
            "SELECT * FROM thanks WHERE id = :id AND given_at IS NOT NULL", {"id": thanks_id}
        )
        return None if row is None else await self._thanks(row)

    async def got(self, pair_id: PairId, mine: ParticipantId, limit: int) -> Sequence[Appreciation]:
        """Return what a person may read, the newest first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM thanks WHERE pair_id = :pair AND participant_id <> :mine "
            "AND given_at IS NOT NULL ORDER BY given_at DESC, at DESC LIMIT :limit",
            {"pair": pair_id, "mine": mine, "limit": limit},
        )
        return [await self._thanks(row) for row in rows]

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return what a person wrote; never when, or whether, it was read."""
        rows = await self._database.fetch_all(
            "SELECT * FROM thanks WHERE participant_id = :participant ORDER BY at",
            {"participant": participant_id},
        )
        found = [await self._thanks(row) for row in rows]
        return [
            {"text": one.text, "at": to_us(one.at), "held": one.moment is Moment.HELD}
            for one in found
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete what a person wrote."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM thanks WHERE participant_id = :participant",
            {"participant": participant_id},
        )

    async def _thanks(self, row: Row) -> Appreciation:
        author = ParticipantId(row["participant_id"])
        try:
            text = await self._vault.open(author, row["body"], at=BODY, row=row["id"])
        except KeyLostError:
            text = ""
        return Appreciation(
            id=ThanksId(row["id"]),
            pair_id=PairId(row["pair_id"]),
            participant_id=author,
            text=text,
            at=from_us(row["at"]),
            moment=Moment.HELD if row["is_held"] else Moment.NOW,
        )
