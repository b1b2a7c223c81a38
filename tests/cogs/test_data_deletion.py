"""Deleting everything, as participants meet it."""

import pytest

from bot.domain.blueprint import OWN_THREAD
from bot.domain.case import CaseSource
from bot.domain.place import PlaceKey
from bot.store.deletions import DeletionList
from tests.cogs.own_data import Owner, answer, owner
from tests.fakes.care import channel
from tests.fakes.joined import own_thread
from tests.fakes.server import lobby, owner_of
from tests.fakes.simulation import World, fields, labels, shown, texts


@pytest.fixture
async def ana(world: World) -> Owner:
    return await owner(world)


async def delete(ana: Owner) -> str:
    """Delete everything; return what was said."""
    await ana.slash("my-data delete")
    opened = await ana.press("data.delete.go_on")
    await ana.submit(opened, word=ana.words("data.delete.word").lower())
    return texts(ana.card)


async def test_deleting_says_what_goes_and_what_stays_and_asks_twice(ana: Owner) -> None:
    await ana.slash("my-data delete")
    said = texts(ana.card)
    assert "This goes, for good" in said
    assert "your own thread" in said
    assert "a random number that leads to nobody" in said
    assert "Within 7 days" in said
    assert "open request" not in said

    opened = await ana.press("data.delete.go_on")
    await ana.submit(opened, word="yes *please*")

    assert r"You typed \"yes \*please\*\"" in texts(ana.card).replace('"', r"\"")
    again = await ana.press("core.open_again")
    assert fields(again)["word"]["value"] == "yes *please*"
    assert (await ana.me()).is_active


async def test_everything_is_deleted_here_and_in_discord(ana: Owner) -> None:
    world, me = ana.world, await ana.me()
    await answer(ana)
    await ana.slash("menu")
    thread = await own_thread(world, ana.person)
    assert thread is not None
    await world.app.services.cases.ask(ana.person.id)
    await world.run_due()

    said = await delete(ana)

    assert "Everything is deleted" in said
    assert labels(ana.card) == ["Help now"]
    assert await world.app.services.participants.find(ana.person.id) is None
    assert world.app.services.profiles.get(ana.person.id) is None
    threads = [one.id for one in channel(world, PlaceKey.CHANNEL_PERSONAL).threads]
    assert thread.id not in threads
    parent = world.app.bot.get_channel(channel(world, PlaceKey.CHANNEL_PERSONAL).id)
    assert ana.person.id not in {target.id for target in parent.overwrites}
    assert {role.name for role in ana.person.member.roles} == {"@everyone"}
    staff = channel(world, PlaceKey.CHANNEL_STAFF).history()
    assert not any(str(ana.person.id) in texts(message) for message in staff)
    assert DeletionList(world.app.settings.keys_dir).owners() == {me.id}
    assert "people who have joined" in texts(shown(await ana.slash("checkin history")))


async def test_an_open_request_is_named_before(ana: Owner) -> None:
    await ana.world.app.services.cases.ask(ana.person.id, CaseSource.CHECKIN_ALONE)

    await ana.slash("my-data delete")

    assert "1 open request to the team. It goes too" in texts(ana.card)
    assert "Help now" in labels(ana.card)


async def test_a_member_of_the_team_keeps_their_place(ana: Owner) -> None:
    world = ana.world
    await owner_of(world).slash(lobby(world), "people add", user=ana.person, role="moderator")
    await ana.slash("my-data delete")
    assert "your place on the team" in texts(ana.card)

    await delete(ana)

    assert world.app.services.staff.get(ana.person.id) is not None
    assert {role.name for role in ana.person.member.roles} == {"@everyone", "Moderator"}


async def test_who_deleted_everything_may_join_again_as_someone_new(ana: Owner) -> None:
    before = await ana.me()
    await answer(ana)
    await delete(ana)

    again = await owner(ana.world)

    assert (await again.me()).id != before.id
    await again.slash("checkin history")
    assert "angry" not in texts(again.card)


async def test_deleting_in_spanish(world: World) -> None:
    luz = await owner(world, "luz", locale="es")

    assert "Todo está borrado" in await delete(luz)


async def test_what_discord_refused_is_finished_at_the_next_start(
    ana: Owner, caplog: pytest.LogCaptureFixture
) -> None:
    world = ana.world
    thread = await own_thread(world, ana.person)
    assert thread is not None
    world.env.inject_error("DELETE", f"/channels/{thread.id}", status=500, code=0, times=1)
    world.env.inject_error("DELETE", "/channels/*/permissions/*", status=500, code=0, times=1)
    await delete(ana)
    assert "stay" in caplog.text

    await world.env.advance_time(3600)
    await world.restart()

    parent = world.app.bot.get_channel(channel(world, PlaceKey.CHANNEL_PERSONAL).id)
    assert ana.person.id not in {target.id for target in parent.overwrites}
    assert thread.id not in [one.id for one in channel(world, PlaceKey.CHANNEL_PERSONAL).threads]


async def test_tidying_leaves_everyone_else_alone(ana: Owner) -> None:
    world = ana.world
    bo = await owner(world, "bo")
    thread = await own_thread(world, bo.person)
    assert thread is not None
    await world.app.services.erasure.forget((await ana.me()).id)
    await world.env.advance_time(3600)

    await world.restart()

    parent = world.app.bot.get_channel(channel(world, PlaceKey.CHANNEL_PERSONAL).id)
    members = {target.id: one for target, one in parent.overwrites.items()}
    assert ana.person.id not in members
    allow, _ = members[bo.person.id].pair()
    assert {name for name, on in allow if on} >= OWN_THREAD - {"view_channel"}
    assert thread.id in [one.id for one in channel(world, PlaceKey.CHANNEL_PERSONAL).threads]
