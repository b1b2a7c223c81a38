"""The handover card, behind its buttons and `/care handover`."""

from bot.domain.staff import StaffMember
from bot.ui.cards import Card
from bot.ui.care import severity
from bot.ui.handovers import handover_card, write_button
from bot.ui.request import Request

MOST_CASES = 15


async def show_handover(request: Request, member: StaffMember, skip: int = 0) -> None:
    """Show the notes and the open requests to who is on duty; to others the way to write one."""
    words = request.words
    if not member.is_lead and not request.services.duty.is_on(member.user_id):
        body = words("rota.handover.off_duty")
        await request.update(Card(body=body, rows=[[write_button(words)]]))
        return
    notes = await request.services.handovers.read(member)
    queue = await request.services.case_desk.queue(member)
    cases = [f"- **{case.ref}** · {severity(words, case)}" for case in queue[:MOST_CASES]]
    if len(queue) > MOST_CASES:
        cases.append(words("care.case.queue_more", n=len(queue) - MOST_CASES))
    await request.update(handover_card(words, notes, cases, request.zone, skip=skip))
