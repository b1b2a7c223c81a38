"""Readiness: what still stands between a programme and going live, and what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.blueprint import NOTHING, Permissions
from bot.domain.place import PartKey
from bot.domain.setup_plan import Action, Plan

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
        parts: The parts of the server it is about.
        permissions: The Discord permissions it is about.
        aspects: What of a part was changed.
        names: Proper names, such as services or intents.
        users: The people it is about.
        n: A count.
        country: Two capital letters.
    """

    key: str
    weight: Weight
    parts: tuple[PartKey, ...] = ()
    permissions: Permissions = NOTHING
    aspects: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    users: tuple[int, ...] = ()
    n: int = 0
    country: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerFacts:
    """What the bot sees of its own standing in the server.

    Attributes:
        missing: What it may not do in the whole server, and needs.
        lacking: What it may not do in one channel, and needs there.
        too_high: Our roles that stand above the bot's.
        intents: What Discord does not send it, and it needs.
        everyone: What everyone may do in the whole server, and nobody but staff should.
    """

    owner_id: int | None
    missing: Permissions = NOTHING
    lacking: Mapping[PartKey, Permissions] = field(default_factory=dict)
    too_high: tuple[PartKey, ...] = ()
    intents: tuple[str, ...] = ()
    everyone: Permissions = NOTHING
    is_administrator: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Readiness:
    """Everything `/setup check` found."""

    findings: Sequence[Finding]
    is_open: bool
    goes_without_staff: bool = False

    def of(self, *weights: Weight) -> list[Finding]:
        """Return the findings of these weights."""
        return [finding for finding in self.findings if finding.weight in weights]

    @property
    def can_open(self) -> bool:
        """Whether nothing stops people from joining."""
        return not self.of(Weight.STOPS_JOINING)

    def has(self, key: str) -> bool:
        """Tell whether something was found."""
        return any(finding.key == key for finding in self.findings)


def server_findings(plan: Plan, facts: ServerFacts) -> Iterator[Finding]:
    """Say what is wrong with the server itself."""
    yield from _standing(facts)
    if absent := tuple(step.key for step in plan.steps if step.discord_id is None):
        yield Finding(key="not_made", weight=Weight.STOPS_JOINING, parts=absent)
    for step in plan.steps:
        if step.by_hand:
            yield Finding(
                key="by_hand", weight=Weight.FAULT, parts=(step.key,), aspects=step.by_hand
            )
    if behind := tuple(step.key for step in plan.of(Action.REPAIR)):
        yield Finding(key="behind", weight=Weight.FAULT, parts=behind)


def _standing(facts: ServerFacts) -> Iterator[Finding]:
    if facts.missing:
        yield Finding(key="permission", weight=Weight.STOPS_JOINING, permissions=facts.missing)
    for key, permissions in facts.lacking.items():
        yield Finding(key="lacking", weight=Weight.FAULT, parts=(key,), permissions=permissions)
    if facts.too_high:
        yield Finding(key="role_order", weight=Weight.FAULT, parts=facts.too_high)
    if facts.intents:
        yield Finding(key="intent", weight=Weight.FAULT, names=facts.intents)
    if facts.everyone:
        yield Finding(key="everyone", weight=Weight.FAULT, permissions=facts.everyone)
    if facts.is_administrator:
        yield Finding(key="administrator", weight=Weight.FAULT)
