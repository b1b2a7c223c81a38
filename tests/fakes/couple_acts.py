"""What two people can do in a shared space: in private, and as declared acts."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

from bot.domain.mutual import MutualAct
from bot.domain.opening import Choice, Feature, closing_hour
from bot.domain.pair import OPENS_AT, PairKind
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


async def not_today(world: CoupleWorld, user_id: int) -> None:
    """Say that one is not ready today, if a pause is on."""
    await _at_return(world, user_id, ready=False)


PRIVATE_ACTS: dict[str, Act] = {
    "not today": not_today,
    "keep": keep,
    "for staff": for_staff,
    "wish for family": wish_for_family,
}
"""Acts of which the other one may observe nothing, ever."""

MUTUAL_ACTS: dict[MutualAct, Act] = {
    MutualAct.OPENED: share,
    MutualAct.PAUSE_CALLED: call_pause,
    MutualAct.PAUSE_READY: ready,
}
"""Declared acts; the other one sees them, in a way that both were told of before."""
