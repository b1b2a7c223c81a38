"""The run on Discord: each refusal in one sentence, and an end in good order."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, NoReturn

import aiohttp
import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import SecretStr

from bot import live
from bot.config import Settings
from bot.errors import StartError

Step = Callable[[], Awaitable[None]]


async def forever() -> None:
    await asyncio.Event().wait()


async def at_once() -> None:
    """Do nothing."""


class FakeApp:
    """An application that notes in which order it is used."""

    def __init__(self, *, login: Step = at_once, connect: Step = forever) -> None:
        self.calls: list[str] = []
        self.bot = SimpleNamespace(
            sync_always=False,
            ws=SimpleNamespace(open=True, close=self._ws_close),
            login=lambda _: login(),
            connect=connect,
            wait_until_ready=at_once,
            close=self._noting("bot closed"),
        )
        self.scheduler = SimpleNamespace(
            start=lambda: self.calls.append("scheduler started"),
            stop=self._noting("scheduler stopped"),
        )

    def _noting(self, call: str) -> Step:
        async def note() -> None:
            self.calls.append(call)

        return note

    async def _ws_close(self, *, code: int) -> None:
        self.calls.append(f"gateway closed {code}")


def with_app(monkeypatch: pytest.MonkeyPatch, app: FakeApp) -> None:
    @asynccontextmanager
    async def opened(_: Settings) -> AsyncIterator[Any]:
        yield app
        app.calls.append("application closed")

    monkeypatch.setattr(live, "open_app", opened)


@pytest.fixture
def settings() -> Settings:
    return Settings(token=SecretStr("a-token"), _env_file=None)


def refusal(status: int) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="Bad")
    return discord.HTTPException(response, {"code": 0, "message": "no"})


def ended(code: int) -> discord.ConnectionClosed:
    socket: Any = SimpleNamespace(close_code=code)
    return discord.ConnectionClosed(socket, shard_id=None, code=code)


def raising(error: Exception) -> Step:
    async def fail() -> NoReturn:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (discord.LoginFailure("Improper token has been passed."), "does not accept the token"),
        (refusal(503), "Discord refused with 503"),
        (ConnectionRefusedError(), "cannot be reached"),
        (aiohttp.ClientError(), "cannot be reached"),
        (TimeoutError(), "cannot be reached"),
        (discord.PrivilegedIntentsRequired(None), "Server Members intent"),
        (ended(4004), "code 4004"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
@pytest.mark.parametrize("when", ["login", "connect"])
async def test_each_refusal_is_one_sentence_and_everything_is_closed(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, when: str, error: Exception, told: str
) -> None:
    app = FakeApp(**{when: raising(error)})
    with_app(monkeypatch, app)

    with pytest.raises(StartError, match=told) as refused:
        await live.run(settings, sync=False)

    assert "\n" not in str(refused.value)
    assert app.calls[-2:] == ["scheduler stopped", "bot closed"]


async def test_a_fault_of_our_own_keeps_its_name(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    with_app(monkeypatch, FakeApp(login=raising(LookupError("a bug"))))
    with pytest.raises(LookupError, match="a bug"):
        await live.run(settings, sync=False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_in_order(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, number: signal.Signals
) -> None:
    app = FakeApp()
    started = asyncio.Event()
    app.scheduler.start = started.set
    answered = asyncio.Event()

    async def answer() -> None:
        await answered.wait()
        app.calls.append("answer given")

    async def stop() -> None:
        app.calls.append("scheduler stopped")
        answered.set()

    app.scheduler.stop = stop
    with_app(monkeypatch, app)

    running = asyncio.create_task(live.run(settings, sync=True))
    await started.wait()
    answering = asyncio.create_task(answer(), name="CommandTree-invoker")
    os.kill(os.getpid(), number)
    await running

    assert app.calls == [
        "gateway closed 1000",
        "scheduler stopped",
        "answer given",
        "bot closed",
        "application closed",
    ]
    assert app.bot.sync_always
    assert answering.done()


async def test_a_signal_before_discord_answers_ends_it_too(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    logging_in = asyncio.Event()

    async def login() -> None:
        logging_in.set()
        await forever()

    app = FakeApp(login=login)
    app.bot.ws = None
    with_app(monkeypatch, app)

    running = asyncio.create_task(live.run(settings, sync=False))
    await logging_in.wait()
    os.kill(os.getpid(), signal.SIGTERM)
    await running

    assert app.calls == ["scheduler stopped", "bot closed", "application closed"]


async def test_an_answer_that_does_not_end_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(live, "DRAIN_SECONDS", 0)
    app = FakeApp()
    started = asyncio.Event()
    app.scheduler.start = started.set
    with_app(monkeypatch, app)

    running = asyncio.create_task(live.run(settings, sync=False))
    await started.wait()
    stuck = asyncio.create_task(forever(), name="discord-ui-dynamic-item-x")
    os.kill(os.getpid(), signal.SIGTERM)
    await running

    assert app.calls[-1] == "application closed"
    assert "1 answers were cut off" in caplog.text
    stuck.cancel()


def test_another_discord_can_be_named(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    live.point_at(settings)
    assert Route.BASE == "https://discord.com/api/v10"

    live.point_at(
        settings.model_copy(
            update={"discord_api": "http://localhost:1/api/", "discord_gateway": "ws://localhost:1"}
        )
    )

    assert Route.BASE == "http://localhost:1/api"
    assert yarl.URL("ws://localhost:1") == DiscordWebSocket.DEFAULT_GATEWAY
