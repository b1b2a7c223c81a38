"""What pairs were offered, and topics they look for a middle way on."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.ids import MiddleWayId, PairId, ParticipantId
from bot.domain.offer import MiddleWay, Offer
from bot.domain.opening import Feature
from bot.errors import KeyLostError
from bot.store.database import Database, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

TOPIC = "middle_ways.topic"


class OfferStore:
    """One offer a pair, feature and hour; one topic a middle way."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def offered(self, offer: Offer) -> str | None:
        """Return what a pair was offered for an hour already."""
        row = await self._database.fetch_one(
            "SELECT subject FROM offers WHERE pair_id = :pair AND feature = :feature "
            "AND closes_at = :closes",
            _key(offer),
        )
        return None if row is None else str(row["subject"])

    async def keep(self, offer: Offer) -> str:
        """Keep an offer and return its subject; the first one stays."""
        await self._database.execute(
            "INSERT INTO offers VALUES (:pair, :feature, :closes, :subject) ON CONFLICT DO NOTHING",
            {**_key(offer), "subject": offer.subject},
        )
        return await self.offered(offer) or offer.subject

    async def since(self, pair_id: PairId, feature: Feature, moment: datetime) -> Sequence[str]:
        """Return what a pair was offered since a moment."""
        rows = await self._database.fetch_all(
            "SELECT subject FROM offers WHERE pair_id = :pair AND feature = :feature "
            "AND closes_at >= :since",
            {"pair": pair_id, "feature": feature.value, "since": to_us(moment)},
        )
        return [row["subject"] for row in rows]

    async def seal_topic(self, way: MiddleWay) -> bytes:
        """Lock a topic, before a transaction is opened."""
        return await self._vault.seal(way.participant_id, way.topic, at=TOPIC, row=way.id)

    async def add_way(self, way: MiddleWay, sealed: bytes, tx: Transaction) -> None:
        """Keep a topic."""
        await tx.execute(
            "INSERT INTO middle_ways VALUES (:id, :pair, :participant, :topic, :at, :closes)",
            {
                "id": way.id,
                "pair": way.pair_id,
                "participant": way.participant_id,
                "topic": sealed,
                "at": to_us(way.at),
                "closes": to_us(way.closes_at),
            },
        )

    async def ways(self, pair_id: PairId, now: datetime) -> Sequence[MiddleWay]:
        """Return the topics two people may still write on, the oldest first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM middle_ways WHERE pair_id = :pair AND closes_at > :now ORDER BY at",
            {"pair": pair_id, "now": to_us(now)},
        )
        return [await self._way(row) for row in rows]

    async def way(self, way_id: str) -> MiddleWay | None:
        """Return a topic."""
        row = await self._database.fetch_one(
            "SELECT * FROM middle_ways WHERE id = :id", {"id": way_id}
        )
        return None if row is None else await self._way(row)

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return the topics a person put forward, unsealed."""
        rows = await self._database.fetch_all(
            "SELECT * FROM middle_ways WHERE participant_id = :participant ORDER BY at",
            {"participant": participant_id},
        )
        return [{"topic": (await self._way(row)).topic, "at": row["at"]} for row in rows]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete the topics a person put forward."""
        into = tx or self._database
        await into.execute(
            "DELETE FROM middle_ways WHERE participant_id = :participant",
            {"participant": participant_id},
        )

    async def _way(self, row: Row) -> MiddleWay:
        author = ParticipantId(row["participant_id"])
        try:
            topic = await self._vault.open(author, row["topic"], at=TOPIC, row=row["id"])
        except KeyLostError:
            topic = ""
        return MiddleWay(
            id=MiddleWayId(row["id"]),
            pair_id=PairId(row["pair_id"]),
            participant_id=author,
            topic=topic,
            at=from_us(row["at"]),
            closes_at=from_us(row["closes_at"]),
        )


def _key(offer: Offer) -> dict[str, object]:
    return {
        "pair": offer.pair_id,
        "feature": offer.feature.value,
        "closes": to_us(offer.closes_at),
    }
