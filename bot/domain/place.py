"""The roles, channels and messages that set-up makes, by their own names."""

from dataclasses import dataclass
from enum import StrEnum


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
    CHANNEL_ROOM = "channel.room"
    CHANNEL_STAFF = "channel.staff"
    CHANNEL_LEAD = "channel.lead"
    PANEL_START = "panel.start"
    PANEL_ROOM = "panel.room"
    PANEL_STAFF = "panel.staff"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One thing set-up made.

    Attributes:
        fingerprint: What it was made like, to tell a later change by hand from our own.
    """

    key: PlaceKey
    discord_id: int
    fingerprint: str = ""
