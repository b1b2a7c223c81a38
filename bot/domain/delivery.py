"""Delivery: kinds of proactive message, schedules, outbox rows, and what may go wrong."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from enum import IntEnum, StrEnum
from typing import TypeAlias

from bot.domain.ids import OutboxId, ParticipantId, ScheduleId
from bot.domain.localtime import QuietHours
from bot.domain.recurrence import Occurrence, Rule

Args: TypeAlias = Mapping[str, str]
"""Text keys and identifiers, never content."""

SPREAD_WINDOW = timedelta(minutes=15)
"""Prompts due in one moment are spread over this window (DESIGN section 4.7)."""


class Priority(IntEnum):
    """Who goes first; the lower number does."""

    CASE = 0
    RECEIPT = 1
    INTERACTIVE = 2
    REMINDER = 3
    PROMPT = 4


class CatchUp(StrEnum):
    """What becomes of what was due while nothing could be sent.

    The last one of a schedule is sent late, and those before it are closed as superseded; or all
    that wait for one person become one message; or the last one is sent, those before it are
    closed as expired. What is past its expiry is closed under every rule.
    """

    SEND_LATE = "send_late"
    MERGE = "merge"
    CLOSE = "close"


class OutboxState(StrEnum):
    """Where an outbox row stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    CLOSED = "closed"
    PAUSED = "paused"


class Reason(StrEnum):
    """Why the machinery closed, failed or held a row; services add words of their own."""

    EXPIRED = "expired"
    EXCUSED = "excused"
    QUIET = "quiet"
    MERGED = "merged"
    SUPERSEDED = "superseded"
    UNREACHABLE = "unreachable"
    NOT_WANTED = "not_wanted"
    PLACE_GONE = "place_gone"
    NO_PERMISSION = "no_permission"
    TRY_LATER = "try_later"
    REFUSED = "refused"
    BROKEN = "broken"
    UNRESOLVED = "unresolved"
    RESTORED = "restored"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of proactive message and how it is treated.

    Attributes:
        name: Such as `checkin.prompt`.
        is_page: A P1 or P2 page: nothing holds it, it is sent again rather than lost, and a
            failure goes to the next rung at once.
        honours_away: Closed as excused while its receiver is away.
        honours_quiet: Held until the end of the receiver's quiet hours.
        is_spread: Many due in one moment are spread over the window.
        is_outside: It leaves by another way than Discord, and says nothing about how Discord is.
    """

    name: str
    priority: Priority
    catch_up: CatchUp = CatchUp.SEND_LATE
    is_page: bool = False
    honours_away: bool = True
    honours_quiet: bool = True
    is_spread: bool = False
    is_outside: bool = False

    def __post_init__(self) -> None:
        """Check that nothing holds back a page."""
        held = self.honours_away or self.honours_quiet or self.is_spread
        if self.is_page and (held or self.priority is not Priority.CASE):
            raise ValueError(f"the page {self.name} is held back")


class Kinds(Mapping[str, Kind]):
    """All kinds of one bot, by name."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._kinds: dict[str, Kind] = {}
        for kind in kinds:
            if kind.name in self._kinds:
                raise ValueError(f"two kinds are called {kind.name}")
            self._kinds[kind.name] = kind

    def __getitem__(self, name: str) -> Kind:
        """Return a kind by name."""
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        """List the names."""
        return iter(self._kinds)

    def __len__(self) -> int:
        """Count the kinds."""
        return len(self._kinds)


@dataclass(frozen=True, kw_only=True, slots=True)
class Personal:
    """To one participant, wherever they chose to get messages."""

    participant_id: ParticipantId


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """To a channel of the programme, by its own key such as `channel.staff`."""

    key: str


Address: TypeAlias = Personal | Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """Something recurring.

    Attributes:
        subject_id: What it is about, such as a goal; empty where the kind says it all. One
            schedule exists per kind, address and subject.
        decided_until: Every occurrence up to here was sent or closed.
        next_due_at: When to look again; nothing once the rule is over.
    """

    id: ScheduleId
    kind: str
    address: Address
    subject_id: str = ""
    rule: Rule
    zone: str
    decided_until: datetime
    next_due_at: datetime | None
    is_paused: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OutboxRow:
    """One message on its way.

    Attributes:
        id: Random; its 22 characters are also the message's nonce.
        key: What a one-off is known by; a second one with the same key is not added.
        attempt: 0, and one more for each time it was snoozed.
        due_at: When it was meant to go.
        send_after: When it may go: spread, held by quiet hours or put off.
        expires_at: From when on it is closed instead of sent.
        tries: How often sending was tried.
        claimed_at: When the last try began.
        doubtful_since: When the first try began that may have reached Discord, and of which no
            answer came.
        scope: The channel, or the parent of all personal threads, whose lost permission holds it.
        closed_at: From when on it is silent, whether or not it was sent before.
        merged_into: The row that carries this one too.
    """

    id: OutboxId
    kind: str
    priority: Priority
    address: Address
    subject_id: str = ""
    args: Args = field(default_factory=dict)
    schedule_id: ScheduleId | None = None
    nominal_date: date | None = None
    slot: str = ""
    attempt: int = 0
    key: str | None = None
    due_at: datetime
    send_after: datetime
    expires_at: datetime | None = None
    state: OutboxState = OutboxState.PENDING
    reason: str = ""
    tries: int = 0
    claimed_at: datetime | None = None
    doubtful_since: datetime | None = None
    scope: str | None = None
    sent_at: datetime | None = None
    channel_id: int | None = None
    message_id: int | None = None
    closed_at: datetime | None = None
    merged_into: OutboxId | None = None

    @property
    def participant_id(self) -> ParticipantId | None:
        """The receiver of a personal message."""
        return self.address.participant_id if isinstance(self.address, Personal) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class SentRef:
    """Where a message is in Discord."""

    channel_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """An occurrence of a schedule that a service is asked about."""

    schedule: Schedule
    occurrence: Occurrence


@dataclass(frozen=True, kw_only=True, slots=True)
class Send:
    """Send it, unless it expires first."""

    expires_at: datetime | None = None
    args: Args = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Close:
    """Do not send it; `reason` is a word, never content."""

    reason: str


Decision: TypeAlias = Send | Close


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """An occasion and the outbox row made of it, pending or closed."""

    occasion: Occasion
    row: OutboxRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """What decides whether a person gets a message now.

    Attributes:
        away: Ranges of local dates, both ends included.
        is_reachable: They want messages and the last one could be delivered.
    """

    zone: tzinfo
    quiet: QuietHours | None = None
    away: tuple[tuple[date, date], ...] = ()
    is_reachable: bool = True

    def is_away(self, day: date) -> bool:
        """Whether a local date is one they are away on."""
        return any(first <= day <= last for first, last in self.away)


class DeliveryError(Exception):
    """Discord, or the way to it, refused a message.

    Attributes:
        is_invalid: Discord counts it among the 10,000 invalid requests that block an address.
    """

    is_invalid = False


class UnreachableError(DeliveryError):
    """The person cannot be reached there (50007, 50278)."""

    is_invalid = True


class NotWantedError(DeliveryError):
    """The person chose to get nothing; Discord was not asked."""


class PlaceGoneError(DeliveryError):
    """The channel, thread or DM is no more (10003)."""


class NoPermissionError(DeliveryError):
    """The bot may not send there any more (50001, 50013)."""

    is_invalid = True


class RefusedError(DeliveryError):
    """Discord will not take this message in this form, now or later."""


class TryLaterError(DeliveryError):
    """Discord or the network is down, or asks to wait.

    Args:
        after: How long Discord asks to wait.
        is_limited: It was a 429.
        is_doubtful: The message may have arrived all the same: a 5xx or a broken connection.
    """

    def __init__(
        self,
        message: str = "",
        *,
        after: timedelta | None = None,
        is_limited: bool = False,
        is_doubtful: bool = False,
    ) -> None:
        super().__init__(message)
        self.after = after
        self.is_invalid = is_limited
        self.is_doubtful = is_doubtful
