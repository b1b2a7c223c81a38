"""The team list, as leads meet it."""

import asyncio

import discord
import simcord

from bot.domain.staff import StaffRole
from bot.errors import UserError
from tests.fakes.server import let_in, lobby, owner_of, set_up
from tests.fakes.simulation import World, labels, shown, texts


def roles(person: simcord.MemberActor) -> set[str]:
    return {role.name for role in person.member.roles} - {"@everyone"}


def staff_role(world: World, person: simcord.MemberActor) -> StaffRole | None:
    member = world.app.services.staff.get(person.id)
    return member.role if member else None


async def test_a_lead_adds_someone_and_the_role_follows(world: World) -> None:
    await set_up(world)
    nina = world.person("nina")

    result = await owner_of(world).slash(lobby(world), "people add", user=nina, role="clinician")

    assert "on the team list as: Clinician" in texts(shown(result))
    assert staff_role(world, nina) is StaffRole.CLINICIAN
    assert roles(nina) == {"Clinician"}


async def test_a_change_of_role_swaps_the_discord_roles_and_tells_nobody(world: World) -> None:
    await set_up(world)
    moderator = world.person("moderator")

    await owner_of(world).slash(lobby(world), "people add", user=moderator, role="lead")
    await world.run_due()

    assert roles(moderator) == {"Programme lead"}
    leads = world.guild.channels["leads"].history(viewer=moderator)
    assert not any("by hand" in texts(message) for message in leads)


async def test_taking_someone_off_the_list_takes_the_role(world: World) -> None:
    await set_up(world)
    moderator = world.person("moderator")

    result = await owner_of(world).slash(lobby(world), "people remove", user=moderator)

    assert "not on the team list any more" in texts(shown(result))
    assert staff_role(world, moderator) is None
    assert roles(moderator) == set()


async def test_the_last_lead_stays(world: World) -> None:
    await set_up(world)
    owner = owner_of(world)

    removed = await owner.slash(lobby(world), "people remove", user=owner)
    demoted = await owner.slash(lobby(world), "people add", user=owner, role="moderator")

    assert "always keeps one" in texts(shown(removed))
    assert "always keeps one" in texts(shown(demoted))
    assert staff_role(world, owner) is StaffRole.LEAD


async def test_two_leads_cannot_let_each_other_go_at_once(world: World) -> None:
    await set_up(world)
    team = world.app.services.team
    owner, moderator = owner_of(world).id, world.person("moderator").id
    await team.enrol(moderator, StaffRole.LEAD, by=owner)

    outcomes = await asyncio.gather(
        team.let_go(owner, by=moderator),
        team.let_go(moderator, by=owner),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, UserError) for outcome in outcomes) == 1
    assert sum(member.is_lead for member in world.app.services.staff.members) == 1


async def test_someone_who_is_not_on_the_list_cannot_be_removed(world: World) -> None:
    await set_up(world)

    result = await owner_of(world).slash(lobby(world), "people remove", user=world.person("zoe"))

    assert "not on the team list" in texts(shown(result))


async def test_bots_and_people_elsewhere_are_refused(world: World) -> None:
    await set_up(world)
    owner = owner_of(world)
    bot = world.guild.add_member(world.env.create_user("helper-bot", bot=True))
    elsewhere = world.env.create_user("far")

    refused_bot = await owner.slash(lobby(world), "people add", user=bot, role="lead")
    refused = await owner.slash(lobby(world), "people add", user=elsewhere, role="lead")

    assert "Only people" in texts(shown(refused_bot))
    assert "not in this server" in texts(shown(refused))


async def test_a_moderator_cannot_change_the_team(world: World) -> None:
    await set_up(world)
    moderator = world.person("moderator")

    refused = await moderator.slash(lobby(world), "people add", user=moderator, role="lead")

    assert "Only a programme lead" in texts(shown(refused))
    assert staff_role(world, moderator) is StaffRole.MODERATOR


async def test_a_discord_role_alone_gives_no_command(world: World) -> None:
    await set_up(world)
    lookalike = world.guild.create_role(
        "Programme Lead", permissions=discord.Permissions(priority_speaker=True)
    )
    stranger = world.guild.add_member(world.env.create_user("zoe"), roles=[lookalike])

    refused = await stranger.slash(lobby(world), "people list")

    assert "for the care team" in texts(shown(refused))


async def test_the_list_shows_everyone_by_what_they_do(world: World) -> None:
    await set_up(world)
    await world.app.services.duty.go_on(world.person("moderator").id)

    card = shown(await owner_of(world).slash(lobby(world), "people list"))

    assert f"<@{world.person('clinician').id}>" in texts(card)
    assert "on duty now" in texts(card)
    assert "Make a join code" in labels(card)


async def test_the_staff_panel_leads_to_the_list_and_from_there_to_everything(
    world: World,
) -> None:
    await set_up(world)
    owner, nina = owner_of(world), world.person("nina")
    (panel,) = world.guild.channels["team"].pinned_messages()

    listed = await owner.click(panel, label="The team")
    picked = await owner.select(shown(listed), [nina])
    await owner.click(shown(picked), label="Moderator")
    assert roles(nina) == {"Moderator"}

    picked = await owner.select(shown(listed), [nina])
    assert "as: Moderator" in texts(shown(picked))
    await owner.click(shown(picked), label="Take off the list")
    assert roles(nina) == set()


async def test_a_press_on_the_panel_is_checked_too(world: World) -> None:
    await set_up(world)
    (panel,) = world.guild.channels["team"].pinned_messages()

    refused = await world.person("moderator").click(panel, label="The team")

    assert "Only a programme lead" in texts(shown(refused))


async def test_a_role_discord_refuses_is_said_and_the_row_stands(world: World) -> None:
    await set_up(world)
    nina = world.person("nina")
    world.env.inject_error(
        "PUT", f"/guilds/*/members/{nina.id}/roles/*", status=403, code=50013, times=1
    )

    result = await owner_of(world).slash(lobby(world), "people add", user=nina, role="clinician")

    assert "could not bring the roles" in texts(shown(result))
    assert staff_role(world, nina) is StaffRole.CLINICIAN
    assert roles(nina) == set()


async def test_a_join_code_is_shown_once_to_the_lead_alone(world: World) -> None:
    await set_up(world)

    result = await owner_of(world).slash(lobby(world), "people code", number="P-104")

    assert result.ephemeral
    assert "P-104" in texts(shown(result))
    row = await world.app.database.fetch_one("SELECT count(*) AS n FROM join_codes")
    assert row["n"] == 1


async def test_no_code_while_codes_are_off(world: World) -> None:
    await set_up(world)
    await world.app.services.programme.change(codes=False)

    result = await owner_of(world).slash(lobby(world), "people code")

    assert "switched off" in texts(shown(result))


async def test_who_comes_back_to_the_server_gets_the_team_role_back(world: World) -> None:
    await set_up(world)
    moderator = world.person("moderator")
    world.guild.remove_member(moderator)
    await world.env.settle()

    back = world.guild.add_member(moderator.user)
    await world.env.settle()

    assert roles(back) == {"Moderator"}


async def test_a_participant_who_is_let_in_gets_the_role(world: World) -> None:
    await set_up(world)

    assert roles(await let_in(world, "pat")) == {"Participant"}
