"""What opens together: the question of the day, the week, exercises and middle ways."""

from datetime import UTC, datetime

from bot.client import Bot
from bot.content.couple_texts import CardKind, CoupleTexts
from bot.domain.delivery import Kind
from bot.domain.note import Note
from bot.domain.offer import Offer
from bot.domain.opening import Choice, Feature
from bot.domain.pair import Space, Tool
from bot.errors import UserError
from bot.services.offers import MIDDLE_WAY, QUESTION, WAY, WEEK
from bot.services.openings import OPENING, SOMETHING_OPENED
from bot.ui.cards import Card, button, quote
from bot.ui.forms import Form, TextField
from bot.ui.openings import (
    CHOICE,
    SECOND,
    TEXT,
    OfferView,
    entry_body,
    exercises_card,
    middle_card,
    offer_card,
    offer_form,
    opened_card,
    past_card,
    saved_card,
)
from bot.ui.request import Request, carried
from bot.ui.routing import FeatureCog, form, opens, pressed, submits

TOOLS: dict[Feature, Tool] = {
    Feature.QUESTION: Tool.QUESTION,
    Feature.WEEKLY: Tool.WEEKLY,
    Feature.EXERCISE: Tool.EXERCISES,
    Feature.JOURNAL: Tool.EXERCISES,
    Feature.COMPROMISE: Tool.EXERCISES,
}
ASKED_BY: dict[Feature, Kind] = {Feature.QUESTION: QUESTION, Feature.WEEKLY: WEEK}
TALKING = (
    CardKind.LISTENING,
    CardKind.ASSERTIVE,
    CardKind.NONVERBAL,
    CardKind.REPAIR,
    CardKind.APOLOGY,
    CardKind.SOFT_START,
    CardKind.NON_DEFENSIVE,
)


class OpeningCog(FeatureCog[Bot]):
    """Shows what a pair is offered, takes what each writes, and what opened."""

    @pressed("question:v1:open")
    async def question(self, request: Request) -> None:
        """Show the question of the day."""
        await self._show(request, Feature.QUESTION)

    @pressed("weekly:v1:open")
    async def week(self, request: Request) -> None:
        """Show what the week asks."""
        await self._show(request, Feature.WEEKLY)

    @pressed("exercise:v1:open")
    async def exercises(self, request: Request) -> None:
        """Show what there is to do together."""
        space = await self._space(request, Tool.EXERCISES)
        await request.update(exercises_card(request.words, space))

    @pressed("exercise:v1:week")
    async def exercise(self, request: Request) -> None:
        """Show the exercise of the week."""
        await self._show(request, Feature.EXERCISE)

    @pressed("exercise:v1:journal")
    async def journal(self, request: Request) -> None:
        """Show what the shared journal asks this week."""
        await self._show(request, Feature.JOURNAL)

    @pressed("exercise:v1:idea")
    async def idea(self, request: Request) -> None:
        """Show one thing to do together, and the next at a press."""
        space = await self._space(request, Tool.EXERCISES)
        ideas = self._texts(request).ideas
        place = carried(int, request.arg(1)) % len(ideas)
        idea = ideas[place]
        following = button(
            "exercise:v1:idea",
            space.pair_id,
            (place + 1) % len(ideas),
            label=request.words("openings.another"),
        )
        back = button("exercise:v1:open", space.pair_id, label=request.words("core.back"))
        await request.update(Card(title=idea.title, body=idea.text, rows=[[following, back]]))

    @pressed("exercise:v1:cards")
    async def cards(self, request: Request) -> None:
        """Show one card about talking with each other, and the next at a press."""
        space = await self._space(request, Tool.EXERCISES)
        cards = self._texts(request).cards_of(*TALKING)
        place = carried(int, request.args[1] if len(request.args) > 1 else "0") % len(cards)
        card = cards[place]
        following = button(
            "exercise:v1:cards",
            space.pair_id,
            (place + 1) % len(cards),
            label=request.words("openings.another"),
        )
        back = button("exercise:v1:open", space.pair_id, label=request.words("core.back"))
        await request.update(
            Card(title=card.title, body=[card.text, card.try_it], rows=[[following, back]])
        )

    @form("opening:v1:write")
    async def write_form(self, request: Request) -> Form:
        """Ask for the words, and who may see them."""
        feature = carried(Feature, request.arg(1))
        space = await self._space(request, TOOLS[feature])
        offers = request.services.offers
        offer = await offers.current(space, feature)
        if len(request.args) > 3:
            # A refused form comes back for what it was about, as long as that is open.
            closes_at = datetime.fromtimestamp(carried(int, request.arg(3)), UTC)
            offer = Offer(
                pair_id=space.pair_id,
                feature=feature,
                subject=request.arg(2),
                closes_at=closes_at,
            )
        mine = await offers.mine(space, offer)
        asked = entry_body(request.words, self._texts(request), offer)
        return offer_form(request.words, space, offer, asked, mine)

    @submits("opening:v1:write")
    async def write(self, request: Request) -> None:
        """Keep what was written."""
        participant = await request.participant()
        feature = carried(Feature, request.arg(1))
        space = await self._space(request, TOOLS[feature])
        closes_at = datetime.fromtimestamp(carried(int, request.arg(3)), UTC)
        if (chosen := request.choice(CHOICE)) is None:
            raise UserError("openings.choose")
        choice = Choice(chosen)
        await request.services.offers.write(
            participant,
            space,
            feature=feature,
            subject=request.arg(2),
            closes_at=closes_at,
            choice=choice,
            texts=[request.text(TEXT), request.text(SECOND)],
        )
        await request.update(saved_card(request.words, closes_at, choice, request.zone))

    @pressed("opening:v1:asking")
    async def asking(self, request: Request) -> None:
        """Ask by itself, or stop asking."""
        feature = carried(Feature, request.arg(1))
        space = await self._space(request, TOOLS[feature])
        kind = ASKED_BY[feature]
        offers = request.services.offers
        on = not await offers.is_asked(space, kind)
        await offers.switch(space, kind, on=on, zone=request.zone.key)
        await self._show(request, feature)

    @pressed("opening:v1:past")
    async def past(self, request: Request) -> None:
        """List what opened."""
        feature = carried(Feature, request.arg(1))
        space = await self._space(request, TOOLS[feature])
        opened = await request.services.openings.opened(space, feature)
        await request.update(past_card(request.words, space, opened, request.zone))

    @pressed("together:v1:opened")
    async def all_past(self, request: Request) -> None:
        """List everything that opened."""
        space = await self._space(request, Tool.QUESTION)
        opened = await request.services.openings.opened(space)
        await request.update(past_card(request.words, space, opened, request.zone))

    @pressed("opening:v1:one")
    async def one(self, request: Request) -> None:
        """Show one thing that opened."""
        space = await self._space(request, Tool.QUESTION)
        await request.update(await self._opened(request, space, request.arg(1)))

    @opens(SOMETHING_OPENED.name)
    async def something(self, request: Request, note: Note) -> None:
        """Show what opened."""
        participant = await request.participant()
        space = await request.services.pairs.space(participant, Tool.QUESTION)
        await request.reply(await self._opened(request, space, note.args[OPENING]))

    @opens(QUESTION.name)
    async def question_note(self, request: Request, _note: Note) -> None:
        """Show the question of the day."""
        await self._show_first(request, Feature.QUESTION)

    @opens(WEEK.name)
    async def week_note(self, request: Request, _note: Note) -> None:
        """Show what the week asks."""
        await self._show_first(request, Feature.WEEKLY)

    @pressed("middle:v1:open")
    async def middle(self, request: Request) -> None:
        """Show the topics on which the two look for a middle way."""
        space = await self._space(request, Tool.EXERCISES)
        ways = await request.services.offers.ways(space)
        await request.update(middle_card(request.words, space, ways, request.zone))

    @form("middle:v1:topic")
    async def topic_form(self, request: Request) -> Form:
        """Ask for a topic."""
        space = await self._space(request, Tool.EXERCISES)
        words = request.words
        field = TextField(
            key=TEXT,
            label=words("openings.middle.topic"),
            description=words("openings.middle.topic_sees"),
            max_length=200,
        )
        title = words("openings.title.compromise")
        return Form.of("middle:v1:topic", space.pair_id, title=title, fields=[field])

    @submits("middle:v1:topic")
    async def topic(self, request: Request) -> None:
        """Put a topic before the other one."""
        participant = await request.participant()
        space = await self._space(request, Tool.EXERCISES)
        await request.services.offers.put_forward(participant, space, request.text(TEXT))
        ways = await request.services.offers.ways(space)
        await request.update(middle_card(request.words, space, ways, request.zone))

    @form("middle:v1:write")
    async def middle_form(self, request: Request) -> Form:
        """Ask what a person can't give up, and where they can bend."""
        space = await self._space(request, Tool.EXERCISES)
        way = await request.services.offers.way(space, request.arg(1))
        offer = Offer(
            pair_id=space.pair_id,
            feature=Feature.COMPROMISE,
            subject=way.id,
            closes_at=way.closes_at,
        )
        mine = await request.services.offers.mine(space, offer)
        return offer_form(request.words, space, offer, way.topic, mine)

    @opens(MIDDLE_WAY.name)
    async def middle_note(self, request: Request, note: Note) -> None:
        """Show the topics; one was put forward."""
        participant = await request.participant()
        space = await request.services.pairs.space(participant, Tool.EXERCISES)
        await request.services.offers.way(space, note.args[WAY])
        ways = await request.services.offers.ways(space)
        await request.reply(middle_card(request.words, space, ways, request.zone))

    async def _show(self, request: Request, feature: Feature) -> None:
        space = await self._space(request, TOOLS[feature])
        await request.update(await self._card(request, space, feature))

    async def _show_first(self, request: Request, feature: Feature) -> None:
        participant = await request.participant()
        space = await request.services.pairs.space(participant, TOOLS[feature])
        await request.reply(await self._card(request, space, feature))

    async def _card(self, request: Request, space: Space, feature: Feature) -> Card:
        offers = request.services.offers
        offer = await offers.current(space, feature)
        kind = ASKED_BY.get(feature)
        view = OfferView(
            offer=offer,
            title=request.words(f"openings.title.{feature.value}"),
            body=entry_body(request.words, self._texts(request), offer),
            mine=await offers.mine(space, offer),
            asked=None if kind is None else await offers.is_asked(space, kind),
        )
        return offer_card(request.words, space, view, request.zone)

    async def _opened(self, request: Request, space: Space, opening_id: str) -> Card:
        opened = await request.services.openings.one(space, opening_id)
        opening = opened.opening
        offer = Offer(
            pair_id=space.pair_id,
            feature=opening.feature,
            subject=opening.subject,
            closes_at=opening.closes_at,
        )
        if opening.feature is Feature.COMPROMISE:
            asked = quote(await request.services.offers.topic(space, opening.subject))
        else:
            asked = entry_body(request.words, self._texts(request), offer)
        return opened_card(request.words, request.words("together.opened_title"), asked, opened)

    async def _space(self, request: Request, tool: Tool) -> Space:
        participant = await request.participant()
        return await request.services.pairs.space(participant, tool, request.arg())

    def _texts(self, request: Request) -> CoupleTexts:
        return request.content.texts(request.locale).couples


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(OpeningCog(bot))
