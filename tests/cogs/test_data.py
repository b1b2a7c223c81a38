"""One's own data, as participants meet it."""

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.domain.audit import Opened, Subject
from bot.domain.participant import Delivery
from tests.cogs.own_data import SECRET, Owner, answer, owner
from tests.fakes.joined import own_thread
from tests.fakes.server import lobby
from tests.fakes.simulation import World, labels, shown, texts

DAY = timedelta(days=1).total_seconds()


@pytest.fixture
async def ana(world: World) -> Owner:
    return await owner(world)


async def take_along(ana: Owner) -> dict[str, bytes]:
    """Press through to the files, by their endings."""
    await ana.slash("my-data export")
    await ana.press("data.export.make")
    files = {one.filename.rpartition(".")[2]: one for one in ana.card.attachments}
    return {ending: await one.read() for ending, one in files.items()}


class Outline(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def outline(page: bytes) -> list[tuple[str, dict[str, str | None]]]:
    reader = Outline()
    reader.feed(page.decode())
    return reader.tags


async def test_the_panel_leads_to_everything(ana: Owner) -> None:
    await ana.slash("menu")
    await ana.press("panel.more")
    await ana.press("panel.entry.data")

    assert labels(ana.card) == [
        "Take it along", "Who opened it", "Clear messages", "Delete everything",
        "Back", "Help now",
    ]  # fmt: skip


async def test_the_files_come_only_after_a_plain_warning_and_to_the_person_alone(
    ana: Owner,
) -> None:
    result = await ana.slash("my-data export")
    assert "pass through Discord" in texts(ana.card)
    assert "hand you the files in person" in texts(ana.card)
    assert ana.card.attachments == []
    assert result.ephemeral

    made = await ana.press("data.export.make")

    assert made.ephemeral or ana.card.flags.ephemeral
    assert len(ana.card.attachments) == 2


async def test_the_file_for_programs_holds_every_store(ana: Owner) -> None:
    await answer(ana)
    me = await ana.me()

    data = json.loads((await take_along(ana))["json"])

    rows = {section["name"]: section["rows"] for section in data["sections"]}
    assert data["participant"] == me.id
    assert data["code"] == me.code
    assert not data["with_safety_items"]
    assert rows["participants"][0]["user_id"] == ana.person.id
    assert rows["checkins"][0]["texts"] == {"note": SECRET}
    assert rows["checkins"][0]["answered_at"].startswith("2026-01-01T")
    assert {row["kind"] for row in rows["consents"]} == {"daily_prompts"}
    assert rows["schedules"]
    assert rows["outbox"]


async def test_the_page_is_whole_by_itself_and_says_what_was_typed(ana: Owner) -> None:
    await answer(ana)

    page = (await take_along(ana))["html"]

    text = page.decode()
    assert "I was &lt;b&gt;angry&lt;/b&gt; &amp; sad" in text
    assert '<dt>How are you?</dt><dd dir="auto">Bad</dd>' in text
    assert "January 1, 2026" in text
    assert "prefers-color-scheme: dark" in text
    assert not re.search(r"https?://|url\(|@import", text)
    tags = [tag for tag, _ in outline(page)]
    assert not {"script", "img", "link", "iframe", "form"} & set(tags)


async def test_the_page_can_be_read_by_a_screen_reader(ana: Owner) -> None:
    await answer(ana)
    page = (await take_along(ana))["html"]

    tags = outline(page)
    ids = {attrs["id"] for _, attrs in tags if "id" in attrs}
    links = {str(attrs["href"]).removeprefix("#") for tag, attrs in tags if tag == "a"}

    assert ("html", {"lang": "en"}) in tags
    assert [tag for tag, _ in tags].count("h1") == 1
    assert [tag for tag, _ in tags].count("table") == [tag for tag, _ in tags].count("caption")
    assert all("scope" in attrs for tag, attrs in tags if tag == "th")
    assert links <= ids
    assert all(attrs.get("aria-label") for _, attrs in tags if attrs.get("role") == "region")


async def test_the_page_in_spanish(world: World) -> None:
    luz = await owner(world, "luz", locale="es")
    await answer(luz)

    text = (await take_along(luz))["html"].decode()

    assert '<html lang="es">' in text
    assert "Tus respuestas del día" in text
    assert '<dt>¿Cómo estás?</dt><dd dir="auto">Mal</dd>' in text
    assert "1 de enero de 2026" in text


async def test_someone_on_their_way_in_may_take_their_data_and_a_stranger_may_not(
    ana: Owner,
) -> None:
    world = ana.world
    refused = await world.person("zoe").slash(lobby(world), "my-data export")

    assert "people who have joined" in texts(shown(refused))


async def test_what_others_told_is_left_out_alike(ana: Owner) -> None:
    world = ana.world
    services = world.app.services
    files_before = await take_along(ana)
    bo = await owner(world, "bo")
    told = await services.cases.raise_concern(
        bo.person.id, reason="other", text="ana worries me", about_id=ana.person.id
    )
    await services.access.record(
        Subject.staff(world.person("clinician").id), Subject.case(told.case.id), Opened.CASE
    )

    files_after = await take_along(ana)
    await ana.slash("my-data access")

    def bare(file: bytes) -> Any:
        sections = json.loads(file)["sections"]
        return [one for one in sections if one["name"] not in ("outbox", "schedules")]

    assert bare(files_after["json"]) == bare(files_before["json"])
    assert "Nobody opened anything" in texts(ana.card)


async def test_the_notes_of_the_team_are_not_in_the_files(ana: Owner) -> None:
    world = ana.world
    services = world.app.services
    await services.cases.ask(ana.person.id, detail="please call me")
    (case,) = await services.cases.own_requests(ana.person.id)
    clinician = await services.staff.enrolled(world.person("clinician").id)
    await services.case_desk.note(case.id, clinician, "the team's own thoughts")

    files = await take_along(ana)
    whole = await services.own_data.export_whole(await ana.me())

    assert case.ref.encode() in files["json"]
    assert b"own thoughts" not in files["json"] + files["html"]
    safety = [section for section in whole.sections if section.is_safety]
    assert [row["note"] for row in safety[0].rows] == ["please call me", "the team's own thoughts"]


async def test_who_opened_what(ana: Owner) -> None:
    world = ana.world
    services, me = world.app.services, await ana.me()
    nina = world.person("clinician")
    await services.cases.ask(ana.person.id)
    (case,) = await services.cases.own_requests(ana.person.id)
    staff = Subject.staff(nina.id)
    await services.access.record(staff, Subject.participant(me.id), Opened.ANSWERS)
    await services.access.record(staff, Subject.case(case.id), Opened.CASE, reason="on call *now*")
    await services.own_data.export_whole(me)

    await ana.slash("my-data access")

    said = texts(ana.card)
    assert f"<@{nina.id}> opened your answers" in said
    assert f"<@{nina.id}> opened your request" in said
    assert r"on call \*now\*" in said
    assert "the person who runs the bot opened everything" in said


async def test_many_openings_fit_one_card(ana: Owner) -> None:
    services, me = ana.world.app.services, await ana.me()
    for _ in range(20):
        await services.access.record(
            Subject.staff(ana.world.person("clinician").id),
            Subject.participant(me.id),
            Opened.PERSON,
            reason="x" * 900,
        )

    await ana.slash("my-data access")

    assert "There are 5 more" in texts(ana.card)


async def test_messages_are_cleared_with_progress(ana: Owner) -> None:
    world = ana.world
    thread = await own_thread(world, ana.person)
    assert thread is not None
    await world.env.advance_time(DAY)
    await world.run_due()
    notes = [message for message in thread.history() if message.content]
    assert len(notes) == 2

    await ana.slash("my-data clear-messages")
    assert "2 notes" in texts(ana.card)
    await ana.press("data.clear.now")

    assert "2 messages are removed" in texts(ana.card)
    left = thread.history()
    assert [message for message in left if message.content] == []
    assert labels(left[-1])[0] == "Check in"
    await ana.slash("my-data clear-messages")
    assert "nothing left" in texts(ana.card)


async def test_clearing_goes_on_where_discord_refuses_and_says_so(ana: Owner) -> None:
    world = ana.world
    me = await ana.me()
    await world.env.advance_time(DAY)
    await world.run_due()
    (first, second) = await world.app.stores.outbox.posted_to(me.id)
    path = f"/channels/{first.channel_id}/messages/{first.message_id}"
    world.env.inject_error("POST", "*/bulk-delete", status=403, code=50013, times=None)
    world.env.inject_error("DELETE", path, status=500, code=0, times=1)

    await ana.slash("my-data clear-messages")
    await ana.press("data.clear.now")

    assert "1 message is removed" in texts(ana.card)
    assert "1 message could not be removed right now" in texts(ana.card)
    assert [one.message_id for one in await world.app.stores.outbox.posted_to(me.id)] == [
        first.message_id
    ]
    assert second.message_id != first.message_id


async def test_messages_older_than_the_bulk_limit_go_one_by_one(world: World) -> None:
    bo = await owner(world, "bo", way=Delivery.DM)
    for _ in range(3):
        await world.env.advance_time(7 * DAY)
        await world.run_due()
    assert len(bo.person.user.dm_channel.history()) > 2

    await bo.slash("my-data clear-messages")
    await bo.press("data.clear.now")

    assert bo.person.user.dm_channel.history() == []
