"""Consents, as people meet them: asked once, and again when the text has changed."""

import pytest

from bot.domain.consent import ConsentKind
from bot.domain.participant import Participant
from tests.fakes.joined import join, open_note, own_thread
from tests.fakes.server import set_up
from tests.fakes.simulation import World, labels, shown, texts

DAILY = ConsentKind.DAILY_PROMPTS


@pytest.fixture
async def ana(world: World) -> Participant:
    """Ana, who agreed to the daily check-in."""
    await set_up(world)
    return await join(world, "ana")


async def upgrade(world: World) -> None:
    """Restart on a version whose texts are newer than those that were agreed to."""
    await world.app.database.execute("UPDATE consents SET text_version = 0")
    await world.restart()
    await world.advance(14 * 3600)  # past the quiet hours


async def notes(world: World) -> int:
    thread = await own_thread(world, world.person("ana"))
    assert thread is not None
    return sum(message.content == "You have a note." for message in thread.history())


async def test_a_new_text_is_asked_again_by_one_neutral_note(
    world: World, ana: Participant
) -> None:
    before = await notes(world)
    await upgrade(world)
    assert not await world.app.services.consents.given(ana.id, DAILY)
    assert await notes(world) == before + 1

    person = world.person("ana")
    asked = shown(await open_note(world, person, world.app.bot.catalog.words("en")))
    assert "This text has changed" in texts(asked)
    assert labels(asked) == ["I agree", "Not now"]
    agreed = shown(await person.click(asked, label="I agree"))

    assert "It is noted" in texts(agreed)
    assert await world.app.services.consents.given(ana.id, DAILY)
    await world.restart()
    await world.advance(60)
    assert await notes(world) == before + 1


async def test_a_no_to_the_new_text_stops_the_check_ins(world: World, ana: Participant) -> None:
    await upgrade(world)
    person = world.person("ana")
    asked = shown(await open_note(world, person, world.app.bot.catalog.words("en")))

    await person.click(asked, label="Not now")

    now = await world.app.services.participants.active(person.id)
    assert not now.preferences.checkins
    assert not await world.app.services.consents.given(ana.id, DAILY)


async def test_a_note_that_was_answered_elsewhere_is_closed(world: World, ana: Participant) -> None:
    await upgrade(world)
    await world.app.services.consents.give(ana, DAILY)

    opened = await open_note(world, world.person("ana"), world.app.bot.catalog.words("en"))

    assert "closed" in texts(shown(opened))


async def test_who_was_away_meanwhile_is_asked_on_coming_back(
    world: World, ana: Participant
) -> None:
    before = await notes(world)
    world.guild.remove_member(world.person("ana").user)
    await world.env.settle()
    await upgrade(world)
    assert await notes(world) == before

    world.people["ana"] = world.guild.add_member(world.person("ana").user)
    await world.env.settle()
    await world.app.services.membership.resume(ana.user_id)
    await world.run_due()

    assert await notes(world) == before + 1
