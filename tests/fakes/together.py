"""Two people who share a space, for stories on the simulated Discord."""

from typing import Any

import simcord

from bot.domain.consent import ConsentKind
from bot.domain.pair import Pair, PairState
from bot.domain.place import PlaceKey
from tests.fakes.care import channel, joined
from tests.fakes.server import lobby, set_up
from tests.fakes.simulation import World, shown

ADA, BEN = "ada", "ben"


async def consenting(world: World, name: str, code: str) -> simcord.MemberActor:
    """Let someone join who would share a space."""
    person = await joined(world, name, code)
    await world.app.services.consents.give(person, ConsentKind.SHARED_SPACE)
    return world.person(name)


async def home(world: World, name: str) -> Any:
    """Open *Together* as somebody."""
    return shown(await world.person(name).slash(lobby(world), "together"))


async def note(world: World, name: str) -> Any:
    """Tap the newest note in somebody's own thread and return what it opens."""
    person = world.person(name)
    parent = channel(world, PlaceKey.CHANNEL_PERSONAL)
    participant = await world.app.services.participants.active(person.id)
    thread = next(one for one in parent.threads if one.id == participant.preferences.thread_id)
    return shown(await person.click(thread.last_message, label="Open"))


def threads(world: World, name: str) -> list[simcord.ChannelHandle]:
    """Return the couples' threads somebody can read."""
    found = []
    for thread in channel(world, PlaceKey.CHANNEL_COUPLES).threads:
        try:
            list(thread.history(viewer=world.person(name)))
        except simcord.SetupError:
            continue
        found.append(thread)
    return found


async def wish(world: World, name: str, other: str) -> Any:
    """Say whom one would like a space with, and return the card after it."""
    person = world.person(name)
    card = shown(await person.click(await home(world, name), label="Invite someone"))
    result = await person.select(card, [world.person(other)], custom_id="together:v1:ask:couple")
    return shown(result)


async def couple(world: World) -> Pair:
    """Let Ada and Ben come to a space the whole way, the team's talks included."""
    await set_up(world)
    await consenting(world, ADA, "P-101")
    await consenting(world, BEN, "P-102")
    await wish(world, ADA, BEN)
    await wish(world, BEN, ADA)
    lead = world.person("moderator")
    await world.run_due()
    asked = channel(world, PlaceKey.CHANNEL_STAFF).last_message
    card = shown(await lead.click(asked, label="Open the list"))
    for code in ("P-101", "P-102"):
        card = shown(await lead.click(card, label=f"Talked with {code}"))
    await lead.click(card, label="Open it")
    await world.run_due()
    [pair] = await world.app.stores.pairs.in_states({PairState.OPEN})
    return pair
