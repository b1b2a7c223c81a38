"""Plans and agreements of two people, built together."""

from dataclasses import dataclass
from typing import Protocol

from bot.clock import Clock
from bot.services.agreements import AgreementService, AgreementStore
from bot.services.database_port import Transactor
from bot.services.pair_ports import Heed, Outbox, PairStore
from bot.services.plans import PlanService, PlanStore


class Stores(Protocol):
    """Where plans and agreements are kept."""

    @property
    def plans(self) -> PlanStore: ...
    @property
    def agreements(self) -> AgreementStore: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Plans:
    """What two people settle with each other."""

    plans: PlanService
    agreements: AgreementService


def build_plans(
    stores: Stores,
    *,
    pairs: PairStore,
    database: Transactor,
    outbox: Outbox,
    heed: Heed,
    clock: Clock,
) -> Plans:
    """Build them.

    Args:
        heed: Takes what somebody wrote, once it is kept.
    """
    return Plans(
        plans=PlanService(
            store=stores.plans,
            pairs=pairs,
            database=database,
            outbox=outbox,
            heed=heed,
            clock=clock,
        ),
        agreements=AgreementService(
            store=stores.agreements,
            pairs=pairs,
            database=database,
            outbox=outbox,
            heed=heed,
            clock=clock,
        ),
    )
