"""What happens by itself around the rota: shifts that start and end, and gaps that come near."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.delivery import Channel, Kind, Priority
from bot.domain.handover import Handover
from bot.domain.place import PlaceKey
from bot.domain.rota import A_WEEK, Span, Turn, subtract
from bot.domain.staff import StaffMember
from bot.services.database_port import Transactor
from bot.services.duty import DutyService
from bot.services.outbox_port import Outbox
from bot.services.rota import RotaService
from bot.services.staff import StaffService

GAPS_EVERY = timedelta(hours=1)
ONE_DAY = timedelta(days=1)
STILL_NEWS = timedelta(hours=2)
MOST_GAPS = 10

GAPS = Kind(
    name="rota.gaps", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)
NOBODY = Kind(
    name="rota.nobody", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)
HANDOVER = Kind(
    name="rota.handover", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)


class GapStore(Protocol):
    """What this service needs of the store."""

    async def told_gaps(self) -> Sequence[Span]: ...
    async def keep_told(self, gaps: Collection[Span], tx: Any) -> None: ...


class Handovers(Protocol):
    """The notes that wait."""

    async def unread(self, member: StaffMember) -> Sequence[Handover]: ...


class RotaWatch:
    """Follows the rota by the clock. Nothing is kept but the gaps told: the rest is asked anew."""

    def __init__(
        self,
        *,
        store: GapStore,
        rota: RotaService,
        duty: DutyService,
        staff: StaffService,
        handovers: Handovers,
        outbox: Outbox,
        transactor: Transactor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._rota = rota
        self._duty = duty
        self._staff = staff
        self._handovers = handovers
        self._outbox = outbox
        self._transactor = transactor
        self._clock = clock
        self._on: frozenset[tuple[object, ...]] | None = None
        self._look_for_gaps_at: datetime | None = None

    async def sweep(self, now: datetime) -> datetime | None:
        """Follow shifts that started or ended, and return when the next one does."""
        await self._follow(now)
        if self._look_for_gaps_at is None or now >= self._look_for_gaps_at:
            await self._tell_gaps(now)
            self._look_for_gaps_at = now + GAPS_EVERY
        boundary = self._rota.rota.next_boundary(now)
        return min(filter(None, (boundary, self._look_for_gaps_at)))

    async def rota_changed(self) -> None:
        """Tell those who follow duty: who is on may be others now, and so may who is next."""
        await self._follow(self._clock(), is_changed=True)

    async def _follow(self, now: datetime, *, is_changed: bool = False) -> None:
        turns = self._rota.rota.at(now)
        on = frozenset(_mark(turn) for turn in turns)
        if on == self._on and not is_changed:
            return
        # First of all: what waits for somebody to come on duty rings now.
        await self._duty.changed()
        for turn in turns:
            if self._on is None or _mark(turn) not in self._on:
                await self._offer_handover(turn)
        self._on = on

    async def left_nobody(self, by: int, until: datetime) -> None:
        """Tell the leads that somebody ended their shift early and nobody is on now."""
        now = self._clock()
        await self._outbox.add(
            NOBODY,
            Channel(key=PlaceKey.CHANNEL_LEAD),
            due_at=now,
            args={"by": str(by), "until": until.isoformat()},
            expires_at=now + STILL_NEWS,
            key=f"{NOBODY.name}:{by}:{until:%Y%m%d%H%M}:{now:%Y%m%d%H%M}",
        )

    async def written(self, note: Handover) -> None:
        """Offer a new note to those who are on by the rota already."""
        for turn in self._rota.rota.at(self._clock()):
            if turn.user_id != note.author_id:
                await self._offer_handover(turn, about=note.id)

    async def _offer_handover(self, turn: Turn, about: str = "") -> None:
        member = None if turn.user_id is None else self._staff.get(turn.user_id)
        if member is None or not await self._handovers.unread(member):
            return
        shift_id, day = turn.date
        await self._outbox.add(
            HANDOVER,
            Channel(key=PlaceKey.CHANNEL_STAFF),
            due_at=self._clock(),
            args={"who": str(member.user_id)},
            expires_at=turn.end,
            key=f"{HANDOVER.name}:{shift_id}:{day}:{member.user_id}:{about}",
        )

    async def _tell_gaps(self, now: datetime) -> None:
        """Tell the leads of the gaps of the week to come, each once."""
        cover = self._rota.rules.cover
        found = self._rota.rota.gaps([cover] if cover else [], now, now + A_WEEK + ONE_DAY)
        told = await self._store.told_gaps()
        new = [gap for gap in subtract(found, told) if gap.start < now + A_WEEK]
        kept = [gap for gap in told if any(gap.touches(one) for one in found)]
        if not new and len(kept) == len(told):
            return
        async with self._transactor.transaction() as tx:
            await self._store.keep_told({*kept, *new}, tx)
            for start in range(0, len(new), MOST_GAPS):
                part = new[start : start + MOST_GAPS]
                await self._outbox.add(
                    GAPS,
                    Channel(key=PlaceKey.CHANNEL_LEAD),
                    due_at=now,
                    args={"gaps": " ".join(_written(gap) for gap in part)},
                    key=f"{GAPS.name}:{now:%Y%m%d%H%M%S}:{start}",
                    tx=tx,
                )


def read_gaps(text: str) -> list[Span]:
    """Read the gaps a message tells of."""
    pairs = [pair.split("/") for pair in text.split()]
    return [
        Span(start=datetime.fromisoformat(start), end=datetime.fromisoformat(end))
        for start, end in pairs
    ]


def _written(gap: Span) -> str:
    return f"{gap.start.isoformat()}/{gap.end.isoformat()}"


def _mark(turn: Turn) -> tuple[object, ...]:
    shift = turn.shift
    return shift.id, turn.day, turn.user_id, shift.level, shift.rooms
