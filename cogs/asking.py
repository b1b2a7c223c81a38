"""Asking for a person: it reaches the team whether or not the database works."""

from bot.client import Bot
from bot.domain.case import Case, Severity
from bot.domain.note import Note
from bot.errors import StoreError
from bot.services.crisis import Asked
from bot.ui.base import give_back
from bot.ui.cards import Card
from bot.ui.care import ask_card, request_line
from bot.ui.crisis import crisis_cards, receipt
from bot.ui.forms import Form, TextField
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, opens, pressed, submits
from bot.ui.truth import until_text
from cogs._calling import reach_team

WORDS = "words"


class AskCog(FeatureCog[Bot]):
    """Brings requests for a person to the team, and says truthfully how they stand."""

    @pressed("care:v1:ask")
    async def show(self, request: Request) -> None:
        """Show how things stand and offer to ask for a person."""
        requests = await self._own(request)
        on_duty = request.services.cases.someone_is_on(request.user_id)
        card = ask_card(
            request.words,
            requests,
            request.zone,
            now=request.now,
            on_duty=on_duty,
            next_on=request.services.cases.next_on([request.user_id]),
        )
        await request.update(card)

    @pressed("care:v1:send")
    async def ask(self, request: Request) -> None:
        """Bring a request from a panel; the database may take its time to fail."""
        await request.defer()
        await self._answer(request, await request.services.crisis.ask(request.user_id))

    @pressed("crisis:v1:ask")
    async def ask_in_a_crisis(self, request: Request) -> None:
        """Bring a request from the crisis card: somebody should look soon."""
        await request.defer()
        asked = await request.services.crisis.ask(request.user_id, Severity.SOON)
        await self._answer(request, asked)

    @form("care:v1:words")
    async def words_form(self, request: Request) -> Form:
        """Ask for a few words."""
        field = TextField(
            key=WORDS,
            label=request.words("care.ask.form_field"),
            description=request.words("care.ask.form_hint"),
            long=True,
            required=False,
        )
        return Form.of("care:v1:words", title=request.words("care.ask.form_title"), fields=[field])

    @submits("care:v1:words")
    async def ask_with_words(self, request: Request) -> None:
        """Bring a request with what was typed."""
        await request.defer()
        typed = request.text(WORDS)
        asked = await request.services.crisis.ask(request.user_id, detail=typed or None)
        await self._answer(request, asked, typed)

    @opens("case.receipt")
    async def receipt(self, request: Request, note: Note) -> None:
        """Say that somebody picked the request up."""
        case = await request.services.cases.own_request(note.args["case"], request.user_id)
        words = request.words
        body = (
            words("care.receipt.closed")
            if case.is_closed
            else request_line(words, case, request.zone)
        )
        await request.reply(Card(title=words("care.receipt.title"), body=body))

    async def _own(self, request: Request) -> list[Case]:
        try:
            return list(await request.services.cases.own_requests(request.user_id))
        except StoreError:
            # How an earlier request stands is worth less than being able to ask.
            return []

    async def _answer(self, request: Request, asked: Asked, typed: str = "") -> None:
        reached = await reach_team(self.bot, asked)
        until = until_text(request.words, asked.next_on, request.zone, request.now)
        told = receipt(
            request.words,
            asked,
            reached=reached,
            has_joined=bool(request.profile),
            until=until,
        )
        card = crisis_cards(request).asked(told)
        if typed and asked.page is not None:
            card = give_back(card, request.words("crisis.ask.words_back"), [typed])
        await request.reply(card)


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(AskCog(bot))
