"""All use cases in one place."""

from dataclasses import dataclass

from bot.services.audit import AccessLog, AuditService
from bot.services.case_desk import CaseDesk
from bot.services.cases import CaseService
from bot.services.consents import ConsentService
from bot.services.crisis import CrisisService
from bot.services.drafts import DraftService
from bot.services.duty import DutyService
from bot.services.notes import NoteService
from bot.services.participants import ParticipantService
from bot.services.places import Places
from bot.services.profiles import Profiles
from bot.services.programme import ProgrammeService
from bot.services.setup import SetupService
from bot.services.staff import StaffService


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """What cogs and cards may call; built by `bot.app` alone."""

    profiles: Profiles
    participants: ParticipantService
    consents: ConsentService
    staff: StaffService
    programme: ProgrammeService
    drafts: DraftService
    places: Places
    notes: NoteService
    duty: DutyService
    setup: SetupService
    cases: CaseService
    case_desk: CaseDesk
    crisis: CrisisService
    audit: AuditService
    access: AccessLog
