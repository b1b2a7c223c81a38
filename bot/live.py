"""The bot on the real Discord: connects, keeps going, and ends in good order."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Iterator

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app import App, open_app
from bot.config import Settings
from bot.errors import StartError

log = logging.getLogger(__name__)

PORTAL = "https://discord.com/developers/applications"
SIGNALS = (signal.SIGTERM, signal.SIGINT)
DRAIN_SECONDS = 8.0
# discord.py gives every task that answers an event, a command or a press such a name.
HANDLERS = ("discord.py: ", "CommandTree-invoker", "discord-ui-")

NO_TOKEN = (
    "INTERLUDE_TOKEN is missing: create a bot at "
    f"{PORTAL}, copy its token under Bot and put INTERLUDE_TOKEN=... into .env; "
    "`make demo` needs none."
)
WRONG_TOKEN = (
    "Discord does not accept the token in INTERLUDE_TOKEN: make a new one at "
    f"{PORTAL} under Bot, Reset Token, and put it into .env."
)
NO_INTENT = (
    "The Server Members intent is switched off: switch it on at "
    f"{PORTAL} under Bot, Privileged Gateway Intents, and start again."
)


async def run(settings: Settings, *, sync: bool) -> None:
    """Run the bot until it is asked to stop.

    Args:
        sync: Whether Discord is told the commands even if they have not changed.

    Raises:
        StartError: There is no token, Discord refuses it or the intents, or cannot be reached.
    """
    token = settings.token.get_secret_value().strip() if settings.token else ""
    if not token:
        raise StartError(NO_TOKEN)
    if not token.isascii():
        raise StartError(WRONG_TOKEN)
    point_at(settings)
    async with open_app(settings) as app:
        app.bot.sync_always = sync
        await _until_stopped(app, token)
    log.info("stopped")


def point_at(settings: Settings) -> None:
    """Send discord.py to another address, where one is set."""
    if settings.discord_api:
        Route.BASE = settings.discord_api.rstrip("/")
    if settings.discord_gateway:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway)


async def _until_stopped(app: App, token: str) -> None:
    connection = asyncio.create_task(_connect(app, token))
    with _stop_signal() as stop:
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({connection, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not connection.done():
                log.info("stopping")
        finally:
            stopping.cancel()
            connection.cancel()
            await asyncio.wait({connection})
            if app.bot.ws is not None and app.bot.ws.open:
                await app.bot.ws.close(code=1000)
            await app.scheduler.stop()
            await _drain()
            await app.bot.close()
    if not connection.cancelled():
        connection.result()


async def _connect(app: App, token: str) -> None:
    with _plain_refusals():
        await app.bot.login(token)
        connection = asyncio.create_task(app.bot.connect())
        ready = asyncio.create_task(app.bot.wait_until_ready())
        try:
            await asyncio.wait({connection, ready}, return_when=asyncio.FIRST_COMPLETED)
            if not connection.done():
                app.scheduler.start()
                log.info("ready")
            await connection
        finally:
            ready.cancel()
            connection.cancel()


@contextlib.contextmanager
def _stop_signal() -> Iterator[asyncio.Event]:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in SIGNALS:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)


async def _drain() -> None:
    """Let answers that are under way come to their end."""
    working = {task for task in asyncio.all_tasks() if task.get_name().startswith(HANDLERS)}
    if working:
        _, cut = await asyncio.wait(working, timeout=DRAIN_SECONDS)
        if cut:
            log.warning("%d answers were cut off", len(cut))


@contextlib.contextmanager
def _plain_refusals() -> Iterator[None]:
    try:
        yield
    except discord.LoginFailure as error:
        raise StartError(WRONG_TOKEN) from error
    except discord.PrivilegedIntentsRequired as error:
        raise StartError(NO_INTENT) from error
    except discord.HTTPException as error:
        raise StartError(
            f"Discord refused with {error.status} (code {error.code}). Try again in a few minutes; "
            "if it stays, look at Discord's status page."
        ) from error
    except discord.ConnectionClosed as error:
        raise StartError(
            f"Discord ended the connection for good (code {error.code}). Start again in a few "
            "minutes."
        ) from error
    except (OSError, aiohttp.ClientError) as error:
        raise StartError(
            f"Discord cannot be reached at {Route.BASE} ({type(error).__name__}). Check this "
            "machine's network and start again."
        ) from error
