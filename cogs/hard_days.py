"""Hard day: safe first; then keep it, tell the team, or tell the other one with help."""

from collections.abc import Sequence

from bot.client import Bot
from bot.content.couple_texts import Side, SlipText
from bot.domain.hard_day import When, telling_time
from bot.domain.note import Note
from bot.domain.pair import Space, Tool
from bot.errors import UserError
from bot.services.hard_days import TELLING, TOLD
from bot.services.pair_mail import PAIR
from bot.ui.forms import Form
from bot.ui.hard_day import (
    OWN_WORDS,
    TEAM,
    TEXT,
    WHEN,
    WORDINGS,
    heard_card,
    keep_card,
    preview_card,
    safe_first_card,
    tell_card,
    told_card,
    unsaid_card,
    ways_card,
    words_form,
)
from bot.ui.request import Request, carried
from bot.ui.routing import FeatureCog, form, opens, pressed, submits

FOR_THE_TOLD = 2
"""How many texts stand on the card of the one who is told."""


class HardDayCog(FeatureCog[Bot]):
    """Leads through a hard day; what is kept leaves no trace."""

    @pressed("hardday:v1:open")
    async def show(self, request: Request) -> None:
        """Ask first whether the person is safe."""
        await request.update(safe_first_card(request.words, await self._space(request)))

    @pressed("hardday:v1:safe")
    async def ways(self, request: Request) -> None:
        """Show the three ways."""
        space = await self._space(request)
        waiting = await request.services.hard_days.waiting(space)
        await request.update(ways_card(request.words, space, waiting, request.zone))

    @pressed("hardday:v1:keep")
    async def keep(self, request: Request) -> None:
        """Show what helps; nothing is written down."""
        participant = await request.participant()
        space = await self._space(request)
        place = carried(int, request.args[1]) if len(request.args) > 1 else request.now.toordinal()
        summary = await request.services.goals.counts.summary(participant)
        slip = _pick(self._slips(request, Side.SELF), place)
        await request.update(keep_card(request.words, space, slip, summary, place))

    @pressed("hardday:v1:tell")
    async def tell_how(self, request: Request) -> None:
        """Offer words and advice."""
        space = await self._space(request)
        place = carried(int, request.arg(1))
        telling = [slip for slip in self._slips(request, Side.SELF) if slip.level > 1]
        slip = _pick(telling or self._slips(request, Side.SELF), place)
        await request.update(tell_card(request.words, space, slip, place))

    @form("hardday:v1:words")
    async def words_form(self, request: Request) -> Form:
        """Ask for the words and the time, filled in with what was chosen or written before."""
        space = await self._space(request)
        if len(request.args) > 1:
            draft = await request.services.hard_days.draft(space, request.arg(1))
            return words_form(request.words, space, draft.text, draft.when)
        chosen = next(iter(request.selected), OWN_WORDS)
        text = request.words(f"hardday.say.{chosen}") if chosen in WORDINGS else ""
        return words_form(request.words, space, text, None)

    @submits("hardday:v1:words")
    async def words(self, request: Request) -> None:
        """Keep a draft and show it once more before anything is sent."""
        participant = await request.participant()
        space = await self._space(request)
        chosen = request.choice(WHEN)
        if chosen not in list(When):
            raise UserError("hardday.choose_time")
        hard_days = request.services.hard_days
        draft = await hard_days.prepare(participant, space, request.text(TEXT), When(chosen))
        moment = telling_time(draft.when, draft.at, request.zone)
        words = request.words
        at = words("hardday.at_once")
        if draft.when is not When.NOW:
            at = words.moment(moment, request.zone)
        with_team = bool(request.choices(TEAM))
        await request.update(preview_card(words, space, draft, at, with_team=with_team))

    @pressed("hardday:v1:yes")
    async def tell(self, request: Request) -> None:
        """Tell it at the time that was chosen."""
        participant = await request.participant()
        space = await self._space(request)
        with_team = request.arg(2) == "1"
        telling = await request.services.hard_days.tell(
            participant, space, request.arg(1), with_team=with_team
        )
        card = told_card(request.words, space, telling, request.zone, request.now)
        await request.update(card)

    @pressed("hardday:v1:unsay")
    async def unsay(self, request: Request) -> None:
        """Do not tell it after all."""
        space = await self._space(request)
        await request.services.hard_days.take_back(space, request.arg(1))
        await request.update(unsaid_card(request.words, space))

    @opens(TOLD.name)
    async def heard(self, request: Request, note: Note) -> None:
        """Show what somebody is told, and a card for themselves."""
        participant = await request.participant()
        space = await request.services.pairs.space(participant, Tool.HARD_DAY, note.args[PAIR])
        telling = await request.services.hard_days.told(space, note.args[TELLING])
        slips = self._slips(request, Side.PARTNER)[:FOR_THE_TOLD]
        await request.reply(heard_card(request.words, space, telling, slips))

    def _slips(self, request: Request, side: Side) -> Sequence[SlipText]:
        return request.content.texts(request.locale).couples.slips_for(side)

    async def _space(self, request: Request) -> Space:
        participant = await request.participant()
        return await request.services.pairs.space(participant, Tool.HARD_DAY, request.arg())


def _pick(slips: Sequence[SlipText], place: int) -> SlipText | None:
    return slips[place % len(slips)] if slips else None


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(HardDayCog(bot))
