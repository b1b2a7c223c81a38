"""/crisis and Help now, as people meet them: anywhere."""

from typing import Any

import simcord

from bot.domain.participant import Delivery
from bot.store.database import SqliteDatabase
from bot.ui.base import help_button
from bot.ui.cards import Card
from tests.cogs.crisis import HOUR, help_card, join, put_on_duty, staff_channels
from tests.fakes.simulation import World, labels, shown, texts


async def test_a_visitor_gets_the_lines_of_the_programmes_country(world: World) -> None:
    await world.app.services.programme.change(country="US")

    card = await help_card(world, world.person("visitor"))

    assert "Call 911" in texts(card)
    assert "988 Suicide & Crisis Lifeline" in texts(card)
    assert "National Domestic Violence Hotline" in texts(card)
    assert "SAMHSA" in texts(card)
    assert "Check back with me" not in texts(card)


async def test_it_works_in_a_direct_message(world: World) -> None:
    visitor = world.person("visitor")

    result = await visitor.user.slash("crisis")

    assert "try 112, 911 or 999" in texts(shown(result))


async def test_it_works_in_another_server(world: World) -> None:
    await world.app.services.programme.change(guild_id=world.guild.id, country="US")
    elsewhere = world.env.create_guild("Elsewhere", owner=world.env.create_user("host"))
    guest = elsewhere.add_member(world.env.create_user("guest"))
    channel = elsewhere.create_text_channel("general")
    await world.env.settle()

    card = shown(await guest.slash(channel, "crisis"))
    read = texts(card)
    more = shown(await guest.click(card, label="More lines"))

    assert "988" in read
    assert "Crisis Text Line" in texts(more)


async def test_ones_own_country_and_language_come_first(world: World) -> None:
    await world.app.services.programme.change(country="US")
    ana = await join(world, "ana", country="MX", locale="es")

    card = await help_card(world, ana)

    assert "Línea de la Vida" in texts(card)
    assert "Llama al **800-911-2000**" in texts(card)
    assert "988" not in texts(card)


async def test_help_now_on_a_panel_answers_beside_it(world: World) -> None:
    visitor = world.person("visitor")
    channel = world.guild.create_text_channel("start")
    request = world.app.bot.request(await interaction_of(world, visitor))
    panel = Card(title="Panel", rows=[[help_button(request)]])
    await world.app.bot.get_channel(channel.id).send(**panel.message())
    await world.env.settle()

    result = await visitor.click(channel.last_message, label="Help now")

    assert result.ephemeral
    assert "In danger right now?" in texts(shown(result))
    assert "Panel" in texts(channel.last_message)


async def interaction_of(world: World, actor: simcord.MemberActor) -> Any:
    """Return an interaction of a person, for making a card in their language."""
    seen: list[Any] = []
    world.app.bot.add_listener(seen_by(seen), "on_interaction")
    await actor.user.slash("crisis")
    return seen[0]


def seen_by(seen: list[Any]) -> Any:
    async def on_interaction(interaction: Any) -> None:
        seen.append(interaction)

    return on_interaction


async def test_more_and_back_stay_on_one_card(world: World) -> None:
    await world.app.services.programme.change(country="US")
    visitor = world.person("visitor")
    card = await help_card(world, visitor)

    more = shown(await visitor.click(card, label="More lines"))
    read = texts(more)
    back = shown(await visitor.click(more, label="Back to the lines"))

    assert "Veterans and Military Crisis Line" in read
    assert "988 Suicide & Crisis Lifeline" in texts(back)
    assert card.id == more.id == back.id


async def test_another_country_is_chosen_for_now(world: World) -> None:
    ana = await join(world, "ana", country="US")
    card = await help_card(world, ana)

    countries = shown(await ana.click(card, label="Change country"))
    spain = shown(await ana.select(countries, ["ES"], custom_id="crisis:v1:country:0"))

    assert "Línea 024" in texts(spain)
    assert "Lines for: Spain." in texts(spain)
    profile = world.app.services.profiles.get(ana.id)
    assert profile is not None
    assert profile.country == "US"


async def test_a_country_that_is_not_listed_gets_advice(world: World) -> None:
    ana = await join(world, "ana", country="US")
    card = await help_card(world, ana)

    countries = shown(await ana.click(card, label="Change country"))
    nowhere = shown(await ana.select(countries, ["XX"], custom_id="crisis:v1:country:0"))

    assert "try 112, 911 or 999" in texts(nowhere)
    assert "findahelpline.com" in texts(nowhere)


async def test_what_makes_calling_hard_gets_an_answer_and_one_thing_to_do(world: World) -> None:
    ana = await join(world, "ana")
    card = await help_card(world, ana)

    answer = shown(await ana.select(card, ["cannot_talk"], custom_id="crisis:v1:barrier:US"))

    assert "You can text or chat" in texts(answer)
    assert "Text **988**" in texts(answer)
    assert labels(answer) == ["Back to the lines"]


async def test_asking_reaches_the_team_and_says_that_no_one_is_on(world: World) -> None:
    staff, _ = await staff_channels(world)
    ana = await join(world, "ana")
    card = await help_card(world, ana)

    told = shown(await ana.click(card, label="Ask staff to message me"))
    await world.run_due()

    assert "Your request is with the team." in texts(told)
    assert "No one is on right now." in texts(told)
    assert "988" in texts(told)
    assert "asked for a person" in texts(staff.last_message)


async def test_asking_says_that_someone_is_on_only_when_it_is_so(world: World) -> None:
    await staff_channels(world)
    await put_on_duty(world, "mod")
    ana = await join(world, "ana")
    card = await help_card(world, ana)

    told = shown(await ana.click(card, label="Ask staff to message me"))

    assert "Someone is on duty now." in texts(told)


async def test_a_visitor_can_ask_for_a_person(world: World) -> None:
    staff, _ = await staff_channels(world)
    visitor = world.person("visitor")
    card = await help_card(world, visitor)

    told = shown(await visitor.click(card, label="Ask staff to message me"))
    await world.run_due()

    assert "You have not joined" in texts(told)
    assert "asked for a person" in texts(staff.last_message)


async def test_the_check_back_comes_as_a_neutral_note_and_asks(world: World) -> None:
    ana = await join(world, "ana", zone="UTC")
    card = await help_card(world, ana)

    saved = shown(await ana.select(card, ["3"], custom_id="crisis:v1:check_back:US"))
    await world.advance(2 * HOUR)
    before = ana.user.dm_channel.last_message
    await world.advance(HOUR + 1)
    note = ana.user.dm_channel.last_message
    opened = shown(await ana.user.click(note, label="Open"))
    asked = texts(opened)
    replied = shown(await ana.user.click(opened, label="Worse"))

    assert "You get one note at" in texts(saved)
    assert before is None
    assert texts(note) == "You have a note.\nOpen"
    assert "How is it now?" in asked
    assert "988" in asked
    assert "Please call or text one of these lines now." in texts(replied)
    assert "Call 911" in texts(replied)


async def test_the_answer_to_the_check_back_is_kept_nowhere(world: World) -> None:
    ana = await join(world, "ana")
    card = await help_card(world, ana)
    await ana.select(card, ["1"], custom_id="crisis:v1:check_back:US")
    await world.advance(HOUR + 1)
    opened = await ana.user.click(ana.user.dm_channel.last_message, label="Open")
    before = await row_counts(world.app.database)

    await ana.user.click(shown(opened), label="Worse")

    assert await row_counts(world.app.database) == before


async def row_counts(database: SqliteDatabase) -> dict[str, int]:
    """Count the rows of every table."""
    tables = await database.fetch_all("SELECT name FROM sqlite_master WHERE type = 'table'")
    counts: dict[str, int] = {}
    for table in tables:
        row = await database.fetch_one(f'SELECT count(*) AS n FROM "{table["name"]}"')
        assert row is not None
        counts[table["name"]] = row["n"]
    return counts


async def test_without_notes_a_check_back_is_refused_with_a_sentence(world: World) -> None:
    ana = await join(world, "ana", delivery=Delivery.NOTHING)
    card = await help_card(world, ana)

    refused = shown(await ana.select(card, ["1"], custom_id="crisis:v1:check_back:US"))

    assert "You chose to get no notes" in texts(refused)
