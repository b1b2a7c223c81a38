"""The weekly report in the leads' channel."""

from datetime import date

from bot.client import Bot
from bot.domain.delivery import OutboxRow
from bot.domain.report import Scope
from bot.services.reports import MONDAY
from bot.ui.cards import Card
from bot.ui.report import report_card
from bot.ui.routing import FeatureCog, renders

OWNER = "report"
"""Whose pictures they are on the easel: nobody's."""


class ReportCog(FeatureCog[Bot]):
    """Writes the report when it is due."""

    @renders("report.weekly")
    async def weekly(self, row: OutboxRow) -> Card:
        """Write last week's report for the leads."""
        monday = date.fromisoformat(row.args[MONDAY])
        words = self.bot.catalog.words(self.bot.services.programme.current.locale)
        report = await self.bot.services.reports.of_week(monday, Scope.LEADS)
        return await report_card(words, report, paint=self.bot.easel.of(OWNER))


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(ReportCog(bot))
