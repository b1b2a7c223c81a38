"""Builds the rooms, and what they follow."""

from dataclasses import dataclass

from bot.app.stores import Stores
from bot.clock import Clock
from bot.domain.ids import ParticipantId, RoomId
from bot.domain.participant import Participant
from bot.services.audit import AuditService
from bot.services.cases import CaseService
from bot.services.consents import ConsentService
from bot.services.container import Services
from bot.services.duty import DutyService
from bot.services.keep_apart import KeepApartService
from bot.services.left_notes import LeftNotes
from bot.services.participants import ParticipantService
from bot.services.places import Places
from bot.services.profiles import Profiles
from bot.services.room_members import DOOR, RoomMembers
from bot.services.room_ports import Partners, Screen
from bot.services.room_posting import RoomPosting
from bot.services.rooms import RoomService
from bot.store.database import SqliteDatabase


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomGroup:
    """The services of the rooms."""

    rooms: RoomService
    members: RoomMembers
    posting: RoomPosting
    notes: LeftNotes


def build_rooms(
    stores: Stores,
    database: SqliteDatabase,
    clock: Clock,
    *,
    places: Places,
    profiles: Profiles,
    participants: ParticipantService,
    consents: ConsentService,
    duty: DutyService,
    keep_apart: KeepApartService,
    partners: Partners,
    cases: CaseService,
    audit: AuditService,
    screen: Screen | None = None,
) -> RoomGroup:
    """Build them on their stores.

    Args:
        screen: Looks for danger words in the notes people leave.
    """
    rooms = RoomService(stores.rooms, places, database=database, audit=audit, clock=clock)
    members = RoomMembers(
        store=stores.room_members,
        rooms=rooms,
        profiles=profiles,
        consents=consents,
        partners=partners,
        keep_apart=keep_apart,
        duty=duty,
        outbox=stores.outbox,
        audit=audit,
        database=database,
        clock=clock,
    )
    posting = RoomPosting(
        store=stores.room_states,
        rooms=rooms,
        members=members,
        places=places,
        duty=duty,
        outbox=stores.outbox,
        clock=clock,
    )
    notes = LeftNotes(
        store=stores.left_notes,
        requests=cases,
        participants=participants,
        duty=duty,
        screen=screen,
        clock=clock,
    )
    return RoomGroup(rooms=rooms, members=members, posting=posting, notes=notes)


def keep_rooms_right(services: Services) -> None:
    """Let the rooms follow the rota, the doors, what people agreed to and who is kept apart."""
    members, posting = services.room_members, services.room_posting

    async def moved(room_id: RoomId) -> None:
        await posting.settle(room_id, is_urgent=True)

    async def parted(stays: int, makes_way: int) -> None:
        await members.part(stays, makes_way, stays=stays)

    async def came_or_went(_: Participant) -> None:
        await posting.look_again()

    async def forgotten(participant_id: ParticipantId) -> None:
        await services.keep_apart.load()
        await members.forgotten(participant_id)

    services.duty.on_change(posting.look_again)
    services.duty.on_change(services.left_notes.pass_on)
    services.rooms.on_change(posting.room_changed)
    members.on_moved(moved)
    services.keep_apart.on_apart(parted)
    services.pair_life.on_opened(members.part)
    for kind in DOOR:
        services.consents.on_change(kind, members.consent_changed)
    services.membership.on_left(came_or_went)
    services.membership.on_returned(came_or_went)
    services.erasure.on_forgotten(forgotten)
