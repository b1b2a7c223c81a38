"""Pairs, their two members, and the invitations before them."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.ids import PairId, ParticipantId
from bot.domain.pair import (
    Invite,
    InviteState,
    Member,
    Pair,
    PairKind,
    PairState,
)
from bot.store.database import Database, Queries, Transaction
from bot.store.pair_rows import invite_of, member_of, with_members
from bot.store.times import to_us

OF_USER = "user_id = (SELECT user_id FROM participants WHERE id = :participant)"


class PairStore:
    """Who is with whom; a member's private steps stay in that member's row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def invite(self, invite: Invite, tx: Transaction) -> bool:
        """Keep an invitation; `False` where the same one waits already.

        That one then counts from now: to who asks again, it is as if the first had been answered.
        """
        added = await tx.execute(
            "INSERT INTO pair_invites VALUES (:id, :participant, :user, :kind, :state, :created, "
            ":expires) ON CONFLICT DO NOTHING",
            {
                "id": invite.id,
                "participant": invite.participant_id,
                "user": invite.user_id,
                "kind": invite.kind.value,
                "state": invite.state.value,
                "created": to_us(invite.created_at),
                "expires": to_us(invite.expires_at),
            },
        )
        if not added:
            await tx.execute(
                "UPDATE pair_invites SET created_at = :created, expires_at = :expires "
                "WHERE participant_id = :participant AND user_id = :user AND kind = :kind "
                "AND state = 'waiting'",
                {
                    "participant": invite.participant_id,
                    "user": invite.user_id,
                    "kind": invite.kind.value,
                    "created": to_us(invite.created_at),
                    "expires": to_us(invite.expires_at),
                },
            )
        return added == 1

    async def get_invite(self, invite_id: str, tx: Transaction | None = None) -> Invite | None:
        """Return an invitation."""
        source: Queries = tx or self._database
        row = await source.fetch_one("SELECT * FROM pair_invites WHERE id = :id", {"id": invite_id})
        return None if row is None else invite_of(row)

    async def invites_of(
        self, participant_id: ParticipantId, tx: Transaction | None = None
    ) -> Sequence[Invite]:
        """Return what a person asked for and did not take back, the latest of each.

        What became of it in the hands of the other one leaves no trace here.
        """
        source: Queries = tx or self._database
        rows = await source.fetch_all(
            "SELECT *, max(created_at) FROM pair_invites WHERE participant_id = :participant "
            "AND state IN ('waiting', 'matched', 'declined') GROUP BY user_id, kind "
            "ORDER BY created_at",
            {"participant": participant_id},
        )
        return [invite_of(row) for row in rows]

    async def waiting_between(
        self, participant_id: ParticipantId, user_id: int, kind: PairKind, tx: Transaction
    ) -> Invite | None:
        """Return what a person asked of an account, if it still waits."""
        row = await tx.fetch_one(
            "SELECT * FROM pair_invites WHERE participant_id = :participant AND user_id = :user "
            "AND kind = :kind AND state = 'waiting'",
            {"participant": participant_id, "user": user_id, "kind": kind.value},
        )
        return None if row is None else invite_of(row)

    async def asked_since(
        self, participant_id: ParticipantId, user_id: int, since: datetime, tx: Transaction
    ) -> int:
        """Count how often a person invited an account since a moment."""
        row = await tx.fetch_one(
            "SELECT count(*) AS n FROM pair_invites WHERE participant_id = :participant "
            "AND user_id = :user AND created_at > :since",
            {"participant": participant_id, "user": user_id, "since": to_us(since)},
        )
        return 0 if row is None else int(row["n"])

    async def settle_invite(self, invite_id: str, state: InviteState, tx: Transaction) -> bool:
        """End an invitation; `False` where it did not wait any more."""
        changed = await tx.execute(
            "UPDATE pair_invites SET state = :state WHERE id = :id AND state = 'waiting'",
            {"id": invite_id, "state": state.value},
        )
        return changed == 1

    async def end_invites(
        self,
        participant_id: ParticipantId,
        user_id: int,
        kind: PairKind,
        state: InviteState,
        *,
        tx: Transaction,
    ) -> None:
        """End all that a person asked of an account, as taken back or as done."""
        await tx.execute(
            "UPDATE pair_invites SET state = :state WHERE participant_id = :participant "
            "AND user_id = :user AND kind = :kind AND state <> 'cancelled'",
            {
                "participant": participant_id,
                "user": user_id,
                "kind": kind.value,
                "state": state.value,
            },
        )

    async def end_wishes(self, participant_id: ParticipantId, tx: Transaction) -> Sequence[str]:
        """End all that a person asked for, as taken back, and return the IDs."""
        rows = await tx.fetch_all(
            "UPDATE pair_invites SET state = 'cancelled' WHERE participant_id = :participant "
            "AND state IN ('waiting', 'matched', 'declined') RETURNING id",
            {"participant": participant_id},
        )
        return [row["id"] for row in rows]

    async def expire(self, now: datetime) -> None:
        """End what waited too long."""
        await self._database.execute(
            "UPDATE pair_invites SET state = 'expired' "
            "WHERE state = 'waiting' AND expires_at <= :now",
            {"now": to_us(now)},
        )

    async def add(self, pair: Pair, tx: Transaction) -> None:
        """Keep a new pair with its members."""
        await tx.execute(
            "INSERT INTO pairs (id, kind, state, zone, agreed_at) "
            "VALUES (:id, :kind, :state, :zone, :agreed)",
            {
                "id": pair.id,
                "kind": pair.kind.value,
                "state": pair.state.value,
                "zone": pair.zone,
                "agreed": to_us(pair.agreed_at),
            },
        )
        for member in pair.members:
            await tx.execute(
                "INSERT INTO pair_members (pair_id, participant_id) VALUES (:pair, :participant)",
                {"pair": pair.id, "participant": member.participant_id},
            )

    async def save(self, pair: Pair, tx: Transaction | None = None) -> None:
        """Keep a pair as it was read in this transaction; members, thread and guard stay."""
        into: Queries = tx or self._database
        await into.execute(
            "UPDATE pairs SET state = :state, zone = :zone, opens_at = :opens, "
            "opened_at = :opened, closes_at = :closes, closed_at = :closed, "
            "is_ended = :ended WHERE id = :id",
            {
                "id": pair.id,
                "state": pair.state.value,
                "zone": pair.zone,
                "opens": to_us(pair.opens_at),
                "opened": to_us(pair.opened_at),
                "closes": to_us(pair.closes_at),
                "closed": to_us(pair.closed_at),
                "ended": int(pair.is_ended),
            },
        )

    async def keep_thread(self, pair_id: PairId, thread_id: int | None) -> None:
        """Keep which thread is a couple's; Discord was slow, so nothing else is touched."""
        await self._database.execute(
            "UPDATE pairs SET thread_id = :thread WHERE id = :id",
            {"id": pair_id, "thread": thread_id},
        )

    async def keep_sight(
        self, pair_id: PairId, participant_id: ParticipantId, *, sees: bool
    ) -> None:
        """Keep whether Discord lets somebody see the parent, and nothing else."""
        await self._database.execute(
            "UPDATE pair_members SET sees = :sees "
            "WHERE pair_id = :pair AND participant_id = :participant",
            {"pair": pair_id, "participant": participant_id, "sees": int(sees)},
        )

    async def guard(
        self, pair_id: PairId, at: datetime | None, tx: Transaction | None = None
    ) -> None:
        """Keep since when the guard holds a pair still, or that it does not any more."""
        into: Queries = tx or self._database
        await into.execute(
            "UPDATE pairs SET guarded_at = :at WHERE id = :id", {"id": pair_id, "at": to_us(at)}
        )

    async def save_member(
        self, pair_id: PairId, member: Member, tx: Transaction | None = None
    ) -> None:
        """Keep one of the two as they are now."""
        into: Queries = tx or self._database
        await into.execute(
            "UPDATE pair_members SET left_at = :left, parting = :parting, talked_at = :talked, "
            "talked_by = :by, sees = :sees WHERE pair_id = :pair AND participant_id = :participant",
            {
                "pair": pair_id,
                "participant": member.participant_id,
                "left": to_us(member.left_at),
                "parting": member.parting.value if member.parting else None,
                "talked": to_us(member.talked_at),
                "by": member.talked_by,
                "sees": int(member.sees),
            },
        )

    async def untold(self) -> Sequence[tuple[PairId, Member]]:
        """Return the members who left and of whom the team does not know yet."""
        rows = await self._database.fetch_all(
            "SELECT pair_members.*, user_id, code FROM pair_members "
            "JOIN participants ON participants.id = participant_id WHERE told = 0"
        )
        return [(PairId(row["pair_id"]), member_of(row)) for row in rows]

    async def told(
        self,
        pair_id: PairId,
        participant_id: ParticipantId,
        *,
        is_told: bool = True,
        tx: Transaction | None = None,
    ) -> None:
        """Keep whether the team knows that a member left."""
        into: Queries = tx or self._database
        await into.execute(
            "UPDATE pair_members SET told = :told "
            "WHERE pair_id = :pair AND participant_id = :participant",
            {"pair": pair_id, "participant": participant_id, "told": int(is_told)},
        )

    async def get(self, pair_id: str, tx: Transaction | None = None) -> Pair | None:
        """Return a pair with its members."""
        source: Queries = tx or self._database
        row = await source.fetch_one("SELECT * FROM pairs WHERE id = :id", {"id": pair_id})
        return None if row is None else (await with_members(source, [row]))[0]

    async def of(
        self, participant_id: ParticipantId, tx: Transaction | None = None
    ) -> Sequence[Pair]:
        """Return the pairs a person is in or was in, the newest first."""
        source: Queries = tx or self._database
        rows = await source.fetch_all(
            "SELECT pairs.* FROM pairs JOIN pair_members ON pair_id = id "
            "WHERE participant_id = :participant ORDER BY agreed_at DESC",
            {"participant": participant_id},
        )
        return await with_members(source, rows)

    async def in_states(
        self, states: Collection[PairState], tx: Transaction | None = None
    ) -> Sequence[Pair]:
        """Return the pairs in some states, the oldest first."""
        source: Queries = tx or self._database
        rows = await source.fetch_all(
            "SELECT * FROM pairs WHERE state IN (SELECT value FROM json_each(:states)) "
            "ORDER BY agreed_at, rowid",
            {"states": json.dumps([state.value for state in states])},
        )
        return await with_members(source, rows)

    async def by_thread(self, thread_id: int) -> Pair | None:
        """Return the pair a thread belongs to."""
        row = await self._database.fetch_one(
            "SELECT * FROM pairs WHERE thread_id = :thread", {"thread": thread_id}
        )
        return None if row is None else (await with_members(self._database, [row]))[0]

    async def unshut(self) -> Sequence[Pair]:
        """Return the closed pairs whose thread still has to be shut in Discord."""
        rows = await self._database.fetch_all(
            "SELECT * FROM pairs WHERE state = 'closed' AND is_shut = 0"
        )
        return await with_members(self._database, rows)

    async def leaving(self) -> Collection[int]:
        """Return the accounts whose sight of the parent is being taken."""
        rows = await self._database.fetch_all(
            "SELECT user_id FROM pair_members "
            "JOIN pairs ON pairs.id = pair_id "
            "JOIN participants ON participants.id = pair_members.participant_id "
            "WHERE kind = 'couple' AND ((pairs.state = 'closed' AND is_shut = 0) "
            "OR (pairs.state = 'open' AND pair_members.left_at IS NOT NULL AND sees = 1))"
        )
        return {row["user_id"] for row in rows}

    async def shut(self, pair_id: PairId) -> None:
        """Keep that nothing of a pair is left open in Discord."""
        await self._database.execute("UPDATE pairs SET is_shut = 1 WHERE id = :id", {"id": pair_id})

    async def drop(self, pair_id: PairId, tx: Transaction) -> None:
        """Delete a pair that never opened."""
        await tx.execute("DELETE FROM pairs WHERE id = :id AND opened_at IS NULL", {"id": pair_id})

    async def purge(self, before: datetime, limit: int) -> int:
        """Delete spaces that closed before a moment, with all that was in them; count them."""
        return await self._database.execute(
            "DELETE FROM pairs WHERE id IN (SELECT id FROM pairs WHERE state = 'closed' "
            "AND is_shut = 1 AND closed_at < :before LIMIT :limit)",
            {"before": to_us(before), "limit": limit},
        )

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return the spaces a person was in, and their invitations.

        It is what that person was shown: nothing of the other one's row.
        """
        pairs = await self._database.fetch_all(
            "SELECT pairs.kind, opened_at, left_at, closed_at FROM pairs "
            "JOIN pair_members ON pair_id = id "
            "WHERE participant_id = :participant AND opened_at IS NOT NULL ORDER BY opened_at",
            {"participant": participant_id},
        )
        # Once each: how many rows there are would tell what became of the first.
        invites = await self._database.fetch_all(
            "SELECT user_id, kind, max(created_at) AS created_at FROM pair_invites "
            "WHERE participant_id = :participant GROUP BY user_id, kind ORDER BY 3",
            {"participant": participant_id},
        )
        return [dict(row) for row in (*pairs, *invites)]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a person's part; what the other one gave stays the other one's."""
        into: Queries = tx or self._database
        params = {"participant": participant_id}
        await into.execute("DELETE FROM pair_invites WHERE participant_id = :participant", params)
        # What others asked stays on their list as if it had been declined: nothing tells them.
        await into.execute(
            f"UPDATE pair_invites SET state = 'declined' WHERE state = 'waiting' AND {OF_USER}",  # noqa: S608 - a constant
            params,
        )
        await into.execute("DELETE FROM pair_members WHERE participant_id = :participant", params)
        await into.execute(
            "DELETE FROM pairs WHERE id NOT IN (SELECT pair_id FROM pair_members) "
            "AND (is_shut = 1 OR thread_id IS NULL)"
        )
