"""The websocket: identify, heartbeat, resume with replay, member chunks, events by intent."""

from __future__ import annotations

import asyncio
import copy
import secrets
import zlib
from collections import deque
from collections.abc import Mapping
from typing import Any

import discord
import orjson
from aiohttp import WSMsgType, web
from simcord import intents as intent_rules
from simcord.backend import serializers
from simcord.backend.models import Guild, Member

from tests.wire.loopback.world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME = 0, 1, 2, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 8, 9, 10, 11
NOT_AUTHENTICATED, WRONG_TOKEN, INVALID_SEQUENCE, DISALLOWED_INTENTS = 4003, 4004, 4007, 4014
CHUNK = 1000
REPLAY = 2000


class Socket:
    """One connection: compresses for it and sends in order from its own task."""

    def __init__(self, response: web.WebSocketResponse, *, compress: bool) -> None:
        self.response = response
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._deflate = zlib.compressobj() if compress else None

    def put(self, raw: bytes) -> None:
        self.queue.put_nowait(raw)

    async def write(self) -> None:
        """Send what is queued until ``None`` comes or the connection is gone."""
        while (raw := await self.queue.get()) is not None:
            try:
                if self._deflate is None:
                    await self.response.send_str(raw.decode())
                else:
                    data = self._deflate.compress(raw) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                    await self.response.send_bytes(data)
            except ConnectionError:
                return


class Session:
    """What a bot may resume: its sequence and the events since it began."""

    def __init__(self, intents: discord.Intents) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.sequence = 0
        self.sent: deque[tuple[int, bytes]] = deque(maxlen=REPLAY)
        self.socket: Socket | None = None

    def dispatch(self, event: str, payload: Mapping[str, Any]) -> None:
        """Number an event, keep it for a resume and send it if the bot is there."""
        self.sequence += 1
        frame = {"op": DISPATCH, "t": event, "s": self.sequence, "d": payload}
        raw = orjson.dumps(frame)
        self.sent.append((self.sequence, raw))
        if self.socket is not None:
            self.socket.put(raw)

    def replay(self, after: int) -> int:
        """Send what the bot missed; how many events that was."""
        assert self.socket is not None
        missed = [raw for sequence, raw in self.sent if sequence > after]
        for raw in missed:
            self.socket.put(raw)
        return len(missed)


class Gateway:
    """All connections of the bot and all sessions it may resume."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: dict[str, Session] = {}
        self.sockets: set[Socket] = set()
        self.url = ""
        world.backend.subscribers.append(self.publish)

    # ------------------------------------------------------------ connections

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket from hello to its close."""
        if self.world.faults.outage:
            return web.Response(status=503)
        response = web.WebSocketResponse(max_msg_size=0, autoclose=True)
        await response.prepare(request)
        compress = request.query.get("compress", "")
        if compress not in {"", "zlib-stream"}:
            await response.close(code=4012)
            return response
        socket = Socket(response, compress=bool(compress))
        self.sockets.add(socket)
        self.world.ledger.note_gateway("connect", compress=compress)
        writer = asyncio.create_task(socket.write())
        socket.put(_frame(HELLO, {"heartbeat_interval": self.world.heartbeat_ms}))
        try:
            await self._read(socket)
        finally:
            self._forget(socket)
            socket.queue.put_nowait(None)
            await writer
            self.world.ledger.note_gateway("close", code=response.close_code)
        return response

    async def _read(self, socket: Socket) -> None:
        async for message in socket.response:
            if message.type is not WSMsgType.TEXT:
                continue
            frame = orjson.loads(message.data)
            operation, data = frame["op"], frame.get("d")
            if operation == HEARTBEAT:
                self.world.ledger.note_gateway("heartbeat", sequence=data)
                socket.put(_frame(HEARTBEAT_ACK, None))
            elif operation == IDENTIFY:
                await self._identify(socket, data)
            elif operation == RESUME:
                await self._resume(socket, data)
            elif operation == REQUEST_MEMBERS:
                self._send_members(socket, data)

    async def _identify(self, socket: Socket, data: dict[str, Any]) -> None:
        self.world.ledger.note_gateway("identify", intents=data["intents"])
        if data["token"] != self.world.token:
            await socket.response.close(code=WRONG_TOKEN, message=b"Authentication failed.")
            return
        intents = discord.Intents._from_value(data["intents"])
        if self.world.missing_intents(intents):
            await socket.response.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
            return
        session = Session(intents)
        self.sessions[session.id] = session
        session.socket = socket
        self._welcome(session)

    def _welcome(self, session: Session) -> None:
        backend = self.world.backend
        guilds = list(backend.guilds.values())
        session.dispatch(
            "READY",
            {
                "v": 10,
                "user": serializers.user_payload(backend.bot_user),
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "application": {
                    "id": str(backend.application_id),
                    "flags": self.world.application_flags(),
                },
            },
        )
        for guild in guilds:
            self._send(session, "GUILD_CREATE", serializers.guild_create_payload(backend, guild))

    async def _resume(self, socket: Socket, data: dict[str, Any]) -> None:
        session = self.sessions.get(data["session_id"])
        self.world.ledger.note_gateway("resume", sequence=data["seq"], known=session is not None)
        if data["token"] != self.world.token:
            await socket.response.close(code=WRONG_TOKEN, message=b"Authentication failed.")
            return
        if session is None or data["seq"] is None:
            socket.put(_frame(INVALID_SESSION, False))
            return
        if data["seq"] > session.sequence:
            await socket.response.close(code=INVALID_SEQUENCE)
            return
        session.socket = socket
        replayed = session.replay(data["seq"])
        session.dispatch("RESUMED", {"_trace": []})
        self.world.ledger.note_gateway("resumed", replayed=replayed)

    def _forget(self, socket: Socket) -> None:
        self.sockets.discard(socket)
        for session in self.sessions.values():
            if session.socket is socket:
                session.socket = None

    # ----------------------------------------------------------------- events

    def publish(self, event: str, payload: Mapping[str, Any]) -> None:
        """Send an event of the backend to every session whose intents cover it."""
        for session in self.sessions.values():
            self._send(session, event, payload)

    def _send(self, session: Session, event: str, payload: Mapping[str, Any]) -> None:
        gate = intent_rules.required_intent(event, payload)
        if gate is not None and not getattr(session.intents, gate):
            return
        shaped: dict[str, Any] = copy.deepcopy(dict(payload))
        bot_id = self.world.backend.bot_user.id
        if not session.intents.message_content:
            self._censor(event, shaped, bot_id)
        if event == "GUILD_CREATE":
            intent_rules.prune_guild_create(shaped, session.intents, bot_id)
        session.dispatch(event, shaped)

    def _censor(self, event: str, payload: dict[str, Any], bot_id: int) -> None:
        backend = self.world.backend
        if event in {"MESSAGE_CREATE", "MESSAGE_UPDATE"}:
            intent_rules.censor_message(payload, bot_id, backend=backend)
        if event != "INTERACTION_CREATE":
            return
        source = payload.get("message")
        if isinstance(source, dict):
            intent_rules.censor_message(source, bot_id, backend=backend, exempt_root=True)
        data = payload.get("data") or {}
        target = str(data.get("target_id"))
        for message_id, message in ((data.get("resolved") or {}).get("messages") or {}).items():
            chosen = str(message_id) == target
            intent_rules.censor_message(message, bot_id, backend=backend, exempt_root=chosen)

    def _send_members(self, socket: Socket, data: dict[str, Any]) -> None:
        session = next((s for s in self.sessions.values() if s.socket is socket), None)
        guild = self.world.backend.guilds.get(int(data["guild_id"]))
        if session is None or guild is None:
            return
        members = self._matching(guild, data)
        pages = [members[i : i + CHUNK] for i in range(0, len(members), CHUNK)] or [[]]
        for index, page in enumerate(pages):
            chunk: dict[str, Any] = {
                "guild_id": str(guild.id),
                "members": [
                    serializers.member_payload(self.world.backend, guild, member) for member in page
                ],
                "chunk_index": index,
                "chunk_count": len(pages),
            }
            if data.get("nonce"):
                chunk["nonce"] = data["nonce"]
            session.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    def _matching(self, guild: Guild, data: dict[str, Any]) -> list[Member]:
        members = list(guild.members.values())
        wanted = data.get("user_ids")
        if wanted:
            ids = {int(user_id) for user_id in (wanted if isinstance(wanted, list) else [wanted])}
            return [member for member in members if member.user_id in ids]
        prefix = (data.get("query") or "").casefold()
        names = self.world.backend.users
        members = [m for m in members if names[m.user_id].name.casefold().startswith(prefix)]
        limit = int(data.get("limit") or 0)
        return members[:limit] if limit else members

    # ----------------------------------------------------------------- faults

    def ask_to_reconnect(self) -> None:
        """Send op 7: the bot reconnects and resumes."""
        for socket in self.sockets:
            socket.put(_frame(RECONNECT, None))

    def invalidate(self, *, resumable: bool) -> None:
        """Send op 9; unless it is resumable, the sessions are gone."""
        if not resumable:
            self.sessions.clear()
        for socket in self.sockets:
            socket.put(_frame(INVALID_SESSION, resumable))

    def cut(self) -> None:
        """Break every connection without a close frame, as a lost network does."""
        for socket in list(self.sockets):
            transport = socket.response._req.transport if socket.response._req else None
            if transport is not None:
                transport.abort()


def _frame(operation: int, data: Any) -> bytes:
    return orjson.dumps({"op": operation, "t": None, "s": None, "d": data})
