"""The page's server: for this machine's own page only, with a clock one can move."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.demo.moments import tomorrow_morning
from bot.demo.server import start_site
from bot.demo.session import Session
from tests.demo.conftest import START, Hands

Client = TestClient[Any, Any]


async def told(client: Client, path: str, **asked: Any) -> dict[str, Any]:
    """Post as the page does."""
    response = await client.post(path, json={"as": "ana", **asked})
    assert response.status == 200, await response.text()
    answer: dict[str, Any] = await response.json()
    return answer


async def test_the_page_and_its_parts_are_served(client: Client) -> None:
    page = await client.get("/")
    script = await client.get("/page/page.js")

    assert "Interlude" in await page.text()
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert script.status == 200
    assert script.content_type.endswith("javascript")
    assert (await client.get("/page/../server.py")).status == 404
    assert (await client.get("/page/nothing.js")).status == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8700"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
    ],
)
async def test_another_site_can_neither_read_nor_post(
    client: Client, headers: dict[str, str]
) -> None:
    read = await client.get("/view?as=ana", headers=headers)
    posted = await client.post("/control", json={"as": "ana", "verb": "hour"}, headers=headers)

    assert read.status == 403
    assert posted.status == 403


async def test_a_form_of_another_site_is_not_taken(client: Client, session: Session) -> None:
    response = await client.post(
        "/control", data=json.dumps({"as": "ana", "verb": "down", "on": True})
    )

    assert response.status == 415
    assert not session.is_down


async def test_the_server_listens_on_this_machine_and_finds_a_free_port(
    session: Session,
) -> None:
    first, taken = await start_site(session, 0)
    second, other = await start_site(session, taken)

    assert taken != other
    assert {address[0] for runner in (first, second) for address in runner.addresses} == {
        "127.0.0.1"
    }
    await first.cleanup()
    await second.cleanup()


async def test_unknown_personas_places_and_buttons_are_refused(client: Client) -> None:
    assert (await client.get("/view?as=nobody")).status == 404
    assert (await client.get("/commands?as=ana&place=17")).status == 404
    assert (await client.post("/control", json={"as": "ana", "verb": "fly"})).status == 400
    assert (await client.post("/do", json=[1])).status == 400


async def test_an_action_is_seen_in_the_next_view(client: Client, hands: Hands) -> None:
    place = hands.place("ana", "general")

    assert await told(client, "/do", verb="send", place=place, text="hello") == {"ok": True}

    view = await (await client.get(f"/view?as=ben&place={place}")).json()
    assert view["messages"][0]["content"] == "hello"
    refused = await told(client, "/do", verb="send", place=place, text="")
    assert refused["error"].startswith("Discord would not take this")


async def test_pictures_are_shown_and_other_files_are_downloads(
    client: Client, hands: Hands
) -> None:
    await hands.do("ana", "slash", name="thread")
    (message,) = hands.seen("ana", "own-ana")
    url = message["attachments"][0]["url"]

    own = await client.get(url)

    assert own.content_type == "image/png"
    assert own.headers["X-Content-Type-Options"] == "nosniff"
    assert (await client.get(url.replace("/ana/", "/ben/"))).status == 404
    place = hands.place("ana", "general")
    page = {"name": "a.html", "data": "PGI+"}
    await told(client, "/do", verb="send", place=place, text="", files=[page])
    html = await client.get(hands.seen("ana")[-1]["attachments"][0]["url"])
    assert html.content_type == "application/octet-stream"
    assert html.headers["Content-Disposition"].startswith("attachment")


async def test_an_hour_passes_in_quarters_with_due_work_done(
    client: Client, session: Session
) -> None:
    app: Any = session.app

    await told(client, "/control", verb="hour")

    assert session.now() == START + timedelta(hours=1)
    assert app.ran_at[-4:] == [START + timedelta(minutes=15 * step) for step in range(1, 5)]


async def test_tomorrow_morning_is_nine_where_the_person_lives(
    client: Client, session: Session
) -> None:
    await told(client, "/control", verb="morning")

    assert session.now() == datetime(2026, 3, 3, 14, 0, tzinfo=UTC)


def test_tomorrow_morning_knows_the_hour_that_is_skipped() -> None:
    before = datetime(2026, 3, 7, 20, 0, tzinfo=UTC)

    assert tomorrow_morning(before, "America/New_York") == datetime(2026, 3, 8, 13, tzinfo=UTC)


async def test_a_week_passes(client: Client, session: Session) -> None:
    await told(client, "/control", verb="week")

    assert session.now() == START + timedelta(weeks=1)


async def test_a_restart_opens_a_new_bot_that_answers(
    client: Client, session: Session, hands: Hands
) -> None:
    before = session.app.bot

    await told(client, "/control", verb="restart")
    await hands.do("ana", "slash", name="whisper")

    assert session.app.bot is not before
    assert hands.seen("ana")[-1]["content"] == "a secret of ana"


async def test_closed_messages_are_closed_for_this_person_and_open_again(
    client: Client, hands: Hands
) -> None:
    await told(client, "/control", verb="dms", on=True)
    await hands.do("ana", "slash", name="write")
    await hands.do("ben", "slash", name="write")

    assert hands.seen("ana")[-1]["content"] == "Your messages are closed."
    assert hands.seen("ben")[-1]["content"] == "Sent."

    await told(client, "/control", verb="dms", on=False)
    await hands.do("ana", "slash", name="write")
    assert hands.seen("ana")[-1]["content"] == "Sent."


async def test_discord_is_down_until_the_button_is_pressed_again(
    client: Client, hands: Hands
) -> None:
    place = hands.place("ana", "general")

    await told(client, "/control", verb="down", on=True)
    failed = await told(client, "/do", verb="slash", place=place, name="whisper")
    await told(client, "/control", verb="down", on=False)
    answered = await told(client, "/do", verb="slash", place=place, name="whisper")

    assert failed == {"ok": True, "failed": True}
    assert answered == {"ok": True}


async def test_the_event_log_names_calls_and_failures_but_no_text(
    client: Client, hands: Hands
) -> None:
    await hands.do("ana", "send", text="very private words")
    await hands.do("ana", "slash", name="whisper")

    log = await (await client.get("/journal?since=0")).json()

    assert {"kind": "gateway", "name": "MESSAGE_CREATE", "about": "Ana · #general"} in log["lines"]
    assert any(line["kind"] == "http" for line in log["lines"])
    assert "private words" not in str(log)
    assert "secret" not in str(log)
    assert (await (await client.get(f"/journal?since={log['next']}")).json())["lines"] == []


async def test_pages_are_told_when_something_changes(client: Client, hands: Hands) -> None:
    async with client.get("/events") as stream:
        first = json.loads((await stream.content.readline()).removeprefix(b"data: "))
        await stream.content.readline()
        await hands.do("ana", "send", text="hello")
        second = json.loads((await stream.content.readline()).removeprefix(b"data: "))

        assert second["version"] > first["version"]
        assert second["clock"]["now"] == START.isoformat()
        hands.session.closing = True
        hands.session.tick()
