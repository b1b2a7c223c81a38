"""Logs: to standard error and a file kept for 14 days, and never what people typed."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.logs import KEEP_DAYS, configure_logs


@pytest.fixture(autouse=True)
def root() -> Iterator[logging.Logger]:
    """Put the loggers back as they were, and close what was opened."""
    root = logging.getLogger()
    quiet = {
        name: logging.getLogger(name).level for name in ("discord", "aiosqlite", "apscheduler")
    }
    level, handlers = root.level, root.handlers[:]
    root.handlers = []
    yield root
    for handler in root.handlers:
        handler.close()
    root.level, root.handlers = level, handlers
    for name, before in quiet.items():
        logging.getLogger(name).setLevel(before)


def test_lines_go_to_standard_error_and_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs("INFO", tmp_path / "logs")
    logging.getLogger("bot.test").info("participant %s answered", "p-1")

    line = capsys.readouterr().err
    assert line.endswith("INFO    bot.test: participant p-1 answered\n")
    assert (tmp_path / "logs" / "interlude.log").read_text(encoding="utf-8") == line


def test_files_are_kept_for_fourteen_days(tmp_path: Path, root: logging.Logger) -> None:
    configure_logs("INFO", tmp_path)
    (handler,) = [
        handler
        for handler in root.handlers
        if isinstance(handler, logging.handlers.TimedRotatingFileHandler)
    ]
    assert (handler.backupCount, KEEP_DAYS, handler.when, handler.utc) == (14, 14, "MIDNIGHT", True)


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_libraries_that_print_payloads_never_do(level: str) -> None:
    configure_logs(level, None)
    for name in ("discord.http", "discord.gateway", "aiosqlite"):
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)


def test_quiet_is_quiet_for_libraries_too() -> None:
    configure_logs("ERROR", None)
    assert not logging.getLogger("discord").isEnabledFor(logging.WARNING)
