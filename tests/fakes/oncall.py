"""A team with a rota, for stories about shifts."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.place import PlaceKey
from tests.fakes.care import channel
from tests.fakes.server import lobby, owner_of, set_up
from tests.fakes.simulation import World, shown, texts

NEW_YORK = ZoneInfo("America/New_York")


async def set_up_in_new_york(world: World) -> None:
    """Set a server up, in New York, with a moderator and a clinician."""
    await set_up(world)
    await world.app.services.programme.change(zone=NEW_YORK.key)


def local(world: World) -> datetime:
    """Return what a clock in New York shows."""
    return world.env.now().astimezone(NEW_YORK)


async def until(world: World, weekday: int, clock: str) -> None:
    """Let time pass until a local time on a weekday, to the second."""
    hour, minute = map(int, clock.split(":"))
    now = local(world)
    wanted = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    wanted += timedelta(days=(weekday - now.weekday()) % 7)
    if wanted <= now:
        wanted += timedelta(days=7)
    await world.advance((wanted.astimezone(ZoneInfo("UTC")) - world.env.now()).total_seconds())


async def add(world: World, name: str | None = "moderator", **options: object) -> str:
    """Let the lead put a shift on the rota, and return the answer."""
    given = {"days": "Mon-Fri", "start": "9:00", "end": "17:00", **options}
    if name is not None:
        given["who"] = world.person(name)
    answer = await owner_of(world).slash(lobby(world), "oncall shift add", **given)
    return texts(shown(answer))


async def say(world: World, name: str, command: str, **options: object) -> str:
    """Return what somebody is answered."""
    actor = owner_of(world) if name == "owner" else world.person(name)
    return texts(shown(await actor.slash(lobby(world), command, **options)))


def on(world: World) -> set[int]:
    """Return who is on duty."""
    return {member.user_id for member in world.app.services.duty.on_duty()}


def last_in(world: World, key: PlaceKey, containing: str) -> object:
    """Return the last message of a staff channel that says something."""
    found = [one for one in channel(world, key).history() if containing in texts(one)]
    assert found, f"nothing in {key} says {containing!r}"
    return max(found, key=lambda one: one.id)
