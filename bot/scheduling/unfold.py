"""What a schedule owes: its occurrences up to now, and the row each becomes."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.delivery import (
    SPREAD_WINDOW,
    Args,
    CatchUp,
    Circumstances,
    Close,
    Decision,
    Kind,
    Occasion,
    OutboxRow,
    OutboxState,
    Personal,
    Reason,
    Schedule,
    Send,
)
from bot.domain.ids import OutboxId, ParticipantId, ScheduleId, new_id
from bot.domain.localtime import find_zone
from bot.domain.recurrence import occurrences


@dataclass(frozen=True, kw_only=True, slots=True)
class DueOccasion:
    """An occasion that is due; `is_last` where no later one of its schedule is."""

    occasion: Occasion
    is_last: bool

    @property
    def key(self) -> tuple[ScheduleId, date, str]:
        """What makes it unique in the outbox."""
        occurrence = self.occasion.occurrence
        return self.occasion.schedule.id, occurrence.nominal_date, occurrence.slot


@dataclass(frozen=True, kw_only=True, slots=True)
class Unfolded:
    """What is due of one schedule, and where that leaves it."""

    due: list[DueOccasion]
    decided_until: datetime
    next_due_at: datetime | None


def unfold(schedule: Schedule, now: datetime, room: int) -> Unfolded:
    """List what is due of a schedule, `room` at most, but never parting one instant in two."""
    upcoming = occurrences(schedule.rule, find_zone(schedule.zone), schedule.decided_until)
    due: list[DueOccasion] = []
    until = schedule.decided_until
    current = next(upcoming, None)
    while current is not None and current.due_at <= now:
        if len(due) >= room and current.due_at > until:
            break
        following = next(upcoming, None)
        due.append(
            DueOccasion(
                occasion=Occasion(schedule=schedule, occurrence=current),
                is_last=following is None or following.due_at > now,
            )
        )
        until = current.due_at
        current = following
    return Unfolded(due=due, decided_until=until, next_due_at=current.due_at if current else None)


def decide_early(
    kind: Kind, due: DueOccasion, people: Mapping[ParticipantId, Circumstances]
) -> Close | None:
    """Close what needs no service to be asked: its receiver is away, or a later one is due too."""
    address = due.occasion.schedule.address
    if kind.honours_away and isinstance(address, Personal):
        who = people.get(address.participant_id)
        if who is not None and who.is_away(due.occasion.occurrence.nominal_date):
            return Close(reason=Reason.EXCUSED)
    return None if due.is_last else overtaken(kind)


def overtaken(kind: Kind) -> Close | None:
    """Close what a later one of its schedule makes idle; those that merge go together instead."""
    match kind.catch_up:
        case CatchUp.SEND_LATE:
            return Close(reason=Reason.SUPERSEDED)
        case CatchUp.CLOSE:
            return Close(reason=Reason.EXPIRED)
        case CatchUp.MERGE:
            return None


def make_row(
    kind: Kind, occasion: Occasion, decision: Decision, now: datetime, *, is_spread: bool
) -> OutboxRow:
    """Make the outbox row of an occasion; what is past its expiry is closed."""
    schedule, occurrence = occasion.schedule, occasion.occurrence
    args: Args = {}
    state, reason = OutboxState.PENDING, ""
    expires_at, send_after = None, occurrence.due_at
    if isinstance(decision, Close):
        state, reason = OutboxState.CLOSED, decision.reason
    elif decision.expires_at and decision.expires_at <= now:
        state, reason = OutboxState.CLOSED, Reason.EXPIRED
    else:
        args, expires_at = decision.args, decision.expires_at
        if is_spread:
            send_after = _spread(schedule, decision, max(now, occurrence.due_at))
    return OutboxRow(
        id=OutboxId(new_id()),
        kind=kind.name,
        priority=kind.priority,
        address=schedule.address,
        subject_id=schedule.subject_id,
        args=args,
        schedule_id=schedule.id,
        nominal_date=occurrence.nominal_date,
        slot=occurrence.slot,
        due_at=occurrence.due_at,
        send_after=send_after,
        expires_at=expires_at,
        state=state,
        reason=reason,
        closed_at=now if state is OutboxState.CLOSED else None,
    )


def _spread(schedule: Schedule, decision: Send, start: datetime) -> datetime:
    """Give everyone their own place in the window, the same one every day."""
    window = SPREAD_WINDOW
    if decision.expires_at:
        window = min(window, (decision.expires_at - start) / 2)
    place = zlib.crc32(schedule.id.encode()) / 2**32
    return start + window * place
