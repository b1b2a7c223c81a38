"""What the bot posts in a room by itself: a theme a week, a topic an evening."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import TypeVar

from bot.domain.recurrence import EVERY_DAY, Daily, Rule, Slot, Weekly

T = TypeVar("T")

WEEKLY_AT, EVENING_AT = time(10), time(19)
WEEKLY_ON = 0
"""Monday, unless a lead says otherwise."""

FRESH = timedelta(hours=3)
"""A topic that could not go out within this is no longer due: nobody wants last night's."""


class Series(StrEnum):
    """Which of the two."""

    WEEKLY = "weekly"
    EVENING = "evening"


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """One theme or topic.

    Attributes:
        title: A theme's name; an evening's topic has none.
    """

    id: str
    text: str
    title: str = ""


def rule_of(series: Series, at: time, weekday: int = WEEKLY_ON) -> Rule:
    """Return when a series falls due."""
    if series is Series.WEEKLY:
        return Rule(dates=Weekly(weekdays=frozenset({weekday})), slots=(Slot(at=at, key="w"),))
    return Rule(dates=Daily(), slots=(Slot(at=at, weekdays=EVERY_DAY, key="e"),))


def pick(topics: Sequence[T], room_id: str, series: Series, day: date) -> T:
    """Choose what comes on a day: each once before any comes again.

    Each room begins at a place of its own, so that two rooms seldom have the same evening.
    """
    count = (day.toordinal() - 1) // 7 if series is Series.WEEKLY else day.toordinal()
    start = int.from_bytes(hashlib.sha256(f"{room_id}{series.value}".encode()).digest()[:4], "big")
    return topics[(start + count) % len(topics)]
