"""The second joining screen: where and when a person is."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import simcord

from bot.domain.consent import ConsentKind
from tests.fakes.joined import (
    at_the_door,
    confirm_adult,
    join,
    options,
)
from tests.fakes.server import set_up
from tests.fakes.simulation import World, fields, labels, shown, texts


async def count(world: World, table: str) -> int:
    row = await world.app.database.fetch_one(f"SELECT count(*) AS n FROM {table}")
    assert row is not None
    return int(row["n"])


@pytest.fixture
async def ready(world: World) -> World:
    """A world whose server is set up and open."""
    await set_up(world)
    return world


async def test_nothing_is_ticked_and_continue_waits_for_both_answers(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)

    assert await count(ready, "consents") == 0
    assert "Daily check-in: yes" not in texts(ana.card)
    with pytest.raises(simcord.SetupError):
        await ana.press("join.go_on")


async def test_a_no_to_the_daily_check_in_is_noted_and_costs_nothing(ready: World) -> None:
    ana = await join(ready, "ana", daily=False)

    assert not ana.preferences.checkins
    assert not await ready.app.services.consents.given(ana.id, ConsentKind.DAILY_PROMPTS)
    assert await count(ready, "consents") == 1


async def test_a_picked_clock_time_leads_to_places_and_then_to_the_zone(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)

    await ana.pick("zone:v1:clock:join", "-300")
    await ana.pick("zone:v1:pick:join", "America/Lima")

    person = await ready.app.services.participants.find(ana.person.id)
    assert person is not None
    assert person.preferences.zone == "America/Lima"
    assert person.preferences.country == "PE"
    assert "Lima, Peru" in texts(ana.card)


@pytest.mark.parametrize("typed", ["25:70", "soon", "19 am"])
async def test_a_time_that_is_none_is_refused_and_handed_back(ready: World, typed: str) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)

    opened = await ana.press("settings.zone.type_clock")
    await ana.submit(opened, {"time": typed})
    assert "can't read" in texts(ana.card)
    assert typed in texts(ana.card)

    again = await ana.press("core.open_again")
    assert fields(again)["time"]["value"] == typed


async def test_a_time_that_fits_no_zone_is_refused_with_a_sentence(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)
    nowhere = (ready.env.now() + timedelta(minutes=22)).strftime("%H:%M")

    opened = await ana.press("settings.zone.type_clock")
    await ana.submit(opened, {"time": nowhere})

    assert "No place in the world" in texts(ana.card)


async def test_a_typed_time_of_either_half_of_the_day_asks_which(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)
    local = ready.env.now().astimezone(ZoneInfo("America/New_York"))

    opened = await ana.press("settings.zone.type_clock")
    await ana.submit(opened, {"time": local.strftime("%I:%M").lstrip("0")})
    offered = options(ana.card, "zone:v1:clock:join")
    await ana.pick("zone:v1:clock:join", "-300")
    await ana.pick("zone:v1:pick:join", "America/New_York")

    assert offered == ["-300", "420"]
    assert "New York, United States" in texts(ana.card)


async def test_an_unknown_place_gets_near_names(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)

    opened = await ana.press("settings.zone.type_place")
    await ana.submit(opened, {"place": "Londen"})

    assert "Europe/London" in texts(ana.card)


async def test_a_place_of_several_zones_offers_them(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)

    opened = await ana.press("settings.zone.type_place")
    await ana.submit(opened, {"place": "Mexico"})
    offered = options(ana.card, "zone:v1:pick:join")

    assert offered[0] == "America/Mexico_City"
    assert "America/Tijuana" in offered


async def test_a_chosen_language_beats_discords(ready: World) -> None:
    ana = await join(ready, "ana", locale="es", zone="Madrid")

    menu = await ready.person("ana").slash(ready.guild.channels["general"], "menu")

    assert ana.preferences.locale == "es"
    assert labels(shown(menu)) == [
        "Cómo estoy",
        "Ayuda ahora",
        "Escribir al equipo",
        "Mis metas",
        "En pareja",
        "Más",
    ]


async def test_the_shown_time_is_the_persons_own(ready: World) -> None:
    ana = await at_the_door(ready, "ana")
    await confirm_adult(ana)

    opened = await ana.press("settings.zone.type_place")
    await ana.submit(opened, {"place": "Asia/Kolkata"})

    local = ready.env.now().astimezone(ZoneInfo("Asia/Kolkata"))
    assert ana.words.time(local.time()) in texts(ana.card)
