"""Reports, rehearsals and people who leave the team, as leads and the team meet them."""

from datetime import timedelta
from typing import Any

import pytest
import simcord

from bot.builder.roles import DiscordRoles
from bot.domain.case import Severity
from bot.domain.place import PlaceKey
from bot.ui.board import marker
from tests.fakes.care import channel, joined, on_duty
from tests.fakes.server import owner_of, set_up
from tests.fakes.simulation import World, labels, shown, texts


@pytest.fixture
async def ready(world: World) -> World:
    """A server that is set up, with a moderator on duty and a clinician."""
    await set_up(world)
    await on_duty(world)
    return world


def staff(world: World) -> simcord.ChannelHandle:
    return channel(world, PlaceKey.CHANNEL_STAFF)


def leads(world: World) -> simcord.ChannelHandle:
    return channel(world, PlaceKey.CHANNEL_LEAD)


def posted(world: World, place: simcord.ChannelHandle, said: str) -> list[Any]:
    """Return the messages of a channel that say something, the oldest first."""
    return [message for message in place.history() if said in texts(message)]


async def requests(world: World, count: int) -> None:
    """Let so many visitors ask for a person."""
    for number in range(count):
        await world.app.services.cases.ask(world.person(f"visitor{number}").id)


async def test_a_report_counts_what_its_reader_may_know_of(ready: World) -> None:
    services = ready.app.services
    moderator, lead = ready.person("moderator"), owner_of(ready)
    await services.duty.keep_apart(moderator.id, ready.person("visitor5").id)
    await requests(ready, 6)

    team = shown(await moderator.slash(staff(ready), "care report", week="this"))
    whole = shown(await lead.slash(staff(ready), "care report", week="this"))
    last = shown(await lead.slash(staff(ready), "care report"))

    assert "Requests opened: 5." in texts(team)
    assert "Requests opened: 6." in texts(whole)
    assert "Nobody opened a request" in texts(last)
    [picture] = team.attachments
    assert "asked for a person 5" in picture.description


async def test_monday_brings_the_leads_a_report(ready: World) -> None:
    await ready.app.services.programme.change(joining_open=True)
    await requests(ready, 5)

    await ready.advance(timedelta(days=6).total_seconds())

    [report] = posted(ready, leads(ready), "Requests from")
    assert "Requests opened: 5." in texts(report)
    assert report.attachments
    assert not posted(ready, staff(ready), "Requests from")


async def test_a_rehearsal_is_played_to_its_end(ready: World) -> None:
    await joined(ready, "ana")
    lead, moderator = owner_of(ready), ready.person("moderator")
    people = [message.id for message in channel(ready, PlaceKey.CHANNEL_PERSONAL).history()]

    await lead.slash(staff(ready), "care rehearse", play="crisis")
    await ready.run_due()
    await ready.app.draw_boards()
    [script] = posted(ready, staff(ready), "Rehearsal: A message at night")
    page = next(
        m for m in posted(ready, staff(ready), "Rehearsal · Now") if "I have it" in labels(m)
    )

    assert moderator.mention in texts(page)
    assert "nobody real" in texts(page)
    [board] = posted(ready, staff(ready), "Nothing is waiting.")
    assert marker("team") in str([part.to_dict() for part in board.components])
    assert "Rehearsal · Now: nobody has" in texts(board)

    await ready.env.advance_time(180)
    await moderator.click(page, label="I have it")
    await moderator.click(page, label="Contacted")
    stepped = await moderator.click(script, label="Done")
    assert f"Done by {moderator.mention}" in texts(await fresh(ready, script))
    refused = await moderator.click(script, label="End the rehearsal")
    await lead.click(script, label="End the rehearsal")
    await ready.run_due()

    assert stepped.acknowledged
    assert "programme lead" in texts(shown(refused))
    [summary] = posted(ready, staff(ready), "How the rehearsal went")
    assert "Until somebody had it: 3 minutes." in texts(summary)
    assert "Steps done: 1 of 6." in texts(summary)
    assert labels(await fresh(ready, script)) == []
    assert await ready.app.stores.cases.unclosed() == []
    assert [m.id for m in channel(ready, PlaceKey.CHANNEL_PERSONAL).history()] == people


async def fresh(world: World, message: Any) -> Any:
    """Return a message as it is now."""
    await world.env.settle()
    return next(one for one in staff(world).history() if one.id == message.id)


async def test_a_rehearsal_is_started_by_a_lead_one_at_a_time(ready: World) -> None:
    lead, moderator = owner_of(ready), ready.person("moderator")

    refused = await moderator.slash(staff(ready), "care rehearse", play="pause")
    await lead.slash(staff(ready), "care rehearse", play="pause")
    again = await lead.slash(staff(ready), "care rehearse", play="separation")

    assert "programme lead" in texts(shown(refused))
    assert "going on already" in texts(shown(again))
    assert len(await ready.app.stores.cases.unclosed()) == 1


async def test_who_leaves_hands_everything_back_at_once(ready: World) -> None:
    await joined(ready, "ana")
    services = ready.app.services
    moderator, clinician, lead = (
        ready.person("moderator"),
        ready.person("clinician"),
        owner_of(ready),
    )
    await on_duty(ready, "clinician")
    outcome = await services.cases.ask(ready.person("ana").id, severity=Severity.NOW)
    await ready.run_due()
    [page] = [m for m in staff(ready).history() if "I have it" in labels(m)]
    await moderator.click(page, label="I have it")
    before = len(staff(ready).history())

    said = await lead.slash(staff(ready), "people remove", user=moderator)
    await ready.run_due()

    assert "1 request waits for somebody again" in texts(shown(said))
    assert posted(ready, leads(ready), "Someone left the team")
    again = staff(ready).history()[before:]
    assert any(clinician.mention in texts(message) for message in again)
    assert not any(moderator.mention in texts(message) for message in again)
    assert not services.duty.is_on(moderator.id)
    with pytest.raises(simcord.SetupError):
        staff(ready).history(viewer=moderator)
    case = await services.case_desk.get(outcome.case_id)
    assert case.owner_id is None


async def test_roles_that_discord_keeps_are_taken_later_and_told(ready: World) -> None:
    moderator, lead = ready.person("moderator"), owner_of(ready)
    role = next(role.id for role in moderator.member.roles if role.name == "Moderator")
    path = f"/guilds/{ready.guild.id}/members/{moderator.id}/roles/{role}"
    ready.env.inject_error("DELETE", path, status=403, code=50013)

    said = await lead.slash(staff(ready), "people remove", user=moderator)
    from_old_card = await moderator.slash(staff(ready), "care queue")
    await ready.app.services.departures.retry(keeper(ready))
    await ready.run_due()

    assert "did not let me take their roles" in texts(shown(said))
    assert "Open requests" not in texts(shown(from_old_card))
    assert posted(ready, leads(ready), "Nothing is left to do")
    assert "Moderator" not in {one.name for one in moderator.member.roles}


def keeper(world: World) -> Any:
    return DiscordRoles(world.app.bot.get_guild(world.guild.id))
