"""What two people can do in a shared space: in private, and as declared acts."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

from bot.domain.agreement import AgreementText, Reply
from bot.domain.hard_day import When
from bot.domain.mutual import MutualAct
from bot.domain.opening import Choice, Feature, closing_hour
from bot.domain.pair import OPENS_AT, PairKind
from bot.domain.plan import PlanSection
from bot.domain.thanks import Moment
from tests.fakes import couple_alone as alone
from tests.fakes.couples import ADA, BEN, CoupleWorld

Act: TypeAlias = Callable[[CoupleWorld, int], Awaitable[None]]


def other(user_id: int) -> int:
    """Return the other one of the two."""
    return BEN if user_id == ADA else ADA


async def _write(world: CoupleWorld, user_id: int, choice: Choice) -> None:
    space = await world.space(user_id)
    await world.openings.contribute(
        await world.person(user_id),
        space,
        feature=Feature.JOURNAL,
        subject="core",
        closes_at=closing_hour(world.clock(), OPENS_AT, space.zone),
        choice=choice,
        text=f"words of {user_id}",
    )


async def keep(world: CoupleWorld, user_id: int) -> None:
    """Write something and keep it."""
    await _write(world, user_id, Choice.KEEP)


async def for_staff(world: CoupleWorld, user_id: int) -> None:
    """Write something for the team only."""
    await _write(world, user_id, Choice.STAFF)


async def share(world: CoupleWorld, user_id: int) -> None:
    """Write something to share."""
    await _write(world, user_id, Choice.SHARE)


async def wish_for_family(world: CoupleWorld, user_id: int) -> None:
    """Ask for a link with somebody else."""
    await world.invites.invite(await world.person(user_id), 900_001, PairKind.FAMILY)


async def call_pause(world: CoupleWorld, user_id: int) -> None:
    """Call a pause of twenty minutes."""
    space = await world.space(user_id)
    await world.pauses.call(await world.person(user_id), space, timedelta(minutes=20))


async def _at_return(world: CoupleWorld, user_id: int, *, ready: bool) -> None:
    space = await world.space(user_id)
    pause = await world.pauses.current(space)
    if pause is not None:
        person = await world.person(user_id)
        await world.pauses.answer(person, space, pause.id, ready=ready)


async def ready(world: CoupleWorld, user_id: int) -> None:
    """Say that one is ready, if a pause is on."""
    await _at_return(world, user_id, ready=True)


async def longer(world: CoupleWorld, user_id: int) -> None:
    """Make a pause longer, if one is on."""
    space = await world.space(user_id)
    pause = await world.pauses.current(space)
    if pause is not None:
        await world.pauses.longer(space, pause.id)


async def not_today(world: CoupleWorld, user_id: int) -> None:
    """Say that one is not ready today, if a pause is on."""
    await _at_return(world, user_id, ready=False)


async def give_part(world: CoupleWorld, user_id: int) -> None:
    """Give whichever part of the ritual may be given."""
    space = await world.space(user_id)
    day = await world.rituals.day(space)
    part = day.next_for(space.mine)
    if part is not None:
        person = await world.person(user_id)
        texts = [f"part of {user_id}"]
        await world.rituals.give(person, space, part=part, day=day.day, texts=texts)


async def tick(world: CoupleWorld, user_id: int) -> None:
    """Tick something for oneself."""
    space = await world.space(user_id)
    await world.rituals.tick(space, world.rituals.today(space), ["group", "rest"])


async def thank(world: CoupleWorld, user_id: int) -> None:
    """Say thanks now, and keep one for a hard day."""
    person, space = await world.person(user_id), await world.space(user_id)
    for moment in (Moment.HELD, Moment.NOW):
        await world.thanks.thank(person, space, f"{moment} thanks of {user_id}", moment)


async def something_kind(world: CoupleWorld, user_id: int) -> None:
    """Ask for something kind."""
    await world.thanks.something_kind(await world.space(user_id))


async def _telling(world: CoupleWorld, user_id: int, when: When) -> str:
    person, space = await world.person(user_id), await world.space(user_id)
    draft = await world.hard_days.prepare(person, space, f"hard day of {user_id}", when)
    return draft.id


async def tell_hard_day(world: CoupleWorld, user_id: int) -> None:
    """Tell the other one of a hard day."""
    draft = await _telling(world, user_id, When.NOW)
    person, space = await world.person(user_id), await world.space(user_id)
    await world.hard_days.tell(person, space, draft, with_team=True)


async def draft_hard_day(world: CoupleWorld, user_id: int) -> None:
    """Write about a hard day, and do not tell it."""
    await _telling(world, user_id, When.NOW)


async def think_again(world: CoupleWorld, user_id: int) -> None:
    """Choose to tell in an hour, and take it back."""
    draft = await _telling(world, user_id, When.HOUR)
    person, space = await world.person(user_id), await world.space(user_id)
    await world.hard_days.tell(person, space, draft, with_team=False)
    await world.hard_days.take_back(space, draft)


async def share_sign(world: CoupleWorld, user_id: int) -> None:
    """Share a sign."""
    person, space = await world.person(user_id), await world.space(user_id)
    sign = await world.noticed.add(person, space, [f"shared sign of {user_id}", "a walk"])
    await world.noticed.share(space, sign.id)


async def mute_signs(world: CoupleWorld, user_id: int) -> None:
    """Mute every sign of one's own."""
    space = await world.space(user_id)
    for sign in await world.noticed.mine(space):
        await world.noticed.mute(space, sign.id, muted=True)


async def notice(world: CoupleWorld, user_id: int) -> None:
    """Send the first sign the other one shared."""
    person, space = await world.person(user_id), await world.space(user_id)
    for sign in (await world.noticed.theirs(space))[:1]:
        await world.noticed.send(person, space, sign.id)


async def draft_plan(world: CoupleWorld, user_id: int) -> None:
    """Write at a plan of one's own."""
    person, space = await world.person(user_id), await world.space(user_id)
    await world.plans.write(person, space, PlanSection.SIGNS, f"a draft of {user_id}")


async def private_page(world: CoupleWorld, user_id: int) -> None:
    """Keep a private page."""
    person, space = await world.person(user_id), await world.space(user_id)
    await world.plans.write_page(person, space, f"the page of {user_id}")


async def draft_agreement(world: CoupleWorld, user_id: int) -> None:
    """Write an agreement and keep it."""
    person, space = await world.person(user_id), await world.space(user_id)
    text = AgreementText(need=f"a draft of {user_id}")
    await world.agreements.write(person, space, text, revisit_on=None)


async def propose(world: CoupleWorld, user_id: int) -> None:
    """Put a plan and an agreement before the other one."""
    person, space = await world.person(user_id), await world.space(user_id)
    await world.plans.begin(space, {PlanSection.SIGNS: f"signs by {user_id}"})
    await world.plans.write(person, space, PlanSection.MINE, f"what {user_id} does")
    view = await world.plans.view(space)
    assert await world.plans.propose(person, space, seen=view.number) is not None
    # The number of drafts has a limit, and how many there are is private.
    for one in [one for one in await world.agreements.seen(space) if one.is_draft]:
        await world.agreements.withdraw(space, one.id)
    text = AgreementText(need=f"a need of {user_id}")
    day = (world.clock() + timedelta(days=2)).date()
    draft = await world.agreements.write(person, space, text, revisit_on=day)
    await world.agreements.put_forward(space, draft.id)


async def sign(world: CoupleWorld, user_id: int) -> None:
    """Sign the latest version of the plan, if there is one."""
    person, space = await world.person(user_id), await world.space(user_id)
    latest = (await world.plans.view(space)).latest
    if latest is not None:
        await world.plans.sign(person, space, latest.id)


async def answer_agreement(world: CoupleWorld, user_id: int) -> None:
    """Answer the last agreement the other one put forward."""
    person, space = await world.person(user_id), await world.space(user_id)
    theirs = [one for one in await world.agreements.seen(space) if one.put_by != space.mine]
    for one in theirs[-1:]:
        await world.agreements.answer(person, space, one.id, Reply.AGREE)


async def withdraw(world: CoupleWorld, user_id: int) -> None:
    """Take back what one put forward first."""
    space = await world.space(user_id)
    seen = await world.agreements.seen(space)
    for one in [one for one in seen if one.put_by == space.mine and not one.is_draft][:1]:
        await world.agreements.withdraw(space, one.id)


PRIVATE_ACTS: dict[str, Act] = {
    "not today": not_today,
    "keep words": alone.keep_words,
    "add a strength": alone.add_strength,
    "look at what one carries": alone.look,
    "screening yes": alone.screening_yes,
    "screening no": alone.screening_no,
    "talk alone": alone.talk_alone,
    "ask later": alone.ask_later,
    "keep": keep,
    "for staff": for_staff,
    "wish for family": wish_for_family,
    "tick": tick,
    "something kind": something_kind,
    "draft hard day": draft_hard_day,
    "think again": think_again,
    "mute signs": mute_signs,
    "draft a plan": draft_plan,
    "private page": private_page,
    "draft an agreement": draft_agreement,
}
"""Acts of which the other one may observe nothing, ever."""

MUTUAL_ACTS: dict[MutualAct, Act] = {
    MutualAct.OPENED: share,
    MutualAct.PAUSE_CALLED: call_pause,
    MutualAct.PAUSE_READY: ready,
    MutualAct.PAUSE_LONGER: longer,
    MutualAct.TURN: alone.turn,
    MutualAct.SAID: alone.say,
    MutualAct.RITUAL: give_part,
    MutualAct.THANKED: thank,
    MutualAct.HARD_DAY_TOLD: tell_hard_day,
    MutualAct.SIGNS_SHARED: share_sign,
    MutualAct.NOTICED: notice,
    MutualAct.PROPOSED: propose,
    MutualAct.SIGNED: sign,
    MutualAct.ANSWERED: answer_agreement,
    MutualAct.WITHDRAWN: withdraw,
}
"""Declared acts; the other one sees them, in a way that both were told of before."""
