"""Danger words in rooms, as people and the team meet them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import simcord

from bot.domain.case import CaseSource, Severity
from bot.domain.participant import Delivery
from bot.domain.place import PlaceKey
from bot.domain.risk import RiskClass
from bot.domain.watch import TRIAL
from tests.cogs.test_room_tools import enter
from tests.fakes.care import channel, joined, on_duty
from tests.fakes.care import page as last_card
from tests.fakes.joined import open_note
from tests.fakes.server import lobby, owner_of, set_up
from tests.fakes.simulation import World, labels, shown, simulated, texts

NOW = f"#{RiskClass.SUICIDE_IMMINENT}"
SOON = f"#{RiskClass.SUICIDE_IDEATION}"
LOOK = f"?{RiskClass.SUICIDE_IDEATION}"
HARM = f"#{RiskClass.IPV_VICTIM}"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A server whose messages are read, with Ana in the room; the trial is over."""
    async with simulated(tmp_path, screen_messages=True) as world:
        await set_up(world)
        await joined(world, "ana", "P-104")
        await enter(world, "ana")
        await on_duty(world)
        await on_duty(world, "clinician")
        started = world.env.now() - TRIAL - timedelta(days=1)
        await world.app.stores.hits.set_moment("started_at", started)
        await world.run_due()
        yield world


def room(world: World) -> simcord.ChannelHandle:
    """Return the room's channel."""
    return channel(world, PlaceKey.CHANNEL_ROOM)


async def post(world: World, text: str, name: str = "ana") -> Any:
    """Let somebody post in the room."""
    return await world.person(name).send(room(world), text)


async def page(world: World) -> Any:
    """Deliver what is due and return the last card in the team's channel."""
    return await last_card(world)


async def note(world: World, name: str = "ana") -> Any:
    """Open somebody's newest note."""
    await world.run_due()
    words = world.app.bot.catalog.words("en")
    return shown(await open_note(world, world.person(name), words))


def said(world: World, key: PlaceKey = PlaceKey.CHANNEL_STAFF) -> str:
    """Return everything that stands in a team channel."""
    return "\n".join(texts(message) for message in channel(world, key).history())


async def test_a_page_opens_a_case_and_writes_to_its_author(world: World) -> None:
    await post(world, f"I will do it {NOW}")
    card = texts(await page(world))
    [case] = await world.app.stores.cases.unclosed()
    told = await note(world)

    assert (case.source, case.severity) == (CaseSource.SCREEN, Severity.NOW)
    assert "Now" in card
    assert "You don't have to carry it alone" in texts(told)
    assert "Someone from the team is on duty and will see it" in texts(told)
    assert labels(told) == [
        "Ask a person to contact me",
        "I'm okay / this was wrong",
        "More options",
        "Don't message me about this",
    ]
    assert "I will do it" not in said(world)
    assert await world.app.database.fetch_all("SELECT * FROM hits WHERE excerpt IS NOT NULL") == []


async def test_one_who_says_they_are_okay_closes_nothing(world: World) -> None:
    await post(world, f"one {NOW}")
    told = await note(world)
    answered = await world.person("ana").click(told, label="I'm okay / this was wrong")
    card = await page(world)
    await world.person("moderator").click(card, label="I have it")
    moderator = world.person("moderator")
    found = [m for m in channel(world, PlaceKey.CHANNEL_STAFF).history() if "Open" in labels(m)]
    file = shown(await moderator.click(found[-1], label="Open"))
    marked = await moderator.click(file, label="1 Not a risk")

    assert "They may still look in" in texts(shown(answered))
    assert (await world.app.stores.cases.unclosed())[0].is_closed is False
    assert "Sounds like suicide, now" in texts(file)
    assert "They said they are okay." in texts(file)
    assert "A private card was sent." in texts(file)
    assert "Marked as not a risk" in texts(shown(marked))


async def test_edits_are_screened_and_staff_bots_and_other_places_are_not(world: World) -> None:
    await post(world, f"staff {NOW}", "moderator")
    await world.person("ana").send(lobby(world), f"elsewhere {NOW}")
    assert await world.app.stores.cases.unclosed() == []

    message = await post(world, "fine")
    await world.person("ana").edit(message, f"not fine {SOON}")
    await world.person("ana").edit(message, f"not fine at all {SOON}")

    [hit] = await world.app.database.fetch_all("SELECT * FROM hits")
    assert hit["message_id"] == message.id
    [case] = await world.app.stores.cases.unclosed()
    assert case.severity is Severity.SOON


async def test_no_second_card_a_day_unless_danger_rises(world: World) -> None:
    for mark in (SOON, SOON, NOW, NOW):
        await post(world, f"again {mark}")
    rows = await world.app.database.fetch_all("SELECT informed FROM hits ORDER BY found_at, rowid")
    [case] = await world.app.stores.cases.unclosed()

    assert [row["informed"] for row in rows] == [1, 0, 1, 0]
    assert case.severity is Severity.NOW


async def test_what_waits_for_a_look_comes_in_a_digest(world: World) -> None:
    await post(world, f"unsure {LOOK}")
    await post(world, f"unsure too {LOOK}")
    card = await page(world)
    moderator = world.person("moderator")
    listed = shown(await moderator.click(card, label="Look"))
    told = texts(listed)
    after = shown(await moderator.click(listed, label="1 Not a risk"))
    opened = await moderator.click(after, label="1 Open a request")

    assert "2 texts wait for a look" in texts(card)
    assert "unsure" not in said(world) + told
    assert "P-104" in told
    assert "1 Right" in labels(after)
    assert "2 Right" not in labels(after)
    assert "This is request" in texts(shown(opened))
    [case] = await world.app.stores.cases.unclosed()
    assert case.severity is Severity.TODAY
    assert (
        await world.app.services.watch_desk.waiting(
            await world.app.services.staff.enrolled(moderator.id)
        )
        == []
    )


async def test_in_the_trial_pages_go_to_the_leads_alone(world: World) -> None:
    await world.app.stores.hits.set_moment("started_at", world.env.now())
    await post(world, f"trial {NOW}")
    await world.run_due()
    told = await note(world)

    assert "Now" in said(world, PlaceKey.CHANNEL_LEAD)
    assert "Danger words" not in said(world)
    assert await world.app.stores.cases.unclosed() != []
    assert "No lead is on right now" in texts(told)


async def test_somebody_kept_apart_learns_nothing(world: World) -> None:
    ana, clinician = world.person("ana"), world.person("clinician")
    await world.app.services.duty.keep_apart(clinician.id, ana.id)
    await post(world, f"unsure {LOOK}")
    await post(world, f"sure {NOW}")
    await world.run_due()
    staff = channel(world, PlaceKey.CHANNEL_STAFF)
    seen = said(world)
    looked = shown(await clinician.slash(staff, "care look"))
    queue = shown(await clinician.slash(staff, "care queue"))
    [hit] = await world.app.services.watch_desk.waiting(
        await world.app.services.staff.enrolled(owner_of(world).id)
    )
    listed = shown(await owner_of(world).slash(staff, "care look"))
    with_right = [label for label in labels(listed) if "Right" in label]

    assert "wait" not in seen.lower()
    assert "Danger words" not in seen
    assert "Nothing waits for a look" in texts(looked)
    assert "P-104" not in texts(queue)
    assert with_right == ["1 Right"]
    assert hit.label is RiskClass.SUICIDE_IDEATION


async def test_harm_asks_first_and_silence_is_kept(world: World) -> None:
    await post(world, f"he {HARM}")
    first = await note(world)
    asked = texts(first)
    ana = world.person("ana")
    card = shown(await ana.click(first, label="Yes, show it"))
    read = texts(card)
    silent = await ana.click(card, label="Don't message me about this")
    await post(world, f"danger {NOW}")
    await world.run_due()
    rows = await world.app.database.fetch_all("SELECT informed FROM hits ORDER BY found_at, rowid")

    assert "hurting" not in asked
    assert "Is it safe to read it now" in asked
    assert "hurting you" in read
    assert "The team is still told" in texts(shown(silent))
    assert [row["informed"] for row in rows] == [1, 0]


async def test_one_who_wants_no_messages_gets_none(world: World) -> None:
    person = await world.app.services.participants.find(world.person("ana").id)
    assert person is not None
    await world.app.services.participants.change(person, delivery=Delivery.NOTHING)
    await post(world, f"danger {NOW}")
    card = await page(world)
    moderator = world.person("moderator")
    await moderator.click(card, label="I have it")
    [case] = await world.app.stores.cases.unclosed()
    file = shown(
        await moderator.slash(channel(world, PlaceKey.CHANNEL_STAFF), "care open", ref=case.ref)
    )

    assert "Not informed" in texts(file)
    assert (
        await world.app.database.fetch_all("SELECT 1 FROM outbox WHERE kind = 'watch.card'") == []
    )


async def test_screening_down_is_said_aloud_and_ends(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.screen.is_broken = True
    await post(world, f"lost {NOW}")
    await world.run_due()
    down = said(world, PlaceKey.CHANNEL_LEAD)
    owner = owner_of(world)
    check = texts(shown(await owner.slash(lobby(world), "setup check")))
    state = "".join(texts(message) for message in room(world).history())
    await world.advance(3600)
    world.screen.is_broken = False
    await world.advance(61)
    back = said(world, PlaceKey.CHANNEL_LEAD)
    caplog.clear()

    assert "Screening is down" in down
    assert down.count("Screening is down") == 1
    assert "is down" in check
    assert "not able to look for danger words right now" in state
    assert "Screening works again" in back
    assert "1 text from meanwhile was looked through late" in back
    [case] = await world.app.stores.cases.unclosed()
    assert case.severity is Severity.NOW


async def test_words_for_two_and_check_in_notes_are_screened(world: World) -> None:
    services = world.app.services
    person = await services.participants.find(world.person("ana").id)
    assert person is not None
    sheet = await services.checkins.sheet(person)
    await services.checkins.answer(
        person, sheet.day, sheet.edition.version, "en", {"note": f"so {SOON}"}
    )
    services.openings.tell(person.user_id, f'["fine", "not fine {HARM}"]')
    await services.watch.idle()
    rows = await world.app.database.fetch_all("SELECT place, label, tier FROM hits ORDER BY place")
    texts_kept = await services.checkins.day(person, sheet.day)

    assert [tuple(row) for row in rows] == [
        ("checkin", "suicide_ideation", "page"),
        ("together", "ipv_victim", "page"),
    ]
    assert texts_kept[2].texts["note"] == f"so {SOON}"


async def test_discords_filter_stands_in_where_the_bot_cannot_read(tmp_path: Path) -> None:
    async with simulated(tmp_path) as world:
        await set_up(world)
        await joined(world, "ana", "P-104")
        await enter(world, "ana")
        await on_duty(world)
        owner, bot = owner_of(world), world.app.bot
        off = texts(shown(await owner.slash(lobby(world), "setup check")))
        switched = texts(shown(await owner.slash(lobby(world), "setup automod", switch="on")))
        on = texts(shown(await owner.slash(lobby(world), "setup check")))
        guild = bot.get_guild(world.guild.id)
        assert guild is not None
        rules = await guild.fetch_automod_rules()
        alerts = guild.get_channel(channel(world, PlaceKey.CHANNEL_ALERTS).id)
        moderator = guild.get_member(world.person("moderator").id)
        assert alerts is not None
        assert moderator is not None
        seen = alerts.permissions_for(moderator)
        await rules[0].delete()
        await world.advance(3700)
        again = await guild.fetch_automod_rules()
        await world.person("ana").send(room(world), "I want to die")
        await world.run_due()
        [hit] = await world.app.database.fetch_all("SELECT * FROM hits")
        gone = texts(shown(await owner.slash(lobby(world), "setup automod", switch="off")))
        left = await guild.fetch_automod_rules()

    assert "Nobody looks for danger words in rooms" in off
    assert "fixed phrases" in switched
    assert "fixed phrases only" in on
    assert len(rules) == len(again) == 5
    assert not seen.view_channel
    assert (hit["label"], hit["excerpt"], hit["user_id"]) == (
        "suicide_ideation",
        None,
        world.person("ana").id,
    )
    assert "its rules are gone" in gone
    assert left == []
