"""Help me say it: words put together in private, and then kept, copied or sent."""

from collections.abc import Sequence

from bot.client import Bot
from bot.content.couple_texts import CoupleTexts, Frame
from bot.domain.note import Note
from bot.domain.pair import Space, Tool
from bot.domain.participant import Participant
from bot.errors import UserError
from bot.services.sayings import SAID, WHICH
from bot.ui.forms import Form
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, opens, pressed, submits
from bot.ui.say_it import (
    NEW,
    compose_card,
    copy_card,
    draft_card,
    frame_card,
    frame_of,
    parts_form,
    received_card,
    send_card,
    sent_card,
)


class SayItCog(FeatureCog[Bot]):
    """The composer; it works without a partner too."""

    @pressed("sayit:v1:open")
    async def open(self, request: Request) -> None:
        """Show the composer from a space."""
        participant = await request.participant()
        await request.services.pairs.space(participant, Tool.SAY_IT, request.arg())
        await self._home(request, participant)

    @pressed("sayit:v1:alone")
    async def alone(self, request: Request) -> None:
        """Show the composer."""
        await self._home(request, await request.participant())

    @pressed("sayit:v1:frame")
    async def frame(self, request: Request) -> None:
        """Show how one kind of thing can be said."""
        await request.participant()
        chosen = request.selected[0] if request.selected else ""
        await request.update(frame_card(request.words, _frame(request, chosen)))

    @form("sayit:v1:write")
    async def write_form(self, request: Request) -> Form:
        """Ask for the parts, or for a change of what is kept."""
        participant = await request.participant()
        draft = None
        if len(request.args) > 1 and request.arg(1) != NEW:
            draft = await request.services.alone.sayings.draft(participant, request.arg(1))
        return parts_form(request.words, _frame(request, request.arg()), draft)

    @submits("sayit:v1:write")
    async def write(self, request: Request) -> None:
        """Keep the parts, and show them put together."""
        participant = await request.participant()
        frame = _frame(request, request.arg())
        draft = await request.services.alone.sayings.write(
            participant,
            frame.id,
            [part.lead for part in frame.parts],
            [request.text(f"part{place}") for place in range(len(frame.parts))],
            None if request.arg(1) == NEW else request.arg(1),
        )
        spaces = await self._spaces(request, participant)
        await request.update(draft_card(request.words, draft, spaces))

    @pressed("sayit:v1:kept")
    async def kept(self, request: Request) -> None:
        """Show one of the drafts that were kept."""
        if not request.selected:
            raise UserError("core.old_card")
        await self._show(request, request.selected[0])

    @pressed("sayit:v1:show")
    async def show(self, request: Request) -> None:
        """Show a draft."""
        await self._show(request, request.arg())

    @pressed("sayit:v1:send")
    async def send(self, request: Request) -> None:
        """Ask once more before it is sent."""
        participant = await request.participant()
        draft = await request.services.alone.sayings.draft(participant, request.arg())
        space = await request.services.pairs.space(participant, Tool.SAY_IT, request.arg(1))
        await request.update(send_card(request.words, draft, space))

    @pressed("sayit:v1:sent")
    async def sent(self, request: Request) -> None:
        """Send it; the answer is one word, whatever becomes of it."""
        participant = await request.participant()
        space = await request.services.pairs.space(participant, Tool.SAY_IT, request.arg(1))
        await request.services.alone.sayings.send(participant, space, request.arg())
        await request.update(sent_card(request.words))

    @pressed("sayit:v1:copy")
    async def copy(self, request: Request) -> None:
        """Show the words as they can be copied."""
        participant = await request.participant()
        draft = await request.services.alone.sayings.draft(participant, request.arg())
        await request.update(copy_card(request.words, draft))

    @pressed("sayit:v1:drop")
    async def drop(self, request: Request) -> None:
        """Delete a draft."""
        participant = await request.participant()
        await request.services.alone.sayings.drop(participant, request.arg())
        await self._home(request, participant)

    @opens(SAID.name)
    async def received(self, request: Request, note: Note) -> None:
        """Show words that the other one sent."""
        participant = await request.participant()
        spaces = await self._spaces(request, participant)
        saying = await request.services.alone.sayings.received(spaces, note.args[WHICH])
        await request.reply(received_card(request.words, saying))

    async def _home(self, request: Request, participant: Participant) -> None:
        drafts = await request.services.alone.sayings.drafts(participant)
        await request.update(compose_card(request.words, _texts(request), drafts, request.zone))

    async def _show(self, request: Request, draft_id: str) -> None:
        participant = await request.participant()
        draft = await request.services.alone.sayings.draft(participant, draft_id)
        spaces = await self._spaces(request, participant)
        await request.update(draft_card(request.words, draft, spaces))

    async def _spaces(self, request: Request, participant: Participant) -> Sequence[Space]:
        spaces = await request.services.pairs.spaces(participant.id)
        return [space for space in spaces if space.has(Tool.SAY_IT)]


def _texts(request: Request) -> CoupleTexts:
    return request.content.texts(request.locale).couples


def _frame(request: Request, frame_id: str) -> Frame:
    found = frame_of(_texts(request), frame_id)
    if found is None:
        raise UserError("core.old_card")
    return found


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(SayItCog(bot))
