"""The outbox as the dispatcher sees it: claim, mark, put off, hold."""

import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.delivery import OutboxRow, OutboxState, Priority, Reason, SentRef
from bot.domain.ids import OutboxId
from bot.store.database import Database, Transaction
from bot.store.outbox import outbox_row
from bot.store.times import from_us, to_us

OVERTAKEN = (
    "EXISTS (SELECT 1 FROM outbox AS new WHERE new.schedule_id = old.schedule_id "
    "AND new.nominal_date >= old.nominal_date AND new.due_at > old.due_at "
    "AND new.due_at <= :now AND new.state NOT IN ('closed', 'failed'))"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PausedScope:
    """A channel, or a parent of threads, where the bot lost a permission."""

    scope: str
    paused_at: datetime
    retry_at: datetime


class DeliveryStore:
    """What waits to be sent, what is on its way, and where nothing may be sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ready(
        self,
        now: datetime,
        limit: int,
        *,
        least: Priority = Priority.PROMPT,
        busy: Collection[str] = (),
        full: Collection[str] = (),
    ) -> Sequence[OutboxRow]:
        """Return what may go now, by priority and then by time.

        Args:
            least: The lowest priority wanted.
            busy: Participants and channel keys to which only cases may go now.
            full: Those to which nothing may go now.
        """
        rows = await self._database.fetch_all(
            # Naming the priorities lets the index give the order.
            "SELECT * FROM outbox WHERE state = 'pending' AND priority IN (0, 1, 2, 3, 4) "
            "AND priority <= :least AND send_after <= :now "
            "AND ifnull(participant_id, channel_key) NOT IN "
            "(SELECT value FROM json_each(iif(priority = 0, :full, :busy))) "
            "ORDER BY priority, send_after LIMIT :limit",
            {
                "now": to_us(now),
                "limit": limit,
                "busy": json.dumps(list(busy)),
                "full": json.dumps(list(full)),
                "least": int(least),
            },
        )
        return [outbox_row(row) for row in rows]

    async def overtaken(
        self, outbox_ids: Collection[OutboxId], now: datetime
    ) -> Collection[OutboxId]:
        """Return those of which a later occurrence of the same schedule went out, or may now."""
        rows = await self._database.fetch_all(
            "SELECT id FROM outbox AS old WHERE id IN (SELECT value FROM json_each(:ids)) "  # noqa: S608 - a constant
            f"AND {OVERTAKEN}",
            {"ids": json.dumps(list(outbox_ids)), "now": to_us(now)},
        )
        return {OutboxId(row["id"]) for row in rows}

    async def claim(self, tx: Transaction, outbox_id: OutboxId, now: datetime) -> OutboxRow | None:
        """Take a waiting row for sending; nothing if someone else was first."""
        row = await tx.fetch_one(
            "UPDATE outbox SET state = 'sending', claimed_at = :now, tries = tries + 1 "
            "WHERE id = :id AND state = 'pending' RETURNING *",
            {"id": outbox_id, "now": to_us(now)},
        )
        return None if row is None else outbox_row(row)

    async def merge(self, tx: Transaction, row: OutboxRow, now: datetime) -> Sequence[OutboxRow]:
        """Close whatever else of this kind is due to the same person, as carried by this row."""
        rows = await tx.fetch_all(
            "UPDATE outbox SET state = 'closed', closed_at = :now, reason = :reason, "
            "merged_into = :id WHERE participant_id = :participant "
            "AND state IN ('pending', 'paused') AND kind = :kind AND due_at <= :now RETURNING *",
            {
                "id": row.id,
                "participant": row.participant_id,
                "kind": row.kind,
                "now": to_us(now),
                "reason": Reason.MERGED.value,
            },
        )
        return [outbox_row(merged) for merged in rows]

    async def close(
        self, tx: Transaction, outbox_id: OutboxId, reason: str, now: datetime
    ) -> OutboxRow | None:
        """Close a waiting row without sending it; nothing if it does not wait any more."""
        row = await tx.fetch_one(
            "UPDATE outbox SET state = 'closed', closed_at = :now, reason = :reason "
            "WHERE id = :id AND state = 'pending' RETURNING *",
            {"id": outbox_id, "reason": reason, "now": to_us(now)},
        )
        return None if row is None else outbox_row(row)

    async def hold(self, tx: Transaction, outbox_id: OutboxId, until: datetime) -> None:
        """Let a waiting row wait longer."""
        await tx.execute(
            "UPDATE outbox SET send_after = :until WHERE id = :id AND state = 'pending'",
            {"id": outbox_id, "until": to_us(until)},
        )

    async def put_off(
        self,
        tx: Transaction,
        row: OutboxRow,
        until: datetime,
        reason: str,
        doubtful_since: datetime | None = None,
    ) -> None:
        """Give a row on its way back, to be tried again."""
        await tx.execute(
            "UPDATE outbox SET state = 'pending', send_after = :until, reason = :reason, "
            "doubtful_since = :doubtful "
            "WHERE id = :id AND state = 'sending' AND claimed_at = :claimed",
            {
                **_claimed(row),
                "until": to_us(until),
                "reason": reason,
                "doubtful": to_us(doubtful_since),
            },
        )

    async def sent(
        self, tx: Transaction, outbox_id: OutboxId, ref: SentRef | None, at: datetime
    ) -> OutboxRow | None:
        """Keep where a message is; nothing if the row went away or was marked by another.

        Args:
            ref: Where in Discord; nothing where it left by another way.
        """
        row = await tx.fetch_one(
            "UPDATE outbox SET state = 'sent', reason = '', doubtful_since = NULL, scope = NULL, "
            "sent_at = :at, channel_id = :channel, message_id = :message "
            "WHERE id = :id AND state = 'sending' RETURNING *",
            {
                "id": outbox_id,
                "at": to_us(at),
                "channel": ref.channel_id if ref else None,
                "message": ref.message_id if ref else None,
            },
        )
        return None if row is None else outbox_row(row)

    async def settle(
        self, tx: Transaction, row: OutboxRow, state: OutboxState, reason: str, now: datetime
    ) -> OutboxRow | None:
        """End a row on its way as closed, failed or uncertain."""
        settled = await tx.fetch_one(
            "UPDATE outbox SET state = :state, reason = :reason, "
            "closed_at = iif(:state = 'closed', :now, closed_at) "
            "WHERE id = :id AND state = 'sending' AND claimed_at = :claimed RETURNING *",
            {**_claimed(row), "state": state.value, "reason": reason, "now": to_us(now)},
        )
        return None if settled is None else outbox_row(settled)

    async def stuck(self, now: datetime, after: timedelta) -> Sequence[OutboxRow]:
        """Return what has been on its way for too long, or since a time still to come."""
        rows = await self._database.fetch_all(
            "SELECT * FROM outbox WHERE state = 'sending' "
            "AND (claimed_at <= :before OR claimed_at > :now) ORDER BY priority, claimed_at",
            {"before": to_us(now - after), "now": to_us(now)},
        )
        return [outbox_row(row) for row in rows]

    async def look_later(self, row: OutboxRow, now: datetime) -> None:
        """Take a row on its way as claimed just now; its message may be from before."""
        await self._database.execute(
            "UPDATE outbox SET claimed_at = :now, "
            "doubtful_since = ifnull(doubtful_since, claimed_at) "
            "WHERE id = :id AND state = 'sending' AND claimed_at = :claimed",
            {**_claimed(row), "now": to_us(now)},
        )

    async def next_at(self, stuck_after: timedelta) -> datetime | None:
        """Return when there is something to send, to look up or to try again."""
        row = await self._database.fetch_one(
            "SELECT min(at) FROM ("
            "SELECT min(send_after) AS at FROM outbox WHERE state = 'pending' UNION ALL "
            "SELECT min(claimed_at) + :after FROM outbox WHERE state = 'sending' UNION ALL "
            "SELECT min(retry_at) FROM paused_scopes)",
            {"after": stuck_after // timedelta(microseconds=1)},
        )
        return None if row is None else from_us(row[0])

    async def paused_scopes(self) -> Mapping[str, PausedScope]:
        """Return where nothing may be sent."""
        rows = await self._database.fetch_all("SELECT * FROM paused_scopes")
        return {
            row["scope"]: PausedScope(
                scope=row["scope"],
                paused_at=from_us(row["paused_at"]),
                retry_at=from_us(row["retry_at"]),
            )
            for row in rows
        }

    async def pause_scope(
        self, tx: Transaction, scope: str, now: datetime, retry_at: datetime
    ) -> bool:
        """Note that nothing may be sent there; `False` where that was known."""
        known = await tx.fetch_one(
            "SELECT 1 FROM paused_scopes WHERE scope = :scope", {"scope": scope}
        )
        await tx.execute(
            "INSERT INTO paused_scopes VALUES (:scope, :now, :retry) "
            "ON CONFLICT (scope) DO UPDATE SET retry_at = :retry",
            {"scope": scope, "now": to_us(now), "retry": to_us(retry_at)},
        )
        return known is None

    async def pause(self, tx: Transaction, outbox_id: OutboxId, scope: str) -> None:
        """Keep a row until its scope is open again."""
        await tx.execute(
            "UPDATE outbox SET state = 'paused', scope = :scope, reason = :reason "
            "WHERE id = :id AND state IN ('pending', 'sending')",
            {"id": outbox_id, "scope": scope, "reason": Reason.NO_PERMISSION.value},
        )

    async def probe_scope(
        self, tx: Transaction, scope: str, now: datetime, retry_at: datetime
    ) -> None:
        """Let one row kept for a scope try again, and wait longer for the next.

        It is one that is still worth sending; where there is none, all go and are closed.
        """
        released = await tx.execute(
            "UPDATE outbox SET state = 'pending' WHERE id = (SELECT id FROM outbox AS old "  # noqa: S608 - a constant
            "WHERE state = 'paused' AND scope = :scope AND ifnull(expires_at, :now + 1) > :now "
            f"AND NOT {OVERTAKEN} ORDER BY priority, send_after LIMIT 1)",
            {"scope": scope, "now": to_us(now)},
        )
        if not released:
            await tx.execute(
                "UPDATE outbox SET state = 'pending' WHERE state = 'paused' AND scope = :scope",
                {"scope": scope},
            )
        await tx.execute(
            "UPDATE paused_scopes SET retry_at = :retry WHERE scope = :scope",
            {"scope": scope, "retry": to_us(retry_at)},
        )

    async def resume_scope(self, tx: Transaction, scope: str) -> bool:
        """Let everything kept for a scope go; `False` where it was not paused."""
        await tx.execute(
            "UPDATE outbox SET state = 'pending', scope = NULL "
            "WHERE state = 'paused' AND scope = :scope",
            {"scope": scope},
        )
        opened = await tx.execute(
            "DELETE FROM paused_scopes WHERE scope = :scope", {"scope": scope}
        )
        return opened == 1


@asynccontextmanager
async def savepoint(tx: Transaction) -> AsyncIterator[None]:
    """Undo only what is done inside, where it fails; the exception goes on."""
    await tx.execute("SAVEPOINT inner")
    try:
        yield
    except BaseException:
        await tx.execute("ROLLBACK TO inner")
        raise
    finally:
        await tx.execute("RELEASE inner")


def _claimed(row: OutboxRow) -> dict[str, object]:
    return {"id": row.id, "claimed": to_us(row.claimed_at)}
