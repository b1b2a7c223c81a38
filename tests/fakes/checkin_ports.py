"""What stands around the check-in services: the outbox, schedules, cases and consents."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.domain.case import CaseSource
from bot.domain.consent import ConsentKind
from bot.domain.delivery import Address, Kind, OutboxRow
from bot.domain.ids import OutboxId, ParticipantId, ScheduleId
from bot.domain.recurrence import Rule


@dataclass
class FakeOutbox:
    """Notes what it was asked to send and to silence.

    Attributes:
        rows: Rows there are already, by ID.
    """

    rows: dict[str, OutboxRow] = field(default_factory=dict)
    added: list[tuple[str, str | None]] = field(default_factory=list)
    snoozed: list[tuple[str, datetime]] = field(default_factory=list)
    closed: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    async def get(self, outbox_id: OutboxId) -> OutboxRow | None:
        """Return a row."""
        return self.rows.get(outbox_id)

    async def add(
        self,
        kind: Kind,
        address: Address,
        *,
        due_at: datetime,
        expires_at: datetime | None = None,
        key: str | None = None,
        tx: Any = None,
    ) -> OutboxRow | None:
        """Note a message, once per key."""
        if (kind.name, key) not in self.added:
            self.added.append((kind.name, key))
        return None

    async def again(
        self,
        row: OutboxRow,
        *,
        due_at: datetime,
        expires_at: datetime | None = None,
        tx: Any = None,
    ) -> OutboxRow | None:
        """Note a snooze, once per row."""
        if any(known == row.id for known, _ in self.snoozed):
            return None
        self.snoozed.append((row.id, due_at))
        return row

    async def close_for(
        self,
        *,
        now: datetime,
        reason: str,
        participant_id: ParticipantId | None = None,
        nominal_date: date | None = None,
        kinds: Collection[str] | None = None,
        also_sent: bool = False,
        tx: Any = None,
    ) -> int:
        """Note what falls silent."""
        self.closed.append((reason, frozenset(kinds or ())))
        return 0


class FakeSchedules:
    """Who is asked by which rule."""

    def __init__(self) -> None:
        self.rules: dict[Address, tuple[Rule, str]] = {}
        self.paused: set[ParticipantId] = set()

    async def put(
        self,
        *,
        kind: str,
        address: Address,
        rule: Rule,
        zone: str,
        now: datetime,
        tx: Any = None,
    ) -> ScheduleId:
        """Keep a rule."""
        self.rules[address] = rule, zone
        return ScheduleId(kind)

    async def remove(self, *, kind: str, address: Address, tx: Any = None) -> bool:
        """Drop a rule."""
        return self.rules.pop(address, None) is not None

    async def pause(self, participant_id: ParticipantId, tx: Any = None) -> None:
        """Stop a person's rules."""
        self.paused.add(participant_id)

    async def resume(self, participant_id: ParticipantId, now: datetime, tx: Any = None) -> None:
        """Let them go on."""
        self.paused.discard(participant_id)


@dataclass
class FakeAsked:
    """What a person who asked is told."""

    on_duty: bool = False
    next_on: datetime | None = None


@dataclass
class FakeCases:
    """The care team's door."""

    on_duty: bool = False
    asked: list[tuple[int, CaseSource]] = field(default_factory=list)
    heads_ups: list[tuple[ParticipantId, CaseSource]] = field(default_factory=list)
    error: Exception | None = None

    async def ask(self, user_id: int, source: CaseSource = CaseSource.ASK) -> FakeAsked:
        """Note a call for a person."""
        self.asked.append((user_id, source))
        return FakeAsked(self.on_duty)

    async def signal(self, participant_id: ParticipantId, source: CaseSource) -> None:
        """Note a heads-up."""
        if self.error is not None:
            raise self.error
        self.heads_ups.append((participant_id, source))


@dataclass
class FakeConsents:
    """What was agreed to."""

    kinds: set[ConsentKind] = field(default_factory=set)

    async def given(self, participant_id: ParticipantId, kind: ConsentKind) -> bool:
        """Tell whether it holds."""
        return kind in self.kinds
