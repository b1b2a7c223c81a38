"""What two people do for one another from day to day, built together."""

from dataclasses import dataclass
from typing import Protocol

from bot.clock import Clock
from bot.services.database_port import Transactor
from bot.services.hard_days import HardDayService, HardDayStore
from bot.services.noticed import NoticedService, NoticedStore
from bot.services.offers import Profiles
from bot.services.pair_life import PairLife
from bot.services.pair_mail import PairMail
from bot.services.pair_ports import Cases, Heed, Outbox, PairStore
from bot.services.rituals import RitualService, RitualStore
from bot.services.schedules_port import Schedules
from bot.services.thanks import ThanksService, ThanksStore


class EverydayStores(Protocol):
    """The stores of it."""

    @property
    def rituals(self) -> RitualStore: ...
    @property
    def thanks(self) -> ThanksStore: ...
    @property
    def hard_days(self) -> HardDayStore: ...
    @property
    def noticed(self) -> NoticedStore: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Everyday:
    """The ritual, thanks, hard days and agreed signs."""

    mail: PairMail
    rituals: RitualService
    thanks: ThanksService
    hard_days: HardDayService
    noticed: NoticedService


def build_everyday(
    stores: EverydayStores,
    *,
    pairs: PairStore,
    life: PairLife,
    database: Transactor,
    schedules: Schedules,
    outbox: Outbox,
    profiles: Profiles,
    cases: Cases,
    heed: Heed,
    clock: Clock,
) -> Everyday:
    """Build it on its stores; it follows who comes and who leaves.

    Args:
        heed: Takes in what people write for one another, for danger words.
    """
    mail = PairMail(pairs=pairs, outbox=outbox, heed=heed, clock=clock)
    rituals = RitualService(
        store=stores.rituals,
        mail=mail,
        pairs=pairs,
        database=database,
        schedules=schedules,
        profiles=profiles,
        clock=clock,
    )
    hard_days = HardDayService(
        store=stores.hard_days, mail=mail, database=database, cases=cases, clock=clock
    )
    life.on_join(rituals.joined)
    life.on_part(hard_days.parted)
    return Everyday(
        mail=mail,
        rituals=rituals,
        thanks=ThanksService(store=stores.thanks, mail=mail, database=database, clock=clock),
        hard_days=hard_days,
        noticed=NoticedService(store=stores.noticed, mail=mail, database=database, clock=clock),
    )
