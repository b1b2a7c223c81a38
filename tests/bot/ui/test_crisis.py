"""The crisis cards: what they say, for every country and language, within Discord's limits."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.config import DATA
from bot.content import Content, load_content
from bot.domain.crisis import BarrierAction
from bot.domain.place import PlaceKey
from bot.services.crisis import Asked, DirectPage
from bot.text import Catalog, Words
from bot.ui.cards import Card
from bot.ui.crisis import NOWHERE, CrisisCards, direct_page_card, pinned_lines, receipt

CONTENT: Content = load_content(DATA)
COUNTRIES = [*CONTENT.crisis.countries, "AR", NOWHERE, None]
BARRIERS = {barrier.id: barrier for barrier in CONTENT.texts("en").crisis.barriers}
DISCORD_TEXT = 4000
DISCORD_COMPONENTS = 40

Deck = Callable[..., CrisisCards]


@pytest.fixture
def deck(catalog: Catalog) -> Deck:
    """Make cards for a country, in English unless asked otherwise."""

    def make(
        country: str | None = "US", *, locale: str = "en", checks_back: bool = True
    ) -> CrisisCards:
        return CrisisCards(
            catalog.words(locale),
            CONTENT.texts(locale).crisis,
            CONTENT.crisis,
            country=country,
            checks_back=checks_back,
        )

    return make


def body(card: Card) -> str:
    return card.body if isinstance(card.body, str) else "\n\n".join(card.body)


def components(card: Card) -> list[dict[str, Any]]:
    def walk(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield part
        for child in part.get("components", ()):
            yield from walk(child)

    return [part for top in card.view().to_components() for part in walk(top)]


def labels(card: Card) -> list[str]:
    return [part["label"] for part in components(card) if part.get("label")]


def custom_ids(card: Card) -> list[str]:
    return [part["custom_id"] for part in components(card) if part.get("custom_id")]


def all_cards(cards: CrisisCards, texts: Any) -> list[Card]:
    return [
        cards.lines(),
        cards.more(),
        cards.countries(),
        cards.asked("No one is on until Monday at 9:00."),
        cards.check_back_saved("18:00"),
        cards.check_back(),
        *(cards.barrier(barrier) for barrier in texts.barriers),
        *(cards.feeling(answer) for answer in texts.check_back_answers),
    ]


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("country", COUNTRIES)
def test_every_card_fits_discord(deck: Deck, country: str | None, locale: str) -> None:
    texts = CONTENT.texts(locale).crisis
    for card in all_cards(deck(country, locale=locale), texts):
        parts = components(card)
        written = sum(len(part.get("content", "")) for part in parts)
        ids = custom_ids(card)

        assert len(card.rows) <= 5
        assert len(parts) <= DISCORD_COMPONENTS
        assert written <= DISCORD_TEXT
        assert len(ids) == len(set(ids))
        for part in parts:
            assert len(part.get("options", ())) <= 25
            assert len(part.get("placeholder") or "") <= 150
            assert len(part.get("label") or "") <= 80


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("country", COUNTRIES)
def test_the_first_card_begins_with_the_emergency_number(
    deck: Deck, country: str | None, locale: str
) -> None:
    card = deck(country, locale=locale).lines()

    first = body(card).splitlines()[0]
    for number in CONTENT.crisis.emergency_numbers(country) or ("112", "911", "999"):
        assert number in first


def test_the_united_states_get_call_text_and_chat(deck: Deck) -> None:
    card = deck("US").lines()

    text = body(card)
    assert "**988 Suicide & Crisis Lifeline**" in text
    assert (
        "Call **988** · Text **988** · Chat at [988lifeline.org](https://988lifeline.org)" in text
    )
    assert "Text **START** to **88788**" in text
    assert "SAMHSA National Helpline" in text
    assert "Crisis Text Line" not in text
    assert labels(card)[:3] == ["Ask staff to message me", "More lines", "Change country"]
    assert "Lines for: United States." in (card.footer or "")


def test_a_spanish_reader_is_told_how_to_hear_spanish(deck: Deck) -> None:
    text = body(deck("US", locale="es").lines())

    assert "Para español, llama y marca 2." in text
    assert "Llama al **988**" in text
    assert "En inglés y español" in text


def test_more_lines_name_whom_they_are_for(deck: Deck) -> None:
    text = body(deck("US").more())

    assert "Call **988** and press 1" in text
    assert "for veterans, service members and family" in text
    assert "findahelpline.com" in text


def test_a_country_without_lines_says_so_and_where_to_look(deck: Deck) -> None:
    card = deck("DE").lines()

    assert "Call 112." in body(card)
    assert "No line in Germany has been checked yet." in body(card)
    assert "https://findahelpline.com" in body(card)
    assert "Lines in other countries" in labels(card)
    assert "TelefonSeelsorge" not in body(card)


@pytest.mark.parametrize("country", [None, NOWHERE, "AR"])
def test_an_unknown_country_gets_advice_and_the_choice(deck: Deck, country: str | None) -> None:
    card = deck(country).lines()

    assert "try 112, 911 or 999" in body(card)
    assert "findahelpline.com" in body(card)
    offered = [option["label"] for part in components(card) for option in part.get("options", ())]
    assert {"United States", "Germany", "My country is not here"} <= set(offered)
    assert any(found.startswith("crisis:v1:country:") for found in custom_ids(card))


def test_countries_with_lines_come_first(deck: Deck) -> None:
    card = deck("US").countries()

    selects = [part for part in components(card) if part.get("options")]
    first = [option["value"] for option in selects[0]["options"]]
    rest = [option["value"] for option in selects[1]["options"]]
    assert first == ["US", "CA", "GB", "IE", "AU", "NZ", "IN", "MX", "ES", NOWHERE]
    assert set(first) | set(rest) == {*CONTENT.crisis.countries, NOWHERE}
    assert rest[:2] == ["AT", "BE"]


def test_a_check_back_is_offered_only_where_it_can_arrive(deck: Deck) -> None:
    joined, visitor = deck("US").lines(), deck("US", checks_back=False).lines()

    assert any(found.startswith("crisis:v1:check_back") for found in custom_ids(joined))
    assert not any(found.startswith("crisis:v1:check_back") for found in custom_ids(visitor))


def test_who_cannot_talk_gets_the_text_line(deck: Deck) -> None:
    card = deck("GB").barrier(BARRIERS["cannot_talk"])

    assert "**Shout**: Text **85258**" in body(card)


def test_who_fears_to_be_found_out_gets_the_chat(deck: Deck) -> None:
    card = deck("US").barrier(BARRIERS["found_out"])

    assert "988lifeline.org" in body(card)
    assert labels(card) == ["Open the chat", "Back to the lines"]


def test_without_a_chat_the_text_line_stands_in(deck: Deck) -> None:
    assert "Text **0477 13 11 14**" in body(deck("AU").barrier(BARRIERS["found_out"]))
    assert "Call **024**" in body(deck("ES").barrier(BARRIERS["found_out"]))


def test_who_took_something_gets_the_emergency_number(deck: Deck) -> None:
    card = deck("US").barrier(BARRIERS["using"])

    assert "Call 911" in body(card)
    assert "naloxone" in body(card)


def test_who_tried_before_can_ask_a_person(deck: Deck) -> None:
    card = deck("US").barrier(BARRIERS["tried_before"])

    assert labels(card) == ["Ask staff to message me", "Back to the lines"]


@pytest.mark.parametrize("barrier", BARRIERS.values(), ids=lambda barrier: barrier.id)
@pytest.mark.parametrize("country", COUNTRIES)
def test_every_barrier_ends_with_something_to_do(
    deck: Deck, country: str | None, barrier: Any
) -> None:
    card = deck(country).barrier(barrier)

    assert barrier.answer in body(card)
    if barrier.action is BarrierAction.ASK_STAFF:
        assert "crisis:v1:ask" in " ".join(custom_ids(card))
    else:
        assert "You can do it now:" in body(card)


def test_the_check_back_asks_and_offers_the_lines_again(deck: Deck) -> None:
    card = deck("US").check_back()

    assert "How is it now?" in body(card)
    assert "988" in body(card)
    assert labels(card)[:4] == ["A bit better", "The same", "Worse", "I'd rather not say"]
    assert "not kept" in (card.footer or "")


def test_the_receipt_stands_above_the_lines(deck: Deck) -> None:
    card = deck("US").asked("No one is on right now.")

    assert body(card).startswith("No one is on right now.")
    assert "988" in body(card)


def test_pinned_lines_are_the_emergency_number_and_the_first_lines(catalog: Catalog) -> None:
    pinned = pinned_lines(catalog.words("en"), CONTENT.crisis, "US")

    assert "Call 911" in pinned[0]
    assert len(pinned) == 4


def test_pinned_lines_of_an_unknown_country_point_to_the_world_list(catalog: Catalog) -> None:
    pinned = pinned_lines(catalog.words("es"), CONTENT.crisis, None)

    assert "112" in pinned[0]
    assert "findahelpline.com" in pinned[1]


PAGE = DirectPage(user_id=42, places=[PlaceKey.CHANNEL_STAFF], ring=[7])


def test_a_receipt_says_who_is_on_and_no_more(words: Words) -> None:
    on = receipt(words, Asked(is_new=True, on_duty=True), reached=True, has_joined=True)
    off = receipt(words, Asked(is_new=True, on_duty=False), reached=True, has_joined=True)

    assert "Someone is on duty now" in on
    assert "No one is on right now" in off
    assert "Someone is on" not in off


def test_a_receipt_tells_a_visitor_that_no_note_comes(words: Words) -> None:
    told = receipt(words, Asked(is_new=True, on_duty=True), reached=True, has_joined=False)

    assert "You have not joined" in told


def test_a_receipt_says_when_the_team_knew_already(words: Words) -> None:
    told = receipt(words, Asked(is_new=False, on_duty=True), reached=True, has_joined=True)

    assert "with the team already" in told


def test_a_page_that_reached_no_one_is_not_called_sent(words: Words) -> None:
    asked = Asked(is_new=True, on_duty=True, page=PAGE)

    told = receipt(words, asked, reached=False, has_joined=True)

    assert "could not be sent" in told
    assert "on duty" not in told


def test_a_direct_page_rings_who_is_on_duty_and_names_who_asked(words: Words) -> None:
    card = direct_page_card(words, PAGE)

    assert "<@42>" in body(card)
    assert card.mentions == [7]


def test_a_direct_page_says_when_no_one_is_on(words: Words) -> None:
    card = direct_page_card(words, DirectPage(user_id=42, places=[], ring=[]))

    assert "No one is on duty." in body(card)


def test_a_time_of_day_reads_as_one_in_spanish(deck: Deck) -> None:
    assert "una nota a las 18:00." in body(deck(locale="es").check_back_saved("18:00"))
