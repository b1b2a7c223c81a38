"""The rooms as the team keeps them: `/room`, its cards, and the notices about rooms."""

from typing import Any

import discord
from discord import app_commands

from bot.checks import StaffGroup, home, is_lead
from bot.client import Bot
from bot.domain.delivery import OutboxRow
from bot.domain.ids import ParticipantId
from bot.domain.room import Audience
from bot.errors import UserError
from bot.services.building import Failure
from bot.services.room_members import TURNED_AWAY
from bot.services.room_ports import RoomError
from bot.services.room_posting import TROUBLE
from bot.ui.cards import Card
from bot.ui.forms import Form
from bot.ui.request import Request
from bot.ui.room_desk import (
    FORUM,
    TAKING,
    UNHOSTED,
    Insider,
    add_form,
    desk_card,
    desk_room_card,
    edit_form,
    end_card,
    made_card,
    members_card,
    more_form,
    rules_form,
    trouble_card,
    trouble_reason,
    turned_away_card,
)
from bot.ui.rooms import room_name
from bot.ui.routing import FeatureCog, form, pressed, renders, submits
from cogs._building import builder_of
from cogs._room_values import (
    desk_room,
    read_audience,
    read_channel,
    read_host,
    read_hours,
    read_places,
    read_slow,
    refusal,
)

LEADS_ONLY = dict.fromkeys(("add", "edit", "remove"), is_lead)


class RoomDeskCog(FeatureCog[Bot]):
    """`/room` and the staff's cards of rooms."""

    room = StaffGroup(name="room", description="The rooms", own=LEADS_ONLY)

    @room.command(name="add")
    async def add(
        self,
        interaction: discord.Interaction[Any],
        *,
        name: app_commands.Range[str, 1, 90],
        audience: Audience,
        forum: bool = False,
        channel: discord.TextChannel | discord.ForumChannel | None = None,
        hours: str | None = None,
        slow: int = 0,
        unhosted: bool = False,
        host: discord.User | None = None,
    ) -> None:
        """Add a room for one audience, with a channel of its own.

        Args:
            name: The name of its channel; neutral, so that it tells nothing about who is in it.
            audience: Whom it is for.
            forum: A forum with posts instead of a channel.
            channel: A channel that is there already, to become the room.
            hours: When someone is usually here, such as Mon-Fri 9:00-21:00.
            slow: Seconds a person waits between two posts.
            unhosted: Whether it stays open while no host is on duty.
            host: Who is usually here.
        """
        request = self.bot.request(interaction)
        about = {
            "hours": read_hours(hours),
            "slow_seconds": read_slow(slow),
            "is_unhosted": unhosted,
            "is_forum": forum,
            **read_host(request, host.id if host else None),
            **read_channel(channel),
        }
        await self._add(request, name, audience, about)

    @room.command(name="edit")
    async def edit(
        self,
        interaction: discord.Interaction[Any],
        *,
        room: str,
        name: app_commands.Range[str, 1, 90] | None = None,
        audience: Audience | None = None,
        hours: str | None = None,
        slow: int | None = None,
        places: app_commands.Range[str, 1, 3] | None = None,
        unhosted: bool | None = None,
        taking: bool | None = None,
        host: discord.User | None = None,
    ) -> None:
        """Change what is set about a room.

        Args:
            room: Which one.
            name: The name of its channel.
            audience: Whom it is for.
            hours: When someone is usually here, such as Mon-Fri 9:00-21:00.
            slow: Seconds a person waits between two posts.
            places: How many people it takes.
            unhosted: Whether it stays open while no host is on duty.
            taking: Whether it takes new people.
            host: Who is usually here.
        """
        request = self.bot.request(interaction)
        changes: dict[str, Any] = {
            "name": name,
            "audience": audience,
            "hours": None if hours is None else read_hours(hours),
            "slow_seconds": None if slow is None else read_slow(slow),
            "capacity": None if places is None else read_places(places),
            "is_unhosted": unhosted,
            "is_taking": taking,
        }
        given = {key: value for key, value in changes.items() if value is not None}
        if host is not None:
            given |= read_host(request, host.id)
        await self._change(request, room, given)

    @room.command(name="list")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Show the rooms, and change them."""
        await self.show_rooms(self.bot.request(interaction))

    @room.command(name="let-in")
    async def let_in(
        self, interaction: discord.Interaction[Any], room: str, user: discord.User
    ) -> None:
        """Keep a place in a room for someone; they read the rules at its door.

        Args:
            room: Which one.
            user: Who.
        """
        await self._let_in(self.bot.request(interaction), room, user.id)

    @room.command(name="members")
    async def members(self, interaction: discord.Interaction[Any], room: str) -> None:
        """Show who is in a room, and take someone out.

        Args:
            room: Which one.
        """
        await self._members(self.bot.request(interaction), room)

    @room.command(name="remove")
    async def remove(self, interaction: discord.Interaction[Any], room: str) -> None:
        """Remove a room; its channel is kept or deleted, as you choose.

        Args:
            room: Which one.
        """
        request = self.bot.request(interaction)
        await request.reply(end_card(request.words, request.services.rooms.known(room)))

    @edit.autocomplete("room")
    @let_in.autocomplete("room")
    @members.autocomplete("room")
    @remove.autocomplete("room")
    async def suggest_room(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest rooms while a person types."""
        request = self.bot.request(interaction)
        if request.services.staff.get(request.user_id) is None:
            return []
        named = [
            (room.name or request.words("setup.names.channel_room"), room.id)
            for room in request.services.rooms.all()
        ]
        return [
            app_commands.Choice(name=name[:100], value=room_id)
            for name, room_id in named
            if typed.casefold() in name.casefold()
        ][:25]

    @pressed("room:v1:list")
    async def show_rooms(self, request: Request) -> None:
        """List the rooms."""
        member = await request.staff()
        rooms = [desk_room(request, room.id) for room in request.services.rooms.all()]
        await request.update(desk_card(request.words, rooms, is_lead=member.is_lead))

    @pressed("room:v1:desk")
    async def pick(self, request: Request) -> None:
        """Show one room."""
        await self._show(request, request.selected[0])

    @pressed("room:v1:shown")
    async def show_one(self, request: Request) -> None:
        """Show the room a notice is about."""
        await self._show(request, request.arg())

    @form("room:v1:add")
    async def add_form(self, request: Request) -> Form:
        """Ask for a new room."""
        await is_lead(request)
        return add_form(request.words)

    @submits("room:v1:add")
    async def take_new(self, request: Request) -> None:
        """Add a room."""
        await is_lead(request)
        about = {
            "hours": read_hours(request.text("hours")),
            "slow_seconds": read_slow(request.text("slow")),
            "is_forum": request.choice("kind") == FORUM,
        }
        audience = read_audience(request.choice("audience"))
        await self._add(request, request.text("name"), audience, about)

    @form("room:v1:edit")
    async def edit_form(self, request: Request) -> Form:
        """Ask for what changes most."""
        await is_lead(request)
        return edit_form(request.words, request.services.rooms.known(request.arg()))

    @submits("room:v1:edit")
    async def take_edit(self, request: Request) -> None:
        """Change a room."""
        await is_lead(request)
        room = request.services.rooms.known(request.arg())
        switches = request.choices("switches")
        name = request.text("name")
        changes: dict[str, Any] = {
            "audience": read_audience(request.choice("audience")),
            "hours": read_hours(request.text("hours")),
            "slow_seconds": read_slow(request.text("slow")),
            "is_unhosted": UNHOSTED in switches,
            "is_taking": TAKING in switches,
        }
        if room.name or name != request.words("setup.names.channel_room"):
            changes["name"] = name
        await self._change(request, room.id, changes)

    @form("room:v1:more")
    async def more_form(self, request: Request) -> Form:
        """Ask for the rest."""
        await is_lead(request)
        staff = request.services.staff.members
        guild = home(request)
        found = {one.user_id: guild.get_member(one.user_id) for one in staff}
        names = {
            user_id: member.display_name if member else str(user_id)
            for user_id, member in found.items()
        }
        room = request.services.rooms.known(request.arg())
        return more_form(request.words, room, staff, names)

    @submits("room:v1:more")
    async def take_more(self, request: Request) -> None:
        """Change the rest."""
        await is_lead(request)
        host = request.choice("host")
        changes = {
            "capacity": read_places(request.text("places")),
            "languages": tuple(request.choices("languages")),
            **read_host(request, int(host) if host else None),
        }
        await self._change(request, request.arg(), changes)

    @form("room:v1:own_rules")
    async def rules_form(self, request: Request) -> Form:
        """Ask for a room's own rules."""
        await is_lead(request)
        return rules_form(request.words, request.services.rooms.known(request.arg()))

    @submits("room:v1:own_rules")
    async def take_rules(self, request: Request) -> None:
        """Change a room's rules; whoever comes to the door from now on accepts the new ones."""
        await is_lead(request)
        await self._change(request, request.arg(), {"rules": request.text("rules") or None})

    @pressed("room:v1:members")
    async def show_members(self, request: Request) -> None:
        """Show who is in a room."""
        await request.staff()
        await self._members(request, request.arg())

    @pressed("room:v1:let_in")
    async def let_chosen_in(self, request: Request) -> None:
        """Keep a place for the person who was chosen."""
        await request.staff()
        await self._let_in(request, request.arg(), int(request.selected[0]))

    @pressed("room:v1:take_out")
    async def take_out(self, request: Request) -> None:
        """Take the person who was chosen out of the room."""
        await request.staff()
        room = request.services.rooms.known(request.arg())
        person = ParticipantId(request.selected[0])
        profile = request.services.profiles.by_id(person)
        barred = profile is not None and self._is_barred(request, profile.user_id)
        if profile is None or barred:
            raise UserError("rooms.staff.not_in")
        await request.hold()
        await request.services.room_members.remove(room.id, person, request.user_id)
        await request.reply(
            Card(
                body=request.words(
                    "rooms.staff.taken_out",
                    person=f"<@{profile.user_id}>",
                    room=room_name(request.words, room),
                )
            )
        )

    @pressed("room:v1:end")
    async def ask_end(self, request: Request) -> None:
        """Ask before a room is removed."""
        await is_lead(request)
        room = request.services.rooms.known(request.arg())
        await request.update(end_card(request.words, room))

    @pressed("room:v1:ended")
    async def end(self, request: Request) -> None:
        """Remove a room."""
        await is_lead(request)
        room = request.services.rooms.known(request.arg())
        is_kept = request.arg(1) == "keep"
        await request.hold()
        try:
            await request.services.room_posting.end(request.user_id, room, is_kept=is_kept)
        except RoomError as error:
            raise UserError("rooms.staff.end_failed", reason=refusal(request, error)) from error
        key = "rooms.staff.ended_kept" if is_kept else "rooms.staff.ended"
        await request.update(Card(body=request.words(key, room=room_name(request.words, room))))

    @renders(TROUBLE.name)
    async def trouble(self, row: OutboxRow) -> Card:
        """Tell the team that a room does not follow."""
        words = self.bot.services.setup.words
        room = self.bot.services.rooms.known(row.args["room"])
        missing = row.args["missing"].split()
        reason = trouble_reason(words, Failure(row.args["failure"]), missing)
        return trouble_card(words, room, reason)

    @renders(TURNED_AWAY.name)
    async def turned_away(self, row: OutboxRow) -> Card:
        """Tell the team that a room could not take someone."""
        words = self.bot.services.setup.words
        room = self.bot.services.rooms.known(row.args["room"])
        person = await self.bot.services.participants.by_id(ParticipantId(row.args["person"]))
        code = person.code if person else None
        return turned_away_card(words, room, code, row.args["what"])

    async def _add(
        self, request: Request, name: str, audience: Audience, about: dict[str, Any]
    ) -> None:
        if not request.services.setup.is_bound:
            raise UserError("setup.not_bound")
        await request.defer()
        room = await request.services.rooms.add(
            request.user_id, name=name, audience=audience, **about
        )
        outcomes = await request.services.setup.build_room(builder_of(request), room.place)
        await request.services.room_posting.settle(room.id, is_urgent=True)
        await request.reply(made_card(request.words, desk_room(request, room.id), outcomes))

    async def _change(self, request: Request, room_id: str, changes: dict[str, Any]) -> None:
        await request.defer()
        room = await request.services.rooms.edit(request.user_id, room_id, **changes)
        outcomes = await request.services.setup.build_room(builder_of(request), room.place)
        one = desk_room(request, room.id)
        notice = request.words("rooms.staff.changed")
        if one.trouble or any(outcome.is_trouble for outcome in outcomes):
            reason = one.trouble or request.words("rooms.staff.no_channel")
            notice = request.words("rooms.staff.changed_not", reason=reason)
        await request.reply(desk_room_card(request.words, one, is_lead=True, notice=notice))

    async def _show(self, request: Request, room_id: str) -> None:
        member = await request.staff()
        one = desk_room(request, room_id)
        await request.update(desk_room_card(request.words, one, is_lead=member.is_lead))

    async def _members(self, request: Request, room_id: str) -> None:
        services = request.services
        room = services.rooms.known(room_id)
        people, hidden = [], False
        for membership in services.room_members.all_of(room.id):
            person = await services.participants.by_id(membership.participant_id)
            if person is None:
                continue
            if self._is_barred(request, person.user_id):
                hidden = True
                continue
            people.append(Insider(membership=membership, user_id=person.user_id, code=person.code))
        await request.update(members_card(request.words, room, people, request.zone, hidden=hidden))

    async def _let_in(self, request: Request, room_id: str, user_id: int) -> None:
        room = request.services.rooms.known(room_id)
        person = await request.services.participants.find(user_id)
        if person is None or not person.is_active or self._is_barred(request, user_id):
            raise UserError("rooms.staff.not_joined")
        await request.defer()
        await request.services.room_members.invite(room.id, person, request.user_id)
        said = request.words(
            "rooms.staff.let_in", person=f"<@{user_id}>", room=room_name(request.words, room)
        )
        await request.reply(Card(body=said))

    def _is_barred(self, request: Request, user_id: int) -> bool:
        """Tell whether the presser must learn nothing of a person."""
        return request.user_id in request.services.duty.excluded([user_id])


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(RoomDeskCog(bot))
