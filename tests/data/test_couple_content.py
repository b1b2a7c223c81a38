"""What couples are offered: enough of it, for every depth, and safe for whoever reads it."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b

import pytest

from bot.config import DATA
from bot.content import load_content
from bot.content.couple_texts import (
    CardKind,
    CoupleTexts,
    Entry,
    ExerciseKind,
    Side,
    Theme,
    candidates,
)
from bot.domain.offer import DEEPER_AFTER, NOT_AGAIN, depth, pick
from bot.domain.opening import Feature
from tests.data.texts import AuthoredText, content_texts
from tests.readability import too_hard

TEXTS = [text for text in content_texts() if "/couples/" in text.file and text.locale == "en"]
OPENED_ON = date(2026, 1, 5)
DAYS = 500
KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
COMPOSERS = {
    "apology", "forgiveness", "i_statement", "boundary", "soft_start", "non_defensive",
}  # fmt: skip

BLAME = re.compile(
    r"\b(should|ought|must|fault|guilty|ashamed|shame|weak|lazy|selfish|fail\w*|missed)\b",
    re.IGNORECASE,
)
LABELS = re.compile(
    r"\b(addict|addicts|alcoholic|junkie|codependent|narcissist\w*|toxic|crazy|bipolar|depressed"
    r"|disorder|borderline)\b",
    re.IGNORECASE,
)
GENDER = re.compile(
    r"\b(he|she|his|her|hers|him|husband|wife|boyfriend|girlfriend)\b", re.IGNORECASE
)
PRESSURE = re.compile(
    r"tell (your partner|the other one|each other) everything|you have to (tell|forgive|answer)"
    r"|(please|now) forgive|accept the apology|make up with",
    re.IGNORECASE,
)
ALL_IS_SURE = re.compile(
    r"\b(guarantee\w*|will get better|will be all right|nothing can happen|you are safe here)\b",
    re.IGNORECASE,
)
BELIEF = re.compile(r"\b(god|pray\w*|church|bless\w*|christmas|easter|sin|higher power)\b", re.I)
SUBSTANCES = re.compile(
    r"\b(wine|beer|cocktails?|champagne|alcohol|bar|pub|weed|smoke|casino|bets?|lottery)\b", re.I
)


@pytest.fixture(scope="module")
def texts() -> CoupleTexts:
    """The English texts as they ship."""
    return load_content(DATA).texts("en").couples


def _entries(texts: CoupleTexts) -> list[Entry]:
    return [
        *texts.questions, *texts.exercises, *texts.cards, *texts.ideas, *texts.plans,
        *texts.agreements, *texts.calming, *texts.slips, *texts.frames,
    ]  # fmt: skip


def test_there_is_as_much_as_promised(texts: CoupleTexts) -> None:
    talk = texts.cards_of(
        CardKind.LISTENING, CardKind.ASSERTIVE, CardKind.NONVERBAL, CardKind.REPAIR,
        CardKind.APOLOGY, CardKind.SOFT_START, CardKind.NON_DEFENSIVE,
    )  # fmt: skip
    own = texts.cards_of(CardKind.ENABLING, CardKind.BOUNDARY, CardKind.OWN_LIFE)

    assert len(texts.questions) >= 126
    assert len(texts.exercises) >= 42
    assert len(texts.exercises_of(ExerciseKind.JOURNAL)) >= 14
    assert len(talk) >= 32
    assert len(texts.cards_of(CardKind.SOFT_START)) >= 5
    assert len(own) >= 22
    assert len(texts.ideas) >= 62
    assert len(texts.plans) >= 6
    assert len(texts.agreements) >= 10
    assert len(texts.calming) >= 12
    assert len(texts.slips_for(Side.SELF)) >= 10
    assert len(texts.slips_for(Side.PARTNER)) >= 8


def test_every_theme_has_questions_of_every_depth(texts: CoupleTexts) -> None:
    themes = Counter(one.theme for one in texts.questions)
    levels = Counter((one.theme, one.level) for one in texts.questions)
    light = sum(one.level == 1 for one in texts.questions)

    assert set(themes) == set(Theme)
    assert min(themes.values()) >= 21
    assert all(levels[theme, level] >= 5 for theme in Theme for level in (1, 2, 3))
    assert 0.4 <= light / len(texts.questions) <= 0.6


@pytest.mark.parametrize("kind", [*ExerciseKind, *CardKind])
def test_every_kind_has_several(texts: CoupleTexts, kind: ExerciseKind | CardKind) -> None:
    found = [one for one in (*texts.exercises, *texts.cards) if one.kind is kind]

    assert len(found) >= 5
    assert any(one.level == 1 for one in found)


@dataclass(frozen=True)
class _Asked:
    day: date
    id: str
    theme: Theme
    level: int


def _asked(texts: CoupleTexts, key: str) -> list[_Asked]:
    """What a pair is asked, one question every day since it opened."""
    known = {one.id: one for one in texts.questions}
    offered = candidates(texts)[Feature.QUESTION]
    opened = datetime.combine(OPENED_ON, time(9), UTC)
    asked: list[_Asked] = []
    for number in range(DAYS):
        now = opened + timedelta(days=number)
        found = pick(
            offered,
            {one.id for one in asked if now.date() - one.day <= NOT_AGAIN},
            now.date(),
            deepest=depth(opened, now),
            draw=lambda text: blake2b(text.encode()).digest(),
            key=key,
        )
        theme, level = known[found].theme, known[found].level
        asked.append(_Asked(day=now.date(), id=found, theme=theme, level=level))
    return asked


@pytest.mark.parametrize("key", ["first", "second"])
def test_no_question_comes_back_within_180_days(texts: CoupleTexts, key: str) -> None:
    last: dict[str, date] = {}
    for one in _asked(texts, key):
        assert one.id not in last or one.day - last[one.id] > NOT_AGAIN
        last[one.id] = one.day


def test_each_depth_lasts_until_the_next_with_a_new_theme_every_day(texts: CoupleTexts) -> None:
    asked = _asked(texts, "third")
    second, third = (age.days for age in DEEPER_AFTER)

    assert {one.level for one in asked[:second]} == {1}
    assert max(one.level for one in asked[second:third]) == 2
    assert {one.level for one in asked[third:]} == {1, 2, 3}
    for start in range(DAYS - len(Theme) + 1):
        assert {one.theme for one in asked[start : start + len(Theme)]} == set(Theme)


def test_every_entry_has_an_id_of_its_own_and_a_day_of_review(texts: CoupleTexts) -> None:
    entries = _entries(texts)

    assert len(texts.by_id) == len(entries)
    for entry in entries:
        assert entry.reviewed is not None
        assert entry in texts.frames or KEBAB.fullmatch(entry.id), entry.id


def test_no_text_stands_there_twice(texts: CoupleTexts) -> None:
    said = Counter(
        [
            *(one.text.casefold() for one in texts.questions),
            *(one.prompt.casefold() for one in texts.exercises),
            *(one.text.casefold() for one in (*texts.cards, *texts.ideas, *texts.calming)),
            *(one.title.casefold() for one in (*texts.exercises, *texts.cards, *texts.ideas)),
        ]
    )

    assert [text for text, times in said.items() if times > 1] == []


def test_every_question_asks_something(texts: CoupleTexts) -> None:
    for question in texts.questions:
        assert "?" in question.text, question.id


def test_every_card_leads_to_something_to_do(texts: CoupleTexts) -> None:
    for card in texts.cards:
        if card.kind in {CardKind.ENABLING, CardKind.BOUNDARY, CardKind.OWN_LIFE}:
            assert card.script_me, card.id
            assert card.script_them, card.id
        else:
            assert card.try_it, card.id
    for exercise in texts.exercises:
        assert 2 <= len(exercise.steps) <= 4, exercise.id


def test_every_template_has_all_its_parts(texts: CoupleTexts) -> None:
    for plan in texts.plans:
        for lines in (plan.signs, plan.coping, plan.mine, plan.people, plan.if_then, plan.home):
            assert 1 <= len(lines) <= 8, plan.id
            assert max(map(len, lines)) <= 100, plan.id
        assert all(re.match(r"If .+, then ", line) for line in plan.if_then), plan.id


def test_some_calming_steps_leave_the_breath_alone(texts: CoupleTexts) -> None:
    still = [step for step in texts.calming if not step.uses_breath]

    assert len(still) >= 8
    for step in still:
        assert not re.search(r"breath|inhale|exhale", step.text, re.IGNORECASE), step.id


def test_hard_things_have_a_frame_each(texts: CoupleTexts) -> None:
    assert {frame.id for frame in texts.frames} == COMPOSERS
    for frame in texts.frames:
        assert 2 <= len(frame.parts) <= 4


@pytest.mark.parametrize(
    "pattern",
    [BLAME, LABELS, GENDER, PRESSURE, ALL_IS_SURE, BELIEF, re.compile("!")],
    ids=["blame", "labels", "gender", "pressure", "promises", "belief", "shouting"],
)
def test_no_text_has(pattern: re.Pattern[str]) -> None:
    assert [f"{text}: {text.text}" for text in TEXTS if pattern.search(text.text)] == []


def test_no_idea_or_exercise_comes_with_a_substance_or_a_bet() -> None:
    offered = [
        text for text in TEXTS if re.search(r"(together|exercises|calming)\.toml", text.file)
    ]

    assert [str(text) for text in offered if SUBSTANCES.search(text.text)] == []


def test_every_text_reads_below_seventh_grade() -> None:
    hard = [f"{text}: {problem}" for text in TEXTS if (problem := too_hard(text.text, "en"))]

    assert len(TEXTS) > 1000
    assert hard == []


def test_a_text_knows_that_home_may_not_be_safe() -> None:
    def said(file: str) -> str:
        return " ".join(text.text for text in TEXTS if text.file.endswith(file))

    def of(key: str) -> AuthoredText:
        return next(text for text in TEXTS if key in text.key and text.key.endswith("text"))

    assert "Help now" in said("conflict.toml")
    assert "not safe" in said("codependency.toml")
    assert "afraid" in of("self-is-it-safe").text
    assert "emergency number" in of("partner-safety").text
    assert "emergency number" in of("self-body-first").text
    assert "do not have to forgive" in of("sorry-receive").text
