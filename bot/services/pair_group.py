"""The services of shared spaces, built together: they know one another."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.services.openings import Draw, OpeningService
from bot.services.pair_desk import PairDesk
from bot.services.pair_invites import PairInvites
from bot.services.pair_life import PairLife
from bot.services.pair_ports import (
    Auditor,
    Cases,
    Consents,
    Duty,
    KeepApart,
    OpeningStore,
    Outbox,
    PairStore,
    Participants,
    People,
    Schedules,
    Transactor,
)
from bot.services.pairs import PairService
from bot.services.programme import ProgrammeService


@dataclass(frozen=True, kw_only=True, slots=True)
class PairGroup:
    """What shared spaces consist of."""

    pairs: PairService
    life: PairLife
    invites: PairInvites
    desk: PairDesk
    openings: OpeningService


def build_pairs(
    *,
    store: PairStore,
    opening_store: OpeningStore,
    database: Transactor,
    schedules: Schedules,
    outbox: Outbox,
    participants: Participants,
    profiles: People,
    consents: Consents,
    keep_apart: KeepApart,
    programme: ProgrammeService,
    duty: Duty,
    cases: Cases,
    audit: Auditor,
    draw: Draw,
    clock: Clock,
) -> PairGroup:
    """Build them.

    Args:
        draw: A keyed digest; decides which days are held, before anyone writes.
    """
    pairs = PairService(store, clock)
    life = PairLife(
        store=store,
        pairs=pairs,
        database=database,
        outbox=outbox,
        schedules=schedules,
        participants=participants,
        consents=consents,
        keep_apart=keep_apart,
        programme=programme,
        cases=cases,
        audit=audit,
        clock=clock,
    )
    return PairGroup(
        pairs=pairs,
        life=life,
        invites=PairInvites(
            store=store,
            database=database,
            outbox=outbox,
            people=profiles,
            keep_apart=keep_apart,
            duty=duty,
            audit=audit,
            clock=clock,
        ),
        desk=PairDesk(
            store=store,
            life=life,
            database=database,
            duty=duty,
            programme=programme,
            audit=audit,
            clock=clock,
        ),
        openings=OpeningService(
            store=opening_store,
            pairs=store,
            database=database,
            outbox=outbox,
            cases=cases,
            draw=draw,
            clock=clock,
        ),
    )
