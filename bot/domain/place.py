"""The roles, channels and messages that set-up makes, by their own names."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class PlaceKey(StrEnum):
    """What the bot finds again by its Discord ID."""

    ROLE_PARTICIPANT = "role.participant"
    ROLE_MODERATOR = "role.moderator"
    ROLE_CLINICIAN = "role.clinician"
    ROLE_LEAD = "role.lead"
    CATEGORY_PEOPLE = "category.people"
    CATEGORY_STAFF = "category.staff"
    CHANNEL_START = "channel.start"
    CHANNEL_PERSONAL = "channel.personal"
    CHANNEL_COUPLES = "channel.couples"
    CHANNEL_ROOM = "channel.room"
    CHANNEL_STAFF = "channel.staff"
    CHANNEL_LEAD = "channel.lead"
    CHANNEL_ALERTS = "channel.alerts"
    PANEL_START = "panel.start"
    PANEL_ROOM = "panel.room"
    PANEL_STAFF = "panel.staff"


class RoomKey(str):
    """The channel or the panel of one of the rooms a lead added."""

    __slots__ = ()

    @property
    def value(self) -> str:
        """The plain text, as an enumeration's member has it."""
        return str(self)


PartKey: TypeAlias = PlaceKey | RoomKey
"""Whatever set-up makes and finds again."""

_ROOM, _ROOM_PANEL = "room.", "panel.room."


def room_key(room_id: str) -> RoomKey:
    """Name the channel of an added room."""
    return RoomKey(f"{_ROOM}{room_id}")


def panel_key(room: PartKey) -> PartKey:
    """Name the panel that stands in a room's channel."""
    if room is PlaceKey.CHANNEL_ROOM:
        return PlaceKey.PANEL_ROOM
    return RoomKey(f"{_ROOM_PANEL}{room.removeprefix(_ROOM)}")


def room_of_panel(panel: RoomKey) -> RoomKey:
    """Name the channel that the panel of an added room stands in."""
    return RoomKey(f"{_ROOM}{panel.removeprefix(_ROOM_PANEL)}")


def part_key(text: str) -> PartKey:
    """Read a key as it was written down.

    Raises:
        ValueError: It is none.
    """
    is_room = text.startswith((_ROOM, _ROOM_PANEL))
    return RoomKey(text) if is_room else PlaceKey(text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One thing set-up made.

    Attributes:
        fingerprint: What it was made like, to tell a later change by hand from our own.
    """

    key: PartKey
    discord_id: int
    fingerprint: str = ""
