"""One day as people type it, for the forms of plans and agreements."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.localtime import local_day
from bot.domain.pair import Space
from bot.domain.typed_dates import DateTextError, read_day
from bot.errors import UserError
from bot.ui.request import Request


def typed_day(request: Request, space: Space, typed: str) -> date:
    """Read a day by the calendar of a pair.

    Raises:
        UserError: It is none.
    """
    today = local_day(request.now, ZoneInfo(space.zone))
    try:
        return read_day(typed, today=today, day_first=request.words.locale != "en")
    except DateTextError as error:
        raise UserError("plan.unreadable_day", typed=typed) from error
