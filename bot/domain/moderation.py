"""Moderation: what the team does in a room or to a member, and when it must not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import CaseId, ModerationId, ParticipantId, RoomId

LONGEST_TIMEOUT = timedelta(days=28)
LONGEST_SLOW = 21_600
"""Seconds; Discord takes no more."""

BEGUN_LASTS = timedelta(hours=1)
"""A form that was opened and not sent: what it kept of the post goes after this."""

STUCK = timedelta(minutes=2)
"""What was begun in Discord before and is not settled was cut off, and is done again."""

GIVEN_UP = timedelta(hours=1)
"""For how long what Discord did not answer to is tried again."""

TIMEOUTS = tuple(
    timedelta(minutes=minutes) for minutes in (10, 60, 360, 1440, 3 * 1440, 7 * 1440, 28 * 1440)
)
"""How long a timeout may be; ending one is no timeout at all."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (15, 60, 240, 720, 1440))
"""How long a room may pause by itself; besides, until somebody opens it again."""

UNTIL_OPENED = timedelta(days=3650)


class ActKind(StrEnum):
    """What was done."""

    HIDE = "hide"
    PAUSE = "pause"
    RESUME = "resume"
    SLOW = "slow"
    TIMEOUT = "timeout"
    TIMEOUT_END = "timeout_end"
    REMOVE = "remove"


class ActState(StrEnum):
    """Where it stands; `doing` while Discord is asked."""

    BEGUN = "begun"
    DOING = "doing"
    DONE = "done"
    REFUSED = "refused"


class Permission(StrEnum):
    """What the bot needs of Discord for it, by Discord's own names."""

    MANAGE_MESSAGES = "manage_messages"
    MODERATE_MEMBERS = "moderate_members"
    MANAGE_CHANNELS = "manage_channels"
    MANAGE_ROLES = "manage_roles"


class Bar(StrEnum):
    """Why somebody must not, or cannot, be timed out, hidden or removed."""

    SELF = "self"
    BOT = "bot"
    OTHER_BOT = "other_bot"
    COLLEAGUE = "colleague"
    OWNER = "owner"
    LEFT = "left"
    ADMIN = "admin"
    ROLE_ORDER = "role_order"


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """How a member stands in the server, as Discord says it right now.

    Attributes:
        is_here: They are in the server.
        is_below: The bot's highest role is above theirs.
    """

    user_id: int
    is_here: bool = True
    is_bot: bool = False
    is_us: bool = False
    is_owner: bool = False
    is_admin: bool = False
    is_below: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One act of moderation.

    Attributes:
        user_id: The member it is about; nobody for what is done to a room.
        by_id: Who of the team did it.
        case_id: The case the post is part of.
        seconds: How long: a timeout, a pause, or the wait of slow mode.
        note: The authored note its author gets.
        reason: Why; missing where its key is gone.
        words: What the one who did it wrote to the person besides.
    """

    id: ModerationId
    kind: ActKind
    state: ActState = ActState.BEGUN
    user_id: int | None = None
    participant_id: ParticipantId | None = None
    by_id: int
    room_id: RoomId | None = None
    channel_id: int | None = None
    message_id: int | None = None
    case_id: CaseId | None = None
    seconds: int | None = None
    note: str = ""
    reason: str | None = None
    words: str = ""
    begun_at: datetime
    done_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ColleagueNote:
    """What one of the team wants a colleague to know; missing text: its key is gone."""

    by_id: int
    at: datetime
    text: str | None


def bar_to_act(target: Target, *, by_id: int, is_staff: bool) -> Bar | None:
    """Tell why one of the team must not act on an account, if anything forbids it."""
    if target.user_id == by_id:
        return Bar.SELF
    if target.is_us:
        return Bar.BOT
    return Bar.COLLEAGUE if is_staff else None


def bar_to_timeout(target: Target, *, by_id: int, is_staff: bool) -> Bar | None:
    """Tell why a member cannot be timed out, in the order in which it helps to know."""
    if (bar := bar_to_act(target, by_id=by_id, is_staff=is_staff)) is not None:
        return bar
    found = {
        Bar.LEFT: not target.is_here,
        Bar.OTHER_BOT: target.is_bot,
        Bar.OWNER: target.is_owner,
        Bar.ADMIN: target.is_admin,
        Bar.ROLE_ORDER: not target.is_below,
    }
    return next((bar for bar, holds in found.items() if holds), None)


def timeout_until(act: Act) -> datetime | None:
    """Return when a timeout ends; nothing where it is ended now.

    It counts from when it was begun: one that is done again after a crash does not grow.
    """
    if act.kind is not ActKind.TIMEOUT or act.seconds is None:
        return None
    return act.begun_at + min(timedelta(seconds=act.seconds), LONGEST_TIMEOUT)
