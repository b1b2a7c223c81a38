"""Rooms: where people of the programme talk, each for one audience."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import ParticipantId, RoomId
from bot.domain.place import PartKey


class Audience(StrEnum):
    """Whom a room is for."""

    COUPLES = "couples"
    PARTNERS = "partners"
    PARENTS = "parents"
    FAMILY = "family"
    INDIVIDUALS = "individuals"
    MIXED = "mixed"
    ALUMNI = "alumni"

    @property
    def keeps_partners_apart(self) -> bool:
        """Whether a room for these people never holds both of a pair."""
        return self not in (Audience.COUPLES, Audience.MIXED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """A channel or forum that the bot moderates.

    Attributes:
        place: What `places` calls its channel; where that is, `RoomService.channel_of` says.
        name: The channel's name; nothing for the one that set-up names.
        rules: The room's own ground rules; nothing where the shipped ones hold.
        slow_seconds: How long a person waits between two posts.
        hours: When someone is usually here, in the programme's own words.
        hosts: Members of the team who usually run it.
        languages: What is spoken in it, as codes.
        is_unhosted: It stays open while no host is on duty, and says so.
        capacity: How many people it takes; nothing for no limit.
        is_taking: Whether new people may come in.
        paused_until: Posting stays closed until then, whoever is on duty.
    """

    id: RoomId
    place: PartKey
    audience: Audience
    name: str | None = None
    is_forum: bool = False
    rules: str | None = None
    slow_seconds: int = 0
    hours: str | None = None
    hosts: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    is_unhosted: bool = False
    capacity: int | None = None
    is_taking: bool = True
    paused_until: datetime | None = None
    created_at: datetime

    def is_paused(self, now: datetime) -> bool:
        """Tell whether a moderator paused it for now."""
        return self.paused_until is not None and now < self.paused_until


class Posting(StrEnum):
    """Whether people can post in a room right now, and why."""

    HOSTED = "hosted"
    UNHOSTED = "unhosted"
    CLOSED = "closed"
    PAUSED = "paused"

    @property
    def is_open(self) -> bool:
        """Whether people can post."""
        return self in (Posting.HOSTED, Posting.UNHOSTED)


class MemberState(StrEnum):
    """How a person stands to a room."""

    INVITED = "invited"
    IN = "in"


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """One person in one room, or at its door.

    Attributes:
        rules_mark: Which ground rules they accepted; nothing while they are only invited.
    """

    room_id: RoomId
    participant_id: ParticipantId
    state: MemberState
    rules_mark: str | None = None
    since: datetime

    @property
    def is_in(self) -> bool:
        """Whether they came in."""
        return self.state is MemberState.IN


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomState:
    """What a room was last brought to on Discord.

    Attributes:
        is_open: Whether posting was open then.
        since: Since when.
        card_id: The room's one live card.
        card_mark: What that card showed, as a digest.
        trouble: What Discord refused, while it does.
        retry_at: When to ask Discord again.
    """

    room_id: RoomId
    is_open: bool
    since: datetime
    card_id: int | None = None
    card_mark: str | None = None
    trouble: str | None = None
    retry_at: datetime | None = None


LONGEST_NAME = 60
LONGEST_HOURS = 100
SLOWEST = 21_600
"""Seconds; Discord takes no more."""

PLACES = range(2, 501)
CLOCK_TIME = re.compile(r"(?<![\d:.])(\d{1,2})(?:[:.h](\d{2}))?(?![\d:.])")


def are_hours(text: str) -> bool:
    """Tell whether a text can be read as hours: it is short, and names times of day only."""
    times = CLOCK_TIME.findall(text)
    digits = sum(character.isdigit() for character in text)
    are_times = all(int(hour) <= 24 and int(minute or 0) < 60 for hour, minute in times)
    counted = sum(len(hour) + len(minute) for hour, minute in times)
    return bool(times) and are_times and counted == digits and len(text) <= LONGEST_HOURS


def channel_name(typed: str) -> str:
    """Write a name as Discord keeps a channel's: in small letters, words joined by hyphens."""
    joined = "-".join(typed.lower().split())
    kept = "".join(letter for letter in joined if letter.isalnum() or letter in "-_")
    return kept.strip("-")[:LONGEST_NAME]
