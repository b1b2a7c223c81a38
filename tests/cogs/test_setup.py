"""Setting up the server, as its owner meets it."""

from tests.fakes.server import apply
from tests.fakes.simulation import World, shown, texts


async def test_the_owner_sets_up_an_empty_server(world: World) -> None:
    result = await apply(world)

    assert "Everything is in place" in texts(shown(result))
    assert set(world.guild.channels) >= {"start", "your-own-space", "community-room", "team"}
