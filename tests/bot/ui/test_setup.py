"""The cards of set-up fit into what Discord takes, in every language."""

from dataclasses import replace

import pytest

from bot.config import DATA
from bot.content import Content, load_content
from bot.domain.blueprint import BOT_PERMISSIONS, RISKY, blueprint
from bot.domain.ids import RoomId
from bot.domain.place import PlaceKey, room_key
from bot.domain.readiness import Finding, Readiness, Weight
from bot.domain.room import Audience, Room
from bot.domain.setup_plan import Action, Obstacle, Plan, Step
from bot.services.building import Failure
from bot.services.setup import Applied
from bot.services.setup_run import Outcome, Result
from bot.services.team import RoleGap
from bot.text import Catalog, Words
from bot.ui.cards import Card
from bot.ui.readiness import check_card, lines_card
from bot.ui.room_desk import RULES_LENGTH
from bot.ui.setup import applied_card, details_card, panels, plan_card
from tests.fakes.building import MARKS
from tests.fakes.clock import START

MOST_TEXT, MOST_COMPONENTS = 4000, 40

ROOM = Room(
    id=RoomId("r"),
    place=room_key("r"),
    audience=Audience.MIXED,
    rules="x" * RULES_LENGTH,
    created_at=START,
)
"""A room whose own rules are as long as they can be."""

pytestmark = pytest.mark.parametrize("locale", ["en", "es"])


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(DATA)


@pytest.fixture
def spoken(catalog: Catalog, locale: str) -> Words:
    return catalog.words(locale)


def assert_fits(card: Card) -> None:
    view = card.view()
    assert view.content_length() <= MOST_TEXT
    assert view.total_children_count <= MOST_COMPONENTS


def steps(words: Words, action: Action) -> list[Step]:
    return [
        Step(
            part=part,
            action=action,
            repair=frozenset(part.aspects()),
            by_hand=frozenset(part.aspects()),
            obstacle=Obstacle.PERMISSION,
            missing=frozenset({"manage_channels", "manage_roles"}),
        )
        for part in blueprint(words, MARKS)
    ]


@pytest.mark.parametrize("action", list(Action))
def test_every_plan_fits(spoken: Words, action: Action) -> None:
    assert_fits(plan_card(spoken, Plan(steps=steps(spoken, action))))


def test_who_may_do_what_fits(spoken: Words) -> None:
    assert_fits(details_card(spoken, spoken, blueprint(spoken, {})))


@pytest.mark.parametrize("result", list(Result))
def test_every_outcome_fits(spoken: Words, result: Result) -> None:
    outcomes = [
        Outcome(
            step=replace(step, by_hand=frozenset({"name"})),
            result=result,
            failure=Failure.FORBIDDEN if result is Result.FAILED else None,
            waits_for=PlaceKey.ROLE_LEAD if result is Result.WAITING else None,
        )
        for step in steps(spoken, Action.CREATE)
    ]
    gaps = [RoleGap(user_id=10**18 + n, failure=Failure.FORBIDDEN) for n in range(300)]

    assert_fits(applied_card(spoken, Applied(outcomes=outcomes, gaps=gaps)))


def test_a_check_that_finds_everything_fits(spoken: Words) -> None:
    keys = {
        entry.removeprefix("setup.findings.")
        for entry in spoken.entries
        if entry.startswith("setup.findings.")
    }
    findings = [
        Finding(
            key=key,
            weight=Weight.STOPS_JOINING,
            parts=(PlaceKey.CHANNEL_PERSONAL, PlaceKey.ROLE_LEAD),
            permissions=(RISKY if key == "everyone" else BOT_PERMISSIONS),
            names=("members",),
            country="US",
            n=1,
        )
        for key in sorted(keys - {"by_hand"})
    ]
    findings += [
        Finding(
            key="by_hand", weight=Weight.FAULT, parts=(part.key,), aspects=frozenset(part.aspects())
        )
        for part in blueprint(spoken, MARKS)
    ]

    card = check_card(spoken, Readiness(findings=findings, is_open=False))

    assert "{" not in "".join(card.body)
    assert_fits(card)


def test_panels_fit_with_the_lines_of_any_country(spoken: Words, content: Content) -> None:
    for country in [None, *content.crisis.countries]:
        for card in panels(spoken, content, country, [ROOM]).values():
            assert_fits(card)


def test_the_lines_to_check_fit_for_any_country(spoken: Words, content: Content) -> None:
    for country in content.crisis.countries:
        lines = content.crisis.choose(country).all
        assert_fits(lines_card(spoken, content, country, old=lines, seen="x"))
