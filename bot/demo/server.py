"""The page's server: this machine only, one lock, server-sent events."""

import asyncio
import json
import logging
import mimetypes
import signal
import webbrowser
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from rich.console import Console

from bot.app import open_app
from bot.clock import system_clock
from bot.config import Settings
from bot.demo.actions import Actions, RefusedError
from bot.demo.commands import commands
from bot.demo.journal import journal
from bot.demo.moments import tomorrow_morning
from bot.demo.places import may_see
from bot.demo.scratch import throw_away
from bot.demo.session import Opener, Session, open_session
from bot.demo.snapshot import clock, stored_file, view
from bot.demo.story import Times, play_story
from bot.demo.world import PERSONAS

log = logging.getLogger(__name__)

PAGE = Path(__file__).with_name("page")
HOST = "127.0.0.1"
BODY_BYTES = 24 * 1024 * 1024
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
SESSION = web.AppKey("session", Session)
ACTIONS = web.AppKey("actions", Actions)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer only this page: other sites in the same browser can neither read nor post."""
    host = request.host.rpartition(":")[0] or request.host
    origin = request.headers.get("Origin")
    if host not in (HOST, "localhost") or (
        origin is not None and origin not in (f"http://{request.host}",)
    ):
        raise web.HTTPForbidden(text="Only the demo's own page may ask.")
    if request.method == "POST" and request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="The page sends JSON.")
    return await handler(request)


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Send the protective headers with everything."""
    response.headers.update(HEADERS)


def build_site(session: Session) -> web.Application:
    """Put the routes together around a session."""
    site = web.Application(middlewares=[guard], client_max_size=BODY_BYTES)
    site[SESSION] = session
    site[ACTIONS] = Actions(session)
    site.on_response_prepare.append(add_headers)
    site.add_routes(
        [
            web.get("/", _page),
            web.get("/page/{name}", _page),
            web.get("/events", _events),
            web.get("/view", _view),
            web.get("/commands", _commands),
            web.get("/journal", _journal),
            web.get("/file/{key}/{channel}/{attachment}/{name}", _stored_file),
            web.post("/do", _do),
            web.post("/control", _control),
        ]
    )
    return site


def _key(value: str | None) -> str:
    if value is None or value not in PERSONAS:
        raise web.HTTPNotFound(text="There is no such persona.")
    return value


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and value.isdecimal() else None


async def _page(request: web.Request) -> web.StreamResponse:
    path = PAGE / request.match_info.get("name", "index.html")
    if path.name not in {file.name for file in PAGE.iterdir()}:
        raise web.HTTPNotFound
    return web.FileResponse(path)


async def _events(request: web.Request) -> web.StreamResponse:
    session = request.app[SESSION]
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    while not session.closing:
        beat = session.beat
        state = {"version": session.version, "clock": clock(session)}
        try:
            await response.write(f"data: {json.dumps(state)}\n\n".encode())
        except ConnectionResetError:
            break
        await beat.wait()
    return response


async def _view(request: web.Request) -> web.StreamResponse:
    session, key = request.app[SESSION], _key(request.query.get("as"))
    place = _number(request.query.get("place"))
    seen = _number(request.query.get("seen"))
    if place is not None and seen is not None and session.marks.read(key, place, seen):
        session.changed()
    return web.json_response(view(session, key, place))


async def _commands(request: web.Request) -> web.StreamResponse:
    session, key = request.app[SESSION], _key(request.query.get("as"))
    place = _number(request.query.get("place"))
    if place is None or not may_see(session, key, place):
        raise web.HTTPNotFound(text="There is no such place.")
    return web.json_response(commands(session, key, place))


async def _journal(request: web.Request) -> web.StreamResponse:
    return web.json_response(
        journal(request.app[SESSION], _number(request.query.get("since")) or 0)
    )


async def _stored_file(request: web.Request) -> web.StreamResponse:
    channel = _number(request.match_info["channel"])
    attachment = _number(request.match_info["attachment"])
    key = _key(request.match_info["key"])
    found = None
    if channel is not None and attachment is not None:
        found = stored_file(request.app[SESSION], key, channel, attachment)
    if found is None:
        raise web.HTTPNotFound(text="There is no such file.")
    name, content = found
    kind = mimetypes.guess_type(name)[0]
    if kind in PICTURES:
        return web.Response(body=content, content_type=kind)
    headers = {"Content-Disposition": 'attachment; filename="file"'}
    return web.Response(body=content, content_type="application/octet-stream", headers=headers)


async def _asked(request: web.Request) -> dict[str, Any]:
    try:
        asked = await request.json()
    except ValueError as error:
        raise web.HTTPBadRequest(text="This is no JSON.") from error
    if not isinstance(asked, dict):
        raise web.HTTPBadRequest(text="This is no request.")
    return asked


async def _do(request: web.Request) -> web.StreamResponse:
    asked = await _asked(request)
    key = _key(asked.get("as"))
    actions = request.app[ACTIONS]
    if asked.get("verb") == "dismiss":
        actions.dismiss(key, int(asked["message"]))
        return web.json_response({"ok": True})
    try:
        return web.json_response({"ok": True, **await actions.perform(key, asked)})
    except RefusedError as refusal:
        return web.json_response({"ok": False, "error": str(refusal)})


async def _control(request: web.Request) -> web.StreamResponse:
    session, asked = request.app[SESSION], await _asked(request)
    key, verb = _key(asked.get("as")), asked.get("verb")
    if verb in ("hour", "morning", "week"):
        if session.moving:
            return web.json_response({"ok": False, "error": "The clock is moving already."})
        now = session.now()
        until = {
            "hour": now + timedelta(hours=1),
            "morning": tomorrow_morning(now, PERSONAS[key].zone),
            "week": now + timedelta(weeks=1),
        }[verb]
        await session.advance(until)
    elif verb == "restart":
        await session.restart()
    elif verb == "dms":
        session.set_dms(key, closed=bool(asked.get("on")))
    elif verb == "down":
        session.set_down(down=bool(asked.get("on")))
    else:
        raise web.HTTPBadRequest(text="There is no such button.")
    return web.json_response({"ok": True})


async def start_site(session: Session, port: int) -> tuple[web.AppRunner, int]:
    """Listen on this machine; where the port is taken, on a free one.

    Returns:
        The runner, to be cleaned up by the caller, and the port.
    """
    runner = web.AppRunner(build_site(session), shutdown_timeout=1.0, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError:
        await web.TCPSite(runner, HOST, 0).start()
    return runner, runner.addresses[0][1]


async def serve(
    settings: Settings,
    *,
    port: int,
    open_browser: bool,
    opener: Opener = open_app,
    console: Console | None = None,
) -> None:
    """Run the demo until it is interrupted.

    Args:
        settings: The process's settings; the demo keeps its data in a throw-away directory.
        port: Where the page listens; a free port is taken when this one is in use.
        open_browser: Show the page where there is a browser.
        opener: Opens the application.
        console: Where the address is printed.
    """
    console = console or Console()
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    times = Times(present=system_clock())
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(
            open_session(
                stack.enter_context(throw_away(settings)),
                opener=opener,
                start=times.start,
            )
        )
        runner, port = await start_site(session, port)
        stack.push_async_callback(runner.cleanup)
        address = f"http://{HOST}:{port}/"
        console.print(f"The demo is at [bold]{address}[/bold]  (Ctrl+C ends it)")
        if open_browser:
            await asyncio.to_thread(show, address)
        work = [asyncio.create_task(live(session, times)), asyncio.create_task(stopped.wait())]
        stack.push_async_callback(cancel, *work)
        done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


async def live(session: Session, times: Times) -> None:
    """Play the story, then let time pass."""
    await play_story(session, times)
    await session.pump()


def show(address: str) -> None:
    """Open the page in a browser; a machine without one is no failure."""
    with suppress(webbrowser.Error, OSError):
        webbrowser.open(address)


async def cancel(*tasks: asyncio.Task[Any]) -> None:
    """End tasks and wait until they have ended."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
