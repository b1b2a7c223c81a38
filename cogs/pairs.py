"""The team's side of shared spaces."""

from bot.client import Bot
from bot.domain.delivery import OutboxRow
from bot.domain.pair import Member
from bot.errors import UserError
from bot.services.pair_invites import ASKED
from bot.text import Words
from bot.ui.cards import Card
from bot.ui.pair_desk import asked_card, list_card, open_card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed, renders


class PairDeskCog(FeatureCog[Bot]):
    """Lists who waits for a space, and opens or closes one."""

    @pressed("pairs:v1:list")
    async def show(self, request: Request) -> None:
        """Show who waits."""
        await request.update(await self._list(request))

    @pressed("pairs:v1:talked")
    async def talked(self, request: Request) -> None:
        """Keep that somebody talked with one of the two alone."""
        member = await request.staff()
        await request.services.pair_desk.talked(request.arg(), request.arg(1), member)
        await request.update(await self._list(request))

    @pressed("pairs:v1:open")
    async def open(self, request: Request) -> None:
        """Open a space, or set it to open with the others."""
        member = await request.staff()
        await request.hold()
        desk = request.services.pair_desk
        opens_at = await desk.open(request.arg(), member, self.bot.couples)
        words = request.words
        if opens_at is None:
            said = words("together.desk.did_not_open")
        elif opens_at <= request.now:
            said = words("together.desk.opened")
        else:
            when = words.moment(opens_at, request.zone)
            said = words("together.desk.opens_on", when=when)
        await request.update(Card(body=said))

    @pressed("pairs:v1:refuse")
    async def refuse(self, request: Request) -> None:
        """Let a pair go that is not to open."""
        await request.services.pair_desk.refuse(request.arg(), await request.staff())
        await request.update(Card(body=request.words("together.desk.refused")))

    @pressed("pairs:v1:open_ones")
    async def open_ones(self, request: Request) -> None:
        """Show the open spaces."""
        pairs = await request.services.pair_desk.opened(await request.staff())
        if not pairs:
            raise UserError("together.desk.unknown")
        await request.update(open_card(request.words, pairs, _name))

    @pressed("pairs:v1:close")
    async def close(self, request: Request) -> None:
        """Close a space on the day on which all close."""
        closes_at = await request.services.pair_desk.close(_chosen(request), await request.staff())
        words = request.words
        when = words.moment(closes_at, request.zone)
        await request.update(Card(body=words("together.desk.closes_on", when=when)))

    @renders(ASKED.name)
    async def asked(self, row: OutboxRow) -> Card:
        """Make the card that tells the team."""
        return asked_card(self._words, row.subject_id)

    async def _list(self, request: Request) -> Card:
        member = await request.staff()
        desk = request.services.pair_desk
        waiting, opened = await desk.waiting(member), await desk.opened(member)
        return list_card(request.words, waiting, len(opened), _name)

    @property
    def _words(self) -> Words:
        return self.bot.catalog.words(self.bot.services.programme.current.locale)


def _chosen(request: Request) -> str:
    """Return the pair chosen in a list, or named on a card from before there were lists."""
    return request.selected[0] if request.selected else request.arg()


def _name(member: Member) -> str:
    return member.code or f"<@{member.user_id}>"


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(PairDeskCog(bot))
