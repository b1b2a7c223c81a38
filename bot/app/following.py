"""Lets services follow what changes in others."""

from bot.domain.consent import ConsentKind
from bot.domain.ids import ParticipantId
from bot.services.container import Services


def keep_schedules_right(services: Services) -> None:
    """Let what recurs follow what a person changes; shared goals end when one of them leaves."""
    prompts = services.checkin_prompts
    services.joining.on_joined(prompts.reschedule)
    services.membership.on_left(prompts.pause)
    services.membership.on_returned(prompts.resume)
    services.membership.on_returned(services.renewals.ask)
    services.settings.on_change(prompts.reschedule)
    services.settings.on_change(services.progress.reschedule)
    services.settings.on_change(services.offers.reschedule)
    services.settings.on_change(services.alone.safety.reschedule)
    services.settings.on_change(services.rituals.reschedule)
    goals = services.goals
    for replan in (goals.reminders.reschedule, goals.counts.reschedule):
        services.settings.on_change(replan)
        services.membership.on_returned(replan)
    services.membership.on_left(goals.shared.left)
    services.consents.on_change(ConsentKind.REMINDERS, goals.reminders.consent_changed)


def keep_partners_apart(services: Services) -> None:
    """Let nobody of the team read what is their partner's."""
    services.duty.keep_from_kin(services.pairs.kin)
    services.pair_life.on_opened(services.case_circle.narrow_for_both)
    services.keep_apart.on_apart(services.pair_desk.keep_apart)
    services.signals.with_partners(services.pairs.partner_of)
    services.watch.with_threads(services.alone.screening.may_screen)


def keep_nobody_forgotten(services: Services) -> None:
    """Let nothing in memory outlive a person's rows."""

    async def drop(participant_id: ParticipantId) -> None:
        services.profiles.forget(participant_id)
        services.consents.drop(participant_id)
        await services.duty.load()
        await services.pairs.load()
        await services.alone.screening.load()

    services.erasure.on_forgotten(drop)
