"""Consents: what the two buttons of a consent card do."""

from bot.client import Bot
from bot.domain.consent import CONSENT_RENEW, ConsentKind, Standing
from bot.domain.note import Note
from bot.errors import UserError
from bot.ui.consent import agreed_card, consent_card, declined_card, unpacked
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, opens, pressed


class ConsentCog(FeatureCog[Bot]):
    """Takes the answer to a consent."""

    @pressed("consent:v1:agree")
    async def agree(self, request: Request) -> None:
        """Note a yes, to the text that was shown and no other."""
        kind, then = _asked(request)
        participant = await request.participant()
        if request.arg(1) != str(request.services.consents.version(kind)):
            await request.update(consent_card(request, kind, then=then))
            return
        await request.hold()
        await request.services.consents.give(participant, kind)
        await request.update(agreed_card(request, kind, then=then))

    @opens(CONSENT_RENEW.name)
    async def renew(self, request: Request, note: Note) -> None:
        """Ask again for a consent whose text has changed."""
        kind = ConsentKind(note.args["kind"])
        standings = await request.services.consents.standings(note.participant_id)
        if standings.get(kind) is not Standing.OUTDATED:
            raise UserError("core.note_closed")
        await request.reply(consent_card(request, kind, is_again=True))

    @pressed("consent:v1:decline")
    async def decline(self, request: Request) -> None:
        """Note a no."""
        kind, _ = _asked(request)
        participant = await request.participant()
        await request.hold()
        await request.services.consents.revoke(participant, kind)
        await request.update(declined_card(request, kind))


def _asked(request: Request) -> tuple[ConsentKind, str | None]:
    try:
        kind = ConsentKind(request.arg())
    except ValueError as error:
        raise UserError("core.old_card") from error
    return kind, unpacked(request.args[2] if len(request.args) > 2 else None)


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(ConsentCog(bot))
