"""Builds the shared spaces, and what they follow."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.app.stores import Stores
from bot.clock import Clock
from bot.content import Content
from bot.content.couple_texts import candidates
from bot.services.alone_group import AloneGroup, build_alone
from bot.services.audit import AuditService
from bot.services.cases import CaseService
from bot.services.consents import ConsentService
from bot.services.duty import DutyService
from bot.services.everyday_group import Everyday, build_everyday
from bot.services.guard import GuardService
from bot.services.keep_apart import KeepApartService
from bot.services.pair_group import PairGroup, build_pairs
from bot.services.participants import ParticipantService
from bot.services.plan_group import Plans, build_plans
from bot.services.profiles import Profiles
from bot.services.programme import ProgrammeService
from bot.services.staff import StaffService
from bot.store.database import SqliteDatabase


@dataclass(frozen=True, kw_only=True, slots=True)
class CoupleGroup:
    """The services of shared spaces, and their guard."""

    group: PairGroup
    guard: GuardService
    everyday: Everyday
    alone: AloneGroup
    plans: Plans


def build_couples(
    stores: Stores,
    database: SqliteDatabase,
    clock: Clock,
    *,
    content: Content,
    participants: ParticipantService,
    profiles: Profiles,
    consents: ConsentService,
    keep_apart: KeepApartService,
    programme: ProgrammeService,
    staff: StaffService,
    duty: DutyService,
    cases: CaseService,
    audit: AuditService,
    draw: Callable[[str], bytes],
) -> CoupleGroup:
    """Build them on their stores.

    Args:
        draw: A keyed digest; decides which days are held, before anyone writes.
    """
    group = build_pairs(
        store=stores.pairs,
        opening_store=stores.openings,
        offer_store=stores.offers,
        pause_store=stores.pauses,
        candidates=candidates(content.texts(None).couples),
        database=database,
        schedules=stores.schedules,
        outbox=stores.outbox,
        participants=participants,
        profiles=profiles,
        consents=consents,
        keep_apart=keep_apart,
        programme=programme,
        duty=duty,
        cases=cases,
        audit=audit,
        draw=draw,
        clock=clock,
    )
    guard = GuardService(
        pairs=stores.pairs,
        people=profiles,
        team=lambda: [member.user_id for member in staff.members],
        is_paused=group.pauses.is_on,
        database=database,
        outbox=stores.outbox,
        audit=audit,
        clock=clock,
    )
    everyday = build_everyday(
        stores,
        pairs=stores.pairs,
        life=group.life,
        database=database,
        schedules=stores.schedules,
        outbox=stores.outbox,
        profiles=profiles,
        cases=cases,
        heed=group.openings.tell,
        clock=clock,
    )
    alone = build_alone(
        stores,
        group,
        pairs=stores.pairs,
        mail=everyday.mail,
        database=database,
        schedules=stores.schedules,
        outbox=stores.outbox,
        profiles=profiles,
        clock=clock,
    )
    plans = build_plans(
        stores,
        pairs=stores.pairs,
        database=database,
        outbox=stores.outbox,
        heed=group.openings.tell,
        clock=clock,
    )
    return CoupleGroup(group=group, guard=guard, everyday=everyday, alone=alone, plans=plans)
