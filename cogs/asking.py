"""Asking for a person: it reaches the team whether or not the database works."""

import logging

from bot.client import Bot
from bot.domain.case import Case, Severity
from bot.domain.delivery import DeliveryError
from bot.domain.note import Note
from bot.errors import StoreError
from bot.gateway import delivery_errors
from bot.services.crisis import Asked, DirectPage
from bot.ui.base import give_back
from bot.ui.cards import Card
from bot.ui.care import ask_card, request_line
from bot.ui.crisis import crisis_cards, direct_page_card, receipt
from bot.ui.forms import Form, TextField
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, opens, pressed, submits

log = logging.getLogger(__name__)

WORDS = "words"


class AskCog(FeatureCog[Bot]):
    """Brings requests for a person to the team, and says truthfully how they stand."""

    @pressed("care:v1:ask")
    async def show(self, request: Request) -> None:
        """Show how things stand and offer to ask for a person."""
        requests = await self._own(request)
        on_duty = request.services.cases.someone_is_on(request.user_id)
        await request.update(ask_card(request.words, requests, request.zone, on_duty=on_duty))

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
        reached = asked.page is None or await self._post(asked.page)
        told = receipt(request.words, asked, reached=reached, has_joined=bool(request.profile))
        card = crisis_cards(request).asked(told)
        if typed and asked.page is not None:
            card = give_back(card, request.words("crisis.ask.words_back"), [typed])
        await request.reply(card)

    async def _post(self, page: DirectPage) -> bool:
        """Post a page in the first place that takes it."""
        if page.is_repeat:
            return True
        services = self.bot.services
        words = self.bot.catalog.words(services.programme.current.locale)
        card = direct_page_card(words, page)
        for place in page.places:
            channel_id = services.places.get(place)
            if channel_id is None:
                continue
            try:
                async with delivery_errors():
                    await self.bot.get_partial_messageable(channel_id).send(**card.message())
            except DeliveryError as error:
                log.warning("a page could not be posted in %s: %s", place, type(error).__name__)
                continue
            services.crisis.posted(page)
            return True
        log.critical("a call for a person reached no channel of the team")
        return False


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(AskCog(bot))
