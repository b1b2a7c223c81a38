"""Raising a concern: from panels, menus and a command."""

from typing import Any

import discord
from discord import app_commands

from bot.client import Bot
from bot.errors import UserError
from bot.ui.cards import Card, Option, button
from bot.ui.care import concern_saved_card
from bot.ui.forms import Form, NoteField, RadioField, TextField
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, pressed, submits

MOST_TEXT = 4000
WORDS = "words"
REASON = "reason"
CONTACT, YES, NO = "contact", "yes", "no"


class ConcernCog(FeatureCog[Bot]):
    """Brings concerns to the team."""

    def __init__(self, bot: Bot) -> None:
        super().__init__(bot)
        words = bot.catalog.words("en")
        self._menu = app_commands.ContextMenu(
            name=words("care.concern.title"), callback=self._concern_about_message
        )
        self._user_menu = app_commands.ContextMenu(
            name=words("care.concern.person_menu"), callback=self._concern_about_person
        )
        for menu in (self._menu, self._user_menu):
            menu.guild_only = True
            bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        """Take the menus back."""
        for menu in (self._menu, self._user_menu):
            self.bot.tree.remove_command(menu.name, type=menu.type)

    @app_commands.command()
    async def concern(self, interaction: discord.Interaction[Any]) -> None:
        """Tell the team about something that worries you."""
        request = self.bot.request(interaction)
        await request.open(self._form(request, "0", "0", "0"))

    async def _concern_about_message(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> None:
        request = self.bot.request(interaction)
        await request.open(
            self._form(request, str(message.author.id), str(message.channel.id), str(message.id))
        )

    async def _concern_about_person(
        self, interaction: discord.Interaction[Any], member: discord.Member
    ) -> None:
        request = self.bot.request(interaction)
        await request.open(self._form(request, str(member.id), "0", "0"))

    @pressed("care:v1:concern")
    async def concern_card(self, request: Request) -> None:
        """Say who will see a concern, then offer the form."""
        content = request.content.texts(request.locale)
        opener = button(
            "concern:v1:send",
            "0",
            "0",
            "0",
            label=request.words("care.concern.intro_button"),
            style=discord.ButtonStyle.primary,
        )
        await request.update(
            Card(
                title=request.words("care.concern.title"),
                body=content.care.concern_intro,
                rows=[[opener]],
            )
        )

    @form("concern:v1:send")
    async def concern_form(self, request: Request) -> Form:
        """Build the form of a concern; its arguments are author, channel and message."""
        return self._form(request, *(request.arg(index) for index in range(3)))

    def _form(self, request: Request, about: str, channel: str, message: str) -> Form:
        if int(about) == request.user_id:
            raise UserError("care.concern.self")
        if self.bot.user is not None and int(about) == self.bot.user.id:
            raise UserError("care.concern.bot")
        content = request.content.texts(request.locale).care
        reasons = [
            Option(value=reason.id, label=reason.label, description=reason.description)
            for reason in content.reasons
        ]
        words = request.words
        return Form.of(
            "concern:v1:send",
            about,
            channel,
            message,
            title=words("care.concern.title"),
            fields=[
                RadioField(key=REASON, label=words("care.concern.form_reason"), options=reasons),
                TextField(
                    key=WORDS,
                    label=words("care.concern.form_text"),
                    description=words("care.concern.form_hint"),
                    long=True,
                    required=False,
                    max_length=MOST_TEXT,
                ),
                RadioField(
                    key=CONTACT,
                    label=words("care.concern.form_contact"),
                    description=words("care.concern.form_contact_hint"),
                    options=[
                        Option(value=NO, label=words("care.concern.form_contact_no")),
                        Option(value=YES, label=words("care.concern.form_contact_yes")),
                    ],
                    required=False,
                    value=NO,
                ),
                NoteField(text=content.concern_intro),
            ],
        )

    @submits("concern:v1:send")
    async def concern_submit(self, request: Request) -> None:
        """Bring a concern to the team."""
        about, channel, message = (int(request.arg(index)) or None for index in range(3))
        reason = request.choice(REASON)
        if reason is None:
            raise UserError("care.concern.reason_missing")
        if message is None and not request.text(WORDS):
            raise UserError("care.concern.text_missing")
        outcome = await request.services.cases.raise_concern(
            request.user_id,
            reason=reason,
            text=request.text(WORDS),
            about_id=about,
            channel_id=channel,
            message_id=message,
            may_contact=request.choice(CONTACT) == YES,
        )
        card = concern_saved_card(request.words, outcome, request.zone, request.now)
        await request.reply(card)

    @pressed("concern:v1:agreed")
    async def agreed(self, request: Request) -> None:
        """Keep that the reporter said yes to contact with whom it is about."""
        member = await request.staff()
        case = await request.services.concerns.allow_contact(request.arg(), member)
        await request.say("care.case.contact_kept", ref=case.ref)


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(ConcernCog(bot))
