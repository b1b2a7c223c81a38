"""What the leads and the team are told about delivery."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from discord import ComponentType

from bot.client import Bot
from bot.domain.delivery import OutboxRow
from bot.domain.ids import ParticipantId
from bot.errors import UserError
from bot.text import Words
from bot.ui.cards import Accent, Card
from bot.ui.notices import SEEN
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed, renders


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

    @pressed(SEEN)
    async def seen(self, request: Request) -> None:
        """Let a member of the team say on a card that they have read it."""
        await request.staff()
        message = request.interaction.message
        if message is None:
            raise UserError("core.old_card")
        texts = list(_texts_of([part.to_dict() for part in message.components]))
        seen = self._words("alerts.seen_by", who=f"<@{request.user_id}>")
        await request.rewrite(Card(body=texts, footer=seen))

    @property
    def _words(self) -> Words:
        return self.bot.catalog.words(self.bot.services.programme.current.locale)


def _texts_of(components: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what a card says, from its first line to its last."""
    for part in components:
        if part["type"] == ComponentType.text_display.value:
            yield part["content"]
        yield from _texts_of(part.get("components", ()))


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(AlertCog(bot))
