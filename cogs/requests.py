"""A person's own request: where somebody writes to them, and how it ends."""

from bot.client import Bot
from bot.domain.case import Case
from bot.domain.note import Note
from bot.errors import UserError
from bot.ui.cards import Card
from bot.ui.care import help_now
from bot.ui.case_thread import (
    closing_card,
    follow_up_card,
    standing_card,
    thread_card,
    unreached_card,
)
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, opens, pressed


class RequestCog(FeatureCog[Bot]):
    """Lets a person say how it is with what they asked for."""

    @opens("case.closing")
    async def closing(self, request: Request, note: Note) -> None:
        """Ask whether it is settled."""
        case = await self._own(request, note.args["case"])
        await request.reply(closing_card(request.words, case, request.zone))

    @opens("case.unreached")
    async def unreached(self, request: Request, note: Note) -> None:
        """Say that somebody wrote."""
        case = await self._own(request, note.args["case"])
        await request.reply(unreached_card(request.words, case, request.zone))

    @opens("case.followup")
    async def follow_up(self, request: Request, note: Note) -> None:
        """Ask how it is now."""
        case = await self._own(request, note.args["case"])
        await request.reply(follow_up_card(request.words, case, request.zone))

    @opens("case.thread")
    async def thread_note(self, request: Request, note: Note) -> None:
        """Say where somebody writes."""
        await self._show_thread(request, note.args["case"])

    @pressed("request:v1:thread")
    async def thread(self, request: Request) -> None:
        """Say who reads along in a thread, to both who write in it."""
        await self._show_thread(request, request.arg())

    @pressed("request:v1:settled")
    async def settled(self, request: Request) -> None:
        """Close one's own request."""
        await request.services.case_closing.settled(request.arg(), request.user_id)
        await self._thank(request, "care.settled.thanks")

    @pressed("request:v1:not_yet")
    async def not_yet(self, request: Request) -> None:
        """Keep one's own request open."""
        await request.services.case_closing.not_yet(request.arg(), request.user_id)
        await self._thank(request, "care.settled.stays")

    @pressed("request:v1:here")
    async def here(self, request: Request) -> None:
        """Say that one is there."""
        await request.services.case_closing.here(request.arg(), request.user_id)
        await self._thank(request, "care.unreached.told")

    @pressed("request:v1:better")
    async def better(self, request: Request) -> None:
        """Say that all is well."""
        await request.services.case_closing.better(request.arg(), request.user_id)
        await self._thank(request, "care.follow.good")

    @pressed("request:v1:not_really")
    async def not_really(self, request: Request) -> None:
        """Open one's own request again."""
        case = await request.services.case_closing.not_really(request.arg(), request.user_id)
        is_on = request.services.cases.someone_is_on(request.user_id)
        key = "care.follow.again_already" if case.is_closed else "care.follow.again"
        words = request.words
        truth = words("care.ask.on_duty" if is_on else "care.ask.off_duty")
        await request.update(
            Card(
                title=words("care.receipt.title"),
                body=[f"{words(key)} {truth}", words("care.ask.danger")],
                rows=[[help_now(words)]],
            )
        )

    async def _show_thread(self, request: Request, case_id: str) -> None:
        case = await request.services.case_desk.get(case_id)
        thread = await request.services.case_circle.thread_of(case) if case else None
        if case is None or request.user_id not in (case.user_id, case.owner_id):
            raise UserError("core.note_not_yours")
        if case.is_closed or thread is None or not thread.may_read:
            await request.reply(standing_card(request.words, case, request.zone))
            return
        await request.reply(thread_card(request.words, case, thread.thread_id))

    async def _thank(self, request: Request, key: str) -> None:
        words = request.words
        card = Card(title=words("care.receipt.title"), body=words(key), rows=[[help_now(words)]])
        await request.update(card)

    async def _own(self, request: Request, case_id: str) -> Case:
        return await request.services.cases.own_request(case_id, request.user_id)


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(RequestCog(bot))
