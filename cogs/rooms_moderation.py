"""The team's tools in rooms: menus, `/room` commands, and the forms behind both."""

from collections.abc import Callable
from typing import Any

import discord
from discord import app_commands

from bot.checks import STAFF_PERMISSIONS
from bot.client import Bot
from bot.domain.ids import new_id
from bot.domain.moderation import LONGEST_SLOW, ActKind, Permission
from bot.domain.note import Note
from bot.domain.room import Room
from bot.errors import UserError
from bot.services.moderation import ACT, Order, Post
from bot.ui.forms import Form
from bot.ui.moderation import (
    END,
    LONG,
    NOTE,
    OPEN_END,
    REASON,
    ROOM,
    WORDS,
    done_card,
    hide_form,
    note_form,
    pause_form,
    person_card,
    remove_form,
    resume_form,
    slow_form,
    timeout_form,
    told_card,
)
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, opens, submits
from cogs._moderating import (
    add_to_group,
    hands_of,
    linked_message,
    name_of,
    room_in,
    room_named,
    text_of,
)
from cogs._room_desk import is_barred

RoomChannel = discord.TextChannel | discord.ForumChannel


class ModerationCog(FeatureCog[Bot]):
    """Hides, pauses, slows, times out and takes out; each asks why, and says what came of it."""

    def __init__(self, bot: Bot) -> None:
        super().__init__(bot)
        words = bot.catalog.words("en")
        callbacks: dict[str, Callable[..., Any]] = {
            "hide": self._hide_menu,
            "timeout": self._timeout_menu,
            "remove": self._remove_menu,
            "note": self._note_menu,
        }
        self._menus = []
        for key, callback in callbacks.items():
            menu = app_commands.ContextMenu(name=words(f"moderation.menu.{key}"), callback=callback)
            menu.guild_only = True
            menu.default_permissions = STAFF_PERMISSIONS
            self._menus.append(menu)
            bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        """Take the menus back."""
        for menu in self._menus:
            self.bot.tree.remove_command(menu.name, type=menu.type)

    async def _hide_menu(
        self, interaction: discord.Interaction[Any], message: discord.Message
    ) -> None:
        await self.begin_hide(self.bot.request(interaction), message)

    async def _timeout_menu(
        self, interaction: discord.Interaction[Any], member: discord.User
    ) -> None:
        await self.begin_timeout(self.bot.request(interaction), member.id)

    async def _remove_menu(
        self, interaction: discord.Interaction[Any], member: discord.User
    ) -> None:
        request = self.bot.request(interaction)
        await self.begin_remove(request, member.id, room_in(self.bot, interaction.channel))

    async def _note_menu(self, interaction: discord.Interaction[Any], member: discord.User) -> None:
        await self.show_person(self.bot.request(interaction), member.id)

    async def pause_command(
        self, interaction: discord.Interaction[Any], room: RoomChannel | None = None
    ) -> None:
        """Pause a room: nobody can post until it opens again.

        Args:
            room: The room; this one otherwise.
        """
        await self.begin_room(self.bot.request(interaction), ActKind.PAUSE, room)

    async def resume_command(
        self, interaction: discord.Interaction[Any], room: RoomChannel | None = None
    ) -> None:
        """End a room's pause.

        Args:
            room: The room; this one otherwise.
        """
        await self.begin_room(self.bot.request(interaction), ActKind.RESUME, room)

    async def slow_command(
        self, interaction: discord.Interaction[Any], seconds: int, room: RoomChannel | None = None
    ) -> None:
        """Let each person wait between two posts in a room.

        Args:
            seconds: How long, from 0 to 21600; 0 ends it.
            room: The room; this one otherwise.
        """
        await self.begin_room(self.bot.request(interaction), ActKind.SLOW, room, seconds)

    async def timeout_command(
        self, interaction: discord.Interaction[Any], user: discord.User
    ) -> None:
        """Time someone out for conduct, never for distress; or end that.

        Args:
            user: Who.
        """
        await self.begin_timeout(self.bot.request(interaction), user.id)

    async def remove_command(
        self, interaction: discord.Interaction[Any], user: discord.User
    ) -> None:
        """Take someone out of a room.

        Args:
            user: Who.
        """
        request = self.bot.request(interaction)
        await self.begin_remove(request, user.id, room_in(self.bot, interaction.channel))

    async def hide_command(self, interaction: discord.Interaction[Any], link: str) -> None:
        """Hide a post, and let its author know why in a private note.

        Args:
            link: The link to the message, from its menu.
        """
        request = self.bot.request(interaction)
        await request.staff()
        await self.begin_hide(request, await linked_message(request, self.bot, link))

    async def note_command(self, interaction: discord.Interaction[Any], user: discord.User) -> None:
        """See what the team wrote down about someone, and add a note.

        Args:
            user: Who.
        """
        await self.show_person(self.bot.request(interaction), user.id)

    async def begin_hide(self, request: Request, message: discord.Message) -> None:
        """Check a post, keep its text, and ask why."""
        member = await request.staff()
        moderation = request.services.moderation
        room = moderation.check_hide(
            room_in(self.bot, message.channel),
            message.author.id,
            member.user_id,
            hands_of(self.bot),
        )
        post = Post(
            channel_id=message.channel.id,
            message_id=message.id,
            author_id=message.author.id,
            text=text_of(message),
        )
        act = await moderation.begin_hide(post, room, member)
        content = request.content.texts(request.locale)
        await request.open(hide_form(request.words, content, act.id))

    async def begin_timeout(self, request: Request, user_id: int) -> None:
        """Check a member, and ask why and how long."""
        member = await request.staff()
        request.services.moderation.check_timeout(user_id, member.user_id, hands_of(self.bot))
        await request.open(timeout_form(request.words, new_id(), user_id))

    async def begin_remove(self, request: Request, user_id: int, here: Room | None) -> None:
        """Ask from which of their rooms somebody is taken out, and why."""
        member = await request.staff()
        if user_id == member.user_id:
            raise UserError("moderation.bar_remove.self")
        await request.open(await self._remove_form(request, new_id(), user_id, here))

    async def show_person(self, request: Request, user_id: int) -> None:
        """Show what the team wrote down about somebody."""
        member = await request.staff()
        file = await request.services.colleague_notes.open(user_id, member)
        await request.reply(person_card(request.words, file, request.zone))

    async def begin_room(
        self,
        request: Request,
        kind: ActKind,
        channel: RoomChannel | None,
        seconds: int = 0,
    ) -> None:
        """Check a room, and ask why it is to be changed."""
        await request.staff()
        if not 0 <= seconds <= LONGEST_SLOW:
            raise UserError("moderation.slow_range", most=LONGEST_SLOW)
        needed = Permission.MANAGE_CHANNELS if kind is ActKind.SLOW else Permission.MANAGE_ROLES
        room = request.services.moderation.check_room(
            room_in(self.bot, channel or request.interaction.channel), needed, hands_of(self.bot)
        )
        name = name_of(self.bot, room)
        if kind is ActKind.SLOW:
            await request.open(slow_form(request.words, new_id(), room, name, seconds))
            return
        build = pause_form if kind is ActKind.PAUSE else resume_form
        await request.open(build(request.words, new_id(), room, name))

    @form("mod:v1:hide")
    async def hide_form(self, request: Request) -> Form:
        """Build the form again, with what was kept of the post."""
        act = await request.services.moderation.begun(request.arg(), await request.staff())
        return hide_form(request.words, request.content.texts(request.locale), act.id)

    @submits("mod:v1:hide")
    async def hide(self, request: Request) -> None:
        """Hide a post."""
        moderation = request.services.moderation
        act = await moderation.begun(request.arg(), await request.staff())
        await request.defer()
        done = await moderation.hide(
            act,
            reason=request.text(REASON),
            note=request.choice(NOTE) or "",
            words=request.text(WORDS),
            hands=hands_of(self.bot),
        )
        await request.reply(done_card(request.words, done))

    @form("mod:v1:timeout")
    async def timeout_form(self, request: Request) -> Form:
        """Build the form of a timeout."""
        await request.staff()
        return timeout_form(request.words, request.arg(0), int(request.arg(1)))

    @submits("mod:v1:timeout")
    async def time_out(self, request: Request) -> None:
        """Time a member out, or end that."""
        chosen = request.choice(LONG)
        if chosen is None:
            raise UserError("moderation.how_long_missing")
        kind = ActKind.TIMEOUT_END if chosen == END else ActKind.TIMEOUT
        seconds = None if chosen == END else int(chosen)
        await self._order(request, kind, user_id=int(request.arg(1)), seconds=seconds)

    @form("mod:v1:remove")
    async def remove_form(self, request: Request) -> Form:
        """Build the form that takes somebody out of a room."""
        await request.staff()
        return await self._remove_form(request, request.arg(0), int(request.arg(1)), None)

    @submits("mod:v1:remove")
    async def remove(self, request: Request) -> None:
        """Take somebody out of a room."""
        room_id = request.choice(ROOM)
        if room_id is None or is_barred(request, int(request.arg(1))):
            raise UserError("moderation.not_in_room")
        await self._order(request, ActKind.REMOVE, user_id=int(request.arg(1)), room_id=room_id)

    @form("mod:v1:pause")
    async def pause_form(self, request: Request) -> Form:
        """Build the form that pauses a room."""
        return await self._room_form(request, pause_form)

    @submits("mod:v1:pause")
    async def pause(self, request: Request) -> None:
        """Pause a room."""
        chosen = request.choice(LONG)
        if chosen is None:
            raise UserError("moderation.how_long_missing")
        seconds = None if chosen == OPEN_END else int(chosen)
        await self._order(request, ActKind.PAUSE, room_id=request.arg(1), seconds=seconds)

    @form("mod:v1:resume")
    async def resume_form(self, request: Request) -> Form:
        """Build the form that ends a pause."""
        return await self._room_form(request, resume_form)

    @submits("mod:v1:resume")
    async def resume(self, request: Request) -> None:
        """End a room's pause."""
        await self._order(request, ActKind.RESUME, room_id=request.arg(1))

    @form("mod:v1:slow")
    async def slow_form(self, request: Request) -> Form:
        """Build the form of slow mode."""
        await request.staff()
        room = room_named(self.bot, request.arg(1))
        name, seconds = name_of(self.bot, room), int(request.arg(2))
        return slow_form(request.words, request.arg(0), room, name, seconds)

    @submits("mod:v1:slow")
    async def slow(self, request: Request) -> None:
        """Set a room's slow mode."""
        seconds = int(request.arg(2))
        await self._order(request, ActKind.SLOW, room_id=request.arg(1), seconds=seconds)

    @form("mod:v1:note")
    async def note_form(self, request: Request) -> Form:
        """Ask for a note."""
        await request.staff()
        return note_form(request.words, int(request.arg()))

    @submits("mod:v1:note")
    async def write_note(self, request: Request) -> None:
        """Keep a note for colleagues."""
        member, user_id = await request.staff(), int(request.arg())
        await request.services.colleague_notes.write(user_id, member, request.text(WORDS))
        await request.say("moderation.person.saved")

    @opens("room.moderated")
    async def told(self, request: Request, note: Note) -> None:
        """Tell a person what was done."""
        act, post = await request.services.moderation.note(note.args[ACT], note.participant_id)
        room = None if act.room_id is None else request.services.rooms.get(act.room_id)
        name = None if room is None else name_of(self.bot, room)
        content = request.content.texts(request.locale)
        await request.reply(told_card(request.words, content, act, post, name))

    async def _order(
        self,
        request: Request,
        kind: ActKind,
        *,
        user_id: int | None = None,
        room_id: str | None = None,
        seconds: int | None = None,
    ) -> None:
        member = await request.staff()
        await request.defer()
        moderation = request.services.moderation
        order = Order(
            id=request.arg(0),
            kind=kind,
            member=member,
            reason=request.text(REASON),
            user_id=user_id,
            room_id=room_id,
            seconds=seconds,
            words=request.text(WORDS),
        )
        act = await moderation.order(order, hands_of(self.bot))
        is_refused = moderation.is_refused(act)
        await request.reply(done_card(request.words, act, is_refused=is_refused))

    async def _room_form(self, request: Request, build: Callable[..., Form]) -> Form:
        await request.staff()
        room = room_named(self.bot, request.arg(1))
        return build(request.words, request.arg(0), room, name_of(self.bot, room))

    async def _remove_form(
        self, request: Request, act_id: str, user_id: int, here: Room | None
    ) -> Form:
        person = await request.services.participants.find(user_id)
        rooms = request.services.rooms.all()
        theirs = []
        if person is not None and not is_barred(request, user_id):
            theirs = list(request.services.moderation.rooms_of(person.id, rooms))
        if not theirs:
            raise UserError("moderation.not_in_any")
        named = [(room, name_of(self.bot, room)) for room in theirs[:25]]
        chosen = here.id if here in theirs and here is not None else None
        return remove_form(request.words, act_id, user_id, named, chosen)


async def setup(bot: Bot) -> None:
    """Add the cog, and its commands to the rooms' group."""
    cog = ModerationCog(bot)
    await bot.add_cog(cog)
    for name, callback in (
        ("pause", cog.pause_command),
        ("resume", cog.resume_command),
        ("slow", cog.slow_command),
        ("timeout", cog.timeout_command),
        ("remove-member", cog.remove_command),
        ("hide", cog.hide_command),
        ("note", cog.note_command),
    ):
        add_to_group(bot, "room", callback, name=name)
