"""Shared goals and day counts: a part of the goals."""

from bot.client import Bot
from bot.domain.goal import Cheer
from bot.errors import UserError
from bot.ui.forms import Form
from bot.ui.goal_forms import COUNT_BEGIN, COUNT_CORRECT, date_form
from bot.ui.goal_shared import count_card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, pressed, submits
from cogs._goal_cards import offer_reminders, show


class SharedGoalCog(FeatureCog[Bot]):
    """Answers invitations, and counts days."""

    @pressed("goals:v1:decline")
    async def decline(self, request: Request) -> None:
        """Say no; the one who invited is told nothing."""
        participant = await request.participant()
        await request.services.goals.shared.decline(participant, request.arg())
        await request.say("goals.invite.declined")

    @pressed("goals:v1:choose")
    async def choose(self, request: Request) -> None:
        """Choose whether to show one's days, and whether to take cheers."""
        participant = await request.participant()
        name, is_on = request.arg(1), request.arg(2) == "1"
        goals = request.services.goals.goals
        if name == "shows":
            part = await goals.choose(participant, request.arg(), shows=is_on)
        elif name == "cheers":
            part = await goals.choose(participant, request.arg(), cheers=is_on)
        else:
            raise UserError("core.old_card")
        await show(request, part.id, said=request.words("goals.show.kept"))

    @pressed("goals:v1:cheer")
    async def cheer(self, request: Request) -> None:
        """Send a kind word; whether it arrives is not said."""
        participant = await request.participant()
        try:
            cheer = Cheer(request.arg(1))
        except ValueError as error:
            raise UserError("core.old_card") from error
        await request.services.goals.shared.cheer(participant, request.arg(), cheer)
        await request.say("goals.cheer.saved")

    @pressed("goals:v1:count")
    async def count(self, request: Request) -> None:
        """Show the days a person counts."""
        await self._show(request)

    @form(COUNT_BEGIN)
    async def begin_form(self, request: Request) -> Form:
        """Ask from which day on."""
        await request.participant()
        return date_form(request.words, COUNT_BEGIN, key="count")

    @submits(COUNT_BEGIN)
    async def begin(self, request: Request) -> None:
        """Count from a day on."""
        participant = await request.participant()
        counts = request.services.goals.counts
        await counts.begin(participant, request.text("day"), request.words.locale)
        await self._show(request)
        await offer_reminders(request, participant, then="goals:v1:count")

    @form(COUNT_CORRECT)
    async def correct_form(self, request: Request) -> Form:
        """Ask for the right day."""
        participant = await request.participant()
        current = (await request.services.goals.counts.summary(participant)).current
        value = current.first.isoformat() if current else None
        return date_form(request.words, COUNT_CORRECT, key="count", value=value)

    @submits(COUNT_CORRECT)
    async def correct(self, request: Request) -> None:
        """Correct the day the present stretch began on."""
        participant = await request.participant()
        counts = request.services.goals.counts
        await counts.correct(participant, request.text("day"), request.words.locale)
        await self._show(request)

    @pressed("goals:v1:count_stop")
    async def stop(self, request: Request) -> None:
        """Count no more; everything counted is kept."""
        participant = await request.participant()
        await request.services.goals.counts.stop(participant)
        await self._show(request)

    async def _show(self, request: Request) -> None:
        participant = await request.participant()
        summary = await request.services.goals.counts.summary(participant)
        today = request.services.goals.goals.today(participant)
        await request.update(count_card(request.words, summary, today))
