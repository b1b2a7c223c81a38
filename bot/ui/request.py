"""What a handler gets: who asks, in which language, and ways to answer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import discord

from bot.clock import Clock
from bot.content import Content
from bot.domain.draft import FormValue
from bot.domain.participant import Participant, Profile
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.container import Services
from bot.text import Catalog, Words
from bot.ui.cards import Card
from bot.ui.chart import Easel
from bot.ui.forms import Form, submitted

ValueT = TypeVar("ValueT")


def carried(read: Callable[[str], ValueT], text: str) -> ValueT:
    """Read a value that a card carries, such as `carried(int, request.arg(1))`.

    Raises:
        UserError: The card is too old to carry it, or to know it.
    """
    try:
        return read(text)
    except ValueError as error:
        raise UserError("core.old_card") from error


class Host(Protocol):
    """What the cards need of the client."""

    catalog: Catalog
    content: Content
    services: Services
    clock: Clock
    easel: Easel


class Request:
    """One press, submit or command, and its answers.

    Answers are for the person alone unless a handler says otherwise.
    """

    def __init__(
        self, host: Host, interaction: discord.Interaction[Any], args: Sequence[str] = ()
    ) -> None:
        self.host = host
        self.interaction = interaction
        self.args = args

    @property
    def services(self) -> Services:
        """The use cases."""
        return self.host.services

    @property
    def content(self) -> Content:
        """The authored texts."""
        return self.host.content

    @property
    def user_id(self) -> int:
        """The Discord account that asks."""
        return self.interaction.user.id

    @property
    def now(self) -> datetime:
        """The current moment, UTC."""
        return self.host.clock()

    @property
    def profile(self) -> Profile | None:
        """What is known of the person without the database."""
        return self.services.profiles.get(self.user_id)

    @cached_property
    def words(self) -> Words:
        """The sentences in the person's language."""
        return self.host.catalog.words(self.locale)

    @property
    def locale(self) -> str:
        """The language the person chose, else the one their Discord is set to."""
        return self.profile.locale if self.profile else str(self.interaction.locale)

    @property
    def zone(self) -> ZoneInfo:
        """The person's zone, else the programme's."""
        name = self.profile.zone if self.profile else self.services.programme.current.zone
        return ZoneInfo(name)

    async def participant(self) -> Participant:
        """Return the participant who asks.

        Raises:
            UserError: They have not joined, or have left.
        """
        return await self.services.participants.active(self.user_id)

    async def staff(self) -> StaffMember:
        """Return the member of the care team who asks.

        Raises:
            UserError: They are not enrolled.
        """
        return await self.services.staff.enrolled(self.user_id)

    @cached_property
    def values(self) -> Mapping[str, FormValue]:
        """What a form was filled in with, by field."""
        data: Any = self.interaction.data or {}
        return submitted(data.get("components", ()))

    def text(self, key: str) -> str:
        """Return a text field without the space around it, empty where nothing was typed."""
        value = self.values.get(key, "")
        return value.strip() if isinstance(value, str) else ""

    def choice(self, key: str) -> str | None:
        """Return the one choice made in a radio group or a select."""
        value = self.values.get(key)
        if isinstance(value, str):
            return value or None
        return None if value is None or isinstance(value, bool) else next(iter(value), None)

    def choices(self, key: str) -> Sequence[str]:
        """Return the boxes ticked."""
        value = self.values.get(key, ())
        return [value] if isinstance(value, str) else [] if isinstance(value, bool) else value

    @property
    def selected(self) -> Sequence[str]:
        """What was chosen in the select that was pressed."""
        data: Any = self.interaction.data or {}
        return list(data.get("values", ()))

    def arg(self, index: int = 0) -> str:
        """Return an argument of the custom_id.

        Raises:
            UserError: The card is too old to carry it.
        """
        if index >= len(self.args):
            raise UserError("core.old_card")
        return self.args[index]

    async def defer(self) -> None:
        """Say that an answer is on its way, for what takes longer than a moment."""
        await self.interaction.response.defer(ephemeral=True, thinking=True)

    async def hold(self) -> None:
        """Gain time before `update`: one's own card stays as it is until then."""
        message = self.interaction.message
        if message is not None and message.flags.ephemeral:
            await self.interaction.response.defer()
        else:
            await self.defer()

    async def reply(self, card: Card, *, ephemeral: bool = True) -> None:
        """Answer with a card; a deferred answer becomes this card."""
        if self.interaction.response.is_done():
            await self.interaction.followup.send(ephemeral=ephemeral, **card.message())
        else:
            await self.interaction.response.send_message(ephemeral=ephemeral, **card.message())

    async def update(self, card: Card) -> None:
        """Turn the card that was pressed into another one.

        A message that others see too is left alone and answered beside: only an ephemeral card
        is the person's own.
        """
        message = self.interaction.message
        if message is None or not message.flags.ephemeral:
            await self.reply(card)
        elif self.interaction.response.is_done():
            await self.interaction.edit_original_response(**card.edit())
        else:
            await self.interaction.response.edit_message(**card.edit())

    async def rewrite(self, card: Card) -> None:
        """Turn the message that was pressed into another card for everyone who sees it."""
        if self.interaction.response.is_done():
            await self.interaction.edit_original_response(**card.edit())
        else:
            await self.interaction.response.edit_message(**card.edit())

    async def open(self, form: Form) -> None:
        """Answer with a form; must come first, before any defer."""
        await self.interaction.response.send_modal(form.modal())

    async def say(self, key: str, **values: object) -> None:
        """Answer with one sentence."""
        await self.reply(Card(body=self.words(key, **values)))
