"""What the rooms need of Discord, of pairs and of the risk screen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.blueprint import Permissions
from bot.domain.case import Circle
from bot.domain.risk import RiskFinding
from bot.domain.room import Posting, Room
from bot.domain.staff import StaffMember
from bot.services.building import Failure


class RoomError(Exception):
    """Discord refused, or did not answer.

    Attributes:
        missing: The permissions the bot lacks for it, where that is why.
    """

    def __init__(self, failure: Failure, missing: Permissions = frozenset()) -> None:
        super().__init__(failure, *sorted(missing))
        self.failure = failure
        self.missing = missing

    @property
    def trouble(self) -> str:
        """What went wrong, in a few words that stay the same while it does."""
        return " ".join([self.failure.value, *sorted(self.missing)])


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomView:
    """What a room's live card shows.

    Attributes:
        is_team_on: Somebody of the team is on duty now, in this room or elsewhere.
        next_on: When somebody is on next; nothing where nobody is planned.
        is_unscreened: Danger words are to be looked for here, and are not right now.
    """

    room: Room
    posting: Posting
    is_team_on: bool = False
    next_on: datetime | None = None
    is_unscreened: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """The live card as it stands now."""

    card_id: int
    mark: str


class RoomGateway(Protocol):
    """The rooms' channels; every method raises `RoomError` where Discord refuses."""

    def has(self, channel_id: int) -> bool:
        """Tell whether a channel is there."""

    async def set_posting(self, channel_id: int, *, is_open: bool) -> None:
        """Open or close posting, unless it is so already."""

    async def set_pace(self, channel_id: int, seconds: int) -> None:
        """Set slow mode, unless it is so already."""

    async def set_sight(self, channel_id: int, people: Collection[int]) -> None:
        """Let these people see a channel, and nobody else who is not on the team."""

    async def draw(self, channel_id: int, view: RoomView, drawn: Drawn | None) -> Drawn:
        """Bring the live card to date, posted anew where it is gone."""

    async def remove(self, channel_id: int, messages: Collection[int], *, is_kept: bool) -> None:
        """Take down what is the bot's in a channel and close it, or delete the channel."""


class Partners(Protocol):
    """Who is a pair; in memory."""

    def partners(self, user_id: int) -> frozenset[int]: ...


class Screen(Protocol):
    """Looks for danger words in a text."""

    def screen(self, text: str) -> RiskFinding: ...


class Duty(Protocol):
    """What the rooms need of duty."""

    def is_hosted(self, room_id: str) -> bool: ...
    def next_on(self, people: Collection[int]) -> datetime | None: ...
    def apart(self, people: Collection[int]) -> bool: ...
    def circle(self, people: Collection[int]) -> Circle: ...
    def free_to_help(
        self, people: Collection[int], *, leads_only: bool
    ) -> Collection[StaffMember]: ...
