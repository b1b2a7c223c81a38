"""Builds the planner, the dispatcher and their scheduler."""

from time import monotonic

from bot.apart_threads import ApartThreads
from bot.app.stores import Stores
from bot.app.sweeps import build_jobs, build_sweeps
from bot.builder.boards import DiscordBoards
from bot.builder.rooms import DiscordRooms
from bot.client import Bot
from bot.clock import Clock
from bot.domain.board import BoardName
from bot.domain.consent import CONSENT_RENEW
from bot.domain.delivery import Kinds
from bot.domain.joining import JOIN_TEST
from bot.gateway import DiscordGateway
from bot.outside import EveryWay, Outside
from bot.scheduling.dispatcher import Dispatcher
from bot.scheduling.live_messages import LiveMessages
from bot.scheduling.pacer import Pacer
from bot.scheduling.planner import Planner
from bot.scheduling.scheduler import Scheduler
from bot.services.agreements import AGREEMENT_KINDS
from bot.services.alerts import ALERT, Alerts
from bot.services.automod import TROUBLE as FILTER_TROUBLE
from bot.services.buddies import BUDDY_KINDS
from bot.services.case_notices import DESK_KINDS
from bot.services.checkin_prompts import PROMPT
from bot.services.crisis import CHECK_BACK
from bot.services.departures import DEPARTURE_KINDS
from bot.services.goal_reminders import KINDS as GOAL_KINDS
from bot.services.goal_reminders import REMINDER, REVIEW
from bot.services.guard import DRIFT, IN_THREAD
from bot.services.hard_days import TOLD
from bot.services.moderation import MODERATED
from bot.services.noticed import NOTICED
from bot.services.offers import MIDDLE_WAY, QUESTION, WEEK
from bot.services.openings import SOMETHING_OPENED
from bot.services.pages import CARE_KINDS, URGENT
from bot.services.pair_invites import ASKED, INVITED
from bot.services.pair_life import CLOSED, OPENED
from bot.services.pair_safety import SAFETY
from bot.services.pauses import PAUSE_KINDS
from bot.services.people import UNREACHABLE, People
from bot.services.plans import PLAN_KINDS
from bot.services.private_word import RESET
from bot.services.progress import WEEKLY
from bot.services.questions import QUESTION_KINDS
from bot.services.readiness import KEY_ASKED
from bot.services.rehearsals import REHEARSAL_KINDS
from bot.services.reports import WEEKLY_REPORT
from bot.services.rituals import LOOKING_BACK, RITUAL
from bot.services.room_life import KINDS as TOPIC_KINDS
from bot.services.room_life import LIFE_KINDS
from bot.services.room_posting import ROOM_KINDS
from bot.services.rota_watch import GAPS, HANDOVER, NOBODY
from bot.services.sayings import SAID
from bot.services.setup import PART_GONE, ROLES_CORRECTED
from bot.services.signals import NUDGE
from bot.services.swaps import SWAP_ASKED
from bot.services.thanks import THANKS
from bot.services.turns import IN_THREAD as TURNS
from bot.services.watch import CARD
from bot.services.watch_desk import DIGEST
from bot.services.watch_health import BACK, DOWN
from bot.store.bell import Bell
from bot.store.database import SqliteDatabase
from bot.store.deliveries import DeliveryStore
from bot.ui.notices import CardRenderer

KINDS = Kinds(
    [
        *CARE_KINDS,
        *DESK_KINDS,
        ALERT,
        UNREACHABLE,
        CHECK_BACK,
        JOIN_TEST,
        CONSENT_RENEW,
        PART_GONE,
        ROLES_CORRECTED,
        KEY_ASKED,
        PROMPT,
        NUDGE,
        WEEKLY,
        *GOAL_KINDS,
        WEEKLY_REPORT,
        *DEPARTURE_KINDS,
        *REHEARSAL_KINDS,
        CARD,
        DIGEST,
        DOWN,
        BACK,
        FILTER_TROUBLE,
        RESET,
        INVITED,
        ASKED,
        OPENED,
        CLOSED,
        SOMETHING_OPENED,
        QUESTION,
        WEEK,
        MIDDLE_WAY,
        *PAUSE_KINDS,
        SAFETY,
        SAID,
        TURNS,
        *PLAN_KINDS,
        *AGREEMENT_KINDS,
        RITUAL,
        LOOKING_BACK,
        THANKS,
        TOLD,
        NOTICED,
        DRIFT,
        IN_THREAD,
        GAPS,
        NOBODY,
        HANDOVER,
        SWAP_ASKED,
        MODERATED,
        *QUESTION_KINDS,
        *BUDDY_KINDS,
        *LIFE_KINDS,
        *ROOM_KINDS,
    ]
)
"""Every kind of proactive message; a new feature adds its own here."""


def build_scheduler(
    bot: Bot,
    stores: Stores,
    database: SqliteDatabase,
    bell: Bell,
    clock: Clock,
    *,
    outside: Outside,
) -> Scheduler:
    """Build the scheduler of one bot; it is not started."""
    services = bot.services
    services.room_posting.bind(DiscordRooms(bot, services, bot.catalog, bot.content), bell.ring)
    people = People(
        participants=stores.participants,
        away=stores.aways,
        outbox=stores.outbox,
        profiles=services.profiles,
        duty=services.duty,
        clock=clock,
    )
    alerts = Alerts(stores.outbox, URGENT, services.case_clocks, clock)
    planner = Planner(
        database=database,
        schedules=stores.schedules,
        outbox=stores.outbox,
        kinds=KINDS,
        handlers={
            PROMPT.name: services.checkin_prompts,
            WEEKLY.name: services.progress,
            REMINDER.name: services.goals.reminders,
            REVIEW.name: services.goals.reminders,
            QUESTION.name: services.offers,
            WEEK.name: services.offers,
            SAFETY.name: services.alone.safety,
            LOOKING_BACK.name: services.rituals,
            **{kind.name: services.room_life for kind in TOPIC_KINDS.values()},
        },
        people=people,
    )
    pacer = Pacer(monotonic)
    boards = LiveMessages(list(BoardName), DiscordBoards(bot, services, bot.catalog), clock, pacer)
    services.board.listen(touched=boards.touch, lost=boards.lost)
    dispatcher = Dispatcher(
        database=database,
        deliveries=DeliveryStore(database),
        kinds=KINDS,
        gateway=EveryWay(
            DiscordGateway(bot, services, bot.threads, ApartThreads(bot, services), bot.couples),
            outside,
        ),
        renderer=CardRenderer(bot.router, bot.catalog, services.profiles, services.programme),
        people=people,
        escalation=alerts,
        alerts=alerts,
        listeners={PROMPT.name: services.checkin_prompts, JOIN_TEST.name: services.trials},
        clock=clock,
        pacer=pacer,
    )
    return Scheduler(
        planner=planner,
        dispatcher=dispatcher,
        schedules=stores.schedules,
        bell=bell,
        clock=clock,
        live=boards,
        sweeps=build_sweeps(bot),
        jobs=build_jobs(bot, clock),
    )
