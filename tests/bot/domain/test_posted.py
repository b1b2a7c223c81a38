"""Sorting what was posted into what Discord takes at once and what goes one by one."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.ids import OutboxId
from bot.domain.posted import Posted, batches

NOW = datetime(2026, 1, 20, tzinfo=UTC)


def posted(number: int, *, age: timedelta = timedelta(0), channel: int = 1) -> Posted:
    return Posted(
        outbox_id=OutboxId(str(number)), channel_id=channel, message_id=number, sent_at=NOW - age
    )


@pytest.mark.parametrize(
    ("age", "is_bulk"),
    [
        (timedelta(days=13, hours=22), True),
        (timedelta(days=13, hours=23), False),
        (timedelta(days=14), False),
    ],
)
def test_an_hour_before_the_limit_nothing_goes_in_bulk_any_more(
    age: timedelta, is_bulk: bool
) -> None:
    (batch,) = batches([posted(1, age=age), posted(2, age=age)], NOW)
    assert batch.is_bulk is is_bulk


def test_one_message_is_no_bulk() -> None:
    (batch,) = batches([posted(1)], NOW)
    assert not batch.is_bulk


def test_a_batch_is_of_one_channel_and_holds_a_hundred() -> None:
    found = list(batches([posted(n, channel=n % 2) for n in range(301)], NOW))
    assert [(one.channel_id, len(one.messages)) for one in found] == [
        (0, 100), (0, 51), (1, 100), (1, 50)
    ]  # fmt: skip


def test_young_and_old_ones_of_a_channel_are_kept_apart() -> None:
    old = timedelta(days=20)
    young, single = batches([posted(1), posted(2, age=old), posted(3)], NOW)
    assert [one.message_id for one in young.messages] == [1, 3]
    assert [one.message_id for one in single.messages] == [2]


def test_nothing_makes_no_batch() -> None:
    assert list(batches([], NOW)) == []
