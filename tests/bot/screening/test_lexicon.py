"""The rules: their examples, their counterexamples, and files with faults."""

from pathlib import Path

import pytest

from bot.domain.risk import RiskClass, Tier
from bot.errors import StartError
from bot.screening.hits import Hit, RuleBook
from bot.screening.lexicon import Lexicon, Rule, load_lexicon
from bot.screening.normaliser import Normaliser

HEAD = 'version = "1"\n[slots]\nkill = "kill|stab"\n[cues]\n'
CUES = (
    "denial no_denial remote returned present speaker educational joking now means alarm safe third"
)
RULE = """
[[rules]]
id = "{name}"
class = "{label}"
tier = "page"
languages = ["en"]
phrases = ["{phrase}"]
guards = ["negated"]
examples = ["a"]
counterexamples = ["b"]
"""


def hits_of(rule: Rule, text: str, rules: RuleBook, normaliser: Normaliser) -> list[Hit]:
    return [hit for hit in rules.look(normaliser.normalise(text)).hits if hit.rule is rule]


def test_every_rule_finds_its_examples(
    lexicon: Lexicon, rules: RuleBook, normaliser: Normaliser
) -> None:
    missed = [
        f"{rule.id}: {example}"
        for rule in lexicon.rules
        for example in rule.examples
        if not any(hit.counts for hit in hits_of(rule, example, rules, normaliser))
    ]
    assert missed == []


def test_every_rule_leaves_its_counterexamples(
    lexicon: Lexicon, rules: RuleBook, normaliser: Normaliser
) -> None:
    found = [
        f"{rule.id}: {example}"
        for rule in lexicon.rules
        for example in rule.counterexamples
        if any(hit.counts for hit in hits_of(rule, example, rules, normaliser))
    ]
    assert found == []


def test_every_rule_has_examples_of_both_kinds(lexicon: Lexicon) -> None:
    bare = [rule.id for rule in lexicon.rules if not (rule.examples and rule.counterexamples)]
    assert bare == []


def test_every_urgent_class_has_rules_in_both_languages(lexicon: Lexicon) -> None:
    covered = {(rule.label, language) for rule in lexicon.rules for language in rule.languages}
    assert covered == {(label, language) for label in RiskClass for language in ("en", "es")}


def test_craving_is_never_paged(lexicon: Lexicon) -> None:
    tiers = {rule.tier for rule in lexicon.rules if rule.label is RiskClass.RELAPSE_CRAVING}
    assert tiers == {Tier.NONE}


def test_a_very_long_text_is_matched_in_time(rules: RuleBook, normaliser: Normaliser) -> None:
    text = "i want to kill " * 300

    assert rules.look(normaliser.normalise(text)).hits is not None


def written(directory: Path, *rules: str) -> Path:
    cues = "".join(f'{name} = ["{name}"]\n' for name in CUES.split())
    (directory / "lexicon.toml").write_text(HEAD + cues + "".join(rules), "utf-8")
    return directory


def test_a_lexicon_of_ones_own_is_read(tmp_path: Path) -> None:
    rule = RULE.format(name="own", label="threat_to_others", phrase="{kill} ~2him")

    lexicon = load_lexicon(written(tmp_path, rule))

    assert [found.id for found, _, _ in lexicon.matches("i will stab all of him")] == ["own"]
    assert list(lexicon.matches("stab. he told him")) == []


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ([RULE.format(name="own", label="gloom", phrase="a")], "own: 'gloom'"),
        (
            [RULE.format(name="own", label="self_harm", phrase="{none}")],
            "own: there is no slot none",
        ),
        ([RULE.format(name="own", label="self_harm", phrase="(a")], "own: "),
        ([RULE.format(name="own", label="self_harm", phrase="a")] * 2, "own is there 2 times"),
    ],
)
def test_faults_of_rules_are_all_named(tmp_path: Path, rules: list[str], sentence: str) -> None:
    with pytest.raises(StartError) as raised:
        load_lexicon(written(tmp_path, *rules))

    assert sentence in str(raised.value)


def test_an_absent_lexicon_is_no_empty_one(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="cannot be read"):
        load_lexicon(tmp_path)
