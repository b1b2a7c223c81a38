"""The command line as an operator runs it, with files of its own."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.config import Settings, load_settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


Cli = Callable[..., Outcome]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The installation the commands work on: three directories, no `.env`, no token."""
    for name in [name for name in os.environ if name.startswith("INTERLUDE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("INTERLUDE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("INTERLUDE_KEYS_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("INTERLUDE_HOST_KEY_FILE", str(tmp_path / "host" / "host.key"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    before = os.umask(0o022)
    yield load_settings()
    os.umask(before)


@pytest.fixture
def cli(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Cli:
    """Run a command in this process."""

    def run(*arguments: str | Path, typed: str = "") -> Outcome:
        monkeypatch.setattr(sys, "argv", ["interlude", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Outcome(code=code, out=printed.out, err=printed.err)

    return run


@pytest.fixture
def installed(cli: Cli) -> None:
    """An installation with a database, keys and a lead."""
    assert cli("staff", "add", "812345678901234567", "--role", "lead").code == 0
