"""Going live: what must be checked first, and by whom."""

from datetime import timedelta

import pytest
import simcord

from bot.domain.place import PlaceKey
from bot.domain.staff import StaffRole
from tests.fakes.server import apply, lobby, owner_of, set_up
from tests.fakes.simulation import World, labels, shown, texts


async def check(world: World) -> object:
    return shown(await owner_of(world).slash(lobby(world), "setup check"))


async def ready(world: World) -> None:
    """Do everything but open."""
    owner = owner_of(world)
    await set_up(world)
    await world.app.services.programme.change(joining_open=False)
    lines = await owner.click(await check(world), label="Look at the crisis lines")
    await owner.click(shown(lines), label="I checked them, they are right")
    await owner.click(await check(world), label="Open without anyone on duty")
    for person in (owner, world.person("moderator")):
        await world.app.services.readiness.confirm_key(person.id)


async def test_a_server_that_is_not_made_is_told_what_to_do(world: World) -> None:
    card = await check(world)

    assert "Type /setup apply" in texts(card)
    assert "No country is chosen" in texts(card)
    assert "0 of 2 people" in texts(card)
    assert "The rota is empty" in texts(card)
    assert "Open joining" not in labels(card)


async def test_joining_opens_once_everything_is_checked(world: World) -> None:
    await ready(world)
    card = await check(world)
    assert "Everything is ready" in texts(card)

    await owner_of(world).click(card, label="Open joining")

    assert world.app.services.programme.current.joining_open
    assert "Joining is open" in texts(await check(world))


async def test_joining_closes_again(world: World) -> None:
    await ready(world)
    owner = owner_of(world)
    await owner.click(await check(world), label="Open joining")

    await owner.click(await check(world), label="Close joining")

    assert not world.app.services.programme.current.joining_open


async def test_someone_on_duty_is_enough(world: World) -> None:
    await ready(world)
    owner = owner_of(world)
    await owner.click(await check(world), label="Someone must be on duty")
    assert "The rota is empty, and nobody is on duty" in texts(await check(world))

    await world.app.services.duty.go_on(world.person("moderator").id)

    assert "Open joining" in labels(await check(world))


async def test_what_changed_after_the_card_still_stops_it(world: World) -> None:
    await ready(world)
    card = await check(world)
    world.env.backend.delete_channel(world.guild.channels["start"].id)
    await world.env.settle()

    refused = await owner_of(world).click(card, label="Open joining")

    assert "can't open yet" in texts(shown(refused))
    assert not world.app.services.programme.current.joining_open


async def test_one_person_cannot_confirm_the_key_twice(world: World) -> None:
    await set_up(world)
    owner = owner_of(world)
    for _ in range(2):
        card = await owner.click(await check(world), label="Host key")
        await owner.click(shown(card), label="I hold a copy")

    assert "1 of 2 people has said" in texts(await check(world))


async def test_the_team_is_asked_for_a_second_person(world: World) -> None:
    await set_up(world)
    owner, moderator = owner_of(world), world.person("moderator")
    card = await owner.click(await check(world), label="Host key")
    noted = await owner.click(shown(card), label="I hold a copy")
    await owner.click(shown(noted), label="Ask the team for a second person")
    await world.run_due()
    asked = world.guild.channels["team"].history(viewer=moderator)[-1]

    explained = await moderator.click(asked, label="Host key")
    await moderator.click(shown(explained), label="I hold a copy")

    assert "who else on the team" in texts(asked)
    assert "of 2 people" not in texts(await check(world))


async def test_a_key_holder_who_left_the_team_does_not_count(world: World) -> None:
    await ready(world)

    await owner_of(world).slash(lobby(world), "people remove", user=world.person("moderator"))

    assert "1 of 2 people has said" in texts(await check(world))


async def test_another_country_closes_joining_until_its_lines_are_checked(world: World) -> None:
    await ready(world)
    owner = owner_of(world)
    await owner.click(await check(world), label="Open joining")

    changed = await owner.slash(lobby(world), "setup settings", country="Canada")

    assert "Joining is closed now" in texts(shown(changed))
    assert "Not up to date" not in texts(await check(world))
    assert "crisis lines for Canada" in texts(await check(world))


async def test_a_check_older_than_ninety_days_is_asked_for_again(world: World) -> None:
    await ready(world)
    await world.env.advance_time(timedelta(days=91).total_seconds())

    card = await check(world)

    assert "more than 90 days ago" in texts(card)
    assert "Open joining" in labels(card)


async def test_an_old_card_cannot_confirm_other_lines(world: World) -> None:
    await set_up(world)
    owner = owner_of(world)
    lines = await owner.click(await check(world), label="Look at the crisis lines")
    await owner.slash(lobby(world), "setup settings", country="CA")

    refused = await owner.click(shown(lines), label="I checked them, they are right")

    assert "have changed" in texts(shown(refused))


async def test_a_country_without_lines_says_what_to_do(world: World) -> None:
    await set_up(world)

    await owner_of(world).slash(lobby(world), "setup settings", country="Sweden")

    assert "no checked crisis lines for Sweden" in texts(await check(world))


async def test_settings_show_and_take_what_people_type(world: World) -> None:
    await set_up(world)
    owner = owner_of(world)
    offered = await owner.autocomplete(lobby(world), "setup settings", "zone", "denv")

    await owner.slash(lobby(world), "setup settings", zone=offered[0]["value"], codes=False)

    card = texts(shown(await owner.slash(lobby(world), "setup settings")))
    assert "Denver" in card
    assert "Join codes: off" in card
    assert world.app.services.programme.current.zone == "America/Denver"


@pytest.mark.parametrize(
    ("option", "typed", "sentence"),
    [("zone", "Atlantis Prime", "Atlantis Prime"), ("country", "Narnia", "don't know the country")],
)
async def test_settings_refuse_what_nobody_knows(
    world: World, option: str, typed: str, sentence: str
) -> None:
    await set_up(world)
    before = world.app.services.programme.current

    refused = await owner_of(world).slash(lobby(world), "setup settings", **{option: typed})

    assert sentence in texts(shown(refused))
    assert world.app.services.programme.current == before


async def test_settings_come_after_setting_up(world: World) -> None:
    refused = await owner_of(world).slash(lobby(world), "setup settings", codes=False)

    assert "not set up yet" in texts(shown(refused))


async def test_a_deleted_channel_is_told_to_the_leads_once_and_not_made_again(
    world: World,
) -> None:
    await set_up(world)
    leads = world.guild.channels["leads"]
    world.env.backend.delete_channel(world.guild.channels["community-room"].id)
    await world.env.settle()
    await world.run_due()
    await world.run_due()

    told = [texts(message) for message in leads.history()]

    assert sum("deleted channel **#community-room**" in text for text in told) == 1
    assert "community-room" not in world.guild.channels
    assert "Not there: channel **#community-room**" in texts(await check(world))
    await apply(world)
    assert "community-room" in world.guild.channels


async def test_a_deleted_panel_is_posted_again(world: World) -> None:
    await set_up(world)
    start = world.guild.channels["start"]
    world.env.backend.delete_message(start.id, world.app.services.places.get(PlaceKey.PANEL_START))
    await world.env.settle()
    assert start.pinned_messages() == []

    await apply(world)

    assert len(start.pinned_messages()) == 1
    assert start.pinned_messages()[0].id == world.app.services.places.get(PlaceKey.PANEL_START)


async def test_a_deleted_role_comes_back_with_its_channels_and_its_people(world: World) -> None:
    await set_up(world)
    moderator = world.person("moderator")
    world.env.backend.delete_role(world.guild.id, world.guild.roles["Moderator"].id)
    await world.env.settle()
    team = world.guild.channels["team"]
    with pytest.raises(simcord.SetupError):
        team.history(viewer=moderator)

    result = await apply(world)

    assert "Changed by hand" not in texts(shown(result))
    assert team.history(viewer=moderator)


async def test_a_team_role_given_by_hand_is_taken_back_and_told(world: World) -> None:
    await set_up(world)
    outsider = world.person("zoe")
    await world.env.settle()
    world.env.backend.add_member_role(
        world.guild.id, outsider.id, world.guild.roles["Programme lead"].id
    )
    await world.env.settle()
    await world.run_due()

    assert [role.name for role in outsider.member.roles] == ["@everyone"]
    told = texts(world.guild.channels["leads"].last_message)
    assert "changed by hand" in told
    assert str(outsider.id) in told


async def test_roles_and_gaps_are_caught_up_at_start(world: World) -> None:
    await set_up(world)
    places = world.app.services.places
    gone = places.get(PlaceKey.CHANNEL_ROOM)
    await places.save(PlaceKey.CHANNEL_ROOM, 1)
    await world.app.services.team.enrol(world.person("nina").id, StaffRole.CLINICIAN, by=None)

    await world.env.settle()
    await world.app.bot.get_cog("UpkeepCog").on_ready()
    await world.env.settle()

    assert gone is not None
    assert places.get(PlaceKey.CHANNEL_ROOM) is None
    assert "Clinician" in {role.name for role in world.person("nina").member.roles}
