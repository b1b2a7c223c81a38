"""Setting up the server, as its owner meets it."""

from tests.fakes.server import apply, set_up
from tests.fakes.simulation import World, shown, texts


async def test_the_owner_sets_up_an_empty_server(world: World) -> None:
    result = await apply(world)

    assert "Everything is in place" in texts(shown(result))
    assert set(world.guild.channels) >= {"start", "your-own-space", "community-room", "team"}


async def test_a_ready_server_has_its_team(world: World) -> None:
    await set_up(world)

    channel = world.guild.channels["team"]
    assert channel.history(viewer=world.person("moderator")) is not None
    roles = {role.name for role in world.person("moderator").member.roles}
    assert "Moderator" in roles
