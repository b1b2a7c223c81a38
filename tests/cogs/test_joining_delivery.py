"""The third joining screen: where notes go, and the one that is tapped."""

from typing import Any

import discord
import pytest
import simcord

from bot.domain.participant import Delivery
from tests.fakes.joined import (
    answer_hours,
    at_the_door,
    choose_way,
    confirm_adult,
    join,
    last_note,
    own_thread,
)
from tests.fakes.server import set_up
from tests.fakes.simulation import World, labels, shown, texts


async def count(world: World, table: str) -> int:
    row = await world.app.database.fetch_one(f"SELECT count(*) AS n FROM {table}")
    assert row is not None
    return int(row["n"])


def close_dms(world: World, person: simcord.MemberActor) -> None:
    path = f"/channels/{person.user.dm_channel.id}/messages"
    world.env.inject_error("POST", path, status=403, code=50007, times=1)


def notes_of(place: Any) -> list[Any]:
    return [message for message in place.history() if message.content == "You have a note."]


@pytest.fixture
async def ready(world: World) -> World:
    """A world whose server is set up and open."""
    await set_up(world)
    return world


async def test_the_thread_is_private_and_holds_the_panel(ready: World) -> None:
    await join(ready, "ana")

    thread = await own_thread(ready, ready.person("ana"))
    assert thread is not None
    panel = thread.history(viewer=ready.person("ana"))[0]
    assert labels(panel)[:4] == ["Check in", "Help now", "Message the team", "My goals"]
    with pytest.raises(simcord.SetupError):
        thread.history(viewer=ready.person("ben"))


async def test_the_note_by_dm_says_nothing(ready: World) -> None:
    ana = await join(ready, "ana", way=Delivery.DM)

    messages = ready.person("ana").user.dm_channel.history()
    assert ana.preferences.dm_channel_id == ready.person("ana").user.dm_channel.id
    assert [texts(message) for message in messages] == ["You have a note.\nOpen"]
    assert ana.preferences.thread_id is None


async def test_with_nothing_no_note_comes(ready: World) -> None:
    ana = await join(ready, "ana", way=Delivery.NOTHING)
    await ready.run_due()

    assert await count(ready, "outbox") == 0
    assert ana.is_active


async def test_closed_dms_get_a_sentence_and_the_choice_again(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)
    await answer_hours(ana)
    close_dms(ready, ana.person)
    await ana.press("join.way.dm")
    await ready.run_due()

    await ana.look()
    assert "direct messages are closed" in texts(ana.card)
    assert await own_thread(ready, ana.person) is None
    assert await count(ready, "outbox") == 1  # the team is not told

    await choose_way(ana, Delivery.THREAD)
    assert "You are in" in texts(ana.card)


async def test_the_button_tells_the_same_after_a_restart(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)
    await answer_hours(ana)
    close_dms(ready, ana.person)
    await ana.press("join.way.dm")
    await ready.restart()
    await ready.run_due()

    await ana.look()
    assert "on its way" in texts(ana.card)
    await ana.press("join.test.unseen")

    assert "direct messages are closed" in texts(ana.card)


async def test_a_thread_that_cannot_be_made_gets_a_sentence(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)
    await answer_hours(ana)
    ready.env.inject_error("POST", "/channels/*/threads", status=400, code=50035, times=1)
    await ana.press("join.way.thread")
    await ready.run_due()

    await ana.look()

    assert "could not be sent" in texts(ana.card)


async def test_a_note_that_was_sent_but_not_tapped_does_not_let_in(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)
    await answer_hours(ana)
    await ana.press("join.way.thread")

    await ana.press("join.test.unseen")
    assert "still on its way" in texts(ana.card)
    await ready.run_due()
    await ana.look()
    assert "was sent to your private thread" in texts(ana.card)
    assert labels(ana.card)[0] == "Go there"

    person = await ready.app.services.participants.find(ana.person.id)
    assert person is not None
    assert not person.is_active


async def test_another_way_closes_the_note_before(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)
    await answer_hours(ana)
    await ana.press("join.way.dm")
    await ready.run_due()
    first = await last_note(ready, ana.person)

    await ana.press("join.test.other")
    await choose_way(ana, Delivery.THREAD)
    stale = await ana.person.user.click(first, label="Open")

    assert "closed" in texts(shown(stale))
    person = await ready.app.services.participants.active(ana.person.id)
    assert person.preferences.delivery is Delivery.THREAD


async def test_a_deleted_thread_is_made_again_when_it_is_needed(ready: World) -> None:
    await join(ready, "ana")
    thread = await own_thread(ready, ready.person("ana"))
    assert thread is not None
    known = ready.app.bot.get_channel(thread.id)
    assert isinstance(known, discord.Thread)
    await known.delete()
    await ready.env.settle()

    ana = await ready.app.services.participants.active(ready.person("ana").id)
    await ready.env.advance_time(60)
    await ready.app.services.trials.choose(ana, Delivery.THREAD)
    await ready.run_due()

    anew = await own_thread(ready, ready.person("ana"))
    assert anew is not None
    assert anew.id != thread.id
    assert len(notes_of(anew)) == 1


async def test_a_note_for_another_person_stays_closed(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)
    await answer_hours(ana)
    await ana.press("join.way.thread")
    await ready.run_due()
    note = await last_note(ready, ana.person)
    shared = ready.guild.channels["general"]
    await ready.app.bot.get_channel(shared.id).send(view=discord.ui.View.from_message(note))
    await ready.env.settle()

    result = await ready.person("ben").click(shared.last_message, label="Open")

    assert "someone else" in texts(shown(result))
    person = await ready.app.services.participants.find(ana.person.id)
    assert person is not None
    assert not person.is_active
