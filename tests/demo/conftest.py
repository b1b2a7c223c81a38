"""A running demo for the tests, around a small bot with one of everything."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.config import Settings, load_settings
from bot.demo.actions import Actions
from bot.demo.places import list_places
from bot.demo.server import build_site
from bot.demo.session import Session, open_session
from bot.demo.snapshot import messages
from tests.demo.browser import run_chromium
from tests.demo.sample_bot import open_sample

START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Chromium that all tests share."""
    with run_chromium(tmp_path_factory.mktemp("chromium")) as address:
        yield address


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose data stay in the test's directory."""
    return load_settings(data_dir=tmp_path / "data", keys_dir=tmp_path / "keys")


@pytest.fixture
async def session(settings: Settings) -> AsyncIterator[Session]:
    """A session with the sample bot, at a Monday's two o'clock in UTC."""
    async with open_session(settings, opener=open_sample, start=START) as session:
        session.ready = True
        yield session


@pytest.fixture
async def client(session: Session) -> AsyncIterator[TestClient[Any, Any]]:
    """The page's server over a real socket."""
    async with TestClient(TestServer(build_site(session))) as client:
        yield client


class Hands:
    """Short ways to act and to look for the tests."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.actions = Actions(session)

    def place(self, who: str, name: str) -> str:
        """Return the ID of a place somebody sees."""
        return next(
            place["id"] for place in list_places(self.session, who) if place["name"] == name
        )

    async def do(self, who: str, verb: str, place: str = "general", **asked: Any) -> dict[str, Any]:
        """Act in a place."""
        return await self.actions.perform(
            who, {"verb": verb, "place": self.place(who, place), **asked}
        )

    def seen(self, who: str, place: str = "general") -> list[dict[str, Any]]:
        """Return what somebody reads in a place."""
        return messages(self.session, who, int(self.place(who, place)))


@pytest.fixture
def hands(session: Session) -> Hands:
    """Short ways to act and to look."""
    return Hands(session)
