"""One's own data: take it along, see who opened it, clear messages, delete everything."""

import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.builder.parting import DiscordHands
from bot.client import Bot
from bot.domain.participant import Participant
from bot.errors import UserError
from bot.services.clearing import Cleared
from bot.ui.cards import escape
from bot.ui.data import (
    ACCESS,
    CLEAR,
    CLEAR_NOW,
    CONFIRM,
    DELETE,
    EXPORT,
    MAKE,
    MOST_BYTES,
    WORD,
    access_card,
    clear_card,
    cleared_card,
    clearing_card,
    confirm_form,
    data_card,
    delete_card,
    deleted_card,
    export_card,
    files_card,
    files_of,
)
from bot.ui.data_page import answers_from
from bot.ui.forms import Form
from bot.ui.private import private_form, private_gate
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, pressed, submits
from cogs._private_word import PrivateWordCog

log = logging.getLogger(__name__)


class DataCog(FeatureCog[Bot]):
    """Gives people what is theirs, and lets them be gone."""

    my_data = app_commands.Group(name="my-data", description="Everything kept about you")

    @my_data.command(name="export")
    async def export_command(self, interaction: discord.Interaction[Any]) -> None:
        """Take everything kept about you along, as files."""
        await self.export(self.bot.request(interaction))

    @my_data.command(name="delete")
    async def delete_command(self, interaction: discord.Interaction[Any]) -> None:
        """Delete everything kept about you."""
        await self.delete(self.bot.request(interaction))

    @my_data.command(name="access")
    async def access_command(self, interaction: discord.Interaction[Any]) -> None:
        """See who opened something of yours, and when."""
        await self.access(self.bot.request(interaction))

    @my_data.command(name="clear-messages")
    async def clear_command(self, interaction: discord.Interaction[Any]) -> None:
        """Remove the messages I posted to you."""
        await self.clear(self.bot.request(interaction))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Finish in Discord what was deleted while the bot was away."""
        gone = await self._hands().tidy()
        if gone:
            log.info("the server was tidied after %d people who were deleted", gone)

    @pressed("data:v1:open")
    async def open(self, request: Request) -> None:
        """Show what can be done."""
        await _person(request)
        await request.update(data_card(request.words))

    @pressed(EXPORT)
    async def export(self, request: Request) -> None:
        """Say what the files hold and which way they take, before they are made."""
        await _person(request)
        if await private_gate(request, EXPORT):
            await request.update(export_card(request.words))

    @pressed(MAKE)
    async def make(self, request: Request) -> None:
        """Make the files and hand them over."""
        person = await _person(request)
        if not await private_gate(request, MAKE):
            return
        await request.defer()
        data = await request.services.own_data.export(person)
        words = request.words
        answers_of = answers_from(request.services.checkins.edition, words.locale)
        files = files_of(words, request.zone, data, answers_of)
        if sum(len(file.content) for file in files) > MOST_BYTES:
            raise UserError("data.export.too_big")
        log.info("participant %s took their data along", person.id)
        await request.reply(files_card(words, files))

    @pressed(ACCESS)
    async def access(self, request: Request) -> None:
        """List who opened what."""
        person = await _person(request)
        if await private_gate(request, ACCESS):
            openings = await request.services.own_data.access(person)
            await request.update(access_card(request.words, openings, request.zone))

    @pressed(CLEAR)
    async def clear(self, request: Request) -> None:
        """Say how much can be removed."""
        person = await _person(request)
        count = await request.services.clearing.count(person)
        await request.update(clear_card(request.words, count))

    @pressed(CLEAR_NOW)
    async def clear_now(self, request: Request) -> None:
        """Remove what was posted, telling how far it came."""
        person = await _person(request)
        await request.defer()

        async def progress(so_far: Cleared) -> None:
            try:
                card = clearing_card(request.words, so_far)
                await request.interaction.edit_original_response(**card.edit())
            except discord.HTTPException as error:
                # The answer may be written for fifteen minutes only; the work goes on.
                log.info("progress is not shown any more: %d", error.code)

        cleared = await request.services.clearing.clear(person, self._hands(), progress)
        await request.interaction.edit_original_response(
            **cleared_card(request.words, cleared).edit()
        )

    @pressed(DELETE)
    async def delete(self, request: Request) -> None:
        """Say what goes and what stays."""
        person = await _person(request)
        if not await private_gate(request, DELETE):
            return
        is_staff = request.services.staff.get(request.user_id) is not None
        parting = await request.services.own_data.parting(person, is_staff=is_staff)
        await request.update(delete_card(request.words, parting))

    @form(CONFIRM)
    async def confirm_form(self, request: Request) -> Form:
        """Ask for the word that deletes."""
        await _person(request)
        return await private_form(request, DELETE) or confirm_form(request.words)

    @submits(CONFIRM)
    async def confirm(self, request: Request) -> None:
        """Delete everything, then take away what is left in Discord."""
        person = await _person(request)
        words, typed = request.words, request.text(WORD)
        wanted = words("data.delete.word")
        if typed.casefold() != wanted.casefold():
            raise UserError("data.delete.not_typed", typed=escape(typed), word=wanted)
        if not await private_gate(request, DELETE):
            return
        await request.defer()
        await request.services.pair_life.blind_all(person.user_id, self.bot.couples)
        with request.services.guard.expecting(person.user_id):
            forgotten = await request.services.own_data.delete(person)
            # The answer first: it may stand in the thread that goes now.
            await request.reply(deleted_card(words))
            if forgotten is not None:
                await self._hands().part(forgotten)

    def _hands(self) -> DiscordHands:
        return DiscordHands(self.bot, self.bot.services, self.bot.clock)


async def _person(request: Request) -> Participant:
    """Return whoever asks, also on their way in or after they left the server."""
    person = await request.services.participants.find(request.user_id)
    if person is None:
        raise UserError("core.join_first")
    return person


async def setup(bot: Bot) -> None:
    """Add both parts."""
    await bot.add_cog(PrivateWordCog(bot))
    await bot.add_cog(DataCog(bot))
