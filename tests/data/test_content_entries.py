"""Every shipped content entry: it loads, fits Discord and says only what is true today."""

import re

import pytest

from bot.config import DATA
from bot.content import Content, load_content
from bot.domain.case import CaseSource, Severity
from bot.domain.consent import ConsentKind
from bot.domain.crisis import BarrierAction
from bot.domain.goal import Topic
from bot.domain.prompt_set import Meaning, MessageMe, QuestionKind, find_misfits
from tests.data.texts import LOCALES, content_texts
from tests.readability import sentences

NOT_BUILT_YET = {
    "en": re.compile(r"danger words?|screen(ed|ing)|your partner has been quiet", re.IGNORECASE),
    "es": re.compile(r"palabras de peligro|filtr|revisamos tus", re.IGNORECASE),
}


@pytest.fixture(scope="module")
def content() -> Content:
    """The content as it ships."""
    return load_content(DATA)


def test_both_languages_load(content: Content) -> None:
    assert set(content.languages) == set(LOCALES)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_prompt_set_fits_one_form(content: Content, locale: str) -> None:
    for prompt_set in content.texts(locale).prompt_sets.values():
        assert find_misfits(prompt_set) == ()


@pytest.mark.parametrize("locale", LOCALES)
def test_the_daily_set_asks_what_the_product_says(content: Content, locale: str) -> None:
    daily = content.texts(locale).prompt_sets["daily"]

    assert [question.meaning for question in daily.questions] == [
        Meaning.MOOD,
        Meaning.URGE,
        Meaning.SUPPORT,
        Meaning.NOTE,
        Meaning.MESSAGE_ME,
    ]
    assert [question.kind for question in daily.questions] == [
        QuestionKind.RADIO,
        QuestionKind.RADIO,
        QuestionKind.RADIO,
        QuestionKind.TEXT,
        QuestionKind.CHECKBOXES,
    ]
    assert [question.is_optional for question in daily.questions] == [
        False,
        True,
        False,
        True,
        True,
    ]
    boxes = daily.questions[-1].options
    assert [option.value for option in boxes] == [MessageMe.CONTACT, MessageMe.ALONE]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_consent_says_who_sees_it(content: Content, locale: str) -> None:
    consents = content.texts(locale).consents

    assert set(consents) == set(ConsentKind)
    for consent in consents.values():
        assert consent.version >= 1
        assert len(sentences(consent.who_sees)) >= 1


@pytest.mark.parametrize("locale", LOCALES)
def test_only_what_is_built_is_asked(content: Content, locale: str) -> None:
    used = {kind for kind, consent in content.texts(locale).consents.items() if consent.is_in_use}

    assert used == {
        ConsentKind.GROUPS,
        ConsentKind.DAILY_PROMPTS,
        ConsentKind.REMINDERS,
        ConsentKind.HEADS_UPS,
        ConsentKind.ROOM_SCREENING,
        ConsentKind.SHARED_SPACE,
    }


def test_no_text_claims_what_comes_later() -> None:
    # Danger words are looked for in rooms and in notes, and people read so beforehand.
    said = ("room_screening", "questions[note]")
    texts = [text for text in content_texts() if not text.key.startswith(said)]

    assert [text for text in texts if NOT_BUILT_YET[text.locale].search(text.text)] == []


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", ["Discord forbids sending protected health information", "passes through Discord",
                "18 or older", "not an emergency service", "No one watches this day and night",
                "not treatment", "not your medical record"]),
        ("es", ["Discord prohíbe enviar información de salud protegida", "pasa por Discord",
                "18 años o más", "No es un servicio de emergencia", "Nadie mira esto",
                "No es un tratamiento", "ni tu historia clínica"]),
    ],
)  # fmt: skip
def test_the_first_screen_says_what_it_must(
    content: Content, locale: str, words: list[str]
) -> None:
    about = " ".join(point.text for point in content.texts(locale).joining.about.points)

    for said in words:
        assert said in about.replace("*", "")


@pytest.mark.parametrize("locale", LOCALES)
def test_barriers_are_eight_with_two_sentences_each(content: Content, locale: str) -> None:
    barriers = content.texts(locale).crisis.barriers

    assert len({barrier.id for barrier in barriers}) == 8
    assert len({barrier.label for barrier in barriers}) == 8
    for barrier in barriers:
        spoken = re.sub(r'"[^"]*?(\.?)"', r"it\1", barrier.answer).replace(": it", " it")
        assert len(sentences(spoken)) == 2, barrier.answer


def test_barriers_lead_to_different_actions(content: Content) -> None:
    actions = {barrier.action for barrier in content.texts("en").crisis.barriers}

    assert {BarrierAction.CALL, BarrierAction.TEXT, BarrierAction.ASK_STAFF} <= actions


@pytest.mark.parametrize("locale", LOCALES)
def test_staff_have_first_words_and_people_have_five_reasons(content: Content, locale: str) -> None:
    care = content.texts(locale).care

    assert len({reason.id for reason in care.reasons}) == 5
    assert len({words.id for words in care.first_words}) == len(care.first_words) >= 4


@pytest.mark.parametrize("locale", LOCALES)
def test_starter_goals_fit_a_select_of_each_topic(content: Content, locale: str) -> None:
    starters = content.texts(locale).starters

    assert len(starters) >= 60
    for topic in Topic:
        assert 10 <= sum(starter.topic is topic for starter in starters) <= 25
    assert len({starter.what for starter in starters}) == len(starters)


def test_starter_goals_are_the_same_in_both_languages(content: Content) -> None:
    english, spanish = (content.texts(locale).starters for locale in ("en", "es"))

    assert [(one.id, one.topic) for one in english] == [(one.id, one.topic) for one in spanish]
    assert not {one.step for one in english} & {one.step for one in spanish}


def test_an_unknown_language_reads_english(content: Content) -> None:
    assert content.texts("es-419").locale == "es"
    assert content.texts("de").locale == "en"
    assert content.texts(None).locale == "en"


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("severity", Severity)
def test_every_playbook_begins_in_the_programmes_own_records(
    content: Content, locale: str, severity: Severity
) -> None:
    steps = content.texts(locale).playbooks.by_severity[severity]

    assert len(steps) >= 3
    assert steps[0].id == "record"
    assert "{person}" in steps[0].text


@pytest.mark.parametrize("locale", ["en", "es"])
def test_first_words_fit_whatever_opened_a_case(content: Content, locale: str) -> None:
    care = content.texts(locale).care
    sources = {source.value for source in CaseSource}

    assert {name for line in care.first_words for name in line.sources} <= sources
    # What the team brought itself has no words of its own.
    for source in sources - {"staff", "left_space"}:
        assert any(source in line.sources for line in care.first_words), source
