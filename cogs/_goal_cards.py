"""What several parts of the goals share: showing one, and reading what a card carries."""

from datetime import date

from bot.domain.consent import ConsentKind
from bot.domain.goal import PartState
from bot.domain.participant import Participant
from bot.domain.progress import Mark
from bot.errors import UserError
from bot.ui.consent import consent_card
from bot.ui.goal_shared import invitation_card
from bot.ui.goals import goal_card
from bot.ui.request import Request


async def show(request: Request, part_id: str, *, said: str = "") -> None:
    """Show one goal, or the invitation to it.

    Args:
        request: Who asks.
        part_id: Their part.
        said: A sentence about what was just done.
    """
    participant = await request.participant()
    goals = request.services.goals
    part = await goals.goals.part(participant, part_id)
    if part.state is PartState.INVITED:
        invitation = await goals.shared.invitation(participant, part_id)
        await request.update(invitation_card(request.words, invitation))
        return
    view = await goals.marks.view(participant, part_id)
    today = goals.goals.today(participant)
    await request.update(goal_card(request.words, view, today, request.zone, said))


async def offer_reminders(
    request: Request, participant: Participant, *, then: str = "goals:v1:open"
) -> None:
    """Ask for the consent to reminders where it does not hold."""
    kind = ConsentKind.REMINDERS
    if await request.services.consents.given(participant.id, kind):
        return
    await request.reply(consent_card(request, kind, then=then))


def day_of(text: str) -> date:
    """Read a day that a card carries."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError("core.old_card") from error


def mark_of(text: str) -> Mark:
    """Read a mark that a card carries."""
    try:
        return Mark(text)
    except ValueError as error:
        raise UserError("core.old_card") from error
