"""One process at a time on a data directory."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import ROOT
from bot.errors import StartError
from bot.store.lock import hold_directory

HOLDER = """
import pathlib, sys
from bot.store.lock import hold_directory
with hold_directory(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_directory_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    with hold_directory(tmp_path / "data"):
        with (
            pytest.raises(StartError, match=r"Another Interlude.*Stop it first"),
            hold_directory(tmp_path / "data"),
        ):
            pytest.fail("it was held twice")
        with hold_directory(tmp_path / "other"):
            pass
    with hold_directory(tmp_path / "data"):
        pass


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StartError, match="Another Interlude"), hold_directory(tmp_path):
            pytest.fail("it was held twice")
        holder.kill()
        holder.wait()
        with hold_directory(tmp_path):
            pass


def test_a_directory_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(StartError, match="INTERLUDE_DATA_DIR"),
        hold_directory(tmp_path / "file" / "data"),
    ):
        pytest.fail("it was held")
