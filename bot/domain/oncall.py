"""Who may be rung for a case, in which order, and what a programme decided about it."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from bot.domain.rota import Hours
from bot.domain.staff import StaffMember


class Rung(IntEnum):
    """In which order people are rung for a case; the lower the earlier."""

    FIRST = 1
    SECOND = 2
    LEAD = 3
    VOLUNTEER = 4


class CallWay(StrEnum):
    """How a volunteer is called out off hours."""

    WEBHOOK = "webhook"
    EMAIL = "email"
    PHONE = "phone"


class RotaChange(StrEnum):
    """What was changed of the rota, for the audit log."""

    ADDED = "added"
    EDITED = "edited"
    REMOVED = "removed"
    ENDED_EARLY = "ended_early"
    SWAPPED = "swapped"
    RULES = "rules"
    VOLUNTEER_ON = "volunteer_on"
    VOLUNTEER_OFF = "volunteer_off"


@dataclass(frozen=True, kw_only=True, slots=True)
class Volunteer:
    """Somebody who agreed to be called out while off duty, and how."""

    user_id: int
    way: CallWay
    target: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OnCall:
    """One person who may be rung for a case now.

    Attributes:
        rung: When in the ladder; several people may share one.
        volunteer: How they are called; only on the rung of volunteers, who are off duty and
            never mentioned in a channel.
    """

    member: StaffMember
    rung: Rung
    volunteer: Volunteer | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What a programme decided about its rota.

    Attributes:
        cover: The hours in which somebody should be on; nothing says that none are required.
        is_small: A small team: everyone on duty is on the first rung, and a lead comes next.
        calls_volunteers: Whether those who agreed are called out off hours.
        outside: What to call where nobody on the team may help, such as a number.
    """

    cover: Hours | None = None
    is_small: bool = False
    calls_volunteers: bool = True
    outside: str = ""
