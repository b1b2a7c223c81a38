"""Bots in processes of their own: started, watched, ended and killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from bot.config import Settings
from tests.wire.loopback.process import ROOT, LoopbackProcess

T = TypeVar("T")

INTERLUDE = ("-m", "bot", "run")
READY = "bot.live: ready"
START_SECONDS = 30.0
STOP_SECONDS = 25.0


class BotProcess:
    """One running bot; ``ready_after`` is how long it took from the fork to its ready line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._begun = time.monotonic()
        self._reader = asyncio.create_task(self._read())
        self._changed = asyncio.Event()
        self.lines: list[str] = []
        self.ready_after = 0.0

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def output(self) -> str:
        """Everything it printed so far."""
        return "".join(self.lines)

    async def until_printed(self, text: str, seconds: float = START_SECONDS) -> None:
        """Wait until it prints a line with ``text``.

        Raises:
            RuntimeError: It ended first; the message holds what it printed.
        """
        async with asyncio.timeout(seconds):
            while not any(text in line for line in self.lines):
                if self._reader.done():
                    raise RuntimeError(f"the bot ended without {text!r}:\n{self.output}")
                self._changed.clear()
                await self._changed.wait()

    async def meanwhile(self, work: Awaitable[T]) -> T:
        """Wait for something that needs the bot alive.

        Raises:
            RuntimeError: It ended first; the message holds what it printed.
        """
        task = asyncio.ensure_future(work)
        await asyncio.wait({task, self._reader}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return await task
        task.cancel()
        await asyncio.wait({task})
        raise RuntimeError(f"the bot ended:\n{self.output}")

    async def until_ready(self, line: str) -> None:
        """Wait for its ready line and note the time that took."""
        await self.until_printed(line)
        self.ready_after = time.monotonic() - self._begun

    def resident(self) -> int:
        """Its resident memory in bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024

    def cpu_seconds(self) -> float:
        """The processor time it used so far."""
        fields = (
            Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def ended(self, seconds: float = START_SECONDS) -> int:
        """Wait for its end; the exit code."""
        async with asyncio.timeout(seconds):
            code = await self._process.wait()
            await self._reader
        return code

    async def terminate(self) -> int:
        """Ask it to end, as a service manager does; the exit code."""
        self._process.send_signal(signal.SIGTERM)
        return await self.ended(STOP_SECONDS)

    async def kill(self) -> None:
        """End it as a power cut does."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self.ended()

    async def stop(self) -> None:
        """End it whatever its state, in good order where that works."""
        if self._process.returncode is None:
            with contextlib.suppress(TimeoutError, ProcessLookupError):
                await self.terminate()
        await self.kill()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.lines.append(line.decode(errors="replace"))
            self._changed.set()
        self._changed.set()


async def start_bot(command: Sequence[str], environment: Mapping[str, str]) -> BotProcess:
    """Start a bot with this Python; the caller ends it."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("INTERLUDE_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=ROOT,
        env=inherited | dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    return BotProcess(process)


@contextlib.asynccontextmanager
async def running_bot(
    command: Sequence[str], environment: Mapping[str, str]
) -> AsyncIterator[BotProcess]:
    """Run a bot for the length of a block."""
    bot = await start_bot(command, environment)
    try:
        yield bot
    finally:
        await bot.stop()


def settings_of(directory: Path) -> Settings:
    """The same in this process."""
    return Settings(
        data_dir=directory / "data",
        keys_dir=directory / "keys",
        host_key_file=directory / "host" / "host.key",
    )


def interlude_environment(loopback: LoopbackProcess, directory: Path) -> dict[str, str]:
    """The settings of an Interlude that keeps everything under ``directory``."""
    return loopback.environment() | {
        "INTERLUDE_DATA_DIR": str(directory / "data"),
        "INTERLUDE_KEYS_DIR": str(directory / "keys"),
        "INTERLUDE_HOST_KEY_FILE": str(directory / "host" / "host.key"),
    }


def database_file(directory: Path) -> Path:
    """Where that Interlude has its database."""
    return directory / "data" / "interlude.db"
