"""Join codes: kept as digests, used once, tried five times an hour."""

from datetime import datetime, timedelta

from bot.domain.joining import pseudonym, pseudonym_number
from bot.store.database import Database, Queries, Transaction
from bot.store.times import to_us


class JoinCodeStore:
    """Codes not used yet, the numbers given out, and what did not fit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self,
        tx: Transaction,
        *,
        digest: bytes,
        code: str,
        by: int,
        now: datetime,
        expires_at: datetime,
    ) -> None:
        """Keep a code; an earlier one for the same pseudonymous ID is void from now on."""
        await tx.execute("DELETE FROM join_codes WHERE code = :code", {"code": code})
        await tx.execute(
            "INSERT INTO join_codes VALUES (:digest, :code, :by, :now, :expires)",
            {
                "digest": digest,
                "code": code,
                "by": by,
                "now": to_us(now),
                "expires": to_us(expires_at),
            },
        )

    async def use(self, tx: Transaction, digest: bytes, now: datetime) -> str | None:
        """Use a code up and return its pseudonymous ID; nothing where it does not fit.

        Of two people with one code the first gets it: the row is gone for the second.
        """
        row = await tx.fetch_one(
            "DELETE FROM join_codes WHERE digest = :digest AND expires_at > :now RETURNING code",
            {"digest": digest, "now": to_us(now)},
        )
        return None if row is None else str(row["code"])

    async def is_taken(self, tx: Transaction, code: str) -> bool:
        """Whether a pseudonymous ID belongs to an account already."""
        row = await tx.fetch_one("SELECT 1 FROM participants WHERE code = :code", {"code": code})
        return row is not None

    async def next_free(self, tx: Transaction) -> str:
        """Return the next pseudonymous ID that was never given out, and count it as given."""
        row = await tx.fetch_one(
            "UPDATE join_numbers SET last = last + 1 WHERE id = 1 RETURNING last"
        )
        assert row is not None
        return pseudonym(row["last"])

    async def count(self, tx: Transaction, code: str) -> None:
        """Count a pseudonymous ID that was chosen, and all below it, as given out."""
        await tx.execute(
            "UPDATE join_numbers SET last = max(last, :number) WHERE id = 1",
            {"number": pseudonym_number(code) or 0},
        )

    async def tries(self, tx: Transaction, who: bytes, since: datetime) -> int:
        """Count what did not fit since a moment."""
        row = await tx.fetch_one(
            "SELECT count(*) FROM join_tries WHERE who = :who AND at > :since",
            {"who": who, "since": to_us(since)},
        )
        return 0 if row is None else int(row[0])

    async def note_try(self, tx: Transaction, who: bytes, now: datetime) -> None:
        """Keep that a code did not fit."""
        await tx.execute(
            "INSERT INTO join_tries VALUES (:who, :at)", {"who": who, "at": to_us(now)}
        )

    async def clear_tries(self, tx: Transaction, who: bytes) -> None:
        """Forget what did not fit."""
        await tx.execute("DELETE FROM join_tries WHERE who = :who", {"who": who})

    async def purge(self, now: datetime, window: timedelta, tx: Transaction | None = None) -> None:
        """Delete codes that are over and tries that no longer count."""
        into: Queries = tx or self._database
        await into.execute("DELETE FROM join_codes WHERE expires_at <= :now", {"now": to_us(now)})
        await into.execute(
            "DELETE FROM join_tries WHERE at <= :since", {"since": to_us(now - window)}
        )
