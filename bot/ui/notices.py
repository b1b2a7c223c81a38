"""What a proactive message looks like: neutral to a person, a card in a channel."""

from discord import ButtonStyle

from bot.domain.delivery import OutboxRow, RefusedError
from bot.services.profiles import Profiles
from bot.text import Catalog, Words
from bot.ui.cards import Card, button
from bot.ui.routing import Router


def neutral_note(words: Words, outbox_id: str) -> Card:
    """Make the one notice every personal message has: a lock screen learns nothing from it."""
    opener = button(
        "note:v1:open", outbox_id, label=words("core.note_open"), style=ButtonStyle.primary
    )
    return Card(notice=words("core.note"), rows=[[opener]])


class CardRenderer:
    """Turns outbox rows into cards."""

    def __init__(self, router: Router, catalog: Catalog, profiles: Profiles) -> None:
        self._router = router
        self._catalog = catalog
        self._profiles = profiles

    async def render(self, row: OutboxRow) -> Card:
        """Make the card of a row.

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
        return await maker(row)
