"""Pauses of two people, and who is ready to come back."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.ids import PairId, ParticipantId, PauseId
from bot.domain.pause import Pause, PauseState
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us

ON = "state IN ('on', 'back')"


class PauseStore:
    """One pause a pair at a time; two calls in one second make one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def call(self, pause: Pause, tx: Transaction) -> bool:
        """Keep a pause; `False` where one is on."""
        added = await tx.execute(
            "INSERT INTO pauses (id, pair_id, called_by, called_at, returns_at, state) "
            "VALUES (:id, :pair, :by, :at, :returns, :state) ON CONFLICT DO NOTHING",
            {
                "id": pause.id,
                "pair": pause.pair_id,
                "by": pause.called_by,
                "at": to_us(pause.called_at),
                "returns": to_us(pause.returns_at),
                "state": pause.state.value,
            },
        )
        return added == 1

    async def save(self, pause: Pause, tx: Transaction | None = None) -> None:
        """Keep a pause as it is now; Discord's part apart."""
        into: Queries = tx or self._database
        await into.execute(
            "UPDATE pauses SET returns_at = :returns, longer = :longer, state = :state "
            "WHERE id = :id",
            {
                "id": pause.id,
                "returns": to_us(pause.returns_at),
                "longer": pause.longer,
                "state": pause.state.value,
            },
        )

    async def keep_held(self, pause_id: PauseId, *, held: bool) -> None:
        """Keep whether the thread is held still in Discord, and nothing else."""
        await self._database.execute(
            "UPDATE pauses SET held = :held WHERE id = :id", {"id": pause_id, "held": int(held)}
        )

    async def current(self, pair_id: PairId, tx: Transaction | None = None) -> Pause | None:
        """Return the pause that is on."""
        source: Queries = tx or self._database
        row = await source.fetch_one(
            f"SELECT * FROM pauses WHERE pair_id = :pair AND {ON}",  # noqa: S608 - a constant
            {"pair": pair_id},
        )
        return None if row is None else _pause(row)

    async def get(self, pause_id: str, tx: Transaction | None = None) -> Pause | None:
        """Return a pause."""
        source: Queries = tx or self._database
        row = await source.fetch_one("SELECT * FROM pauses WHERE id = :id", {"id": pause_id})
        return None if row is None else _pause(row)

    async def unfinished(self) -> Sequence[Pause]:
        """Return the pauses that are on, and those whose thread is still held."""
        rows = await self._database.fetch_all(
            f"SELECT * FROM pauses WHERE {ON} OR held = 1 ORDER BY returns_at"  # noqa: S608 - a constant
        )
        return [_pause(row) for row in rows]

    async def called_since(self, participant_id: ParticipantId, since: datetime) -> int:
        """Count the pauses a person called since a moment."""
        row = await self._database.fetch_one(
            "SELECT count(*) AS n FROM pauses WHERE called_by = :by AND called_at > :since",
            {"by": participant_id, "since": to_us(since)},
        )
        return 0 if row is None else int(row["n"])

    async def answer(
        self,
        pause_id: PauseId,
        participant_id: ParticipantId,
        *,
        ready: bool,
        at: datetime,
        tx: Transaction,
    ) -> None:
        """Keep what someone said; the last word counts."""
        await tx.execute(
            "INSERT INTO pause_answers VALUES (:pause, :participant, :ready, :at) "
            "ON CONFLICT DO UPDATE SET ready = :ready, at = :at",
            {
                "pause": pause_id,
                "participant": participant_id,
                "ready": int(ready),
                "at": to_us(at),
            },
        )

    async def ask_anew(self, pause_id: PauseId, tx: Transaction) -> None:
        """Let what both said go."""
        await tx.execute("DELETE FROM pause_answers WHERE pause_id = :pause", {"pause": pause_id})

    async def ready(self, pause_id: PauseId, tx: Transaction) -> int:
        """Count who is ready."""
        row = await tx.fetch_one(
            "SELECT count(*) AS n FROM pause_answers WHERE pause_id = :pause AND ready = 1",
            {"pause": pause_id},
        )
        return 0 if row is None else int(row["n"])

    async def said(self, pause_id: PauseId, participant_id: ParticipantId) -> bool | None:
        """Return what a person said themselves."""
        row = await self._database.fetch_one(
            "SELECT ready FROM pause_answers WHERE pause_id = :pause "
            "AND participant_id = :participant",
            {"pause": pause_id, "participant": participant_id},
        )
        return None if row is None else bool(row["ready"])

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return the pauses a person called, and what they said at the return."""
        rows = await self._database.fetch_all(
            "SELECT called_at, returns_at FROM pauses WHERE called_by = :participant "
            "ORDER BY called_at",
            {"participant": participant_id},
        )
        said = await self._database.fetch_all(
            "SELECT ready, at FROM pause_answers WHERE participant_id = :participant ORDER BY at",
            {"participant": participant_id},
        )
        return [dict(row) for row in (*rows, *said)]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete what a person said, and their name from what they called."""
        into: Queries = tx or self._database
        params = {"participant": participant_id}
        await into.execute("DELETE FROM pause_answers WHERE participant_id = :participant", params)
        await into.execute(
            "UPDATE pauses SET called_by = NULL WHERE called_by = :participant", params
        )


def _pause(row: Row) -> Pause:
    return Pause(
        id=PauseId(row["id"]),
        pair_id=PairId(row["pair_id"]),
        called_by=ParticipantId(row["called_by"] or ""),
        called_at=from_us(row["called_at"]),
        returns_at=from_us(row["returns_at"]),
        longer=row["longer"],
        state=PauseState(row["state"]),
        held=bool(row["held"]),
    )
