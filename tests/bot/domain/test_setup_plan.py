"""Set-up's plan: idempotent, cut off anywhere, and fair to what people changed."""

import asyncio
import itertools
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.blueprint import BOT_PERMISSIONS, Overwrite, PartKind, blueprint
from bot.domain.place import PlaceKey
from bot.domain.setup_plan import Action, Obstacle, fingerprint, read_fingerprint, without
from bot.services.building import BuildError, Failure
from bot.services.setup_run import Result
from tests.fakes.building import GUILD, MARKS, DiedError, FakeServer, Workshop, plain_words

KEYS = [part.key for part in blueprint(plain_words, MARKS)]
ROLES = [key for key in KEYS if key.startswith("role")]
CHANNELS = [key for key in KEYS if key.startswith("channel")]
SPY = Overwrite(allow=frozenset({"view_channel"}))


def made_once(workshop: Workshop) -> bool:
    """Tell whether the server holds each part exactly once."""
    things = workshop.server.things.values()
    return len(things) + len(workshop.server.panels) == len(KEYS)


async def settle(workshop: Workshop, *, undo: bool = False) -> int:
    """Apply until a run gets through; say how many died."""
    for deaths in itertools.count():
        try:
            await workshop.apply(undo=undo)
        except DiedError:
            workshop.server.clock.advance(timedelta(hours=1))
        else:
            return deaths
    raise AssertionError


def kill_at(workshop: Workshop, count: int) -> None:
    workshop.server.fate.count = 0
    workshop.server.fate.dies_at = count


async def test_an_empty_server_gets_every_part_once() -> None:
    workshop = Workshop()

    outcomes = await workshop.apply()

    assert {outcome.result for outcome in outcomes} == {Result.MADE}
    assert made_once(workshop)
    assert (await workshop.plan()).is_settled


async def test_a_second_run_touches_nothing() -> None:
    workshop = Workshop()
    await workshop.apply()
    effects = workshop.server.fate.count

    outcomes = await workshop.apply(undo=True)

    assert {outcome.result for outcome in outcomes} == {Result.KEPT}
    assert workshop.server.fate.count == effects


async def test_cut_off_anywhere_it_resumes_and_makes_nothing_twice() -> None:
    whole = Workshop()
    await whole.apply()
    for count in range(1, whole.server.fate.count + 1):
        workshop = Workshop()
        kill_at(workshop, count)

        deaths = await settle(workshop)

        assert deaths == 1
        assert made_once(workshop), f"after dying at effect {count}"
        plan = await workshop.plan()
        assert not plan.of(*set(Action) - {Action.KEEP}), f"after dying at effect {count}"
        assert not workshop.notes.rows


changes_by_hand = st.lists(
    st.one_of(
        st.tuples(st.just("delete"), st.sampled_from(KEYS)),
        st.tuples(st.just("rename"), st.sampled_from([*ROLES, *CHANNELS])),
        st.tuples(st.just("move"), st.sampled_from(CHANNELS)),
        st.tuples(st.just("let in"), st.sampled_from(CHANNELS)),
        st.tuples(st.just("open"), st.sampled_from(CHANNELS)),
        st.tuples(st.just("reword"), st.just(PlaceKey.PANEL_START)),
    ),
    max_size=6,
)


def change(workshop: Workshop, what: str, key: PlaceKey) -> None:
    """Change the server by hand, where the part is still there."""
    server, where = workshop.server, workshop.id_of(key)
    if what == "reword":
        server.marks = {**server.marks, key: "other words"}
    elif what == "delete":
        server.delete(where)
    elif where not in server.things:
        return
    elif what == "rename":
        server.change(where, name="by hand")
    elif what == "move":
        server.change(where, parent_id=None)
    elif what == "let in":
        server.let_in(where, 999, SPY)
    else:
        server.let_in(where, GUILD, SPY)


@settings(max_examples=150, deadline=None)
@given(changes=changes_by_hand, deaths=st.lists(st.integers(1, 60), max_size=3))
def test_repair_brings_any_server_back_whatever_happens(
    changes: list[tuple[str, PlaceKey]], deaths: list[int]
) -> None:
    async def story() -> None:
        workshop = Workshop()
        await workshop.apply()
        for what, key in changes:
            change(workshop, what, key)
        for count in deaths:
            kill_at(workshop, count)
            await settle(workshop, undo=True)
        workshop.server.fate.dies_at = None
        await settle(workshop, undo=True)

        assert made_once(workshop)
        plan = await workshop.plan()
        assert {step.action for step in plan.steps} == {Action.KEEP}

    asyncio.run(story())


@settings(max_examples=150, deadline=None)
@given(changes=changes_by_hand, deaths=st.lists(st.integers(1, 60), max_size=3))
def test_without_repair_a_run_is_settled_and_leaves_what_people_changed(
    changes: list[tuple[str, PlaceKey]], deaths: list[int]
) -> None:
    async def story() -> None:
        workshop = Workshop()
        await workshop.apply()
        for what, key in changes:
            change(workshop, what, key)
        deleted = {key for what, key in changes if what == "delete"}
        renamed = {key for what, key in changes if what == "rename"} - deleted
        for count in deaths:
            kill_at(workshop, count)
            await settle(workshop)
        workshop.server.fate.dies_at = None
        await settle(workshop)

        assert made_once(workshop)
        plan = await workshop.plan()
        assert plan.is_settled
        kept_names = {
            step.key for step in plan.steps if "name" in step.by_hand and step.key in renamed
        }
        survivors = {key for key in renamed if workshop.id_of(key) in workshop.server.things}
        still = {key for key in survivors if named_by_hand(workshop, key)}
        assert kept_names == still == survivors

    asyncio.run(story())


def named_by_hand(workshop: Workshop, key: PlaceKey) -> bool:
    return workshop.server.things[workshop.id_of(key)].name == "by hand"


async def test_what_falls_away_with_a_role_is_put_right_without_asking() -> None:
    workshop = Workshop()
    await workshop.apply()
    workshop.server.delete(workshop.id_of(PlaceKey.ROLE_LEAD))

    plan = await workshop.plan()

    by_key = {step.key: step for step in plan.steps}
    assert by_key[PlaceKey.ROLE_LEAD].action is Action.CREATE
    assert by_key[PlaceKey.CHANNEL_LEAD].repair == {"overwrite:role.lead"}
    assert not any(step.by_hand for step in plan.steps)


async def test_a_new_version_changes_what_nobody_touched() -> None:
    workshop = Workshop()
    await workshop.apply()
    workshop.server.marks = {**MARKS, PlaceKey.PANEL_ROOM: "new words"}

    plan = await workshop.plan()

    (step,) = plan.of(Action.REPAIR)
    assert (step.key, step.repair) == (PlaceKey.PANEL_ROOM, {"mark"})


async def test_a_person_shown_their_own_thread_is_no_change_by_hand() -> None:
    workshop = Workshop()
    await workshop.apply()
    parent = workshop.id_of(PlaceKey.CHANNEL_PERSONAL)
    own = Overwrite(allow=frozenset({"view_channel", "send_messages_in_threads"}))
    workshop.server.let_in(parent, 77, own)
    workshop.server.change(parent, people=frozenset({77}))

    assert {step.action for step in (await workshop.plan()).steps} == {Action.KEEP}

    workshop.server.let_in(parent, 77, Overwrite(allow=frozenset({"manage_threads"})))
    (step,) = (await workshop.plan()).of(Action.CHANGED)
    assert step.by_hand == {"others"}


async def test_a_person_kept_out_of_a_channel_is_no_change_by_hand() -> None:
    workshop = Workshop()
    await workshop.apply()
    room = workshop.id_of(PlaceKey.CHANNEL_ROOM)
    workshop.server.let_in(room, 77, Overwrite(deny=frozenset({"view_channel"})))
    workshop.server.change(room, people=frozenset({77}))

    assert (await workshop.plan()).of(Action.CHANGED) == []


async def test_nothing_that_was_there_before_is_taken_over() -> None:
    workshop = Workshop()
    wanted = {part.key: part for part in blueprint(plain_words, MARKS)}
    theirs = await workshop.server.make(wanted[PlaceKey.ROLE_MODERATOR], {})
    workshop.server.clock.advance(timedelta(days=1))

    await workshop.apply()

    assert workshop.id_of(PlaceKey.ROLE_MODERATOR) != theirs


async def test_a_missing_permission_blocks_what_needs_it_alone() -> None:
    workshop = Workshop(FakeServer(permissions=BOT_PERMISSIONS - {"manage_channels"}))

    plan = await workshop.plan()

    blocked = plan.of(Action.BLOCKED)
    assert {step.part.kind for step in blocked} == {PartKind.CATEGORY, PartKind.CHANNEL}
    assert all(step.obstacle is Obstacle.PERMISSION for step in blocked)
    assert all(step.missing == {"manage_channels"} for step in blocked)


async def test_a_role_above_the_bots_cannot_be_put_right() -> None:
    workshop = Workshop()
    await workshop.apply()
    workshop.server.change(workshop.id_of(PlaceKey.ROLE_LEAD), name="boss", position=200)

    (step,) = (await workshop.plan(undo=True)).of(Action.BLOCKED)

    assert step.obstacle is Obstacle.ROLE_TOO_HIGH


@pytest.mark.parametrize(("failure", "noted"), [(Failure.NO_ANSWER, True), (Failure.FULL, False)])
async def test_only_a_doubtful_refusal_is_looked_for_later(failure: Failure, noted: bool) -> None:
    workshop = Workshop(FakeServer(refusal=BuildError(failure)))

    outcomes = await workshop.apply()

    results = {outcome.step.key: outcome for outcome in outcomes}
    assert results[PlaceKey.ROLE_LEAD].failure is failure
    assert results[PlaceKey.CHANNEL_LEAD].waits_for is PlaceKey.ROLE_LEAD
    assert bool(workshop.notes.rows) is noted


def test_a_fingerprint_comes_back_and_can_lose_an_aspect() -> None:
    text = fingerprint({"name": "room", "topic": "a topic, with = and spaces"})

    assert set(read_fingerprint(text)) == {"name", "topic"}
    assert set(read_fingerprint(without(text, frozenset({"name"})))) == {"topic"}
    assert read_fingerprint("") == {}
