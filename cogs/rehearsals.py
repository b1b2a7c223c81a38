"""Rehearsals: the script in the staff channel, its steps, and the summary."""

from bot.client import Bot
from bot.content import Script
from bot.domain.delivery import OutboxRow
from bot.domain.rehearsal import Rehearsal
from bot.text import Words
from bot.ui.cards import Card
from bot.ui.rehearsal import play_card, summary_card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed, renders


class RehearsalCog(FeatureCog[Bot]):
    """Walks the team through a play."""

    @pressed("rehearse:v1:done")
    async def done(self, request: Request) -> None:
        """Keep that a step was done and show the next one."""
        member = await request.staff()
        rehearsals = request.services.rehearsals
        script = self._script(await rehearsals.get(request.arg(0)))
        rehearsal = await rehearsals.done(request.arg(0), request.arg(1), member, script.step_ids)
        await request.rewrite(play_card(self._words, rehearsal, script))

    @pressed("rehearse:v1:end")
    async def end(self, request: Request) -> None:
        """End a rehearsal; for leads."""
        lead = await request.services.staff.lead(request.user_id)
        rehearsal = await request.services.rehearsals.end(request.arg(), lead)
        await request.rewrite(play_card(self._words, rehearsal, self._script(rehearsal)))

    @renders("rehearsal.play")
    async def play(self, row: OutboxRow) -> Card:
        """Make the card of a play."""
        rehearsal = await self.bot.services.rehearsals.get(row.subject_id)
        return play_card(self._words, rehearsal, self._script(rehearsal))

    @renders("rehearsal.summary")
    async def summary(self, row: OutboxRow) -> Card:
        """Say how a rehearsal went."""
        outcome = await self.bot.services.rehearsals.outcome(row.subject_id)
        return summary_card(self._words, outcome, self._script(outcome.rehearsal))

    def _script(self, rehearsal: Rehearsal) -> Script:
        return self.bot.content.texts(self._locale).plays[rehearsal.play]

    @property
    def _words(self) -> Words:
        return self.bot.catalog.words(self._locale)

    @property
    def _locale(self) -> str:
        return self.bot.services.programme.current.locale


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(RehearsalCog(bot))
