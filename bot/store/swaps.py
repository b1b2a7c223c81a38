"""Requests to swap a shift on one date."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.rota import ShiftId
from bot.domain.swap import Swap, SwapId, SwapState
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us

OPEN = "state = 'asked'"


class SwapStore:
    """One row per request."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, swap: Swap, tx: Transaction) -> bool:
        """Keep a request; `False` where one is open for this shift and date."""
        back_shift, back_day = swap.back or (None, None)
        return (
            await tx.execute(
                "INSERT INTO swaps VALUES (:id, :shift, :day, :asker, :taker, :back_shift, "
                ":back_day, :state, :asked, NULL) ON CONFLICT DO NOTHING",
                {
                    "id": swap.id,
                    "shift": swap.shift_id,
                    "day": swap.day.isoformat(),
                    "asker": swap.asker_id,
                    "taker": swap.taker_id,
                    "back_shift": back_shift,
                    "back_day": back_day.isoformat() if back_day else None,
                    "state": swap.state,
                    "asked": to_us(swap.asked_at),
                },
            )
            == 1
        )

    async def get(self, swap_id: str, tx: Transaction | None = None) -> Swap | None:
        """Return a request."""
        into: Queries = tx or self._database
        row = await into.fetch_one("SELECT * FROM swaps WHERE id = :id", {"id": swap_id})
        return None if row is None else _swap(row)

    async def settle(self, swap_id: str, state: SwapState, at: datetime, tx: Transaction) -> bool:
        """Settle an open request; `False` where it was settled before."""
        return (
            await tx.execute(
                f"UPDATE swaps SET state = :state, settled_at = :at WHERE id = :id AND {OPEN}",  # noqa: S608 - our own condition
                {"id": swap_id, "state": state, "at": to_us(at)},
            )
            == 1
        )

    async def open_of(self, user_id: int) -> Sequence[Swap]:
        """Return the open requests by or to a person, the earliest date first."""
        rows = await self._database.fetch_all(
            f"SELECT * FROM swaps WHERE {OPEN} AND (asker_id = :user OR taker_id = :user) "  # noqa: S608 - our own condition
            "ORDER BY day, asked_at",
            {"user": user_id},
        )
        return [_swap(row) for row in rows]

    async def stale_of_shift(self, shift_id: str, at: datetime, tx: Transaction) -> None:
        """Close the open requests about a shift that has changed."""
        await tx.execute(
            f"UPDATE swaps SET state = 'stale', settled_at = :at WHERE {OPEN} "  # noqa: S608 - our own condition
            "AND (shift_id = :shift OR back_shift_id = :shift)",
            {"shift": shift_id, "at": to_us(at)},
        )

    async def stale_of_person(self, user_id: int, at: datetime, tx: Transaction) -> None:
        """Close the open requests by or to somebody who left."""
        await tx.execute(
            f"UPDATE swaps SET state = 'stale', settled_at = :at WHERE {OPEN} "  # noqa: S608 - our own condition
            "AND (asker_id = :user OR taker_id = :user)",
            {"user": user_id, "at": to_us(at)},
        )

    async def purge(self, before: datetime, limit: int) -> int:
        """Delete requests about days that are over."""
        return await self._database.execute(
            "DELETE FROM swaps WHERE id IN (SELECT id FROM swaps WHERE day < :last LIMIT :limit)",
            {"last": before.date().isoformat(), "limit": limit},
        )


def _swap(row: Row) -> Swap:
    back = row["back_shift_id"]
    return Swap(
        id=SwapId(row["id"]),
        shift_id=ShiftId(row["shift_id"]),
        day=date.fromisoformat(row["day"]),
        asker_id=row["asker_id"],
        taker_id=row["taker_id"],
        back=None if back is None else (ShiftId(back), date.fromisoformat(row["back_day"])),
        state=SwapState(row["state"]),
        asked_at=from_us(row["asked_at"]),
        settled_at=None if row["settled_at"] is None else from_us(row["settled_at"]),
    )
