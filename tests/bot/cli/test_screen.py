"""`interlude screen`: lines in, one object a line out, nothing lost."""

import importlib
import json
from collections.abc import Callable
from types import ModuleType

import pytest

from tests.bot.cli.conftest import Cli

DANGER = "I'm going to kill myself tonight"


def objects(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def test_each_line_gets_an_object(cli: Cli) -> None:
    outcome = cli("screen", typed=f"{DANGER}\n\nSee you at group\n")

    first, empty, last = objects(outcome.out)
    assert outcome.code == 0
    assert (first["text"], first["label"], first["tier"]) == (DANGER, "suicide_imminent", "page")
    assert empty == {"text": "", "label": "none", "tier": "none", "reasons": []}
    assert (last["label"], last["tier"]) == ("none", "none")
    assert {"rule", "weight", "text"} == set(first["reasons"][0])  # type: ignore[index]


def test_nothing_in_gives_nothing_out(cli: Cli) -> None:
    outcome = cli("screen")

    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


def test_a_last_line_without_an_end_counts(cli: Cli) -> None:
    assert len(objects(cli("screen", typed="one\ntwo").out)) == 2


def test_objects_keep_their_id_and_lose_their_text(cli: Cli) -> None:
    lines = [
        json.dumps({"id": 7, "text": DANGER}),
        json.dumps({"id": "b", "text": "soup"}),
        json.dumps({"text": "no id"}),
    ]

    outcome = cli("screen", "--jsonl", typed="\n".join(lines))

    first, second, third = objects(outcome.out)
    assert (first["id"], first["tier"]) == (7, "page")
    assert "text" not in first
    assert second["id"] == "b"
    assert third["text"] == "no id"


def test_a_line_that_is_no_object_is_answered_and_the_rest_goes_on(cli: Cli) -> None:
    lines = [
        "{",
        "[]",
        '{"id": 1}',
        "",
        '{"id": 2, "text": 3}',
        json.dumps({"id": 3, "text": DANGER}),
    ]

    outcome = cli("screen", "--jsonl", typed="\n".join(lines))

    answers = objects(outcome.out)
    assert outcome.code == 1
    assert [answer.get("line") for answer in answers] == [1, 2, 3, 4, 5, None]
    assert answers[-1]["tier"] == "page"
    assert "Line 2 is no JSON object with a text: it is not an object" in outcome.err
    assert "5 lines could not be screened" in outcome.err
    assert [answer["id"] for answer in answers if "id" in answer] == [1, 2, 3]


def test_half_a_character_pair_is_passed_through(cli: Cli) -> None:
    outcome = cli("screen", "--jsonl", typed=json.dumps({"text": "\ud83d hello"}))

    assert objects(outcome.out)[0]["text"] == "\ud83d hello"


def test_a_table_for_people(cli: Cli) -> None:
    outcome = cli("screen", "--explain", typed=f"{DANGER}\n[red]soup[/red]\n")

    assert outcome.code == 0
    assert "en.suicide.intent_now 0.90" in outcome.out
    assert "[red]soup[/red]" in outcome.out


def test_training_without_its_library_says_what_to_install(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib, "import_module", refusing(importlib.import_module))

    outcome = cli("screen", "train")

    assert outcome.code == 2
    assert "Training needs scikit-learn" in outcome.err


def refusing(real: Callable[..., ModuleType]) -> Callable[..., ModuleType]:
    """Import everything but what only developers have."""

    def importing(name: str, package: str | None = None) -> ModuleType:
        if name.startswith(("sklearn", "scipy")):
            raise ImportError(name)
        return real(name, package)

    return importing
