"""The cards of the rooms' desk, and the notices about rooms."""

from typing import Any

from bot.checks import home, is_lead
from bot.client import Bot
from bot.domain.delivery import OutboxRow
from bot.domain.ids import ParticipantId
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
    add_form,
    edit_form,
    end_card,
    more_form,
    rules_form,
    trouble_card,
    trouble_reason,
    turned_away_card,
)
from bot.ui.rooms import room_name
from bot.ui.routing import FeatureCog, form, pressed, renders, submits
from cogs._room_desk import (
    add_room,
    change_room,
    is_barred,
    let_in,
    show_members,
    show_room,
    show_rooms,
)
from cogs._room_values import (
    read_audience,
    read_host,
    read_hours,
    read_places,
    read_slow,
    refusal,
)


class RoomCardCog(FeatureCog[Bot]):
    """What the buttons and forms of the rooms' desk do."""

    @pressed("room:v1:list")
    async def show(self, request: Request) -> None:
        """List the rooms."""
        await show_rooms(request)

    @pressed("room:v1:desk")
    async def pick(self, request: Request) -> None:
        """Show one room."""
        await show_room(request, request.selected[0])

    @pressed("room:v1:shown")
    async def show_one(self, request: Request) -> None:
        """Show the room a notice is about."""
        await show_room(request, request.arg())

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
        await add_room(request, request.text("name"), audience, about)

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
        await change_room(request, room.id, changes)

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
        await change_room(request, request.arg(), changes)

    @form("room:v1:own_rules")
    async def rules_form(self, request: Request) -> Form:
        """Ask for a room's own rules."""
        await is_lead(request)
        return rules_form(request.words, request.services.rooms.known(request.arg()))

    @submits("room:v1:own_rules")
    async def take_rules(self, request: Request) -> None:
        """Change a room's rules; whoever comes to the door from now on accepts the new ones."""
        await is_lead(request)
        await change_room(request, request.arg(), {"rules": request.text("rules") or None})

    @pressed("room:v1:members")
    async def members(self, request: Request) -> None:
        """Show who is in a room."""
        await request.staff()
        await show_members(request, request.arg())

    @pressed("room:v1:let_in")
    async def let_chosen_in(self, request: Request) -> None:
        """Keep a place for the person who was chosen."""
        await request.staff()
        await let_in(request, request.arg(), int(request.selected[0]))

    @pressed("room:v1:take_out")
    async def take_out(self, request: Request) -> None:
        """Take the person who was chosen out of the room."""
        await request.staff()
        room = request.services.rooms.known(request.arg())
        person = ParticipantId(request.selected[0])
        profile = request.services.profiles.by_id(person)
        barred = profile is not None and is_barred(request, profile.user_id)
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
        await request.services.room_life.room_changed(room)
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


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(RoomCardCog(bot))
