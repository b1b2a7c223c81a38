"""Cases: what brings a person of the care team to a participant."""

from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """How soon a person must look; people read Now, Soon, Today, Watch."""

    NOW = 1
    SOON = 2
    TODAY = 3
    WATCH = 4


class CaseSource(StrEnum):
    """What opened a case."""

    ASK = "ask"
    CHECKIN_CONTACT = "checkin_contact"
    CHECKIN_ALONE = "checkin_alone"
    LOW_TWICE = "low_twice"
    QUIET = "quiet"
    UNSUPPORTED = "unsupported"
    CONCERN = "concern"
    STAFF = "staff"


class CaseState(StrEnum):
    """Where a case stands; a closed one may open again."""

    OPEN = "open"
    CLAIMED = "claimed"
    IN_CONTACT = "in_contact"
    CLOSED = "closed"
