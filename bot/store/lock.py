"""One process at a time on a data directory."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StartError


@contextmanager
def hold_directory(directory: Path) -> Iterator[None]:
    """Hold a data directory for this process; the lock ends with the process, however it ends.

    Raises:
        StartError: Another process holds it, or it cannot be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        lock = (directory / "interlude.lock").open("w", encoding="ascii")
    except OSError as error:
        raise StartError(
            f"The data directory {directory} cannot be written ({error.strerror}). Give it to the "
            "user who runs Interlude, or name another one in INTERLUDE_DATA_DIR."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StartError(
                f"Another Interlude already uses {directory}. Stop it first, or give this one its "
                "own INTERLUDE_DATA_DIR."
            ) from error
        yield
