"""Builds what watches over what people write."""

from dataclasses import dataclass

from bot.app.stores import Stores
from bot.clock import Clock
from bot.config import DATA, Settings
from bot.content.automod import load_phrases
from bot.domain.watch import Where
from bot.services.audit import AuditService
from bot.services.automod import AutomodService
from bot.services.case_desk import CaseDesk
from bot.services.cases import CaseService
from bot.services.container import Services
from bot.services.duty import DutyService
from bot.services.lookout import Lookout
from bot.services.offers import unpacked
from bot.services.participants import ParticipantService
from bot.services.places import Places
from bot.services.rooms import RoomService
from bot.services.staff import StaffService
from bot.services.watch import WatchService
from bot.services.watch_desk import WatchDesk
from bot.services.watch_health import WatchHealth
from bot.store.database import SqliteDatabase


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchGroup:
    """The services of watching."""

    watch: WatchService
    desk: WatchDesk
    health: WatchHealth
    automod: AutomodService


def build_watch(
    stores: Stores,
    database: SqliteDatabase,
    clock: Clock,
    *,
    lookout: Lookout,
    rooms: RoomService,
    participants: ParticipantService,
    staff: StaffService,
    duty: DutyService,
    cases: CaseService,
    desk: CaseDesk,
    audit: AuditService,
    places: Places,
    settings: Settings,
) -> WatchGroup:
    """Build them on their stores."""
    watch = WatchService(
        store=stores.hits,
        lookout=lookout,
        requests=cases,
        rooms=rooms,
        staff=staff,
        participants=participants,
        duty=duty,
        outbox=stores.outbox,
        database=database,
        clock=clock,
        keeps_excerpts=settings.keep_excerpts,
    )
    health = WatchHealth(store=stores.hits, watch=watch, outbox=stores.outbox, clock=clock)
    return WatchGroup(
        watch=watch,
        desk=WatchDesk(
            store=stores.hits,
            watch=watch,
            cases=desk,
            duty=duty,
            outbox=stores.outbox,
            audit=audit,
            clock=clock,
        ),
        health=health,
        automod=AutomodService(
            store=stores.hits,
            phrases=load_phrases(DATA),
            watch=watch,
            health=health,
            places=places,
            outbox=stores.outbox,
            audit=audit,
            clock=clock,
            reads=settings.screen_messages,
        ),
    )


def keep_watch_right(services: Services) -> None:
    """Screen what is given to the bot, and count what the team says of it."""

    def noted(user_id: int, text: str) -> None:
        services.watch.text(user_id, Where.CHECKIN, text)

    def written(user_id: int, text: str) -> None:
        # Several fields are kept as one list.
        parts = unpacked(text) if text.startswith("[") else [text]
        services.watch.text(user_id, Where.TOGETHER, "\n".join(parts))

    def is_unscreened() -> bool:
        return services.automod.reads and services.watch_health.is_down

    services.checkins.noted.append(noted)
    services.room_posting.watch_by(is_unscreened)
    services.watch_health.on_change(services.room_posting.look_again)
    services.openings.on_written(written)
    services.reports.count_marks(services.watch_desk)
    services.duty.on_change(services.watch_desk.look_again)
