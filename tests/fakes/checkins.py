"""Check-ins in memory; they pass the tests of the real stores."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.away import Away
from bot.domain.case import CaseSource
from bot.domain.checkin import OPEN, CheckIn, CheckInState
from bot.domain.ids import ParticipantId
from bot.domain.prompt_edit import Edition, Sets
from bot.domain.signal import Marks, Signal

Key = tuple[ParticipantId, date]


class FakeTransactor:
    """Transactions that hold nothing together."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Open one."""
        yield None


class FakeCheckInStore:
    """One check-in per person and day."""

    def __init__(self) -> None:
        self.kept: dict[Key, CheckIn] = {}
        self._texts: dict[Key, Mapping[str, str]] = {}
        self._sealed: dict[bytes, Mapping[str, str]] = {}

    async def seal(
        self, participant_id: ParticipantId, day: date, texts: Mapping[str, str]
    ) -> bytes | None:
        """Lock texts."""
        if not texts:
            return None
        sealed = str(len(self._sealed)).encode()
        self._sealed[sealed] = dict(texts)
        return sealed

    async def plan(self, tx: Any, checkins: Iterable[CheckIn]) -> None:
        """Add those of days that have none."""
        for checkin in checkins:
            self.kept.setdefault((checkin.participant_id, checkin.day), checkin)

    async def save(self, tx: Any, checkin: CheckIn, sealed: bytes | None) -> None:
        """Keep an answer."""
        key = checkin.participant_id, checkin.day
        before = self.kept.get(key, checkin)
        self.kept[key] = replace(
            before,
            set_id=checkin.set_id,
            set_version=checkin.set_version,
            state=checkin.state,
            answered_at=checkin.answered_at,
            edited_at=checkin.edited_at,
            levels=checkin.levels,
        )
        self._texts[key] = self._sealed[sealed] if sealed else {}

    async def move(
        self,
        participant_id: ParticipantId,
        days: Collection[date],
        state: CheckInState,
        *,
        among: Collection[CheckInState] = OPEN,
        at: datetime | None = None,
        tx: Any = None,
    ) -> int:
        """Move those in some states."""
        moved = 0
        columns = {CheckInState.SENT: ("sent_at",), CheckInState.OPENED: ("sent_at", "opened_at")}
        for day in days:
            known = self.kept.get((participant_id, day))
            if known is None or known.state not in among:
                continue
            changes: dict[str, Any] = {"state": state}
            for column in columns.get(state, ()):
                changes[column] = getattr(known, column) or at
            self.kept[(participant_id, day)] = replace(known, **changes)
            moved += 1
        return moved

    async def drop(self, tx: Any, participant_id: ParticipantId, day: date) -> None:
        """Forget one that was never sent."""
        known = self.kept.get((participant_id, day))
        if known is not None and known.state is CheckInState.SCHEDULED:
            del self.kept[(participant_id, day)]

    async def get(self, participant_id: ParticipantId, day: date, tx: Any = None) -> CheckIn | None:
        """Return one."""
        return self.kept.get((participant_id, day))

    async def texts(self, participant_id: ParticipantId, day: date) -> Mapping[str, str]:
        """Return what was typed."""
        return self._texts.get((participant_id, day), {})

    async def since(
        self,
        participant_id: ParticipantId,
        first: date,
        last: date = date.max,
        tx: Any = None,
    ) -> Sequence[CheckIn]:
        """Return those of a stretch."""
        return [
            checkin
            for (person, day), checkin in sorted(self.kept.items(), key=lambda pair: pair[0][1])
            if person == participant_id and first <= day <= last
        ]

    async def of_days(self, tx: Any, keys: Collection[Key]) -> Mapping[Key, CheckIn]:
        """Return those of these days."""
        return {key: self._bare(self.kept[key]) for key in keys if key in self.kept}

    async def open_of(self, participant_id: ParticipantId) -> Sequence[CheckIn]:
        """Return those not answered."""
        mine = await self.since(participant_id, date.min)
        return [self._bare(checkin) for checkin in reversed(mine) if checkin.is_open]

    async def open_among(
        self, tx: Any, participant_ids: Collection[ParticipantId], now: datetime
    ) -> Collection[ParticipantId]:
        """Return who has one on offer."""
        return {
            person
            for (person, _), checkin in self.kept.items()
            if person in participant_ids and checkin.is_on_offer(now)
        }

    async def over(self, tx: Any, now: datetime, limit: int) -> Sequence[CheckIn]:
        """Return those whose window is over."""
        over = [
            (checkin.closes_at, self._bare(checkin))
            for checkin in self.kept.values()
            if checkin.is_open and checkin.closes_at is not None and checkin.closes_at <= now
        ]
        return [checkin for _, checkin in sorted(over, key=lambda pair: pair[0])][:limit]

    async def next_over(self) -> datetime | None:
        """Return when the next window closes."""
        return min(
            (one.closes_at for one in self.kept.values() if one.is_open and one.closes_at),
            default=None,
        )

    def _bare(self, checkin: CheckIn) -> CheckIn:
        return replace(checkin, levels={})


class FakeAwayStore:
    """Ranges of days."""

    def __init__(self) -> None:
        self.kept: list[Away] = []

    async def add(self, tx: Any, away: Away, at: datetime) -> None:
        """Add one."""
        self.kept.append(away)

    async def cut(self, tx: Any, participant_id: ParticipantId, day: date) -> int:
        """End everything from a day on."""
        touched = [
            away for away in self.kept if away.participant_id == participant_id and away.last >= day
        ]
        for away in touched:
            self.kept.remove(away)
            if away.first < day:
                self.kept.append(replace(away, last=day - timedelta(days=1)))
        return len(touched)

    async def of(
        self, participant_id: ParticipantId, since: date = date.min, tx: Any = None
    ) -> Sequence[Away]:
        """Return a person's."""
        mine = [one for one in self.kept if one.participant_id == participant_id]
        return sorted((one for one in mine if one.last >= since), key=lambda away: away.first)


@dataclass
class _Found:
    signal: Signal
    passed_at: datetime | None = None
    withdrawn: bool = False


class FakeSignalStore:
    """Heads-ups and marks."""

    def __init__(self) -> None:
        self.found: list[_Found] = []
        self._marks: dict[ParticipantId, Marks] = {}

    async def add(
        self, tx: Any, participant_id: ParticipantId, source: CaseSource, at: datetime
    ) -> None:
        """Add one."""
        made = Signal(
            id=str(len(self.found)), participant_id=participant_id, source=source, found_at=at
        )
        self.found.append(_Found(made))

    async def was_found(
        self, tx: Any, participant_id: ParticipantId, source: CaseSource, since: datetime
    ) -> bool:
        """Tell whether there is one."""
        return any(
            one.signal.participant_id == participant_id
            and one.signal.source is source
            and one.signal.found_at > since
            and not one.withdrawn
            for one in self.found
        )

    async def pending(self, limit: int = 100) -> Sequence[Signal]:
        """Return what is to be passed on."""
        waiting = [one for one in self.found if one.passed_at is None and not one.withdrawn]
        return [one.signal for one in waiting][:limit]

    async def take(self, signal_id: str, at: datetime) -> bool:
        """Mark one."""
        one = self.found[int(signal_id)]
        if one.passed_at is not None:
            return False
        one.passed_at = at
        return True

    async def withdraw(self, signal_id: str) -> None:
        """Drop one."""
        self.found[int(signal_id)].withdrawn = True

    async def marks(self, participant_id: ParticipantId, tx: Any = None) -> Marks:
        """Return a person's."""
        return self._marks.get(participant_id, Marks())

    async def mark_nudged(self, tx: Any, participant_id: ParticipantId, at: datetime) -> None:
        """Mark it."""
        self._marks[participant_id] = replace(await self.marks(participant_id), nudged_at=at)

    async def mark_offered(self, participant_id: ParticipantId, at: datetime) -> bool:
        """Mark it once."""
        known = await self.marks(participant_id)
        if known.offered_at is not None:
            return False
        self._marks[participant_id] = replace(known, offered_at=at)
        return True


class FakePromptSetStore:
    """Versions and a draft."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, int], Edition] = {}
        self.drafts: dict[str, Sets] = {}

    async def add(self, edition: Edition, tx: Any = None) -> bool:
        """Add a version."""
        key = edition.set_id, edition.version
        if key in self.kept:
            return False
        self.kept[key] = edition
        return True

    async def editions(self, set_id: str) -> Sequence[Edition]:
        """Return every version."""
        return [one for (known, _), one in sorted(self.kept.items()) if known == set_id]

    async def draft(self, set_id: str, tx: Any = None) -> Sets | None:
        """Return the draft."""
        return self.drafts.get(set_id)

    async def save_draft(self, tx: Any, set_id: str, sets: Sets, *, by: int, at: datetime) -> None:
        """Keep the draft."""
        self.drafts[set_id] = sets

    async def drop_draft(self, set_id: str, tx: Any = None) -> bool:
        """Drop the draft."""
        return self.drafts.pop(set_id, None) is not None
