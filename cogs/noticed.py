"""*I noticed*: each one's list of signs, and sending one of those the other one shared."""

from bot.client import Bot
from bot.domain.note import Note
from bot.domain.pair import Space, Tool
from bot.errors import UserError
from bot.services.noticed import NOTICED, SIGN
from bot.services.pair_mail import PAIR
from bot.ui.forms import Form
from bot.ui.noticed import (
    DELETE,
    HELPS,
    OFF,
    ask_card,
    mine_card,
    news_card,
    noticed_card,
    saved_card,
    sign_card,
    sign_form,
    sure_card,
    theirs_card,
)
from bot.ui.noticed import SIGN as SIGN_FIELD
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, opens, pressed, submits


class NoticedCog(FeatureCog[Bot]):
    """Keeps the lists and sends a sign without an echo."""

    @pressed("noticed:v1:open")
    async def show(self, request: Request) -> None:
        """Show the two lists' doors."""
        await request.update(noticed_card(request.words, await self._space(request)))

    @pressed("noticed:v1:mine")
    async def mine(self, request: Request) -> None:
        """Show one's own signs."""
        await self._show_mine(request, await self._space(request))

    @form("noticed:v1:add")
    async def add_form(self, request: Request) -> Form:
        """Ask for a sign."""
        return sign_form(request.words, await self._space(request))

    @submits("noticed:v1:add")
    async def add(self, request: Request) -> None:
        """Write a sign down, for oneself."""
        participant = await request.participant()
        space = await self._space(request)
        texts = [request.text(SIGN_FIELD), request.text(HELPS)]
        sign = await request.services.noticed.add(participant, space, texts)
        await request.update(sign_card(request.words, space, sign))

    @pressed("noticed:v1:one")
    async def one(self, request: Request) -> None:
        """Show one own sign."""
        space = await self._space(request)
        sign = await request.services.noticed.own(space, next(iter(request.selected), ""))
        await request.update(sign_card(request.words, space, sign))

    @pressed("noticed:v1:share")
    async def share(self, request: Request) -> None:
        """Let the other one see a sign."""
        space = await self._space(request)
        sign = await request.services.noticed.share(space, request.arg(1))
        await request.update(sign_card(request.words, space, sign))

    @pressed("noticed:v1:mute")
    async def mute(self, request: Request) -> None:
        """Let a sign not be delivered any more; nobody else can tell."""
        space = await self._space(request)
        sign = await request.services.noticed.mute(space, request.arg(1), muted=True)
        await request.update(sign_card(request.words, space, sign))

    @pressed("noticed:v1:unmute")
    async def unmute(self, request: Request) -> None:
        """Let a sign be delivered again."""
        space = await self._space(request)
        sign = await request.services.noticed.mute(space, request.arg(1), muted=False)
        await request.update(sign_card(request.words, space, sign))

    @pressed("noticed:v1:ask")
    async def ask(self, request: Request) -> None:
        """Say before a sign goes whether the other one can notice."""
        space = await self._space(request)
        sign = await request.services.noticed.own(space, request.arg(1))
        what = request.arg(2)
        if what not in (OFF, DELETE):
            raise UserError("core.old_card")
        await request.update(ask_card(request.words, space, sign, what))

    @pressed("noticed:v1:off")
    async def off(self, request: Request) -> None:
        """Take a sign off the shared list."""
        space = await self._space(request)
        sign = await request.services.noticed.unshare(space, request.arg(1))
        await request.update(sign_card(request.words, space, sign))

    @pressed("noticed:v1:delete")
    async def delete(self, request: Request) -> None:
        """Delete a sign."""
        space = await self._space(request)
        await request.services.noticed.remove(space, request.arg(1))
        await self._show_mine(request, space)

    @pressed("noticed:v1:theirs")
    async def theirs(self, request: Request) -> None:
        """Show what may be sent."""
        space = await self._space(request)
        noticed = request.services.noticed
        signs, has_sent = await noticed.theirs(space), await noticed.has_sent(space)
        await request.update(theirs_card(request.words, space, signs, has_sent=has_sent))

    @pressed("noticed:v1:send")
    async def choose(self, request: Request) -> None:
        """Show the sign once more before it is sent: it goes once a day and can't be taken back."""
        space = await self._space(request)
        chosen = next(iter(request.selected), "")
        signs = await request.services.noticed.theirs(space)
        sign = next((one for one in signs if one.id == chosen), None)
        if sign is None:
            raise UserError("noticed.gone")
        await request.update(sure_card(request.words, space, sign))

    @pressed("noticed:v1:sure")
    async def send(self, request: Request) -> None:
        """Send a sign; the answer is one word, whatever becomes of it."""
        participant = await request.participant()
        space = await self._space(request)
        await request.services.noticed.send(participant, space, request.arg(1))
        await request.update(saved_card(request.words, space))

    @opens(NOTICED.name)
    async def news(self, request: Request, note: Note) -> None:
        """Show a sign that was noticed."""
        participant = await request.participant()
        space = await request.services.pairs.space(participant, Tool.NOTICED, note.args[PAIR])
        sign = await request.services.noticed.own(space, note.args[SIGN])
        await request.reply(news_card(request.words, space, sign))

    async def _show_mine(self, request: Request, space: Space) -> None:
        signs = await request.services.noticed.mine(space)
        await request.update(mine_card(request.words, space, signs))

    async def _space(self, request: Request) -> Space:
        participant = await request.participant()
        return await request.services.pairs.space(participant, Tool.NOTICED, request.arg())


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(NoticedCog(bot))
