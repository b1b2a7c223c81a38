"""Everything the loopback Discord received, with times, and a way to wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Received:
    """One request; ``at`` and ``done_at`` are seconds of the server's monotonic clock."""

    number: int
    at: float
    method: str
    path: str
    body: Any = None
    status: int | None = None
    done_at: float | None = None
    note: str = ""

    def matches(self, method: str, path: str) -> bool:
        return method in {self.method, "*"} and fnmatch(self.path, path)


@dataclass(slots=True)
class GatewayEvent:
    """One thing that happened on the websocket: hello, identify, resume, heartbeat, close."""

    at: float
    kind: str
    detail: dict[str, Any]


@dataclass(slots=True)
class Ledger:
    """Requests, websocket events and gaps, in the order of their arrival."""

    requests: list[Received] = field(default_factory=list)
    gateway: list[GatewayEvent] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    _waiting: set[asyncio.Future[None]] = field(default_factory=set)

    def receive(self, method: str, path: str, body: Any) -> Received:
        entry = Received(len(self.requests), self._now(), method, path, body)
        self.requests.append(entry)
        return entry

    def finish(self, entry: Received, status: int, note: str = "") -> None:
        """Note how a request ended; status 0 says that no answer was sent."""
        entry.status, entry.note, entry.done_at = status, note or entry.note, self._now()
        self.changed()

    def note_gateway(self, kind: str, **detail: Any) -> None:
        self.gateway.append(GatewayEvent(self._now(), kind, detail))
        self.changed()

    def changed(self) -> None:
        """Wake whoever waits for something."""
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, find: Callable[[], T | None], timeout: float) -> T:  # noqa: ASYNC109
        """Wait until ``find`` finds something.

        Raises:
            TimeoutError: It did not within ``timeout`` seconds.
        """
        async with asyncio.timeout(timeout):
            while (found := find()) is None:
                future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._waiting.add(future)
                await future
            return found

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
