"""What the commands and the cards of the rooms' desk have in common."""

from typing import Any

from bot.domain.room import Audience
from bot.errors import UserError
from bot.ui.cards import Card
from bot.ui.request import Request
from bot.ui.room_desk import Insider, desk_card, desk_room_card, made_card, members_card
from bot.ui.rooms import room_name
from cogs._building import builder_of
from cogs._room_values import desk_room


async def add_room(request: Request, name: str, audience: Audience, about: dict[str, Any]) -> None:
    """Add a room, make its channel, and say how that went."""
    if not request.services.setup.is_bound:
        raise UserError("setup.not_bound")
    await request.defer()
    room = await request.services.rooms.add(request.user_id, name=name, audience=audience, **about)
    outcomes = await request.services.setup.build_room(builder_of(request), room.place)
    await request.services.room_posting.settle(room.id, is_urgent=True)
    await request.reply(made_card(request.words, desk_room(request, room.id), outcomes))


async def change_room(request: Request, room_id: str, changes: dict[str, Any]) -> None:
    """Change a room, bring its channel along, and say how that went."""
    await request.defer()
    room = await request.services.rooms.edit(request.user_id, room_id, **changes)
    outcomes = await request.services.setup.build_room(builder_of(request), room.place)
    one = desk_room(request, room.id)
    notice = request.words("rooms.staff.changed")
    if one.trouble or any(outcome.is_trouble for outcome in outcomes):
        reason = one.trouble or request.words("rooms.staff.no_channel")
        notice = request.words("rooms.staff.changed_not", reason=reason)
    await request.reply(desk_room_card(request.words, one, is_lead=True, notice=notice))


async def show_room(request: Request, room_id: str) -> None:
    """Show one room with what the presser may do."""
    member = await request.staff()
    one = desk_room(request, room_id)
    await request.update(desk_room_card(request.words, one, is_lead=member.is_lead))


async def show_members(request: Request, room_id: str) -> None:
    """Show who is in a room; those the presser is kept apart from are left out."""
    services = request.services
    room = services.rooms.known(room_id)
    people = []
    for membership in services.room_members.all_of(room.id):
        person = await services.participants.by_id(membership.participant_id)
        if person is None or is_barred(request, person.user_id):
            continue
        people.append(Insider(membership=membership, user_id=person.user_id, code=person.code))
    await request.update(members_card(request.words, room, people, request.zone))


async def let_in(request: Request, room_id: str, user_id: int) -> None:
    """Keep a place in a room for a person.

    Raises:
        UserError: They are no participant, or the room can't take them.
    """
    room = request.services.rooms.known(room_id)
    person = await request.services.participants.find(user_id)
    if person is None or not person.is_active or is_barred(request, user_id):
        raise UserError("rooms.staff.not_joined")
    await request.defer()
    await request.services.room_members.invite(room.id, person, request.user_id)
    said = request.words(
        "rooms.staff.let_in", person=f"<@{user_id}>", room=room_name(request.words, room)
    )
    await request.reply(Card(body=said))


def is_barred(request: Request, user_id: int) -> bool:
    """Tell whether the presser must learn nothing of a person."""
    return request.user_id in request.services.duty.excluded([user_id])


async def show_rooms(request: Request) -> None:
    """List the rooms."""
    member = await request.staff()
    rooms = [desk_room(request, room.id) for room in request.services.rooms.all()]
    await request.update(desk_card(request.words, rooms, is_lead=member.is_lead))
