"""Settings: from the environment and `.env`, every fault at once, secrets never shown."""

from pathlib import Path

import pytest

from bot.config import Settings, load_settings
from bot.errors import StartError


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start from no variables and a directory without `.env`."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"INTERLUDE_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_nothing_has_to_be_set() -> None:
    settings = load_settings()
    assert settings.token is None
    assert settings.database_file == settings.data_dir / "interlude.db"
    assert settings.keys_file == settings.keys_dir / "keys.db"
    assert settings.audit_head_file.parent == settings.data_dir


def test_database_keys_and_host_key_live_apart_by_default() -> None:
    settings = load_settings()
    places = {settings.data_dir, settings.keys_dir, settings.host_key_file.parent}
    assert len(places) == 3
    assert all(place.is_absolute() for place in places)


def test_the_environment_goes_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(
        "INTERLUDE_LOG_LEVEL=ERROR\nINTERLUDE_DEMO_PORT=1234\nUNRELATED=1\n", encoding="utf-8"
    )
    monkeypatch.setenv("INTERLUDE_LOG_LEVEL", "DEBUG")
    settings = load_settings()
    assert (settings.log_level, settings.demo_port) == ("DEBUG", 1234)


def test_every_fault_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERLUDE_GUILD_ID", "home")
    monkeypatch.setenv("INTERLUDE_LOG_LEVEL", "LOUD")
    with pytest.raises(StartError) as refused:
        load_settings()
    assert "INTERLUDE_GUILD_ID" in str(refused.value)
    assert "INTERLUDE_LOG_LEVEL" in str(refused.value)


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERLUDE_TOKEN", "very-secret")
    monkeypatch.setenv("INTERLUDE_HOST_KEY", "more-secret")
    settings = load_settings()
    assert "secret" not in f"{settings!r} {settings}"
    assert settings.host_key_given == "more-secret"


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().demo_port = 1


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
