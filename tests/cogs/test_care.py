"""Asking for a person and raising a concern, as participants and the team meet them."""

import asyncio

import pytest
import simcord

from bot.domain.participant import Delivery
from bot.domain.place import PlaceKey
from bot.domain.staff import StaffRole
from tests.fakes.care import ask, channel, joined, on_duty, page, panel
from tests.fakes.server import owner_of, set_up
from tests.fakes.simulation import World, fields, labels, shown, texts


@pytest.fixture
async def ready(world: World) -> World:
    """A server that is set up, with a moderator and a clinician."""
    await set_up(world)
    return world


async def test_nobody_on_duty_is_said_truthfully(ready: World) -> None:
    await joined(ready, "ana")

    answer = texts(shown(await ask(ready, "ana")))

    assert "No one is on right now" in answer
    assert "goes to them" not in answer


async def test_a_request_reaches_the_person_on_duty(ready: World) -> None:
    await joined(ready, "ana")
    await on_duty(ready)

    answer = texts(shown(await ask(ready, "ana")))
    card = await page(ready)

    assert "Someone is on duty now" in answer
    assert ready.person("moderator").mention in texts(card)
    assert "ID P-104" in texts(card)
    assert ready.person("ana").mention not in texts(card)


async def test_a_visitor_who_has_not_joined_is_heard_too(ready: World) -> None:
    answer = texts(shown(await ask(ready, "visitor")))
    card = await page(ready)

    assert "You have not joined" in answer
    assert "someone who has not joined" in texts(card)


async def test_a_late_press_on_an_older_card_is_told_who_has_it(ready: World) -> None:
    await joined(ready, "ana")
    await ask(ready, "ana")
    older = await page(ready)
    await ready.advance(601)
    await ready.app.services.cases.ask(ready.person("ana").id)
    newer = await page(ready)

    await ready.person("moderator").click(newer, label="I have it")
    late = await ready.person("clinician").click(older, label="I have it")

    assert older.id != newer.id
    assert ready.person("moderator").mention in texts(shown(late))
    assert "already" in texts(shown(late))


async def test_claims_in_one_moment_have_one_winner(ready: World) -> None:
    await joined(ready, "ana")
    outcome = await ready.app.services.cases.ask(ready.person("ana").id)
    desk, staff = ready.app.services.case_desk, ready.app.services.staff
    members = [await staff.enrolled(ready.person(name).id) for name in ("moderator", "clinician")]

    results = await asyncio.gather(
        *(desk.claim(outcome.case_id, member) for member in members), return_exceptions=True
    )

    assert sum(not isinstance(result, Exception) for result in results) == 1


async def test_a_claim_sends_one_neutral_receipt(ready: World) -> None:
    person = await joined(ready, "ana")
    await ask(ready, "ana")
    card = await page(ready)

    await ready.person("moderator").click(card, label="I have it")
    await ready.run_due()
    thread = own_thread(ready)
    note = thread.last_message

    assert person.preferences.delivery is Delivery.THREAD
    assert note.content == "You have a note."
    opened = await ready.person("ana").click(note, label="Open")
    assert "picked it up" in texts(shown(opened))
    assert "They have not written yet" in texts(shown(opened))


def own_thread(world: World) -> simcord.ChannelHandle:
    """Return the private thread of the only participant there is."""
    [thread] = channel(world, PlaceKey.CHANNEL_PERSONAL).threads
    return thread


async def test_without_a_claim_no_receipt_goes_out(ready: World) -> None:
    await joined(ready, "ana")
    await ask(ready, "ana")
    await ready.advance(3600)

    assert "You have a note." not in [message.content for message in own_thread(ready).history()]


async def test_asking_again_opens_no_second_request(ready: World) -> None:
    await joined(ready, "ana")
    await ask(ready, "ana")
    person = ready.person("ana")

    card = await person.click(panel(ready), label="Message the team")
    standing = texts(shown(card))
    again = await person.click(shown(card), label="Ask again")

    assert "waiting" in standing
    assert "with the team already" in texts(shown(again))
    queue = await ready.app.services.case_desk.queue(
        await ready.app.services.staff.enrolled(ready.person("moderator").id)
    )
    assert len(queue) == 1


async def test_asking_again_rings_only_after_ten_minutes(ready: World) -> None:
    await joined(ready, "ana")
    await ask(ready, "ana")
    staff_channel = channel(ready, PlaceKey.CHANNEL_STAFF)
    await ready.run_due()
    before = len(staff_channel.history())

    await ready.app.services.cases.ask(ready.person("ana").id)
    await ready.run_due()
    early = len(staff_channel.history())
    await ready.advance(601)
    await ready.app.services.cases.ask(ready.person("ana").id)
    await ready.run_due()

    assert early == before
    assert len(staff_channel.history()) == before + 1


async def test_a_case_is_worked_on_to_its_end(ready: World) -> None:
    await joined(ready, "ana")
    await ask(ready, "ana")
    moderator = ready.person("moderator")
    card = await page(ready)

    await moderator.click(card, label="I have it")
    more = shown(await moderator.click(card, label="More"))
    form = await moderator.click(more, label="Note")
    await moderator.submit_modal(form, {"words": "Prefers the evening."})
    await moderator.click(card, label="Contacted")
    opened = await moderator.click(card, label="Open")

    assert "wrote" in texts(card_now(ready, card))
    assert "Prefers the evening." in texts(shown(opened))
    assert ready.person("ana").mention in texts(shown(opened))


def card_now(world: World, card: object) -> object:
    """Return a message as it is now."""
    staff_channel = channel(world, PlaceKey.CHANNEL_STAFF)
    return next(message for message in staff_channel.history() if message.id == card.id)


async def test_an_empty_note_is_refused_with_a_sentence(ready: World) -> None:
    await joined(ready, "ana")
    await ask(ready, "ana")
    moderator = ready.person("moderator")
    card = await page(ready)
    await moderator.click(card, label="I have it")

    more = shown(await moderator.click(card, label="More"))
    form = await moderator.click(more, label="Note")
    refused = await moderator.submit_modal(form, {"words": "  "})

    assert "The note was empty" in texts(shown(refused))


async def test_only_the_owner_closes_a_case(ready: World) -> None:
    await joined(ready, "ana")
    await ask(ready, "ana")
    card = await page(ready)
    await ready.person("moderator").click(card, label="I have it")

    more = shown(await ready.person("clinician").click(card, label="More"))
    form = await ready.person("clinician").click(more, label="Propose close")
    refused = await ready.person("clinician").submit_modal(form, {"ending": "talked"})

    assert "is not yours" in texts(shown(refused))


async def test_others_open_a_case_only_with_a_reason(ready: World) -> None:
    await joined(ready, "ana")
    await ask(ready, "ana")
    card = await page(ready)
    await ready.person("moderator").click(card, label="I have it")
    clinician = ready.person("clinician")

    form = await clinician.click(card, label="Open")
    assert "words" in fields(form)
    opened = await clinician.submit_modal(form, {"words": "I treat this person."})
    lead_card = await page(ready, PlaceKey.CHANNEL_LEAD)

    assert ready.person("ana").mention in texts(shown(opened))
    assert clinician.mention in texts(lead_card)
    assert "I treat this person." not in texts(lead_card)


async def test_a_participant_cannot_press_the_teams_buttons(ready: World) -> None:
    await joined(ready, "ana")
    await ready.app.services.team.enrol(
        ready.person("leaver").id, StaffRole.MODERATOR, by=owner_of(ready).id
    )
    await ask(ready, "ana")
    card = await page(ready)
    await ready.app.services.team.let_go(ready.person("leaver").id, by=None)

    with pytest.raises(simcord.SetupError):
        await ready.person("ana").click(card, label="I have it")
    member = await owner_of(ready).click(card, label="I have it")
    assert member.acknowledged


async def test_a_concern_about_a_message_names_nobody_in_the_channel(ready: World) -> None:
    await joined(ready, "ana")
    general = ready.guild.channels["general"]
    post = await ready.person("ben").send(general, "I can't do this any more")

    form = await ready.person("ana").context_menu(general, "Raise a concern", post)
    saved = await ready.person("ana").submit_modal(
        form, {"reason": "safety", "words": "I am worried."}
    )
    card = await page(ready)

    assert "Thank you" in texts(shown(saved))
    for private in ("worried about", "I am worried.", "can't do this", "ben", "ana", "P-104"):
        assert private not in texts(card)
    assert "Soon" in texts(card)


async def test_the_owner_of_a_concern_reads_it(ready: World) -> None:
    await joined(ready, "ana")
    general = ready.guild.channels["general"]
    post = await ready.person("ben").send(general, "hello")
    form = await ready.person("ana").context_menu(general, "Raise a concern", post)
    await ready.person("ana").submit_modal(form, {"reason": "unkind", "words": "Harsh words."})
    card = await page(ready)

    await ready.person("moderator").click(card, label="I have it")
    opened = await ready.person("moderator").click(card, label="Open")

    text = texts(shown(opened))
    assert "Harsh words." in text
    assert f"It is about {ready.person('ben').mention}" in text
    assert f"/{general.id}/{post.id}" in text


async def test_four_thousand_characters_are_kept_whole(ready: World) -> None:
    await joined(ready, "ana")
    long = "word " * 799 + "last."
    general = ready.guild.channels["general"]

    form = await ready.person("ana").slash(general, "concern")
    await ready.person("ana").submit_modal(form, {"reason": "other", "words": long})
    row = await ready.app.database.fetch_one("SELECT case_id FROM concerns")
    concern = await ready.app.stores.concerns.of_case(row["case_id"])

    assert concern.text == long


async def test_a_concern_without_words_keeps_what_was_chosen(ready: World) -> None:
    general = ready.guild.channels["general"]

    form = await ready.person("ana").slash(general, "concern")
    refused = await ready.person("ana").submit_modal(form, {"reason": "other", "words": " "})

    assert "Please write a few words" in texts(shown(refused))
    assert "Open again" in labels(shown(refused))


async def test_a_concern_about_oneself_offers_help_instead(ready: World) -> None:
    general = ready.guild.channels["general"]
    post = await ready.person("ana").send(general, "hello")

    refused = await ready.person("ana").context_menu(general, "Raise a concern", post)

    assert "Message the team" in texts(shown(refused))


async def test_on_and_off_duty_say_how_things_stand(ready: World) -> None:
    staff_channel = channel(ready, PlaceKey.CHANNEL_STAFF)
    moderator = ready.person("moderator")
    await joined(ready, "ana")
    await ask(ready, "ana")

    on = await moderator.slash(staff_channel, "oncall on")
    twice = await moderator.slash(staff_channel, "oncall on")
    off = await moderator.slash(staff_channel, "oncall off")

    assert "Waiting for someone" in texts(shown(on))
    assert "already" in texts(shown(twice))
    assert "No one is on duty now" in texts(shown(off))


async def test_a_reference_opens_the_card_and_an_unknown_one_gets_a_sentence(ready: World) -> None:
    await joined(ready, "ana")
    outcome = await ready.app.services.cases.ask(ready.person("ana").id)
    staff_channel = channel(ready, PlaceKey.CHANNEL_STAFF)
    moderator = ready.person("moderator")

    found = await moderator.slash(staff_channel, "care case", ref=outcome.case.ref.lower())
    unknown = await moderator.slash(staff_channel, "care case", ref="XXXXX")

    assert outcome.case.ref in texts(shown(found))
    assert "no such request" in texts(shown(unknown))


async def test_a_card_that_was_looked_up_does_not_say_that_nobody_is_on(ready: World) -> None:
    await joined(ready, "ana")
    await on_duty(ready)
    outcome = await ready.app.services.cases.ask(ready.person("ana").id)
    staff_channel = channel(ready, PlaceKey.CHANNEL_STAFF)

    found = await ready.person("moderator").slash(staff_channel, "care case", ref=outcome.case.ref)

    assert "No one is on duty" not in texts(shown(found))


async def test_a_request_goes_to_the_leads_where_the_teams_channel_is_gone(ready: World) -> None:
    await joined(ready, "ana")
    await ready.app.bot.get_channel(channel(ready, PlaceKey.CHANNEL_STAFF).id).delete()
    await ready.env.settle()

    outcome = await ready.app.services.cases.ask(ready.person("ana").id)
    await ready.run_due()
    said = [texts(message) for message in channel(ready, PlaceKey.CHANNEL_LEAD).history()]

    assert any(outcome.case.ref in text for text in said)


async def test_a_request_of_who_left_the_team_can_be_taken(ready: World) -> None:
    await joined(ready, "ana")
    await ask(ready, "ana")
    card = await page(ready)
    await ready.person("moderator").click(card, label="I have it")
    await ready.app.services.team.let_go(ready.person("moderator").id, by=owner_of(ready).id)
    clinician = ready.person("clinician")
    ref = (await ready.app.stores.cases.unclosed())[0].ref

    found = await clinician.slash(channel(ready, PlaceKey.CHANNEL_STAFF), "care case", ref=ref)
    taken = await clinician.click(shown(found), label="I have it")

    assert clinician.mention in texts(taken.response)
