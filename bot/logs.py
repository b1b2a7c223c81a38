"""Logging: identifiers only, never names or content, kept for 14 days."""

import logging
import logging.handlers
from pathlib import Path

KEEP_DAYS = 14
FORMAT = "{asctime} {levelname:<7} {name}: {message}"


def configure_logs(level: str, directory: Path | None) -> None:
    """Send log lines to standard error and, where a directory is given, to daily files.

    Args:
        level: A level name of the standard library.
        directory: Where `interlude.log` and its 14 predecessors live.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    if directory is not None:
        directory.mkdir(parents=True, exist_ok=True)
        handlers.append(
            logging.handlers.TimedRotatingFileHandler(
                directory / "interlude.log",
                when="midnight",
                backupCount=KEEP_DAYS,
                utc=True,
                encoding="utf-8",
            )
        )
    logging.basicConfig(level=level, format=FORMAT, style="{", handlers=handlers, force=True)
    # discord.py prints payloads at DEBUG; those hold what people typed.
    for noisy in ("discord", "aiosqlite", "apscheduler"):
        logging.getLogger(noisy).setLevel(max(logging.getLevelName(level), logging.INFO))
