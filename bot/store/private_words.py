"""Private words as digests, and the tries that did not fit."""

from datetime import datetime

from bot.domain.ids import ParticipantId
from bot.domain.private_word import PrivateWord
from bot.store.database import Database, Queries, Transaction
from bot.store.times import from_us, to_us


class PrivateWordStore:
    """One word at most for each participant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, participant_id: ParticipantId) -> PrivateWord | None:
        """Return a participant's word."""
        row = await self._database.fetch_one(
            "SELECT * FROM private_words WHERE participant_id = :participant",
            {"participant": participant_id},
        )
        if row is None:
            return None
        return PrivateWord(
            salt=bytes(row["salt"]),
            digest=bytes(row["digest"]),
            cost=row["cost"],
            set_at=from_us(row["set_at"]),
            open_until=from_us(row["open_until"]),
        )

    async def put(self, participant_id: ParticipantId, word: PrivateWord) -> None:
        """Keep a word in place of an earlier one."""
        await self._database.execute(
            "INSERT INTO private_words VALUES (:participant, :salt, :digest, :cost, :set_at, "
            ":open_until) ON CONFLICT (participant_id) DO UPDATE SET salt = :salt, "
            "digest = :digest, cost = :cost, set_at = :set_at, open_until = :open_until",
            {
                "participant": participant_id,
                "salt": word.salt,
                "digest": word.digest,
                "cost": word.cost,
                "set_at": to_us(word.set_at),
                "open_until": to_us(word.open_until),
            },
        )

    async def keep_open(self, participant_id: ParticipantId, until: datetime | None) -> None:
        """Keep up to when nothing is asked."""
        await self._database.execute(
            "UPDATE private_words SET open_until = :until WHERE participant_id = :participant",
            {"participant": participant_id, "until": to_us(until)},
        )

    async def remove(self, participant_id: ParticipantId, tx: Transaction | None = None) -> bool:
        """Delete a word and its tries; `False` where there was none."""
        into: Queries = tx or self._database
        params = {"participant": participant_id}
        await into.execute(
            "DELETE FROM private_word_tries WHERE participant_id = :participant", params
        )
        return (
            await into.execute(
                "DELETE FROM private_words WHERE participant_id = :participant", params
            )
            == 1
        )

    async def take_try(
        self, participant_id: ParticipantId, now: datetime, since: datetime, most: int
    ) -> int | None:
        """Count a try before the word is looked at, so that many at once count too.

        Returns:
            How many are left after it; nothing where it is one too many.
        """
        params = {"participant": participant_id, "since": to_us(since), "now": to_us(now)}
        async with self._database.transaction() as tx:
            row = await tx.fetch_one(
                "SELECT count(*) AS tries FROM private_word_tries "
                "WHERE participant_id = :participant AND at > :since",
                params,
            )
            tries = int(row["tries"]) if row else 0
            if tries >= most:
                return None
            await tx.execute("INSERT INTO private_word_tries VALUES (:participant, :now)", params)
        return most - tries - 1

    async def first_try(self, participant_id: ParticipantId, since: datetime) -> datetime | None:
        """Return the earliest try that still counts."""
        row = await self._database.fetch_one(
            "SELECT min(at) AS first FROM private_word_tries "
            "WHERE participant_id = :participant AND at > :since",
            {"participant": participant_id, "since": to_us(since)},
        )
        return None if row is None else from_us(row["first"])

    async def clear_tries(self, participant_id: ParticipantId) -> None:
        """Forget the tries: the right word was said."""
        await self._database.execute(
            "DELETE FROM private_word_tries WHERE participant_id = :participant",
            {"participant": participant_id},
        )

    async def purge_tries(self, before: datetime) -> int:
        """Delete the tries that no longer count, and count them."""
        return await self._database.execute(
            "DELETE FROM private_word_tries WHERE at <= :before", {"before": to_us(before)}
        )

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return when a word was set and when it was tried; the word itself is known to nobody."""
        words = await self._database.fetch_all(
            "SELECT set_at, open_until FROM private_words WHERE participant_id = :participant",
            {"participant": participant_id},
        )
        tries = await self._database.fetch_all(
            "SELECT at AS tried_at FROM private_word_tries WHERE participant_id = :participant "
            "ORDER BY at",
            {"participant": participant_id},
        )
        return [dict(row) for row in (*words, *tries)]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a participant's word and tries."""
        await self.remove(participant_id, tx)
