"""Goals: parts with their sealed texts, and marks."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from bot.domain.goal import GoalMark, GoalPart, GoalTexts, PartState, Pause, Topic
from bot.domain.ids import GoalId, ParticipantId, PartId
from bot.domain.progress import Mark
from bot.domain.recurrence import Rule
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_day, to_us
from bot.store.vault import Vault

TEXTS = "goal_parts.texts"
PENDING = "goal_parts.pending"
SELECT = (
    "SELECT goal_parts.*, goals.topic, goals.shared, goals.closed_at FROM goal_parts "
    "JOIN goals ON goals.id = goal_id"
)


class GoalStore:
    """One row per person and goal; the words of each are under their own key."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, part: GoalPart, texts: GoalTexts, *, is_pending: bool = False) -> bytes:
        """Lock a person's words, before a transaction is opened."""
        return await self._vault.seal(
            part.participant_id,
            json.dumps(asdict(texts)),
            at=PENDING if is_pending else TEXTS,
            row=part.id,
        )

    async def texts(self, part: GoalPart, *, is_pending: bool = False) -> GoalTexts | None:
        """Return a person's words; nothing where there are none or the key is gone."""
        row = await self._database.fetch_one(
            "SELECT texts, pending FROM goal_parts WHERE id = :id", {"id": part.id}
        )
        sealed = None if row is None else row["pending" if is_pending else "texts"]
        if sealed is None:
            return None
        try:
            return await self._open(part, sealed, at=PENDING if is_pending else TEXTS)
        except KeyLostError:
            return None

    async def start(self, tx: Transaction, part: GoalPart) -> None:
        """Make a goal with its first part."""
        await tx.execute(
            "INSERT INTO goals (id, topic, shared, created_at) VALUES (:id, :topic, :shared, :at)",
            {
                "id": part.goal_id,
                "topic": part.topic.value,
                "shared": int(part.is_shared),
                "at": to_us(part.created_at),
            },
        )
        await self.add(tx, part)

    async def add(self, tx: Transaction, part: GoalPart) -> None:
        """Add a part to a goal; nothing happens where that person has one."""
        await tx.execute(
            "INSERT INTO goal_parts (id, goal_id, participant_id, state, rule, pauses, review_on, "
            "shows, cheers, readings, created_at, changed_at) VALUES (:id, :goal, :participant, "
            ":state, :rule, :pauses, :review_on, :shows, :cheers, :readings, :created_at, "
            ":changed_at) ON CONFLICT DO NOTHING",
            _plain(part),
        )

    async def save(self, part: GoalPart, tx: Transaction | None = None) -> None:
        """Keep a part as it is now; its texts stay."""
        into: Queries = tx or self._database
        await into.execute(
            "UPDATE goal_parts SET goal_id = :goal, state = :state, rule = :rule, "
            "pauses = :pauses, review_on = :review_on, shows = :shows, cheers = :cheers, "
            "readings = :readings, changed_at = :changed_at WHERE id = :id",
            _plain(part),
        )

    async def put_texts(self, tx: Transaction, part: GoalPart, sealed: bytes) -> None:
        """Keep a person's words, in place of those before and of what waited for a yes."""
        await tx.execute(
            "UPDATE goal_parts SET texts = :texts, pending = NULL WHERE id = :id",
            {"id": part.id, "texts": sealed},
        )

    async def put_pending(self, tx: Transaction, part: GoalPart, sealed: bytes) -> None:
        """Keep words that wait for a yes; those that hold stay beside them."""
        await tx.execute(
            "UPDATE goal_parts SET pending = :pending WHERE id = :id",
            {"id": part.id, "pending": sealed},
        )

    async def get(
        self, part_id: str, participant_id: ParticipantId, tx: Transaction | None = None
    ) -> GoalPart | None:
        """Return a part to the one person it belongs to."""
        source: Queries = tx or self._database
        row = await source.fetch_one(
            f"{SELECT} WHERE goal_parts.id = :id AND participant_id = :participant",
            {"id": part_id, "participant": participant_id},
        )
        return None if row is None else _part(row)

    async def among(self, tx: Transaction, part_ids: Collection[str]) -> Mapping[str, GoalPart]:
        """Return parts by ID."""
        rows = await tx.fetch_all(
            f"{SELECT} WHERE goal_parts.id IN (SELECT value FROM json_each(:ids))",  # noqa: S608 - a constant
            {"ids": json.dumps(list(part_ids))},
        )
        return {row["id"]: _part(row) for row in rows}

    async def of(
        self, participant_id: ParticipantId, states: Collection[PartState] | None = None
    ) -> Sequence[GoalPart]:
        """Return a person's parts in some states, the oldest first."""
        wanted = PartState if states is None else states
        rows = await self._database.fetch_all(
            f"{SELECT} WHERE participant_id = :participant "  # noqa: S608 - a constant
            "AND state IN (SELECT value FROM json_each(:states)) "
            "ORDER BY goal_parts.created_at, goal_parts.rowid",
            {
                "participant": participant_id,
                "states": json.dumps([state.value for state in wanted]),
            },
        )
        return [_part(row) for row in rows]

    async def other(self, part: GoalPart, tx: Transaction | None = None) -> GoalPart | None:
        """Return the other one's part of a shared goal."""
        source: Queries = tx or self._database
        row = await source.fetch_one(
            f"{SELECT} WHERE goal_id = :goal AND goal_parts.id <> :id",
            {"goal": part.goal_id, "id": part.id},
        )
        return None if row is None else _part(row)

    async def invited(
        self, tx: Transaction, inviter: ParticipantId, invited: ParticipantId
    ) -> bool:
        """Whether an invitation between the two, in this direction, is still open."""
        row = await tx.fetch_one(
            "SELECT 1 FROM goal_parts AS mine JOIN goal_parts AS theirs USING (goal_id) "
            "WHERE mine.participant_id = :inviter AND mine.state = 'waiting' "
            "AND theirs.participant_id = :invited AND theirs.state = 'invited'",
            {"inviter": inviter, "invited": invited},
        )
        return row is not None

    async def drop(self, part: GoalPart, tx: Transaction | None = None) -> None:
        """Delete a part, and the goal where no part is left."""
        into: Queries = tx or self._database
        await into.execute("DELETE FROM goal_parts WHERE id = :id", {"id": part.id})
        await self.tidy(into, part.goal_id)

    async def tidy(self, tx: Queries, goal_id: GoalId) -> None:
        """Delete a goal that has no part any more."""
        await tx.execute(
            "DELETE FROM goals WHERE id = :goal "
            "AND NOT EXISTS (SELECT 1 FROM goal_parts WHERE goal_id = :goal)",
            {"goal": goal_id},
        )

    async def close(self, tx: Transaction, goal_id: GoalId, at: datetime) -> None:
        """End a shared goal for both."""
        await tx.execute(
            "UPDATE goals SET closed_at = coalesce(closed_at, :at) WHERE id = :goal",
            {"goal": goal_id, "at": to_us(at)},
        )

    async def unfinished(
        self, tx: Transaction, state: PartState, before: datetime, limit: int
    ) -> Sequence[GoalPart]:
        """Return drafts or invitations that have waited long enough."""
        rows = await tx.fetch_all(
            f"{SELECT} WHERE state = :state AND changed_at <= :before "
            "ORDER BY changed_at LIMIT :limit",
            {"state": state.value, "before": to_us(before), "limit": limit},
        )
        return [_part(row) for row in rows]

    async def oldest(self, state: PartState) -> datetime | None:
        """Return since when the oldest one waits."""
        row = await self._database.fetch_one(
            "SELECT min(changed_at) FROM goal_parts WHERE state = :state", {"state": state.value}
        )
        return None if row is None else from_us(row[0])

    async def mark(self, tx: Transaction, part: GoalPart, mark: GoalMark, at: datetime) -> None:
        """Keep what was said of a time of a day; a later word takes the place of an earlier one."""
        await tx.execute(
            "INSERT INTO goal_marks VALUES (:part, :day, :slot, :mark, :at) "
            "ON CONFLICT (part_id, day, slot) DO UPDATE SET mark = :mark, marked_at = :at",
            {
                "part": part.id,
                "day": mark.day.isoformat(),
                "slot": mark.slot,
                "mark": mark.mark.value,
                "at": to_us(at),
            },
        )

    async def marks(
        self,
        part_ids: Iterable[str],
        first: date = date.min,
        last: date = date.max,
        tx: Transaction | None = None,
    ) -> Mapping[str, Sequence[GoalMark]]:
        """Return the marks of parts on some days, in order of days."""
        source: Queries = tx or self._database
        rows = await source.fetch_all(
            "SELECT * FROM goal_marks WHERE part_id IN (SELECT value FROM json_each(:ids)) "
            "AND day BETWEEN :first AND :last ORDER BY day, slot",
            {
                "ids": json.dumps(list(part_ids)),
                "first": first.isoformat(),
                "last": last.isoformat(),
            },
        )
        found: dict[str, list[GoalMark]] = {}
        for row in rows:
            mark = GoalMark(
                day=date.fromisoformat(row["day"]), slot=row["slot"], mark=Mark(row["mark"])
            )
            found.setdefault(row["part_id"], []).append(mark)
        return found

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return a participant's own parts with their marks; nothing of the other one's."""
        rows = await self._database.fetch_all(
            f"{SELECT} WHERE participant_id = :participant ORDER BY goal_parts.created_at",
            {"participant": participant_id},
        )
        marks = await self._database.fetch_all(
            "SELECT goal_marks.* FROM goal_marks JOIN goal_parts ON goal_parts.id = part_id "
            "WHERE participant_id = :participant ORDER BY day, slot",
            {"participant": participant_id},
        )
        return [
            {
                **{key: row[key] for key in EXPORTED},
                "texts": await self._told(row, "texts"),
                "pending": await self._told(row, "pending"),
                "marks": [
                    [mark["day"], mark["slot"], mark["mark"]]
                    for mark in marks
                    if mark["part_id"] == row["id"]
                ],
            }
            for row in rows
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a participant's parts; the other one's stays, and reads as closed."""
        into: Queries = tx or self._database
        mine = {"participant": participant_id}
        rows = await into.fetch_all(
            "SELECT goal_id FROM goal_parts WHERE participant_id = :participant", mine
        )
        goals = {"goals": json.dumps([row["goal_id"] for row in rows])}
        # An invitation that nobody can accept any more goes; one that was sent to them stays as
        # it was for the person who sent it.
        await into.execute(
            "DELETE FROM goal_parts WHERE state = 'invited' AND goal_id IN "
            "(SELECT goal_id FROM goal_parts WHERE participant_id = :participant)",
            mine,
        )
        await into.execute("DELETE FROM goal_parts WHERE participant_id = :participant", mine)
        await into.execute(
            "UPDATE goal_parts SET state = 'closed' WHERE state IN ('active', 'paused') "
            "AND goal_id IN (SELECT value FROM json_each(:goals))",
            goals,
        )
        await into.execute(
            "DELETE FROM goals WHERE id IN (SELECT value FROM json_each(:goals)) "
            "AND id NOT IN (SELECT goal_id FROM goal_parts)",
            goals,
        )

    async def _told(self, row: Row, column: str) -> object:
        if row[column] is None:
            return None
        text = await self._vault.open(
            row["participant_id"], row[column], at=f"goal_parts.{column}", row=row["id"]
        )
        return json.loads(text)

    async def _open(self, part: GoalPart, sealed: bytes, *, at: str) -> GoalTexts:
        text = await self._vault.open(part.participant_id, sealed, at=at, row=part.id)
        return GoalTexts(**json.loads(text))


EXPORTED = (
    "id", "topic", "shared", "state", "rule", "pauses", "review_on", "shows", "cheers",
    "created_at", "changed_at",
)  # fmt: skip


def _plain(part: GoalPart) -> dict[str, object]:
    return {
        "id": part.id,
        "goal": part.goal_id,
        "participant": part.participant_id,
        "state": part.state.value,
        "rule": part.rule.to_text() if part.rule else None,
        "pauses": json.dumps(
            [
                [pause.first.isoformat(), pause.last.isoformat() if pause.last else None]
                for pause in part.pauses
            ]
        ),
        "review_on": part.review_on.isoformat() if part.review_on else None,
        "shows": int(part.shows),
        "cheers": int(part.cheers),
        "readings": json.dumps([rule.to_text() for rule in part.readings]) or None,
        "created_at": to_us(part.created_at),
        "changed_at": to_us(part.changed_at),
    }


def _part(row: Row) -> GoalPart:
    return GoalPart(
        id=PartId(row["id"]),
        goal_id=GoalId(row["goal_id"]),
        participant_id=ParticipantId(row["participant_id"]),
        topic=Topic(row["topic"]),
        state=PartState(row["state"]),
        is_shared=bool(row["shared"]),
        is_closed=row["closed_at"] is not None,
        rule=Rule.from_text(row["rule"]) if row["rule"] else None,
        pauses=[
            Pause(first=date.fromisoformat(first), last=to_day(last))
            for first, last in json.loads(row["pauses"])
        ],
        review_on=to_day(row["review_on"]),
        shows=bool(row["shows"]),
        cheers=bool(row["cheers"]),
        readings=[Rule.from_text(text) for text in json.loads(row["readings"] or "[]")],
        created_at=from_us(row["created_at"]),
        changed_at=from_us(row["changed_at"]),
    )
