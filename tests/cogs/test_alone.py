"""Words for someone, talks in turns, and what one does alone, as people see them."""

from datetime import timedelta
from typing import Any

from bot.domain.case import CaseSource
from bot.domain.participant import Participant
from bot.domain.turn import Move
from tests.fakes.server import lobby, set_up
from tests.fakes.simulation import World, fields, labels, shown, texts
from tests.fakes.together import ADA, BEN, consenting, couple, home, note, threads

WORDS = {"part0": "tense", "part1": "plans change", "part2": "a *short* message"}


async def participant(world: World, name: str) -> Participant:
    """Return somebody as the services know them."""
    return await world.app.services.participants.active(world.person(name).id)


async def composed(world: World, name: str) -> Any:
    """Put words together and return the card that shows them."""
    person = world.person(name)
    card = shown(await person.click(await home(world, name), label="Help me say it"))
    card = shown(await person.select(card, ["i_statement"], custom_id="sayit:v1:frame"))
    form = await person.click(card, label="Write mine")
    assert "part0" in fields(form)
    return shown(await person.submit_modal(form, WORDS))


async def test_words_are_sent_after_a_yes_and_the_sender_reads_one_word(world: World) -> None:
    await couple(world)
    ada, ben = world.person(ADA), world.person(BEN)
    card = await composed(world, ADA)
    assert r"I need a \*short\* message." in texts(card)
    assert "Send it" in labels(card)

    card = shown(await ada.click(card, label="Copy it"))
    assert "I need a *short* message." in texts(card)
    card = shown(await ada.click(card, label="Back"))
    asked = shown(await ada.click(card, label="Send it"))
    assert "You can't take it back" in texts(asked)
    assert texts(shown(await ada.click(asked, label="Yes, send it"))).startswith("Saved.")
    await world.run_due()

    got = await note(world, BEN)
    assert "I feel tense." in texts(got)
    again = shown(await ben.click(got, label="Help me say it"))
    assert "What I kept" not in str(again.components)


async def test_without_a_partner_everything_for_one_works(world: World) -> None:
    await set_up(world)
    ada = await consenting(world, ADA, "P-101")
    assert "Send it" not in labels(await composed(world, ADA))

    card = shown(await ada.click(await home(world, ADA), label="My own strengths"))
    form = await ada.click(card, label="Add one")
    card = shown(await ada.submit_modal(form, {"text": "I _go_ on"}))
    assert r"I \_go\_ on" in texts(card)
    card = shown(await ada.click(card, label="What I carry"))
    done = shown(await ada.select(card, ["calls", "money", "no"], custom_id="carry:v1:kept"))
    assert "Some of these fit" in texts(done)
    limits = shown(await ada.click(done, label="Cards about limits"))
    assert "You could say:" in texts(limits)
    first = texts(limits)
    assert texts(shown(await ada.click(limits, label="Another one"))) != first

    card = shown(await ada.click(await home(world, ADA), label="A card to pass on"))
    assert "names nobody" in texts(card)
    assert sorted(file.filename for file in card.attachments) == [
        "interlude-card-en.png",
        "interlude-card-en.txt",
    ]


async def test_a_talk_in_turns_leaves_nothing_unless_both_keep_it(world: World) -> None:
    await couple(world)
    ada, ben = world.person(ADA), world.person(BEN)
    card = shown(await ada.click(await home(world, ADA), label="Speak and listen"))
    await ada.click(card, label="Begin in our thread")
    await world.run_due()
    [thread] = threads(world, ADA)
    live = thread.last_message
    assert labels(live) == ["I have said it", "Stop here"]

    refused = shown(await ben.click(live, label="I have said it"))
    assert "the other one's" in texts(refused)
    await ada.click(live, label="I have said it")
    live = thread.last_message
    assert labels(live) == ["I have said it back", "Stop here"]
    await ada.send(thread, "when it is loud I get tired")
    await ben.send(thread, "I heard that you get tired")
    # The process dies between the tap and the answer: the card is brought to date by the next tap.
    talks, member = world.app.services.alone.turns, await participant(world, BEN)
    [space] = await world.app.services.pairs.spaces(member.id)
    turn = await talks.current(space)
    assert turn is not None
    await talks.move(member, space, turn.id, turn.moves, Move.SAID_BACK)
    await ben.click(live, label="I have said it back")
    [live] = [one for one in thread.history(viewer=ada) if one.id == live.id]
    assert labels(live) == ["Yes, now swap", "Not quite", "Stop here"]
    await ben.click(live, label="Stop here")
    await world.run_due()
    decide = thread.last_message
    assert "keep what was written" in texts(decide)
    assert "only if both" in texts(shown(await ada.click(decide, label="Keep what was written")))

    await world.advance(timedelta(minutes=10).total_seconds())

    said = [message.content for message in thread.history(viewer=ada)]
    assert "when it is loud I get tired" not in said
    assert "I heard that you get tired" not in said
    assert "is removed" in texts(thread.last_message)


async def test_the_safety_answer_changes_nothing_one_could_see(world: World) -> None:
    await couple(world)
    ada, ben = world.person(ADA), world.person(BEN)
    before = labels(await home(world, BEN)), len(list(threads(world, BEN)[0].history(viewer=ben)))
    card = shown(await ada.click(await home(world, ADA), label="More"))
    card = shown(await ada.click(card, label="Something to talk about alone"))
    await ada.click(card, label="Yes, message me")
    await world.run_due()

    [case] = await world.app.stores.cases.unclosed_of(ada.id)
    assert case.source is CaseSource.CHECKIN_ALONE
    seen = labels(await home(world, BEN)), len(list(threads(world, BEN)[0].history(viewer=ben)))
    assert seen == before
    running = shown(await ben.slash(lobby(world), "pause", length="45"))
    assert "A pause is on until" in texts(running)
    card = shown(await ada.click(await home(world, ADA), label="More"))
    card = shown(await ada.click(card, label="Something to talk about alone"))
    again = shown(await ada.click(card, label="Ask me later"))
    assert "Saved." in texts(again)


async def test_a_thread_is_looked_at_only_once_both_said_yes(world: World) -> None:
    pair = await couple(world)
    services, thread_id = world.app.services, pair.thread_id or 0
    seen = []
    for name in (ADA, BEN):
        services.watch.heard(world.person(ADA).id, "a hard day", channel_id=thread_id)
        seen.append(services.watch.backlog)
        person = world.person(name)
        card = shown(await person.click(await home(world, name), label="More"))
        card = shown(await person.click(card, label="Danger words in our thread"))
        assert "Your answer: no." in texts(card)
        card = shown(await person.click(card, label="Yes, look for them"))
        assert "Your answer: yes." in texts(card)
    services.watch.heard(world.person(ADA).id, "a hard day", channel_id=thread_id)

    assert [*seen, services.watch.backlog] == [0, 0, 1]
    await services.watch.close()
