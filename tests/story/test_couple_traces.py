"""Whatever one of two does in private, the other one observes the same, step by step.

Two worlds run side by side. What Ada does, what the two declare, and the clock are the same in
both; Ben's private acts happen in one of them only. All that Ada can observe is compared after
every step. The acts that she may see are listed once, in `bot.domain.mutual`.
"""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.mutual import MutualAct
from bot.domain.pair import Parting
from bot.errors import UserError
from bot.store.audit import HeadFile
from bot.store.database import open_database
from bot.store.migrate import load_migrations, migrate
from bot.store.vault import KEY_BYTES, Vault
from tests.fakes.clock import FakeClock
from tests.fakes.couple_acts import MUTUAL_ACTS, PRIVATE_ACTS
from tests.fakes.couples import ADA, BEN, LEAD, CoupleWorld

BOUNDARY = datetime(2026, 1, 11, 20, tzinfo=UTC)
EXAMPLES = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)

waits = st.tuples(st.just("wait"), st.sampled_from([1, 5, 9, 14, 27]))
private = st.tuples(st.just("private"), st.sampled_from(sorted(PRIVATE_ACTS)))
own = st.tuples(st.just("own"), st.sampled_from(sorted([*PRIVATE_ACTS, MutualAct.OPENED.value])))
declared = st.tuples(st.sampled_from(["ada", "ben"]), st.sampled_from(sorted(MUTUAL_ACTS)))
steps = st.lists(st.one_of(waits, private, own, declared), min_size=4, max_size=12)


@asynccontextmanager
async def couple() -> AsyncIterator[CoupleWorld]:
    """A pair on real files, whose held days do not hang on random IDs."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = await stack.enter_async_context(open_database(folder / "test.db"))
        await migrate(database, load_migrations())
        keys = await stack.enter_async_context(open_database(folder / "keys" / "keys.db"))
        vault = Vault(keys, bytes(KEY_BYTES))
        await vault.prepare()
        world = CoupleWorld(database, vault, FakeClock(), HeadFile(folder / "head"))
        pair = await world.couple()

        def draw(text: str) -> bytes:
            return hashlib.sha256(text.replace(pair.id, "").encode()).digest()

        world.draws = draw
        yield world


async def act(world: CoupleWorld, name: str, user_id: int) -> None:
    """Do something, wherever the person still has a space to do it in."""
    if not await world.pairs.spaces((await world.person(user_id)).id):
        return
    found = PRIVATE_ACTS.get(name) or MUTUAL_ACTS[MutualAct(name)]
    with suppress(UserError):
        await found(world, user_id)


async def step(world: CoupleWorld, kind: str, what: Any, *, ben_acts: bool) -> dict[str, Any]:
    """Take one step and return what Ada observes after it."""
    if kind == "wait":
        await world.run(world.clock() + timedelta(hours=what))
    elif kind in ("own", "ada"):
        await act(world, what, ADA)
    elif kind == "ben" or ben_acts:
        await act(world, what, BEN)
    return await world.seen_by(ADA)


async def end(world: CoupleWorld, how: Parting | None) -> None:
    """End the space in one of the ways that all look alike."""
    [pair] = await world.pair_store.of((await world.person(BEN)).id)
    if how is None:
        await world.desk.close(pair.id, LEAD)
    else:
        await world.life.leave(await world.person(BEN), pair.id, how, world.hands)


@given(steps=steps)
@EXAMPLES
async def test_private_acts_leave_no_trace(steps: list[tuple[str, Any]]) -> None:
    async with couple() as busy, couple() as silent:
        for number, (kind, what) in enumerate(steps):
            seen = await step(busy, kind, what, ben_acts=True)
            assert seen == await step(silent, kind, what, ben_acts=False), (number, kind, what)


@given(
    steps=steps,
    at=st.integers(min_value=0, max_value=11),
    how=st.sampled_from([Parting.LEFT, Parting.CONSENT, None]),
)
@EXAMPLES
async def test_a_quiet_end_looks_like_no_end_until_the_boundary(
    steps: list[tuple[str, Any]], at: int, how: Parting | None
) -> None:
    async with couple() as ended, couple() as going:
        for number, (kind, what) in enumerate(steps):
            if number == min(at, len(steps) - 1):
                await end(ended, how)
            if ended.clock() + timedelta(hours=27) >= BOUNDARY:
                break
            if kind == "ben" and number >= min(at, len(steps) - 1):
                # Who has left declares nothing any more: going on, they would do nothing either.
                continue
            seen = await step(ended, kind, what, ben_acts=True)
            assert seen == await step(going, kind, what, ben_acts=True), (number, kind, what)


@pytest.mark.parametrize("one", [Parting.LEFT, Parting.CONSENT])
async def test_after_the_boundary_every_end_is_the_same(one: Parting) -> None:
    async with couple() as left, couple() as closed:
        await end(left, one)
        await end(closed, None)
        for world in (left, closed):
            await world.run(BOUNDARY)

        assert await left.seen_by(ADA) == await closed.seen_by(ADA)
        assert (await left.seen_by(ADA))["closed"]


async def test_the_harness_sees_a_declared_act() -> None:
    """The comparison can fail: what both share is observed."""
    async with couple() as sharing, couple() as silent:
        sharing.draws = silent.draws = lambda _text: b"\xff" * 8
        for world in (sharing, silent):
            await act(world, MutualAct.OPENED, ADA)
        await act(sharing, MutualAct.OPENED, BEN)
        for world in (sharing, silent):
            await world.run(world.clock() + timedelta(hours=10))

        assert await sharing.seen_by(ADA) != await silent.seen_by(ADA)
