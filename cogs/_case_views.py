"""What the cogs of cases share: a case as a card shows it, and the card that was pressed."""

from collections.abc import Sequence

from bot.client import Bot
from bot.domain.case import Case
from bot.text import Words
from bot.ui.cards import Card
from bot.ui.care import CaseView, case_card
from bot.ui.case_work import steps_card
from bot.ui.request import Request


def team_words(bot: Bot) -> Words:
    """Return the sentences in the programme's language, for a channel."""
    return bot.catalog.words(bot.services.programme.current.locale)


async def view_of(bot: Bot, case: Case) -> CaseView:
    """Return a case with what a card shows of its person."""
    participant = await bot.services.participants.find(case.user_id)
    return CaseView(
        case=case,
        code=participant.code if participant else None,
        joined=participant is not None,
        is_free=bot.services.case_desk.is_free(case),
        has_left=participant is not None and not participant.is_open,
        may_contact=await bot.services.concerns.may_contact(case),
    )


async def views_of(bot: Bot, cases: Sequence[Case]) -> list[CaseView]:
    """Return cases as a list shows them."""
    return [await view_of(bot, case) for case in cases]


async def redraw(bot: Bot, request: Request, case: Case) -> None:
    """Turn the card that was pressed into the case as it is now, in its own language."""
    message = request.interaction.message
    is_own = message is not None and message.flags.ephemeral
    words = request.words if is_own else team_words(bot)
    card = case_card(words, await view_of(bot, case))
    await (request.rewrite(card) if message is not None else request.reply(card))


async def next_steps(bot: Bot, request: Request, case: Case) -> Card:
    """Make the owner's own card of a case: what to do, and first words."""
    profile = request.services.profiles.get(case.user_id)
    theirs = profile.locale if profile else bot.services.programme.current.locale
    return steps_card(
        request.words,
        request.content.texts(request.locale),
        request.content.texts(theirs),
        await view_of(bot, case),
        await request.services.case_desk.steps(case),
    )
