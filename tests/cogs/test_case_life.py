"""The life of a case from its claim to its end, as the team and the person meet it."""

from typing import Any

import discord
import pytest
import simcord

from bot.domain.case import CaseSource, CaseState
from bot.domain.place import PlaceKey
from tests.fakes.care import ask, channel, joined, on_duty, page
from tests.fakes.server import owner_of, set_up
from tests.fakes.simulation import World, fields, labels, shown, texts

DAY = 24 * 3600


@pytest.fixture
async def ready(world: World) -> World:
    """A moderator on duty, and Ana, who asked for a person."""
    await set_up(world)
    await joined(world, "ana")
    await on_duty(world)
    await ask(world, "ana")
    return world


async def take(world: World, name: str = "moderator") -> Any:
    """Let somebody take the last request; return its card."""
    card = await page(world)
    await world.person(name).click(card, label="I have it")
    return card


async def more(world: World, card: Any, name: str = "moderator") -> Any:
    return shown(await world.person(name).click(card, label="More"))


async def propose(world: World, card: Any, ending: str = "talked") -> None:
    """Let the owner propose to close."""
    menu = await more(world, card)
    form = await world.person("moderator").click(menu, label="Propose close")
    await world.person("moderator").submit_modal(form, {"ending": ending})


def personal(world: World) -> simcord.ChannelHandle:
    """Return Ana's own thread, the first there was."""
    return channel(world, PlaceKey.CHANNEL_PERSONAL).threads[0]


async def note(world: World) -> Any:
    """Send what is due and let Ana open her last note."""
    await world.run_due()
    ana = world.person("ana")
    return shown(await ana.click(personal(world).last_message, label="Open"))


async def only_case(world: World) -> Any:
    row = await world.app.database.fetch_one("SELECT id FROM cases")
    return await world.app.stores.cases.get(row["id"])


def said(world: World, key: PlaceKey = PlaceKey.CHANNEL_STAFF) -> str:
    return "\n".join(texts(message) for message in channel(world, key).history())


async def test_a_claim_shows_what_to_do_and_ticks_outlive_a_restart(ready: World) -> None:
    card = await page(ready)
    moderator = ready.person("moderator")
    taken = await moderator.click(card, label="I have it")
    steps = taken.followups[0]

    await moderator.select(steps, ["record"])
    await ready.restart()
    again = await more(ready, card)
    shown_again = texts(shown(await moderator.click(again, label="What to do")))

    assert "Open ID P-104 in your own records" in texts(steps)
    assert "You asked for a person" in texts(steps)
    assert "☑ Open ID P-104" in shown_again
    assert moderator.mention in shown_again


async def test_a_not_yet_keeps_it_open_and_its_owner_is_rung(ready: World) -> None:
    card = await take(ready)
    await propose(ready, card)

    asked = await note(ready)
    question = texts(asked)
    thanked = texts(shown(await ready.person("ana").click(asked, label="Not yet")))
    await ready.run_due()

    assert "Both answers are fine" in question
    assert "stays open" in thanked
    assert "they said it is not settled yet" in said(ready)
    assert (await only_case(ready)).state is CaseState.CLAIMED


async def test_a_yes_closes_it_and_not_really_opens_it_again_a_day_later(ready: World) -> None:
    card = await take(ready)
    await propose(ready, card)
    asked = await note(ready)
    await ready.person("ana").click(asked, label="Yes, it's settled")
    closed = (await only_case(ready)).state

    await ready.advance(DAY + 60)
    how = await note(ready)
    question = texts(how)
    answer = texts(shown(await ready.person("ana").click(how, label="Not really")))
    await ready.run_due()

    again = await only_case(ready)
    assert closed is CaseState.CLOSED
    assert "How is it now?" in question
    assert "open again" in answer
    assert (again.state, again.owner_id) == (CaseState.OPEN, None)
    assert "Opened again" in said(ready)


async def test_the_question_stands_on_the_persons_own_panel_too(ready: World) -> None:
    card = await take(ready)
    await propose(ready, card)
    ana = ready.person("ana")

    asked = await ana.click(personal(ready).history()[0], label="Message the team")
    question = texts(shown(asked))
    thanked = await ana.click(shown(asked), label="Yes, it's settled")

    assert "if it is settled for you" in question
    assert "Your request is closed" in texts(shown(thanked))


async def test_after_three_days_of_silence_a_button_appears_for_a_clinician(
    ready: World,
) -> None:
    card = await take(ready)
    await propose(ready, card)

    await ready.advance(3 * DAY + 60)
    news = next(
        message
        for message in reversed(channel(ready, PlaceKey.CHANNEL_STAFF).history())
        if "Close without an answer" in labels(message)
    )
    refused = await ready.person("moderator").click(news, label="Close without an answer")
    refused = await ready.person("moderator").submit_modal(refused, {})
    form = await ready.person("clinician").click(news, label="Close without an answer")
    await ready.person("clinician").submit_modal(form, {"words": "No reply on any way."})

    assert "Only a clinician" in texts(shown(refused))
    assert (await only_case(ready)).state is CaseState.CLOSED


async def write_here(world: World, card: Any, name: str = "moderator") -> Any:
    """Let the owner write to the person in a thread; return the thread."""
    menu = await more(world, card, name)
    await world.person(name).click(menu, label="Write to them here")
    return channel(world, PlaceKey.CHANNEL_PERSONAL).threads[-1]


async def in_it(world: World, thread: Any) -> set[int]:
    """Return who is in a thread besides the bot and can see its parent."""
    found = world.app.bot.get_channel(thread.id) or await world.app.bot.fetch_channel(thread.id)
    members = [await found.guild.fetch_member(one.id) for one in await found.fetch_members()]
    return {
        one.id for one in members if not one.bot and found.parent.permissions_for(one).view_channel
    }


async def test_the_owner_and_the_person_write_in_a_thread_of_their_own(ready: World) -> None:
    card = await take(ready)

    thread = await write_here(ready, card)
    opened = shown(await ready.person("ana").click(thread.last_message, label="Open"))

    ana, moderator = ready.person("ana"), ready.person("moderator")
    assert await in_it(ready, thread) == {ana.id, moderator.id}
    assert thread.name == "Conversation"
    assert thread.last_message.content == "You have a note."
    assert "Who sees it: you" in texts(opened)
    with pytest.raises((simcord.SetupError, simcord.BackendError)):
        await ready.person("clinician").send(thread, "hello")


async def test_closing_takes_the_thread_out_of_the_teams_sight(ready: World) -> None:
    card = await take(ready)
    thread = await write_here(ready, card)
    await propose(ready, card)

    await ready.app.services.case_closing.settled(
        (await only_case(ready)).id, ready.person("ana").id
    )
    await ready.run_due()

    found = await ready.app.bot.fetch_channel(thread.id)
    assert await in_it(ready, thread) == {ready.person("ana").id}
    assert found.locked


async def test_handed_over_the_thread_goes_to_the_new_owner(ready: World) -> None:
    card = await take(ready)
    thread = await write_here(ready, card)
    menu = await more(ready, card)
    hand = shown(await ready.person("moderator").click(menu, label="Hand over"))
    await ready.person("moderator").select(hand, [str(ready.person("clinician").id)])
    await ready.run_due()
    offer = next(
        message
        for message in reversed(channel(ready, PlaceKey.CHANNEL_STAFF).history())
        if "I take it over" in labels(message)
    )
    await ready.person("clinician").click(offer, label="I take it over")
    await ready.run_due()
    between = await in_it(ready, thread)

    same = await write_here(ready, card, "clinician")

    assert between == {ready.person("ana").id}
    assert same.id == thread.id
    assert await in_it(ready, same) == {ready.person("ana").id, ready.person("clinician").id}


async def test_a_thread_that_was_deleted_is_made_anew(ready: World) -> None:
    card = await take(ready)
    thread = await write_here(ready, card)
    await (await ready.app.bot.fetch_channel(thread.id)).delete()
    await ready.env.settle()

    anew = await write_here(ready, card)

    assert anew.id != thread.id


async def test_a_thread_that_a_stop_cut_off_is_finished_at_the_next_press(ready: World) -> None:
    card = await take(ready)
    services, case = ready.app.services, await only_case(ready)
    parent = ready.app.bot.get_channel(channel(ready, PlaceKey.CHANNEL_PERSONAL).id)
    begun = await parent.create_thread(name="begun", type=discord.ChannelType.private_thread)
    owner = await services.staff.enrolled(ready.person("moderator").id)
    await services.case_circle.keep_thread(case, begun.id, owner)
    for one in (ready.person("ana"), ready.person("moderator")):
        member = parent.guild.get_member(one.id)
        await parent.set_permissions(member, view_channel=True)

    thread = await write_here(ready, card)

    assert thread.id == begun.id
    assert await in_it(ready, thread) == {ready.person("ana").id, ready.person("moderator").id}


async def test_a_thread_outlives_a_restart_that_tidies_up(ready: World) -> None:
    card = await take(ready)
    thread = await write_here(ready, card)
    await ready.advance(3600)

    await ready.restart()

    assert await in_it(ready, thread) == {ready.person("ana").id, ready.person("moderator").id}


async def test_who_left_the_server_cannot_be_written_to(ready: World) -> None:
    card = await take(ready)
    ready.guild.remove_member(ready.person("ana").user)
    await ready.env.settle()

    menu = await more(ready, card)
    refused = await ready.person("moderator").click(menu, label="Write to them here")
    found = await ready.person("moderator").slash(
        channel(ready, PlaceKey.CHANNEL_STAFF), "care case", ref=(await only_case(ready)).ref
    )

    assert "They are not in the server" in texts(shown(refused))
    assert "They have left the server" in texts(shown(found))


async def test_a_long_queue_is_turned_page_by_page(ready: World) -> None:
    for number in range(20):
        await ready.app.services.cases.ask(1000 + number, CaseSource.ASK)
    moderator, staff = ready.person("moderator"), channel(ready, PlaceKey.CHANNEL_STAFF)

    first = shown(await moderator.slash(staff, "care queue"))
    whole = texts(first)
    second = await moderator.click(first, label="Later")

    assert "Page 1 of 2, 21 in all" in whole
    assert "Page 2 of 2" in texts(shown(second))


async def test_every_button_has_a_command(ready: World) -> None:
    staff, moderator = channel(ready, PlaceKey.CHANNEL_STAFF), ready.person("moderator")
    ref = (await only_case(ready)).ref
    group = ready.app.bot.tree.get_command("care")

    offered = await moderator.autocomplete(staff, "care claim", "ref", ref[:2].lower())
    await moderator.slash(staff, "care claim", ref=ref)
    await moderator.slash(staff, "care contacted", ref=ref)
    await moderator.slash(staff, "care backup", ref=ref)
    await moderator.slash(staff, "care busy", ref=ref)
    note_form = await moderator.slash(staff, "care note", ref=ref)
    rated = await moderator.slash(staff, "care severity", ref=ref, level="soon")
    opened = await moderator.slash(staff, "care open", ref=ref)
    handed = await moderator.slash(
        staff, "care handto", ref=ref, colleague=ready.person("clinician")
    )

    assert len(group.commands) <= 25
    assert offered[0]["value"] == ref
    assert "words" in fields(note_form)
    assert "Soon" in texts(shown(rated))
    assert ready.person("ana").mention in texts(shown(opened))
    assert "is offered to" in texts(shown(handed))
    case = await only_case(ready)
    assert case.backup_asked_at is not None
    assert case.busy_until is None or case.busy_until > case.opened_at


async def test_an_opening_is_on_the_persons_own_list(ready: World) -> None:
    card = await take(ready)
    await ready.person("moderator").click(card, label="Open")
    ana = await ready.app.services.participants.find(ready.person("ana").id)

    openings = await ready.app.services.own_data.access(ana)

    assert [(one.what, one.by) for one in openings] == [("case", ready.person("moderator").id)]


async def test_who_lost_their_role_in_the_team_presses_in_vain(ready: World) -> None:
    card = await take(ready)
    menu = await more(ready, card)
    await ready.app.services.team.let_go(ready.person("moderator").id, by=owner_of(ready).id)

    refused = await ready.person("moderator").click(menu, label="With someone now (+15 min)")

    assert "care team" in texts(shown(refused))
    assert (await only_case(ready)).busy_until is None
