"""What the rota puts into the team's channels by itself."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.client import Bot
from bot.domain.delivery import OutboxRow, RefusedError
from bot.services.rota_watch import read_gaps
from bot.text import Words
from bot.ui.cards import Card
from bot.ui.handovers import handover_offer
from bot.ui.rota import gaps_card, nobody_card
from bot.ui.routing import FeatureCog, renders
from bot.ui.swaps import swap_card


class RotaCardCog(FeatureCog[Bot]):
    """Cards for channels; whoever is off duty is named in them and never rung."""

    @renders("rota.gaps")
    async def gaps(self, row: OutboxRow) -> Card:
        """Tell the leads when nobody will be on."""
        return gaps_card(self._words, read_gaps(row.args["gaps"]), self._zone)

    @renders("rota.nobody")
    async def nobody(self, row: OutboxRow) -> Card:
        """Tell the leads that a shift was ended early and nobody is on."""
        until = datetime.fromisoformat(row.args["until"])
        return nobody_card(self._words, int(row.args["by"]), until, self._zone)

    @renders("rota.handover")
    async def handover(self, row: OutboxRow) -> Card:
        """Tell somebody who comes on that there are notes."""
        user_id = int(row.args["who"])
        if not self.bot.services.duty.is_on(user_id):
            raise RefusedError("they went off duty meanwhile")
        return handover_offer(self._words, user_id)

    @renders("rota.swap")
    async def swap(self, row: OutboxRow) -> Card:
        """Ask a colleague to take a shift."""
        swaps = self.bot.services.swaps
        swap = await swaps.find(row.subject_id)
        if swap is None:
            raise RefusedError("its shift is gone")
        back = None if swap.back is None else swaps.planned(swap.back)
        turns = (swaps.planned(swap.given), back)
        ring = [swap.taker_id] if self.bot.services.duty.is_on(swap.taker_id) else []
        return swap_card(self._words, swap, turns, self._zone, ring)

    @property
    def _words(self) -> Words:
        return self.bot.catalog.words(self.bot.services.programme.current.locale)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.bot.services.programme.current.zone)


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(RotaCardCog(bot))
