"""The risk screen in use: the one listener for messages, and everything shown of what it finds."""

from typing import Any

import discord
from discord.ext import commands

from bot.client import Bot
from bot.domain.case import Circle
from bot.domain.delivery import OutboxRow, RefusedError
from bot.domain.note import Note
from bot.domain.watch import Verdict
from bot.services.watch import HIT
from bot.services.watch_desk import CIRCLE, Told
from bot.ui.cards import Card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, opens, pressed, renders
from bot.ui.settings import back_button
from bot.ui.watch import (
    author_card,
    back_card,
    cards_card,
    digest_card,
    down_card,
    filter_trouble_card,
    look_card,
    needs_safety,
    safe_first_card,
)
from cogs._case_views import team_words
from cogs._moderating import add_to_group


class WatchCog(FeatureCog[Bot]):
    """Hands posts to the screen, and shows what it found."""

    async def cog_load(self) -> None:
        """Take the client's one message event; nothing else here listens to messages."""
        self.bot.event(self.on_message)

    async def on_message(self, message: discord.Message) -> None:
        """Let a post be screened; bots and webhooks are not."""
        author = message.author
        if author.bot or message.webhook_id is not None:
            return
        channel = message.channel
        self.bot.services.watch.heard(
            author.id,
            message.content,
            channel_id=channel.id,
            parent_id=channel.parent_id if isinstance(channel, discord.Thread) else None,
            message_id=message.id,
        )

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Screen a post again that was changed."""
        await self.on_message(event.message)

    @commands.Cog.listener()
    async def on_automod_action(self, action: discord.AutoModAction) -> None:
        """Follow up what Discord's own filter found; it tells, and blocks nothing."""
        if action.channel_id is None:
            return
        guild = self.bot.get_guild(action.guild_id)
        channel = guild.get_channel_or_thread(action.channel_id) if guild else None
        await self.bot.services.automod.found(
            action.user_id,
            action.matched_keyword,
            channel_id=action.channel_id,
            parent_id=channel.parent_id if isinstance(channel, discord.Thread) else None,
            message_id=action.message_id,
        )

    async def look_command(self, interaction: discord.Interaction[Any]) -> None:
        """See what the risk screen was not sure about."""
        await self.look(self.bot.request(interaction))

    @pressed("watch:v1:look")
    async def look(self, request: Request) -> None:
        """List what waits for a look, as far as this one of the team may know of it."""
        await request.reply(await self._list(request))

    @pressed("watch:v1:judge")
    async def judge(self, request: Request) -> None:
        """Keep whether a finding was right."""
        member = await request.staff()
        hit = await request.services.watch_desk.judge(
            request.arg(), member, Verdict(request.arg(1))
        )
        if hit.case_id is None:
            await request.update(await self._list(request))
        else:
            await request.say(f"watch.file.{hit.verdict}")

    @pressed("watch:v1:case")
    async def open_request(self, request: Request) -> None:
        """Make a request of a finding."""
        member = await request.staff()
        outcome = await request.services.watch_desk.open_request(request.arg(), member)
        await request.say("watch.opened", ref=outcome.case.ref)

    async def _list(self, request: Request) -> Card:
        hits = await request.services.watch_desk.waiting(await request.staff())
        people = [await request.services.participants.find(hit.user_id) for hit in hits[:5]]
        codes = [person.code or "" if person else "" for person in people]
        guild_id = request.services.programme.current.guild_id
        return look_card(request.words, hits, guild_id, codes)

    @renders("watch.digest")
    async def digest(self, row: OutboxRow) -> Card:
        """Tell the team how much waits."""
        count = await self.bot.services.watch_desk.count(Circle(row.args[CIRCLE]))
        if not count:
            raise RefusedError("nothing waits any more")
        return digest_card(team_words(self.bot), count)

    @renders("watch.down")
    async def down(self, row: OutboxRow) -> Card:
        """Tell the leads that screening is down."""
        return down_card(team_words(self.bot), row)

    @renders("watch.back")
    async def back(self, row: OutboxRow) -> Card:
        """Tell the leads that it works again."""
        guild_id = self.bot.services.programme.current.guild_id
        return back_card(team_words(self.bot), row, guild_id)

    @renders("watch.filter")
    async def filter_trouble(self, row: OutboxRow) -> Card:
        """Tell the leads that Discord's own filter does not work."""
        return filter_trouble_card(team_words(self.bot), row)

    @opens("watch.card")
    async def card(self, request: Request, note: Note) -> None:
        """Show a person their card; where someone else may read along, ask first."""
        told = await request.services.watch_desk.told(note.args[HIT], note.participant_id)
        if needs_safety(told.hit):
            await request.reply(safe_first_card(request.words, told.hit))
        else:
            await request.reply(self._card(request, told))

    @pressed("watch:v1:read")
    async def read(self, request: Request) -> None:
        """Show the card, once it is safe."""
        person = await request.participant()
        told = await request.services.watch_desk.told(request.arg(), person.id)
        await request.update(self._card(request, told))

    @pressed("watch:v1:later")
    async def later(self, request: Request) -> None:
        """Leave the card closed."""
        await request.update(Card(body=request.words("watch.card.later")))

    @pressed("watch:v1:okay")
    async def okay(self, request: Request) -> None:
        """Note that a person says they are okay; nothing is closed by it."""
        person = await request.participant()
        await request.services.watch_desk.okay(request.arg(), person.id)
        await request.update(Card(body=request.words("watch.card.noted")))

    @pressed("watch:v1:silence")
    async def silence(self, request: Request) -> None:
        """Send a person no more of these cards."""
        person = await request.participant()
        await request.services.watch_desk.silence(person, on=True)
        await request.update(Card(body=request.words("watch.silence.saved")))

    @pressed("watch:v1:cards")
    async def cards(self, request: Request) -> None:
        """Show whether a person gets these cards, or change it."""
        person = await request.participant()
        desk = request.services.watch_desk
        if request.args:
            await desk.silence(person, on=request.arg() == "0")
        is_silent = await desk.is_silent(person.id)
        back = back_button(request.words)
        await request.update(cards_card(request.words, is_silent=is_silent, back=back))

    def _card(self, request: Request, told: Told) -> Card:
        country = request.services.crisis.country(request.user_id, str(request.interaction.locale))
        numbers = request.content.crisis.emergency_numbers(country)
        return author_card(request.words, told, country, numbers)


async def setup(bot: Bot) -> None:
    """Add the cog, and its command to the team's group."""
    cog = WatchCog(bot)
    await bot.add_cog(cog)
    add_to_group(bot, "care", cog.look_command, name="look")
