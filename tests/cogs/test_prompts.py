"""The questions of the check-in, as clinicians change them."""

from typing import Any

import simcord

from bot.domain.staff import StaffMember, StaffRole
from bot.ui.prompts import MAY
from tests.cogs.test_checkin_times import plain
from tests.cogs.test_checkins import GOOD_DAY, answered, joined, pressing
from tests.fakes.simulation import World, fields, labels, shown, texts


async def staff(world: World, name: str, role: StaffRole = StaffRole.CLINICIAN) -> Any:
    """Enrol somebody."""
    actor = world.person(name)
    member = StaffMember(user_id=actor.id, role=role, enrolled_at=world.env.now())
    await world.app.stores.staff.save(member)
    await world.app.services.staff.load()
    return actor


async def opened(world: World, name: str) -> Any:
    """Open the questions from the staff panel."""
    return shown(await pressing(world, name, "prompts:v1:open"))


async def choose(world: World, card: Any, question: str, locale: str = "en") -> None:
    """Open one question."""
    route = f"prompts:v1:question:{locale}"
    await world.person("cleo").select(card, [question], custom_id=route)


async def add(world: World, card: Any, what: str) -> Any:
    """Add a question."""
    return await world.person("cleo").select(card, [what], custom_id="prompts:v1:add:en")


async def changing(world: World, question: str) -> tuple[Any, simcord.InteractionResult]:
    """Open the form of one question."""
    card = await opened(world, "cleo")
    cleo = world.person("cleo")
    await choose(world, card, question)
    return card, await cleo.click(card, label="Change the words")


async def test_a_question_is_changed_previewed_and_published(world: World) -> None:
    cleo = await staff(world, "cleo")
    await joined(world, "ana")
    card, form = await changing(world, "mood")

    changed = {"label": "How is today?", "options": "Awful\nOK\nGreat", "optional": "must"}
    await cleo.submit_modal(form, changed)
    before = await pressing(world, "ana", "checkin:v1:now")
    await cleo.click(card, label="Back")
    preview = await cleo.click(card, label="Preview")
    nothing = await cleo.submit_modal(preview, {"mood": "ok", "support": "very"})
    await cleo.click(card, label="Publish")
    after = await pressing(world, "ana", "checkin:v1:now")

    assert "Nothing you typed was kept" in texts(shown(nothing))
    assert preview.modal is not None
    assert after.modal is not None
    assert preview.modal["components"] == after.modal["components"]
    assert [one["label"] for one in fields(after)["mood"]["options"]] == ["Awful", "OK", "Great"]
    assert len(fields(before)["mood"]["options"]) == 5
    assert "Version 2 is asked now" in texts(card)
    logged = await world.app.database.fetch_all(
        "SELECT facts FROM audit_entries WHERE action = 'prompts.published'"
    )
    assert [row["facts"] for row in logged] == ['{"version": 2}']
    assert await world.app.database.fetch_all("SELECT * FROM checkins") == []


async def test_an_answer_to_the_version_before_is_read_as_it_was_asked(world: World) -> None:
    cleo = await staff(world, "cleo")
    participant = await joined(world, "ana")
    old_form = await pressing(world, "ana", "checkin:v1:now")
    card, form = await changing(world, "mood")
    await cleo.submit_modal(form, {"label": "Mood?", "options": "Low\nHigh", "optional": MAY})
    await cleo.click(card, label="Back")
    await cleo.click(card, label="Publish")

    await world.person("ana").submit_modal(old_form, GOOD_DAY)

    checkins = world.app.services.checkins
    history = await checkins.history(participant, 7)
    assert [day.checkin.set_version for day in history.answered if day.checkin] == [1]


async def test_what_does_not_fit_is_handed_back_with_its_limit(world: World) -> None:
    cleo = await staff(world, "cleo")
    _, form = await changing(world, "mood")
    long = "How are you really doing today, all in all, would you say?"

    refused = await cleo.submit_modal(form, {"label": long, "options": "A\nB", "optional": "must"})
    again = await cleo.click(shown(refused), label="Open again")

    assert "A question needs 1 to 45 letters" in texts(shown(refused))
    assert fields(again)["label"]["value"] == long
    assert fields(again)["options"]["value"] == "A\nB"


async def test_a_sixth_question_is_not_offered(world: World) -> None:
    cleo = await staff(world, "cleo")
    card = await opened(world, "cleo")
    assert "Felt alone?" not in texts(card)

    await choose(world, card, "urge")
    await cleo.click(card, label="Take out")
    await add(world, card, "spare-isolation")

    assert "5. **Felt alone?**" in texts(card)


async def test_a_question_of_ones_own(world: World) -> None:
    cleo = await staff(world, "cleo")
    card = await opened(world, "cleo")
    await choose(world, card, "urge")
    await cleo.click(card, label="Take out")

    form = await add(world, card, "own-checkboxes")
    await cleo.submit_modal(
        form, {"label": "What helped?", "options": "A walk\nA call", "optional": MAY}
    )
    await cleo.click(card, label="Publish")
    await joined(world, "ana")
    answer = {"mood": "ok", "support": "some", "q1": ["o1", "o2"]}
    result = await answered(world, "ana", answer)

    assert "is kept" in texts(result.response)
    participant = await world.app.services.participants.active(world.person("ana").id)
    today = world.app.services.checkins.today(participant)
    _, _, answers = await world.app.services.checkins.day(participant, today)
    assert answers.texts == {"q1": "o1,o2"}


async def test_the_way_to_ask_for_a_person_cannot_be_taken_out(world: World) -> None:
    await staff(world, "cleo")
    card = await opened(world, "cleo")

    await choose(world, card, "message_me")

    [remove] = [
        part
        for component in card.components
        for row in plain(component)["components"]
        for part in row.get("components", ())
        if part.get("label") == "Take out"
    ]
    assert remove["disabled"]


async def test_a_moderator_looks_and_previews_only(world: World) -> None:
    await staff(world, "mo", StaffRole.MODERATOR)

    card = await opened(world, "mo")

    assert labels(card) == ["Preview", "Español"]


async def test_others_get_nothing(world: World) -> None:
    await joined(world, "ana")

    result = await pressing(world, "ana", "prompts:v1:open")

    assert "for the care team" in texts(shown(result))


async def test_the_other_language_is_edited_by_itself(world: World) -> None:
    cleo = await staff(world, "cleo")
    card = await opened(world, "cleo")

    await cleo.click(card, label="Español")
    await choose(world, card, "mood", "es")
    form = await cleo.click(card, label="Change the words")

    assert fields(form)["label"]["value"] == "¿Cómo estás?"
