"""The rooms as participants meet them: the list, the door, leaving, and notes to the team."""

import discord
from discord.ext import commands

from bot.client import Bot
from bot.domain.note import Note
from bot.domain.participant import Participant
from bot.domain.room import Room
from bot.errors import UserError
from bot.services.room_members import INVITED, MADE_WAY
from bot.ui.cards import Card, button
from bot.ui.crisis import pinned_lines
from bot.ui.forms import Form
from bot.ui.request import Request
from bot.ui.rooms import (
    NOTE,
    RoomEntry,
    door_card,
    entered_card,
    note_form,
    note_left_card,
    room_card,
    room_name,
    rooms_card,
    rules_card,
    rules_mark,
)
from bot.ui.routing import FeatureCog, form, opens, pressed, submits


class RoomCog(FeatureCog[Bot]):
    """Leads people to rooms, and notes from them to the team."""

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Bring every room to what it should be."""
        await self.bot.services.room_members.part_all()
        await self.bot.services.room_posting.settle_all()

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, _: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """Put a room right that somebody changed by hand, or try again once the bot may."""
        room = self.bot.services.rooms.by_channel(after.id)
        if room is not None:
            await self.bot.services.room_posting.settle(room.id, is_urgent=True)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Try again what was refused, once the bot's own role changed."""
        if before.permissions != after.permissions and after in after.guild.me.roles:
            for room in self.bot.services.rooms.all():
                await self.bot.services.room_posting.settle(room.id, is_urgent=True)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Post a live card anew that was deleted."""
        await self.bot.services.room_posting.card_gone(event.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Post live cards anew that were deleted among others."""
        for message_id in event.message_ids:
            await self.bot.services.room_posting.card_gone(message_id)

    @pressed("panel:v1:rooms")
    async def show(self, request: Request) -> None:
        """List the rooms a person may come to."""
        participant = await request.participant()
        rooms = request.services.room_members.visible_to(participant.id)
        entries = [self._entry(request, room, participant) for room in rooms]
        await request.update(rooms_card(request.words, entries))

    @pressed("room:v1:look")
    async def look(self, request: Request) -> None:
        """Show one room."""
        participant = await request.participant()
        room = request.services.rooms.known(request.selected[0])
        await request.update(room_card(request.words, self._entry(request, room, participant)))

    @pressed("room:v1:door")
    async def door(self, request: Request) -> None:
        """Show the rules and the screening notice, unless the room can't take the person."""
        participant = await request.participant()
        room = request.services.rooms.known(request.arg())
        await request.hold()
        await request.services.room_members.check(room, participant)
        texts = request.content.texts(request.words.locale)
        await request.update(door_card(request.words, texts, room))

    @pressed("room:v1:enter")
    async def enter(self, request: Request) -> None:
        """Let a person in who accepted exactly what is asked now."""
        participant = await request.participant()
        room = request.services.rooms.known(request.arg())
        texts = request.content.texts(request.words.locale)
        wanted = rules_mark(texts, room)
        if request.arg(1) != wanted:
            await request.update(door_card(request.words, texts, room, is_changed=True))
            return
        await request.hold()
        await request.services.room_members.enter(room.id, participant, wanted)
        if self._is_refused(room):
            raise UserError("rooms.failed")
        await request.update(entered_card(request.words, self._entry(request, room, participant)))

    @pressed("room:v1:leave")
    async def leave(self, request: Request) -> None:
        """Let a person out."""
        participant = await request.participant()
        room = request.services.rooms.known(request.arg())
        await request.hold()
        await request.services.room_members.leave(room.id, participant)
        if self._is_refused(room):
            raise UserError("rooms.leave_failed")
        back = button("panel:v1:rooms", label=request.words("panel.entry.rooms"))
        await request.update(Card(body=request.words("rooms.left"), rows=[[back]]))

    @pressed("room:v1:rules")
    async def rules(self, request: Request) -> None:
        """Show a room's ground rules again."""
        room = request.services.rooms.known(request.arg())
        texts = request.content.texts(request.words.locale)
        await request.reply(rules_card(request.words, texts, room))

    @form("room:v1:note")
    async def note_form(self, request: Request) -> Form:
        """Ask for a note to the team."""
        room = request.services.rooms.known(request.arg())
        next_on = request.services.left_notes.next_on(request.user_id)
        return note_form(request.words, room, next_on, now=request.now, zone=request.zone)

    @submits("room:v1:note")
    async def leave_note(self, request: Request) -> None:
        """Take a note to the team."""
        await request.defer()
        left = await request.services.left_notes.leave(
            request.user_id, request.arg(), request.text(NOTE)
        )
        country = request.profile.country if request.profile else None
        country = country or request.services.programme.current.country
        lines = pinned_lines(request.words, request.content.crisis, country)
        await request.reply(
            note_left_card(request.words, left, now=request.now, zone=request.zone, lines=lines)
        )

    @opens(INVITED.name)
    async def invited(self, request: Request, note: Note) -> None:
        """Show the door of a room the team keeps a place in."""
        room = request.services.rooms.get(note.args["room"])
        if room is None or request.services.room_members.of(room.id, note.participant_id) is None:
            raise UserError("core.note_closed")
        words = request.words
        come = button("room:v1:door", room.id, label=words("rooms.button.come_in"))
        body = words("rooms.told.invited", room=room_name(words, room))
        await request.reply(Card(title=words("rooms.told.invited_title"), body=body, rows=[[come]]))

    @opens(MADE_WAY.name)
    async def made_way(self, request: Request, note: Note) -> None:
        """Say that a room can't take the person any more, in the words of a full one."""
        room = request.services.rooms.get(note.args["room"])
        words = request.words
        title = room_name(words, room) if room else words("rooms.told.made_way_title")
        ask = button("care:v1:ask", label=words("rooms.button.ask"))
        await request.reply(Card(title=title, body=words("rooms.not_now"), rows=[[ask]]))

    def _entry(self, request: Request, room: Room, participant: Participant) -> RoomEntry:
        services = request.services
        return RoomEntry(
            view=services.room_posting.view(room),
            channel_id=services.rooms.channel_of(room.id),
            membership=services.room_members.of(room.id, participant.id),
        )

    def _is_refused(self, room: Room) -> bool:
        """Tell whether Discord refused to bring the room to its list just now."""
        state = self.bot.services.room_posting.state(room.id)
        return state is not None and state.trouble is not None


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(RoomCog(bot))
