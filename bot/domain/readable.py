"""One's own data as it is handed over: sections of rows, with moments a person can read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.domain.ids import ParticipantId

FORMAT = 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

MOMENT = re.compile(r"(.+_)?at|.+_until|send_after|.+_since")
DAY = re.compile(r"(.+_)?(day|date)|.+_on")
YES_NO = re.compile(
    r"given|checkins|delivery_confirmed|reachable|paused|withdrawn|shared|shows|cheers|active|(is|has)_.+"
)
"""Columns by their name, in every store alike: moments, days, and yes or no."""

TECHNICAL = re.compile(
    r"id|(?!user)[a-z]+(_[a-z]+)*_id|key|.+_key|args|rule|scope|slot|attempt|tries|priority|"
    r"set_version|merged_into|nominal_date|route|send_after|decided_until|outbox[.]reason|"
    r"(claimed|doubtful)_since|outbox[.]claimed_at|facts|pauses"
)
"""What only the bot needs; a page for people leaves it out, the file for machines does not."""

Value = object
Row = Mapping[str, Value]


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """What one store keeps about a person.

    Attributes:
        name: The store's name.
        is_safety: Handed over by the team only, never by self-service.
        is_unreadable: The key to the texts in it is lost.
    """

    name: str
    rows: Sequence[Row]
    is_safety: bool = False
    is_unreadable: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnData:
    """Everything that is kept about a person and is theirs.

    Attributes:
        code: The pseudonymous ID, once there is one.
        is_whole: Safety items are in it too.
    """

    participant_id: ParticipantId
    code: str | None
    made_at: datetime
    sections: Sequence[Section]
    is_whole: bool = False

    def plain(self) -> dict[str, object]:
        """Return it as JSON takes it."""
        return {
            "format": FORMAT,
            "made_at": self.made_at.isoformat(),
            "participant": self.participant_id,
            "code": self.code,
            "with_safety_items": self.is_whole,
            "sections": [
                {
                    "name": section.name,
                    "safety": section.is_safety,
                    "unreadable": section.is_unreadable,
                    "rows": list(section.rows),
                }
                for section in self.sections
            ],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """Somebody looked at something of a person's.

    Attributes:
        by: The account on the team; nothing for the one who runs the bot.
        reason: Why, where one had to be given.
    """

    at: datetime
    what: str
    by: int | None
    reason: str | None = None


def plain_row(row: Row) -> dict[str, Value]:
    """Return a row with its moments written out, also inside of what it holds."""
    return {name: _plain(name, value) for name, value in row.items()}


def _plain(name: str, value: Value) -> Value:
    if isinstance(value, Mapping):
        return plain_row(value)
    if isinstance(value, list | tuple):
        return [_plain("", one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if type(value) is int and MOMENT.fullmatch(name):
        return (EPOCH + timedelta(microseconds=value)).isoformat()
    if type(value) is int and YES_NO.fullmatch(name) and value in (0, 1):
        return bool(value)
    return value


def is_technical(column: str) -> bool:
    """Whether a column says nothing to a person."""
    return TECHNICAL.fullmatch(column) is not None


def read_moment(column: str, value: Value) -> datetime | None:
    """Return the moment a plain value is, where its column holds one."""
    if not isinstance(value, str) or not MOMENT.fullmatch(column):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def read_day(column: str, value: Value) -> date | None:
    """Return the day a plain value is, where its column holds one."""
    if not isinstance(value, str) or not DAY.fullmatch(column):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
