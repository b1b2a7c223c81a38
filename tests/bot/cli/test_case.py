"""`case`, as an operator runs it."""

import asyncio
from pathlib import Path

import pytest

from bot.app import open_app
from bot.config import Settings
from bot.domain.case import CaseSource
from bot.domain.participant import ParticipantState, Preferences
from tests.bot.cli.conftest import Cli

pytestmark = pytest.mark.usefixtures("installed")

ACCOUNT = 812345678901234598


@pytest.fixture
def ref(settings: Settings, installed: None) -> str:
    """The reference of a request of P-104."""
    return asyncio.run(ask(settings))


async def ask(settings: Settings) -> str:
    async with open_app(settings) as app:
        someone = await app.services.participants.begin(ACCOUNT, Preferences())
        await app.stores.participants.set_code(someone.id, "P-104")
        await app.services.participants.move(someone, ParticipantState.ACTIVE)
        asked = await app.services.cases.ask(ACCOUNT, CaseSource.ASK, detail="Please call me.")
    return asked.case.ref


async def openings(settings: Settings) -> list[str]:
    async with open_app(settings) as app:
        person = await app.services.participants.find(ACCOUNT)
        assert person is not None
        return [one.what for one in await app.services.own_data.access(person)]


def test_a_case_is_written_down_for_the_operator_only_and_logged(
    cli: Cli, settings: Settings, ref: str
) -> None:
    outcome = cli("case", ref.lower())

    file = settings.data_dir / "summaries" / f"{ref}.txt"
    text = file.read_text(encoding="utf-8")
    assert (outcome.code, outcome.err) == (0, "")
    assert file.stat().st_mode & 0o077 == 0
    assert "About: ID P-104" in text
    assert "Please call me." in text
    assert "[ ] Open ID P-104 in your own records." in text
    assert str(ACCOUNT) not in text
    assert asyncio.run(openings(settings)) == ["case"]


def test_a_file_that_is_there_is_not_overwritten(cli: Cli, ref: str, tmp_path: Path) -> None:
    cli("case", ref, tmp_path)

    again = cli("case", ref, tmp_path)

    assert again.code == 2
    assert "exists already" in again.err


def test_an_unknown_reference_gets_a_sentence(cli: Cli) -> None:
    outcome = cli("case", "XXXXX")

    assert outcome.code == 2
    assert "There is no case XXXXX" in outcome.err
