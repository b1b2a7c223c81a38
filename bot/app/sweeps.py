"""What is done again and again: each service's own sweep, and the nightly jobs."""

from collections.abc import Sequence
from datetime import datetime, time

from bot.builder.moderating import DiscordModeration
from bot.builder.parting import DiscordHands
from bot.builder.roles import DiscordRoles
from bot.client import Bot
from bot.clock import Clock
from bot.scheduling.jobs import Job
from bot.scheduling.protocols import Sweep
from bot.services.departures import RETRY_EVERY

GUARD_AT = time(3, 10)
RETENTION_AT = time(3, 40)
"""UTC; few people wait for anything then."""


def build_sweeps(bot: Bot) -> Sequence[Sweep]:
    """List what each round of the scheduler looks after, cases first."""
    services = bot.services
    moderating = DiscordModeration(bot, services)

    async def guard_again(now: datetime) -> datetime | None:
        return await services.guard.sweep(now, bot.guard)

    async def pairs(now: datetime) -> datetime | None:
        return await services.pair_life.sweep(now, bot.couples)

    async def turns(now: datetime) -> datetime | None:
        return await services.alone.turns.sweep(now, bot.couples)

    async def pauses(now: datetime) -> datetime | None:
        return await services.pauses.sweep(now, bot.couples)

    async def moderation(now: datetime) -> datetime | None:
        return await services.moderation.sweep(now, moderating)

    return [
        services.case_clocks.sweep,
        services.case_circle.sweep,
        bot.case_hands.sweep,
        services.drafts.sweep,
        services.rota_watch.sweep,
        services.room_posting.sweep,
        services.left_notes.sweep,
        services.audit.sweep,
        services.joining.sweep,
        services.renewals.sweep,
        services.checkin_prompts.sweep,
        services.signals.sweep,
        services.goals.reminders.sweep,
        services.goals.counts.sweep,
        pairs,
        pauses,
        guard_again,
        turns,
        services.alone.screening.sweep,
        services.openings.sweep,
        services.plans.sweep,
        services.agreements.sweep,
        services.hard_days.sweep,
        services.reports.sweep,
        services.watch.sweep,
        services.watch_desk.sweep,
        services.watch_health.sweep,
        services.automod.sweep,
        moderation,
        services.buddies.sweep,
        services.rehearsals.sweep,
    ]


def build_jobs(bot: Bot, clock: Clock) -> Sequence[Job]:
    """List what runs once a day, or every few minutes until it is done."""
    services = bot.services
    hands = DiscordHands(bot, services, clock)

    async def retention() -> None:
        await services.retention.run_if_due(hands)

    async def departures() -> None:
        home = services.programme.current.guild_id
        guild = bot.get_guild(home) if home else None
        if guild is not None:
            await services.departures.retry(DiscordRoles(guild))

    async def guard() -> None:
        await services.guard.check(bot.guard)

    return [
        Job(name="retention", when=RETENTION_AT, run=retention, at_start=True),
        Job(name="guard", when=GUARD_AT, run=guard),
        Job(name="departures", when=RETRY_EVERY, run=departures, at_start=True),
    ]
