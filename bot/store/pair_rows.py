"""Reads pairs, members and invitations from their rows."""

import json
from collections.abc import Sequence

from bot.domain.ids import InviteId, PairId, ParticipantId
from bot.domain.pair import (
    Invite,
    InviteState,
    Member,
    Pair,
    PairKind,
    PairState,
    Parting,
)
from bot.store.database import Queries, Row
from bot.store.times import from_us

MEMBERS = (
    "SELECT pair_members.*, participants.user_id, participants.code FROM pair_members "
    "JOIN participants ON participants.id = participant_id "
    "WHERE pair_id IN (SELECT value FROM json_each(:ids)) ORDER BY pair_members.participant_id"
)


async def with_members(source: Queries, rows: Sequence[Row]) -> list[Pair]:
    """Read pairs with their two members."""
    if not rows:
        return []
    found = await source.fetch_all(
        MEMBERS,
        {"ids": json.dumps([row["id"] for row in rows])},
    )
    members: dict[str, list[Member]] = {}
    for row in found:
        members.setdefault(row["pair_id"], []).append(member_of(row))
    return [pair_of(row, tuple(members.get(row["id"], ()))) for row in rows]


def member_of(row: Row) -> Member:
    """Read a member."""
    return Member(
        participant_id=ParticipantId(row["participant_id"]),
        user_id=row["user_id"],
        code=row["code"],
        left_at=from_us(row["left_at"]),
        parting=None if row["parting"] is None else Parting(row["parting"]),
        talked_at=from_us(row["talked_at"]),
        talked_by=row["talked_by"],
        sees=bool(row["sees"]),
    )


def pair_of(row: Row, members: tuple[Member, ...]) -> Pair:
    """Read a pair."""
    return Pair(
        id=PairId(row["id"]),
        kind=PairKind(row["kind"]),
        state=PairState(row["state"]),
        zone=row["zone"],
        agreed_at=from_us(row["agreed_at"]),
        opens_at=from_us(row["opens_at"]),
        opened_at=from_us(row["opened_at"]),
        closes_at=from_us(row["closes_at"]),
        closed_at=from_us(row["closed_at"]),
        guarded_at=from_us(row["guarded_at"]),
        thread_id=row["thread_id"],
        is_ended=bool(row["is_ended"]),
        members=members,
    )


def invite_of(row: Row) -> Invite:
    """Read an invitation."""
    return Invite(
        id=InviteId(row["id"]),
        participant_id=ParticipantId(row["participant_id"]),
        user_id=row["user_id"],
        kind=PairKind(row["kind"]),
        state=InviteState(row["state"]),
        created_at=from_us(row["created_at"]),
        expires_at=from_us(row["expires_at"]),
    )
