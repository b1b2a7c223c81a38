"""Messages the bot posted that are still in Discord."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ids import OutboxId

BULK_LIMIT = timedelta(days=14)
"""Older messages Discord lets nobody delete in bulk."""

BULK_MARGIN = timedelta(hours=1)
MOST_IN_BULK = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Posted:
    """One message the bot posted, by the outbox row it came from."""

    outbox_id: OutboxId
    channel_id: int
    message_id: int
    sent_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Messages of one channel that are removed together, or one by one.

    Attributes:
        is_bulk: Discord takes them in one request.
    """

    channel_id: int
    messages: Sequence[Posted]
    is_bulk: bool


def batches(messages: Iterable[Posted], now: datetime) -> Iterator[Batch]:
    """Sort messages into batches: together while they are young enough, singly otherwise."""
    for channel_id, ours in _by_channel(messages).items():
        young = [one for one in ours if now - one.sent_at < BULK_LIMIT - BULK_MARGIN]
        old = [one for one in ours if now - one.sent_at >= BULK_LIMIT - BULK_MARGIN]
        for start in range(0, len(young), MOST_IN_BULK):
            part = young[start : start + MOST_IN_BULK]
            yield Batch(channel_id=channel_id, messages=part, is_bulk=len(part) > 1)
        if old:
            yield Batch(channel_id=channel_id, messages=old, is_bulk=False)


def _by_channel(messages: Iterable[Posted]) -> Mapping[int, Sequence[Posted]]:
    found: defaultdict[int, list[Posted]] = defaultdict(list)
    for one in messages:
        found[one.channel_id].append(one)
    return found
