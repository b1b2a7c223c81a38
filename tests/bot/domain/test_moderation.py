"""When the team must not act, and how long a timeout lasts."""

from datetime import timedelta

import pytest

from bot.domain.ids import ModerationId
from bot.domain.moderation import (
    LONGEST_TIMEOUT,
    TIMEOUTS,
    Act,
    ActKind,
    Bar,
    Target,
    bar_to_act,
    bar_to_timeout,
    timeout_until,
)
from tests.fakes.clock import START

MOD, ANA = 1, 2


@pytest.mark.parametrize(
    ("target", "is_staff", "bar"),
    [
        (Target(user_id=ANA), False, None),
        (Target(user_id=MOD), True, Bar.SELF),
        (Target(user_id=ANA, is_us=True, is_bot=True), False, Bar.BOT),
        (Target(user_id=ANA, is_owner=True), True, Bar.COLLEAGUE),
        (Target(user_id=ANA, is_here=False, is_below=False), False, Bar.LEFT),
        (Target(user_id=ANA, is_bot=True), False, Bar.OTHER_BOT),
        (Target(user_id=ANA, is_owner=True, is_admin=True), False, Bar.OWNER),
        (Target(user_id=ANA, is_admin=True, is_below=False), False, Bar.ADMIN),
        (Target(user_id=ANA, is_below=False), False, Bar.ROLE_ORDER),
    ],
)
def test_why_somebody_cannot_be_timed_out(target: Target, is_staff: bool, bar: Bar | None) -> None:
    assert bar_to_timeout(target, by_id=MOD, is_staff=is_staff) is bar


def test_a_post_of_someone_who_left_or_of_another_bot_can_be_hidden() -> None:
    for target in (Target(user_id=ANA, is_here=False), Target(user_id=ANA, is_bot=True)):
        assert bar_to_act(target, by_id=MOD, is_staff=False) is None


def test_a_timeout_counts_from_its_beginning_and_is_never_too_long() -> None:
    act = Act(id=ModerationId("a"), kind=ActKind.TIMEOUT, by_id=MOD, seconds=600, begun_at=START)

    assert timeout_until(act) == START + timedelta(minutes=10)
    assert max(TIMEOUTS) == LONGEST_TIMEOUT
    ended = Act(id=ModerationId("b"), kind=ActKind.TIMEOUT_END, by_id=MOD, begun_at=START)
    assert timeout_until(ended) is None
