"""Fixtures for every layer."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import DATA
from bot.store.database import SqliteDatabase, open_database
from bot.store.migrate import load_migrations, migrate
from bot.store.vault import KEY_BYTES, Vault
from bot.text import Catalog, Words
from tests.fakes.clock import FakeClock
from tests.fakes.simulation import World, simulated


@pytest.fixture
def clock() -> FakeClock:
    """A clock that a test moves."""
    return FakeClock()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of the newest schema, to be copied: making one takes far longer."""
    file = tmp_path_factory.mktemp("template") / "test.db"

    async def make() -> None:
        async with open_database(file) as database:
            await migrate(database, load_migrations())

    asyncio.run(make())
    return file


@pytest.fixture
async def database(tmp_path: Path, migrated: Path) -> AsyncIterator[SqliteDatabase]:
    """A migrated database on a real file."""
    file = tmp_path / "test.db"
    shutil.copyfile(migrated, file)
    async with open_database(file) as database:
        yield database


@pytest.fixture
async def vault(tmp_path: Path) -> AsyncIterator[Vault]:
    """A vault with its own file of keys."""
    async with open_database(tmp_path / "keys" / "keys.db") as keys:
        vault = Vault(keys, bytes(KEY_BYTES))
        await vault.prepare()
        yield vault


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The sentences as they ship."""
    return Catalog.load(DATA / "locales")


@pytest.fixture
def words(catalog: Catalog) -> Words:
    """English."""
    return catalog.words("en")


@pytest.fixture
async def world(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[World]:
    """The real bot on a simulated server; any logged error fails the test.

    A test that provokes one clears `caplog` after looking at it.
    """
    async with simulated(tmp_path) as world:
        yield world
    faults = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert not faults, [record.getMessage() for record in faults]
