"""What comes by itself about goals: reminders, reviews, invitations, milestones."""

from bot.client import Bot
from bot.domain.goal import Cheer
from bot.domain.note import Note
from bot.errors import UserError
from bot.services.goal_reminders import (
    CHEER,
    CHEERED,
    DAYS,
    INVITE,
    MILESTONE,
    OPENED,
    PART,
    REMINDER,
    REVIEW,
)
from bot.ui.cards import escape
from bot.ui.goal_shared import cheer_card, milestone_card
from bot.ui.goals import reminder_card, review_card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, opens
from cogs._goal_cards import show


class GoalNoteCog(FeatureCog[Bot]):
    """Opens notes about goals."""

    @opens(REMINDER.name)
    async def reminder(self, request: Request, note: Note) -> None:
        """Show everything the note reminds of."""
        participant = await request.participant()
        goals = request.services.goals
        due = await goals.marks.due(participant, note)
        today = goals.goals.today(participant)
        await request.reply(reminder_card(request.words, due, today))

    @opens(REVIEW.name)
    async def review(self, request: Request, note: Note) -> None:
        """Ask whether a goal still fits."""
        participant = await request.participant()
        goals = request.services.goals
        view = await goals.marks.view(participant, note.args.get(PART, ""))
        if not view.part.is_current:
            raise UserError("goals.over")
        today = goals.goals.today(participant)
        await request.reply(review_card(request.words, view, today, request.zone))

    @opens(INVITE.name, OPENED.name)
    async def invitation(self, request: Request, note: Note) -> None:
        """Show what a person was invited to, or that it opened."""
        said = request.words("goals.invite.opened") if note.kind == OPENED.name else ""
        await show(request, note.args.get(PART, ""), said=said)

    @opens(CHEER.name)
    async def cheer(self, request: Request, note: Note) -> None:
        """Show a kind word."""
        participant = await request.participant()
        goals = request.services.goals
        part = await goals.goals.part(participant, note.args.get(PART, ""))
        _, texts = await goals.goals.pending(participant, part.id)
        name = escape(texts.what) if texts else request.words("goals.no_words")
        cheer = Cheer(note.args.get(CHEERED, Cheer.PROUD.value))
        await request.reply(cheer_card(request.words, part, name, cheer))

    @opens(MILESTONE.name)
    async def milestone(self, request: Request, note: Note) -> None:
        """Celebrate days counted."""
        participant = await request.participant()
        summary = await request.services.goals.counts.summary(participant)
        days = note.args.get(DAYS, "")
        if not days.isdecimal():
            raise UserError("core.old_card")
        await request.reply(milestone_card(request.words, int(days), summary))
