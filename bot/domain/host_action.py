"""What the operator did on the host beside a running bot."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.audit import AuditAction


@dataclass(frozen=True, kw_only=True, slots=True)
class HostAction:
    """One action, to be written into the audit log at the next start."""

    action: AuditAction
    at: datetime
