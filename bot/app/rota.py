"""Builds the rota, what follows it, and duty, which asks it."""

from dataclasses import dataclass

from bot.app.stores import Stores
from bot.clock import Clock
from bot.services.audit import AuditService
from bot.services.container import Services
from bot.services.duty import DutyService
from bot.services.handovers import HandoverService
from bot.services.participants import ParticipantService
from bot.services.rota import RotaService
from bot.services.rota_watch import RotaWatch
from bot.services.staff import StaffService
from bot.services.swaps import SwapService
from bot.store.database import SqliteDatabase


@dataclass(frozen=True, kw_only=True, slots=True)
class RotaParts:
    """What belongs to the rota."""

    rota: RotaService
    duty: DutyService
    handovers: HandoverService
    swaps: SwapService
    watch: RotaWatch


def build_rota(
    stores: Stores,
    database: SqliteDatabase,
    clock: Clock,
    *,
    staff: StaffService,
    participants: ParticipantService,
    audit: AuditService,
) -> RotaParts:
    """Build all of it on the stores."""
    rota = RotaService(
        store=stores.rota,
        swaps=stores.swaps,
        staff=staff,
        transactor=database,
        audit=audit,
        clock=clock,
    )
    duty = DutyService(stores.duty, staff, clock, rota)
    handovers = HandoverService(
        store=stores.handovers,
        conflicts=duty,
        cases=stores.cases,
        concerns=stores.concerns,
        people=participants,
        transactor=database,
        audit=audit,
        clock=clock,
    )
    swaps = SwapService(
        store=stores.swaps,
        dates=stores.rota,
        rota=rota,
        staff=staff,
        outbox=stores.outbox,
        transactor=database,
        audit=audit,
        clock=clock,
    )
    watch = RotaWatch(
        store=stores.rota,
        rota=rota,
        duty=duty,
        staff=staff,
        handovers=handovers,
        outbox=stores.outbox,
        transactor=database,
        clock=clock,
    )
    return RotaParts(rota=rota, duty=duty, handovers=handovers, swaps=swaps, watch=watch)


def keep_rota_right(services: Services) -> None:
    """Let duty follow the rota, and let nobody stay on it who left the team."""

    async def touch_board() -> None:
        services.board.touch()

    services.duty.on_change(touch_board)
    services.rota.on_change(services.rota_watch.rota_changed)
    services.team.on_leaving(services.rota.drop)
    services.team.on_left(services.duty.load)
    services.team.on_left(services.rota.changed)
    services.team.on_left(services.duty.changed)
