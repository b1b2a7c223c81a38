"""Starts the loopback Discord in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.wire.loopback.world import TOKEN

ROOT = Path(__file__).resolve().parents[3]
STOP_SECONDS = 10


class LoopbackProcess:
    """A loopback Discord in another process; ``stop`` it, or let it end with this one."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.wire.loopback"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the loopback Discord did not start")
        self.port: int = json.loads(line)["port"]

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> str:
        """What stands for ``https://discord.com/api/v10``."""
        return f"{self.address}/api/v10"

    @property
    def gateway(self) -> str:
        """What stands for ``wss://gateway.discord.gg``."""
        return f"ws://127.0.0.1:{self.port}/gateway"

    def environment(self) -> dict[str, str]:
        """The settings that point Interlude here."""
        return {
            "INTERLUDE_TOKEN": TOKEN,
            "INTERLUDE_DISCORD_API": self.api,
            "INTERLUDE_DISCORD_GATEWAY": self.gateway,
        }

    def stop(self) -> None:
        """End it and wait for its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
