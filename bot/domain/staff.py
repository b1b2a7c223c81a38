"""The care team."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class StaffRole(StrEnum):
    """What a member of the care team does."""

    MODERATOR = "moderator"
    CLINICIAN = "clinician"
    LEAD = "lead"


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffMember:
    """A person the operator or a lead enrolled; a Discord role alone gives nothing."""

    user_id: int
    role: StaffRole
    locale: str = "en"
    enrolled_at: datetime
    enrolled_by: int | None = None

    @property
    def is_lead(self) -> bool:
        """Whether this person may set up, enrol and see every conflict."""
        return self.role is StaffRole.LEAD
