"""What waits for Discord is answered first: after three seconds a press counts as failed."""

from typing import Any

import discord
import pytest

from bot.builder.roles import DiscordRoles
from bot.domain.consent import ConsentKind
from bot.domain.participant import Delivery
from tests.fakes.joined import join
from tests.fakes.server import lobby, set_up
from tests.fakes.simulation import World, shown, texts


@pytest.fixture
async def ready(world: World) -> World:
    """A world whose server is set up and open, with Ana, who joined."""
    await set_up(world)
    await join(world, "ana", way=Delivery.NOTHING)
    return world


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What came first: the word that an answer is on its way, or the change of a role."""
    seen: list[str] = []

    def watch(owner: type, name: str, what: str) -> None:
        done = getattr(owner, name)

        async def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
            seen.append(what)
            return await done(self, *args, **kwargs)

        monkeypatch.setattr(owner, name, watched)

    watch(discord.InteractionResponse, "defer", "answer")
    for name in ("give", "take"):
        watch(DiscordRoles, name, "role")
    return seen


async def panel_of(world: World, label: str) -> Any:
    """Open something behind *More*."""
    ana = world.person("ana")
    menu = shown(await ana.slash(lobby(world), "menu"))
    return shown(await ana.click(shown(await ana.click(menu, label="More")), label=label))


async def test_a_yes_and_a_no_to_the_rooms(ready: World, order: list[str]) -> None:
    ana = ready.person("ana")

    room = ready.app.services.rooms.all()[0].id
    looked = await ana.select(await panel_of(ready, "Rooms"), [room], custom_id="room:v1:look")
    door = shown(await ana.click(shown(looked), label="Come in"))
    order.clear()
    agreed = shown(await ana.click(door, label="I agree. Let me in"))
    yes, order[:] = list(order), []
    agreements = shown(await ana.click(await panel_of(ready, "Settings"), label="What I agreed to"))
    given = shown(
        await ana.select(agreements, [ConsentKind.GROUPS], custom_id="settings:v1:consent")
    )
    await ana.click(given, label="Take it back")

    assert "Welcome to" in texts(agreed)
    assert yes == ["answer", "role"]
    assert order == ["answer", "role"]


async def test_resuming(ready: World, order: list[str]) -> None:
    ana = ready.person("ana")
    participant = await ready.app.services.participants.find(ana.id)
    await ready.app.services.consents.give(participant, ConsentKind.GROUPS)
    ready.guild.remove_member(ana.user)
    await ready.env.settle()
    ready.people["ana"] = ready.guild.add_member(ana.user)
    await ready.env.settle()
    order.clear()

    card = shown(await ready.person("ana").slash(lobby(ready), "menu"))
    resumed = shown(await ready.person("ana").click(card, label="Resume"))

    assert "You are back" in texts(resumed)
    assert order[0] == "answer"
    assert "role" in order
