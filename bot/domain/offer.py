"""What a pair is offered on a day or in a week: the same for both, whatever either does."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ids import MiddleWayId, PairId, ParticipantId
from bot.domain.localtime import ONE_DAY, local_day, resolve
from bot.domain.opening import Feature
from bot.domain.pair import OPENS_AT
from bot.domain.recurrence import Daily, Rule, Slot, Weekly

NOT_AGAIN = timedelta(days=180)
"""A question is not asked of a pair again before this has passed."""

WEEK_CLOSES_AT = time(18)
WEEK_CLOSES_ON = 6
"""Sunday evening: the week's answers open then."""

DAILY = Rule(dates=Daily(), slots=(Slot(at=time(9)),))
WEEKLY = Rule(dates=Weekly(weekdays=frozenset({5})), slots=(Slot(at=time(10)),))
"""When each is asked: the question every morning, the week on Saturday, by one's own clock."""

DEEPER_AFTER = (timedelta(weeks=3), timedelta(weeks=8))
"""From then on questions of the second and third level come too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Something that may be offered."""

    id: str
    theme: str
    level: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What a pair is offered.

    Attributes:
        subject: Its ID in the content.
        closes_at: Until when it may be answered; it opens then, or on a held day later.
    """

    pair_id: PairId
    feature: Feature
    subject: str
    closes_at: datetime


def closing(feature: Feature, now: datetime, zone: str) -> datetime:
    """Return until when what is offered now may be answered, in UTC."""
    tz = ZoneInfo(zone)
    day = local_day(now, tz)
    if feature is Feature.QUESTION:
        moment = resolve(day, OPENS_AT, tz)
        return moment if moment > now else resolve(day + ONE_DAY, OPENS_AT, tz)
    day += ONE_DAY * ((WEEK_CLOSES_ON - day.weekday()) % 7)
    moment = resolve(day, WEEK_CLOSES_AT, tz)
    return moment if moment > now else resolve(day + 7 * ONE_DAY, WEEK_CLOSES_AT, tz)


def depth(opened_at: datetime, now: datetime) -> int:
    """Return the deepest level for a pair as old as this, 1 to 3."""
    return 1 + sum(now - opened_at >= age for age in DEEPER_AFTER)


def pick(
    candidates: Sequence[Candidate],
    recent: Collection[str],
    day: date,
    *,
    deepest: int,
    draw: Callable[[str], bytes],
    key: str,
) -> str:
    """Pick what is offered on a day: another theme each day, nothing that was offered lately.

    It depends on the pair and the day alone, so it is the same for both and tells nothing.

    Args:
        candidates: All there is, at least one.
        recent: What was offered too lately.
        day: The pair's local day.
        deepest: The deepest level for this pair.
        draw: A keyed digest.
        key: The pair and feature.

    Returns:
        The ID of one; if all were offered lately, of any that is not too deep.
    """
    shallow = [one for one in candidates if one.level <= deepest] or list(candidates)
    fresh = [one for one in shallow if one.id not in recent] or shallow
    themes = sorted({one.theme for one in shallow})
    wanted = themes[day.toordinal() % len(themes)]
    themed = sorted(one.id for one in fresh if one.theme == wanted)
    pool = themed or sorted(one.id for one in fresh)
    number = int.from_bytes(draw(f"offer:{key}:{day.isoformat()}")[:8], "big")
    return pool[number % len(pool)]


@dataclass(frozen=True, kw_only=True, slots=True)
class MiddleWay:
    """A topic on which two people look for a middle way; who put it forward is open to both."""

    id: MiddleWayId
    pair_id: PairId
    participant_id: ParticipantId
    topic: str
    at: datetime
    closes_at: datetime


def way_closing(now: datetime, zone: str) -> datetime:
    """Return until when both may write on a topic: two evenings on, in UTC."""
    tz = ZoneInfo(zone)
    return resolve(local_day(now, tz) + 2 * ONE_DAY, OPENS_AT, tz)
