"""The risk screen as the services use it: it never breaks what it watches, and fails loud."""

import logging
from collections import deque
from collections.abc import Callable, Collection
from typing import Protocol

from bot.domain.risk import RiskFinding, Tier
from bot.domain.watch import BACKLOG, Post

log = logging.getLogger(__name__)

NOTHING_FOUND = RiskFinding(label=None, tier=Tier.NONE)


class Engine(Protocol):
    """The screen itself; pure computing, and every error is raised."""

    @property
    def version(self) -> str: ...
    def screen(self, text: str) -> RiskFinding: ...
    def self_test(self) -> Collection[object]: ...


class Lookout:
    """Screens texts; an error makes it count as down until its self-test passes again.

    Attributes:
        is_failing: A text could not be screened since the last self-test.
        missed: Texts that could not be screened, to be tried again.
        dropped: How many of those are not in `missed` any more.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._faults: list[Callable[[], None]] = []
        self.is_failing = False
        self.missed: deque[Post] = deque()
        self.dropped = 0

    def on_fault(self, callback: Callable[[], None]) -> None:
        """Call this as soon as a text could not be screened."""
        self._faults.append(callback)

    @property
    def version(self) -> str:
        """The version of the rules and the model."""
        return self._engine.version

    def screen(self, text: str) -> RiskFinding:
        """Screen a text that somebody of the team will read anyway; never raises."""
        found = self.look(text)
        if found is None:
            self.dropped += 1
        return found or NOTHING_FOUND

    def look(self, text: str) -> RiskFinding | None:
        """Screen a text; nothing where that failed, which nobody may take for safe."""
        try:
            return self._engine.screen(text)
        except Exception as error:  # noqa: BLE001 - whatever it is, the text stays and people learn of it
            log.error("the screen failed: %s", type(error).__name__)
            self.is_failing = True
            for callback in self._faults:
                callback()
            return None

    def keep(self, post: Post) -> None:
        """Keep a text that could not be screened, to be tried again."""
        if len(self.missed) >= BACKLOG:
            self.dropped += 1
        else:
            self.missed.append(post)

    def passes(self) -> bool:
        """Run the self-test."""
        try:
            failures = self._engine.self_test()
        except Exception as error:  # noqa: BLE001 - an engine that can't be read has failed its test
            log.error("the screen's self-test ended with %s", type(error).__name__)
            return False
        if failures:
            log.error("%d phrases of the screen's self-test came out wrong", len(failures))
        return not failures
