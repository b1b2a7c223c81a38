"""The daily ritual: what each gives to a day, the shared days, and the look back on Sunday."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.delivery import (
    Close,
    Decision,
    Kind,
    Occasion,
    Personal,
    Planned,
    Priority,
    Send,
)
from bot.domain.ids import PairId, ParticipantId
from bot.domain.localtime import ONE_DAY, local_day, resolve
from bot.domain.pair import Member, Pair, PairKind, Space
from bot.domain.participant import Participant
from bot.domain.ritual import (
    LONGEST,
    LOOK_BACK,
    LOOK_BACK_DAYS,
    Given,
    Part,
    RitualDay,
    SharedDays,
    Tick,
    known_ticks,
)
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.offers import Profiles
from bot.services.pair_mail import PAIR, PairMail
from bot.services.pair_ports import PairStore
from bot.services.schedules_port import Schedules

RITUAL = Kind(name="pair.ritual", priority=Priority.INTERACTIVE)
LOOKING_BACK = Kind(name="pair.ritual_week", priority=Priority.PROMPT, is_spread=True)
DAY = "day"
NOTHING_SHARED = "nothing_shared"


class RitualStore(Protocol):
    """What was given to days."""

    async def seal(self, given: Given) -> bytes: ...
    async def give(self, given: Given, sealed: bytes, tx: Any) -> bool: ...
    async def givers(self, pair_id: PairId, day: date, tx: Any) -> dict[Part, ParticipantId]: ...
    async def share(self, pair_id: PairId, day: date, tx: Any) -> None: ...
    async def day(self, pair_id: PairId, day: date) -> RitualDay: ...
    async def shared(self, pair_id: PairId, tx: Any = None) -> SharedDays: ...
    async def tick(
        self, pair_id: PairId, participant_id: ParticipantId, day: date, ticks: Sequence[Tick]
    ) -> None: ...
    async def ticks(
        self, pair_id: PairId, participant_id: ParticipantId, day: date
    ) -> Sequence[Tick]: ...


class RitualService:
    """Takes the two parts of a day, each seen by both at once, and keeps ticks to their owner."""

    def __init__(
        self,
        *,
        store: RitualStore,
        mail: PairMail,
        pairs: PairStore,
        database: Transactor,
        schedules: Schedules,
        profiles: Profiles,
        clock: Clock,
    ) -> None:
        self._store = store
        self._mail = mail
        self._pairs = pairs
        self._database = database
        self._schedules = schedules
        self._profiles = profiles
        self._clock = clock

    def today(self, space: Space) -> date:
        """Return the day it is for a pair."""
        return local_day(self._clock(), ZoneInfo(space.zone))

    async def day(self, space: Space, day: date | None = None) -> RitualDay:
        """Return what was given to a day, today unless another is named."""
        return await self._store.day(space.pair_id, day or self.today(space))

    async def shared(self, space: Space) -> SharedDays:
        """Return all days the two share."""
        return await self._store.shared(space.pair_id)

    async def give(
        self,
        participant: Participant,
        space: Space,
        *,
        part: Part,
        day: date,
        texts: Sequence[str],
    ) -> RitualDay:
        """Give one of the two parts, which the other one sees at once: it is a declared act.

        Raises:
            UserError: The day is over, this part was given, or there is no intention to thank for.
        """
        clean = self._mail.take(participant, texts, LONGEST)
        self._check_day(space, day)
        given = Given(
            pair_id=space.pair_id,
            day=day,
            part=part,
            participant_id=participant.id,
            texts=tuple(clean),
            at=self._clock(),
        )
        sealed = await self._store.seal(given)
        zone = ZoneInfo(space.zone)
        async with self._database.transaction() as tx:
            await self._mail.check(space.pair_id, participant.id, tx)
            givers = await self._store.givers(space.pair_id, day, tx)
            if participant.id in givers.values():
                raise UserError("ritual.given")
            if part is Part.THANKS and Part.INTENTION not in givers:
                raise UserError("ritual.no_intention")
            if not await self._store.give(given, sealed, tx):
                raise UserError(f"ritual.other_gave_{part.value}")
            if part is Part.THANKS:
                await self._store.share(space.pair_id, day, tx)
            await self._mail.send(
                RITUAL,
                space.pair_id,
                participant.id,
                args={DAY: day.isoformat()},
                expires_at=resolve(day + ONE_DAY, time(0), zone),
                tx=tx,
            )
        return await self._store.day(space.pair_id, day)

    async def ticks(self, space: Space) -> Sequence[Tick]:
        """Return what a person ticked today."""
        return await self._store.ticks(space.pair_id, space.mine, self.today(space))

    async def tick(self, space: Space, day: date, values: Collection[str]) -> None:
        """Keep what a person ticked; nobody else ever sees it.

        Raises:
            UserError: The day is over.
        """
        self._check_day(space, day)
        await self._store.tick(space.pair_id, space.mine, day, known_ticks(values))

    async def joined(self, pair: Pair, member: Member, tx: Any) -> None:
        """Let someone look back on Sundays from now on."""
        profile = self._profiles.by_id(member.participant_id)
        if pair.kind is PairKind.COUPLE and profile is not None:
            await self._put(member.participant_id, pair.id, profile.zone, tx)

    async def reschedule(self, participant: Participant) -> None:
        """Look back by the clock of the zone a person is in now."""
        address = Personal(participant_id=participant.id)
        for pair in await self._pairs.of(participant.id):
            async with self._database.transaction() as tx:
                known = await self._schedules.find(
                    kind=LOOKING_BACK.name, address=address, subject_id=pair.id, tx=tx
                )
                if known is not None:
                    await self._put(participant.id, pair.id, participant.preferences.zone, tx)

    async def plan(
        self, occasions: Sequence[Occasion], now: datetime, tx: Any
    ) -> Sequence[Decision]:
        """Look back on a week with shared days in it; both of the two get it, or neither."""
        decisions: list[Decision] = []
        for one in occasions:
            pair = await self._pairs.get(one.schedule.subject_id, tx)
            due_at = one.occurrence.due_at
            if pair is None or not pair.is_open:
                decisions.append(Close(reason="over"))
                continue
            last = local_day(due_at, ZoneInfo(pair.zone))
            shared = await self._store.shared(pair.id, tx)
            if shared.within(last - (LOOK_BACK_DAYS - 1) * ONE_DAY, last):
                args = {DAY: last.isoformat(), PAIR: str(pair.id)}
                decisions.append(Send(expires_at=due_at + timedelta(days=2), args=args))
            else:
                decisions.append(Close(reason=NOTHING_SHARED))
        return decisions

    async def record(self, planned: Sequence[Planned], tx: Any) -> None:
        """Keep nothing: a week without a look back is simply one without."""

    def _check_day(self, space: Space, day: date) -> None:
        if day != self.today(space):
            raise UserError("ritual.day_over")

    async def _put(
        self, participant_id: ParticipantId, pair_id: PairId, zone: str, tx: Any
    ) -> None:
        await self._schedules.put(
            kind=LOOKING_BACK.name,
            address=Personal(participant_id=participant_id),
            rule=LOOK_BACK,
            zone=zone,
            now=self._clock(),
            subject_id=pair_id,
            tx=tx,
        )
