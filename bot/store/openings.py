"""What opens together, and what each of the two wrote for it."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.ids import OpeningId, PairId, ParticipantId
from bot.domain.opening import Choice, Contribution, Feature, Opening, OpeningState
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

BODY = "contributions.body"


class OpeningStore:
    """Openings are the pair's; each contribution is under its author's own key."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def ensure(self, opening: Opening, tx: Transaction) -> Opening:
        """Make an opening, or return the one there is for this hour and subject."""
        await tx.execute(
            "INSERT INTO openings VALUES (:id, :pair, :feature, :subject, :closes, :opens, :held, "
            ":state) ON CONFLICT DO NOTHING",
            {
                "id": opening.id,
                "pair": opening.pair_id,
                "feature": opening.feature.value,
                "subject": opening.subject,
                "closes": to_us(opening.closes_at),
                "opens": to_us(opening.opens_at),
                "held": int(opening.is_held),
                "state": opening.state.value,
            },
        )
        row = await tx.fetch_one(
            "SELECT * FROM openings WHERE pair_id = :pair AND feature = :feature "
            "AND closes_at = :closes AND subject = :subject",
            {
                "pair": opening.pair_id,
                "feature": opening.feature.value,
                "closes": to_us(opening.closes_at),
                "subject": opening.subject,
            },
        )
        assert row is not None
        return _opening(row)

    async def get(self, opening_id: str, tx: Transaction | None = None) -> Opening | None:
        """Return an opening."""
        source: Queries = tx or self._database
        row = await source.fetch_one("SELECT * FROM openings WHERE id = :id", {"id": opening_id})
        return None if row is None else _opening(row)

    async def find(
        self, pair_id: PairId, feature: Feature, subject: str, closes_at: datetime
    ) -> Opening | None:
        """Return the opening of a feature for an hour and subject."""
        row = await self._database.fetch_one(
            "SELECT * FROM openings WHERE pair_id = :pair AND feature = :feature "
            "AND closes_at = :closes AND subject = :subject",
            {
                "pair": pair_id,
                "feature": feature.value,
                "closes": to_us(closes_at),
                "subject": subject,
            },
        )
        return None if row is None else _opening(row)

    async def due(self, tx: Transaction, now: datetime, limit: int) -> Sequence[Opening]:
        """Return what is to be decided, the earliest first."""
        rows = await tx.fetch_all(
            "SELECT * FROM openings WHERE state = 'waiting' AND opens_at <= :now "
            "ORDER BY opens_at LIMIT :limit",
            {"now": to_us(now), "limit": limit},
        )
        return [_opening(row) for row in rows]

    async def next_at(self) -> datetime | None:
        """Return when the next one is to be decided."""
        row = await self._database.fetch_one(
            "SELECT min(opens_at) AS at FROM openings WHERE state = 'waiting'"
        )
        return None if row is None else from_us(row["at"])

    async def settle(self, opening_id: OpeningId, state: OpeningState, tx: Transaction) -> None:
        """Keep what became of an opening."""
        await tx.execute(
            "UPDATE openings SET state = :state WHERE id = :id AND state = 'waiting'",
            {"id": opening_id, "state": state.value},
        )

    async def seal(self, opening_id: str, participant_id: ParticipantId, text: str) -> bytes:
        """Lock what someone wrote, before a transaction is opened."""
        row = f"{opening_id}/{participant_id}"
        return await self._vault.seal(participant_id, text, at=BODY, row=row)

    async def put(
        self,
        opening_id: OpeningId,
        participant_id: ParticipantId,
        choice: Choice,
        *,
        sealed: bytes,
        at: datetime,
        tx: Transaction,
    ) -> None:
        """Keep what someone wrote, in place of what they wrote before."""
        await tx.execute(
            "INSERT INTO contributions VALUES (:opening, :participant, :choice, :body, :at) "
            "ON CONFLICT DO UPDATE SET choice = :choice, body = :body, at = :at",
            {
                "opening": opening_id,
                "participant": participant_id,
                "choice": choice.value,
                "body": sealed,
                "at": to_us(at),
            },
        )

    async def narrow(
        self, opening_id: OpeningId, participant_id: ParticipantId, tx: Transaction
    ) -> bool:
        """Keep to oneself what was to be shared."""
        changed = await tx.execute(
            "UPDATE contributions SET choice = 'keep' "
            "WHERE opening_id = :opening AND participant_id = :participant",
            {"opening": opening_id, "participant": participant_id},
        )
        return changed == 1

    async def choices(self, tx: Transaction, opening_id: OpeningId) -> Sequence[Contribution]:
        """Return who chose what, without the words."""
        rows = await tx.fetch_all(
            "SELECT * FROM contributions WHERE opening_id = :opening", {"opening": opening_id}
        )
        return [_contribution(row, "") for row in rows]

    async def written(
        self, opening_id: OpeningId, participant_id: ParticipantId
    ) -> Contribution | None:
        """Return what one person wrote; the words are empty where the key is gone."""
        row = await self._database.fetch_one(
            "SELECT * FROM contributions WHERE opening_id = :opening "
            "AND participant_id = :participant",
            {"opening": opening_id, "participant": participant_id},
        )
        return None if row is None else _contribution(row, await self._text(row))

    async def opened(
        self, pair_id: PairId, feature: Feature | None, limit: int
    ) -> Sequence[Opening]:
        """Return what opened between two people, the latest first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM openings WHERE pair_id = :pair AND state = 'opened' "
            "AND feature = coalesce(:feature, feature) ORDER BY opens_at DESC LIMIT :limit",
            {"pair": pair_id, "feature": feature.value if feature else None, "limit": limit},
        )
        return [_opening(row) for row in rows]

    async def subjects(self, pair_id: PairId, feature: Feature, since: datetime) -> Sequence[str]:
        """Return what was asked of a pair since a moment, so that it is not asked again."""
        rows = await self._database.fetch_all(
            "SELECT subject FROM openings WHERE pair_id = :pair AND feature = :feature "
            "AND closes_at >= :since",
            {"pair": pair_id, "feature": feature.value, "since": to_us(since)},
        )
        return [row["subject"] for row in rows]

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return what a person wrote, unsealed; nothing of the other one."""
        rows = await self._database.fetch_all(
            "SELECT contributions.*, feature, subject, closes_at FROM contributions "
            "JOIN openings ON openings.id = opening_id "
            "WHERE participant_id = :participant ORDER BY at",
            {"participant": participant_id},
        )
        return [
            {
                "feature": row["feature"],
                "subject": row["subject"],
                "choice": row["choice"],
                "at": row["at"],
                "text": await self._text(row),
            }
            for row in rows
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete what a person wrote."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM contributions WHERE participant_id = :participant",
            {"participant": participant_id},
        )

    async def _text(self, row: Row) -> str:
        owner = row["participant_id"]
        try:
            return await self._vault.open(
                owner, row["body"], at=BODY, row=f"{row['opening_id']}/{owner}"
            )
        except KeyLostError:
            return ""


def _opening(row: Row) -> Opening:
    return Opening(
        id=OpeningId(row["id"]),
        pair_id=PairId(row["pair_id"]),
        feature=Feature(row["feature"]),
        subject=row["subject"],
        closes_at=from_us(row["closes_at"]),
        opens_at=from_us(row["opens_at"]),
        is_held=bool(row["is_held"]),
        state=OpeningState(row["state"]),
    )


def _contribution(row: Row, text: str) -> Contribution:
    return Contribution(
        opening_id=OpeningId(row["opening_id"]),
        participant_id=ParticipantId(row["participant_id"]),
        choice=Choice(row["choice"]),
        text=text,
        at=from_us(row["at"]),
    )
