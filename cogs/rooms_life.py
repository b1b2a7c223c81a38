"""Themes, topics, resources, welcomes and celebrations in rooms."""

from collections.abc import Sequence
from datetime import time
from typing import Any, Literal

import discord

from bot.client import Bot
from bot.content import LocaleContent
from bot.domain.daytime import DaytimeError, parse_daytime
from bot.domain.delivery import OutboxRow, RefusedError
from bot.domain.room import Room
from bot.domain.room_life import EVENING_AT, WEEKLY_AT, WEEKLY_ON, Series
from bot.errors import UserError
from bot.services.room_life import KINDS, TOPIC
from bot.text import Words
from bot.ui.cards import Card
from bot.ui.forms import Form
from bot.ui.request import Request
from bot.ui.room_life import (
    NAMED,
    OCCASION,
    YES,
    celebrate_form,
    celebration_card,
    resources_card,
    topic_card,
    welcome_card,
)
from bot.ui.routing import FeatureCog, form, pressed, renders, submits
from cogs._moderating import add_to_group, room_in, room_named

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class RoomLifeCog(FeatureCog[Bot]):
    """What happens in rooms besides talking."""

    async def prompts_command(
        self,
        interaction: discord.Interaction[Any],
        *,
        series: Literal["weekly", "evening"],
        switch: Literal["on", "off"],
        hour: str | None = None,
        weekday: Weekday | None = None,
        room: discord.TextChannel | None = None,
    ) -> None:
        """Post a theme each week or a topic each evening in a room, or stop that.

        Args:
            series: Which of the two.
            switch: On or off.
            hour: When, such as 10:00 or 7 pm; otherwise 10:00 for the week, 19:00 for the evening.
            weekday: The day of the week's theme; Monday otherwise.
            room: The room; this one otherwise.
        """
        request = self.bot.request(interaction)
        await request.staff()
        found = room_in(self.bot, room or interaction.channel)
        if found is None:
            raise UserError("moderation.no_room")
        if found.is_forum:
            raise UserError("life.no_forum")
        which = Series(series)
        life = request.services.room_life
        if switch == "off":
            await life.switch_off(found, which)
            await request.say(f"life.off.{which.value}")
            return
        usual = WEEKLY_AT if which is Series.WEEKLY else EVENING_AT
        at = usual if hour is None else read_hour(hour)
        day = WEEKLY_ON if weekday is None else WEEKDAYS.index(weekday)
        zone = request.services.programme.current.zone
        await life.switch_on(found, which, at=at, weekday=day, zone=zone)
        day_name = request.words.weekday(day)
        await request.say(f"life.on.{which.value}", hour=f"{at:%H:%M}", day=day_name, zone=zone)

    @pressed("life:v1:resources")
    async def resources(self, request: Request) -> None:
        """Show where to find more."""
        texts = request.content.texts(request.locale)
        await request.reply(resources_card(request.words, texts.topics.resources))

    @pressed("life:v1:welcome")
    async def welcome(self, request: Request) -> None:
        """Let the room know that somebody came in."""
        participant = await request.participant()
        await request.services.room_life.welcome(request.arg(), participant)
        await request.say("life.welcome_saved")

    @form("life:v1:celebrate")
    async def celebrate_form(self, request: Request) -> Form:
        """Ask what to celebrate."""
        await request.participant()
        room = room_in(self.bot, request.interaction.channel)
        if request.args:
            room = room_named(self.bot, request.arg())
        if room is None:
            raise UserError("moderation.no_room")
        return celebrate_form(request.words, room.id)

    @submits("life:v1:celebrate")
    async def celebrate(self, request: Request) -> None:
        """Let the room share in something good."""
        participant = await request.participant()
        what = request.choice(OCCASION)
        if what is None:
            raise UserError("life.what_missing")
        named = request.choice(NAMED) == YES
        life = request.services.room_life
        await life.celebrate(request.arg(), participant, what, named=named)
        await request.say("life.celebrate_saved")

    @renders(*(kind.name for kind in KINDS.values()))
    async def topic(self, row: OutboxRow) -> Card:
        """Post a theme or topic, in each language of the room."""
        room = self.bot.services.rooms.get(row.subject_id)
        if room is None:
            raise RefusedError("the room is gone")
        topics = [
            topic
            for texts in self._languages(room)
            if (topic := texts.topics.topic(row.args[TOPIC])) is not None
        ]
        if not topics:
            raise RefusedError("the topic is gone")
        return topic_card(self._words(room), topics, room.id)

    @renders("room.welcome")
    async def welcomed(self, row: OutboxRow) -> Card:
        """Post a welcome."""
        return welcome_card(self._words(None), row)

    @renders("room.celebration")
    async def celebrated(self, row: OutboxRow) -> Card:
        """Post a celebration."""
        return celebration_card(self._words(None), row)

    def _languages(self, room: Room) -> Sequence[LocaleContent]:
        known = self.bot.content.languages
        codes = [code for code in room.languages if code in known]
        return [known[code] for code in codes] or [
            self.bot.content.texts(self.bot.services.programme.current.locale)
        ]

    def _words(self, room: Room | None) -> Words:
        first = self._languages(room)[0].locale if room is not None else None
        return self.bot.catalog.words(first or self.bot.services.programme.current.locale)


def read_hour(text: str) -> time:
    """Read a time of day.

    Raises:
        UserError: It is none.
    """
    try:
        return parse_daytime(text).at
    except DaytimeError as error:
        raise UserError("life.hour_wrong", typed=text[:50]) from error


async def setup(bot: Bot) -> None:
    """Add the cog, and its command to the rooms' group."""
    cog = RoomLifeCog(bot)
    await bot.add_cog(cog)
    add_to_group(bot, "room", cog.prompts_command, name="prompts")
