"""Going live: the checks people confirm, and opening or closing the door."""

from collections.abc import Sequence

from bot.checks import home, may_set_up
from bot.client import Bot
from bot.domain.delivery import OutboxRow
from bot.errors import UserError
from bot.ui.cards import Accent, Card
from bot.ui.readiness import check_card, key_card, key_request_card, lines_card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed, renders
from cogs._building import builder_of, readiness_of


class ReadinessCog(FeatureCog[Bot]):
    """The buttons of `/setup check`."""

    @pressed("setup:v1:lines")
    async def lines(self, request: Request) -> None:
        """Show the crisis lines to the lead who is to check them."""
        await may_set_up(request)
        readiness = request.services.readiness
        country = request.services.programme.current.country
        if country is None or not readiness.lines:
            raise UserError("setup.lines.none")
        card = lines_card(
            request.words,
            request.content,
            country,
            old=readiness.stale,
            seen=readiness.lines_digest,
        )
        await request.reply(card)

    @pressed("setup:v1:lines_ok")
    async def confirm_lines(self, request: Request) -> None:
        """Keep the lead's word for the lines on the card."""
        await may_set_up(request)
        await request.services.readiness.confirm_lines(request.user_id, request.arg())
        await self._thank(request, "setup.lines.done")

    @pressed("setup:v1:key")
    async def key(self, request: Request) -> None:
        """Explain the host key's copies."""
        await _on_the_team(request)
        await request.reply(key_card(request.words, await self._key_holders(request)))

    @pressed("setup:v1:key_ok")
    async def confirm_key(self, request: Request) -> None:
        """Keep someone's word that they hold a copy."""
        await _on_the_team(request)
        await request.services.readiness.confirm_key(request.user_id)
        holders = await self._key_holders(request)
        await request.update(key_card(request.words, holders, is_noted=True))

    @pressed("setup:v1:key_ask")
    async def ask_for_key(self, request: Request) -> None:
        """Ask the team for a second person."""
        await _on_the_team(request)
        await request.services.readiness.ask_for_key(request.user_id)
        await self._thank(request, "setup.key.asked_now")

    @renders("setup.key")
    async def key_request(self, row: OutboxRow) -> Card:
        """Make the message that asks the team."""
        return key_request_card(self.bot.services.setup.words, row)

    @pressed("setup:v1:no_staff")
    async def go_without_staff(self, request: Request) -> None:
        """Choose, or no longer choose, to be open while nobody is on duty."""
        await may_set_up(request)
        await request.hold()
        chosen = request.arg() == "1"
        await request.services.readiness.go_without_staff(request.user_id, chosen=chosen)
        await request.update(check_card(request.words, await readiness_of(request)))

    @pressed("setup:v1:open")
    async def open_joining(self, request: Request) -> None:
        """Let people join, unless something came up since the card was made."""
        await may_set_up(request)
        await request.hold()
        plan, facts = await request.services.setup.look(builder_of(request))
        await request.services.readiness.open_joining(request.user_id, plan, facts)
        await self._thank(request, "setup.check.opened")

    @pressed("setup:v1:close")
    async def close_joining(self, request: Request) -> None:
        """Let nobody new in."""
        await may_set_up(request)
        await request.services.readiness.close_joining(request.user_id)
        await self._thank(request, "setup.check.closed_now")

    async def _key_holders(self, request: Request) -> Sequence[int]:
        return await request.services.readiness.key_holders(home(request).owner_id)

    async def _thank(self, request: Request, key: str) -> None:
        await request.update(Card(body=request.words(key), accent=Accent.GOOD))


async def _on_the_team(request: Request) -> None:
    if home(request).owner_id != request.user_id:
        await request.staff()


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(ReadinessCog(bot))
