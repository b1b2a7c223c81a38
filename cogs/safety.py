"""The safety question and the screening of a thread of two: each one's answer is theirs."""

from bot.client import Bot
from bot.domain.case import CaseSource
from bot.domain.note import Note
from bot.domain.pair import Space, Tool
from bot.services.pair_safety import SAFETY
from bot.ui.crisis import crisis_cards, receipt
from bot.ui.pair_safety import answered_card, safety_card, screening_card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, opens, pressed
from bot.ui.truth import until_text
from cogs._calling import reach_team


class SafetyCog(FeatureCog[Bot]):
    """Asks neutrally, again and again; no answer closes or changes anything."""

    @opens(SAFETY.name)
    async def asked(self, request: Request, _note: Note) -> None:
        """Ask whether there is anything to talk about alone."""
        await request.reply(safety_card(request.words))

    @pressed("safety:v1:open")
    async def open(self, request: Request) -> None:
        """Show the same question at any time."""
        await request.participant()
        await request.update(safety_card(request.words))

    @pressed("safety:v1:yes")
    async def yes(self, request: Request) -> None:
        """Bring the call to the team, as one to talk about alone."""
        await request.hold()
        source = CaseSource.CHECKIN_ALONE
        asked = await request.services.crisis.ask(request.user_id, source=source)
        reached = await reach_team(self.bot, asked)
        until = until_text(request.words, asked.next_on, request.zone, request.now)
        told = receipt(
            request.words,
            asked,
            reached=reached,
            has_joined=bool(request.profile),
            until=until,
        )
        await request.update(crisis_cards(request).asked(told))

    @pressed("safety:v1:no")
    async def no(self, request: Request) -> None:
        """Take a no, which is written nowhere."""
        await request.participant()
        await request.update(answered_card(request.words, "no"))

    @pressed("safety:v1:later")
    async def later(self, request: Request) -> None:
        """Ask again in some days."""
        participant = await request.participant()
        await request.services.alone.safety.later(participant)
        await request.update(answered_card(request.words, "later"))

    @pressed("screening:v1:open")
    async def screening(self, request: Request) -> None:
        """Ask whether danger words may be looked for in the thread of two."""
        space = await self._space(request)
        wants = await request.services.alone.screening.wants(space)
        await request.update(screening_card(request.words, space, wants=wants))

    @pressed("screening:v1:say")
    async def say(self, request: Request) -> None:
        """Keep one's own answer."""
        space = await self._space(request)
        yes = request.arg(1) == "yes"
        await request.services.alone.screening.say(space, yes=yes)
        await request.update(screening_card(request.words, space, wants=yes))

    async def _space(self, request: Request) -> Space:
        # The tool stands for a couple's space: a link with a loved one has no thread.
        participant = await request.participant()
        return await request.services.pairs.space(participant, Tool.TURNS, request.arg())


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(SafetyCog(bot))
