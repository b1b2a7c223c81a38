"""Check-ins: states, choices, and sealed texts."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from bot.domain.checkin import OPEN, CheckIn, CheckInState, Level
from bot.domain.ids import CheckInId, ParticipantId
from bot.domain.prompt_set import Meaning
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

PLACE = "checkins.texts"
OPEN_STATES = "state IN ('scheduled', 'sent', 'opened')"
PUT = (
    "INSERT INTO checkins (id, participant_id, day, set_id, set_version, state, due_at, closes_at, "
    "sent_at, opened_at, answered_at, edited_at) VALUES (:id, :participant, :day, :set_id, "
    ":set_version, :state, :due_at, :closes_at, :sent_at, :opened_at, :answered_at, :edited_at)"
)


class CheckInStore:
    """One row per person and local day."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(
        self, participant_id: ParticipantId, day: date, texts: Mapping[str, str]
    ) -> bytes | None:
        """Lock the texts of an answer, before a transaction is opened."""
        if not texts:
            return None
        # Bound to person and day, not to the row's ID: two first answers at once make one row.
        return await self._vault.seal(
            participant_id, json.dumps(dict(texts)), at=PLACE, row=_row(participant_id, day)
        )

    async def plan(self, tx: Transaction, checkins: Iterable[CheckIn]) -> None:
        """Add check-ins of days that have none yet."""
        await tx.execute_many(
            f"{PUT} ON CONFLICT DO NOTHING", [_plain(checkin) for checkin in checkins]
        )

    async def save(self, tx: Transaction, checkin: CheckIn, sealed: bytes | None) -> None:
        """Keep an answer, in place of whatever was there for that day."""
        await tx.execute(
            f"{PUT} ON CONFLICT (participant_id, day) DO UPDATE SET set_id = :set_id, "
            "set_version = :set_version, state = :state, answered_at = :answered_at, "
            "edited_at = :edited_at",
            _plain(checkin),
        )
        day = {"participant": checkin.participant_id, "day": checkin.day.isoformat()}
        await tx.execute(
            "UPDATE checkins SET texts = :texts WHERE participant_id = :participant AND day = :day",
            {**day, "texts": sealed},
        )
        await tx.execute(
            "DELETE FROM checkin_levels WHERE checkin_id = "
            "(SELECT id FROM checkins WHERE participant_id = :participant AND day = :day)",
            day,
        )
        await tx.execute_many(
            "INSERT INTO checkin_levels SELECT id, :question, :meaning, :level, :top "
            "FROM checkins WHERE participant_id = :participant AND day = :day",
            [
                {
                    **day,
                    "question": question,
                    "meaning": level.meaning.value if level.meaning else None,
                    "level": level.level,
                    "top": level.top,
                }
                for question, level in checkin.levels.items()
            ],
        )

    async def move(
        self,
        participant_id: ParticipantId,
        days: Collection[date],
        state: CheckInState,
        *,
        among: Collection[CheckInState] = OPEN,
        at: datetime | None = None,
        tx: Transaction | None = None,
    ) -> int:
        """Move the check-ins of these days that are in one of some states, and count them.

        Args:
            at: When it was sent or opened, kept where the new state is one of these. What was
                opened was sent, even if that is not marked yet.
        """
        columns = {CheckInState.SENT: ("sent_at",), CheckInState.OPENED: ("sent_at", "opened_at")}
        moment = "".join(
            f", {column} = coalesce({column}, :at)" for column in columns.get(state, ())
        )
        into: Queries = tx or self._database
        return await into.execute(
            f"UPDATE checkins SET state = :state{moment} WHERE participant_id = :participant "  # noqa: S608 - our own column names
            "AND day IN (SELECT value FROM json_each(:days)) "
            "AND state IN (SELECT value FROM json_each(:among))",
            {
                "state": state.value,
                "participant": participant_id,
                "days": json.dumps([day.isoformat() for day in days]),
                "among": json.dumps([one.value for one in among]),
                "at": to_us(at),
            },
        )

    async def drop(self, tx: Transaction, participant_id: ParticipantId, day: date) -> None:
        """Delete a check-in whose prompt could not be sent: that day was not asked."""
        await tx.execute(
            "DELETE FROM checkins WHERE participant_id = :participant AND day = :day "
            "AND state = 'scheduled'",
            {"participant": participant_id, "day": day.isoformat()},
        )

    async def get(
        self, participant_id: ParticipantId, day: date, tx: Transaction | None = None
    ) -> CheckIn | None:
        """Return the check-in of a day."""
        found = await self.since(participant_id, day, day, tx)
        return found[0] if found else None

    async def texts(self, participant_id: ParticipantId, day: date) -> Mapping[str, str]:
        """Return what was typed on a day, by question.

        Raises:
            KeyLostError: The person's key is gone.
        """
        row = await self._database.fetch_one(
            "SELECT texts FROM checkins WHERE participant_id = :participant AND day = :day",
            {"participant": participant_id, "day": day.isoformat()},
        )
        return {} if row is None else await self._open(participant_id, day, row["texts"])

    async def since(
        self,
        participant_id: ParticipantId,
        first: date,
        last: date = date.max,
        tx: Transaction | None = None,
    ) -> Sequence[CheckIn]:
        """Return a person's check-ins of a stretch of days, in order."""
        source: Queries = tx or self._database
        params = {
            "participant": participant_id,
            "first": first.isoformat(),
            "last": last.isoformat(),
        }
        rows = await source.fetch_all(
            "SELECT * FROM checkins WHERE participant_id = :participant "
            "AND day BETWEEN :first AND :last ORDER BY day",
            params,
        )
        levels = await source.fetch_all(
            "SELECT checkin_levels.* FROM checkin_levels JOIN checkins ON checkins.id = checkin_id "
            "WHERE participant_id = :participant AND day BETWEEN :first AND :last",
            params,
        )
        return _checkins(rows, levels)

    async def of_days(
        self, tx: Transaction, keys: Collection[tuple[ParticipantId, date]]
    ) -> Mapping[tuple[ParticipantId, date], CheckIn]:
        """Return the check-ins there are of these people and days, without their choices."""
        pairs = json.dumps([[participant_id, day.isoformat()] for participant_id, day in keys])
        rows = await tx.fetch_all(
            "SELECT checkins.* FROM json_each(:pairs) AS pair JOIN checkins "
            "ON participant_id = json_extract(pair.value, '$[0]') "
            "AND day = json_extract(pair.value, '$[1]')",
            {"pairs": pairs},
        )
        return {(checkin.participant_id, checkin.day): checkin for checkin in _checkins(rows, ())}

    async def open_of(self, participant_id: ParticipantId) -> Sequence[CheckIn]:
        """Return the check-ins a person has not answered yet, the latest day first."""
        rows = await self._database.fetch_all(
            f"SELECT * FROM checkins WHERE participant_id = :participant AND {OPEN_STATES} "  # noqa: S608 - a constant
            "ORDER BY day DESC",
            {"participant": participant_id},
        )
        return _checkins(rows, ())

    async def open_among(
        self, tx: Transaction, participant_ids: Collection[ParticipantId], now: datetime
    ) -> Collection[ParticipantId]:
        """Return those among these people who have a prompt in its window, not answered yet."""
        rows = await tx.fetch_all(
            f"SELECT DISTINCT participant_id FROM checkins WHERE {OPEN_STATES} "  # noqa: S608 - a constant
            "AND closes_at > :now AND participant_id IN (SELECT value FROM json_each(:people))",
            {"now": to_us(now), "people": json.dumps(list(participant_ids))},
        )
        return {ParticipantId(row["participant_id"]) for row in rows}

    async def over(self, tx: Transaction, now: datetime, limit: int) -> Sequence[CheckIn]:
        """Return check-ins without an answer whose window is over, the earliest first."""
        rows = await tx.fetch_all(
            f"SELECT * FROM checkins WHERE {OPEN_STATES} AND closes_at <= :now "  # noqa: S608 - a constant
            "ORDER BY closes_at LIMIT :limit",
            {"now": to_us(now), "limit": limit},
        )
        return _checkins(rows, ())

    async def next_over(self) -> datetime | None:
        """Return when the next window closes."""
        row = await self._database.fetch_one(
            f"SELECT min(closes_at) FROM checkins WHERE {OPEN_STATES}"  # noqa: S608 - a constant
        )
        return None if row is None else from_us(row[0])

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return every check-in of a participant, texts included."""
        rows = await self._database.fetch_all(
            "SELECT * FROM checkins WHERE participant_id = :participant ORDER BY day",
            {"participant": participant_id},
        )
        levels = await self._database.fetch_all(
            "SELECT checkin_levels.* FROM checkin_levels JOIN checkins ON checkins.id = checkin_id "
            "WHERE participant_id = :participant",
            {"participant": participant_id},
        )
        return [
            {
                **dict(row),
                "texts": await self._open(
                    participant_id, date.fromisoformat(row["day"]), row["texts"]
                ),
                "levels": {
                    level["question"]: [level["level"], level["top"]]
                    for level in levels
                    if level["checkin_id"] == row["id"]
                },
            }
            for row in rows
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete every check-in of a participant; the choices go with them."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM checkins WHERE participant_id = :participant",
            {"participant": participant_id},
        )

    async def _open(
        self, participant_id: ParticipantId, day: date, sealed: bytes | None
    ) -> Mapping[str, str]:
        if sealed is None:
            return {}
        text = await self._vault.open(
            participant_id, sealed, at=PLACE, row=_row(participant_id, day)
        )
        opened: Mapping[str, str] = json.loads(text)
        return opened


def _row(participant_id: ParticipantId, day: date) -> str:
    return f"{participant_id}/{day.isoformat()}"


def _plain(checkin: CheckIn) -> dict[str, object]:
    return {
        "id": checkin.id,
        "participant": checkin.participant_id,
        "day": checkin.day.isoformat(),
        "set_id": checkin.set_id,
        "set_version": checkin.set_version,
        "state": checkin.state.value,
        "due_at": to_us(checkin.due_at),
        "closes_at": to_us(checkin.closes_at),
        "sent_at": to_us(checkin.sent_at),
        "opened_at": to_us(checkin.opened_at),
        "answered_at": to_us(checkin.answered_at),
        "edited_at": to_us(checkin.edited_at),
    }


def _checkins(rows: Sequence[Row], levels: Sequence[Row]) -> Sequence[CheckIn]:
    found: dict[str, dict[str, Level]] = {}
    for level in levels:
        found.setdefault(level["checkin_id"], {})[level["question"]] = Level(
            level=level["level"],
            top=level["top"],
            meaning=Meaning(level["meaning"]) if level["meaning"] else None,
        )
    return [
        CheckIn(
            id=CheckInId(row["id"]),
            participant_id=ParticipantId(row["participant_id"]),
            day=date.fromisoformat(row["day"]),
            set_id=row["set_id"],
            set_version=row["set_version"],
            state=CheckInState(row["state"]),
            due_at=from_us(row["due_at"]),
            closes_at=from_us(row["closes_at"]),
            sent_at=from_us(row["sent_at"]),
            opened_at=from_us(row["opened_at"]),
            answered_at=from_us(row["answered_at"]),
            edited_at=from_us(row["edited_at"]),
            levels=found.get(row["id"], {}),
        )
        for row in rows
    ]
