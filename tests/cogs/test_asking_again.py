"""Asking again while a request is open: it rings as urgently as it was asked, and is never lost."""

import pytest

from bot.domain.case import Resolution, Severity
from tests.fakes.care import ask, joined, on_duty, page
from tests.fakes.server import set_up
from tests.fakes.simulation import World, texts


@pytest.fixture
async def ready(world: World) -> World:
    """A server that is set up, with a moderator and a clinician."""
    await set_up(world)
    return world


async def test_asking_again_from_help_now_is_a_page(ready: World) -> None:
    person = await joined(ready, "ana")
    await ask(ready, "ana")

    await ready.app.services.crisis.ask(person.user_id, Severity.SOON)
    rows = await ready.app.database.fetch_all("SELECT kind FROM outbox WHERE kind LIKE 'case.%'")

    # With nobody on duty, the person is told until when it waits.
    assert [row["kind"] for row in rows] == ["case.request", "case.page", "case.waiting"]


async def test_asking_again_rings_who_is_on_though_somebody_has_it(ready: World) -> None:
    person = await joined(ready, "ana")
    await ask(ready, "ana")
    await ready.person("clinician").click(await page(ready), label="I have it")
    await on_duty(ready)
    await ready.advance(601)

    await ready.app.services.crisis.ask(person.user_id, Severity.SOON)
    card = await page(ready)

    assert ready.person("moderator").mention in texts(card)
    assert "asked again" in texts(card)
    assert "Please look soon" in texts(card)


async def test_a_request_closed_in_between_opens_another(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await joined(ready, "ana")
    await ask(ready, "ana")
    services, store = ready.app.services, ready.app.stores.cases
    member = await services.staff.enrolled(ready.person("moderator").id)
    seal = store.seal_note
    is_closed = False

    async def close_first(case_id: str, event_id: str, note: str | None) -> bytes | None:
        nonlocal is_closed
        if note and not is_closed and await store.get(case_id) is not None:
            is_closed = True
            await services.case_desk.claim(case_id, member)
            await services.case_closing.close(case_id, member, Resolution.TALKED)
            await services.case_closing.settled(case_id, person.user_id)
        return await seal(case_id, event_id, note)

    monkeypatch.setattr(store, "seal_note", close_first)

    outcome = await services.cases.ask(person.user_id, detail="Please call me.")
    timeline = await store.timeline(outcome.case_id)

    assert outcome.is_new
    assert [event.note for event in timeline] == ["Please call me."]
