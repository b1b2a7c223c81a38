"""The ladder: which step is due, and whom it mentions."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import DATA
from bot.content.ladder import load_ladder
from bot.content.reader import ContentError
from bot.domain.case import Severity
from bot.domain.ladder import MINUTE, Ring, Told, new_clock, rung_now, volunteers
from bot.domain.oncall import CallWay, OnCall, Rung, Volunteer
from bot.domain.staff import StaffMember, StaffRole
from tests.fakes.clock import START

LADDER = load_ladder(DATA)
NOW, SOON = LADDER.tier(Severity.NOW), LADDER.tier(Severity.SOON)


def on(user_id: int, rung: Rung, *, lead: bool = False) -> OnCall:
    role = StaffRole.LEAD if lead else StaffRole.MODERATOR
    member = StaffMember(user_id=user_id, role=role, enrolled_at=START)
    away = Volunteer(user_id=user_id, way=CallWay.EMAIL, target="x@example.org")
    return OnCall(member=member, rung=rung, volunteer=away if rung is Rung.VOLUNTEER else None)


TEAM = [
    on(1, Rung.FIRST),
    on(2, Rung.SECOND),
    on(3, Rung.LEAD, lead=True),
    on(4, Rung.VOLUNTEER, lead=True),
]


def test_the_shipped_ladder_is_the_table_of_the_safety_page() -> None:
    minutes = {
        severity: [s.after // MINUTE for s in LADDER.tier(severity).steps] for severity in Severity
    }

    assert minutes == {
        Severity.NOW: [0, 2, 5, 10],
        Severity.SOON: [0, 10, 30, 60],
        Severity.TODAY: [0, 240, 1440],
        Severity.WATCH: [],
    }
    assert [step.tells for step in NOW.steps] == [None, None, Told.EMERGENCY, Told.NO_ONE]
    assert (NOW.repeats, NOW.reopens) == (10 * MINUTE, 15 * MINUTE)
    assert (SOON.repeats, SOON.reopens) == (60 * MINUTE, 60 * MINUTE)
    assert LADDER.tier(Severity.TODAY).repeats is None
    assert [Ring.OUTSIDE in step.rings for step in NOW.steps] == [False, False, False, True]


@pytest.mark.parametrize(
    ("minutes", "number"),
    [(0, 0), (1, 0), (2, 1), (4, 1), (5, 2), (10, 3), (19, 3), (20, 4), (30, 5), (2880, 290)],
)
def test_the_step_that_is_due(minutes: int, number: int) -> None:
    assert NOW.number_at(minutes * MINUTE) == number
    assert NOW.after(number) <= minutes * MINUTE < NOW.after(number + 1)


def test_without_a_loop_there_is_an_end() -> None:
    today = LADDER.tier(Severity.TODAY)

    assert today.number_at(timedelta(days=30)) == 2
    assert today.after(3) is None
    assert LADDER.tier(Severity.WATCH).number_at(timedelta(days=1)) == -1
    assert LADDER.tier(Severity.WATCH).after(0) is None


@pytest.mark.parametrize(
    ("rings", "mentioned"),
    [
        ({Ring.FIRST}, (1,)),
        ({Ring.SECOND}, (2,)),
        ({Ring.SECOND, Ring.TEAM}, (1, 2, 3)),
        ({Ring.LEADS}, (3,)),
        ({Ring.OUTSIDE}, ()),
        (set(), ()),
    ],
)
def test_a_step_mentions_those_on_duty_and_no_volunteer(
    rings: set[Ring], mentioned: tuple[int, ...]
) -> None:
    assert rung_now(rings, TEAM) == mentioned


def test_where_one_person_is_on_every_step_rings_them() -> None:
    alone = [on(1, Rung.FIRST)]

    assert rung_now({Ring.FIRST}, alone) == rung_now({Ring.SECOND}, alone) == (1,)
    assert rung_now({Ring.FIRST}, [TEAM[3]]) == ()
    assert [one.member.user_id for one in volunteers(TEAM)] == [4]


@given(
    naps=st.lists(st.timedeltas(timedelta(), timedelta(hours=30)), max_size=30),
    severity=st.sampled_from(Severity),
)
def test_however_often_it_is_looked_at_each_step_is_done_once_and_in_order(
    naps: list[timedelta], severity: Severity
) -> None:
    tier, clock, now, done = LADDER.tier(severity), new_clock("c", severity, START), START, []

    for nap in naps:
        now += nap
        while (number := clock.due(tier, now)) is not None:
            done.append(number)
            assert tier.after(number) <= now - START
            clock = clock.climbed(tier, number, now)
        assert clock.due_at is None or clock.due_at > now or not tier.steps
        # What was slept through is made up for by one step, not by all of them.
        assert not done or done[-1] == tier.number_at(now - START)

    assert done == sorted(set(done))
    assert len(done) <= len(naps)


def test_a_step_brought_forward_is_not_done_again_in_its_time() -> None:
    clock = new_clock("c", Severity.NOW, START).climbed(NOW, 0, START)
    hurried = replace(clock, due_at=START)

    number = hurried.due(NOW, START)
    later = hurried.climbed(NOW, 1, START)

    assert number == 1
    assert later.due(NOW, START + 2 * MINUTE) is None
    assert later.due(NOW, START + 5 * MINUTE) == 2


def test_an_own_ladder_with_faults_names_them_all(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        """
morning = "25:00"
[now]
reopens_after = 15
[[now.steps]]
after = 3
rings = ["first", "everyone"]
[[now.steps]]
after = 3
tells = "a story"
[soon]
repeats_every = 0
[today]
[watch]
colour = "red"
""",
        encoding="utf-8",
    )

    with pytest.raises(ContentError) as refused:
        load_ladder(DATA, own)

    text = str(refused.value)
    for part in (
        "morning",
        "the first step must be at 0",
        "each step must come later",
        "everyone",
        "now.steps[2].tells",
        "now.repeats_every",
        "soon.steps",
        "soon.reopens_after",
        "watch.colour",
    ):
        assert part in text


def test_an_own_ladder_is_used_instead(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        (DATA / "ladder.toml").read_text(encoding="utf-8").replace("after = 2\n", "after = 3\n")
    )

    assert load_ladder(DATA, own).tier(Severity.NOW).steps[1].after == 3 * MINUTE


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="missing") as refused:
        load_ladder(DATA, tmp_path / "none.toml")

    assert len(refused.value.faults) == 1
