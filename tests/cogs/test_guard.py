"""The separation guard: whatever changes by hand, nobody else sees two people's space."""

import discord
import pytest
import simcord

from bot.builder.parting import DiscordHands
from bot.domain.delivery import TryLaterError
from bot.domain.pair import PairState
from bot.domain.place import PlaceKey
from bot.errors import UserError
from tests.fakes.care import channel
from tests.fakes.server import owner_of
from tests.fakes.simulation import World, texts
from tests.fakes.together import ADA, BEN, couple, threads


@pytest.fixture
async def pair_world(world: World) -> World:
    await couple(world)
    return world


def parent(world: World) -> discord.TextChannel:
    found = world.app.bot.get_channel(channel(world, PlaceKey.CHANNEL_COUPLES).id)
    assert isinstance(found, discord.TextChannel)
    return found


def guild(world: World) -> discord.Guild:
    found = world.app.bot.get_guild(world.guild.id)
    assert found is not None
    return found


async def called(world: World) -> str:
    """Return what the leads were told last."""
    await world.run_due()
    last = channel(world, PlaceKey.CHANNEL_LEAD).last_message
    return "" if last is None else texts(last)


def sees(world: World, name: str) -> bool:
    """Whether somebody sees the parent of the couples' threads."""
    member = guild(world).get_member(world.person(name).id)
    assert member is not None
    return parent(world).permissions_for(member).view_channel


async def test_a_role_that_is_let_in_is_shut_out_before_anyone_is_called(
    pair_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world = pair_world
    stranger = world.person("stranger")
    role = await guild(world).create_role(name="Helpers")
    member = guild(world).get_member(stranger.id)
    assert member is not None
    await member.add_roles(role)

    await parent(world).set_permissions(role, view_channel=True, manage_threads=True)
    await world.env.settle()

    assert not sees(world, "stranger")
    assert len(threads(world, ADA)) == len(threads(world, BEN)) == 1
    assert "1 account could see the couples' threads" in await called(world)
    with pytest.raises((simcord.SetupError, simcord.BackendError)):
        await world.person(ADA).send(threads(world, ADA)[0], "hello")
    caplog.clear()


async def test_a_lead_opens_the_spaces_again(
    pair_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world = pair_world
    member = guild(world).get_member(world.person("stranger").id)
    assert member is not None
    await parent(world).set_permissions(member, view_channel=True)
    await world.env.settle()
    await world.run_due()

    card = channel(world, PlaceKey.CHANNEL_LEAD).last_message
    await owner_of(world).click(card, label="Open the spaces again")
    await world.run_due()

    await world.person(ADA).send(threads(world, ADA)[0], "hello")
    last = threads(world, BEN)[0].last_message
    assert last is not None
    caplog.clear()


async def test_a_partner_given_a_staff_role_sees_no_more(pair_world: World) -> None:
    world = pair_world
    role = guild(world).get_role(world.app.services.places.get(PlaceKey.ROLE_MODERATOR) or 0)
    member = guild(world).get_member(world.person(BEN).id)
    assert role is not None
    assert member is not None

    await member.add_roles(role)
    await world.env.settle()

    assert len(threads(world, BEN)) == 1
    allowed = parent(world).permissions_for(member)
    assert not allowed.manage_threads


async def test_a_thread_renamed_by_hand_gets_its_name_back(pair_world: World) -> None:
    world = pair_world
    thread = guild(world).get_thread(threads(world, ADA)[0].id)
    assert thread is not None

    await thread.edit(name="ada and ben")
    await world.env.settle()

    assert threads(world, ADA)[0].name == "the two of you"


async def test_a_guest_brought_into_a_thread_is_taken_out(
    pair_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world = pair_world
    thread = guild(world).get_thread(threads(world, ADA)[0].id)
    member = guild(world).get_member(world.person("stranger").id)
    assert thread is not None
    assert member is not None

    await thread.add_user(member)
    await parent(world).set_permissions(member, view_channel=True)
    await world.env.settle()

    assert not sees(world, "stranger")
    inside = {one.id for one in await thread.fetch_members()}
    assert member.id not in inside
    assert "could see the couples' threads" in await called(world)
    caplog.clear()


async def held(world: World) -> list[object]:
    """Return what the guard holds, and whether the leads were called."""
    pairs = await world.app.stores.pairs.in_states({PairState.OPEN, PairState.CLOSED})
    return [pair.guarded_at for pair in pairs]


async def test_a_space_that_closes_is_no_alarm(pair_world: World) -> None:
    world = pair_world
    [pair] = await world.app.stores.pairs.in_states({PairState.OPEN})
    closes_at = await world.app.services.pair_life.close_at_boundary(pair.id)
    guard, hide = world.app.services.guard, world.app.bot.couples.hide

    async def slowly(user_id: int) -> None:
        await hide(user_id)
        await world.env.settle()
        await guard.check(world.app.bot.guard)

    world.app.bot.couples.hide = slowly  # type: ignore[method-assign]
    await world.advance((closes_at - world.app.bot.clock()).total_seconds() + 60)

    assert not sees(world, ADA)
    assert not sees(world, BEN)
    assert "could see" not in await called(world)
    thread = guild(world).get_thread(pair.thread_id or 0)
    assert thread is None or thread.locked


async def test_someone_who_deletes_everything_is_no_alarm(pair_world: World) -> None:
    world = pair_world
    ben = await world.app.services.participants.find(world.person(BEN).id)
    assert ben is not None

    await world.app.services.pair_life.blind_all(ben.user_id, world.app.bot.couples)
    assert not sees(world, BEN)
    with world.app.services.guard.expecting(ben.user_id):
        forgotten = await world.app.services.own_data.delete(ben)
        assert forgotten is not None
        await DiscordHands(world.app.bot, world.app.services, world.app.bot.clock).part(forgotten)
        await world.env.settle()
    await world.app.services.guard.check(world.app.bot.guard)

    assert await held(world) == [None]
    assert "could see" not in await called(world)
    assert len(threads(world, ADA)) == 1


async def test_a_name_discord_does_not_change_holds_nothing_up(
    pair_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world = pair_world
    thread = guild(world).get_thread(threads(world, ADA)[0].id)
    member = guild(world).get_member(world.person("stranger").id)
    assert thread is not None
    assert member is not None

    async def refused(_thread_id: int) -> None:
        raise TryLaterError("429")

    monkeypatch.setattr(world.app.bot.guard, "rename", refused)
    await thread.edit(name="ada and ben")
    await parent(world).set_permissions(member, view_channel=True)
    await world.env.settle()

    assert not sees(world, "stranger")
    caplog.clear()


async def test_a_flood_of_role_changes_is_looked_at_a_few_times(pair_world: World) -> None:
    world = pair_world
    looks = 0
    real = world.app.bot.guard.look

    async def counted(key: PlaceKey) -> object:
        nonlocal looks
        looks += 1
        return await real(key)

    world.app.bot.guard.look = counted  # type: ignore[method-assign, assignment]
    role = await guild(world).create_role(name="Flood")
    for number in range(30):
        actor = world.person(f"member{number}")
        member = guild(world).get_member(actor.id)
        assert member is not None
        await member.add_roles(role)
    await world.env.settle()

    assert looks <= 2 * 31
    assert not sees(world, "member3")


async def test_spaces_stay_shut_while_somebody_still_sees(
    pair_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world = pair_world
    guard, hands = world.app.services.guard, world.app.bot.guard
    member = guild(world).get_member(world.person("stranger").id)
    assert member is not None
    world.app.services.guard.check = lambda _hands: _nothing()  # type: ignore[method-assign]
    await parent(world).set_permissions(member, view_channel=True)
    await world.env.settle()

    with pytest.raises(UserError, match="still"):
        await guard.reopen(hands)
    caplog.clear()


async def _nothing() -> None:
    return None
