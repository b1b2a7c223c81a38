"""What is sent while a case waits for somebody: to its person, and outside of Discord."""

from bot.client import Bot
from bot.domain.delivery import Channel, NotWantedError, OutboxRow
from bot.domain.note import Note
from bot.ui.cards import Card
from bot.ui.care import request_line
from bot.ui.crisis import crisis_cards
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, opens, renders
from bot.ui.truth import until_text
from bot.ui.waiting import call_out_card, told_text


class WaitingCog(FeatureCog[Bot]):
    """Says truthfully that nobody has it yet."""

    @opens("case.emergency", "case.no_one", "case.waiting")
    async def told(self, request: Request, note: Note) -> None:
        """Tell the person how their request stands by now, with the lines."""
        services, words = request.services, request.words
        case = await services.cases.known_request(note.args["case"], request.user_id)
        if case.is_closed:
            body = words("care.receipt.closed")
        elif services.case_desk.is_free(case):
            next_on = services.cases.next_on([case.user_id])
            until = until_text(words, next_on, request.zone, request.now)
            said = told_text(words, note.kind, until)
            await request.reply(crisis_cards(request).asked(said))
            return
        elif case.is_asked_for:
            body = request_line(words, case, request.zone)
        else:
            body = words("waiting.picked_up")
        await request.reply(Card(title=words("care.receipt.title"), body=body))

    @renders("case.outside")
    async def call_out(self, row: OutboxRow) -> Card:
        """Make what is said outside of Discord, to nobody who must not know of it by now."""
        case = await self.bot.services.case_desk.get(row.subject_id)
        where = row.address.key if isinstance(row.address, Channel) else ""
        if case is None or where not in await self.bot.services.case_clocks.calls(case):
            raise NotWantedError
        locale = self.bot.services.programme.current.locale
        return call_out_card(self.bot.catalog.words(locale), row)


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(WaitingCog(bot))
