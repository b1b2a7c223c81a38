"""The list of deletions: who was forgotten, outside the database, for the day a backup returns."""

import os
from collections.abc import Set as AbstractSet
from pathlib import Path

from bot.errors import StoreError

FILE = "deletions.txt"


class DeletionList:
    """Random IDs of forgotten people, one a line, in two places that are not lost together.

    An ID means nothing without the database it was deleted from.

    Args:
        directories: Where the list is kept: beside the database and beside the keys.
    """

    def __init__(self, *directories: Path) -> None:
        self._files = [directory / FILE for directory in directories]

    def add(self, owner: str) -> None:
        """Note that an owner was forgotten.

        Raises:
            StoreError: The list cannot be written.
        """
        for file in self._files:
            if owner in _read(file):
                continue
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("a", encoding="ascii") as stream:
                    stream.write(f"{owner}\n")
                    stream.flush()
                    os.fsync(stream.fileno())
            except OSError as error:
                raise StoreError(f"{file} cannot be written: {error}") from error

    def owners(self) -> AbstractSet[str]:
        """Return everyone forgotten, from both places.

        Raises:
            StoreError: The list cannot be read.
        """
        return frozenset(owner for file in self._files for owner in _read(file))


def _read(file: Path) -> AbstractSet[str]:
    if not file.exists():
        return frozenset()
    try:
        return frozenset(file.read_text(encoding="ascii").split())
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{file} cannot be read: {error}") from error
