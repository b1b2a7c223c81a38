"""Questions, buddies, topics and concerns as participants and the team meet them."""

from typing import Any

import pytest
import simcord

from bot.builder.roles import DiscordRoles
from bot.domain.participant import Participant
from bot.domain.place import PlaceKey
from bot.services.questions import QuestionService
from tests.fakes.care import channel, joined, on_duty, page
from tests.fakes.joined import open_note
from tests.fakes.room_tools import FakeScreen
from tests.fakes.server import lobby, owner_of, set_up
from tests.fakes.simulation import World, labels, shown, texts


@pytest.fixture
async def ready(world: World) -> World:
    """A server that is set up, with Ana and Ben in it."""
    await set_up(world)
    await joined(world, "ana", "P-104")
    await joined(world, "ben", "P-105")
    return world


def room_of(world: World) -> simcord.ChannelHandle:
    """Return the room's channel."""
    return channel(world, PlaceKey.CHANNEL_ROOM)


async def enter(world: World, name: str) -> Participant:
    """Let a participant come into the room."""
    services = world.app.services
    person = await services.participants.find(world.person(name).id)
    assert person is not None
    [room] = services.rooms.all()
    await services.room_members.enter(room.id, person, "rules")
    guild = world.app.bot.get_guild(world.guild.id)
    await services.team.follow(DiscordRoles(guild), person.user_id)
    await world.env.settle()
    return person


async def more(world: World, name: str, label: str) -> Any:
    """Open an entry of More."""
    person = world.person(name)
    panel = shown(await person.slash(lobby(world), "menu"))
    card = shown(await person.click(panel, label="More"))
    return shown(await person.click(card, label=label))


async def ask(world: World, text: str, **values: Any) -> simcord.InteractionResult:
    """Let Ana ask a question from the panel."""
    card = await more(world, "ana", "Ask a question")
    form = await world.person("ana").click(card, label="Ask a question")
    return await world.person("ana").submit_modal(form, {"text": text, **values})


async def note_of(world: World, name: str) -> str:
    """Deliver what is due, open somebody's newest note, and return what it says."""
    await world.run_due()
    words = world.app.bot.catalog.words("en")
    return texts(shown(await open_note(world, world.person(name), words)))


async def answer(world: World, text: str, **values: Any) -> simcord.InteractionResult:
    """Let the moderator answer the first question of the inbox."""
    moderator, staff = world.person("moderator"), channel(world, PlaceKey.CHANNEL_STAFF)
    inbox = shown(await moderator.slash(staff, "care questions"))
    [waiting] = await world.app.services.questions.inbox(
        await world.app.services.staff.enrolled(moderator.id)
    )
    card = await moderator.select(inbox, [waiting.id], custom_id="questions:v1:pick")
    form = await moderator.click(shown(card), label="Answer")
    return await moderator.submit_modal(form, {"answer": text, **values})


async def test_a_question_is_answered_in_private(ready: World) -> None:
    asked = await ask(ready, "When is the room open?")
    staff = channel(ready, PlaceKey.CHANNEL_STAFF)
    told = texts(await page(ready))
    sent = await answer(ready, "At six each day.")
    note = await note_of(ready, "ana")

    assert "within 2 days" in texts(shown(asked))
    assert "A question came in" in told
    for private in ("When is", "P-104", "ana"):
        assert private not in "".join(texts(message) for message in staff.history())
    assert "on its way, as a private note" in texts(shown(sent))
    assert "When is the room open?" in note
    assert "At six each day." in note


async def test_an_answer_for_all_names_nobody(ready: World) -> None:
    await ask(ready, "My husband found my notes. What now?", for_all=["for_all"])
    [room] = ready.app.services.rooms.all()
    await answer(ready, "Ask for a new thread.", room=[room.id], shown="How do I keep notes safe?")
    await ready.run_due()

    posted = texts(room_of(ready).last_message)
    assert "How do I keep notes safe?" in posted
    assert "Ask for a new thread." in posted
    for private in ("husband", "P-104", ready.person("ana").mention, "moderator"):
        assert private not in posted


async def test_danger_in_a_question_is_a_request_at_once(ready: World) -> None:
    questions: QuestionService = ready.app.services.questions
    questions._screen = FakeScreen()

    asked = texts(shown(await ask(ready, "I am in danger")))
    card = texts(await page(ready))

    assert "goes to the team at once" in asked
    assert "No one is on right now" in asked
    assert "Now" in card or "Now" in "".join(
        texts(message) for message in channel(ready, PlaceKey.CHANNEL_STAFF).history()
    )


async def test_two_become_buddies_and_a_no_is_never_told(ready: World) -> None:
    for name in ("ana", "ben"):
        person = ready.person(name)
        card = await more(ready, name, "Buddy")
        wished = await person.click(card, label="I would like a buddy")
        assert "may be one" in texts(shown(wished))
    moderator, staff = ready.person("moderator"), channel(ready, PlaceKey.CHANNEL_STAFF)
    found = await moderator.slash(staff, "care buddies")
    people = [
        await ready.app.services.participants.find(ready.person(n).id) for n in ("ana", "ben")
    ]
    pair = ".".join(one.id for one in people)
    await moderator.select(shown(found), [pair], custom_id="buddies:v1:propose")

    await ready.run_due()
    words = ready.app.bot.catalog.words("en")
    saved = []
    for name, label in (("ana", "Yes, I would like that"), ("ben", "No, thank you")):
        offer = shown(await open_note(ready, ready.person(name), words))
        assert ready.person("ana").mention not in texts(offer)
        saved.append(texts(shown(await ready.person(name).click(offer, label=label))))
    await ready.run_due()

    assert saved[0] == saved[1] == "Saved. If it can start, you will both see it."
    assert "Saved. If it can start" in texts(await more(ready, "ana", "Buddy"))
    assert "P-104 and P-105" in str(shown(found).components)


async def test_a_room_has_its_topic_of_the_evening_only_while_it_is_open(ready: World) -> None:
    moderator, room = ready.person("moderator"), room_of(ready)
    on = await moderator.slash(room, "room prompts", series="evening", switch="on", hour="7 pm")
    wrong = await moderator.slash(
        room, "room prompts", series="weekly", switch="on", hour="noonish"
    )
    await ready.advance(20 * 3600)
    closed = "".join(texts(message) for message in room.history())
    await on_duty(ready)
    await ready.advance(86_400)
    opened = "".join(texts(message) for message in room.history())
    off = await moderator.slash(room, "room prompts", series="evening", switch="off")
    count = len(room.history())
    await ready.advance(86_400)

    assert "each evening at 19:00" in texts(shown(on))
    assert "noonish" in texts(shown(wrong))
    assert "Topic of the evening" not in closed
    assert "Topic of the evening" in opened
    assert "No topic of the evening" in texts(shown(off))
    assert len(room.history()) == count


async def test_welcome_and_celebration_come_only_where_somebody_wants_them(ready: World) -> None:
    await on_duty(ready)
    await enter(ready, "ana")
    ana, room = ready.person("ana"), room_of(ready)
    services = ready.app.services
    [known] = services.rooms.all()
    person = await services.participants.find(ana.id)
    assert ana.mention not in "".join(texts(message) for message in room.history())

    await services.room_life.welcome(known.id, person)
    await ready.run_due()
    welcome = room.last_message
    form = await ana.click(welcome, label="Share something good")
    await ana.submit_modal(form, {"occasion": "hard_day", "named": "no"})
    await ready.run_due()
    shared = texts(room.last_message)
    found = await ana.click(welcome, label="Resources")

    assert ana.mention in texts(welcome)
    assert "a hard day they got through" in shared
    assert ana.mention not in shared
    assert "findahelpline.com" in texts(shown(found))


async def concern(world: World, **values: Any) -> Any:
    """Let Ana raise a concern about Ben, and return the team's card."""
    room = world.guild.channels["general"]
    form = await world.person("ana").context_menu(
        room, "Raise a concern about", world.person("ben")
    )
    given = {"reason": "contact", "words": "He follows me.", **values}
    await world.person("ana").submit_modal(form, given)
    return await page(world)


async def test_nobody_a_concern_is_about_is_contacted_without_the_reporters_yes(
    ready: World,
) -> None:
    card = await concern(ready)
    moderator = ready.person("moderator")
    await moderator.click(card, label="I have it")
    opened = await moderator.click(card, label="Open")

    agreed = await moderator.click(shown(opened), label="The reporter said yes to contact")
    again = shown(await moderator.click(card, label="Open"))

    assert "Do not contact the person it is about" in texts(card)
    for name in ("ana", "ben"):
        assert ready.person(name).mention not in texts(card)
    assert "Do not contact" in texts(shown(opened))
    assert "agrees to contact" in texts(shown(agreed))
    assert "The reporter agreed" in texts(again)
    assert "The reporter said yes to contact" not in labels(again)
    assert ready.person("moderator").mention in texts(again)


async def test_a_reporters_yes_is_on_the_card_from_the_start(ready: World) -> None:
    card = await concern(ready, contact="yes")

    assert "The reporter agreed that you write" in texts(card)
    assert "Do not contact" not in texts(card)


async def test_danger_in_a_concern_is_more_urgent_than_its_reason(ready: World) -> None:
    ready.app.services.cases._screen = FakeScreen()

    plain = texts(await concern(ready, reason="unkind"))
    urgent = texts(await concern(ready, reason="unkind", words="He is in danger."))

    assert "Today" in plain
    assert "Now" in urgent


async def test_whom_a_concern_is_about_is_sent_nothing(ready: World) -> None:
    before = "SELECT count(*) AS n FROM outbox WHERE participant_id IS NOT NULL"
    count = (await ready.app.database.fetch_one(before))["n"]

    card = await concern(ready, contact="yes")
    await owner_of(ready).click(card, label="I have it")
    await ready.run_due()

    assert (await ready.app.database.fetch_one(before))["n"] == count
