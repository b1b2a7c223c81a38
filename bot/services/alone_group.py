"""What helps one person, alone or beside the other one, built together."""

from dataclasses import dataclass
from typing import Protocol

from bot.clock import Clock
from bot.services.database_port import Transactor
from bot.services.offers import Profiles
from bot.services.outbox_port import Outbox
from bot.services.own_notes import OwnNotes, OwnNoteStore
from bot.services.pair_group import PairGroup
from bot.services.pair_mail import PairMail
from bot.services.pair_ports import PairStore
from bot.services.pair_safety import SafetyQuestions
from bot.services.pair_screening import PairScreening, PairScreeningStore
from bot.services.sayings import SayingService, SayingStore
from bot.services.schedules_port import Schedules
from bot.services.turns import TurnService, TurnStore


class AloneStores(Protocol):
    """Where they keep what they keep."""

    @property
    def sayings(self) -> SayingStore: ...
    @property
    def own_notes(self) -> OwnNoteStore: ...
    @property
    def pair_screening(self) -> PairScreeningStore: ...
    @property
    def turns(self) -> TurnStore: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class AloneGroup:
    """The composer, one's own notes, the safety question, the thread's screening, and turns."""

    sayings: SayingService
    own_notes: OwnNotes
    safety: SafetyQuestions
    screening: PairScreening
    turns: TurnService


def build_alone(
    stores: AloneStores,
    group: PairGroup,
    *,
    pairs: PairStore,
    mail: PairMail,
    database: Transactor,
    schedules: Schedules,
    outbox: Outbox,
    profiles: Profiles,
    clock: Clock,
) -> AloneGroup:
    """Build them on their stores, beside the services of shared spaces."""
    safety = SafetyQuestions(
        pairs=pairs,
        database=database,
        schedules=schedules,
        outbox=outbox,
        profiles=profiles,
        clock=clock,
    )
    group.life.on_join(safety.joined)
    return AloneGroup(
        sayings=SayingService(store=stores.sayings, mail=mail, database=database, clock=clock),
        own_notes=OwnNotes(store=stores.own_notes, mail=mail, database=database, clock=clock),
        safety=safety,
        screening=PairScreening(
            store=stores.pair_screening,
            mail=mail,
            database=database,
            boundary=group.life.boundary,
            clock=clock,
        ),
        turns=TurnService(
            store=stores.turns,
            pairs=pairs,
            pauses=group.pauses,
            mail=mail,
            database=database,
            outbox=outbox,
            clock=clock,
        ),
    )
