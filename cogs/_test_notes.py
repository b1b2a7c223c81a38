"""Cards that wait for a test note: what became of it is shown by itself."""

import asyncio
import logging

import discord

from bot.domain.delivery import OutboxRow, OutboxState
from bot.domain.ids import OutboxId
from bot.domain.joining import TrialOutcome
from bot.domain.participant import Participant
from bot.services.trials import outcome_of
from bot.ui.cards import Card
from bot.ui.joining import delivery_card, outcome_sentence, waiting_card
from bot.ui.request import Request
from bot.ui.zone_picker import Context
from cogs._contexts import words_of

log = logging.getLogger(__name__)


class WaitingCards:
    """The cards that ask for a tap, while their interaction can still change them.

    This is a courtesy: after a restart the button on the card tells the same.
    """

    def __init__(self) -> None:
        self._cards: dict[OutboxId, tuple[Request, Context]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def wait(self, row: OutboxRow | None, request: Request, context: Context) -> None:
        """Remember a card until its test note is settled, which it may be already."""
        if row is not None:
            self._cards[row.id] = (request, context)
            if row.state not in (OutboxState.PENDING, OutboxState.SENDING):
                self.settled(row)

    def settled(self, row: OutboxRow) -> None:
        """Change the card of a test note that was sent, or could not be."""
        waiting = self._cards.pop(row.id, None)
        if waiting is not None:
            task = asyncio.create_task(_tell(row, *waiting))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        """Leave the cards as they are."""
        self._cards.clear()
        for task in self._tasks:
            task.cancel()


async def _tell(row: OutboxRow, request: Request, context: Context) -> None:
    participant = await request.services.participants.find(request.user_id)
    if participant is None or participant.preferences.delivery_confirmed:
        return
    card = trial_card(request, participant, context, row)
    try:
        await request.interaction.edit_original_response(**card.edit())
    except discord.HTTPException as error:
        log.info("a card that waited is gone: %s", error.code)


def trial_card(
    request: Request, participant: Participant, context: Context, row: OutboxRow | None
) -> Card:
    """Say what became of a test note: still to be tapped, or to be sent another way."""
    words, preferences = words_of(request, participant), participant.preferences
    outcome = outcome_of(row, preferences)
    if row is None or outcome not in (TrialOutcome.WAITING, TrialOutcome.SENT):
        texts = request.content.texts(words.locale).joining
        notice = outcome_sentence(words, preferences.delivery, outcome)
        return delivery_card(words, texts, context, notice=notice)
    return waiting_card(
        words,
        context,
        preferences.delivery,
        outcome,
        place_url=_url(request, row, preferences.thread_id),
    )


def _url(request: Request, row: OutboxRow, thread_id: int | None) -> str | None:
    if row.channel_id is None:
        return None
    home = request.services.programme.current.guild_id if row.channel_id == thread_id else "@me"
    return f"https://discord.com/channels/{home}/{row.channel_id}"
