"""What the leads and the team are told about delivery."""

from bot.client import Bot
from bot.domain.delivery import OutboxRow
from bot.domain.ids import ParticipantId
from bot.text import Words
from bot.ui.cards import Accent, Card
from bot.ui.routing import FeatureCog, renders


class AlertCog(FeatureCog[Bot]):
    """Cards about delivery for staff channels."""

    @renders("ops.alert")
    async def alert(self, row: OutboxRow) -> Card:
        """Tell the leads of a trouble with sending, and what to do."""
        what = row.args["what"]
        values = {"kind": row.args.get("kind", ""), "scope": row.args.get("scope", "")}
        return Card(
            title=self._words("alerts.title"),
            body=self._words(f"alerts.{what}", **values),
            accent=Accent.CARE,
        )

    @renders("person.unreachable")
    async def unreachable(self, row: OutboxRow) -> Card:
        """Tell the team once that a person cannot be reached where they chose."""
        person = await self.bot.services.participants.by_id(ParticipantId(row.subject_id))
        code = person.code if person is not None and person.code else "?"
        return Card(body=self._words(f"alerts.unreachable_{row.args['way']}", code=code))

    @property
    def _words(self) -> Words:
        return self.bot.catalog.words(self.bot.services.programme.current.locale)


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(AlertCog(bot))
