"""What one person can observe of each feature of a shared space."""

from typing import TYPE_CHECKING, Any

from bot.domain.opening import Feature

if TYPE_CHECKING:
    from tests.fakes.couples import CoupleWorld


async def offered(world: "CoupleWorld", user_id: int) -> Any:
    """Return what a person is offered, and what they wrote on it themselves."""
    spaces = await world.pairs.spaces((await world.person(user_id)).id)
    found: list[Any] = []
    for space in spaces:
        for feature in (Feature.QUESTION, Feature.WEEKLY, Feature.EXERCISE, Feature.JOURNAL):
            offer = await world.offers.current(space, feature)
            mine = await world.offers.mine(space, offer)
            found.append((offer.closes_at, mine and (mine.choice, mine.text)))
        found.append([way.topic for way in await world.offers.ways(space)])
    return found


async def paused(world: "CoupleWorld", user_id: int) -> Any:
    """Return the pause that is on, and what a person said at the return themselves."""
    spaces = await world.pairs.spaces((await world.person(user_id)).id)
    found = []
    for space in spaces:
        pause = await world.pauses.current(space)
        if pause is not None:
            said = await world.pauses.said(space, pause)
            found.append((pause.returns_at, pause.state, pause.longer, said))
    return found, user_id in world.hands.held


async def given(world: "CoupleWorld", user_id: int) -> Any:
    """Return the ritual as a person sees it, and what they ticked themselves."""
    found = []
    for space in await world.pairs.spaces((await world.person(user_id)).id):
        day = await world.rituals.day(space)
        found.append(
            (
                [(one.part, one.texts, one.participant_id == space.mine) for one in day.parts],
                (await world.rituals.shared(space)).days,
                await world.rituals.ticks(space),
            )
        )
    return found


async def told(world: "CoupleWorld", user_id: int) -> Any:
    """Return the thanks that reached a person, and what they tell of a hard day themselves."""
    found = []
    for space in await world.pairs.spaces((await world.person(user_id)).id):
        got = [(one.text, one.at) for one in await world.thanks.got(space)]
        waiting = [(one.text, one.tell_at) for one in await world.hard_days.waiting(space)]
        found.append((got, waiting))
    return found


async def noticing(world: "CoupleWorld", user_id: int) -> Any:
    """Return a person's own signs, those the other one shared, and whether they sent one."""
    found = []
    for space in await world.pairs.spaces((await world.person(user_id)).id):
        mine = [(one.sign, one.shared_at, one.is_muted) for one in await world.noticed.mine(space)]
        theirs = [(one.sign, one.helps) for one in await world.noticed.theirs(space)]
        found.append((mine, theirs, await world.noticed.has_sent(space)))
    return found


async def settled(world: "CoupleWorld", user_id: int) -> Any:
    """Return what a person sees of plans and agreements, and what they keep to themselves."""
    found = []
    for space in await world.pairs.spaces((await world.person(user_id)).id):
        versions = [
            (
                one.number,
                one.put_by == space.mine,
                one.put_at,
                one.in_force_at,
                one.texts,
                one.mine.get(space.mine),
                one.theirs(space.mine),
                [who == space.mine for who in sorted(one.signed, key=lambda p: p != space.mine)],
            )
            for one in await world.plans.versions(space)
        ]
        agreed = [
            (one.put_by == space.mine, one.put_at, one.text, one.reply, one.agreed_at)
            for one in await world.agreements.seen(space)
        ]
        draft, page = await world.plans.draft(space), await world.plans.page(space)
        found.append((versions, agreed, draft, page))
    return found


VIEWS = (offered, paused, given, told, noticing, settled)
"""Every one of them; a feature adds its own here."""
