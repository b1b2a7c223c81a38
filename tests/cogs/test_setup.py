"""Setting up the server, as its owner meets it."""

import discord
import pytest
import simcord

from bot.domain.blueprint import PANELS
from bot.domain.place import PlaceKey
from bot.domain.staff import StaffRole
from tests.fakes.server import apply, let_in, lobby, owner_of, set_up
from tests.fakes.simulation import World, labels, shown, texts

CHANNELS = {"start", "your-own-space", "community-room", "team", "leads"}
ROLES = {"Participant", "Moderator", "Clinician", "Programme lead"}


def names(world: World) -> list[str]:
    return [channel.name for channel in world.app.bot.get_guild(world.guild.id).channels]


def changes(world: World) -> list[str]:
    """List what the bot changed in the server, without its answers to people."""
    return [
        f"{request.method} {request.path}"
        for request in world.env.http_requests
        if request.method != "GET" and request.path.startswith(("/guilds", "/channels"))
    ]


async def test_the_owner_sets_up_an_empty_server(world: World) -> None:
    result = await apply(world)

    assert "Everything is in place" in texts(shown(result))
    assert set(names(world)) >= CHANNELS
    assert set(world.guild.roles) >= ROLES
    programme = world.app.services.programme.current
    assert programme.guild_id == world.guild.id
    assert world.app.services.staff.get(owner_of(world).id).role is StaffRole.LEAD
    assert not programme.joining_open


async def test_nothing_is_made_before_the_owner_confirms(world: World) -> None:
    owner = owner_of(world)
    asked = await owner.slash(lobby(world), "setup apply")

    assert "Set up Harbour?" in texts(shown(asked))
    assert "first programme lead" in texts(shown(asked))
    await owner.click(shown(asked), label="Not now")
    assert changes(world) == []
    assert world.app.services.programme.current.guild_id is None


async def test_the_plan_shows_what_would_be_made_and_who_may_do_what(world: World) -> None:
    owner = owner_of(world)

    plan = await owner.slash(lobby(world), "setup plan")
    details = await owner.click(shown(plan), label="Who may do what")

    assert "To be made" in texts(shown(plan))
    assert "channel **#leads**: only leads see it" in texts(shown(plan))
    assert "everyone: may not View Channels" in texts(shown(details))
    assert "Administrator" in texts(shown(details))
    assert changes(world) == []


async def test_no_role_has_administrator_and_participants_get_nothing(world: World) -> None:
    await apply(world)

    guild = world.app.bot.get_guild(world.guild.id)
    ours = {role.name: role for role in guild.roles if role.name in ROLES}
    assert len(ours) == len(ROLES)
    assert not any(role.permissions.administrator for role in ours.values())
    assert ours["Participant"].permissions.value == 0


async def test_applying_twice_changes_nothing(world: World) -> None:
    await apply(world)
    before = changes(world)

    result = await apply(world)

    assert "Nothing was changed" in texts(shown(result))
    assert changes(world) == before


async def test_panels_are_posted_and_pinned_with_the_crisis_lines(world: World) -> None:
    await set_up(world)
    await apply(world)

    for panel, channel in PANELS.items():
        message_id = world.app.services.places.get(panel)
        place = world.app.services.places.get(channel)
        pinned = next(each for each in world.guild.channels.values() if each.id == place)
        assert [message.id for message in pinned.pinned_messages()] == [message_id]
    (start,) = world.guild.channels["start"].pinned_messages()
    assert "988" in texts(start)
    assert "Join" in labels(start)


async def test_an_interrupted_apply_says_so_and_resumes(world: World) -> None:
    world.env.inject_error("POST", "/guilds/*/channels", status=500, times=1)
    first = await apply(world)

    second = await apply(world)

    assert "Discord did not answer" in texts(shown(first))
    assert "waits for category **Programme**" in texts(shown(first))
    assert "Everything is in place" in texts(shown(second))
    assert sorted(name for name in names(world) if name in CHANNELS) == sorted(CHANNELS)


async def test_what_was_made_but_not_noted_is_found_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    places = world.app.services.places
    save = places.save

    async def dying(key: PlaceKey, discord_id: int, fingerprint: str = "") -> None:
        if key is PlaceKey.CHANNEL_ROOM:
            raise RuntimeError("the process dies here")
        await save(key, discord_id, fingerprint)

    with monkeypatch.context() as patch:
        patch.setattr(places, "save", dying)
        await apply(world)
    caplog.clear()
    assert places.get(PlaceKey.CHANNEL_ROOM) is None

    result = await apply(world)

    assert "channel **#community-room**" in texts(shown(result))
    assert names(world).count("community-room") == 1
    assert places.get(PlaceKey.CHANNEL_ROOM) == world.guild.channels["community-room"].id
    world.env.errors.clear()


async def test_a_channel_that_was_there_before_is_not_taken_over(world: World) -> None:
    old = world.guild.create_text_channel("community-room")

    await apply(world)

    assert names(world).count("community-room") == 2
    assert world.app.services.places.get(PlaceKey.CHANNEL_ROOM) != old.id


async def test_a_change_by_hand_is_reported_and_left_until_asked(world: World) -> None:
    await apply(world)
    room = world.guild.channels["community-room"]
    world.env.backend.edit_channel(room.id, {"name": "harbour-room"})
    await world.env.settle()

    left = await apply(world)

    assert "Changed by hand" in texts(shown(left))
    assert "the name" in texts(shown(left))
    assert "harbour-room" in names(world)

    repaired = await apply(world, repair=True)

    assert "Put right" in texts(shown(repaired))
    assert "community-room" in names(world)


async def test_someone_let_into_the_team_channel_by_hand_is_reported_and_put_out(
    world: World,
) -> None:
    await apply(world)
    team = world.guild.channels["team"]
    outsider = world.person("ana")
    bot_view = world.app.bot.get_channel(team.id)
    await bot_view.set_permissions(outsider.member, view_channel=True)
    await world.env.settle()

    left = await apply(world)
    seen = team.history(viewer=outsider)
    await apply(world, repair=True)

    assert "someone added who is not in the plan" in texts(shown(left))
    assert seen is not None
    with pytest.raises(simcord.SetupError):
        team.history(viewer=outsider)


async def test_a_missing_permission_is_named_and_stops_only_what_needs_it(world: World) -> None:
    role = world.guild.roles["TestBot"]
    lacking = discord.Permissions.all()
    lacking.update(administrator=False, manage_channels=False)
    world.env.backend.edit_role(world.guild.id, role.id, {"permissions": lacking.value})
    await world.env.settle()

    result = await apply(world)

    assert "I lack: Manage Channels" in texts(shown(result))
    assert set(world.guild.roles) >= ROLES
    assert not CHANNELS & set(names(world))


async def test_a_bot_role_that_is_too_low_is_named(world: World) -> None:
    await apply(world)
    bot, lead = world.guild.roles["TestBot"], world.guild.roles["Programme lead"]
    world.env.backend.reorder_roles(
        world.guild.id, [{"id": lead.id, "position": 9}, {"id": bot.id, "position": 5}]
    )
    world.env.backend.edit_role(world.guild.id, lead.id, {"name": "Boss"})
    await world.env.settle()
    owner = owner_of(world)

    result = await apply(world, repair=True)
    check = await owner.slash(lobby(world), "setup check")

    assert "drag my role above it" in texts(shown(result))
    assert "stands below role **Programme lead**" in texts(shown(check))


async def test_only_the_owner_and_leads_may_set_up(world: World) -> None:
    shows_commands = world.guild.create_role(
        "Loud", permissions=discord.Permissions(priority_speaker=True)
    )
    stranger = world.guild.add_member(world.env.create_user("zoe"), roles=[shows_commands])

    refused = await stranger.slash(lobby(world), "setup apply")

    assert "for the owner of this server and for programme leads" in texts(shown(refused))
    assert changes(world) == []


async def test_a_stranger_is_not_even_shown_the_command(world: World) -> None:
    with pytest.raises(simcord.SetupError):
        await world.person("zoe").slash(lobby(world), "setup apply")


async def test_another_server_cannot_take_the_bot(world: World) -> None:
    await apply(world)
    rival = world.env.create_user("rival")
    other = world.env.create_guild("Other", owner=rival)
    channel = other.create_text_channel("general")

    refused = await simcord.MemberActor(world.env, other, rival).slash(channel, "setup apply")

    assert "the server of your programme" in texts(shown(refused))


async def test_in_several_servers_the_operator_says_which(world: World) -> None:
    rival = world.env.create_user("rival")
    other = world.env.create_guild("Other", owner=rival)
    channel = other.create_text_channel("general")

    refused = await simcord.MemberActor(world.env, other, rival).slash(channel, "setup apply")

    assert "INTERLUDE_GUILD_ID" in texts(shown(refused))


async def test_spanish_names_follow_the_setting(world: World) -> None:
    await apply(world)
    owner = owner_of(world)

    settings = await owner.slash(lobby(world), "setup settings", language="es")
    await apply(world)

    assert "Type /setup apply" in texts(shown(settings))
    assert set(names(world)) >= {"inicio", "tu-propio-espacio", "sala-comunitaria", "equipo"}
    assert "Moderación" in world.guild.roles
    (start,) = world.guild.channels["inicio"].pinned_messages()
    assert "Ayuda ahora" in labels(start)
    assert "Nothing was changed" in texts(shown(await apply(world)))


async def test_only_the_team_sees_the_team_channels(world: World) -> None:
    await set_up(world)
    team, leads = world.guild.channels["team"], world.guild.channels["leads"]
    participant = await let_in(world, "pat")

    for channel in (team, leads):
        with pytest.raises(simcord.SetupError):
            channel.history(viewer=participant)
    with pytest.raises(simcord.SetupError):
        leads.history(viewer=world.person("moderator"))
    assert team.history(viewer=world.person("moderator"))


async def test_nobody_but_the_bot_writes_in_start(world: World) -> None:
    await set_up(world)
    start = world.guild.channels["start"]

    assert start.history(viewer=world.person("ana"))
    with pytest.raises((simcord.SetupError, simcord.BackendError)):
        await world.person("ana").send(start, "hello")
    with pytest.raises((simcord.SetupError, simcord.BackendError)):
        await world.person("moderator").send(start, "hello")


async def test_the_parent_of_the_personal_threads_shows_only_by_an_overwrite(
    world: World,
) -> None:
    await set_up(world)
    parent = world.guild.channels["your-own-space"]
    participant = await let_in(world, "pat")
    channel = world.app.bot.get_channel(parent.id)

    with pytest.raises(simcord.SetupError):
        parent.history(viewer=participant)
    await channel.set_permissions(
        participant.member,
        view_channel=True,
        read_message_history=True,
        send_messages_in_threads=True,
    )
    thread = await channel.create_thread(
        name="own", type=discord.ChannelType.private_thread, invitable=False
    )
    await thread.add_user(participant.member)
    await thread.send("hello")
    await world.env.settle()

    (own,) = parent.threads
    assert own.history(viewer=participant)
    for other in (world.person("zoe"), world.person("moderator"), world.person("clinician")):
        with pytest.raises(simcord.SetupError):
            own.history(viewer=other)
    assert "Nothing was changed" in texts(shown(await apply(world)))


async def test_a_stray_right_over_the_personal_threads_is_reported(world: World) -> None:
    await apply(world)
    parent = world.app.bot.get_channel(world.guild.channels["your-own-space"].id)
    helper = world.guild.create_role("Helper")
    await world.env.settle()
    await parent.set_permissions(parent.guild.get_role(helper.id), manage_threads=True)
    await world.env.settle()

    check = await owner_of(world).slash(lobby(world), "setup check")

    assert "Changed by hand in channel **#your-own-space**" in texts(shown(check))


async def test_a_panel_that_was_posted_but_not_noted_is_not_posted_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    places = world.app.services.places
    save = places.save

    async def dying(key: PlaceKey, discord_id: int, fingerprint: str = "") -> None:
        if key is PlaceKey.PANEL_ROOM:
            raise RuntimeError("the process dies here")
        await save(key, discord_id, fingerprint)

    with monkeypatch.context() as patch:
        patch.setattr(places, "save", dying)
        await apply(world)
    caplog.clear()
    world.env.errors.clear()

    await apply(world)

    room = world.guild.channels["community-room"]
    posted = [message for message in room.history() if message.components]
    assert [message.id for message in posted] == [places.get(PlaceKey.PANEL_ROOM)]
    assert posted[0].pinned


async def test_a_channel_the_bot_cannot_read_gets_no_second_panel(world: World) -> None:
    await apply(world)
    start = world.guild.channels["start"]
    world.env.inject_error("GET", f"/channels/{start.id}/messages/*", status=403, code=50001)

    await apply(world)

    assert len([message for message in start.history() if message.components]) == 1


async def test_a_silent_discord_is_said_plainly(world: World) -> None:
    await apply(world)
    world.env.inject_error("GET", "/channels/*/messages/*", status=500)

    result = await apply(world)

    assert "Discord did not answer" in texts(shown(result))


async def test_a_panel_that_cannot_be_pinned_is_pinned_later(world: World) -> None:
    world.env.inject_error("PUT", "/channels/*/messages/pins/*", status=403, code=50013)
    first = await apply(world)

    second = await apply(world)

    assert "Discord says I may not" in texts(shown(first))
    assert "the pin" in texts(shown(second))
    for channel in ("start", "community-room", "team"):
        assert len(world.guild.channels[channel].pinned_messages()) == 1
