"""What the risk screen found, and what became of it."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.ids import CaseId, HitId, ParticipantId
from bot.domain.risk import RiskClass, Tier
from bot.domain.watch import Hit, Verdict, Where
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

EXCERPT = "hits.excerpt"
MOMENTS = ("started_at", "digest_at", "tested_at", "down_since")
OF_PARTICIPANT = (
    "(participant_id = :participant OR user_id = "
    "(SELECT user_id FROM participants WHERE id = :participant))"
)


class HitStore:
    """Hits; an excerpt, where one is kept, is under the hit's own key."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, hit: Hit, text: str) -> bytes:
        """Lock an excerpt."""
        return await self._vault.seal(hit.id, text, at=EXCERPT, row=hit.id)

    async def add(self, hit: Hit, excerpt: bytes | None, tx: Transaction | None = None) -> bool:
        """Keep a hit; `False` where the same was found of this message before."""
        into: Queries = tx or self._database
        added = await into.execute(
            "INSERT INTO hits (id, participant_id, user_id, place, channel_id, message_id, label, "
            "tier, version, found_at, excerpt) VALUES (:id, :participant, :user, :place, "
            ":channel, :message, :label, :tier, :version, :found, :excerpt) ON CONFLICT DO NOTHING",
            {
                "id": hit.id,
                "participant": hit.participant_id,
                "user": hit.user_id,
                "place": hit.where.value,
                "channel": hit.channel_id,
                "message": hit.message_id,
                "label": hit.label.value,
                "tier": hit.tier.value,
                "version": hit.version,
                "found": to_us(hit.found_at),
                "excerpt": excerpt,
            },
        )
        return added == 1

    async def save(self, hit: Hit, tx: Transaction | None = None) -> None:
        """Keep what became of a hit."""
        into: Queries = tx or self._database
        await into.execute(
            "UPDATE hits SET case_id = :case, informed = :informed, "
            "done = :done, said_okay = :okay WHERE id = :id",
            {
                "id": hit.id,
                "case": hit.case_id,
                "informed": None if hit.is_informed is None else int(hit.is_informed),
                "done": int(hit.is_done),
                "okay": int(hit.said_okay),
            },
        )

    async def judge(self, hit_id: str, verdict: Verdict, by: int, at: datetime) -> bool:
        """Keep what staff said of a hit."""
        changed = await self._database.execute(
            "UPDATE hits SET verdict = :verdict, verdict_by = :by, verdict_at = :at WHERE id = :id",
            {"id": hit_id, "verdict": verdict.value, "by": by, "at": to_us(at)},
        )
        return changed == 1

    async def get(self, hit_id: str) -> Hit | None:
        """Return a hit."""
        row = await self._database.fetch_one("SELECT * FROM hits WHERE id = :id", {"id": hit_id})
        return None if row is None else _hit(row)

    async def page_of_message(self, message_id: int, label: RiskClass) -> bool:
        """Whether a post was found to be urgent before, for the same reason."""
        row = await self._database.fetch_one(
            "SELECT 1 FROM hits WHERE message_id = :message AND label = :label AND tier = 'page'",
            {"message": message_id, "label": label.value},
        )
        return row is not None

    async def waiting(self) -> Sequence[Hit]:
        """Return what waits for somebody's look, the oldest first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM hits WHERE tier = 'review' AND done = 1 AND case_id IS NULL "
            "AND verdict IS NULL ORDER BY found_at"
        )
        return [_hit(row) for row in rows]

    async def undone(self, limit: int) -> Sequence[Hit]:
        """Return the hits of which nothing followed yet, the oldest first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM hits WHERE done = 0 ORDER BY found_at LIMIT :limit", {"limit": limit}
        )
        return [_hit(row) for row in rows]

    async def of_case(self, case_id: str) -> Sequence[Hit]:
        """Return the hits that belong to a case."""
        rows = await self._database.fetch_all(
            "SELECT * FROM hits WHERE case_id = :case ORDER BY found_at", {"case": case_id}
        )
        return [_hit(row) for row in rows]

    async def written_in(self, case_id: str) -> str | None:
        """Return what was written where a case's danger words were found, where it is kept."""
        texts = [await self.excerpt(hit) for hit in await self.of_case(case_id)]
        return "\n\n".join(text for text in texts if text) or None

    async def last_card(self, user_id: int, since: datetime) -> RiskClass | None:
        """Return what the last card to a person was about."""
        row = await self._database.fetch_one(
            "SELECT label FROM hits WHERE user_id = :user AND informed = 1 AND found_at > :since "
            "ORDER BY found_at DESC LIMIT 1",
            {"user": user_id, "since": to_us(since)},
        )
        return None if row is None else RiskClass(row["label"])

    async def excerpt(self, hit: Hit) -> str | None:
        """Return the excerpt of a hit, where one is kept."""
        row = await self._database.fetch_one(
            "SELECT excerpt FROM hits WHERE id = :id", {"id": hit.id}
        )
        if row is None or row["excerpt"] is None:
            return None
        try:
            return await self._vault.open(hit.id, row["excerpt"], at=EXCERPT, row=hit.id)
        except KeyLostError:
            return None

    async def silence(self, participant_id: ParticipantId, at: datetime, *, on: bool) -> None:
        """Keep that a person wants no cards, or wants them again."""
        if on:
            await self._database.execute(
                "INSERT INTO watch_silence VALUES (:participant, :at) ON CONFLICT DO NOTHING",
                {"participant": participant_id, "at": to_us(at)},
            )
        else:
            await self._database.execute(
                "DELETE FROM watch_silence WHERE participant_id = :participant",
                {"participant": participant_id},
            )

    async def is_silent(self, participant_id: ParticipantId) -> bool:
        """Whether a person wants no cards."""
        row = await self._database.fetch_one(
            "SELECT 1 FROM watch_silence WHERE participant_id = :participant",
            {"participant": participant_id},
        )
        return row is not None

    async def moment(self, name: str) -> datetime | None:
        """Return one of the screen's own moments.

        Raises:
            ValueError: There is none of this name.
        """
        if name not in MOMENTS:
            raise ValueError(name)
        row = await self._database.fetch_one("SELECT * FROM watch_state")
        return None if row is None else from_us(row[name])

    async def set_moment(self, name: str, at: datetime | None) -> None:
        """Keep one of the screen's own moments.

        Raises:
            ValueError: There is none of this name.
        """
        if name not in MOMENTS:
            raise ValueError(name)
        await self._database.execute(
            f"UPDATE watch_state SET {name} = :at",  # noqa: S608 - one of our own names
            {"at": to_us(at)},
        )

    async def count_unscreened(self, more: int) -> int:
        """Add to how many texts were not screened while it is down, and return how many."""
        await self._database.execute(
            "UPDATE watch_state SET unscreened = unscreened + :more", {"more": more}
        )
        row = await self._database.fetch_one("SELECT unscreened FROM watch_state")
        return 0 if row is None else int(row["unscreened"])

    async def clear_unscreened(self) -> None:
        """Begin to count anew."""
        await self._database.execute("UPDATE watch_state SET unscreened = 0")

    async def automod(self) -> bool:
        """Whether Discord's own filter is to watch instead."""
        row = await self._database.fetch_one("SELECT automod FROM watch_state")
        return row is not None and bool(row["automod"])

    async def set_automod(self, *, on: bool) -> None:
        """Keep whether Discord's own filter is to watch instead."""
        await self._database.execute("UPDATE watch_state SET automod = :on", {"on": int(on)})

    async def judged_in(self, start: datetime, end: datetime) -> Sequence[Hit]:
        """Return the hits that staff judged in a time."""
        rows = await self._database.fetch_all(
            "SELECT * FROM hits WHERE verdict IS NOT NULL "
            "AND verdict_at >= :start AND verdict_at < :end",
            {"start": to_us(start), "end": to_us(end)},
        )
        return [_hit(row) for row in rows]

    async def judged(self) -> Sequence[tuple[Hit, str | None]]:
        """Return what staff judged, each with its excerpt where one is kept."""
        rows = await self._database.fetch_all(
            "SELECT * FROM hits WHERE verdict IS NOT NULL ORDER BY found_at"
        )
        return [(hit, await self.excerpt(hit)) for hit in map(_hit, rows)]

    async def purge(self, before: datetime, limit: int) -> int:
        """Delete hits found before a moment, with their excerpts' keys, and count them."""
        rows = await self._database.fetch_all(
            "SELECT id FROM hits WHERE found_at < :before AND done = 1 LIMIT :limit",
            {"before": to_us(before), "limit": limit},
        )
        for row in rows:
            await self._database.execute("DELETE FROM hits WHERE id = :id", {"id": row["id"]})
            await self._vault.destroy(row["id"])
        return len(rows)

    async def purge_excerpts(
        self, closed_before: datetime, found_before: datetime, limit: int
    ) -> int:
        """Drop the excerpts whose case closed before a moment, or that are old without one."""
        rows = await self._database.fetch_all(
            "SELECT hits.id FROM hits LEFT JOIN cases ON cases.id = hits.case_id "
            "WHERE excerpt IS NOT NULL AND (cases.closed_at < :closed "
            "OR (cases.id IS NULL AND found_at < :found)) LIMIT :limit",
            {
                "closed": to_us(closed_before),
                "found": to_us(found_before),
                "limit": limit,
            },
        )
        for row in rows:
            await self._database.execute(
                "UPDATE hits SET excerpt = NULL WHERE id = :id", {"id": row["id"]}
            )
            await self._vault.destroy(row["id"])
        return len(rows)

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return whether a person wants cards; what was found is handed over in person."""
        rows = await self._database.fetch_all(
            "SELECT since FROM watch_silence WHERE participant_id = :participant",
            {"participant": participant_id},
        )
        return [dict(row) for row in rows]

    async def export_safety(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return what was found; the team hands it over in person."""
        rows = await self._database.fetch_all(
            f"SELECT * FROM hits WHERE {OF_PARTICIPANT} ORDER BY found_at",  # noqa: S608 - a constant
            {"participant": participant_id},
        )
        return [
            {
                "place": row["place"],
                "kind": row["label"],
                "tier": row["tier"],
                "found_at": row["found_at"],
                "message": row["message_id"],
                "verdict": row["verdict"],
                "text": await self.excerpt(_hit(row)),
            }
            for row in rows
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete what was found of a person, and destroy the keys of its excerpts."""
        into: Queries = tx or self._database
        params = {"participant": participant_id}
        rows = await into.fetch_all(f"SELECT id FROM hits WHERE {OF_PARTICIPANT}", params)  # noqa: S608 - a constant
        await into.execute(f"DELETE FROM hits WHERE {OF_PARTICIPANT}", params)  # noqa: S608 - a constant
        await into.execute("DELETE FROM watch_silence WHERE participant_id = :participant", params)
        for row in rows:
            await self._vault.destroy(row["id"])


def _hit(row: Row) -> Hit:
    return Hit(
        id=HitId(row["id"]),
        user_id=row["user_id"],
        participant_id=None
        if row["participant_id"] is None
        else ParticipantId(row["participant_id"]),
        where=Where(row["place"]),
        label=RiskClass(row["label"]),
        tier=Tier(row["tier"]),
        version=row["version"],
        found_at=from_us(row["found_at"]),
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        case_id=None if row["case_id"] is None else CaseId(row["case_id"]),
        is_informed=None if row["informed"] is None else bool(row["informed"]),
        is_done=bool(row["done"]),
        said_okay=bool(row["said_okay"]),
        verdict=None if row["verdict"] is None else Verdict(row["verdict"]),
    )
