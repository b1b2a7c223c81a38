"""What can go wrong on the way, on request."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatch


class FaultKind(StrEnum):
    """Where a request fails.

    ``STATUS`` answers with an error and does nothing. ``DROP`` closes the connection before the
    work, ``LOSE`` after it, so that only the reply is lost. ``STALL`` waits for ``release`` before
    the work, ``HOLD`` after it.
    """

    STATUS = "status"
    DROP = "drop"
    LOSE = "lose"
    STALL = "stall"
    HOLD = "hold"


@dataclass(slots=True)
class Fault:
    """One rule: requests that match fail ``times`` times, for ever with ``None``.

    The first ``after`` of them pass.
    """

    kind: FaultKind
    method: str = "*"
    path: str = "*"
    times: int | None = 1
    after: int = 0
    status: int = 502
    code: int = 0
    message: str = "loopback fault"
    retry_after: float = 0.2
    body: str = ""

    def matches(self, method: str, path: str, body: str) -> bool:
        return self.method in {method, "*"} and fnmatch(path, self.path) and (self.body in body)


@dataclass(slots=True)
class Faults:
    """The rules in force, the first match first."""

    rules: list[Fault] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    outage: bool = False

    def take(self, method: str, path: str, body: str) -> Fault | None:
        """Use up one rule for this request, if one matches."""
        for rule in self.rules:
            if not rule.matches(method, path, body):
                continue
            if rule.after > 0:
                rule.after -= 1
                continue
            if rule.times is not None:
                rule.times -= 1
                if rule.times <= 0:
                    self.rules.remove(rule)
            return rule
        return None

    def clear(self) -> None:
        """Lift every rule and let held replies go."""
        self.rules.clear()
        self.outage = False
        self.release()

    def release(self) -> None:
        """Let held replies go; later ones are held anew."""
        self.released.set()
        self.released = asyncio.Event()
