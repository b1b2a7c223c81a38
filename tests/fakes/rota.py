"""The rota on a real file, without Discord: three people and a lead, and what was sent."""

from datetime import date, datetime, time
from typing import Any

from bot.app.stores import build_stores
from bot.domain.delivery import OutboxRow
from bot.domain.ids import new_id
from bot.domain.localtime import find_zone
from bot.domain.rota import Hours, Level, Shift, ShiftId
from bot.domain.staff import StaffMember, StaffRole
from bot.services.duty import DutyService
from bot.services.handovers import HandoverService
from bot.services.rota import RotaService
from bot.services.rota_watch import RotaWatch
from bot.services.staff import StaffService
from bot.services.swaps import SwapService
from bot.store.database import SqliteDatabase
from bot.store.outbox import outbox_row
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.rooms import FakeAudit

BO, CAM, DEE, LEAD = 1, 2, 3, 9
WEEKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
MONDAY = date(2026, 1, 5)


class RotaDesk:
    """Everything about duty; the clock stands on a Monday noon, UTC."""

    def __init__(self, database: SqliteDatabase, vault: Vault, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock
        self.stores = build_stores(database, vault)
        self.audit = FakeAudit()
        self.changes = 0
        common: dict[str, Any] = {"transactor": database, "audit": self.audit, "clock": clock}
        self.staff = StaffService(self.stores.staff)
        self.rota = RotaService(
            store=self.stores.rota, swaps=self.stores.swaps, staff=self.staff, **common
        )
        self.duty = DutyService(self.stores.duty, self.staff, clock, self.rota)
        self.handovers = HandoverService(
            store=self.stores.handovers,
            conflicts=self.duty,
            cases=self.stores.cases,
            concerns=self.stores.concerns,
            people=self.stores.participants,
            **common,
        )
        self.swaps = SwapService(
            store=self.stores.swaps,
            dates=self.stores.rota,
            rota=self.rota,
            staff=self.staff,
            outbox=self.stores.outbox,
            **common,
        )
        self.watch = RotaWatch(
            store=self.stores.rota,
            rota=self.rota,
            duty=self.duty,
            staff=self.staff,
            handovers=self.handovers,
            outbox=self.stores.outbox,
            transactor=database,
            clock=clock,
        )
        self.rota.on_change(self.watch.rota_changed)
        self.duty.on_change(self._changed)

    async def begin(self) -> "RotaDesk":
        """Enrol the team and read what is kept."""
        for user_id in (BO, CAM, DEE):
            await self.enrol(user_id)
        await self.enrol(LEAD, StaffRole.LEAD)
        await self.load()
        return self

    async def load(self) -> None:
        """Read everything, as at start."""
        await self.staff.load()
        await self.rota.load()
        await self.duty.load()

    async def enrol(self, user_id: int, role: StaffRole = StaffRole.MODERATOR) -> None:
        """Put somebody on the team."""
        member = StaffMember(user_id=user_id, role=role, enrolled_at=self.clock())
        await self.stores.staff.save(member)

    async def add(self, user_id: int | None = BO, *times: str, **given: Any) -> Shift:
        """Put a shift on the rota: daily from 9 to 17, UTC, unless given otherwise."""
        shift = shift_of(user_id, *times, **given)
        await self.rota.add(shift, by=LEAD)
        return shift

    async def go_to(self, moment: datetime) -> datetime | None:
        """Let time pass and sweep, as the scheduler does at that moment."""
        self.clock.now = moment
        return await self.watch.sweep(moment)

    async def sent(self, kind: str) -> list[OutboxRow]:
        """Return what was put in the outbox of a kind, the oldest first."""
        rows = await self.database.fetch_all(
            "SELECT * FROM outbox WHERE kind = :kind ORDER BY rowid", {"kind": kind}
        )
        return [outbox_row(row) for row in rows]

    def on(self) -> list[int]:
        """Return who is on duty."""
        return [member.user_id for member in self.duty.on_duty()]

    async def _changed(self) -> None:
        self.changes += 1


def shift_of(
    user_id: int | None = BO,
    start: str = "09:00",
    end: str = "17:00",
    *,
    days: frozenset[int] = EVERY_DAY,
    zone: str = "UTC",
    first_day: date = date(2026, 1, 1),
    last_day: date | None = None,
    level: Level = Level.FIRST,
    rooms: frozenset[str] = frozenset(),
) -> Shift:
    """Make a shift."""
    return Shift(
        id=ShiftId(new_id()),
        user_id=user_id,
        hours=Hours(
            start=time.fromisoformat(start),
            end=time.fromisoformat(end),
            zone=zone,
            first_day=first_day,
            days=days,
            last_day=last_day,
        ),
        level=level,
        rooms=rooms,
    )


def at(text: str, zone: str = "UTC") -> datetime:
    """Read a local moment."""
    local = datetime.fromisoformat(text).replace(tzinfo=find_zone(zone))
    return local.astimezone(find_zone("UTC"))
