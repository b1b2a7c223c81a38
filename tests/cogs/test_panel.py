"""The panel, *More*, the rooms' door and who sees what, as people meet them."""

from typing import Any

import discord
import pytest
import simcord

from bot.domain.consent import ConsentKind
from bot.domain.participant import Delivery
from tests.fakes.joined import at_the_door, confirm_adult, join
from tests.fakes.server import lobby, owner_of, set_up
from tests.fakes.simulation import World, labels, shown, texts

PANEL = ["Check in", "Help now", "Message the team", "My goals", "Together", "More"]


@pytest.fixture
async def ready(world: World) -> World:
    """A world whose server is set up and open."""
    await set_up(world)
    return world


async def menu(world: World, name: str) -> Any:
    return shown(await world.person(name).slash(lobby(world), "menu"))


def roles(person: simcord.MemberActor) -> set[str]:
    return {role.name for role in person.member.roles}


async def test_a_visitor_gets_the_way_in_and_help(ready: World) -> None:
    card = await menu(ready, "kim")

    assert labels(card) == ["Join", "Help now", "Message the team", "Who sees what"]
    assert "not joined yet" in texts(card)


async def test_someone_on_the_way_in_is_told_to_go_on(ready: World) -> None:
    await confirm_adult(await at_the_door(ready, "ana"))

    card = await menu(ready, "ana")

    assert "begun to join" in texts(card)
    assert labels(card)[0] == "Join"


async def test_a_participant_gets_the_panel(ready: World) -> None:
    await join(ready, "ana", way=Delivery.NOTHING)

    card = await menu(ready, "ana")

    assert labels(card) == PANEL


async def test_the_menu_opens_in_a_direct_message_too(ready: World) -> None:
    await join(ready, "ana", way=Delivery.NOTHING)

    result = await ready.person("ana").user.slash("menu")

    assert labels(shown(result)) == PANEL


async def test_more_shows_only_what_works(ready: World) -> None:
    await join(ready, "ana", way=Delivery.NOTHING)
    card = await menu(ready, "ana")

    more = shown(await ready.person("ana").click(card, label="More"))

    assert {"Settings", "Rooms", "Who sees what", "Back", "Help now"} <= set(labels(more))
    assert len(labels(more)) == len(set(labels(more)))
    for route in dead_routes(ready, more):
        raise AssertionError(f"{route} leads nowhere")


def dead_routes(world: World, message: Any) -> list[str]:
    router = world.app.bot.router
    found = []

    def walk(component: dict[str, Any]) -> None:
        if custom_id := component.get("custom_id"):
            route = ":".join(custom_id.split(":")[:3])
            if route not in router.presses and route not in router.forms:
                found.append(route)
        for child in component.get("components", ()):
            walk(child)

    for component in message.components:
        walk(component if isinstance(component, dict) else component.to_dict())
    return found


async def test_every_button_of_the_pinned_panel_leads_somewhere(ready: World) -> None:
    panel = next(m for m in ready.guild.channels["start"].history() if m.components)

    assert dead_routes(ready, panel) == []


async def test_more_leads_back_and_to_settings(ready: World) -> None:
    await join(ready, "ana", way=Delivery.NOTHING)
    ana = ready.person("ana")
    more = shown(await ana.click(await menu(ready, "ana"), label="More"))

    settings = shown(await ana.click(more, label="Settings"))
    assert "Your place" in texts(settings)
    back = shown(await ana.click(settings, label="Back"))
    panel = shown(await ana.click(back, label="Back"))

    assert labels(panel)[0] == "Check in"


async def test_more_on_the_pinned_panel_is_for_the_presser_alone(ready: World) -> None:
    panel = next(m for m in ready.guild.channels["start"].history() if m.components)

    result = await ready.person("kim").click(panel, label="More")

    assert result.ephemeral
    assert "Join" in labels(shown(result))


async def test_a_consent_card_from_before_a_new_text_is_asked_again(ready: World) -> None:
    ana = await join(ready, "ana", way=Delivery.NOTHING)
    person = ready.person("ana")
    more = shown(await person.click(await menu(ready, "ana"), label="More"))
    settings = shown(await person.click(more, label="Settings"))
    agreements = shown(await person.click(settings, label="What I agreed to"))
    kinds = [ConsentKind.GROUPS]
    asked = shown(await person.select(agreements, kinds, custom_id="settings:v1:consent"))
    consents = ready.app.services.consents
    old = consents._wording[ConsentKind.GROUPS]
    consents._wording = {**consents._wording, ConsentKind.GROUPS: newer(old)}

    again = shown(await person.click(asked, label="I agree"))

    assert labels(again) == ["I agree", "Not now"]
    assert not await consents.given(ana.id, ConsentKind.GROUPS)


def newer(consent: Any) -> Any:
    return type(consent)(
        kind=consent.kind,
        version=consent.version + 1,
        is_in_use=True,
        title=consent.title,
        text=consent.text,
        who_sees=consent.who_sees,
    )


async def test_who_sees_counts_those_who_can_look_in(ready: World) -> None:
    guild = ready.guild
    rights = guild.create_role("Rights", permissions=discord.Permissions(administrator=True))
    threads = guild.create_role(
        "Threads", permissions=discord.Permissions(manage_threads=True, view_channel=True)
    )
    for name, role in (("ada", rights), ("bea", rights), ("cleo", threads)):
        ready.people[name] = guild.add_member(ready.env.create_user(name), roles=[role])
    await ready.env.settle()

    said = texts(shown(await ready.person("kim").slash(lobby(ready), "who-sees")))

    assert "The owner of this server can always look in. So can 2 people with admin rights." in said
    assert "1 moderator, 1 clinician and 1 programme lead" in said
    assert "They do not see your answers" in said


async def test_who_sees_says_nothing_of_rights_nobody_has(ready: World) -> None:
    said = texts(shown(await ready.person("kim").slash(lobby(ready), "who-sees")))

    assert "admin rights" not in said
    assert "look into threads" not in said


async def test_staff_who_press_join_meet_the_same_door(ready: World) -> None:
    card = await menu(ready, "moderator")
    assert labels(card)[0] == "Join"
    owner = await owner_of(ready).slash(lobby(ready), "menu")
    assert labels(shown(owner))[0] == "Join"
