"""Which card a choice leads back to: the second joining screen, or settings."""

from collections.abc import Sequence

from bot.domain.consent import ConsentKind
from bot.domain.participant import Participant, ParticipantState
from bot.errors import UserError
from bot.text import Words
from bot.ui.cards import Card, Item
from bot.ui.joining import hours_card
from bot.ui.request import Request
from bot.ui.settings import settings_card
from bot.ui.zone_picker import Context, zone_card


def words_of(request: Request, participant: Participant) -> Words:
    """Return the sentences in the language a person chose, also if it was just now."""
    return request.host.catalog.words(participant.preferences.locale)


def languages_of(request: Request) -> Sequence[str]:
    """Return the languages there are."""
    return list(request.host.catalog.languages)


def read_context(request: Request, index: int = 0) -> Context:
    """Return the context a component was made for.

    Raises:
        UserError: The card is too old to carry it.
    """
    try:
        return Context(request.arg(index))
    except ValueError as error:
        raise UserError("core.old_card") from error


async def context_card(
    request: Request,
    context: Context,
    participant: Participant,
    *,
    asking: list[list[Item]] | None = None,
    notice: str | None = None,
) -> Card:
    """Make the card that a choice leads back to.

    Args:
        asking: Rows that narrow the zone down, where that has begun.
        notice: What to say first.
    """
    words = words_of(request, participant)
    if context is Context.JOIN and participant.state is ParticipantState.JOINING:
        return await joining_hours(request, participant, asking=asking)
    if asking is not None:
        return zone_card(words, asking)
    return settings_card(words, participant, request.now, notice=notice)


async def joining_hours(
    request: Request, participant: Participant, *, asking: list[list[Item]] | None = None
) -> Card:
    """Make the second joining screen as far as it was answered."""
    words = words_of(request, participant)
    texts = request.content.texts(words.locale)
    return hours_card(
        words,
        texts.joining,
        texts.consents[ConsentKind.DAILY_PROMPTS],
        participant,
        await request.services.joining.progress(participant),
        now=request.now,
        programme_zone=request.services.programme.current.zone,
        languages=languages_of(request),
        asking=asking,
    )
