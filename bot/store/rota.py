"""The rota's rows: shifts, what differs on single dates, rules, volunteers, told gaps."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from bot.domain.oncall import CallWay, Rules, Volunteer
from bot.domain.rota import Date, Hours, Level, Rota, Shift, ShiftId, Span, Turn
from bot.errors import KeyLostError
from bot.store.bell import Bell
from bot.store.database import Database, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

COLUMNS = (
    "id, user_id, days, first_day, last_day, start_time, end_time, zone, level, rooms, languages"
)
TARGET = "volunteers.target"


class RotaStore:
    """Small enough to be read whole after each change."""

    def __init__(self, database: Database, vault: Vault, bell: Bell | None = None) -> None:
        self._database = database
        self._vault = vault
        self._bell = bell or Bell()

    def ring(self) -> None:
        """Let the scheduler look at once: somebody may be on from now, or no longer."""
        self._bell.ring()

    async def read(self) -> Rota:
        """Return the whole rota."""
        shifts = await self._database.fetch_all("SELECT * FROM shifts ORDER BY start_time, id")
        handed = await self._database.fetch_all("SELECT * FROM handed_shifts")
        ended = await self._database.fetch_all("SELECT * FROM ended_shifts")
        return Rota(
            shifts=[_shift(row) for row in shifts],
            handed={_date(row): row["user_id"] for row in handed},
            ended={_date(row): from_us(row["ended_at"]) for row in ended},
        )

    async def save(self, shift: Shift, tx: Transaction) -> None:
        """Keep a shift, new or changed."""
        await tx.execute(
            f"INSERT INTO shifts ({COLUMNS}) VALUES (:id, :user, :days, :first, :last, :start, "  # noqa: S608 - our own column names
            ":end, :zone, :level, :rooms, :languages) ON CONFLICT (id) DO UPDATE SET "
            "user_id = :user, days = :days, first_day = :first, last_day = :last, "
            "start_time = :start, end_time = :end, zone = :zone, level = :level, rooms = :rooms, "
            "languages = :languages",
            _plain(shift),
        )

    async def remove(self, shift_id: str, tx: Transaction) -> bool:
        """Delete a shift with its dates and swaps; `False` where there was none."""
        return await tx.execute("DELETE FROM shifts WHERE id = :id", {"id": shift_id}) == 1

    async def clear_dates(self, shift_id: str, since: date, tx: Transaction) -> None:
        """Forget what differs on a shift's dates from a day on."""
        for table in ("handed_shifts", "ended_shifts"):
            await tx.execute(
                f"DELETE FROM {table} WHERE shift_id = :shift AND day >= :since",  # noqa: S608 - our own table names
                {"shift": shift_id, "since": since.isoformat()},
            )

    async def hand(self, day: Date, user_id: int | None, tx: Transaction) -> None:
        """Put somebody, or nobody, on for one date."""
        await tx.execute(
            "INSERT INTO handed_shifts VALUES (:shift, :day, :user) "
            "ON CONFLICT DO UPDATE SET user_id = :user",
            {**_key(day), "user": user_id},
        )

    async def end(self, turn: Turn, user_id: int, at: datetime) -> None:
        """End a turn before its time."""
        await self._database.execute(
            "INSERT INTO ended_shifts VALUES (:shift, :day, :user, :at) ON CONFLICT DO NOTHING",
            {**_key(turn.date), "user": user_id, "at": to_us(at)},
        )

    async def resume(self, day: Date, user_id: int) -> bool:
        """Take back that somebody ended their turn; `False` where it was not ended by them."""
        return (
            await self._database.execute(
                "DELETE FROM ended_shifts WHERE shift_id = :shift AND day = :day "
                "AND user_id = :user",
                {**_key(day), "user": user_id},
            )
            == 1
        )

    async def vacate(self, user_id: int, tx: Transaction) -> None:
        """Leave a person's shifts, and the dates they took from others, to nobody."""
        await tx.execute(
            "UPDATE shifts SET user_id = NULL WHERE user_id = :user", {"user": user_id}
        )
        await tx.execute(
            "UPDATE handed_shifts SET user_id = NULL WHERE user_id = :user", {"user": user_id}
        )
        await tx.execute("DELETE FROM volunteers WHERE user_id = :user", {"user": user_id})

    async def rules(self) -> Rules:
        """Return what the programme decided; the defaults where it decided nothing."""
        row = await self._database.fetch_one("SELECT * FROM rota_rules")
        if row is None:
            return Rules()
        cover = Hours(
            start=time.fromisoformat(row["cover_start"]),
            end=time.fromisoformat(row["cover_end"]),
            zone=row["cover_zone"],
            first_day=date.fromisoformat(row["cover_since"]),
            days=_weekdays(row["cover_days"]),
        )
        return Rules(
            cover=cover if cover.is_weekly else None,
            is_small=bool(row["is_small"]),
            calls_volunteers=bool(row["calls_volunteers"]),
            outside=row["outside"],
        )

    async def save_rules(self, rules: Rules, tx: Transaction) -> None:
        """Keep what the programme decided."""
        cover = rules.cover
        await tx.execute(
            "INSERT OR REPLACE INTO rota_rules VALUES (1, :days, :start, :end, :zone, :since, "
            ":small, :volunteers, :outside)",
            {
                "days": _digits(cover.days) if cover else "",
                "start": _clock(cover.start) if cover else "00:00",
                "end": _clock(cover.end) if cover else "00:00",
                "zone": cover.zone if cover else "UTC",
                "since": (cover.first_day if cover else date.min).isoformat(),
                "small": rules.is_small,
                "volunteers": rules.calls_volunteers,
                "outside": rules.outside,
            },
        )

    async def volunteers(self) -> Mapping[int, Volunteer]:
        """Return who agreed to be called out off hours; not those whose key is gone."""
        found = {}
        for row in await self._database.fetch_all("SELECT * FROM volunteers ORDER BY agreed_at"):
            user_id = row["user_id"]
            try:
                target = await self._vault.open(
                    _owner(user_id), row["target"], at=TARGET, row=str(user_id)
                )
            except KeyLostError:
                continue
            found[user_id] = Volunteer(user_id=user_id, way=CallWay(row["way"]), target=target)
        return found

    async def agree(self, volunteer: Volunteer, at: datetime) -> None:
        """Keep that somebody agreed to be called out."""
        user_id = volunteer.user_id
        sealed = await self._vault.seal(
            _owner(user_id), volunteer.target, at=TARGET, row=str(user_id)
        )
        await self._database.execute(
            "INSERT INTO volunteers VALUES (:user, :way, :target, :at) "
            "ON CONFLICT DO UPDATE SET way = :way, target = :target, agreed_at = :at",
            {"user": user_id, "way": volunteer.way, "target": sealed, "at": to_us(at)},
        )

    async def withdraw(self, user_id: int) -> bool:
        """Delete a volunteer and the key of where they are called; `False` if they were none."""
        gone = await self._database.execute(
            "DELETE FROM volunteers WHERE user_id = :user", {"user": user_id}
        )
        await self._vault.destroy(_owner(user_id))
        return gone == 1

    async def told_gaps(self) -> Sequence[Span]:
        """Return the gaps the leads were told of."""
        rows = await self._database.fetch_all("SELECT * FROM told_gaps ORDER BY starts_at")
        return [Span(start=from_us(row["starts_at"]), end=from_us(row["ends_at"])) for row in rows]

    async def keep_told(self, gaps: Collection[Span], tx: Transaction) -> None:
        """Keep these as the gaps the leads were told of, and no others."""
        await tx.execute("DELETE FROM told_gaps", {})
        await tx.execute_many(
            "INSERT INTO told_gaps VALUES (:start, :end)",
            [{"start": to_us(gap.start), "end": to_us(gap.end)} for gap in gaps],
        )

    async def purge(self, before: datetime, limit: int) -> int:
        """Delete single dates that are over, with the one-off shifts that stood on them."""
        last = before.date().isoformat()
        gone = await self._database.execute(
            "DELETE FROM shifts WHERE id IN (SELECT id FROM shifts WHERE days = '' "
            "AND first_day < :last LIMIT :limit)",
            {"last": last, "limit": limit},
        )
        for table in ("handed_shifts", "ended_shifts"):
            gone += await self._database.execute(
                f"DELETE FROM {table} WHERE (shift_id, day) IN "  # noqa: S608 - our own table names
                f"(SELECT shift_id, day FROM {table} WHERE day < :last LIMIT :limit)",
                {"last": last, "limit": limit},
            )
        return gone


def _owner(user_id: int) -> str:
    return f"volunteer:{user_id}"


def _key(day: Date) -> dict[str, Any]:
    return {"shift": day[0], "day": day[1].isoformat()}


def _date(row: Row) -> Date:
    return ShiftId(row["shift_id"]), date.fromisoformat(row["day"])


def _digits(days: Collection[int]) -> str:
    return "".join(str(day) for day in sorted(days))


def _weekdays(digits: str) -> frozenset[int]:
    return frozenset(int(digit) for digit in digits)


def _clock(at: time) -> str:
    return at.isoformat("minutes")


def _plain(shift: Shift) -> dict[str, Any]:
    hours = shift.hours
    return {
        "id": shift.id,
        "user": shift.user_id,
        "days": _digits(hours.days),
        "first": hours.first_day.isoformat(),
        "last": hours.last_day.isoformat() if hours.last_day else None,
        "start": _clock(hours.start),
        "end": _clock(hours.end),
        "zone": hours.zone,
        "level": shift.level,
        "rooms": json.dumps(sorted(shift.rooms)),
        "languages": json.dumps(shift.languages),
    }


def _shift(row: Row) -> Shift:
    last = row["last_day"]
    return Shift(
        id=ShiftId(row["id"]),
        user_id=row["user_id"],
        hours=Hours(
            start=time.fromisoformat(row["start_time"]),
            end=time.fromisoformat(row["end_time"]),
            zone=row["zone"],
            first_day=date.fromisoformat(row["first_day"]),
            days=_weekdays(row["days"]),
            last_day=None if last is None else date.fromisoformat(last),
        ),
        level=Level(row["level"]),
        rooms=frozenset(json.loads(row["rooms"])),
        languages=tuple(json.loads(row["languages"])),
    )
