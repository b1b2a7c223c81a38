"""The composition root: builds the object graph and takes it down again."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, fields

from bot.client import Bot
from bot.clock import Clock, system_clock
from bot.config import DATA, Settings
from bot.content import Content, load_content
from bot.domain.delivery import Kinds
from bot.domain.joining import JOIN_TEST
from bot.gateway import DiscordGateway, PersonalThreads
from bot.scheduling.dispatcher import Dispatcher
from bot.scheduling.pacer import Pacer
from bot.scheduling.planner import Planner
from bot.scheduling.scheduler import Scheduler
from bot.services.alerts import ALERT, Alerts
from bot.services.audit import AccessLog, AuditService
from bot.services.case_desk import CaseDesk
from bot.services.cases import CaseService
from bot.services.checkin_group import build_checkins
from bot.services.checkin_prompts import PROMPT
from bot.services.consents import ConsentService
from bot.services.container import Services
from bot.services.crisis import CHECK_BACK, CrisisService
from bot.services.drafts import DraftService
from bot.services.duty import DutyService
from bot.services.erasure import ErasureService, PersonalStore
from bot.services.joining import JoiningService
from bot.services.membership import MembershipService
from bot.services.notes import NoteService
from bot.services.pages import CARE_KINDS, URGENT, Pages
from bot.services.participants import ParticipantService
from bot.services.people import UNREACHABLE, People
from bot.services.places import Places
from bot.services.profiles import Profiles
from bot.services.programme import ProgrammeService
from bot.services.prompt_sets import DAILY, EXTRA
from bot.services.readiness import KEY_ASKED, ReadinessService
from bot.services.settings import SettingsService
from bot.services.setup import PART_GONE, ROLES_CORRECTED, SetupService
from bot.services.signals import NUDGE
from bot.services.staff import StaffService
from bot.services.team import TeamService
from bot.services.trials import TrialService
from bot.store.access import AccessStore
from bot.store.audit import AuditStore, HeadFile
from bot.store.aways import AwayStore
from bot.store.bell import Bell
from bot.store.cases import CaseStore
from bot.store.checkins import CheckInStore
from bot.store.concerns import ConcernStore
from bot.store.consents import ConsentStore
from bot.store.database import SqliteDatabase, open_database
from bot.store.deletions import DeletionList
from bot.store.deliveries import DeliveryStore
from bot.store.drafts import DraftStore
from bot.store.duty import DutyStore
from bot.store.join_codes import JoinCodeStore
from bot.store.joining import JoiningStore
from bot.store.lock import hold_directory
from bot.store.migrate import load_migrations, migrate
from bot.store.outbox import OutboxStore
from bot.store.participants import ParticipantStore
from bot.store.places import PlaceStore
from bot.store.programme import ProgrammeStore
from bot.store.prompt_sets import PromptSetStore
from bot.store.schedules import ScheduleStore
from bot.store.setup import SetupStore
from bot.store.signals import SignalStore
from bot.store.staff import StaffStore
from bot.store.trials import TrialStore
from bot.store.vault import Vault, load_host_key
from bot.text import Catalog
from bot.ui.notices import CardRenderer

log = logging.getLogger(__name__)

KINDS = Kinds(
    [
        *CARE_KINDS,
        ALERT,
        UNREACHABLE,
        CHECK_BACK,
        JOIN_TEST,
        PART_GONE,
        ROLES_CORRECTED,
        KEY_ASKED,
        PROMPT,
        NUDGE,
    ]
)
"""Every kind of proactive message; a new feature adds its own here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stores:
    """One store per aggregate; those with personal rows export and forget."""

    participants: ParticipantStore
    consents: ConsentStore
    join_codes: JoinCodeStore
    joining: JoiningStore
    trials: TrialStore
    drafts: DraftStore
    staff: StaffStore
    programme: ProgrammeStore
    places: PlaceStore
    schedules: ScheduleStore
    outbox: OutboxStore
    aways: AwayStore
    checkins: CheckInStore
    signals: SignalStore
    prompt_sets: PromptSetStore
    cases: CaseStore
    concerns: ConcernStore
    duty: DutyStore
    setup: SetupStore
    audit: AuditStore
    access: AccessStore


@dataclass(frozen=True, kw_only=True, slots=True)
class App:
    """A built bot, ready to be started or simulated."""

    settings: Settings
    bot: Bot
    services: Services
    stores: Stores
    database: SqliteDatabase
    vault: Vault
    clock: Clock
    scheduler: Scheduler

    async def run_due(self) -> None:
        """Plan, sweep and send whatever is due by the clock."""
        await self.scheduler.run_due()


@asynccontextmanager
async def open_app(settings: Settings, *, clock: Clock = system_clock) -> AsyncIterator[App]:
    """Build settings -> database -> stores -> services -> bot, and close them in reverse.

    Raises:
        StartError: Something the bot needs is missing or broken; the text says what to do.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(hold_directory(settings.data_dir))
        catalog = Catalog.load(DATA / "locales")
        content = load_content(DATA, settings.crisis_file)
        database = await stack.enter_async_context(open_database(settings.database_file))
        await migrate(database, load_migrations())
        vault = await stack.enter_async_context(open_vault(settings))
        bell = Bell()
        stores = build_stores(database, vault, bell)
        audit = AuditService(stores.audit, HeadFile(settings.audit_head_file), database, clock)
        stack.push_async_callback(audit.close)
        services = await _services(
            stores,
            database,
            content,
            clock,
            audit,
            mac=vault.mac,
            catalog=catalog,
            only_guild=settings.guild_id,
        )
        bot = Bot(
            catalog=catalog,
            content=content,
            services=services,
            clock=clock,
            sync_marker=settings.data_dir / "commands.sha256",
        )
        stack.push_async_callback(bot.close)
        bot.threads = PersonalThreads(bot, services, catalog)
        scheduler = _scheduler(bot, stores, database, bell, clock)
        yield App(
            settings=settings,
            bot=bot,
            services=services,
            stores=stores,
            database=database,
            vault=vault,
            clock=clock,
            scheduler=scheduler,
        )


@asynccontextmanager
async def open_vault(settings: Settings) -> AsyncIterator[Vault]:
    """Open the file of wrapped keys with the host key.

    Raises:
        StartError: The host key is lost or does not fit.
    """
    key = load_host_key(
        settings.host_key_given, settings.host_key_file, keys_exist=settings.keys_file.exists()
    )
    async with open_database(settings.keys_file) as keys:
        vault = Vault(keys, key)
        await vault.prepare()
        yield vault


def build_stores(database: SqliteDatabase, vault: Vault, bell: Bell | None = None) -> Stores:
    """Build every store on a database.

    Args:
        bell: Rung when there may be something new to plan or send.
    """
    return Stores(
        participants=ParticipantStore(database),
        consents=ConsentStore(database),
        join_codes=JoinCodeStore(database),
        joining=JoiningStore(database),
        trials=TrialStore(database),
        drafts=DraftStore(database, vault),
        staff=StaffStore(database),
        programme=ProgrammeStore(database),
        places=PlaceStore(database),
        schedules=ScheduleStore(database, bell),
        outbox=OutboxStore(database, bell),
        aways=AwayStore(database),
        checkins=CheckInStore(database, vault),
        signals=SignalStore(database),
        prompt_sets=PromptSetStore(database),
        cases=CaseStore(database, vault),
        concerns=ConcernStore(database, vault),
        duty=DutyStore(database),
        setup=SetupStore(database),
        audit=AuditStore(database),
        access=AccessStore(database, vault),
    )


def build_erasure(
    settings: Settings, stores: Stores, database: SqliteDatabase, vault: Vault
) -> ErasureService:
    """Build the one that forgets people, on every store with personal rows."""
    personal: list[PersonalStore] = [
        store for field in fields(stores) if hasattr(store := getattr(stores, field.name), "forget")
    ]
    # The participants' own rows go last: other stores find a person's rows through them.
    personal.reverse()
    deletions = DeletionList(settings.data_dir, settings.keys_dir)
    return ErasureService(personal, database, vault, deletions)


async def _services(
    stores: Stores,
    database: SqliteDatabase,
    content: Content,
    clock: Clock,
    audit: AuditService,
    *,
    mac: Callable[[str], bytes],
    catalog: Catalog,
    only_guild: int | None,
) -> Services:
    profiles = Profiles(stores.participants)
    participants = ParticipantService(stores.participants, profiles, clock)
    consents = ConsentService(stores.consents, content.texts(None).consents, clock)
    staff = StaffService(stores.staff)
    programme = ProgrammeService(stores.programme)
    places = Places(stores.places)
    duty = DutyService(stores.duty, staff, clock)
    team = TeamService(
        store=stores.staff,
        staff=staff,
        places=places,
        profiles=profiles,
        in_rooms=consents.in_rooms,
        audit=audit,
        transactor=database,
        clock=clock,
    )
    pages = Pages(stores.outbox, clock)
    access = AccessLog(stores.access, audit, clock)
    cases = CaseService(
        cases=stores.cases,
        concerns=stores.concerns,
        database=database,
        participants=participants,
        duty=duty,
        pages=pages,
        audit=audit,
        clock=clock,
    )
    checkins = build_checkins(
        store=stores.checkins,
        aways=stores.aways,
        signal_store=stores.signals,
        set_store=stores.prompt_sets,
        database=database,
        schedules=stores.schedules,
        outbox=stores.outbox,
        participants=participants,
        consents=consents,
        cases=cases,
        shipped={code: one.prompt_sets[DAILY] for code, one in content.languages.items()},
        extra={code: one.prompt_sets[EXTRA] for code, one in content.languages.items()},
        clock=clock,
    )
    services = Services(
        profiles=profiles,
        participants=participants,
        consents=consents,
        joining=JoiningService(
            codes=stores.join_codes,
            store=stores.joining,
            people=stores.participants,
            participants=participants,
            profiles=profiles,
            programme=programme,
            audit=audit,
            mac=mac,
            transactor=database,
            clock=clock,
        ),
        trials=TrialService(stores.trials, stores.outbox, participants, database, clock),
        membership=MembershipService(
            store=stores.participants,
            participants=participants,
            profiles=profiles,
            schedules=stores.schedules,
            outbox=stores.outbox,
            audit=audit,
            transactor=database,
            clock=clock,
        ),
        settings=SettingsService(participants, consents),
        checkins=checkins.checkins,
        checkin_prompts=checkins.prompts,
        prompt_sets=checkins.sets,
        signals=checkins.signals,
        away=checkins.away,
        staff=staff,
        programme=programme,
        drafts=DraftService(stores.drafts, clock),
        places=places,
        team=team,
        readiness=ReadinessService(
            store=stores.setup,
            programme=programme,
            staff=staff,
            duty=duty,
            directory=content.crisis,
            outbox=stores.outbox,
            audit=audit,
            clock=clock,
        ),
        setup=SetupService(
            store=stores.setup,
            places=places,
            programme=programme,
            staff=staff,
            team=team,
            outbox=stores.outbox,
            audit=audit,
            catalog=catalog,
            clock=clock,
            only_guild=only_guild,
        ),
        notes=NoteService(stores.outbox, participants),
        duty=duty,
        cases=cases,
        case_desk=CaseDesk(
            cases=stores.cases,
            concerns=stores.concerns,
            database=database,
            participants=participants,
            duty=duty,
            pages=pages,
            audit=audit,
            access=access,
            clock=clock,
        ),
        crisis=CrisisService(
            profiles=profiles,
            programme=programme,
            participants=participants,
            outbox=stores.outbox,
            requests=cases,
            duty=duty,
            clock=clock,
        ),
        audit=audit,
        access=access,
    )
    await profiles.load()
    await consents.load()
    await staff.load()
    await programme.load()
    await services.places.load()
    await duty.load()
    await checkins.sets.load()
    services.settings.on_change(checkins.prompts.reschedule)
    services.joining.on_joined(checkins.prompts.reschedule)
    services.membership.on_left(checkins.prompts.pause)
    services.membership.on_returned(checkins.prompts.resume)
    return services


def _scheduler(
    bot: Bot, stores: Stores, database: SqliteDatabase, bell: Bell, clock: Clock
) -> Scheduler:
    services = bot.services
    people = People(stores.participants, stores.aways, stores.outbox, services.profiles, clock)
    alerts = Alerts(stores.outbox, URGENT, clock)
    planner = Planner(
        database=database,
        schedules=stores.schedules,
        outbox=stores.outbox,
        kinds=KINDS,
        handlers={PROMPT.name: services.checkin_prompts},
        people=people,
    )
    dispatcher = Dispatcher(
        database=database,
        deliveries=DeliveryStore(database),
        kinds=KINDS,
        gateway=DiscordGateway(bot, services, bot.threads),
        renderer=CardRenderer(bot.router, bot.catalog, services.profiles),
        people=people,
        escalation=alerts,
        alerts=alerts,
        listeners={PROMPT.name: services.checkin_prompts},
        clock=clock,
        pacer=Pacer(time.monotonic),
    )
    return Scheduler(
        planner=planner,
        dispatcher=dispatcher,
        schedules=stores.schedules,
        bell=bell,
        clock=clock,
        sweeps=[
            services.drafts.sweep,
            services.audit.sweep,
            services.joining.sweep,
            services.checkin_prompts.sweep,
            services.signals.sweep,
        ],
    )
