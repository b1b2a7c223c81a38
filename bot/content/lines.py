"""Reading crisis lines and countries."""

import re
from pathlib import Path

from bot.content.reader import Fault, Table, read_toml
from bot.domain.crisis import (
    ChannelKind,
    Country,
    CrisisDirectory,
    CrisisLine,
    LineChannel,
    LineKind,
    Phrase,
)

UNKNOWN = "unknown"
COUNTRY_CODE = re.compile(r"[A-Z]{2}")
HOST = re.compile(r"[a-z0-9.-]+\.[a-z]{2,}(/[\w./-]*)?")
NUMBER = re.compile(r"[0-9][0-9 -]*")
NUMBERED = frozenset({ChannelKind.CALL, ChannelKind.TEXT, ChannelKind.TTY})


def read_directory(
    shipped: Path, own: Path | None, locales: tuple[str, ...], faults: list[Fault]
) -> CrisisDirectory:
    """Read the shipped lines, or the operator's own instead of them.

    The operator's countries are laid over the shipped ones, so that the emergency number of a
    country is kept where their file says nothing of it.
    """
    lines, countries = _read_file(shipped, locales, faults)
    if own is not None:
        lines, own_countries = _read_file(own, locales, faults)
        countries = countries | own_countries
    return CrisisDirectory(lines=lines, countries=countries)


def _read_file(
    file: Path, locales: tuple[str, ...], faults: list[Fault]
) -> tuple[tuple[CrisisLine, ...], dict[str, Country]]:
    values = read_toml(file, file.name, faults)
    if values is None:
        return (), {}
    root = Table(values, file=file.name, faults=faults)
    countries = (
        {
            code: _read_country(code, table, locales)
            for code, table in root.table("countries").named()
        }
        if root.has("countries")
        else {}
    )
    lines = root.tables("lines", lambda table: _read_line(table, locales))
    seen: set[str] = set()
    for line in lines:
        if line.id in seen:
            root.fault(f"lines[{line.id}]", "this id is used twice")
        seen.add(line.id)
    root.whole(lambda _: None)
    return lines, countries


def _read_country(code: str, table: Table, locales: tuple[str, ...]) -> Country:
    def read(inner: Table) -> Country:
        if not COUNTRY_CODE.fullmatch(code):
            inner.fault("code", "a country is two capital letters")
        numbers = inner.strings("emergency")
        if not all(NUMBER.fullmatch(number) for number in numbers):
            inner.fault("emergency", "must be telephone numbers")
        return Country(
            code=code,
            name=_read_phrase(inner, "name", locales),
            emergency=numbers,
            source=inner.text("source"),
        )

    return table.whole(read)


def _read_line(table: Table, locales: tuple[str, ...]) -> CrisisLine:
    line = CrisisLine(
        id=table.text("id", most=40),
        countries=table.strings("countries"),
        service=table.text("service", most=80),
        kind=table.member("kind", LineKind) or LineKind.GENERAL,
        channels=table.tables("channels", _read_channel),
        hours=_read_known(table, "hours", locales),
        cost=_read_known(table, "cost", locales),
        audience=_read_phrase(table, "audience", locales),
        note=_read_phrase(table, "note", locales) if table.has("note") else {},
        languages=_read_languages(table),
        is_for_everyone=table.flag("for_everyone"),
        source=table.text("source"),
        source_url=table.text("source_url", default=""),
        checked_on=table.day("checked_on"),
        is_verified=table.flag("verified"),
    )
    if not all(COUNTRY_CODE.fullmatch(code) for code in line.countries) or not line.countries:
        table.fault("countries", "must be countries of two capital letters")
    if not line.channels:
        table.fault("channels", "a line needs a way to reach it")
    if line.is_verified and line.checked_on is None:
        table.fault("checked_on", "a verified line needs the day it was checked")
    return line


def _read_channel(table: Table) -> LineChannel:
    kind = table.member("kind", ChannelKind) or ChannelKind.CALL
    channel = LineChannel(
        kind=kind,
        to=table.text("to", most=100),
        word=table.text("word", most=20, default=""),
        press=table.text("press", most=3, default=""),
    )
    if kind in NUMBERED and not NUMBER.fullmatch(channel.to):
        table.fault("to", "must be a telephone number")
    if kind is ChannelKind.CHAT and not HOST.fullmatch(channel.to):
        table.fault("to", "must be a site such as example.org, without https://")
    if kind is ChannelKind.EMAIL and "@" not in channel.to:
        table.fault("to", "must be an e-mail address")
    return channel


def _read_known(table: Table, key: str, locales: tuple[str, ...]) -> Phrase:
    phrase = _read_phrase(table, key, locales)
    return {} if UNKNOWN in phrase.values() else phrase


def _read_phrase(table: Table, key: str, locales: tuple[str, ...]) -> Phrase:
    """Read a text given once for all languages, or as a table with one per language."""
    if not table.holds_table(key):
        text = table.text(key, most=200)
        return dict.fromkeys(locales, text)
    return table.table(key).whole(
        lambda inner: {locale: inner.text(locale, most=200) for locale in locales}
    )


def _read_languages(table: Table) -> tuple[str, ...]:
    languages = table.strings("languages")
    return () if UNKNOWN in languages else languages
