"""What the team and the person themselves do about a finding."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import PROGRAMME, AuditAction, Subject
from bot.domain.case import Case, Circle
from bot.domain.delivery import Channel, Kind, Priority
from bot.domain.ids import ParticipantId
from bot.domain.participant import Participant
from bot.domain.place import PlaceKey
from bot.domain.report import Marks
from bot.domain.staff import StaffMember
from bot.domain.watch import DIGEST_EVERY, WAITS_LONG, Hit, Verdict
from bot.errors import UserError
from bot.services.case_ports import Auditor
from bot.services.cases import AskOutcome
from bot.services.outbox_port import Outbox
from bot.services.watch import WatchService

DIGEST = Kind(
    name="watch.digest", priority=Priority.REMINDER, honours_away=False, honours_quiet=False
)
DIGEST_AT = "digest_at"
PLACES: Mapping[Circle, PlaceKey] = {
    Circle.TEAM: PlaceKey.CHANNEL_STAFF,
    Circle.LEADS: PlaceKey.CHANNEL_LEAD,
}
CIRCLE = "circle"


class HitStore(Protocol):
    """What this service needs of the store."""

    async def get(self, hit_id: str) -> Hit | None: ...
    async def save(self, hit: Hit, tx: Any = None) -> None: ...
    async def judge(self, hit_id: str, verdict: Verdict, by: int, at: datetime) -> bool: ...
    async def waiting(self) -> Sequence[Hit]: ...
    async def of_case(self, case_id: str) -> Sequence[Hit]: ...
    async def judged_in(self, start: datetime, end: datetime) -> Sequence[Hit]: ...
    async def silence(self, participant_id: ParticipantId, at: datetime, *, on: bool) -> None: ...
    async def is_silent(self, participant_id: ParticipantId) -> bool: ...
    async def moment(self, name: str) -> datetime | None: ...
    async def set_moment(self, name: str, at: datetime | None) -> None: ...


class Cases(Protocol):
    """Which cases a member may know of."""

    async def visible(self, case_id: str, member: StaffMember) -> Case: ...
    async def get(self, case_id: str) -> Case | None: ...


class Duty(Protocol):
    """Who is on, and who must learn nothing of whom."""

    @property
    def outside(self) -> str: ...
    def on_duty(self) -> Sequence[StaffMember]: ...
    def excluded(self, people: Collection[int]) -> frozenset[int]: ...
    def circle(self, people: Collection[int]) -> Circle: ...
    def free_to_help(
        self, people: Collection[int], *, leads_only: bool
    ) -> Sequence[StaffMember]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a person's card says besides.

    Attributes:
        is_on: Somebody who may see it is on duty.
        circle: Who may see it.
    """

    hit: Hit
    is_on: bool
    circle: Circle
    outside: str


class WatchDesk:
    """Lists what waits for a look, takes verdicts, and what the person says."""

    def __init__(
        self,
        *,
        store: HitStore,
        watch: WatchService,
        cases: Cases,
        duty: Duty,
        outbox: Outbox,
        audit: Auditor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._watch = watch
        self._cases = cases
        self._duty = duty
        self._outbox = outbox
        self._audit = audit
        self._clock = clock

    async def waiting(self, member: StaffMember) -> Sequence[Hit]:
        """Return what waits for a look, as far as a member may know of it."""
        return [hit for hit in await self._store.waiting() if self._may_know(hit, member)]

    async def count(self, circle: Circle) -> int:
        """Count what waits for those who read in a channel."""
        return sum(
            self._duty.circle([hit.user_id]) is circle for hit in await self._store.waiting()
        )

    async def of_case(self, case_id: str) -> Sequence[Hit]:
        """Return what was found, for a case that was opened."""
        return await self._store.of_case(case_id)

    async def visible(self, hit_id: str, member: StaffMember) -> Hit:
        """Return a finding to a member who may know of it.

        Raises:
            UserError: There is none, in the same words as where the member has a conflict.
        """
        hit = await self._store.get(hit_id)
        if hit is None or not self._may_know(hit, member, in_case=hit.case_id is not None):
            raise UserError("watch.unknown")
        if hit.case_id is not None:
            await self._cases.visible(hit.case_id, member)
        return hit

    async def judge(self, hit_id: str, member: StaffMember, verdict: Verdict) -> Hit:
        """Keep what a member says of a finding; they may change their mind.

        Raises:
            UserError: There is none, or it is not theirs to see.
        """
        hit = await self.visible(hit_id, member)
        await self._store.judge(hit.id, verdict, member.user_id, self._clock())
        await self._audit.record(
            Subject.staff(member.user_id),
            AuditAction.HIT_JUDGED,
            Subject.participant(hit.participant_id) if hit.participant_id else PROGRAMME,
            verdict=verdict,
        )
        return replace(hit, verdict=verdict)

    async def open_request(self, hit_id: str, member: StaffMember) -> AskOutcome:
        """Make a request of what waited for a look.

        Raises:
            UserError: It is not theirs to see, or is a request already.
        """
        hit = await self.visible(hit_id, member)
        if hit.case_id is not None:
            raise UserError("watch.is_request")
        return await self._watch.open_request(hit)

    async def told(self, hit_id: str, participant_id: ParticipantId) -> Told:
        """Return what the card of a person says.

        Raises:
            UserError: It is not theirs, or no longer kept.
        """
        hit = await self._own(hit_id, participant_id)
        case = await self._cases.get(hit.case_id) if hit.case_id else None
        circle = case.circle if case is not None else self._duty.circle([hit.user_id])
        helpers = self._duty.free_to_help([hit.user_id], leads_only=circle is not Circle.TEAM)
        return Told(hit=hit, is_on=bool(helpers), circle=circle, outside=self._duty.outside)

    async def okay(self, hit_id: str, participant_id: ParticipantId) -> None:
        """Note that a person says they are okay; it closes nothing.

        Raises:
            UserError: It is not theirs, or no longer kept.
        """
        hit = await self._own(hit_id, participant_id)
        await self._store.save(replace(hit, said_okay=True))

    async def silence(self, participant: Participant, *, on: bool) -> None:
        """Send a person no cards any more, or send them again."""
        await self._store.silence(participant.id, self._clock(), on=on)

    async def is_silent(self, participant_id: ParticipantId) -> bool:
        """Whether a person wants no cards."""
        return await self._store.is_silent(participant_id)

    async def marks(self, start: datetime, end: datetime) -> Marks | None:
        """Count what the team said of the findings, as far as every lead may know of them."""
        said = [
            hit.verdict
            for hit in await self._store.judged_in(start, end)
            if self._duty.circle([hit.user_id]) in PLACES
        ]
        return Marks(right=said.count(Verdict.RIGHT), wrong=said.count(Verdict.NOT_A_RISK))

    async def look_again(self) -> None:
        """Tell who just came on duty what waits."""
        await self.sweep(self._clock())

    async def sweep(self, now: datetime) -> datetime | None:
        """Tell those on duty what waits for a look, twice a shift; the leads after a day."""
        waiting = await self._store.waiting()
        by_circle: dict[Circle, list[Hit]] = {}
        for hit in waiting:
            by_circle.setdefault(self._duty.circle([hit.user_id]), []).append(hit)
        for circle, hits in by_circle.items():
            if circle not in PLACES:
                # Somebody was put on the conflict list since.
                for hit in hits:
                    await self._watch.open_request(hit)
        told = {circle: hits for circle, hits in by_circle.items() if circle in PLACES}
        if not told or not self._duty.on_duty():
            return None
        last = await self._store.moment(DIGEST_AT)
        if last is not None and now < last + DIGEST_EVERY:
            return last + DIGEST_EVERY
        for circle, hits in told.items():
            is_long = hits[0].found_at + WAITS_LONG <= now
            places = {PLACES[circle], *([PlaceKey.CHANNEL_LEAD] if is_long else [])}
            for place in places:
                await self._outbox.add(
                    DIGEST,
                    Channel(key=place),
                    due_at=now,
                    args={CIRCLE: circle.value},
                    key=f"{DIGEST.name}:{place}:{circle}:{now.isoformat()}",
                )
        await self._store.set_moment(DIGEST_AT, now)
        return now + DIGEST_EVERY

    async def _own(self, hit_id: str, participant_id: ParticipantId) -> Hit:
        hit = await self._store.get(hit_id)
        if hit is None or hit.participant_id != participant_id:
            raise UserError("core.note_closed")
        return hit

    def _may_know(self, hit: Hit, member: StaffMember, *, in_case: bool = False) -> bool:
        if member.user_id in self._duty.excluded([hit.user_id]):
            return False
        # What is in a case is for whoever may know of that.
        return in_case or member.is_lead or self._duty.circle([hit.user_id]) is Circle.TEAM
