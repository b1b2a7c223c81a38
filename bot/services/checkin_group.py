"""The check-in services, built together: they know one another."""

from dataclasses import dataclass
from typing import Protocol

from bot.clock import Clock
from bot.domain.prompt_edit import Sets
from bot.services.away import AwayService
from bot.services.checkin_ports import AwayStore, Cases, CheckInStore, Consents, Outbox, Schedules
from bot.services.checkin_prompts import CheckInPrompts
from bot.services.checkins import CheckInService
from bot.services.database_port import Transactor
from bot.services.participants import ParticipantService
from bot.services.prompt_sets import PromptSetService, PromptSetStore
from bot.services.signals import Cases as SignalCases
from bot.services.signals import Outbox as SignalOutbox
from bot.services.signals import SignalService, SignalStore


class AnyOutbox(Outbox, SignalOutbox, Protocol):
    """The outbox, for prompts and for the private nudge."""


class AnyCases(Cases, SignalCases, Protocol):
    """The care team's door, for calls and for heads-ups."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckInGroup:
    """What the check-in feature consists of."""

    sets: PromptSetService
    signals: SignalService
    prompts: CheckInPrompts
    checkins: CheckInService
    away: AwayService


def build_checkins(
    *,
    store: CheckInStore,
    aways: AwayStore,
    signal_store: SignalStore,
    set_store: PromptSetStore,
    database: Transactor,
    schedules: Schedules,
    outbox: AnyOutbox,
    participants: ParticipantService,
    consents: Consents,
    cases: AnyCases,
    shipped: Sets,
    extra: Sets,
    clock: Clock,
) -> CheckInGroup:
    """Build the services over their stores."""
    sets = PromptSetService(set_store, database, clock, shipped=shipped, extra=extra)
    signals = SignalService(
        store=signal_store,
        checkins=store,
        outbox=outbox,
        consents=consents,
        cases=cases,
        clock=clock,
    )
    prompts = CheckInPrompts(
        store=store,
        database=database,
        schedules=schedules,
        outbox=outbox,
        participants=participants,
        consents=consents,
        sets=sets,
        signals=signals,
        clock=clock,
    )
    return CheckInGroup(
        sets=sets,
        signals=signals,
        prompts=prompts,
        checkins=CheckInService(
            store=store,
            aways=aways,
            database=database,
            outbox=outbox,
            sets=sets,
            prompts=prompts,
            signals=signals,
            cases=cases,
            clock=clock,
        ),
        away=AwayService(
            store=aways, checkins=store, database=database, outbox=outbox, clock=clock
        ),
    )
