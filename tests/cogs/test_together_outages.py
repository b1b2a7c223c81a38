"""What a couple's thread survives: leaving the server, two days without the bot, an archive."""

from datetime import timedelta

from bot.domain.pair import PairState, Parting
from tests.cogs.test_membership import come_back, leave, menu
from tests.fakes.server import lobby
from tests.fakes.simulation import World, shown, texts
from tests.fakes.together import ADA, BEN, couple, home, threads


async def test_who_leaves_the_server_and_comes_back_sees_the_thread_again(world: World) -> None:
    await couple(world)
    before = texts(await home(world, ADA))

    await leave(world, BEN)
    await world.run_due()
    assert texts(await home(world, ADA)) == before
    await come_back(world, BEN)
    assert threads(world, BEN) == []
    card = await menu(world, BEN)
    await world.person(BEN).click(card, label="Resume")
    await world.run_due()

    assert len(threads(world, BEN)) == 1
    assert texts(await home(world, BEN)) == texts(await home(world, ADA)) == before


async def test_who_stays_away_is_out_at_the_boundary(world: World) -> None:
    pair = await couple(world)

    await leave(world, BEN)
    await world.advance(timedelta(days=8).total_seconds())

    closed = await world.app.stores.pairs.get(pair.id)
    assert closed is not None
    assert closed.state is PairState.CLOSED
    assert threads(world, ADA) == []


async def test_two_days_without_the_bot_end_a_pause_and_ask_once(world: World) -> None:
    await couple(world)
    await world.person(ADA).slash(lobby(world), "pause", length="40")
    await world.run_due()

    await world.env.advance_time(timedelta(days=2).total_seconds())
    await world.restart()
    await world.run_due()

    await world.person(ADA).send(threads(world, ADA)[0], "we are back")
    asked = await world.app.database.fetch_all(
        "SELECT state FROM outbox WHERE kind = 'pair.question' AND state = 'sent'"
    )
    assert len(asked) <= 2  # one each at most, never one for every day


async def test_a_thread_discord_archived_takes_the_next_line(world: World) -> None:
    pair = await couple(world)
    guild = world.app.bot.get_guild(world.guild.id)
    assert guild is not None
    thread = guild.get_thread(pair.thread_id or 0)
    assert thread is not None
    await thread.edit(archived=True)
    await world.env.settle()

    result = await world.person(BEN).slash(lobby(world), "pause", length="40")
    await world.run_due()

    assert "A pause is on" in texts(shown(result))
    lines = [texts(message) for message in threads(world, ADA)[0].history()]
    assert any("A pause is on" in line for line in lines)


async def test_a_thread_made_again_does_not_tell_who_left_quietly(world: World) -> None:
    pair = await couple(world)
    ben = await world.app.services.participants.active(world.person(BEN).id)
    life = world.app.services.pair_life
    await life.leave(ben, pair.id, Parting.LEFT, world.app.bot.couples)
    guild = world.app.bot.get_guild(world.guild.id)
    assert guild is not None
    thread = guild.get_thread(pair.thread_id or 0)
    assert thread is not None

    await thread.delete()
    await world.env.settle()
    await world.run_due()

    [again] = threads(world, ADA)
    made = guild.get_thread(again.id)
    assert made is not None
    listed = {one.id for one in await made.fetch_members()}
    assert {world.person(ADA).id, world.person(BEN).id} <= listed
    assert threads(world, BEN) == []
