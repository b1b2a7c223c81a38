"""Talks in turns, and who would keep what was written."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.ids import PairId, ParticipantId, TurnId
from bot.domain.turn import Turn, TurnStep
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us

CURRENT = "step IN ('speak', 'say_back', 'check', 'deciding')"


class TurnStore:
    """One talk a pair at a time; of two taps at once one counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, turn: Turn, tx: Transaction) -> bool:
        """Keep a new talk; `False` where one is on."""
        begun = await tx.execute(
            "INSERT INTO turns VALUES (:id, :pair, :begun_by, :speaker, :step, :moves, :thread, "
            ":begun, :ends, NULL) ON CONFLICT DO NOTHING",
            {
                "id": turn.id,
                "pair": turn.pair_id,
                "begun_by": turn.begun_by,
                "speaker": turn.speaker,
                "step": turn.step.value,
                "moves": turn.moves,
                "thread": turn.thread_id,
                "begun": to_us(turn.begun_at),
                "ends": to_us(turn.ends_at),
            },
        )
        return begun == 1

    async def save(self, was: Turn, turn: Turn, tx: Transaction | None = None) -> bool:
        """Keep a talk as it is now; `False` where it moved on since it was read."""
        into: Queries = tx or self._database
        saved = await into.execute(
            "UPDATE turns SET speaker_id = :speaker, step = :step, moves = :moves, "
            "ends_at = :ends, decide_at = :decide "
            "WHERE id = :id AND step = :was AND moves = :before",
            {
                "id": turn.id,
                "speaker": turn.speaker or None,
                "step": turn.step.value,
                "moves": turn.moves,
                "ends": to_us(turn.ends_at),
                "decide": None if turn.decide_at is None else to_us(turn.decide_at),
                "was": was.step.value,
                "before": was.moves,
            },
        )
        return saved == 1

    async def current(self, pair_id: PairId, tx: Transaction | None = None) -> Turn | None:
        """Return the talk that is on, or that is being decided about."""
        source: Queries = tx or self._database
        row = await source.fetch_one(
            f"SELECT * FROM turns WHERE pair_id = :pair AND {CURRENT}",  # noqa: S608 - a constant
            {"pair": pair_id},
        )
        return None if row is None else _turn(row)

    async def get(self, turn_id: str, tx: Transaction | None = None) -> Turn | None:
        """Return a talk."""
        source: Queries = tx or self._database
        row = await source.fetch_one("SELECT * FROM turns WHERE id = :id", {"id": turn_id})
        return None if row is None else _turn(row)

    async def unfinished(self) -> Sequence[Turn]:
        """Return the talks of which something is still to come."""
        rows = await self._database.fetch_all(
            f"SELECT * FROM turns WHERE {CURRENT} OR step = 'removing' ORDER BY begun_at"  # noqa: S608 - a constant
        )
        return [_turn(row) for row in rows]

    async def keep(
        self, turn_id: TurnId, participant_id: ParticipantId, at: datetime, tx: Transaction
    ) -> int:
        """Keep that someone would keep what was written, and count who would."""
        await tx.execute(
            "INSERT INTO turn_keeps VALUES (:turn, :participant, :at) ON CONFLICT DO NOTHING",
            {"turn": turn_id, "participant": participant_id, "at": to_us(at)},
        )
        row = await tx.fetch_one(
            "SELECT count(*) AS n FROM turn_keeps WHERE turn_id = :turn", {"turn": turn_id}
        )
        return 0 if row is None else int(row["n"])

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return the talks a person began, and which they would have kept."""
        begun = await self._database.fetch_all(
            "SELECT begun_at, ends_at FROM turns WHERE begun_by = :participant ORDER BY begun_at",
            {"participant": participant_id},
        )
        kept = await self._database.fetch_all(
            "SELECT at AS kept_at FROM turn_keeps WHERE participant_id = :participant ORDER BY at",
            {"participant": participant_id},
        )
        return [dict(row) for row in (*begun, *kept)]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete what a person chose, and their name from the talks."""
        into: Queries = tx or self._database
        for statement in (
            "DELETE FROM turn_keeps WHERE participant_id = :participant",
            "UPDATE turns SET begun_by = NULL WHERE begun_by = :participant",
            "UPDATE turns SET speaker_id = NULL WHERE speaker_id = :participant",
        ):
            await into.execute(statement, {"participant": participant_id})


def _turn(row: Row) -> Turn:
    return Turn(
        id=TurnId(row["id"]),
        pair_id=PairId(row["pair_id"]),
        begun_by=ParticipantId(row["begun_by"] or ""),
        speaker=ParticipantId(row["speaker_id"] or ""),
        step=TurnStep(row["step"]),
        moves=row["moves"],
        thread_id=row["thread_id"],
        begun_at=from_us(row["begun_at"]),
        ends_at=from_us(row["ends_at"]),
        decide_at=from_us(row["decide_at"]),
    )
