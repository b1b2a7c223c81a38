"""The private card: short, truthful about who is on, and without a question."""

from dataclasses import replace

import pytest

from bot.domain.case import Circle
from bot.domain.ids import HitId
from bot.domain.risk import RiskClass, Tier
from bot.domain.watch import GROUPS, Hit, Where
from bot.services.watch_desk import Told
from bot.text import Catalog
from bot.ui.cards import Card
from bot.ui.watch import author_card, hit_lines, look_card, needs_safety
from tests.fakes.clock import START

HIT = Hit(
    id=HitId("H" * 22),
    user_id=1,
    participant_id=None,
    where=Where.ROOM,
    label=RiskClass.SELF_HARM,
    tier=Tier.PAGE,
    version="1",
    found_at=START,
    channel_id=2,
    message_id=3,
)


def text_of(card: Card) -> str:
    body = [card.body] if isinstance(card.body, str) else card.body
    return " ".join(body)


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("label", list(GROUPS))
@pytest.mark.parametrize("circle", list(Circle))
@pytest.mark.parametrize("is_on", [True, False])
def test_the_card_is_short_and_asks_nothing(
    catalog: Catalog, locale: str, label: RiskClass, circle: Circle, is_on: bool
) -> None:
    told = Told(hit=replace(HIT, label=label), is_on=is_on, circle=circle, outside="")
    text = text_of(author_card(catalog.words(locale), told, "US", ["911"]))

    assert len(text.split()) < 60
    assert "?" not in text
    assert ("911" in text) is (label is RiskClass.OVERDOSE_MEDICAL)
    assert needs_safety(told.hit) is (label is RiskClass.IPV_VICTIM)


def test_a_full_list_fits_a_card_and_names_no_one(catalog: Catalog) -> None:
    words = catalog.words("en")
    card = look_card(words, [HIT] * 30, 10**18, ["P-104"] * 30)

    assert len(card.rows) == 5
    assert "And 25 more" in text_of(card)
    assert "https://discord.com/channels/1000000000000000000/2/3" in text_of(card)
    assert card.view().to_components()
    assert "Not informed" in hit_lines(words, [HIT], 1)[0]
