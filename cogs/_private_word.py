"""The private word: said at the gate, set, changed, taken away."""

from collections.abc import Awaitable

from bot.client import Bot
from bot.domain.note import Note
from bot.errors import UserError
from bot.services.private_word import RESET
from bot.ui.forms import Form
from bot.ui.private import (
    AGAIN,
    CURRENT,
    OPEN,
    REMOVE,
    SAY,
    SET,
    WORD,
    opened_card,
    refused_card,
    remove_form,
    reset_card,
    say_form,
    set_form,
    word_card,
)
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, opens, pressed, submits


class PrivateWordCog(FeatureCog[Bot]):
    """Keeps what is guarded closed until the word is said; what was typed is kept nowhere."""

    @form(SAY)
    async def say_form(self, request: Request) -> Form:
        """Ask for the word."""
        return say_form(request.words, *request.args)

    @submits(SAY, is_kept=False)
    async def say(self, request: Request) -> None:
        """Open what was pressed, for the right word."""
        participant = await request.participant()
        typed = request.text(WORD)
        said = request.services.private_word.say(participant.id, typed)
        if await self._taken(request, said, ":".join((SAY, *request.args))):
            await self._go_on(request)

    @pressed(OPEN)
    async def open(self, request: Request) -> None:
        """Show what the word guards, and whether there is one."""
        participant = await request.participant()
        is_set = await request.services.private_word.is_set(participant.id)
        await request.update(word_card(request.words, is_set=is_set))

    @pressed("private:v1:lock")
    async def lock(self, request: Request) -> None:
        """Ask again from now on."""
        participant = await request.participant()
        await request.services.private_word.lock(participant.id)
        notice = request.words("private.done.locked")
        await request.update(word_card(request.words, is_set=True, notice=notice))

    @form(SET)
    async def set_form(self, request: Request) -> Form:
        """Ask for a new word."""
        participant = await request.participant()
        is_set = await request.services.private_word.is_set(participant.id)
        return set_form(request.words, is_set=is_set)

    @submits(SET, is_kept=False)
    async def set(self, request: Request) -> None:
        """Take a new word."""
        participant = await request.participant()
        setting = request.services.private_word.set(
            participant.id,
            request.text(WORD),
            request.text(AGAIN),
            current=request.text(CURRENT),
        )
        if await self._taken(request, setting, SET):
            notice = request.words("private.done.set")
            await request.update(word_card(request.words, is_set=True, notice=notice))

    @form(REMOVE)
    async def remove_form(self, request: Request) -> Form:
        """Ask for the word before it goes."""
        return remove_form(request.words)

    @submits(REMOVE, is_kept=False)
    async def remove(self, request: Request) -> None:
        """Take the word away."""
        participant = await request.participant()
        removing = request.services.private_word.remove(participant.id, request.text(CURRENT))
        if await self._taken(request, removing, REMOVE):
            notice = request.words("private.done.removed")
            await request.update(word_card(request.words, is_set=False, notice=notice))

    @opens(RESET.name)
    async def open_reset(self, request: Request, note: Note) -> None:
        """Tell a person that the team took their word away."""
        moment = request.words.moment(note.sent_at or request.now, request.zone)
        await request.reply(reset_card(request.words, moment))

    async def _taken(self, request: Request, work: Awaitable[None], form_id: str) -> bool:
        try:
            await work
        except UserError as error:
            await request.reply(refused_card(request.words, error, form_id))
            return False
        return True

    async def _go_on(self, request: Request) -> None:
        feature, version, action, *args = (*request.args, "", "", "")
        route = f"{feature}:{version}:{action}"
        then = ":".join(request.args)
        request.args = [arg for arg in args if arg]
        if (press := self.bot.router.presses.get(route)) is not None:
            await press(request)
        elif route in self.bot.router.forms:
            await request.reply(opened_card(request.words, then))
        else:
            raise UserError("core.old_card")
