"""Joining, settings and panel cards keep to Discord's limits in every language."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

import pytest

from bot.config import DATA
from bot.content import Content, load_content
from bot.domain.consent import ConsentKind, Standing
from bot.domain.ids import ParticipantId
from bot.domain.joining import Progress, TrialOutcome
from bot.domain.participant import Delivery, Participant, Preferences, SafeContact
from bot.text import Catalog, Words
from bot.ui import joining, panel, settings, zone_picker
from bot.ui.cards import Card
from bot.ui.forms import Form
from bot.ui.zone_picker import Context
from bot.ui.zones import zone_countries

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
CONTENT: Content = load_content(DATA)
WORDS = Catalog.load(DATA / "locales").languages
PERSON = Participant(
    id=ParticipantId("participant-0000000001"),
    user_id=1,
    created_at=NOW,
    preferences=Preferences(
        zone="America/Argentina/ComodRivadavia",
        country="GB",
        checkins=True,
        delivery=Delivery.THREAD,
        safe_contact=SafeContact.SERVER_ONLY,
        safe_hours="18:00-20:00",
    ),
)
DONE = Progress(zone_at=NOW, daily_at=NOW)
SPAN = (time(18), time(20))


def cards(words: Words) -> Iterator[tuple[str, Card]]:
    texts = CONTENT.texts(words.locale)
    daily = texts.consents[ConsentKind.DAILY_PROMPTS]
    yield "about", joining.about_card(words, texts.joining)
    for name, progress in (("hours", Progress()), ("hours done", DONE)):
        yield (
            name,
            joining.hours_card(
                words,
                texts.joining,
                daily,
                PERSON,
                progress,
                now=NOW,
                programme_zone="Europe/Madrid",
                languages=list(WORDS),
            ),
        )
    for context in Context:
        for outcome in TrialOutcome:
            notice = joining.outcome_sentence(words, Delivery.THREAD, outcome)
            yield (
                f"delivery {outcome}",
                joining.delivery_card(words, texts.joining, context, notice=notice),
            )
        for rows in (
            zone_picker.clock_rows(words, context, NOW, "Asia/Kathmandu"),
            zone_picker.zone_rows(words, context, sorted(zone_countries())[:25]),
        ):
            yield "zone", zone_picker.zone_card(words, rows)
    yield "waiting", joining.waiting_card(words, Context.JOIN, Delivery.DM, place_url="https://x.y")
    yield "done", joining.done_card(words, PERSON)
    yield "again", joining.again_card(words)
    yield "back", joining.welcome_back_card(words)
    yield "resumed", joining.resumed_card(words)
    yield "settings", settings.settings_card(words, PERSON, NOW, notice=words("settings.saved"))
    yield "language", settings.language_card(words, list(WORDS))
    yield "country", settings.country_card(words, list(CONTENT.crisis.countries)[:25], "GB")
    yield "pace", settings.pace_card(words, PERSON.preferences.pace)
    yield "safe", settings.safe_card(words, PERSON)
    for where in Standing:
        standings = dict.fromkeys(ConsentKind, where)
        yield f"consents {where}", settings.consents_card(words, texts.consents, standings)
    for consent in texts.consents.values():
        yield f"consent {consent.kind}", settings.given_card(words, consent)
    yield "panel", panel.start_panel(words)
    yield "more", panel.more_card(words, lambda _: True)
    yield "visitor", panel.visitor_card(words, has_begun=True)
    onlookers = panel.Onlookers(admins=2, keepers=1, bots=3, moderators=1, clinicians=2, leads=1)
    yield "who sees", panel.who_sees_card(words, onlookers)


def forms(words: Words) -> Iterator[Form]:
    yield joining.code_form(words)
    for context in Context:
        yield zone_picker.clock_form(words, context)
        yield zone_picker.place_form(words, context)
        yield settings.times_form(words, context, *SPAN)
    yield settings.country_form(words)
    yield settings.range_form(words, "settings:v1:quiet", "settings.quiet", None)
    yield settings.range_form(words, "settings:v1:safe_hours", "settings.hours", SPAN)


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        if inner := component.get("component"):
            yield inner


@pytest.mark.parametrize(
    ("words", "card"),
    [
        pytest.param(words, card, id=f"{words.locale} {name}")
        for words in WORDS.values()
        for name, card in cards(words)
    ],
)
def test_a_card_fits(words: Words, card: Card) -> None:
    parts = list(walk(card.view().to_components()))

    assert len(parts) <= 40
    assert sum(len(part.get("content", "")) for part in parts) <= 4000
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    assert len(ids) == len(set(ids))
    for part in parts:
        if part["type"] == 1:
            assert 1 <= len(part["components"]) <= 5
        assert len(part.get("label") or "") <= 80
        assert len(part.get("placeholder") or "") <= 150
        assert len(part.get("custom_id") or "") <= 100
        options = part.get("options", [])
        assert len(options) <= 25
        assert len({option["value"] for option in options}) == len(options)
        for option in options:
            assert 1 <= len(option["label"]) <= 100
            assert len(option.get("description") or "") <= 100


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(form, id=f"{words.locale} {form.id}")
        for words in WORDS.values()
        for form in forms(words)
    ],
)
def test_a_form_fits(form: Form) -> None:
    modal = form.modal().to_dict()

    assert 1 <= len(form.title) <= 45
    assert len(form.fields) <= 5
    for part in walk(modal["components"]):
        assert len(part.get("label") or "") <= 45
        assert len(part.get("description") or "") <= 100
        assert len(part.get("placeholder") or "") <= 100
