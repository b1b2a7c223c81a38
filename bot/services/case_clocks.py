"""The clocks of cases: who is rung next, when a claim runs out, and what waits for the morning."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.domain.audit import BOT, AuditAction, Subject
from bot.domain.case import (
    ASKED_FOR,
    REPAGE_AFTER,
    Case,
    CaseEventKind,
    CaseSource,
    CaseState,
    Circle,
    Severity,
    narrower,
)
from bot.domain.delivery import Args, OutboxRow
from bot.domain.ladder import (
    CLIMBS,
    CaseClock,
    ClockState,
    Ladder,
    Ring,
    Tier,
    is_anyone_on,
    new_clock,
)
from bot.services.call_list import CallList
from bot.services.case_clock_ports import (
    Cases,
    CurrentProgramme,
    Duty,
    Outbox,
    Reach,
    Store,
)
from bot.services.case_ports import Auditor
from bot.services.database_port import Transactor
from bot.services.pages import (
    AGAIN,
    NEWS,
    OUTSIDE,
    REOPENED,
    TOLD,
    UNTIL_MORNING,
    Pages,
)

log = logging.getLogger(__name__)

AT_ONCE = 500
RETRY = timedelta(seconds=5)
CLAIMED = "claimed"
KEY = "clock"

MAY_KNOW = ASKED_FOR | {CaseSource.SCREEN}
"""Of these the person knows, and is told how they stand."""


class CaseClocks:
    """Keeps every case's clock; each step is one row, done once, whatever happens to the process.

    `opened`, `claimed`, `contacted`, `closed`, `reopened` and `changed` are called inside the
    transaction of what they tell of.
    """

    def __init__(
        self,
        *,
        store: Store,
        cases: Cases,
        pages: Pages,
        outbox: Outbox,
        duty: Duty,
        programme: CurrentProgramme,
        ladder: Ladder,
        reach: Reach,
        audit: Auditor,
        database: Transactor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._cases = cases
        self._pages = pages
        self._outbox = outbox
        self._duty = duty
        self._ladder = ladder
        self._list = CallList(duty, programme, ladder, reach)
        self._audit = audit
        self._database = database
        self._clock = clock

    @property
    def ladder(self) -> Ladder:
        """Who is rung when."""
        return self._ladder

    async def opened(self, case: Case, tx: Any, about: str = "") -> None:
        """Start a new case's clock; its first step goes out in this transaction."""
        if case.circle is Circle.NOBODY:
            log.error("nobody on the team may see case %s", case.id)
            return
        await self._may_ring(case, case.severity, about, tx)
        await self._climb(new_clock(case.id, case.severity, self._clock()), case, tx)

    async def claimed(self, case: Case, tx: Any) -> None:
        """Stop ringing: somebody has it, and must write before their claim runs out."""
        now = self._clock()
        reopens = self._ladder.tier(case.severity).reopens
        state = ClockState.STOPPED if reopens is None else ClockState.UNCONTACTED
        due_at = None if reopens is None else now + reopens
        clock = await self._of(case, tx)
        await self._store.save(replace(clock.moved(state, due_at, now), severity=case.severity), tx)
        await self._silence(case, tx)

    async def contacted(self, case: Case, tx: Any) -> None:
        """Stop the clock: somebody wrote to the person."""
        await self._stop(case, tx)

    async def closed(self, case: Case, tx: Any) -> None:
        """Stop the clock for good, unless the case is opened again."""
        await self._stop(case, tx)

    async def reopened(self, case: Case, tx: Any) -> None:
        """Start over: nobody has it any more."""
        await self._start_over(case, ClockState.UNCLAIMED, case.severity, tx)

    async def changed(self, case: Case, tx: Any) -> None:
        """Follow what a person of the team changed about a case, such as its severity."""
        current = await self._cases.get(case.id, tx)
        clock = await self._store.get(case.id, tx)
        if current is None or clock is None:
            return
        if self._is_free(current):
            if (clock.state, clock.severity) != (ClockState.UNCLAIMED, current.severity):
                await self._start_over(current, ClockState.UNCLAIMED, current.severity, tx)
        elif current.state is CaseState.CLAIMED:
            await self._store.save(self._until_contact(clock, current), tx)
        else:
            await self._stop(current, tx)

    async def postponed(self, case: Case, until: datetime, tx: Any) -> None:
        """Give who has a case more time to write."""
        clock = await self._store.get(case.id, tx)
        if clock is not None and clock.due_at is not None and clock.due_at < until:
            await self._store.save(clock.moved(clock.state, until, self._clock()), tx)

    async def asked_again(self, case: Case, severity: Severity, tx: Any, about: str = "") -> bool:
        """Ring again, because the person asked again, where it is time to.

        What somebody owns keeps its severity and yet rings as urgently as was asked for, until
        they write; what nobody owns becomes that urgent.

        Args:
            case: The case as it is now.
            severity: How urgently the person asked.
            tx: The transaction of what is told.
            about: What it is about; each rings by itself.

        Returns:
            Whether the team is rung.
        """
        clock = await self._store.get(case.id, tx)
        if clock is None or not await self._may_ring(case, severity, about, tx):
            return False
        now = self._clock()
        await self._cases.repage(case.id, severity, now, max(now, case.paged_at), tx)
        urgency = min(case.severity, severity)
        is_rung_so = clock.state in {*CLIMBS, ClockState.UNCONTACTED} and clock.severity <= urgency
        if is_rung_so or urgency > Severity.SOON:
            known = await self._narrowed(case, await self._store.people(case.id, tx), tx)
            await self._pages.page(replace(known, severity=urgency), tx, is_again=True)
        else:
            state = ClockState.UNCLAIMED if self._is_free(case) else ClockState.ASKED_AGAIN
            await self._start_over(case, state, urgency, tx, AGAIN)
        return True

    async def duty_changed(self) -> None:
        """Look at what waits for somebody to come on duty."""
        async with self._database.transaction() as tx:
            await self._store.wake(self._clock(), tx)

    async def hurry(self, row: OutboxRow) -> bool:
        """Go to the next step at once, where the page of the last one failed.

        Returns:
            Whether there is a next one, and it was not done since.
        """
        parts = (row.key or "").split(":")
        if len(parts) < 4 or parts[0] != KEY:
            return False
        case_id, round_, number = parts[1], int(parts[2]), int(parts[3])
        clock = await self._store.get(case_id)
        if clock is None or number + 1 >= len(self._ladder.tier(clock.severity).steps):
            return False
        return await self._store.hurry(case_id, round_, number, self._clock())

    async def rung(self, case: Case, args: Args) -> Sequence[int]:
        """Return whom a page mentions, as of now; never anyone who is off duty."""
        return self._list.mentioned(case, await self._store.people(case.id), args)

    async def calls(self, case: Case) -> Sequence[str]:
        """Return where to call outside of Discord for a case, as of now."""
        return self._list.outside(case, self._list.team(case, await self._store.people(case.id)))

    async def sweep(self, now: datetime) -> datetime | None:
        """Do every step that is due, once, and say when the next one is."""
        async with self._database.transaction() as tx:
            if await self._store.set_back(now, tx):
                log.warning("the machine's clock was put back; cases wait no longer for it")
            due = await self._store.due(now, AT_ONCE, tx)
        for clock in due:
            # One case that fails must not keep the others from being rung.
            [fault] = await asyncio.gather(self._look(clock.case_id, now), return_exceptions=True)
            if isinstance(fault, Exception):
                log.error("the clock of case %s failed", clock.case_id, exc_info=fault)
            elif fault is not None:
                raise fault
        async with self._database.transaction() as tx:
            wanted = await self._store.next_due(tx)
        return now + RETRY if wanted is not None and wanted <= now else wanted

    async def _look(self, case_id: str, now: datetime) -> None:
        async with self._database.transaction() as tx:
            clock = await self._store.get(case_id, tx)
            case = await self._cases.get(case_id, tx)
            if clock is None or case is None or clock.due_at is None or clock.due_at > now:
                return
            if case.is_closed:
                await self._stop(case, tx)
            elif clock.state is ClockState.UNCONTACTED:
                await self._expire(clock, case, tx)
            elif clock.state is ClockState.MORNING:
                await self._wake(clock, case, tx)
            elif clock.state is ClockState.UNCLAIMED and not self._is_free(case):
                await self._store.save(self._until_contact(clock, case), tx)
            else:
                await self._climb(clock, case, tx)

    async def _climb(self, clock: CaseClock, case: Case, tx: Any, why: str = "") -> None:
        """Do the step that is due, and say when the next one is."""
        now, tier = self._clock(), self._ladder.tier(clock.severity)
        people = await self._store.people(case.id, tx)
        case = replace(await self._narrowed(case, people, tx), severity=clock.severity)
        number = clock.due(tier, now)
        if number is None or case.circle is Circle.NOBODY:
            await self._store.save(clock.moved(clock.state, None, now), tx)
            return
        team = self._list.team(case, people)
        is_first, is_urgent = number == 0, case.severity <= Severity.SOON
        calls = self._list.outside(case, team)
        is_on, rings = is_anyone_on(team), self._rings(tier, number, case)
        if not is_urgent and not is_first and not is_on:
            # It waits for whoever comes on next: the team's channel alone would wake nobody.
            await self._wait(clock, clock.state, people, tx)
            return
        is_heard = bool(team or calls) if is_urgent else is_on or not rings
        if is_first or is_heard:
            await self._page(clock, case, number, tx, why)
        if not is_heard:
            await self._until_morning(clock, case, people, tx)
            return
        if is_urgent and (Ring.OUTSIDE in rings or (is_first and not is_on)):
            key, waited = _key(clock, number), clock.waited(now)
            await self._pages.call_out(case, calls, tx, key=key, waited=waited)
        if (told := tier.step(number).tells) and case.source in MAY_KNOW:
            await self._pages.tell(TOLD[told], case, tx, key=f"told:{case.id}:{clock.round}:{told}")
        await self._store.save(clock.climbed(tier, number, now), tx)

    async def _page(self, clock: CaseClock, case: Case, number: int, tx: Any, why: str) -> None:
        """Page the team for a step, and let the leads' channel know where it is theirs too."""
        tier, key = self._ladder.tier(clock.severity), _key(clock, number)
        rings = self._rings(tier, number, case)
        waited = clock.waited(self._clock()) if number else 0
        await self._pages.page(
            case,
            tx,
            rings=rings,
            key=key,
            is_again=why == AGAIN,
            is_reopened=why == REOPENED,
            waited=waited,
        )
        is_first_time = 0 < number < len(tier.steps)
        if Ring.LEADS in rings and is_first_time and case.circle is Circle.TEAM:
            await self._pages.copy_to_leads(case, tx, key=f"{key}:leads", waited=waited)

    async def _until_morning(
        self, clock: CaseClock, case: Case, people: Collection[int], tx: Any
    ) -> None:
        """Let a case wait until somebody can be rung, and tell who is in need so once."""
        morning = await self._wait(clock, ClockState.MORNING, people, tx)
        if case.source in MAY_KNOW and case.severity <= Severity.SOON:
            key = f"told:{case.id}:waiting:{morning:%Y%m%d}"
            await self._pages.tell(UNTIL_MORNING, case, tx, key=key)

    async def _wake(self, clock: CaseClock, case: Case, tx: Any) -> None:
        """Start over where somebody can be rung by now; else wait on, without a word."""
        people = await self._store.people(case.id, tx)
        case = await self._narrowed(case, people, tx)
        team = self._list.team(case, people)
        is_urgent = clock.severity <= Severity.SOON
        if is_anyone_on(team) or (is_urgent and (team or self._list.outside(case, team))):
            state = ClockState.UNCLAIMED if self._is_free(case) else ClockState.ASKED_AGAIN
            await self._start_over(case, state, clock.severity, tx)
        else:
            await self._wait(clock, ClockState.MORNING, people, tx)

    async def _wait(
        self, clock: CaseClock, state: ClockState, people: Collection[int], tx: Any
    ) -> datetime:
        """Let a clock stand until somebody is next on, and say when that is."""
        now = self._clock()
        morning = self._list.morning(people, now)
        await self._store.save(clock.moved(state, morning, now), tx)
        return morning

    async def _expire(self, clock: CaseClock, case: Case, tx: Any) -> None:
        """Open a case again whose owner wrote no word in time."""
        now = self._clock()
        if case.busy_until is not None and case.busy_until > now:
            await self._store.save(clock.moved(clock.state, case.busy_until, now), tx)
            return
        if not await self._store.expire_claim(case.id, tx):
            await self._stop(case, tx)
            return
        await self._cases.record(case.id, CaseEventKind.REOPENED, at=now, actor_id=None, tx=tx)
        await self._audit.record(
            BOT, AuditAction.CASE_CHANGED, Subject.case(case.id), tx=tx, reopened=True
        )
        free = replace(case, state=CaseState.OPEN, owner_id=None, claimed_at=None)
        await self._start_over(free, ClockState.UNCLAIMED, case.severity, tx, REOPENED)

    async def _start_over(
        self, case: Case, state: ClockState, severity: Severity, tx: Any, why: str = ""
    ) -> None:
        clock = (await self._of(case, tx)).restarted(state, severity, self._clock())
        await self._climb(clock, case, tx, why)

    async def _of(self, case: Case, tx: Any) -> CaseClock:
        known = await self._store.get(case.id, tx)
        return known or new_clock(case.id, case.severity, self._clock())

    async def _stop(self, case: Case, tx: Any) -> None:
        if (clock := await self._store.get(case.id, tx)) is not None:
            await self._store.save(clock.moved(ClockState.STOPPED, None, self._clock()), tx)
        await self._silence(case, tx)

    async def _silence(self, case: Case, tx: Any) -> None:
        """Take back what still waits to say that nobody has it."""
        await self._outbox.close_for(
            now=self._clock(),
            reason=CLAIMED,
            subject_id=case.id,
            kinds={OUTSIDE.name, *NEWS},
            tx=tx,
        )

    async def _may_ring(self, case: Case, severity: Severity, about: str, tx: Any) -> bool:
        now = self._clock()
        return await self._store.may_ring(
            case.id, about, severity, at=now, before=now - REPAGE_AFTER, tx=tx
        )

    async def _narrowed(self, case: Case, people: Collection[int], tx: Any) -> Case:
        """Keep a case from those who were put on the conflict list since."""
        circle = narrower(case.circle, self._duty.circle(people))
        if circle is case.circle:
            return case
        await self._cases.narrow(case.id, circle, tx)
        return replace(case, circle=circle)

    def _until_contact(self, clock: CaseClock, case: Case) -> CaseClock:
        """Return the clock of a case that somebody has, by its severity now."""
        now, reopens = self._clock(), self._ladder.tier(case.severity).reopens
        if reopens is None or case.state is not CaseState.CLAIMED:
            return replace(clock.moved(ClockState.STOPPED, None, now), severity=case.severity)
        due_at = (case.claimed_at or now) + reopens
        if case.busy_until is not None:
            due_at = max(due_at, case.busy_until)
        return replace(clock.moved(ClockState.UNCONTACTED, due_at, now), severity=case.severity)

    def _is_free(self, case: Case) -> bool:
        return not case.is_closed and not self._duty.is_enrolled(case.owner_id)

    def _rings(self, tier: Tier, number: int, case: Case) -> frozenset[Ring]:
        rings = tier.step(number).rings
        return rings | tier.asked if number == 0 and case.source in ASKED_FOR else rings


def _key(clock: CaseClock, number: int) -> str:
    """Name one step of one round of a case: it is done once."""
    return f"{KEY}:{clock.case_id}:{clock.round}:{number}"
