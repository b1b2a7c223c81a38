"""Whether a row that is ready may go now."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.domain.delivery import Circumstances, Close, Kind, OutboxRow, Reason
from bot.domain.localtime import local_day
from bot.scheduling.unfold import overtaken


@dataclass(frozen=True, kw_only=True, slots=True)
class Go:
    """Send it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """Look at it again later."""

    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """Keep it until its scope is open again."""

    scope: str


Verdict: TypeAlias = Go | Hold | Pause | Close


def judge(
    row: OutboxRow,
    *,
    kind: Kind | None,
    who: Circumstances | None,
    scope: str,
    paused: Container[str],
    is_overtaken: bool,
    now: datetime,
) -> Verdict:
    """Decide about a row; nothing but expiry holds back a page.

    Args:
        who: The circumstances of the receiver of a personal message.
        scope: What a lost permission would close.
        paused: The scopes that are closed.
        is_overtaken: A later occurrence of its schedule went out, or may now: so it was due while
            Discord was down, a permission was lost, or in quiet hours.
    """
    if kind is None:
        return Close(reason=Reason.BROKEN)
    if row.expires_at and row.expires_at <= now:
        return Close(reason=Reason.EXPIRED)
    if kind.is_page:
        return Go()
    if is_overtaken and (closed := overtaken(kind)):
        return closed
    if row.participant_id is not None:
        verdict = _judge_person(row, kind, who, now)
        if not isinstance(verdict, Go):
            return verdict
    # A row that carries its scope is the one let through to try whether it is open again.
    if scope in paused and row.scope != scope:
        return Pause(scope=scope)
    return Go()


def _judge_person(row: OutboxRow, kind: Kind, who: Circumstances | None, now: datetime) -> Verdict:
    if who is None or not who.is_reachable:
        return Close(reason=Reason.UNREACHABLE)
    if kind.honours_away and who.is_away(local_day(now, who.zone)):
        return Close(reason=Reason.EXCUSED)
    if kind.honours_quiet and who.quiet is not None:
        release = who.quiet.release(now, who.zone)
        if row.expires_at and release >= row.expires_at:
            return Close(reason=Reason.QUIET)
        if release > now:
            return Hold(until=release)
    return Go()
