"""`staff`: enrolling from the command line."""

import pytest

from bot.config import Settings
from tests.bot.cli.conftest import Cli

PERSON = "812345678901234567"
OTHER = "812345678901234568"


def test_a_person_is_enrolled_listed_changed_and_removed(cli: Cli) -> None:
    assert "No one is enrolled" in cli("staff", "list").out

    assert cli("staff", "add", PERSON, "--role", "moderator").code == 0
    assert cli("staff", "add", PERSON, "--role", "lead", "--language", "es").code == 0
    listed = cli("staff", "list").out
    assert listed.count(PERSON) == 1
    assert "lead" in listed
    assert "es" in listed

    assert cli("staff", "add", OTHER, "--role", "lead").code == 0
    assert cli("staff", "remove", PERSON).code == 0
    assert PERSON not in cli("staff", "list").out


def test_the_last_lead_stays(cli: Cli) -> None:
    assert cli("staff", "add", PERSON, "--role", "lead").code == 0

    removed = cli("staff", "remove", PERSON)
    demoted = cli("staff", "add", PERSON, "--role", "moderator")

    assert (removed.code, demoted.code) == (2, 2)
    assert "always keeps one" in removed.err
    assert "lead" in cli("staff", "list").out


@pytest.mark.parametrize("number", ["0", "42", "99999999999999999999"])
def test_a_number_that_is_no_account_is_refused(cli: Cli, number: str) -> None:
    outcome = cli("staff", "add", number, "--role", "lead")
    assert outcome.code == 2
    assert "Copy User ID" in outcome.err


def test_an_unknown_role_names_the_ones_there_are(cli: Cli) -> None:
    outcome = cli("staff", "add", PERSON, "--role", "boss")
    assert outcome.code == 2
    assert "clinician" in outcome.err


def test_an_unknown_language_names_the_ones_there_are(cli: Cli) -> None:
    outcome = cli("staff", "add", PERSON, "--role", "lead", "--language", "xx")
    assert outcome.code == 2
    assert "en, es" in outcome.err


def test_removing_someone_not_enrolled_changes_nothing(cli: Cli) -> None:
    outcome = cli("staff", "remove", PERSON)
    assert outcome.code == 2
    assert "nothing was changed" in outcome.err


@pytest.mark.usefixtures("installed", "settings")
def test_enrolling_and_removing_stand_in_the_audit_log(cli: Cli) -> None:
    cli("staff", "add", OTHER, "--role", "lead")
    cli("staff", "remove", PERSON)
    assert "whole: 3 lines" in cli("audit", "verify").out


@pytest.mark.usefixtures("installed")
def test_a_list_changes_nothing(cli: Cli, settings: Settings) -> None:
    before = settings.database_file.read_bytes()
    cli("staff", "list")
    assert settings.database_file.read_bytes() == before
