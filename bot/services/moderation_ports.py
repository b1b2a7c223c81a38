"""What moderation needs of Discord, of the rooms and of the stores."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.domain.ids import CaseId, ModerationId, ParticipantId
from bot.domain.moderation import Act, ActState, Permission, Target
from bot.domain.participant import Participant
from bot.domain.room import Membership, Room, RoomState


class Hands(Protocol):
    """What is done in Discord; each raises `RoomError` where Discord refuses."""

    def target(self, user_id: int) -> Target:
        """Say how a member stands in the server."""

    def lacks(self, permission: Permission, channel_id: int | None = None) -> bool:
        """Tell whether the bot lacks a permission, in the server or in one channel."""

    async def hide(self, channel_id: int, message_id: int) -> bool:
        """Delete a message; `False` where it is gone already."""

    async def time_out(self, user_id: int, until: datetime | None) -> None:
        """Let a member post again from a moment on, or now."""


class Rooms(Protocol):
    """Which rooms there are."""

    def get(self, room_id: str) -> Room | None: ...
    def known(self, room_id: str) -> Room: ...
    def channel_of(self, room_id: str) -> int | None: ...
    async def pause(self, room_id: str, until: datetime | None) -> Room: ...
    async def slow(self, room_id: str, seconds: int) -> Room: ...


class Members(Protocol):
    """Who is in which room."""

    def of(self, room_id: str, participant_id: ParticipantId) -> Membership | None: ...
    async def remove(self, room_id: str, participant_id: ParticipantId, by: int) -> None: ...


class Posting(Protocol):
    """What the rooms were last brought to on Discord."""

    def state(self, room_id: str) -> RoomState | None: ...


class ModerationStore(Protocol):
    """What this service needs of the store."""

    async def seal(self, act: Act) -> bytes: ...
    async def seal_post(self, post_id: str, text: str) -> bytes: ...
    async def add(self, act: Act, tx: Any, *, sealed: bytes | None = None) -> bool: ...
    async def add_post(
        self,
        post_id: str,
        act_id: ModerationId,
        participant_id: ParticipantId | None,
        sealed: bytes,
        tx: Any,
    ) -> None: ...
    async def get(self, act_id: str) -> Act | None: ...
    async def hiding(self, message_id: int, tx: Any = None) -> Act | None: ...
    async def start(self, act: Act, sealed: bytes, tx: Any) -> bool: ...
    async def settle(self, act_id: str, state: ActState, at: datetime, tx: Any) -> bool: ...
    async def stuck(self, before: datetime) -> Sequence[Act]: ...
    async def drop_begun(self, before: datetime) -> int: ...
    async def drop_post(self, act_id: str) -> None: ...
    async def concern_case(self, message_id: int) -> CaseId | None: ...
    async def about(self, user_id: int, limit: int = 10) -> Sequence[Act]: ...
    async def post(self, act_id: str) -> str | None: ...


class Participants(Protocol):
    """Who joined."""

    async def find(self, user_id: int) -> Participant | None: ...


class Team(Protocol):
    """Who is on the team."""

    def get(self, user_id: int) -> object | None: ...
