"""Leaving the server and coming back, as it happens."""

from datetime import time
from typing import Any

import discord
import pytest

from bot.domain.consent import ConsentKind
from bot.domain.dates import Daily
from bot.domain.delivery import Personal
from bot.domain.participant import Delivery, ParticipantState
from bot.domain.recurrence import Rule, Slot
from tests.fakes.joined import (
    answer_hours,
    at_the_door,
    choose_way,
    confirm_adult,
    join,
    own_thread,
)
from tests.fakes.server import lobby, set_up
from tests.fakes.simulation import World, labels, shown, texts


@pytest.fixture
async def ready(world: World) -> World:
    """A world whose server is set up and open."""
    await set_up(world)
    return world


async def leave(world: World, name: str) -> None:
    world.guild.remove_member(world.person(name).user)
    await world.env.settle()


async def come_back(world: World, name: str) -> None:
    world.people[name] = world.guild.add_member(world.person(name).user)
    await world.env.settle()


async def state_of(world: World, user_id: int) -> ParticipantState:
    participant = await world.app.services.participants.find(user_id)
    assert participant is not None
    return participant.state


async def paused(world: World) -> list[int]:
    rows = await world.app.database.fetch_all("SELECT paused FROM schedules")
    return [row["paused"] for row in rows]


async def menu(world: World, name: str) -> Any:
    return shown(await world.person(name).slash(lobby(world), "menu"))


async def test_leaving_pauses_everything_and_keeps_ones_own(ready: World) -> None:
    ana = await join(ready, "ana", zone="Lima", weekday="7pm")
    await give_schedule(ready, ana)
    await ready.app.services.trials.choose(ana, Delivery.DM)

    await leave(ready, "ana")

    gone = await ready.app.services.participants.find(ana.user_id)
    assert gone is not None
    assert gone.state is ParticipantState.LEFT
    assert gone.left_at == ready.env.now()
    assert gone.preferences.zone == "America/Lima"
    assert set(await paused(ready)) == {1}
    waiting = await ready.app.database.fetch_all("SELECT 1 FROM outbox WHERE state = 'pending'")
    assert waiting == []


async def give_schedule(world: World, person: Any) -> None:
    await world.app.stores.schedules.put(
        kind="join.test",
        address=Personal(participant_id=person.id),
        rule=Rule(dates=Daily(), slots=(Slot(at=time(18)),)),
        zone="UTC",
        now=world.env.now(),
        subject_id="probe",
    )


async def test_a_ban_and_a_kick_are_the_same(ready: World) -> None:
    ana, ben = await join(ready, "ana"), await join(ready, "ben")
    guild = ready.app.bot.get_guild(ready.guild.id)
    assert guild is not None

    await guild.ban(discord.Object(ana.user_id))
    await guild.kick(discord.Object(ben.user_id))
    await ready.env.settle()

    assert await state_of(ready, ana.user_id) is ParticipantState.LEFT
    assert await state_of(ready, ben.user_id) is ParticipantState.LEFT


async def test_leaving_while_the_bot_is_down_is_found_at_the_start(ready: World) -> None:
    ana, ben = await join(ready, "ana"), await join(ready, "ben")
    await ready.stack.aclose()
    ready.guild.remove_member(ready.person("ana").user)

    await ready.restart()
    await ready.env.settle()

    assert await state_of(ready, ana.user_id) is ParticipantState.LEFT
    assert await state_of(ready, ben.user_id) is ParticipantState.ACTIVE


async def test_where_discord_does_not_tell_everyone_counts_as_here(ready: World) -> None:
    ana = await join(ready, "ana", way=Delivery.NOTHING)
    path = f"/guilds/{ready.guild.id}/members/{ana.user_id}"
    ready.env.inject_error("GET", path, status=500, times=None)

    await ready.restart()
    await ready.env.settle()

    assert await state_of(ready, ana.user_id) is ParticipantState.ACTIVE


async def test_nothing_comes_back_by_itself(ready: World) -> None:
    ana = await join(ready, "ana")
    thread = await own_thread(ready, ready.person("ana"))
    assert thread is not None
    before = len(thread.history())

    await leave(ready, "ana")
    await come_back(ready, "ana")
    await ready.advance(3 * 86400)

    assert await state_of(ready, ana.user_id) is ParticipantState.LEFT
    assert len(thread.history()) == before


async def test_the_next_contact_offers_to_resume_with_the_same_settings(ready: World) -> None:
    ana = await join(ready, "ana", zone="Lima", weekday="7pm")
    await give_schedule(ready, ana)
    await ready.app.services.consents.give(ana, ConsentKind.GROUPS)
    await leave(ready, "ana")
    await come_back(ready, "ana")

    card = await menu(ready, "ana")
    assert "Welcome back" in texts(card)
    assert labels(card) == ["Resume", "Help now"]
    resumed = shown(await ready.person("ana").click(card, label="Resume"))
    await ready.env.settle()

    assert "You are back" in texts(resumed)
    back = await ready.app.services.participants.active(ana.user_id)
    assert back.preferences == ana.preferences
    assert back.left_at is None
    assert set(await paused(ready)) == {0}
    assert "Participant" in {role.name for role in ready.person("ana").member.roles}
    thread = await own_thread(ready, ready.person("ana"))
    assert thread is not None
    assert thread.history(viewer=ready.person("ana"))


@pytest.mark.parametrize("label", ["Join", "More"])
async def test_the_pinned_panel_offers_it_too(ready: World, label: str) -> None:
    await join(ready, "ana", way=Delivery.NOTHING)
    await leave(ready, "ana")
    await come_back(ready, "ana")
    panel = next(m for m in ready.guild.channels["start"].history() if m.components)

    result = await ready.person("ana").click(panel, label=label)

    assert labels(shown(result)) == ["Resume", "Help now"]


async def test_whatever_else_they_press_says_how_to_resume(ready: World) -> None:
    await join(ready, "ana", way=Delivery.NOTHING)
    await leave(ready, "ana")
    await come_back(ready, "ana")

    result = await ready.person("ana").slash(lobby(ready), "settings")

    assert "press Resume" in texts(shown(result))


async def test_resuming_twice_is_harmless(ready: World) -> None:
    ana = await join(ready, "ana", way=Delivery.NOTHING)
    await leave(ready, "ana")
    await come_back(ready, "ana")
    first, second = await menu(ready, "ana"), await menu(ready, "ana")

    await ready.person("ana").click(first, label="Resume")
    again = await ready.person("ana").click(second, label="Resume")

    assert "You are back" in texts(shown(again))
    assert await state_of(ready, ana.user_id) is ParticipantState.ACTIVE


async def test_leaving_on_the_way_in_keeps_what_was_answered(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)
    await answer_hours(ana, zone="Lima")
    await leave(ready, "ana")
    await come_back(ready, "ana")

    ana.person = ready.person("ana")
    ana.card = await menu(ready, "ana")
    await ana.press("join.back.resume")

    assert "Screen 3 of 3" in texts(ana.card)
    await choose_way(ana)
    back = await ready.app.services.participants.active(ana.person.id)
    assert back.preferences.zone == "America/Lima"


async def test_a_test_note_for_someone_who_left_is_not_sent(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)
    await answer_hours(ana)
    await ana.press("join.way.thread")

    await leave(ready, "ana")
    await ready.run_due()

    row = await ready.app.database.fetch_one("SELECT state, reason FROM outbox")
    assert row is not None
    assert (row["state"], row["reason"]) == ("closed", "left")


async def test_a_visitor_who_leaves_is_nobodys_business(ready: World) -> None:
    ready.person("kim")

    await leave(ready, "kim")

    row = await ready.app.database.fetch_one("SELECT count(*) AS n FROM participants")
    assert row is not None
    assert row["n"] == 0
