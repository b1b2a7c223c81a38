"""Readiness: what still stands between a programme and going live, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

KEY_HOLDERS = 2
"""How many people must hold a copy of the host key before anyone joins."""


class ConfirmationKind(StrEnum):
    """What people of the team confirm."""

    CRISIS_LINES = "crisis_lines"
    KEY_BACKUP = "key_backup"
    NO_STAFF = "no_staff"


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation:
    """One person's word that they looked at something."""

    kind: ConfirmationKind
    subject: str
    user_id: int
    at: datetime


class Weight(StrEnum):
    """How much a finding matters."""

    STOPS_JOINING = "stops_joining"
    FAULT = "fault"
    NOTICE = "notice"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing to do, or to know.

    Attributes:
        key: The sentence, under `setup.findings`.
        values: What its placeholders take.
    """

    key: str
    weight: Weight
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Readiness:
    """Everything `/setup check` found."""

    findings: Sequence[Finding]
    is_open: bool

    def of(self, *weights: Weight) -> list[Finding]:
        """Return the findings of these weights."""
        return [finding for finding in self.findings if finding.weight in weights]

    @property
    def can_open(self) -> bool:
        """Whether nothing stops people from joining."""
        return not self.of(Weight.STOPS_JOINING)
