"""The card to pass on, and the tools of several spaces on one card."""

from datetime import UTC, datetime

import pytest

from bot.domain.ids import PairId, ParticipantId
from bot.domain.pair import PairKind, Space
from bot.text import Catalog
from bot.ui.chart import Drawn, Poster, draw
from bot.ui.chart_poster import BODY, wrapped
from bot.ui.chart_text import width_of
from bot.ui.invitation import invitation_card
from bot.ui.together import home_card, more_card
from tests.fakes.simulation import labels, texts

PNG = b"\x89PNG"


def space(kind: PairKind, number: int) -> Space:
    return Space(
        pair_id=PairId(f"pair{number}"),
        kind=kind,
        zone="UTC",
        mine=ParticipantId("ada"),
        my_user_id=1,
        partner_user_id=100 + number,
        thread_id=None,
        opened_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


class Shown:
    """A card as a message, for the helpers that read one."""

    content = ""

    def __init__(self, card: object) -> None:
        self.components = card.view().to_components()  # type: ignore[attr-defined]  # a card


@pytest.mark.parametrize("locale", ["en", "es"])
async def test_the_card_says_the_same_in_picture_and_text(catalog: Catalog, locale: str) -> None:
    drawn: list[Drawn] = []

    async def paint(chart: Drawn) -> bytes:
        drawn.append(chart)
        return await draw(chart)

    card = await invitation_card(catalog.words("en"), catalog.words(locale), paint)

    [poster] = drawn
    assert isinstance(poster, Poster)
    assert card.image is not None
    assert card.image.png.startswith(PNG)
    assert poster.lines[0] in card.image.alt
    text = card.files[0].content.decode()
    assert all(line in text for line in (poster.title, *poster.lines, poster.foot))


def test_lines_fit_their_width() -> None:
    lines = wrapped("one long sentence that goes on and on " * 4, 3.0, BODY)

    assert len(lines) > 3
    assert all(width_of(line, BODY) <= 3.0 for line in lines)


def test_several_spaces_let_one_choose(catalog: Catalog) -> None:
    words = catalog.words("en")
    spaces = [space(PairKind.COUPLE, 1), space(PairKind.FAMILY, 2), space(PairKind.FAMILY, 3)]

    shown = Shown(home_card(words, spaces, [], lambda _route: True))

    assert labels(shown)[:3] == [
        "1. The two of you",
        "2. You and your loved one",
        "3. You and your loved one",
    ]
    assert "<@102>" in texts(shown)


def test_a_link_alone_has_no_tools_of_couples(catalog: Catalog) -> None:
    words = catalog.words("en")
    link = [space(PairKind.FAMILY, 2)]

    assert labels(Shown(home_card(words, link, [], lambda _route: True)))[:2] == [
        "Our plan",
        "Our goals",
    ]
    more = labels(Shown(more_card(words, link)))
    assert "Danger words in our thread" not in more
    assert "Something to talk about alone" in more
