"""Together: what two people share, how they come to it, and the way out."""

import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Bot
from bot.domain.consent import ConsentKind
from bot.domain.ids import ParticipantId
from bot.domain.note import Note
from bot.domain.pair import PairKind, Parting, Space
from bot.domain.participant import Participant
from bot.errors import UserError
from bot.services.pair_invites import INVITE, INVITED
from bot.services.pair_life import CLOSED, OPENED
from bot.ui.cards import Card
from bot.ui.consent import consent_card
from bot.ui.request import Request, carried
from bot.ui.routing import FeatureCog, opens, pressed
from bot.ui.together import (
    closed_note_card,
    home_card,
    invite_card,
    invited_card,
    leave_card,
    left_card,
    more_card,
    opened_note_card,
    saved_card,
    space_card,
    wishes_card,
)

log = logging.getLogger(__name__)


class TogetherCog(FeatureCog[Bot]):
    """The way in, the way out, and the doors to every tool."""

    async def cog_load(self) -> None:
        """Let spaces follow the consent and the server."""
        services = self.bot.services
        services.consents.on_change(ConsentKind.SHARED_SPACE, self._consent_changed)
        services.membership.on_left(self._left_server)
        services.membership.on_returned(self._returned)

    @app_commands.command()
    async def together(self, interaction: discord.Interaction[Any]) -> None:
        """Open what the two of you can do together."""
        await self.home(self.bot.request(interaction))

    @pressed("together:v1:home")
    async def home(self, request: Request) -> None:
        """Show the tools."""
        participant = await request.participant()
        pairs = request.services.pairs
        spaces = await pairs.spaces(participant.id)
        closed = await pairs.closed_for(participant.id)
        await request.update(home_card(request.words, spaces, closed, self._works))

    @pressed("together:v1:space")
    async def space(self, request: Request) -> None:
        """Show the tools of one of several spaces."""
        space = await self._space(request)
        await request.update(space_card(request.words, space, self._works))

    @pressed("together:v1:more")
    async def more(self, request: Request) -> None:
        """Show what opened before, and the way out."""
        await request.update(more_card(request.words, await self._spaces(request)))

    @pressed("together:v1:invite")
    async def invite(self, request: Request) -> None:
        """Ask with whom; the first time, ask for the consent it rests on."""
        participant = await request.participant()
        kind = ConsentKind.SHARED_SPACE
        if not await request.services.consents.given(participant.id, kind):
            await request.update(consent_card(request, kind, then="together:v1:invite"))
            return
        waiting = await request.services.pair_invites.waiting(participant)
        await request.update(invite_card(request.words, waiting))

    @pressed("together:v1:ask")
    async def ask(self, request: Request) -> None:
        """Keep a wish; the answer is one sentence, whatever the truth."""
        participant = await request.participant()
        kind = carried(PairKind, request.arg())
        user_id = int(request.selected[0])
        self._check_target(request, user_id)
        if not await request.services.consents.given(participant.id, ConsentKind.SHARED_SPACE):
            await self.invite(request)
            return
        await request.services.pair_invites.invite(participant, user_id, kind)
        await request.update(saved_card(request.words))

    @pressed("together:v1:wishes")
    async def wishes(self, request: Request) -> None:
        """List one's own wishes."""
        participant = await request.participant()
        waiting = await request.services.pair_invites.waiting(participant)
        await request.update(wishes_card(request.words, waiting))

    @pressed("together:v1:cancel")
    async def cancel(self, request: Request) -> None:
        """Take a wish back."""
        participant = await request.participant()
        await request.services.pair_invites.cancel(participant, request.arg())
        await request.update(Card(body=request.words("together.invite.cancelled")))

    @opens(INVITED.name)
    async def invited(self, request: Request, note: Note) -> None:
        """Show an invitation to the one who was asked."""
        participant = await request.participant()
        invites = request.services.pair_invites
        invite = await invites.invitation(participant, note.args[INVITE])
        inviter = request.services.profiles.by_id(invite.participant_id)
        if inviter is None:
            raise UserError("core.note_closed")
        await request.reply(invited_card(request.words, invite, inviter.user_id))

    @pressed("together:v1:yes")
    async def accept(self, request: Request) -> None:
        """Take a yes, after the consent it rests on."""
        participant = await request.participant()
        kind = ConsentKind.SHARED_SPACE
        if not await request.services.consents.given(participant.id, kind):
            then = f"together:v1:yes:{request.arg()}"
            await request.update(consent_card(request, kind, then=then))
            return
        await request.services.pair_invites.answer(participant, request.arg(), yes=True)
        await request.update(saved_card(request.words))

    @pressed("together:v1:no")
    async def decline(self, request: Request) -> None:
        """Take a no, in the same words."""
        participant = await request.participant()
        await request.services.pair_invites.answer(participant, request.arg(), yes=False)
        await request.update(saved_card(request.words))

    @pressed("together:v1:leave")
    async def leave(self, request: Request) -> None:
        """Say what leaving does."""
        await request.update(leave_card(request.words, await self._space(request)))

    @pressed("together:v1:left")
    async def left(self, request: Request) -> None:
        """Leave, without a word to the other one."""
        life, pair_id = request.services.pair_life, request.arg()
        # Before the database is asked who this is: it may be down.
        await request.hold()
        await life.blind(request.user_id, pair_id, self.bot.couples)
        participant = await request.participant()
        await life.leave(participant, pair_id, Parting.LEFT, self.bot.couples)
        await request.update(left_card(request.words))

    @opens(OPENED.name)
    async def opened(self, request: Request, note: Note) -> None:
        """Say that a space opened."""
        spaces = await request.services.pairs.spaces(note.participant_id)
        await request.reply(opened_note_card(request.words, spaces[0] if spaces else None))

    @opens(CLOSED.name)
    async def closed(self, request: Request, _note: Note) -> None:
        """Say that a space was closed."""
        await request.reply(closed_note_card(request.words))

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Make a couple's thread again that someone deleted."""
        if (pair := await self.bot.services.pair_life.by_thread(payload.thread_id)) is not None:
            await self.bot.services.pair_life.lost_thread(pair, self.bot.couples)

    async def _consent_changed(self, participant_id: ParticipantId, given: bool) -> None:
        participant = await self.bot.services.participants.by_id(participant_id)
        if participant is not None and not given:
            life = self.bot.services.pair_life
            await life.leave_all(participant, Parting.CONSENT, self.bot.couples)

    async def _left_server(self, participant: Participant) -> None:
        await self.bot.services.pair_life.leave_all(participant, Parting.SERVER, self.bot.couples)

    async def _returned(self, participant: Participant) -> None:
        await self.bot.services.pair_life.come_back(participant, self.bot.couples)

    def _check_target(self, request: Request, user_id: int) -> None:
        """Refuse what the picker shows but can't be meant; says nothing of who joined."""
        guild = request.interaction.guild
        if user_id == request.user_id:
            raise UserError("together.invite.self")
        home = self.bot.services.programme.current.guild_id
        server = guild or (self.bot.get_guild(home) if home else None)
        if server is None or server.id != home:
            raise UserError("core.other_server")
        member = server.get_member(user_id)
        if member is None:
            raise UserError("together.invite.elsewhere")
        if member.bot:
            raise UserError("together.invite.bot")

    async def _spaces(self, request: Request) -> list[Space]:
        participant = await request.participant()
        spaces = await request.services.pairs.spaces(participant.id)
        if not spaces:
            raise UserError("together.none")
        return list(spaces)

    async def _space(self, request: Request) -> Space:
        found = [one for one in await self._spaces(request) if one.pair_id == request.arg()]
        if not found:
            raise UserError("together.closed")
        return found[0]

    def _works(self, route: str) -> bool:
        return route in self.bot.router.presses or route in self.bot.router.forms


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(TogetherCog(bot))
