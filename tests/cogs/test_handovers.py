"""Handover notes: from one shift to the next, and past nobody who must not know."""

import pytest

from bot.domain.place import PlaceKey
from tests.fakes.care import ask, joined
from tests.fakes.oncall import add, last_in, say, set_up_in_new_york, until
from tests.fakes.server import lobby, owner_of
from tests.fakes.simulation import World, shown, texts


@pytest.fixture
async def ready(world: World) -> World:
    """A server that is set up, in New York, with a moderator and a clinician."""
    await set_up_in_new_york(world)
    return world


async def write(world: World, name: str, **typed: str) -> str:
    """Write a handover and return the answer."""
    actor = world.person(name)
    card = await actor.slash(lobby(world), "care handover")
    form = await actor.click(shown(card), label="Write a handover")
    return texts(shown(await actor.submit_modal(form, typed)))


async def test_a_handover_is_read_by_who_comes_on_next_alone(ready: World) -> None:
    await add(ready, "clinician")
    await until(ready, 1, "08:00")
    assert "is kept" in await write(ready, "moderator", note="The *quiet* room was loud.")

    await until(ready, 1, "09:00")
    card = last_in(ready, PlaceKey.CHANNEL_STAFF, "there is a handover for your shift")
    read = await ready.person("clinician").click(card, label="Read the handover")
    other = await ready.person("moderator").click(card, label="Read the handover")

    assert "loud" not in texts(card)
    assert read.ephemeral
    assert "room was loud" in texts(shown(read))
    assert "No request is open" in texts(shown(read))
    assert "This is for" in texts(shown(other))
    assert "while you are on duty" in await say(ready, "moderator", "care handover")


async def test_a_handover_about_a_request_is_kept_from_who_must_not_know(ready: World) -> None:
    await joined(ready, "ana")
    await ask(ready, "ana")
    [case] = await ready.app.services.case_desk.queue(
        await ready.app.services.staff.enrolled(ready.person("moderator").id)
    )
    await ready.app.services.duty.keep_apart(ready.person("clinician").id, ready.person("ana").id)
    long = "The printer is broken. " * 40
    await write(ready, "moderator", note=f"{case.ref}: wrote twice. {long}", refs="")
    await write(ready, "moderator", note=f"P-104 may call. {long}", refs="")
    await write(ready, "moderator", note=long, refs="")
    await write(ready, "moderator", note=long, refs="")
    for name in ("clinician", "moderator"):
        await say(ready, name, "oncall on")

    kept_from = await say(ready, "clinician", "care handover")
    card = shown(await owner_of(ready).slash(lobby(ready), "care handover"))
    everything = texts(card)
    everything += texts(shown(await owner_of(ready).click(card, label="Older notes")))

    assert "printer" in kept_from
    assert "twice" not in kept_from
    assert "P-104" not in kept_from
    assert case.ref not in kept_from
    assert all(part in everything for part in ("twice", "P-104", "printer"))


async def test_a_handover_that_is_empty_or_names_no_request_comes_back(ready: World) -> None:
    assert "The note was empty" in await write(ready, "moderator", note=" ")
    unknown = await write(ready, "moderator", note="About that one.", refs="XXXXX")

    assert "There is no request XXXXX" in unknown
    assert (
        await ready.app.services.handovers.readable(
            await ready.app.services.staff.enrolled(owner_of(ready).id)
        )
        == []
    )
