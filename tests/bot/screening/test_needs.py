"""The words a phrase cannot do without: nothing that a rule would find is passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import DATA
from bot.screening.corpus import load_lines
from bot.screening.lexicon import Lexicon, widened
from bot.screening.needs import Needed, check_phrase
from bot.screening.normaliser import Normaliser

EVERY = 31
ORDINARY = ("the", "i", "to", "me", "he", "my", "and")

PHRASES = [
    ("i want to die", [["want"], ["to"], ["die"]]),
    ("kill ~2(?:him|her)", [["kill"], ["him", "her"]]),
    ("kill my ?self", [["kill"], ["self", "myself"]]),
    ("suicid[a-z]* tonight", [["suicid*"], ["tonight"]]),
    ("neighbou?rs? hit", [["neighbor", "neighbors", "neighbour", "neighbours"], ["hit"]]),
    ("(?:really |just )?end it", [["end"], ["it"]]),
    ("[a-z]+ hurt", [["hurt"]]),
    ("od(?:ed|ing)? again", [["od", "oded", "oding"], ["again"]]),
    ("cut (?:very )+deep", [["cut"]]),
]


@pytest.mark.parametrize(("phrase", "expected"), PHRASES)
def test_what_a_phrase_needs(phrase: str, expected: list[list[str]]) -> None:
    needed = Needed([[phrase]], ORDINARY)

    (needs,) = needed.cases(0)

    assert sorted(map(sorted, needs)) == sorted(map(sorted, expected))


def test_alternatives_that_cannot_be_listed_are_cases_of_their_own() -> None:
    needed = Needed([["(?:(?:so )+ the pills|(?:so )+ the rope)"]], ORDINARY)

    assert [needs[0] for needs in needed.cases(0)] == [{"pills"}, {"rope"}]


def test_a_phrase_without_known_words_is_always_tried() -> None:
    assert Needed([["[a-z]+"], ["rope"]], ()).rules("nothing of the kind") == [0]


@pytest.mark.parametrize(
    "phrase",
    [
        "(kill|hurt) me",
        "kill[a-z]+?me",
        "[a-z]{2}?b",
        "x ~2?y",
        "a.c",
        r"kill\w* me",
        r"kill\b",
        "(?i)kill",
        "(?P<a>x)y",
        "[]a]b",
        "[[:alpha:]]x",
        "^kill",
    ],
)
def test_a_phrase_that_could_be_misread_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="a phrase cannot have"):
        check_phrase(phrase)


def test_every_phrase_of_the_lexicon_needs_something(lexicon: Lexicon) -> None:
    free = [
        phrase
        for rule in lexicon.rules
        for phrase in rule.phrases
        if not all(Needed([[phrase]], ()).cases(0))
    ]
    assert free == []


@given(data=st.data())
def test_what_a_phrase_matches_is_never_passed_over(data: st.DataObject) -> None:
    phrase, _ = data.draw(st.sampled_from(PHRASES))
    needed = Needed([["rope"], [phrase]], ORDINARY)
    found = data.draw(st.from_regex(widened(phrase), fullmatch=True, alphabet=LETTERS))
    before, after = data.draw(st.tuples(AROUND, AROUND))

    assert 1 in needed.rules(f"{before} {found} {after}")


LETTERS = st.characters(codec="ascii", exclude_categories=("Cc", "Lu"))
AROUND = st.text(alphabet="abi ", max_size=6)


def test_the_lexicon_finds_in_the_corpus_what_its_patterns_find(
    lexicon: Lexicon, normaliser: Normaliser
) -> None:
    patterns = [(rule.id, lexicon.pattern_of(rule)) for rule in lexicon.rules]
    for line in load_lines(DATA / "risk" / "corpus")[::EVERY]:
        text = normaliser.normalise(line.text).folded.text
        found = {rule.id for rule, _, _ in lexicon.matches(text)}
        raw = text.encode()
        assert found == {name for name, pattern in patterns if pattern.search(raw)}, text


def test_marks_of_tokens_are_the_same_when_they_are_remembered() -> None:
    needed = Needed([["kill ~2him"], ["rope"]], ORDINARY)

    first = [needed.rules(text) for text in ("kill him.", "a rope", "him kill", "him", "a")]

    assert first == [[0], [1], [0], [], []]
    assert [needed.rules(text) for text in ("kill him.", "a rope", "him kill", "him", "a")] == first
