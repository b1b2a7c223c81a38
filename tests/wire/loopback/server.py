"""The web application: REST, websocket and control on one port of 127.0.0.1."""

from __future__ import annotations

from typing import Any

import discord
import orjson
from aiohttp import web
from simcord.backend.errors import BackendError, SetupError

from tests.wire.loopback.control import Control
from tests.wire.loopback.gateway import Gateway
from tests.wire.loopback.rest import Answer, Rest, respond
from tests.wire.loopback.world import TOKEN, World

MAX_UPLOAD = 32 * 1024 * 1024


class Server:
    """Holds the world of the moment; ``reset`` begins another."""

    def __init__(self) -> None:
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._begin(World())

    async def start(self, port: int = 0) -> int:
        """Listen on 127.0.0.1; the port taken."""
        app = web.Application(client_max_size=MAX_UPLOAD)
        app.router.add_get("/gateway", self._gateway)
        app.router.add_get("/gateway/", self._gateway)
        app.router.add_post("/control/{verb}", self._control)
        app.router.add_route("*", "/api/v10/{path:.*}", self._rest)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.gateway.url = self._gateway_url()
        return self.port

    async def stop(self) -> None:
        self.gateway.cut()
        if self._runner is not None:
            await self._runner.cleanup()

    def _begin(self, world: World) -> None:
        self.world = world
        self.gateway = Gateway(world)
        self.gateway.url = self._gateway_url()
        self.rest = Rest(world)
        self.control = Control(world, self.gateway)

    def _gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway"

    def reset(
        self,
        token: str = TOKEN,
        unapproved: tuple[str, ...] = (),
        heartbeat_ms: int = 41250,
        per_second: int | None = 50,
    ) -> None:
        """Throw the world away and begin another."""
        self.gateway.cut()
        self.world.faults.clear()
        approved = discord.Intents.all()
        for name in unapproved:
            setattr(approved, name, False)
        world = World(token=token, approved=approved, heartbeat_ms=heartbeat_ms)
        world.limits.per_second = per_second
        self._begin(world)

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        return await self.gateway.connect(request)

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        return await self.rest.serve(request)

    async def _control(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        arguments: dict[str, Any] = orjson.loads(raw) if raw else {}
        verb = request.match_info["verb"]
        try:
            if verb == "reset":
                self.reset(**arguments)
                result = None
            else:
                result = await getattr(self.control, verb)(**arguments)
        except TimeoutError as error:
            return respond(Answer(status=408, body={"error": f"{verb}: {error}"}))
        except (SetupError, BackendError) as error:
            return respond(Answer(status=409, body={"error": str(error)}))
        return respond(Answer(status=200, body={"result": result}))
