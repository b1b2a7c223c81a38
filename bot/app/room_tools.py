"""Builds what the team and the people in rooms do besides talking there."""

from dataclasses import dataclass

from bot.app.rooms import RoomGroup
from bot.app.stores import Stores
from bot.clock import Clock
from bot.content import Content
from bot.domain.participant import Participant
from bot.domain.room_life import Series
from bot.services.audit import AccessLog, AuditService
from bot.services.buddies import BuddyService
from bot.services.case_desk import CaseDesk
from bot.services.cases import CaseService
from bot.services.colleague_notes import ColleagueNotes
from bot.services.concerns import ConcernService
from bot.services.container import Services
from bot.services.duty import DutyService
from bot.services.keep_apart import KeepApartService
from bot.services.moderation import ModerationService
from bot.services.participants import ParticipantService
from bot.services.questions import QuestionService
from bot.services.room_life import RoomLife
from bot.services.room_ports import Partners, Screen
from bot.services.staff import StaffService
from bot.store.database import SqliteDatabase


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomTools:
    """Moderation, notes to colleagues, questions, buddies, and what is posted by itself."""

    moderation: ModerationService
    colleague_notes: ColleagueNotes
    questions: QuestionService
    buddies: BuddyService
    room_life: RoomLife
    concerns: ConcernService


def build_room_tools(
    stores: Stores,
    database: SqliteDatabase,
    content: Content,
    clock: Clock,
    *,
    rooms: RoomGroup,
    participants: ParticipantService,
    staff: StaffService,
    duty: DutyService,
    keep_apart: KeepApartService,
    partners: Partners,
    cases: CaseService,
    desk: CaseDesk,
    access: AccessLog,
    audit: AuditService,
    screen: Screen | None = None,
) -> RoomTools:
    """Build them on their stores.

    Args:
        screen: Looks for danger words in questions.
    """
    topics = content.texts(None).topics
    moderation = ModerationService(
        store=stores.moderation,
        rooms=rooms.rooms,
        members=rooms.members,
        posting=rooms.posting,
        participants=participants,
        staff=staff,
        outbox=stores.outbox,
        audit=audit,
        database=database,
        clock=clock,
    )
    return RoomTools(
        moderation=moderation,
        colleague_notes=ColleagueNotes(
            store=stores.colleague_notes,
            acts=moderation,
            participants=participants,
            duty=duty,
            access=access,
            audit=audit,
            database=database,
            clock=clock,
        ),
        questions=QuestionService(
            store=stores.questions,
            requests=cases,
            screen=screen,
            duty=duty,
            outbox=stores.outbox,
            audit=audit,
            database=database,
            clock=clock,
        ),
        buddies=BuddyService(
            store=stores.buddies,
            partners=partners,
            keep_apart=keep_apart,
            duty=duty,
            outbox=stores.outbox,
            audit=audit,
            database=database,
            clock=clock,
        ),
        concerns=ConcernService(
            concerns=stores.concerns,
            cases=stores.cases,
            desk=desk,
            audit=audit,
            database=database,
            clock=clock,
        ),
        room_life=RoomLife(
            schedules=stores.schedules,
            outbox=stores.outbox,
            rooms=rooms.rooms,
            doors=rooms.posting,
            members=rooms.members,
            topics={Series.WEEKLY: topics.weekly, Series.EVENING: topics.evening},
            database=database,
            clock=clock,
        ),
    )


def keep_room_tools_right(services: Services) -> None:
    """Let what is posted follow the rooms, and buddies end with who leaves."""

    async def duty_changed() -> None:
        for room in services.rooms.all():
            await services.room_life.room_changed(room)

    async def left(participant: Participant) -> None:
        await services.buddies.left(participant.id)

    services.rooms.on_change(services.room_life.room_changed)
    services.duty.on_change(duty_changed)
    services.membership.on_left(left)
