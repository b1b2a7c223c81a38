"""Joining, screen by screen, as people meet it."""

from datetime import time, timedelta
from typing import Any

import pytest

from bot.domain.consent import ConsentKind
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
from tests.fakes.simulation import World, fields, shown, texts


async def count(world: World, table: str) -> int:
    row = await world.app.database.fetch_one(f"SELECT count(*) AS n FROM {table}")
    assert row is not None
    return int(row["n"])


async def code_for(world: World, number: str | None = None) -> str:
    staff = world.app.services.staff.members[0]
    return (await world.app.services.joining.issue_code(staff.user_id, number)).text


def panel_in(world: World, channel: str = "start") -> Any:
    history = world.guild.channels[channel].history()
    return next(message for message in history if message.components)


def notes_of(place: Any) -> list[Any]:
    return [message for message in place.history() if message.content == "You have a note."]


@pytest.fixture
async def ready(world: World) -> World:
    """A world whose server is set up and open."""
    await set_up(world)
    return world


async def test_two_minutes_and_three_screens_lead_in(ready: World) -> None:
    ana = await join(ready, "ana", zone="Bogotá", weekday="7pm", weekend="10:30")

    assert ana.preferences.zone == "America/Bogota"
    assert ana.preferences.country == "CO"
    assert (ana.preferences.weekday_time, ana.preferences.weekend_time) == (time(19), time(10, 30))
    assert ana.preferences.delivery is Delivery.THREAD
    assert ana.preferences.delivery_confirmed
    assert ana.preferences.checkins
    assert await ready.app.services.consents.given(ana.id, ConsentKind.DAILY_PROMPTS)
    assert await count(ready, "joining") == 0


async def test_join_on_the_pinned_panel_answers_one_person_alone(ready: World) -> None:
    panel = panel_in(ready)
    before = texts(panel)

    result = await ready.person("ana").click(panel, label="Join")

    assert result.ephemeral
    assert "18 or older" in texts(shown(result))
    assert "Screen 1 of 3" in texts(shown(result))
    assert texts(panel_in(ready)) == before


async def test_someone_under_18_is_refused_kindly_and_nothing_is_kept(ready: World) -> None:
    kim = await at_the_door(ready, "kim")

    await kim.press("join.minor_button")

    assert "You did nothing wrong" in texts(kim.card)
    assert "988" in texts(kim.card)
    assert await count(ready, "participants") == 0
    assert await count(ready, "join_tries") == 0
    again = await at_the_door(ready, "kim")
    assert "Screen 1 of 3" in texts(again.card)


async def test_joining_is_closed_until_the_programme_is_ready(ready: World) -> None:
    await ready.app.services.programme.change(joining_open=False)

    early = await at_the_door(ready, "ana")

    assert "not open yet" in texts(early.card)
    assert await count(ready, "participants") == 0


async def test_joining_that_closes_meanwhile_says_so_and_lets_who_is_inside_go_on(
    ready: World,
) -> None:
    late, inside = await at_the_door(ready, "late"), await at_the_door(ready, "ana")
    await confirm_adult(inside)

    await ready.app.services.programme.change(joining_open=False)
    result = await late.press("join.adult")
    await answer_hours(inside)
    await choose_way(inside, Delivery.NOTHING)

    assert "not open yet" in texts(shown(result))
    assert "You are in" in texts(inside.card)


async def test_a_code_ties_the_account_to_the_programmes_number(ready: World) -> None:
    code = await code_for(ready, "P-104")

    ana = await join(ready, "ana", code=code.lower().replace("-", " "))

    assert ana.code == "P-104"


async def test_wrong_used_and_expired_codes_share_one_sentence(ready: World) -> None:
    used, old = await code_for(ready), await code_for(ready)
    await join(ready, "ana", code=used, way=Delivery.NOTHING)
    await ready.advance(timedelta(days=14).total_seconds())
    said = []
    for code in ("ABCD-EFGH-JKMN-PQRS", used, old):
        ben = await at_the_door(ready, "ben")
        await confirm_adult(ben, code)
        said.append(texts(ben.card))

    assert said[0] == said[1] == said[2]
    assert "does not fit" in said[0]


async def test_a_refused_code_opens_again_as_it_was_typed(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana, "ABCD-EFGH")

    opened = await ana.press("core.open_again")
    await ana.submit(opened, {"code": await code_for(ready)})

    assert fields(opened)["code"]["value"] == "ABCD-EFGH"
    assert "Screen 2 of 3" in texts(ana.card)


async def test_after_five_codes_an_hour_even_the_right_one_waits(ready: World) -> None:
    right = await code_for(ready)
    ana = await at_the_door(ready, "ana")
    for _ in range(5):
        ana = await at_the_door(ready, "ana")
        await confirm_adult(ana, "WRNG-WRNG-WRNG-WRNG")

    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana, right)
    assert "five codes in one hour" in texts(ana.card)

    await ready.advance(3601)
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana, right)
    assert "Screen 2 of 3" in texts(ana.card)


async def test_without_codes_no_code_is_asked(ready: World) -> None:
    await ready.app.services.programme.change(codes=False)
    ana = await at_the_door(ready, "ana")

    opened = await ana.press("join.adult")

    assert opened.modal is None
    assert "Screen 2 of 3" in texts(ana.card)


async def test_double_presses_change_nothing(ready: World) -> None:
    # Several cards are open at once: each old one is what a second press comes from.
    ana, first = await at_the_door(ready, "ana"), await at_the_door(ready, "ana")
    await confirm_adult(ana)
    second = await at_the_door(ready, "ana")
    await first.press("join.adult")
    assert "Screen 2 of 3" in texts(first.card)
    await answer_hours(ana)
    third = await at_the_door(ready, "ana")

    await ana.press("join.way.thread")
    await third.press("join.way.thread")
    await ready.run_due()
    thread = await own_thread(ready, ana.person)
    assert thread is not None
    assert len(notes_of(thread)) == 1

    note = await last_note(ready, ana.person)
    await ana.person.click(note, label="Open")
    twice = await ana.person.click(note, label="Open")
    assert "notes come here from now on" in texts(shown(twice))
    await second.press("join.hours.daily_yes")
    assert "joined already" in texts(second.card)
    assert await count(ready, "participants") == 1
    assert await count(ready, "consents") == 1


async def test_joining_goes_on_after_a_restart_at_every_screen(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await ready.restart()
    await confirm_adult(ana)
    await ready.restart()
    await answer_hours(ana, zone="Chicago")
    await ready.restart()
    await ana.press("join.way.thread")
    await ready.restart()
    await ready.run_due()
    opened = await ana.person.click(await last_note(ready, ana.person), label="Open")

    assert "You are in" in texts(shown(opened))


async def test_a_crash_between_the_tap_and_the_welcome_loses_nothing(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)
    await answer_hours(ana)
    person = await ready.app.services.participants.find(ana.person.id)
    assert person is not None
    await ready.app.services.participants.change(
        person, delivery=Delivery.DM, delivery_confirmed=True
    )
    await ready.restart()

    again = await at_the_door(ready, "ana")

    assert "You are in" in texts(again.card)
    assert (await ready.app.services.participants.active(ana.person.id)).is_active


async def test_whoever_lost_the_card_goes_on_where_they_were(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)

    second = await at_the_door(ready, "ana")
    assert "Screen 2 of 3" in texts(second.card)
    await answer_hours(second)
    third = await at_the_door(ready, "ana")
    assert "Screen 3 of 3" in texts(third.card)
    await third.press("join.way.thread")
    waiting = await at_the_door(ready, "ana")
    assert "still on its way" in texts(waiting.card)


async def test_joining_again_loses_nothing(ready: World) -> None:
    ana = await join(ready, "ana", zone="Lima", weekday="7pm")
    door = panel_in(ready)

    result = await ready.person("ana").click(door, label="Join")

    assert "joined already" in texts(shown(result))
    assert await ready.app.services.participants.active(ana.user_id) == ana
