"""A loopback Discord for the session, a new world on it for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.wire.loopback.process import LoopbackProcess
from tests.wire.loopback.remote import Remote


@pytest.fixture(scope="session")
def loopback() -> Iterator[LoopbackProcess]:
    """The process; its world is reset by ``wire``."""
    process = LoopbackProcess()
    yield process
    process.stop()


@pytest.fixture
async def wire(loopback: LoopbackProcess) -> AsyncIterator[Remote]:
    """A fresh, empty Discord; a route that it does not model fails the test."""
    async with Remote(loopback.address) as remote:
        await remote.call("reset")
        yield remote
        gaps = await remote.call("gaps")
        await remote.call("reset")
        assert gaps == []
