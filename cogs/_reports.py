"""Showing a week in counts to whoever asks."""

from bot.domain.report import Scope
from bot.ui.report import report_card
from bot.ui.request import Request


async def show_report(request: Request, *, weeks_ago: int) -> None:
    """Show a week, to a lead with what only leads may know of."""
    member = await request.staff()
    await request.defer()
    reports = request.services.reports
    scope = Scope.LEADS if member.is_lead else Scope.TEAM
    report = await reports.of_week(reports.monday(weeks_ago), scope)
    paint = request.host.easel.of(str(request.user_id))
    await request.reply(await report_card(request.words, report, paint=paint))
