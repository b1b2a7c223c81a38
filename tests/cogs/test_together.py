"""Two people come to a space of their own, use it, and one leaves without a word."""

from datetime import timedelta
from typing import Any

import pytest

from bot.builder.parting import DiscordHands
from bot.domain.case import Circle
from bot.domain.pair import PairState
from bot.domain.place import PlaceKey
from bot.errors import StoreError
from bot.store.database import SqliteDatabase
from tests.fakes.care import channel
from tests.fakes.server import lobby, owner_of, set_up
from tests.fakes.simulation import World, labels, shown, texts
from tests.fakes.together import ADA, BEN, consenting, couple, home, note, threads, wish

SAVED = "Saved. If it can open, you will both see it."


async def answer(world: World, name: str, text: str, choice: str) -> Any:
    """Answer the question of the day."""
    person = world.person(name)
    card = shown(await person.click(await home(world, name), label="Question of the day"))
    form = await person.click(card, label="Write")
    return shown(await person.submit_modal(form, {"text": text, "choice": choice}))


async def test_the_way_from_a_wish_to_what_opens_for_both(world: World) -> None:
    pair = await couple(world)
    world.app.services.openings._draw = lambda _text: b"\xff\xff"

    for name in (ADA, BEN):
        assert "You both said yes" in texts(await note(world, name))
        [thread] = threads(world, name)
        assert thread.id == pair.thread_id
        assert "The two of you" in texts(next(iter(thread.history(viewer=world.person(name)))))
    assert "If you both chose to share" in texts(await answer(world, ADA, "a *walk*", "share"))
    await answer(world, BEN, "your laugh", "share")
    await world.advance(timedelta(days=4).total_seconds())

    card = await note(world, ADA)
    assert "your laugh" in texts(card)
    assert r"a \*walk\*" in texts(card)
    assert "a *walk*".replace("*", r"\*") in texts(await note(world, BEN))


@pytest.mark.parametrize("target", ["stranger", BEN])
async def test_an_invitation_always_reads_the_same(world: World, target: str) -> None:
    await set_up(world)
    await consenting(world, ADA, "P-101")
    await consenting(world, BEN, "P-102")

    assert SAVED in texts(await wish(world, ADA, target))


async def test_bad_choices_get_their_sentence(world: World) -> None:
    await set_up(world)
    await consenting(world, ADA, "P-101")
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    world.people["robot"] = robot

    assert "That is you" in texts(await wish(world, ADA, ADA))
    assert "That is a bot" in texts(await wish(world, ADA, "robot"))


async def test_leaving_is_seen_by_nobody_but_the_team(world: World) -> None:
    pair = await couple(world)
    ben = world.person(BEN)
    card = shown(await ben.click(await home(world, BEN), label="More"))
    card = shown(await ben.click(card, label="Leave our space"))
    assert "they may guess" in texts(card)
    before = (len(threads(world, ADA)), labels(await home(world, ADA)))
    said = [message.id for message in threads(world, ADA)[0].history(viewer=world.person(ADA))]

    done = shown(await ben.click(card, label="Leave now"))
    await world.run_due()

    assert "You have left" in texts(done)
    assert threads(world, BEN) == []
    assert "no space for the two of you" in texts(await home(world, BEN))
    assert (len(threads(world, ADA)), labels(await home(world, ADA))) == before
    thread = threads(world, ADA)[0]
    assert [message.id for message in thread.history(viewer=world.person(ADA))] == said
    assert "P-102" in texts(channel(world, PlaceKey.CHANNEL_STAFF).last_message)
    await world.advance(timedelta(days=7).total_seconds())

    assert threads(world, ADA) == []
    assert "closed by the programme" in texts(await note(world, ADA))
    closed = await world.app.stores.pairs.get(pair.id)
    assert closed is not None
    assert closed.state is PairState.CLOSED


async def test_a_thread_an_admin_deleted_is_made_again(world: World) -> None:
    pair = await couple(world)
    guild = world.app.bot.get_guild(world.guild.id)
    assert guild is not None
    thread = guild.get_thread(pair.thread_id or 0)
    assert thread is not None

    await thread.delete()
    await world.env.settle()

    [again] = threads(world, ADA)
    assert again.id != pair.thread_id
    assert len(threads(world, BEN)) == 1


async def test_a_partner_on_the_team_is_kept_from_the_others_cases(world: World) -> None:
    await couple(world)
    owner = owner_of(world)
    await owner.slash(lobby(world), "people add", user=world.person(BEN), role="moderator")
    card = shown(await world.person(ADA).slash(lobby(world), "menu"))
    card = shown(await world.person(ADA).click(card, label="Message the team"))

    await world.person(ADA).click(card, label="Ask a person to message me")
    await world.run_due()

    [case] = await world.app.stores.cases.unclosed()
    assert case.circle is not Circle.TEAM
    ben = world.app.services.staff.get(world.person(BEN).id)
    assert ben is not None
    assert await world.app.services.case_desk.queue(ben) == []


async def test_deleting_ones_data_takes_the_sight_of_the_couples_thread(world: World) -> None:
    await couple(world)
    participant = await world.app.services.participants.active(world.person(BEN).id)

    left = await world.app.services.erasure.forget(participant.id)
    assert left is not None
    await DiscordHands(world.app.bot, world.app.services, world.app.clock).part(left)
    await world.env.settle()

    assert threads(world, BEN) == []
    assert len(threads(world, ADA)) == 1


async def test_leaving_takes_the_sight_while_the_database_is_down(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await couple(world)
    ben = world.person(BEN)
    card = shown(await ben.click(await home(world, BEN), label="More"))
    card = shown(await ben.click(card, label="Leave our space"))

    async def down(*_: object, **__: object) -> None:
        raise StoreError("down")

    async def nothing(_scope: str) -> None:
        return None

    with monkeypatch.context() as broken:
        for name in ("execute", "fetch_all", "fetch_one"):
            broken.setattr(SqliteDatabase, name, down)
        # Whether something may be posted again is asked of the database too; not here.
        broken.setattr(world.app.bot, "permission_back", nothing)
        await ben.click(card, label="Leave now")
        assert threads(world, BEN) == []
        assert len(threads(world, ADA)) == 1
    await world.run_due()

    assert "no space for the two of you" in texts(await home(world, BEN))
    assert "P-102" in texts(channel(world, PlaceKey.CHANNEL_STAFF).last_message)
    caplog.clear()
