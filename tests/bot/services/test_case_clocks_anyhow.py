"""The ladder under anything: claims, words, restarts, downtime and a machine clock put about."""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.case import Case, CaseState, Severity
from bot.domain.ladder import MINUTE, Tier
from bot.services.case_clock_ports import Reach
from bot.store.database import SqliteDatabase, open_database
from bot.store.vault import KEY_BYTES, Vault
from tests.fakes.clock import START, FakeClock
from tests.fakes.clocks import MOD, WEBHOOK, Ward

Step: TypeAlias = tuple[str, int]

AWAKE, DOWN, BACK, CLAIM, WRITE, RESTART = "awake", "down", "back", "claim", "write", "restart"
URGENT = [Severity.NOW, Severity.SOON]

WITHOUT_JUMPS = st.lists(
    st.one_of(
        st.tuples(st.just(AWAKE), st.integers(0, 90)),
        st.tuples(st.just(DOWN), st.integers(0, 3000)),
        st.tuples(st.sampled_from([CLAIM, WRITE, RESTART]), st.just(0)),
    ),
    max_size=12,
)
WITH_JUMPS = st.lists(
    st.one_of(
        st.tuples(st.just(AWAKE), st.integers(0, 90)),
        st.tuples(st.sampled_from([BACK, DOWN]), st.integers(0, 3000)),
        st.tuples(st.sampled_from([CLAIM, WRITE, RESTART]), st.just(0)),
    ),
    max_size=12,
)
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@dataclass
class Expected:
    """What the ladder promises, in the simplest words: the steps done, by round and number."""

    tier: Tier
    started_at: datetime = START
    claimed_at: datetime | None = None
    is_written: bool = False
    round: int = 1
    last: int = 0
    done: list[tuple[int, int]] = field(default_factory=lambda: [(1, 0)])

    def look(self, now: datetime) -> None:
        """Do the one thing that is due."""
        if self.is_written:
            return
        if self.claimed_at is not None:
            if now - self.claimed_at < self.tier.reopens:
                return
            self.claimed_at, self.started_at = None, now
            self.round, self.last = self.round + 1, -1
        number = self.tier.number_at(now - self.started_at)
        if number > self.last:
            self.last = number
            self.done.append((self.round, number))

    def pass_time(self, start: datetime, end: datetime) -> None:
        """Look at every minute: every promise falls on a whole one."""
        while start <= end:
            self.look(start)
            start += MINUTE


async def play(
    database: SqliteDatabase, vault: Vault, severity: Severity, steps: Sequence[Step]
) -> tuple[Ward, Case, Expected]:
    clock = FakeClock()
    ward = Ward(database, vault, clock, reach=Reach(channels=(WEBHOOK,)))
    ward.duty.put_on(MOD)
    case = await ward.open(severity)
    expected = Expected(tier=ward.ladder.tier(severity))
    for what, minutes in steps:
        before = clock()
        if what == AWAKE:
            await ward.run(minutes * MINUTE)
            expected.pass_time(before, clock())
        elif what == DOWN:
            await ward.sleep(minutes * MINUTE)
            expected.look(clock())
        elif what == BACK:
            clock.now -= minutes * MINUTE
            await ward.run()
        elif what == CLAIM and await ward.claim(case):
            expected.claimed_at = clock()
        elif what == WRITE and await ward.contact(case):
            expected.is_written = True
        elif what == RESTART:
            ward.restart()
            await ward.run()
    return ward, case, expected


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Path:
    directory = tmp_path_factory.mktemp("anyhow")
    shutil.copyfile(migrated, directory / "test.db")
    return directory


def tried(place: Path, severity: Severity, steps: Sequence[Step], check: object) -> None:
    async def attempt() -> None:
        async with (
            open_database(place / "keys.db") as keys,
            open_database(place / "test.db") as rows,
        ):
            vault = Vault(keys, bytes(KEY_BYTES))
            await vault.prepare()
            for table in ("cases", "outbox"):
                await rows.execute(f"DELETE FROM {table}")
            await check(*await play(rows, vault, severity, steps))

    asyncio.run(attempt())


@SLOW
@given(severity=st.sampled_from(URGENT), steps=WITHOUT_JUMPS)
def test_every_due_step_is_done_once_and_in_order(
    place: Path, severity: Severity, steps: list[Step]
) -> None:
    async def check(ward: Ward, case: Case, expected: Expected) -> None:
        assert [(round_, number) for round_, number, _ in await ward.steps()] == expected.done

    tried(place, severity, steps, check)


@SLOW
@given(severity=st.sampled_from(URGENT), steps=WITH_JUMPS)
def test_with_the_clock_put_about_nothing_repeats_and_nothing_stops(
    place: Path, severity: Severity, steps: list[Step]
) -> None:
    async def check(ward: Ward, case: Case, expected: Expected) -> None:
        done = [(round_, number) for round_, number, _ in await ward.steps()]
        assert done == sorted(set(done))
        state = (await ward.now(case)).state
        tier = ward.ladder.tier(severity)
        await ward.run(max(tier.repeats, tier.reopens))
        after = await ward.steps()
        if state is CaseState.IN_CONTACT:
            assert len(after) == len(done)
        else:
            assert len(after) > len(done)

    tried(place, severity, steps, check)
