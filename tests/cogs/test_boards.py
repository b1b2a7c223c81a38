"""The live boards as the team meets them."""

from typing import Any

import pytest

from bot.domain.board import BoardName
from bot.domain.case import CaseSource, Severity
from bot.domain.place import PlaceKey
from bot.ui.board import marker
from tests.fakes.care import channel, joined, on_duty, panel
from tests.fakes.server import owner_of, set_up
from tests.fakes.simulation import World, labels, shown, texts


@pytest.fixture
async def ready(world: World) -> World:
    """A server that is set up, with a moderator, a clinician and a participant."""
    await set_up(world)
    await joined(world, "ana")
    return world


def boards(world: World, name: BoardName = BoardName.TEAM) -> list[Any]:
    """Return every message that is a board of this name."""
    key = PlaceKey.CHANNEL_STAFF if name is BoardName.TEAM else PlaceKey.CHANNEL_LEAD
    return [
        message
        for message in channel(world, key).history()
        if marker(name) in str([component.to_dict() for component in message.components])
    ]


async def board(world: World, name: BoardName = BoardName.TEAM) -> Any:
    """Draw the boards and return the only one of a name."""
    await world.app.draw_boards()
    await world.env.settle()
    [message] = boards(world, name)
    return message


async def asked(world: World, severity: Severity = Severity.TODAY) -> Any:
    """Let the participant ask for a person."""
    outcome = await world.app.services.cases.ask(world.person("ana").id, severity=severity)
    return outcome.case


async def test_the_board_shows_requests_without_their_people(ready: World) -> None:
    await on_duty(ready)
    case = await asked(ready)

    message = await board(ready)

    shown_text = texts(message)
    assert case.ref in shown_text
    assert "nobody has it yet" in shown_text
    assert "Today: 1" in shown_text
    assert f"On duty: {ready.person('moderator').mention}." in shown_text
    assert "P-104" not in shown_text
    assert ready.person("ana").mention not in shown_text
    assert message.pinned


async def test_who_has_what_is_named_and_not_rung(ready: World) -> None:
    case = await asked(ready)
    member = await ready.app.services.staff.enrolled(ready.person("moderator").id)
    await ready.app.services.case_desk.claim(case.id, member)

    message = await board(ready)

    assert f"{ready.person('moderator').mention} took it" in texts(message)
    [posted] = [body for _, body in requests(ready, "POST") if marker("team") in str(body)]
    assert posted["allowed_mentions"] == {"parse": [], "users": []}


async def test_an_unclaimed_p1_comes_first_and_loudest(ready: World) -> None:
    await asked(ready)
    await joined(ready, "ben", "P-105")
    urgent = await ready.app.services.cases.ask(
        ready.person("ben").id, CaseSource.ASK, Severity.NOW
    )

    shown_text = texts(await board(ready))

    assert f"## Now: nobody has **{urgent.case.ref}** yet" in shown_text
    assert shown_text.index(urgent.case.ref) == min(
        shown_text.index(row.case.ref)
        for row in (await ready.app.services.board.look(BoardName.TEAM)).rows
    )


async def test_a_row_opens_the_request(ready: World) -> None:
    case = await asked(ready)
    message = await board(ready)

    opened = await ready.person("moderator").select(message, [case.id], custom_id="case:v1:pick")

    assert "I have it" in labels(shown(opened))
    assert "ID P-104" in texts(shown(opened))


async def test_changes_in_one_moment_become_one_edit(ready: World) -> None:
    message = await board(ready)

    case = await asked(ready)
    await ready.app.draw_boards()
    at_once = edits(ready, message)
    await ready.env.advance_time(6)
    await joined(ready, "ben", "P-105")
    await ready.app.services.cases.ask(ready.person("ben").id)
    again = await board(ready)

    assert at_once == 0
    assert edits(ready, message) == 1
    assert again.id == message.id
    assert case.ref in texts(again)
    assert "Today: 2" in texts(again)


async def test_what_has_not_changed_is_not_edited(ready: World) -> None:
    message = await board(ready)

    await ready.env.advance_time(3600)
    await board(ready)

    assert edits(ready, message) == 0


async def test_a_deleted_board_is_posted_anew(ready: World) -> None:
    message = await board(ready)

    await message.delete()
    await ready.env.settle()
    await ready.env.advance_time(6)
    again = await board(ready)

    assert again.id != message.id


async def test_a_board_deleted_while_the_bot_was_down_is_posted_anew(ready: World) -> None:
    message = await board(ready)
    await ready.stack.aclose()
    await message.delete()
    await ready.restart()

    again = await board(ready)

    assert again.id != message.id


async def test_one_board_after_two_days_down(ready: World) -> None:
    message = await board(ready)
    case = await asked(ready)

    await ready.stack.aclose()
    await ready.env.advance_time(2 * 86400)
    await ready.restart()
    again = await board(ready)

    assert again.id == message.id
    assert case.ref in texts(again)


async def test_the_staff_panel_leads_to_the_board_and_is_none(ready: World) -> None:
    case = await asked(ready)
    message = await board(ready)

    own = await ready.person("moderator").click(panel(ready, PlaceKey.CHANNEL_STAFF), label="Board")

    assert message.id != ready.app.services.places.get(PlaceKey.PANEL_STAFF)
    assert case.ref in texts(shown(own))
    assert labels(shown(own)) == ["My cases", "On duty", "Open requests"]


async def test_a_kill_between_posting_and_keeping_leaves_one_board(ready: World) -> None:
    message = await board(ready)
    await ready.app.stores.live_messages.drop(message.id)
    await ready.restart()

    again = await board(ready)

    assert again.id == message.id


async def test_a_request_a_moderator_must_not_see_is_only_among_leads(ready: World) -> None:
    services = ready.app.services
    await services.duty.keep_apart(ready.person("moderator").id, ready.person("ana").id)
    case = await asked(ready, Severity.NOW)

    team, leads = await board(ready), await board(ready, BoardName.LEADS)

    assert "Nothing is waiting." in texts(team)
    assert case.ref not in texts(team)
    assert case.id not in str([part.to_dict() for part in team.components])
    assert case.ref in texts(leads)


async def test_a_conflict_named_later_takes_a_request_off_the_board(ready: World) -> None:
    case = await asked(ready)
    assert case.ref in texts(await board(ready))

    services = ready.app.services
    await services.duty.keep_apart(ready.person("moderator").id, ready.person("ana").id)
    await ready.env.advance_time(301)

    assert case.ref not in texts(await board(ready))
    assert case.ref in texts(await board(ready, BoardName.LEADS))


async def test_what_not_every_lead_may_know_is_on_no_board(ready: World) -> None:
    services = ready.app.services
    await services.duty.keep_apart(owner_of(ready).id, ready.person("ana").id)
    case = await asked(ready, Severity.NOW)

    for name in BoardName:
        assert case.ref not in texts(await board(ready, name))


async def test_a_copy_is_for_who_is_on_the_team(ready: World) -> None:
    case = await asked(ready)
    message = await board(ready)
    moderator = ready.person("moderator")

    own = await moderator.click(message, label="In my language")
    await ready.app.services.team.let_go(moderator.id, by=owner_of(ready).id)
    late = await moderator.click(message, label="In my language")

    assert case.ref in texts(shown(own))
    assert case.ref not in texts(shown(late))


def requests(world: World, method: str) -> list[tuple[str, Any]]:
    """Return the path and body of every request the bot made with a method."""
    return [
        (request.path, request.json)
        for request in world.env.http_requests
        if request.method == method
    ]


def edits(world: World, message: Any) -> int:
    """Count the edits of a message."""
    return sum(path.endswith(f"/messages/{message.id}") for path, _ in requests(world, "PATCH"))
