"""The goal services, built together: they know one another."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.services.database_port import Transactor
from bot.services.day_counts import DayCountService
from bot.services.goal_marks import GoalMarks
from bot.services.goal_ports import Aways, Consents, DayCountStore, GoalStore, Outbox, Profiles
from bot.services.goal_reminders import GoalReminders
from bot.services.goals import GoalService
from bot.services.schedules_port import Schedules
from bot.services.shared_goals import SharedGoals


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalGroup:
    """What the goals consist of."""

    goals: GoalService
    marks: GoalMarks
    shared: SharedGoals
    reminders: GoalReminders
    counts: DayCountService


def build_goals(
    *,
    store: GoalStore,
    count_store: DayCountStore,
    aways: Aways,
    database: Transactor,
    schedules: Schedules,
    outbox: Outbox,
    consents: Consents,
    profiles: Profiles,
    clock: Clock,
) -> GoalGroup:
    """Build them."""
    reminders = GoalReminders(
        store=store,
        database=database,
        schedules=schedules,
        outbox=outbox,
        consents=consents,
        profiles=profiles,
        clock=clock,
    )
    shared = SharedGoals(
        store=store,
        database=database,
        outbox=outbox,
        profiles=profiles,
        reminders=reminders,
        clock=clock,
    )
    return GoalGroup(
        goals=GoalService(
            store=store, database=database, reminders=reminders, shared=shared, clock=clock
        ),
        marks=GoalMarks(
            store=store,
            aways=aways,
            database=database,
            outbox=outbox,
            shared=shared,
            clock=clock,
        ),
        shared=shared,
        reminders=reminders,
        counts=DayCountService(
            store=count_store,
            database=database,
            outbox=outbox,
            profiles=profiles,
            reminders=reminders,
            clock=clock,
        ),
    )
