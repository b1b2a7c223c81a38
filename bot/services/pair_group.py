"""The services of shared spaces, built together: they know one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.clock import Clock
from bot.domain.offer import Candidate
from bot.domain.opening import Feature
from bot.services.database_port import Transactor
from bot.services.offers import OfferService, OfferStore
from bot.services.offers import Profiles as OfferProfiles
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
)
from bot.services.pairs import PairService
from bot.services.pauses import PauseService, PauseStore
from bot.services.programme import ProgrammeService
from bot.services.schedules_port import Schedules as OfferSchedules


class PairSchedules(Schedules, OfferSchedules, Protocol):
    """All that recurs for pairs."""


class Profiles(People, OfferProfiles, Protocol):
    """Who is who, in memory."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PairGroup:
    """What shared spaces consist of."""

    pairs: PairService
    life: PairLife
    invites: PairInvites
    desk: PairDesk
    openings: OpeningService
    offers: OfferService
    pauses: PauseService


def build_pairs(
    *,
    store: PairStore,
    opening_store: OpeningStore,
    offer_store: OfferStore,
    pause_store: PauseStore,
    candidates: Mapping[Feature, Sequence[Candidate]],
    database: Transactor,
    schedules: PairSchedules,
    outbox: Outbox,
    participants: Participants,
    profiles: Profiles,
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
    openings = OpeningService(
        store=opening_store,
        pairs=store,
        database=database,
        outbox=outbox,
        cases=cases,
        draw=draw,
        clock=clock,
    )
    offers = OfferService(
        store=offer_store,
        openings=openings,
        pairs=store,
        database=database,
        schedules=schedules,
        outbox=outbox,
        profiles=profiles,
        candidates=candidates,
        draw=draw,
        clock=clock,
    )
    life.on_join(offers.joined)
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
        openings=openings,
        offers=offers,
        pauses=PauseService(
            store=pause_store, pairs=store, database=database, outbox=outbox, clock=clock
        ),
    )
