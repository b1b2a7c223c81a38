"""A request that nobody takes: who is rung, who is called, and what its person is told."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import simcord

from bot.domain.case import Severity
from bot.domain.ladder import ClockState
from bot.domain.oncall import Rules
from bot.domain.place import PlaceKey
from bot.domain.staff import StaffRole
from tests.fakes.care import channel, joined, on_duty, page
from tests.fakes.outside import Hook, Mailbox, a_hook, a_mailbox
from tests.fakes.server import owner_of, set_up
from tests.fakes.simulation import World, labels, shown, simulated, texts

MINUTE = 60


@pytest.fixture
async def ready(world: World) -> World:
    """A server that is set up, with Ana as a participant."""
    await set_up(world)
    await joined(world, "ana")
    return world


@dataclass
class Wired:
    """A programme that calls people outside of Discord."""

    world: World
    hook: Hook
    mailbox: Mailbox


@pytest.fixture
async def wired(tmp_path: Path) -> AsyncIterator[Wired]:
    async with (
        a_hook() as hook,
        a_mailbox() as mailbox,
        simulated(
            tmp_path,
            outside_webhook=hook.url,
            outside_mail_to="night@example.org",
            smtp_host="127.0.0.1",
            smtp_port=mailbox.port,
            smtp_security="none",
            smtp_from="interlude@example.org",
        ) as world,
    ):
        await set_up(world)
        await joined(world, "ana")
        yield Wired(world=world, hook=hook, mailbox=mailbox)


async def ask(world: World, severity: Severity = Severity.NOW, name: str = "ana") -> str:
    """Let somebody ask for a person; the request's ID."""
    outcome = await world.app.services.cases.ask(world.person(name).id, severity=severity)
    await world.run_due()
    return outcome.case_id


def staff_cards(world: World, key: PlaceKey = PlaceKey.CHANNEL_STAFF) -> list[str]:
    """Return what the requests' cards in a staff channel say, the oldest first."""
    cards = [texts(message) for message in channel(world, key).history() if labels(message)]
    return [card for card in cards if "Request **" in card]


async def open_note(world: World, name: str = "ana") -> str:
    """Let a participant open the last note in their thread."""
    [thread] = channel(world, PlaceKey.CHANNEL_PERSONAL).threads
    return texts(shown(await world.person(name).click(thread.last_message, label="Open")))


def notes(world: World) -> int:
    """Count the notes in the only participant's thread."""
    [thread] = channel(world, PlaceKey.CHANNEL_PERSONAL).threads
    return [message.content for message in thread.history()].count("You have a note.")


async def test_at_thirteen_past_two_with_nobody_on_call_it_waits_and_says_so(ready: World) -> None:
    await ready.advance(2 * 60 * MINUTE + 13 * MINUTE)
    moderator, clinician = ready.person("moderator"), ready.person("clinician")

    await ask(ready)
    told = await open_note(ready)
    for _ in range(6):
        await ready.advance(60 * MINUTE)
    at_night = staff_cards(ready)
    await on_duty(ready)
    await ready.run_due()

    assert "No one is on" in told
    assert "988" in told
    assert notes(ready) == 1
    assert len(at_night) == 1
    assert "No one is on duty." in at_night[0]
    for person in (moderator, clinician, owner_of(ready)):
        assert person.mention not in at_night[0]
    in_the_morning = staff_cards(ready)
    assert len(in_the_morning) == 2
    assert moderator.mention in in_the_morning[1]


async def test_to_the_last_rung_across_restarts_it_calls_outside_once_a_step(wired: Wired) -> None:
    world = wired.world
    await on_duty(world)
    await on_duty(world, "clinician")
    await ask(world)

    for minutes in (2, 2, 1, 5):
        await world.advance(minutes * MINUTE)
        await world.restart()
        await world.run_due()

    cards = staff_cards(world)
    leads = staff_cards(world, PlaceKey.CHANNEL_LEAD)
    ref = (await world.app.stores.cases.unclosed())[0].ref
    said = f"A request marked Now ({ref}) has waited 10 minutes. Open Discord."
    assert len(cards) == 4
    assert "Nobody has taken it for 5 minutes." in cards[2]
    assert len(leads) == 2
    assert [call["text"] for call in wired.hook.calls] == [said]
    [letter] = wired.mailbox.letters
    assert letter.get_payload(decode=True).decode().strip() == said
    assert wired.mailbox.to == ["night@example.org"]
    assert notes(world) == 2
    assert "No one is available now" in await open_note(world)


async def test_a_call_out_that_fails_is_told_and_tried_again(wired: Wired) -> None:
    world, hook = wired.world, wired.hook
    hook.status = 500

    await ask(world)
    alert = texts(channel(world, PlaceKey.CHANNEL_LEAD).last_message)
    hook.status = 204
    await world.advance(20)

    assert "does not answer" in alert
    assert len(hook.calls) == 1
    assert len(wired.mailbox.letters) == 1


async def test_a_call_out_that_waits_goes_to_nobody_who_was_kept_apart_since(
    wired: Wired,
) -> None:
    world, hook = wired.world, wired.hook
    hook.status = 500
    await ask(world)
    alerts = len(channel(world, PlaceKey.CHANNEL_LEAD).history())
    moderator = world.person("moderator").id
    [case] = await world.app.stores.cases.unclosed()
    assert case.ref not in str(hook.calls)

    await world.app.services.duty.keep_apart(moderator, case.user_id)
    hook.status = 204
    await world.advance(20)

    assert hook.calls == []
    told = channel(world, PlaceKey.CHANNEL_LEAD).history()[alerts:]
    assert not any("does not answer" in texts(message) for message in told)


async def test_a_partner_on_the_team_learns_nothing_at_any_rung(wired: Wired) -> None:
    world = wired.world
    moderator, ana = world.person("moderator"), world.person("ana")
    await on_duty(world)
    await on_duty(world, "clinician")
    await world.app.services.duty.keep_apart(moderator.id, ana.id)
    before = len(channel(world, PlaceKey.CHANNEL_STAFF).history())

    await ask(world)
    for _ in range(5):
        await world.advance(5 * MINUTE)

    assert len(channel(world, PlaceKey.CHANNEL_STAFF).history()) == before
    assert wired.hook.calls == []
    assert wired.mailbox.letters == []
    for card in staff_cards(world, PlaceKey.CHANNEL_LEAD):
        assert moderator.mention not in card
    with pytest.raises(simcord.SetupError):
        channel(world, PlaceKey.CHANNEL_LEAD).history(viewer=moderator)


async def test_claimed_by_two_at_once_one_has_it_and_the_ladder_stops(ready: World) -> None:
    await on_duty(ready)
    case_id = await ask(ready)
    desk, staff = ready.app.services.case_desk, ready.app.services.staff
    members = [await staff.enrolled(ready.person(name).id) for name in ("moderator", "clinician")]

    results = await asyncio.gather(
        *(desk.claim(case_id, member) for member in members), return_exceptions=True
    )
    await ready.advance(14 * MINUTE)

    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert len(staff_cards(ready)) == 1
    assert notes(ready) == 1
    assert "picked it up" in await open_note(ready)
    assert (await ready.app.stores.case_clocks.get(case_id)).state is ClockState.UNCONTACTED


async def test_claimed_and_not_written_it_is_rung_again(ready: World) -> None:
    await on_duty(ready)
    await ask(ready)
    await ready.person("moderator").click(await page(ready), label="I have it")

    await ready.advance(15 * MINUTE)

    last = channel(ready, PlaceKey.CHANNEL_STAFF).last_message
    assert "did not write in time" in texts(last)
    assert "I have it" in labels(last)
    assert "No one has it" in await open_note(ready)


async def test_help_now_under_an_owner_rings_until_they_say_they_wrote(ready: World) -> None:
    await on_duty(ready)
    case_id = await ask(ready, Severity.TODAY)
    moderator = ready.person("moderator")
    card = await page(ready)
    await moderator.click(card, label="I have it")
    await moderator.click(card, label="Contacted")

    await ask(ready, Severity.NOW)
    await ask(ready, Severity.NOW)
    await ready.advance(2 * MINUTE)
    rung = staff_cards(ready)
    await moderator.click(channel(ready, PlaceKey.CHANNEL_STAFF).last_message, label="Contacted")
    await ready.advance(60 * MINUTE)

    assert len(rung) == 3
    assert "asked again 2 minutes ago" in rung[2]
    assert moderator.mention in rung[2]
    assert len(staff_cards(ready)) == 3
    assert (await ready.app.stores.cases.get(case_id)).severity is Severity.TODAY


async def test_a_page_the_channel_refuses_goes_to_the_next_rung_and_the_leads(
    ready: World, caplog: pytest.LogCaptureFixture
) -> None:
    await on_duty(ready)
    staff = channel(ready, PlaceKey.CHANNEL_STAFF)
    ready.env.inject_error("POST", f"/channels/{staff.id}/messages", status=500, times=1)

    case_id = await ask(ready)
    await ready.run_due()

    assert len(staff_cards(ready, PlaceKey.CHANNEL_LEAD)) == 1
    assert (await ready.app.stores.case_clocks.get(case_id)).fired == 1
    caplog.clear()


async def test_where_the_teams_channel_is_closed_the_leads_read_who_asked(
    ready: World, caplog: pytest.LogCaptureFixture
) -> None:
    staff = channel(ready, PlaceKey.CHANNEL_STAFF)
    path = f"/channels/{staff.id}/messages"
    ready.env.inject_error("POST", path, status=403, code=50013, times=1)

    await ask(ready, Severity.TODAY)
    ready.person("ben")
    await ask(ready, Severity.TODAY, "ben")

    leads = [texts(message) for message in channel(ready, PlaceKey.CHANNEL_LEAD).history()]
    assert sum("Request **" in card for card in leads) == 2
    assert any("not allowed to write" in card for card in leads)
    caplog.clear()


async def test_the_thread_of_a_case_deleted_by_hand_is_made_again(ready: World) -> None:
    lead_channel = await kept_from_a_lead(ready)
    await ready.app.services.duty.go_on(ready.person("second lead").id)
    await ask(ready)
    [first] = lead_channel.threads
    await ready.app.bot.get_channel(first.id).delete()
    await ready.env.settle()

    await ready.advance(2 * MINUTE)

    [second] = lead_channel.threads
    assert second.id != first.id
    assert "Request **" in texts(second.last_message)


async def test_a_lead_who_cannot_be_added_makes_no_second_thread(
    ready: World, caplog: pytest.LogCaptureFixture
) -> None:
    lead_channel = await kept_from_a_lead(ready)
    who = ready.person("second lead")
    ready.env.inject_error("PUT", f"/channels/*/thread-members/{who.id}", status=500, times=1)

    await ask(ready)
    await ready.advance(2 * MINUTE)

    [thread] = lead_channel.threads
    members = await ready.app.bot.get_channel(thread.id).fetch_members()
    assert who.id in {member.id for member in members}
    caplog.clear()


async def kept_from_a_lead(world: World) -> simcord.ChannelHandle:
    """Let Ana's requests be kept from the owner, who is a lead; a second lead may see them."""
    services = world.app.services
    other = world.person("second lead")
    await services.team.enrol(other.id, StaffRole.LEAD, by=owner_of(world).id)
    await services.duty.keep_apart(owner_of(world).id, world.person("ana").id)
    return channel(world, PlaceKey.CHANNEL_LEAD)


async def test_a_doubtful_page_is_not_taken_for_another_card_of_its_case(ready: World) -> None:
    await on_duty(ready)
    await ask(ready)
    await ready.advance(2 * MINUTE)
    # As if the process had died before the second page was sent, just after the first.
    await ready.app.database.execute(
        "UPDATE outbox SET state = 'sending', sent_at = NULL, channel_id = NULL, "
        "message_id = NULL, claimed_at = claimed_at - 121000000 WHERE key LIKE 'clock:%:1:1'"
    )
    [second] = [
        m for m in channel(ready, PlaceKey.CHANNEL_STAFF).history() if "2 minutes" in texts(m)
    ]
    await ready.app.bot.get_channel(second.channel.id).get_partial_message(second.id).delete()

    await ready.run_due()

    assert sum("2 minutes" in card for card in staff_cards(ready)) == 1


async def test_an_alert_says_who_has_read_it(
    ready: World, caplog: pytest.LogCaptureFixture
) -> None:
    staff = channel(ready, PlaceKey.CHANNEL_STAFF)
    path = f"/channels/{staff.id}/messages"
    ready.env.inject_error("POST", path, status=403, code=50013, times=1)
    await ask(ready, Severity.TODAY)
    leads = channel(ready, PlaceKey.CHANNEL_LEAD)
    [alert] = [m for m in leads.history() if "not allowed to write" in texts(m)]

    await owner_of(ready).click(alert, label="Seen")

    [read] = [message for message in leads.history() if message.id == alert.id]
    assert "has read this" in texts(read)
    assert "not allowed to write" in texts(read)
    assert labels(read) == []
    caplog.clear()


async def test_where_nobody_may_help_the_outside_number_is_shown(
    ready: World, caplog: pytest.LogCaptureFixture
) -> None:
    await ready.app.services.rota.decide(
        Rules(outside="the night line, 555 0100"), by=owner_of(ready).id
    )
    await ready.app.services.duty.keep_apart(owner_of(ready).id, ready.person("ana").id)
    ana, start = ready.person("ana"), channel(ready, PlaceKey.CHANNEL_START)
    panel = next(message for message in start.history() if labels(message))

    card = await ana.click(panel, label="Message the team")
    told = texts(shown(await ana.click(shown(card), label="Ask a person to message me")))

    assert "555 0100" in told
    caplog.clear()
