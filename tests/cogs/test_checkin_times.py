"""Looking back, being away, and when check-ins come."""

from datetime import date
from typing import Any

import pytest

from bot.domain.consent import ConsentKind
from bot.domain.participant import Pace
from bot.ui.chart import Chart, Line, draw
from tests.cogs.test_checkins import (
    BAD_DAY,
    GOOD_DAY,
    HOUR,
    answered,
    evening,
    joined,
    notes,
    pressing,
)
from tests.fakes.simulation import World, fields, shown, texts


@pytest.fixture
async def drawing() -> None:
    """Let matplotlib be imported and its fonts be found before the clock of a test runs."""
    await draw(
        Chart(
            days=[date(2026, 1, 1)],
            day_labels=["1"],
            lines=[Line(name="Mood", shares=[0.5], scale=[(0.0, "low"), (1.0, "high")])],
            late=frozenset(),
            away=frozenset(),
            not_asked=frozenset(),
            away_label="",
            late_label="",
        )
    )


@pytest.mark.usefixtures("drawing")
async def test_looking_back_as_a_picture_and_in_words(world: World) -> None:
    await joined(world, "ana")
    await answered(world, "ana", GOOD_DAY)
    await world.advance(24 * HOUR)
    await answered(world, "ana", {**BAD_DAY, "note": "a *hard* day"})
    ana = world.person("ana")

    result = await pressing(world, "ana", "checkin:v1:history")

    card = shown(result)
    assert result.ephemeral
    words = texts(card)
    assert "You checked in on **2 of the last 7 days**" in words
    assert "Your best run: **2 days**" in words
    assert "Mood: Good, Support: Mostly" in words
    [picture] = card.attachments
    assert (await picture.read()).startswith(b"\x89PNG")
    assert "Line chart of your last 7 days" in picture.description
    await ana.click(card, label="30 days")
    assert "Your last 30 days" in texts(card)
    await ana.select(card, days_of(card)[:1])
    assert "a \\*hard\\* day" in texts(card)
    assert "Very bad" in texts(card)


def plain(component: Any) -> dict[str, Any]:
    """Return a component as Discord was given it."""
    return component if isinstance(component, dict) else component.to_dict()


def days_of(card: Any) -> list[str]:
    """Return the days a card's select offers."""
    selects = [
        part
        for component in card.components
        for row in plain(component)["components"]
        for part in row.get("components", ())
        if "options" in part
    ]
    return [option["value"] for option in selects[0]["options"]]


async def test_looking_back_at_nothing(world: World) -> None:
    await joined(world, "ana")

    result = await pressing(world, "ana", "checkin:v1:history")

    assert "It starts with your first check-in" in texts(shown(result))
    assert not shown(result).attachments


async def test_away_is_typed_in_words_and_ended_early(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")

    card = await pressing(world, "ana", "checkin:v1:away")
    form = await ana.click(shown(card), label="Set dates")
    saved = await ana.submit_modal(form, {"first": "today", "last": "3 days"})
    assert "Away from" in texts(saved.response)
    await evening(world)
    assert not notes(world, "ana")

    back = await ana.click(saved.response, label="I'm back")
    assert "Welcome back" in texts(shown(back))
    await evening(world)
    assert len(notes(world, "ana")) == 1


async def test_an_end_before_the_start_is_handed_back(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")
    form = await pressing(world, "ana", "checkin:v1:away_set")

    refused = await ana.submit_modal(form, {"first": "12 Jan", "last": "10 Jan"})
    again = await ana.click(shown(refused), label="Open again")

    assert "ends before it starts" in texts(shown(refused))
    assert fields(again)["first"]["value"] == "12 Jan"
    assert fields(again)["last"]["value"] == "10 Jan"


async def test_prompts_are_switched_off_and_on_with_the_consent(world: World) -> None:
    participant = await joined(world, "ana")
    ana, consents = world.person("ana"), world.app.services.consents

    card = shown(await pressing(world, "ana", "checkin:v1:schedule"))
    await ana.click(card, label="Switch off")
    await evening(world)
    assert not notes(world, "ana")
    assert not await consents.given(participant.id, ConsentKind.DAILY_PROMPTS)

    await ana.click(card, label="Switch on")
    assert "Send me a few short questions" in texts(card)
    await ana.click(card, label="I agree")
    await ana.click(card, label="Continue")
    assert "The next one comes on" in texts(card)
    await evening(world)
    assert len(notes(world, "ana")) == 1


async def test_a_pace_is_said_in_days(world: World) -> None:
    await joined(world, "ana", pace=Pace.THREE)

    card = await pressing(world, "ana", "checkin:v1:schedule")

    assert "on Tuesdays, Thursdays and Saturdays" in texts(shown(card))
