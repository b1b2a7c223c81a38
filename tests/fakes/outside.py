"""A web server and a mail server on this machine that keep what they are sent."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Hook:
    """A webhook; while `status` says so it refuses."""

    url: str = ""
    status: int = 204
    calls: list[dict[str, Any]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """Take a call."""
        if self.status < 300:
            self.calls.append(json.loads(await request.text()))
        return web.Response(status=self.status)


@dataclass
class Mailbox:
    """A mail server; while it is closed it refuses."""

    port: int = 0
    is_closed: bool = False
    letters: list[Message] = field(default_factory=list)
    to: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        """Take a letter."""
        if self.is_closed:
            return "451 not now"
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content))
        self.to += envelope.rcpt_tos
        return "250 OK"


@asynccontextmanager
async def a_hook() -> AsyncIterator[Hook]:
    """Run a web server for the length of a block."""
    hook = Hook()
    app = web.Application()
    app.router.add_post("/call/secret", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    hook.url = f"http://127.0.0.1:{port}/call/secret"
    try:
        yield hook
    finally:
        await runner.cleanup()


@asynccontextmanager
async def a_mailbox() -> AsyncIterator[Mailbox]:
    """Run a mail server for the length of a block."""
    mailbox = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, loop=loop), "127.0.0.1", 0)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
        await server.wait_closed()
