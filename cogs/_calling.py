"""Posting a call for a person to the team while the database does not work."""

import logging

from bot.client import Bot
from bot.domain.delivery import DeliveryError
from bot.gateway import delivery_errors
from bot.services.crisis import Asked, DirectPage
from bot.ui.crisis import direct_page_card

log = logging.getLogger(__name__)


async def reach_team(bot: Bot, asked: Asked) -> bool:
    """Make sure that a call is with the team, and say whether it is."""
    if asked.page is None:
        return True
    return await _post(bot, asked.page)


async def _post(bot: Bot, page: DirectPage) -> bool:
    """Post a page in the first place that takes it."""
    if page.is_repeat:
        return True
    services = bot.services
    words = bot.catalog.words(services.programme.current.locale)
    card = direct_page_card(words, page)
    for place in page.places:
        channel_id = services.places.get(place)
        if channel_id is None:
            continue
        try:
            async with delivery_errors():
                await bot.get_partial_messageable(channel_id).send(**card.message())
        except DeliveryError as error:
            log.warning("a page could not be posted in %s: %s", place, type(error).__name__)
            continue
        services.crisis.posted(page)
        return True
    log.critical("a call for a person reached no channel of the team")
    return False
