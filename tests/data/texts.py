"""Every text people read, with the file and key it stands under."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from bot.config import DATA

LOCALES = ("en", "es")

_NOT_WORDING = frozenset({"id", "key", "value", "kind", "meaning", "action", "topic"})
_NOT_WORDING_OF_AN_ENTRY = frozenset({"theme", "audience", "side"})


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthoredText:
    """One text."""

    file: str
    key: str
    locale: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.key}"


def content_texts() -> list[AuthoredText]:
    """List the texts of data/content."""
    return list(_read("content"))


def locale_texts() -> list[AuthoredText]:
    """List the sentences of data/locales."""
    return list(_read("locales"))


def line_texts() -> list[AuthoredText]:
    """List the wording of the crisis lines."""
    table = tomllib.loads((DATA / "crisis_lines.toml").read_text(encoding="utf-8"))
    return [
        AuthoredText(file="crisis_lines.toml", key=f"{line['id']}.{key}", locale=locale, text=text)
        for line in table["lines"]
        for key in ("hours", "cost", "audience", "note")
        if isinstance(line.get(key), dict)
        for locale, text in line[key].items()
    ]


def _read(folder: str) -> Iterator[AuthoredText]:
    for locale in LOCALES:
        for file in sorted((DATA / folder / locale).rglob("*.toml")):
            name = file.relative_to(DATA).as_posix()
            for key, text in _strings(tomllib.loads(file.read_text(encoding="utf-8")), ""):
                yield AuthoredText(file=name, key=key, locale=locale, text=text)


def _strings(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        key = re.split(r"[.\]]", path)[-1]
        if key not in _NOT_WORDING and not ("]." in path and key in _NOT_WORDING_OF_AN_ENTRY):
            yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, inner in enumerate(value, start=1):
            name = inner.get("id") or inner.get("key") if isinstance(inner, dict) else None
            yield from _strings(inner, f"{path}[{name or place}]")
