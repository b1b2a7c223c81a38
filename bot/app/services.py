"""Builds every use case."""

from collections.abc import Callable

from bot.app.care import build_care
from bot.app.clocks import build_clocks
from bot.app.couples import build_couples
from bot.app.retention import build_retention
from bot.app.room_tools import build_room_tools
from bot.app.rooms import build_rooms
from bot.app.rota import build_rota
from bot.app.stores import Stores, stores_that
from bot.app.team_work import build_team_work
from bot.app.waking import wake
from bot.app.watch import build_watch
from bot.clock import Clock
from bot.config import Settings
from bot.content import Content
from bot.outside import reach_of
from bot.services.audit import AccessLog, AuditService
from bot.services.cases import CaseService
from bot.services.checkin_group import build_checkins
from bot.services.clearing import ClearingService
from bot.services.consents import ConsentService
from bot.services.container import Services
from bot.services.crisis import CrisisService
from bot.services.drafts import DraftService
from bot.services.erasure import ErasureService
from bot.services.goal_group import build_goals
from bot.services.joining import JoiningService
from bot.services.keep_apart import KeepApartService
from bot.services.lookout import Engine, Lookout
from bot.services.membership import MembershipService
from bot.services.notes import NoteService
from bot.services.own_data import OwnDataService
from bot.services.pages import Pages
from bot.services.participants import ParticipantService
from bot.services.places import Places
from bot.services.private_word import PrivateWordService
from bot.services.profiles import Profiles
from bot.services.programme import ProgrammeService
from bot.services.progress import ProgressService
from bot.services.prompt_sets import DAILY, EXTRA
from bot.services.readiness import ReadinessService
from bot.services.renewals import RenewalService
from bot.services.settings import SettingsService
from bot.services.setup import SetupService
from bot.services.staff import StaffService
from bot.services.team import TeamService
from bot.services.trials import TrialService
from bot.store.database import SqliteDatabase
from bot.text import Catalog


async def build_services(
    stores: Stores,
    database: SqliteDatabase,
    content: Content,
    clock: Clock,
    audit: AuditService,
    *,
    mac: Callable[[str], bytes],
    catalog: Catalog,
    settings: Settings,
    erasure: ErasureService,
    screen: Engine,
) -> Services:
    """Build the services on their stores, and read what they keep in memory.

    Args:
        mac: Makes a keyed hash of a text, for what must be found again but not read.
        erasure: Forgets people, also on a database that is not live.
        screen: Looks for danger words.
    """
    lookout = Lookout(screen)
    profiles = Profiles(stores.participants)
    participants = ParticipantService(stores.participants, profiles, clock)
    consents = ConsentService(stores.consents, content.texts(None).consents, clock)
    staff = StaffService(stores.staff)
    programme = ProgrammeService(stores.programme)
    places = Places(stores.places)
    shifts = build_rota(
        stores, database, clock, staff=staff, participants=participants, audit=audit
    )
    rota, duty = shifts.rota, shifts.duty
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
    clocks = build_clocks(
        stores,
        database,
        clock,
        settings=settings,
        programme=programme,
        duty=duty,
        pages=pages,
        audit=audit,
    )
    cases = CaseService(
        cases=stores.cases,
        concerns=stores.concerns,
        database=database,
        participants=participants,
        duty=duty,
        clocks=clocks,
        audit=audit,
        clock=clock,
        screen=lookout,
    )
    care = build_care(
        stores,
        database,
        clock,
        participants=participants,
        staff=staff,
        duty=duty,
        pages=pages,
        clocks=clocks,
        audit=audit,
        access=access,
        excerpts=stores.hits,
    )
    work = build_team_work(
        stores,
        database,
        clock,
        programme=programme,
        team=team,
        staff=staff,
        duty=duty,
        rota=rota,
        clocks=clocks,
        audit=audit,
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
    goals = build_goals(
        store=stores.goals,
        count_store=stores.day_counts,
        aways=stores.aways,
        database=database,
        schedules=stores.schedules,
        outbox=stores.outbox,
        consents=consents,
        profiles=profiles,
        clock=clock,
    )
    keep_apart = KeepApartService(stores.keep_apart, database=database, audit=audit, clock=clock)
    together = build_couples(
        stores,
        database,
        clock,
        content=content,
        participants=participants,
        profiles=profiles,
        consents=consents,
        keep_apart=keep_apart,
        programme=programme,
        staff=staff,
        duty=duty,
        cases=cases,
        audit=audit,
        draw=mac,
    )
    couples = together.group
    rooms = build_rooms(
        stores,
        database,
        clock,
        places=places,
        profiles=profiles,
        participants=participants,
        consents=consents,
        duty=duty,
        keep_apart=keep_apart,
        partners=couples.pairs,
        cases=cases,
        audit=audit,
        screen=lookout,
    )
    watching = build_watch(
        stores,
        database,
        clock,
        lookout=lookout,
        rooms=rooms.rooms,
        participants=participants,
        staff=staff,
        duty=duty,
        cases=cases,
        desk=care.desk,
        audit=audit,
        places=places,
        settings=settings,
    )
    tools = build_room_tools(
        stores,
        database,
        content,
        clock,
        rooms=rooms,
        participants=participants,
        staff=staff,
        duty=duty,
        keep_apart=keep_apart,
        partners=couples.pairs,
        cases=cases,
        desk=care.desk,
        access=access,
        audit=audit,
        screen=lookout,
    )
    services = Services(
        profiles=profiles,
        participants=participants,
        consents=consents,
        renewals=RenewalService(
            stores.consents, content.texts(None).consents, stores.outbox, clock
        ),
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
        progress=ProgressService(
            checkins=checkins.checkins,
            goals=goals.marks,
            schedules=stores.schedules,
            outbox=stores.outbox,
            database=database,
            clock=clock,
        ),
        signals=checkins.signals,
        goals=goals,
        away=checkins.away,
        staff=staff,
        programme=programme,
        drafts=DraftService(stores.drafts, clock),
        places=places,
        rooms=rooms.rooms,
        room_members=rooms.members,
        room_posting=rooms.posting,
        left_notes=rooms.notes,
        moderation=tools.moderation,
        colleague_notes=tools.colleague_notes,
        questions=tools.questions,
        buddies=tools.buddies,
        room_life=tools.room_life,
        concerns=tools.concerns,
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
            calls_out=bool(reach_of(settings).channels),
            watching=watching.automod.findings,
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
            only_guild=settings.guild_id,
            rooms=rooms.posting.looks,
            has_alerts=lambda: watching.automod.is_on,
        ),
        notes=NoteService(stores.outbox, participants),
        duty=duty,
        board=work.board,
        departures=work.departures,
        rehearsals=work.rehearsals,
        rota=rota,
        rota_watch=shifts.watch,
        swaps=shifts.swaps,
        handovers=shifts.handovers,
        reports=work.reports,
        cases=cases,
        case_clocks=clocks,
        case_desk=care.desk,
        case_handover=care.handover,
        case_closing=care.closing,
        case_circle=care.circle,
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
        erasure=erasure,
        own_data=OwnDataService(
            exporters=stores_that("export", stores),
            safety=stores_that("export_safety", stores),
            openings=stores.access,
            access=access,
            cases=cases,
            erasure=erasure,
            clock=clock,
        ),
        clearing=ClearingService(stores.outbox, clock),
        private_word=PrivateWordService(
            store=stores.private_words,
            participants=participants,
            outbox=stores.outbox,
            duty=duty,
            audit=audit,
            transactor=database,
            clock=clock,
        ),
        watch=watching.watch,
        watch_desk=watching.desk,
        watch_health=watching.health,
        automod=watching.automod,
        retention=build_retention(stores, erasure, settings, clock),
        keep_apart=keep_apart,
        pairs=couples.pairs,
        pair_life=couples.life,
        pair_invites=couples.invites,
        pair_desk=couples.desk,
        openings=couples.openings,
        offers=couples.offers,
        pauses=couples.pauses,
        alone=together.alone,
        rituals=together.everyday.rituals,
        thanks=together.everyday.thanks,
        hard_days=together.everyday.hard_days,
        noticed=together.everyday.noticed,
        plans=together.plans.plans,
        agreements=together.plans.agreements,
        guard=together.guard,
    )
    await wake(services)
    return services
