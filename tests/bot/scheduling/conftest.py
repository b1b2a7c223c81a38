"""Planner and dispatcher on a real database with two people in it."""

import pytest

from bot.domain.ids import ParticipantId
from bot.store.database import SqliteDatabase
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import Delivery, join


@pytest.fixture
async def delivery(database: SqliteDatabase, clock: FakeClock) -> Delivery:
    """Everything between a schedule and Discord."""
    await join(database, "ada")
    await join(database, "bob")
    return Delivery(database, clock)


@pytest.fixture
def ada() -> ParticipantId:
    """The first person."""
    return ParticipantId("ada")


@pytest.fixture
def bob() -> ParticipantId:
    """The second person."""
    return ParticipantId("bob")
