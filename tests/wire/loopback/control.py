"""The control interface: build a world, act as people, make things fail, read the record."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import asdict
from typing import Any

import discord
from simcord.backend import serializers
from simcord.backend.models import Interaction, Overwrite
from simcord.enums import ChannelType, OverwriteType

from tests.wire.loopback.faults import Fault, FaultKind
from tests.wire.loopback.gateway import Gateway
from tests.wire.loopback.ledger import Received
from tests.wire.loopback.people import People
from tests.wire.loopback.world import World

Payload = dict[str, Any]
CHANNEL_TYPES = {
    "text": ChannelType.TEXT,
    "category": ChannelType.CATEGORY,
    "forum": ChannelType.FORUM,
    "private": ChannelType.TEXT,
}
ANSWER_SECONDS = 3.0


class Control:
    """Every public coroutine is a verb: ``POST /control/<verb>`` with its arguments as JSON."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world = world
        self.gateway_side = gateway
        self.people = People(world)

    # ------------------------------------------------------------------ world

    async def user(self, *, name: str, locale: str = "en-US") -> int:
        user = self.world.backend.make_user(name)
        self.world.locales[user.id] = locale
        return user.id

    async def guild(self, *, name: str, owner: int | None = None, locale: str = "en-US") -> int:
        backend = self.world.backend
        return backend.create_guild(name, owner_id=owner, preferred_locale=locale).id

    async def channel(
        self, *, guild: int, name: str, sort: str = "text", parent: int | None = None
    ) -> int:
        """Make a channel; a ``private`` one only the bot sees."""
        backend = self.world.backend
        overwrites = []
        if sort == "private":
            seen = discord.Permissions(view_channel=True).value
            overwrites.append(Overwrite(guild, OverwriteType.ROLE, deny=seen))
            bot = Overwrite(backend.bot_user.id, OverwriteType.MEMBER, allow=seen)
            overwrites.append(bot)
        kind = CHANNEL_TYPES[sort]
        made = backend.create_channel(
            guild, name, type=kind, overwrites=overwrites, parent_id=parent
        )
        return made.id

    async def join(self, *, guild: int, user: int, roles: tuple[int, ...] = ()) -> None:
        self.world.backend.add_member(guild, user, roles=roles, announce=True)

    async def leave(self, *, guild: int, user: int) -> None:
        self.world.backend.remove_member(guild, user)

    async def dm(self, *, user: int) -> int:
        return self.world.backend.get_dm_channel(user).id

    async def crowd(self, *, guild: int, count: int) -> list[list[int]]:
        """Let many people join at once; their user and DM channel IDs."""
        backend = self.world.backend
        made = [backend.make_user(f"person-{number}") for number in range(count)]
        for user in made:
            backend.add_member(guild, user.id)
        return [[user.id, backend.get_dm_channel(user.id).id] for user in made]

    async def close_dms(self, *, user: int, closed: bool = True) -> None:
        known = self.world.backend.closed_dms
        known.add(user) if closed else known.discard(user)

    async def archive(self, *, thread: int, locked: bool = False) -> None:
        """Archive a thread as Discord does after its hour, or lock it as a moderator does."""
        state = {"archived": True, "locked": locked}
        self.world.backend.edit_channel(thread, {}, thread_metadata=state)

    async def thread_cap(self, *, count: int) -> None:
        """Set how many threads may be active in a server."""
        self.world.backend.active_thread_cap = count

    async def advance(self, *, seconds: float) -> None:
        """Move this Discord's clock ahead, not the machine's."""
        self.world.backend.advance_clock(seconds)

    # ----------------------------------------------------------------- people

    async def say(self, *, user: int, channel: int, content: str) -> int:
        return self.people.say(user, channel, content).id

    async def pour(self, *, user: int, channel: int, contents: list[str]) -> None:
        """Let someone write many messages at once: all are made before the first is sent."""
        for content in contents:
            self.people.say(user, channel, content)

    async def slash(
        self, *, user: int, channel: int, name: str, options: Payload | None = None
    ) -> Payload:
        return await self._outcome(self.people.slash(user, channel, name, options or {}))

    async def complete(self, *, user: int, channel: int, name: str, option: str, value: str) -> Any:
        record = self.people.complete(user, channel, name, option, value)
        await self._outcome(record)
        return record.autocomplete_choices

    async def menu(
        self, *, user: int, channel: int, name: str, target: int, on_message: bool = True
    ) -> Payload:
        record = self.people.menu(user, channel, name, target, on_message=on_message)
        return await self._outcome(record)

    async def press(
        self, *, user: int, channel: int, message: int, custom_id: str = "", label: str = ""
    ) -> Payload:
        record = self.people.press(user, channel, message, custom_id=custom_id, label=label)
        return await self._outcome(record)

    async def choose(
        self, *, user: int, channel: int, message: int, custom_id: str, values: list[str]
    ) -> Payload:
        record = self.people.choose(user, channel, message, custom_id, values)
        return await self._outcome(record)

    async def submit(self, *, interaction: int, values: Payload) -> Payload:
        opened = self.world.backend.interactions[interaction]
        return await self._outcome(self.people.submit(opened, values))

    async def drive(
        self, *, user: int, channel: int, name: str, count: int, options: Payload | None = None
    ) -> list[float]:
        """Use a command many times; the seconds from each interaction to its answer."""
        taken: list[float] = []
        clock = asyncio.get_running_loop().time
        for _ in range(count):
            begun = clock()
            shown = await self._outcome(self.people.slash(user, channel, name, options or {}))
            taken.append(clock() - begun)
            if shown["kind"] is None:
                raise TimeoutError(f"/{name} was not answered")
        return taken

    async def drive_forms(
        self, *, people: list[list[int]], name: str, values: Payload
    ) -> list[float]:
        """Let each of some people use a command and fill in its form; the seconds each took."""
        taken: list[float] = []
        clock = asyncio.get_running_loop().time
        for user, channel in people:
            begun = clock()
            record = self.people.slash(user, channel, name, {})
            await self._outcome(record)
            shown = await self._outcome(self.people.submit(record, values))
            taken.append(clock() - begun)
            if shown["kind"] is None:
                raise TimeoutError(f"the form of /{name} was not answered")
        return taken

    async def _outcome(self, record: Interaction) -> Payload:
        def answered() -> bool | None:
            return True if record.responded and not record.loading else None

        with contextlib.suppress(TimeoutError):
            await self.world.ledger.until(answered, ANSWER_SECONDS)
        return self._shown(record)

    def _shown(self, record: Interaction) -> Payload:
        ids = [record.message_id, *record.followup_ids]
        stored = self.world.backend.messages.get(record.channel_id, {})
        shown = [
            dict(serializers.message_payload(self.world.backend, stored[message_id]))
            for message_id in ids
            if message_id in stored
        ]
        return {
            "interaction": record.id,
            "kind": record.response_kind,
            "modal": record.modal,
            "messages": shown,
        }

    # ---------------------------------------------------------------- reading

    async def messages(self, *, channel: int) -> list[Payload]:
        """Every message there, oldest first, ephemeral ones too."""
        stored = self.world.backend.messages[channel].values()
        return [
            dict(serializers.message_payload(self.world.backend, message)) for message in stored
        ]

    async def count_messages(self, *, channels: list[int]) -> int:
        return sum(len(self.world.backend.messages[channel]) for channel in channels)

    async def channels(self, *, guild: int) -> list[Payload]:
        backend = self.world.backend
        known = backend.get_guild(guild)
        ids = [*known.channel_ids, *known.thread_ids]
        return [dict(serializers.channel_payload(backend, backend.channels[i])) for i in ids]

    async def requests(
        self, *, method: str = "*", path: str = "*", since: int = 0
    ) -> list[Payload]:
        return [asdict(entry) for entry in self._matching(method, path, since)]

    async def statuses(
        self, *, method: str = "*", path: str = "*", since: int = 0
    ) -> list[Payload]:
        """Requests without their bodies, for counting many."""
        return [
            {"at": entry.at, "status": entry.status, "done_at": entry.done_at}
            for entry in self._matching(method, path, since)
        ]

    async def gateway(self, *, kind: str = "") -> list[Payload]:
        known = self.world.ledger.gateway
        return [asdict(event) for event in known if kind in {"", event.kind}]

    async def gaps(self) -> list[str]:
        return self.world.ledger.gaps

    async def wait_requests(
        self,
        *,
        method: str,
        path: str,
        count: int = 1,
        since: int = 0,
        note: str = "",
        seconds: float = 10.0,
    ) -> list[Payload]:
        """Wait until that many matching requests were answered, or carry a note."""

        def found() -> list[Received] | None:
            matching = [
                entry
                for entry in self._matching(method, path, since)
                if (entry.note == note if note else entry.done_at is not None)
            ]
            return matching if len(matching) >= count else None

        entries = await self.world.ledger.until(found, seconds)
        return [asdict(entry) for entry in entries]

    async def wait_gateway(
        self, *, kind: str, count: int = 1, seconds: float = 10.0
    ) -> list[Payload]:
        """Wait until that many events of this kind happened on the websocket."""

        def found() -> list[Payload] | None:
            known = [asdict(e) for e in self.world.ledger.gateway if e.kind == kind]
            return known if len(known) >= count else None

        return await self.world.ledger.until(found, seconds)

    def _matching(self, method: str, path: str, since: int) -> list[Received]:
        return [
            entry for entry in self.world.ledger.requests[since:] if entry.matches(method, path)
        ]

    # ----------------------------------------------------------------- faults

    async def fault(self, *, kind: str, **fields: Any) -> None:
        self.world.faults.rules.append(Fault(FaultKind(kind), **fields))

    async def clear_faults(self) -> None:
        self.world.faults.clear()

    async def release(self) -> None:
        """Let held replies go."""
        self.world.faults.release()

    async def outage(self, *, on: bool = True) -> None:
        """Answer every request and connection with 503."""
        self.world.faults.outage = on

    async def reconnect(self) -> None:
        self.gateway_side.ask_to_reconnect()

    async def invalidate(self, *, resumable: bool = False) -> None:
        self.gateway_side.invalidate(resumable=resumable)

    async def cut(self) -> None:
        self.gateway_side.cut()

    async def cut_and_say(self, *, user: int, channel: int, content: str) -> int:
        """Break the connections, and let someone write before the bot is back."""
        self.gateway_side.cut()
        return self.people.say(user, channel, content).id

    async def forget_nonces(self) -> None:
        """As if the few minutes were over."""
        self.world.nonces.known.clear()

    async def limits(
        self, *, per_second: int | None = None, sends: tuple[int, float] = (5, 5.0)
    ) -> None:
        limits = self.world.limits
        limits.per_second, limits.sends = per_second, (sends[0], sends[1])
        limits.buckets.clear()
