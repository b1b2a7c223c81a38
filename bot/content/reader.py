"""Reading TOML into typed objects while collecting every fault instead of stopping at the first."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import StartError

E = TypeVar("E", bound=Enum)
T = TypeVar("T")

TEXT_DISPLAY_LENGTH = 4000
"""Discord's limit for one text of a card."""

_MISSING = object()


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing wrong in a content file."""

    file: str
    key: str
    problem: str

    def __str__(self) -> str:
        return (
            f"{self.file}: {self.key}: {self.problem}"
            if self.key
            else f"{self.file}: {self.problem}"
        )


class ContentError(StartError):
    """The content cannot be used; every fault of every file is listed.

    Args:
        faults: What is wrong, at least one.
    """

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("The content is broken:\n" + "\n".join(map(str, faults)))
        self.faults = faults


def read_toml(file: Path, name: str, faults: list[Fault]) -> dict[str, Any] | None:
    """Read one file; a fault and ``None`` when that is not possible."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(Fault(file=name, key="", problem="this file is missing"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(Fault(file=name, key="", problem=f"this file cannot be read: {error}"))
    return None


class Table:
    """One TOML table being read; a wrong or missing value is noted and replaced by a blank."""

    def __init__(
        self, values: Mapping[str, Any], *, file: str, faults: list[Fault], path: str = ""
    ) -> None:
        self._values = values
        self._left = set(values)
        self._file = file
        self._path = path
        self._faults = faults

    def fault(self, key: str, problem: str) -> None:
        """Note what is wrong with a key of this table."""
        self._faults.append(Fault(file=self._file, key=self._at(key), problem=problem))

    def text(self, key: str, *, most: int = TEXT_DISPLAY_LENGTH, default: str | None = None) -> str:
        """Read a text of 1 to ``most`` characters; with a default the key may be left out."""
        value = self._take(key, _MISSING if default is None else default)
        if not isinstance(value, str):
            return self._wrong(key, "must be a text", "") if value is not _MISSING else ""
        if default is None and not value.strip():
            return self._wrong(key, "must not be empty", "")
        if len(value) > most:
            return self._wrong(key, f"has {len(value)} characters, at most {most} fit", "")
        return value

    def integer(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        """Read a whole number in a range."""
        value = self._take(key, _MISSING if default is None else default)
        if value is _MISSING:
            return least
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            return self._wrong(key, f"must be a whole number from {least} to {most}", least)
        return value

    def integers(self, key: str, *, least: int, most: int) -> tuple[int, ...]:
        """Read a list of whole numbers, each in a range, smallest first."""
        value = self._take(key, _MISSING)
        if value is _MISSING:
            return ()
        if not isinstance(value, list) or not value or value != sorted(set(value)):
            return self._wrong(key, "must be a list of whole numbers, smallest first", ())
        if not all(isinstance(item, int) and least <= item <= most for item in value):
            return self._wrong(key, f"must hold whole numbers from {least} to {most}", ())
        return tuple(value)

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Read true or false."""
        value = self._take(key, _MISSING if default is None else default)
        if value is _MISSING:
            return False
        if not isinstance(value, bool):
            return self._wrong(key, "must be true or false", False)  # noqa: FBT003  # a blank
        return value

    def member(self, key: str, kind: type[E], *, is_optional: bool = False) -> E | None:
        """Read one of an enumeration's values; ``None`` when left out or wrong."""
        value = self._take(key, None if is_optional else _MISSING)
        if value is None or value is _MISSING:
            return None
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(str(member.value) for member in kind)
            return self._wrong(key, f"must be one of: {known}", None)

    def strings(self, key: str, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Read a list of texts."""
        value = self._take(key, _MISSING if default is None else list(default))
        if value is _MISSING:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            return self._wrong(key, "must be a list of texts", ())
        return tuple(value)

    def day(self, key: str) -> date | None:
        """Read a date; it may be left out."""
        value = self._take(key, None)
        if value is not None and type(value) is not date:
            return self._wrong(key, "must be a date such as 2026-11-22", None)
        return value

    def table(self, key: str) -> "Table":
        """Read a table; a blank one when it is missing or wrong."""
        value = self._take(key, _MISSING)
        if value is not _MISSING and not isinstance(value, dict):
            value = self._wrong(key, "must be a table", {})
        blank = value is _MISSING or not isinstance(value, dict)
        # The fault is noted above: what is read from a blank adds no second one.
        return self._inner({} if blank else value, key, faults=[] if blank else self._faults)

    def tables(self, key: str, read: Callable[["Table"], T]) -> tuple[T, ...]:
        """Read a list of tables, each by ``read``, and refuse keys nobody read."""
        value = self._take(key, _MISSING)
        if value is _MISSING:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            return self._wrong(key, "must be a list of tables", ())
        return tuple(
            self._inner(item, f"{key}[{_label(item, place)}]").whole(read)
            for place, item in enumerate(value, start=1)
        )

    def named(self) -> Iterator[tuple[str, "Table"]]:
        """Go through the tables this table consists of."""
        for key in self._values:
            if key in self._left:
                yield key, self.table(key)

    def whole(self, read: Callable[["Table"], T]) -> T:
        """Read this table by ``read`` and refuse keys nobody read."""
        result = read(self)
        for key in sorted(self._left):
            self.fault(key, "is not known here")
        return result

    def has(self, key: str) -> bool:
        """Tell whether the key is given."""
        return key in self._values

    def holds_table(self, key: str) -> bool:
        """Tell whether the key holds a table."""
        return isinstance(self._values.get(key), dict)

    def _take(self, key: str, default: object) -> Any:
        self._left.discard(key)
        value = self._values.get(key, default)
        if value is _MISSING:
            self.fault(key, "is missing")
        return value

    def _wrong(self, key: str, problem: str, blank: T) -> T:
        self.fault(key, problem)
        return blank

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def _inner(
        self, values: Mapping[str, Any], key: str, faults: list[Fault] | None = None
    ) -> "Table":
        return Table(
            values,
            file=self._file,
            faults=self._faults if faults is None else faults,
            path=self._at(key),
        )


def _label(item: Mapping[str, Any], place: int) -> str:
    return str(item.get("id") or item.get("key") or item.get("value") or place)
