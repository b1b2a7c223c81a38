"""`run` and `demo`: what they hand on."""

import sys
from pathlib import Path
from typing import Any

import pytest

from bot.config import Settings
from tests.bot.cli.conftest import Cli


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Settings, dict[str, Any]]]:
    """Note what is called instead of running it, and leave the test's logging alone."""
    noted: list[tuple[str, Settings, dict[str, Any]]] = []

    def noting(name: str, result: object = None) -> Any:
        async def note(settings: Settings, **options: Any) -> object:
            noted.append((name, settings, options))
            return result

        return note

    monkeypatch.setattr("bot.cli.run.configure_logs", lambda *_: None)
    monkeypatch.setattr("bot.live.run", noting("run"))
    monkeypatch.setattr("bot.demo.serve", noting("serve"))
    monkeypatch.setattr("bot.demo.tour", noting("tour", 1))
    return noted


Calls = list[tuple[str, Settings, dict[str, Any]]]


@pytest.mark.parametrize(("arguments", "sync"), [(["run"], False), (["run", "--sync"], True)])
def test_run_hands_on_the_settings(
    cli: Cli, calls: Calls, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sync: bool
) -> None:
    monkeypatch.setenv("INTERLUDE_TOKEN", "a-token")
    assert cli(*arguments).code == 0
    ((name, settings, options),) = calls
    assert (name, options) == ("run", {"sync": sync})
    assert settings.token is not None


def test_the_demo_needs_nothing_and_touches_nothing(
    cli: Cli, calls: Calls, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERLUDE_TOKEN", "a-token")
    monkeypatch.setenv("INTERLUDE_HOST_KEY", "a-key")
    monkeypatch.setenv("INTERLUDE_GUILD_ID", "1")
    monkeypatch.setenv("INTERLUDE_DISCORD_API", "http://localhost:1")

    assert cli("demo").code == 0

    ((name, given, options),) = calls
    assert (name, options) == ("serve", {"port": 8700, "open_browser": True})
    assert (given.token, given.host_key, given.guild_id, given.discord_api) == (None,) * 4
    places = {given.data_dir, given.keys_dir, given.host_key_file}
    assert all(place.is_relative_to(Path(".interlude") / "demo") for place in places)
    assert not settings.data_dir.exists()


def test_the_demos_page_can_be_elsewhere_and_unopened(cli: Cli, calls: Calls) -> None:
    cli("demo", "--port", "9000", "--no-browser")
    assert calls[0][2] == {"port": 9000, "open_browser": False}


def test_the_tour_ends_with_its_own_code(cli: Cli, calls: Calls) -> None:
    assert cli("demo", "--tour").code == 1
    assert calls[0][0] == "tour"


def test_a_demo_without_its_packages_says_how_to_get_them(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.run.configure_logs", lambda *_: None)
    monkeypatch.delattr("bot.demo", raising=False)
    for name in [name for name in sys.modules if name.startswith("bot.demo")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "simcord", None)

    outcome = cli("demo")

    assert outcome.code == 2
    assert "simcord" in outcome.err
    assert "make demo" in outcome.err
