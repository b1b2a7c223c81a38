"""Agreements of two people: what each needs, can offer, and where their limit is."""

from bot.client import Bot
from bot.content.couple_texts import AgreementTemplate, CoupleTexts
from bot.domain.agreement import AgreementText, Reply
from bot.domain.note import Note
from bot.domain.pair import Space, Tool
from bot.errors import UserError
from bot.services.agreements import AGREEMENT, AGREEMENT_REVIEW
from bot.services.pair_mail import PAIR
from bot.ui.agreements import (
    DAY,
    NEW,
    agreement_card,
    agreement_form,
    agreements_card,
    begin_card,
    example_card,
)
from bot.ui.cards import Card
from bot.ui.forms import Form
from bot.ui.private import private_form, private_gate
from bot.ui.request import Request, carried
from bot.ui.routing import FeatureCog, form, opens, pressed, submits
from cogs._typed_day import typed_day


class AgreementCog(FeatureCog[Bot]):
    """Keeps what someone writes to them until they put it forward."""

    @pressed("agree:v1:open")
    async def show(self, request: Request) -> None:
        """List what there is."""
        if await private_gate(request):
            await request.update(await self._list(request, await self._space(request)))

    @pressed("agree:v1:one")
    async def one(self, request: Request) -> None:
        """Show one."""
        space = await self._space(request)
        if await private_gate(request, f"agree:v1:open:{space.pair_id}"):
            await self._show(request, space, request.selected[0])

    @pressed("agree:v1:begin")
    async def begin(self, request: Request) -> None:
        """Ask what to begin with."""
        space = await self._space(request)
        await request.update(begin_card(request.words, space, self._texts(request).agreements))

    @pressed("agree:v1:example")
    async def example(self, request: Request) -> None:
        """Show an example."""
        space = await self._space(request)
        template = self._texts(request).by_id.get(request.selected[0])
        if not isinstance(template, AgreementTemplate):
            raise UserError("core.old_card")
        await request.update(example_card(request.words, space, template))

    @form("agree:v1:write")
    async def write_form(self, request: Request) -> Form:
        """Ask for the words, beginning with those there are."""
        space, which = await self._space(request), request.arg(1)
        asked = await private_form(request)
        text, day = AgreementText(), None
        template = self._texts(request).by_id.get(which)
        if isinstance(template, AgreementTemplate):
            text = AgreementText(need=template.need, offer=template.offer, limit=template.limit)
        elif which != NEW:
            found = await request.services.agreements.one(space, which)
            text = found.text
            day = found.revisit_on.isoformat() if found.revisit_on else None
        return asked or agreement_form(request.words, space, which, text, day)

    @submits("agree:v1:write")
    async def write(self, request: Request) -> None:
        """Keep a draft."""
        participant = await request.participant()
        space, which = await self._space(request), request.arg(1)
        is_new = which == NEW or which in self._texts(request).by_id
        typed = request.text(DAY)
        text = AgreementText(
            need=request.text("need"), offer=request.text("offer"), limit=request.text("limit")
        )
        draft = await request.services.agreements.write(
            participant,
            space,
            text,
            revisit_on=typed_day(request, space, typed) if typed else None,
            agreement_id=None if is_new else which,
        )
        notice = request.words("agree.saved")
        await request.update(agreement_card(request.words, space, draft, notice))

    @pressed("agree:v1:put")
    async def put(self, request: Request) -> None:
        """Put one before the other one."""
        space = await self._space(request)
        put = await request.services.agreements.put_forward(space, request.arg(1))
        notice = request.words("agree.is_put")
        await request.update(agreement_card(request.words, space, put, notice))

    @pressed("agree:v1:reply")
    async def reply(self, request: Request) -> None:
        """Say something to what the other one put forward."""
        participant = await request.participant()
        space, reply = await self._space(request), carried(Reply, request.arg(2))
        agreements = request.services.agreements
        answered = await agreements.answer(participant, space, request.arg(1), reply)
        notice = request.words("agree.replied")
        await request.update(agreement_card(request.words, space, answered, notice))

    @pressed("agree:v1:withdraw")
    async def withdraw(self, request: Request) -> None:
        """Take one's own back."""
        space = await self._space(request)
        await request.services.agreements.withdraw(space, request.arg(1))
        notice = request.words("agree.withdrawn")
        await request.update(await self._list(request, space, notice))

    @opens(AGREEMENT.name)
    async def note(self, request: Request, note: Note) -> None:
        """Show the list: one was put forward, or answered."""
        await self._open_note(request, note)

    @opens(AGREEMENT_REVIEW.name)
    async def review_note(self, request: Request, note: Note) -> None:
        """Show the list, of which something is to be looked at again."""
        await self._open_note(request, note, request.words("agree.look_again"))

    async def _open_note(self, request: Request, note: Note, notice: str | None = None) -> None:
        participant = await request.participant()
        if not await private_gate(request, f"note:v1:open:{note.id}"):
            return
        pairs = request.services.pairs
        space = await pairs.space(participant, Tool.AGREEMENTS, note.args[PAIR])
        await request.reply(await self._list(request, space, notice))

    async def _list(self, request: Request, space: Space, notice: str | None = None) -> Card:
        seen = await request.services.agreements.seen(space)
        return agreements_card(request.words, space, seen, notice)

    async def _show(self, request: Request, space: Space, agreement_id: str) -> None:
        found = await request.services.agreements.one(space, agreement_id)
        await request.update(agreement_card(request.words, space, found))

    async def _space(self, request: Request) -> Space:
        participant = await request.participant()
        return await request.services.pairs.space(participant, Tool.AGREEMENTS, request.arg())

    def _texts(self, request: Request) -> CoupleTexts:
        return request.content.texts(request.locale).couples


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(AgreementCog(bot))
