"""What a proactive message looks like: neutral to a person, a card in a channel."""

from dataclasses import replace
from typing import Protocol

from discord import ButtonStyle

from bot.domain.delivery import Channel, OutboxRow, RefusedError
from bot.domain.place import PlaceKey
from bot.domain.programme import Programme
from bot.services.pages import APART, OUTSIDE_PREFIX
from bot.services.profiles import Profiles
from bot.text import Catalog, Words
from bot.ui.cards import MOST_CUSTOM_ID, Card, button
from bot.ui.items import RoutedItem
from bot.ui.routing import Router

SEEN = "ops:v1:seen"
TEAM_PLACES = (PlaceKey.CHANNEL_STAFF, PlaceKey.CHANNEL_LEAD, APART)


class CurrentProgramme(Protocol):
    """Knows the language of the programme's channels."""

    @property
    def current(self) -> Programme: ...


def neutral_note(words: Words, outbox_id: str) -> Card:
    """Make the one notice every personal message has: a lock screen learns nothing from it."""
    opener = button(
        "note:v1:open", outbox_id, label=words("core.note_open"), style=ButtonStyle.primary
    )
    return Card(notice=words("core.note"), rows=[[opener]])


class CardRenderer:
    """Turns outbox rows into cards."""

    def __init__(
        self, router: Router, catalog: Catalog, profiles: Profiles, programme: CurrentProgramme
    ) -> None:
        self._router = router
        self._catalog = catalog
        self._profiles = profiles
        self._programme = programme

    async def render(self, row: OutboxRow) -> Card:
        """Make the card of a row; it carries the row's ID, so that it is found again.

        Raises:
            RefusedError: No feature knows this kind of channel message.
        """
        if row.participant_id is not None:
            profile = self._profiles.by_id(row.participant_id)
            words = self._catalog.words(profile.locale if profile else None)
            return neutral_note(words, row.id)
        maker = self._router.card_makers.get(row.kind)
        if maker is None:
            raise RefusedError(row.kind)
        card = await maker(row)
        if isinstance(row.address, Channel) and row.address.key.startswith(OUTSIDE_PREFIX):
            return card
        words = self._catalog.words(self._programme.current.locale)
        return marked(card, row, words)


def marked(card: Card, row: OutboxRow, words: Words) -> Card:
    """Add the ID of the row a card was made of to its first button.

    A card for the team that has none gets one to say that it was read.
    """
    for items in card.rows:
        for item in items:
            if isinstance(item, RoutedItem):
                longer = f"{item.custom_id}:{row.id}"
                if len(longer) <= MOST_CUSTOM_ID:
                    item.custom_id = longer
                    return card
    if not isinstance(row.address, Channel) or not row.address.key.startswith(TEAM_PLACES):
        return card
    seen = button(SEEN, row.id, label=words("alerts.seen"))
    return replace(card, rows=[*card.rows, [seen]])
