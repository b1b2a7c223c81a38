"""A loopback Discord for the session, a new world on it for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.wire.home import Home
from tests.wire.loopback.process import LoopbackProcess
from tests.wire.loopback.remote import Remote
from tests.wire.place import Place, furnish


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


@pytest.fixture
async def place(wire: Remote) -> Place:
    """A small server with two people."""
    return await furnish(wire)


@pytest.fixture
def home(tmp_path: Path, loopback: LoopbackProcess, wire: Remote) -> Home:
    """An empty directory for an Interlude."""
    return Home(tmp_path, loopback, wire)
