"""The sentences people read, by language and key."""

import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time

from bot.errors import StartError

DEFAULT_LOCALE = "en"
PLURAL_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})

Entry = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """One language's sentences, dates and times."""

    locale: str
    entries: Mapping[str, Entry]
    rules: Locale

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the sentence of a key, with its placeholders filled in.

        A plural entry is chosen by the value `n`.

        Raises:
            KeyError: There is no such sentence, or a placeholder has no value.
        """
        entry = self.entries[key]
        if isinstance(entry, Mapping):
            form = self.rules.plural_form(values["n"])  # type: ignore[arg-type]  # any number
            entry = entry.get(form, entry["other"])
        return entry.format_map(values)

    def has(self, key: str) -> bool:
        """Tell whether there is a sentence under this key."""
        return key in self.entries

    def short_day(self, day: date, *, weekday: bool) -> str:
        """Write a day as briefly as a chart needs it, such as `Jan 5` or `Mon 5`."""
        plain = "d MMM" if self.locale == "es" else "MMM d"
        return str(format_date(day, "EEE d" if weekday else plain, locale=self.rules))

    def date(self, day: date) -> str:
        """Write a day in words, such as `Monday 5 January`."""
        return _long_date(day, self.locale)

    def time(self, moment: datetime | time, zone: ZoneInfo | None = None) -> str:
        """Write a time of day; a moment is first taken to the zone."""
        written = str(format_time(moment, "short", tzinfo=zone, locale=self.rules))
        # CLDR puts a narrow space before AM and PM, which many fonts draw as none.
        return written.replace("\u202f", "\u00a0")

    def moment(self, moment: datetime, zone: ZoneInfo) -> str:
        """Write a day and a time as the zone's clock shows them."""
        local = moment.astimezone(zone)
        return self("core.moment", day=self.date(local.date()), time=self.time(local.timetz()))

    def weekday(self, index: int) -> str:
        """Name a day of the week; `0` is Monday."""
        return str(self.rules.days["stand-alone"]["wide"][index])

    def stamp(self, moment: datetime) -> str:
        """Write a moment numerically, for tables."""
        return str(format_datetime(moment, "yyyy-MM-dd HH:mm", locale=self.rules))

    def listing(self, parts: list[str]) -> str:
        """Join parts with commas and a last "and"."""
        if len(parts) < 2:
            return "".join(parts)
        return self("core.and", head=", ".join(parts[:-1]), tail=parts[-1])


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every language's sentences."""

    languages: Mapping[str, Words]

    @classmethod
    def load(cls, directory: Path) -> "Catalog":
        """Read `<directory>/<locale>/<feature>.toml`.

        Raises:
            StartError: A file cannot be read, or the languages differ in keys or
                placeholders; every fault is listed.
        """
        faults: list[str] = []
        languages = {
            folder.name: Words(
                folder.name, dict(_entries(folder, faults)), Locale.parse(folder.name)
            )
            for folder in sorted(directory.iterdir())
            if folder.is_dir()
        }
        faults.extend(_differences(languages))
        if faults:
            raise StartError("The texts are broken:\n" + "\n".join(faults))
        return cls(languages)

    def words(self, locale: str | None) -> Words:
        """Return a language's sentences, English where it is not there.

        Args:
            locale: Ours or Discord's code, such as `es` or `es-419`.
        """
        code = (locale or DEFAULT_LOCALE).split("-", maxsplit=1)[0].lower()
        return self.languages.get(code, self.languages[DEFAULT_LOCALE])


@lru_cache(maxsize=1024)
def _long_date(day: date, locale: str) -> str:
    # Babel takes 75 us a date, and the same few days are written again and again.
    pattern = "EEEE d 'de' MMMM" if locale == "es" else "EEEE, MMMM d"
    return str(format_date(day, pattern, locale=locale))


def _entries(folder: Path, faults: list[str]) -> Iterator[tuple[str, Entry]]:
    for file in sorted(folder.glob("*.toml")):
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            faults.append(f"{folder.name}/{file.name}: {error}")
            continue
        yield from _flatten(file.stem, table, faults)


def _flatten(
    prefix: str, table: Mapping[str, object], faults: list[str]
) -> Iterator[tuple[str, Entry]]:
    for name, value in table.items():
        key = f"{prefix}.{name}"
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, dict) and "other" in value and value.keys() <= PLURAL_FORMS:
            yield key, {form: str(text) for form, text in value.items()}
        elif isinstance(value, dict):
            yield from _flatten(key, value, faults)
        else:
            faults.append(f"{key}: a sentence must be a string, this is {type(value).__name__}")


def _differences(languages: Mapping[str, Words]) -> Iterator[str]:
    if DEFAULT_LOCALE not in languages:
        yield f"{DEFAULT_LOCALE}: this language is missing"
        return
    base = languages[DEFAULT_LOCALE].entries
    for code, words in languages.items():
        yield from (f"{code}: {key} is missing" for key in sorted(base.keys() - words.entries))
        yield from (f"{code}: {key} is not in en" for key in sorted(words.entries.keys() - base))
        for key in sorted(base.keys() & words.entries):
            try:
                ours, theirs = placeholders(words.entries[key]), placeholders(base[key])
            except ValueError as error:
                yield f"{code}: {key}: {error}"
                continue
            if ours != theirs:
                yield f"{code}: {key} has the placeholders {sorted(ours)}, en {sorted(theirs)}"


def placeholders(entry: Entry) -> frozenset[str]:
    """Return the names an entry's placeholders take, over all its plural forms."""
    texts = [entry] if isinstance(entry, str) else list(entry.values())
    formatter = string.Formatter()
    return frozenset(name for text in texts for _, name, _, _ in formatter.parse(text) if name)
