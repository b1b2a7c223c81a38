"""SimCord's backend on the real clock, with the rules of Discord that it lacks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from discord.utils import utcnow
from simcord._clock import Clock
from simcord.backend import Backend, permissions
from simcord.backend.errors import BackendError
from simcord.backend.models import Channel, Message
from simcord.enums import ChannelType, MessageType

# Discord documents about a thousand active threads in a server.
ACTIVE_THREADS = 1000


def archived() -> BackendError:
    return BackendError(400, 50083, "Thread is archived")


def locked() -> BackendError:
    return BackendError(400, 160005, "This thread is locked")


def too_many_threads() -> BackendError:
    return BackendError(400, 160006, "Maximum number of active threads reached")


def closed_dms() -> BackendError:
    return BackendError(403, 50007, "Cannot send messages to this user")


def no_mutual_guild() -> BackendError:
    return BackendError(
        403, 50278, "Cannot send messages to this user due to having no mutual guilds"
    )


class WallClock(Clock):
    """The machine's clock, which ``advance`` moves ahead."""

    def now(self) -> datetime:
        return utcnow() + timedelta(seconds=self.elapsed)


class Forgetful(list[Any]):
    """A record that keeps nothing: the ledger has its own, and a load test would fill memory."""

    def append(self, item: Any, /) -> None:
        return


class LoopbackBackend(Backend):
    """Refuses and announces as Discord does where SimCord does not."""

    def __init__(self) -> None:
        super().__init__(clock=WallClock())
        self.transcript = Forgetful()
        self.http_requests = Forgetful()
        self.closed_dms: set[int] = set()
        self.active_thread_cap = ACTIVE_THREADS

    def create_thread(
        self,
        parent_id: int,
        name: str,
        owner_id: int,
        *,
        type: int = ChannelType.PUBLIC_THREAD,  # noqa: A002 - SimCord's name for it
        auto_archive_duration: int = 1440,
        message_id: int | None = None,
        applied_tags: Iterable[int] = (),
        broadcast: bool = True,
    ) -> Channel:
        """Open a thread; a private one is not announced in its parent."""
        guild_id = self.get_channel(parent_id).guild_id
        if guild_id is not None and len(self.active_threads(guild_id)) >= self.active_thread_cap:
            raise too_many_threads()
        private = type == ChannelType.PRIVATE_THREAD
        thread = super().create_thread(
            parent_id,
            name,
            owner_id,
            type=type,
            auto_archive_duration=auto_archive_duration,
            message_id=message_id,
            applied_tags=applied_tags,
            broadcast=broadcast and not private,
        )
        if private and broadcast:
            self.announce_thread_create(thread)
        return thread

    def add_thread_member(self, thread_id: int, user_id: int) -> Channel:
        """Add a member; Discord says so in the thread."""
        thread = self.get_thread(thread_id)
        if thread.thread_metadata is not None and thread.thread_metadata.archived:
            raise archived()
        known = user_id in thread.thread_members
        super().add_thread_member(thread_id, user_id)
        if not known and user_id != self.bot_user.id:
            self._announce_recipient(thread_id, MessageType.RECIPIENT_ADD, user_id)
        return thread

    def remove_thread_member(self, thread_id: int, user_id: int) -> Channel:
        """Remove a member; Discord says so in the thread."""
        known = user_id in self.get_thread(thread_id).thread_members
        thread = super().remove_thread_member(thread_id, user_id)
        if known and user_id != self.bot_user.id:
            self._announce_recipient(thread_id, MessageType.RECIPIENT_REMOVE, user_id)
        return thread

    def commit_message(self, message: Message, *, broadcast: bool = True) -> Message:
        """Store a message, unless the place or the person does not take it."""
        if message.system_metadata is None and message.interaction_metadata is None:
            self._admit(self.get_channel(message.channel_id), message.author_id)
        return super().commit_message(message, broadcast=broadcast)

    def edit_message(self, channel_id: int, message_id: int, fields: dict[str, Any]) -> Message:
        """Edit a message, except in an archived thread."""
        thread = self.get_channel(channel_id).thread_metadata
        known = self.get_message(channel_id, message_id)
        if thread is not None and thread.archived and known.interaction_metadata is None:
            raise archived()
        return super().edit_message(channel_id, message_id, fields)

    def _admit(self, channel: Channel, author_id: int) -> None:
        if channel.type == ChannelType.DM and author_id == self.bot_user.id:
            self._admit_to_dm(channel)
        thread = channel.thread_metadata
        if thread is None:
            return
        if thread.locked and thread.archived:
            raise archived()
        if thread.locked and not self._manages_threads(channel, author_id):
            raise locked()
        if thread.archived:
            thread.archived = False
            self.announce_channel_update(channel.id)

    def _admit_to_dm(self, channel: Channel) -> None:
        recipient = channel.recipient_ids[0]
        if not any(recipient in guild.members for guild in self.guilds.values()):
            raise no_mutual_guild()
        if recipient in self.closed_dms:
            raise closed_dms()

    def _manages_threads(self, channel: Channel, user_id: int) -> bool:
        assert channel.guild_id is not None
        held = self.compute_permissions(channel.guild_id, user_id, channel.id)
        return bool(held & permissions.flag("manage_threads"))

    def _announce_recipient(self, thread_id: int, kind: MessageType, user_id: int) -> None:
        self.create_system_message(thread_id, kind, self.bot_user.id, recipient_id=user_id)
