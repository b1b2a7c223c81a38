"""Starting a rehearsal from its command."""

from bot.domain.rehearsal import Play
from bot.ui.rehearsal import started_card
from bot.ui.request import Request


async def start_rehearsal(request: Request, play: Play, *, calls_out: bool) -> None:
    """Start a rehearsal; for leads."""
    lead = await request.services.staff.lead(request.user_id)
    rehearsal = await request.services.rehearsals.start(play, lead, calls_out=calls_out)
    script = request.content.texts(request.locale).plays[play]
    await request.reply(started_card(request.words, rehearsal, script))
