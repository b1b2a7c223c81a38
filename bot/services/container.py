"""All use cases in one place."""

from dataclasses import dataclass

from bot.services.agreements import AgreementService
from bot.services.alone_group import AloneGroup
from bot.services.audit import AccessLog, AuditService
from bot.services.automod import AutomodService
from bot.services.away import AwayService
from bot.services.board import Board
from bot.services.buddies import BuddyService
from bot.services.case_circle import CaseCircle
from bot.services.case_clocks import CaseClocks
from bot.services.case_closing import CaseClosing
from bot.services.case_desk import CaseDesk
from bot.services.case_handover import CaseHandover
from bot.services.cases import CaseService
from bot.services.checkin_prompts import CheckInPrompts
from bot.services.checkins import CheckInService
from bot.services.clearing import ClearingService
from bot.services.colleague_notes import ColleagueNotes
from bot.services.concerns import ConcernService
from bot.services.consents import ConsentService
from bot.services.crisis import CrisisService
from bot.services.departures import DepartureService
from bot.services.drafts import DraftService
from bot.services.duty import DutyService
from bot.services.erasure import ErasureService
from bot.services.goal_group import GoalGroup
from bot.services.guard import GuardService
from bot.services.handovers import HandoverService
from bot.services.hard_days import HardDayService
from bot.services.joining import JoiningService
from bot.services.keep_apart import KeepApartService
from bot.services.left_notes import LeftNotes
from bot.services.membership import MembershipService
from bot.services.moderation import ModerationService
from bot.services.notes import NoteService
from bot.services.noticed import NoticedService
from bot.services.offers import OfferService
from bot.services.openings import OpeningService
from bot.services.own_data import OwnDataService
from bot.services.pair_desk import PairDesk
from bot.services.pair_invites import PairInvites
from bot.services.pair_life import PairLife
from bot.services.pairs import PairService
from bot.services.participants import ParticipantService
from bot.services.pauses import PauseService
from bot.services.places import Places
from bot.services.plans import PlanService
from bot.services.private_word import PrivateWordService
from bot.services.profiles import Profiles
from bot.services.programme import ProgrammeService
from bot.services.progress import ProgressService
from bot.services.prompt_sets import PromptSetService
from bot.services.questions import QuestionService
from bot.services.readiness import ReadinessService
from bot.services.rehearsals import RehearsalService
from bot.services.renewals import RenewalService
from bot.services.reports import ReportService
from bot.services.retention import RetentionService
from bot.services.rituals import RitualService
from bot.services.room_life import RoomLife
from bot.services.room_members import RoomMembers
from bot.services.room_posting import RoomPosting
from bot.services.rooms import RoomService
from bot.services.rota import RotaService
from bot.services.rota_watch import RotaWatch
from bot.services.settings import SettingsService
from bot.services.setup import SetupService
from bot.services.signals import SignalService
from bot.services.staff import StaffService
from bot.services.swaps import SwapService
from bot.services.team import TeamService
from bot.services.thanks import ThanksService
from bot.services.trials import TrialService
from bot.services.watch import WatchService
from bot.services.watch_desk import WatchDesk
from bot.services.watch_health import WatchHealth


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """What cogs and cards may call; built by `bot.app` alone."""

    profiles: Profiles
    participants: ParticipantService
    consents: ConsentService
    renewals: RenewalService
    joining: JoiningService
    trials: TrialService
    membership: MembershipService
    settings: SettingsService
    checkins: CheckInService
    checkin_prompts: CheckInPrompts
    prompt_sets: PromptSetService
    progress: ProgressService
    signals: SignalService
    goals: GoalGroup
    away: AwayService
    staff: StaffService
    programme: ProgrammeService
    drafts: DraftService
    places: Places
    rooms: RoomService
    moderation: ModerationService
    colleague_notes: ColleagueNotes
    questions: QuestionService
    buddies: BuddyService
    room_life: RoomLife
    concerns: ConcernService
    room_members: RoomMembers
    room_posting: RoomPosting
    left_notes: LeftNotes
    notes: NoteService
    duty: DutyService
    rota: RotaService
    rota_watch: RotaWatch
    swaps: SwapService
    handovers: HandoverService
    setup: SetupService
    team: TeamService
    readiness: ReadinessService
    board: Board
    reports: ReportService
    departures: DepartureService
    rehearsals: RehearsalService
    cases: CaseService
    case_clocks: CaseClocks
    case_desk: CaseDesk
    case_handover: CaseHandover
    case_closing: CaseClosing
    case_circle: CaseCircle
    crisis: CrisisService
    audit: AuditService
    access: AccessLog
    erasure: ErasureService
    own_data: OwnDataService
    clearing: ClearingService
    private_word: PrivateWordService
    retention: RetentionService
    watch: WatchService
    watch_desk: WatchDesk
    watch_health: WatchHealth
    automod: AutomodService
    keep_apart: KeepApartService
    pairs: PairService
    pair_life: PairLife
    pair_invites: PairInvites
    pair_desk: PairDesk
    openings: OpeningService
    offers: OfferService
    pauses: PauseService
    alone: AloneGroup
    rituals: RitualService
    thanks: ThanksService
    hard_days: HardDayService
    noticed: NoticedService
    plans: PlanService
    agreements: AgreementService
    guard: GuardService
