"""Builds every store."""

from dataclasses import dataclass, fields
from typing import Any

from bot.config import Settings
from bot.services.audit import AuditService
from bot.services.erasure import ErasureService, PersonalStore
from bot.store.access import AccessStore
from bot.store.agreements import AgreementStore
from bot.store.audit import AuditStore
from bot.store.aways import AwayStore
from bot.store.bell import Bell
from bot.store.buddies import BuddyStore
from bot.store.case_clocks import CaseClockStore
from bot.store.case_work import CaseWorkStore
from bot.store.cases import CaseStore
from bot.store.checkins import CheckInStore
from bot.store.colleague_notes import ColleagueNoteStore
from bot.store.concerns import ConcernStore
from bot.store.consents import ConsentStore
from bot.store.database import SqliteDatabase
from bot.store.day_counts import DayCountStore
from bot.store.deletions import DeletionList
from bot.store.departures import DepartureStore
from bot.store.drafts import DraftStore
from bot.store.duty import DutyStore
from bot.store.goals import GoalStore
from bot.store.handovers import HandoverStore
from bot.store.hard_days import HardDayStore
from bot.store.hits import HitStore
from bot.store.join_codes import JoinCodeStore
from bot.store.joining import JoiningStore
from bot.store.keep_apart import KeepApartStore
from bot.store.left_notes import LeftNoteStore
from bot.store.live_messages import LiveMessageStore
from bot.store.moderation import ModerationStore
from bot.store.noticed import NoticedStore
from bot.store.offers import OfferStore
from bot.store.openings import OpeningStore
from bot.store.outbox import OutboxStore
from bot.store.own_notes import OwnNoteStore
from bot.store.pair_screening import PairScreeningStore
from bot.store.pairs import PairStore
from bot.store.participants import ParticipantStore
from bot.store.pauses import PauseStore
from bot.store.places import PlaceStore
from bot.store.plans import PlanStore
from bot.store.private_words import PrivateWordStore
from bot.store.programme import ProgrammeStore
from bot.store.prompt_sets import PromptSetStore
from bot.store.questions import QuestionStore
from bot.store.rehearsals import RehearsalStore
from bot.store.reports import ReportStore
from bot.store.retention import RetentionStore
from bot.store.rituals import RitualStore
from bot.store.room_members import RoomMemberStore, RoomStateStore
from bot.store.rooms import RoomStore
from bot.store.rota import RotaStore
from bot.store.sayings import SayingStore
from bot.store.schedules import ScheduleStore
from bot.store.setup import SetupStore
from bot.store.signals import SignalStore
from bot.store.staff import StaffStore
from bot.store.swaps import SwapStore
from bot.store.thanks import ThanksStore
from bot.store.trials import TrialStore
from bot.store.turns import TurnStore
from bot.store.vault import Vault


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
    goals: GoalStore
    day_counts: DayCountStore
    prompt_sets: PromptSetStore
    rooms: RoomStore
    room_members: RoomMemberStore
    room_states: RoomStateStore
    left_notes: LeftNoteStore
    cases: CaseStore
    case_work: CaseWorkStore
    case_clocks: CaseClockStore
    live_messages: LiveMessageStore
    reports: ReportStore
    departures: DepartureStore
    rehearsals: RehearsalStore
    concerns: ConcernStore
    hits: HitStore
    duty: DutyStore
    rota: RotaStore
    swaps: SwapStore
    handovers: HandoverStore
    setup: SetupStore
    audit: AuditStore
    access: AccessStore
    private_words: PrivateWordStore
    retention: RetentionStore
    moderation: ModerationStore
    colleague_notes: ColleagueNoteStore
    questions: QuestionStore
    buddies: BuddyStore
    keep_apart: KeepApartStore
    pairs: PairStore
    openings: OpeningStore
    offers: OfferStore
    pauses: PauseStore
    sayings: SayingStore
    own_notes: OwnNoteStore
    pair_screening: PairScreeningStore
    turns: TurnStore
    rituals: RitualStore
    thanks: ThanksStore
    hard_days: HardDayStore
    noticed: NoticedStore
    plans: PlanStore
    agreements: AgreementStore


def build_stores(
    database: SqliteDatabase,
    vault: Vault,
    bell: Bell | None = None,
    case_bell: Bell | None = None,
) -> Stores:
    """Build every store on a database.

    Args:
        bell: Rung when there may be something new to plan or send.
        case_bell: Rung when a case changed.
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
        goals=GoalStore(database, vault),
        day_counts=DayCountStore(database),
        prompt_sets=PromptSetStore(database),
        rooms=RoomStore(database),
        room_members=RoomMemberStore(database),
        room_states=RoomStateStore(database),
        left_notes=LeftNoteStore(database, vault),
        cases=CaseStore(database, vault, case_bell),
        case_work=CaseWorkStore(database, case_bell),
        case_clocks=CaseClockStore(database, bell, case_bell),
        live_messages=LiveMessageStore(database),
        reports=ReportStore(database),
        departures=DepartureStore(database),
        rehearsals=RehearsalStore(database),
        concerns=ConcernStore(database, vault),
        hits=HitStore(database, vault),
        duty=DutyStore(database),
        rota=RotaStore(database, vault, bell),
        swaps=SwapStore(database),
        handovers=HandoverStore(database, vault),
        setup=SetupStore(database),
        audit=AuditStore(database),
        access=AccessStore(database, vault),
        private_words=PrivateWordStore(database),
        retention=RetentionStore(database),
        moderation=ModerationStore(database, vault),
        colleague_notes=ColleagueNoteStore(database, vault),
        questions=QuestionStore(database, vault),
        buddies=BuddyStore(database),
        keep_apart=KeepApartStore(database, vault),
        pairs=PairStore(database),
        openings=OpeningStore(database, vault),
        offers=OfferStore(database, vault),
        pauses=PauseStore(database),
        sayings=SayingStore(database, vault),
        own_notes=OwnNoteStore(database, vault),
        pair_screening=PairScreeningStore(database),
        turns=TurnStore(database),
        rituals=RitualStore(database, vault),
        thanks=ThanksStore(database, vault),
        hard_days=HardDayStore(database, vault),
        noticed=NoticedStore(database, vault),
        plans=PlanStore(database, vault),
        agreements=AgreementStore(database, vault),
    )


def build_erasure(
    settings: Settings,
    stores: Stores,
    database: SqliteDatabase,
    vault: Vault,
    audit: AuditService | None = None,
) -> ErasureService:
    """Build the one that forgets people, on every store with personal rows.

    Args:
        audit: Takes in who asked for it; without it nothing is written down.
    """
    # The participants' own rows go last: other stores find a person's rows through them.
    personal: list[PersonalStore] = [*reversed(stores_that("forget", stores).values())]
    deletions = DeletionList(settings.data_dir, settings.keys_dir)
    return ErasureService(
        personal,
        database,
        vault,
        deletions,
        people=stores.participants,
        outbox=stores.outbox,
        audit=audit,
    )


def stores_that(can: str, stores: Stores) -> dict[str, Any]:
    """Return every store with a method, by its name; a new store is in here by itself."""
    return {
        field.name: store
        for field in fields(stores)
        if hasattr(store := getattr(stores, field.name), can)
    }
