"""Versions of the questions, and how clinicians change them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.prompt_edit import Sets, Wording, untranslated
from bot.domain.prompt_set import Meaning, QuestionKind
from bot.domain.staff import StaffMember, StaffRole
from bot.errors import UserError
from bot.services.prompt_sets import DAILY, PromptSetService
from tests.fakes.checkin_group import CheckInWorld, sets
from tests.fakes.clock import FakeClock


def member(role: StaffRole = StaffRole.CLINICIAN) -> StaffMember:
    return StaffMember(user_id=3, role=role, enrolled_at=datetime(2026, 1, 1, tzinfo=UTC))


CLINICIAN = member()


@pytest.fixture
async def world(clock: FakeClock) -> CheckInWorld:
    made = CheckInWorld(clock)
    await made.group.sets.load()
    return made


@pytest.fixture
def service(world: CheckInWorld) -> PromptSetService:
    return world.group.sets


def keys(edited: Sets, locale: str = "en") -> list[str]:
    return [question.key for question in edited[locale].questions]


async def add_own(service: PromptSetService, *labels: str, label: str = "Slept?") -> Sets:
    wording = Wording(label=label, options=labels)
    return await service.add(CLINICIAN, QuestionKind.RADIO, wording, is_optional=True)


async def test_the_shipped_questions_are_the_first_version(service: PromptSetService) -> None:
    assert service.current.version == 1
    assert service.current.is_shipped
    assert keys(service.current.sets) == ["mood", "urge", "support", "note", "message_me"]


async def test_a_new_release_with_the_same_words_is_no_new_version(world: CheckInWorld) -> None:
    again = world.build().sets

    await again.load()

    assert again.current.version == 1


async def test_a_new_release_with_other_words_is_a_new_version(world: CheckInWorld) -> None:
    changed = {code: replace(one, title="Other") for code, one in sets(DAILY).items()}
    again = world.build(changed).sets

    await again.load()

    assert again.current.version == 2
    assert again.edition(1).texts("en").title == sets(DAILY)["en"].title


async def test_a_new_release_does_not_undo_what_the_programme_changed(
    world: CheckInWorld,
) -> None:
    await world.group.sets.remove(CLINICIAN, "urge")
    await world.group.sets.publish(CLINICIAN)
    changed = {code: replace(one, title="Other") for code, one in sets(DAILY).items()}
    again = world.build(changed).sets

    await again.load()

    assert keys(again.current.sets) == ["mood", "support", "note", "message_me"]


async def test_a_change_is_asked_only_once_it_is_published(service: PromptSetService) -> None:
    wording = Wording(label="How is your day?", options=["Awful", "Bad", "OK", "Good", "Great"])
    await service.reword(CLINICIAN, "en", "mood", wording, is_optional=False)
    before = service.current.texts("en").question("mood")

    edition = await service.publish(CLINICIAN)

    after = service.current.texts("en").question("mood")
    assert before is not None
    assert after is not None
    assert (before.label, after.label) == ("How are you?", "How is your day?")
    assert [option.value for option in after.options] == [
        "very_bad", "bad", "ok", "good", "very_good"
    ]  # fmt: skip
    assert (edition.version, edition.published_by) == (2, 3)
    spanish = service.current.texts("es").question("mood")
    assert spanish is not None
    assert spanish.label == "¿Cómo estás?"
    assert await service.working() == (service.current.sets, False)


async def test_an_option_taken_out_or_moved_keeps_its_words_elsewhere(
    service: PromptSetService,
) -> None:
    wording = Wording(label="How are you?", options=["Very bad", "Good", "OK", "So-so"])

    edited = await service.reword(CLINICIAN, "en", "mood", wording, is_optional=False)

    spanish = edited["es"].question("mood")
    assert spanish is not None
    assert [option.label for option in spanish.options] == ["Muy mal", "Bien", "Regular", "So-so"]
    assert untranslated(edited) == ["How are you?"]


async def test_questions_move_and_stay_in_every_language(service: PromptSetService) -> None:
    await service.move(CLINICIAN, "note", -1)
    await service.move(CLINICIAN, "mood", -1)
    edited = await service.move(CLINICIAN, "message_me", 1)

    assert keys(edited) == keys(edited, "es") == ["mood", "urge", "note", "support", "message_me"]


async def test_a_question_of_ones_own_is_added_and_named_anew(service: PromptSetService) -> None:
    await service.remove(CLINICIAN, "urge")
    await service.remove(CLINICIAN, "support")
    await add_own(service, "No", "Yes")
    edited = await add_own(service, "Little", "Much", label="Walked?")

    assert keys(edited)[-2:] == ["q1", "q2"]
    assert untranslated(edited) == ["Slept?", "Walked?"]


async def test_a_shipped_question_comes_in_every_language(service: PromptSetService) -> None:
    await service.remove(CLINICIAN, "urge")
    working, _ = await service.working()
    offered = keys(service.spares(working))

    edited = await service.add_spare(CLINICIAN, "isolation")

    assert offered == ["urge", "overwhelm", "isolation"]
    assert keys(edited)[-1] == "isolation"
    spanish = edited["es"].question("isolation")
    assert spanish is not None
    assert spanish.meaning is Meaning.ISOLATION
    assert spanish.label == "¿Te sentiste sin compañía?"
    assert keys(service.spares(edited)) == ["urge", "overwhelm"]


REWORD = Wording(label="How are you?", options=["Bad", "Good"])


@pytest.mark.parametrize(
    ("wording", "key"),
    [
        (replace(REWORD, label="x" * 46), "prompts.misfit.label_length"),
        (replace(REWORD, label=""), "prompts.misfit.label_length"),
        (replace(REWORD, description="x" * 101), "prompts.misfit.description_length"),
        (replace(REWORD, options=["One"]), "prompts.misfit.option_count"),
        (replace(REWORD, options=[str(n) for n in range(11)]), "prompts.misfit.option_count"),
        (replace(REWORD, options=["x" * 101, "y"]), "prompts.misfit.option_length"),
    ],
)
async def test_what_does_not_fit_one_form_is_refused_by_its_limit(
    service: PromptSetService, wording: Wording, key: str, words: Callable[..., str]
) -> None:
    with pytest.raises(UserError) as refused:
        await service.reword(CLINICIAN, "en", "mood", wording, is_optional=False)

    assert refused.value.key == key
    assert words(key, **refused.value.values)
    assert await service.working() == (service.current.sets, False)


async def test_a_sixth_question_is_refused(service: PromptSetService) -> None:
    with pytest.raises(UserError) as refused:
        await add_own(service, "No", "Yes")

    assert refused.value.key == "prompts.misfit.too_many_questions"
    assert refused.value.values["most"] == 5


async def test_the_way_to_ask_for_a_person_stays(service: PromptSetService) -> None:
    with pytest.raises(UserError, match="message_me_stays"):
        await service.remove(CLINICIAN, "message_me")
    wording = Wording(label="Write to me", options=["Yes please"])
    with pytest.raises(UserError, match="message_me_options"):
        await service.reword(CLINICIAN, "en", "message_me", wording, is_optional=True)


@pytest.mark.parametrize("hours", [0.4, 25, 0, -1])
async def test_a_window_out_of_range_is_refused(service: PromptSetService, hours: float) -> None:
    with pytest.raises(UserError, match="window_range"):
        await service.retitle(CLINICIAN, "en", "Hello", hours)


async def test_the_window_counts_in_every_language(service: PromptSetService) -> None:
    edited = await service.retitle(CLINICIAN, "es", "Hola", 6)

    assert {one.window_minutes for one in edited.values()} == {360}
    assert (edited["es"].title, edited["en"].title) == ("Hola", "Your check-in")


async def test_moderators_look_but_do_not_change(service: PromptSetService) -> None:
    with pytest.raises(UserError, match="editors_only"):
        await service.move(member(StaffRole.MODERATOR), "note", -1)
    assert await service.move(member(StaffRole.LEAD), "note", -1)


async def test_changes_can_be_thrown_away(service: PromptSetService) -> None:
    await service.remove(CLINICIAN, "urge")

    await service.discard(CLINICIAN)

    assert await service.working() == (service.current.sets, False)
    with pytest.raises(UserError, match="nothing_changed"):
        await service.publish(CLINICIAN)


async def test_the_shipped_questions_can_be_put_back(service: PromptSetService) -> None:
    await service.remove(CLINICIAN, "urge")
    await service.publish(CLINICIAN)

    edition = await service.put_back(CLINICIAN)

    assert (edition.version, edition.is_shipped) == (3, True)
    assert keys(service.current.sets)[1] == "urge"
    with pytest.raises(UserError, match="shipped_already"):
        await service.put_back(CLINICIAN)


async def test_a_question_someone_else_took_out_is_said_to_be_gone(
    service: PromptSetService,
) -> None:
    await service.remove(CLINICIAN, "urge")

    with pytest.raises(UserError, match="gone"):
        await service.move(CLINICIAN, "urge", 1)
    with pytest.raises(UserError, match="gone"):
        await service.add_spare(CLINICIAN, "nothing")
