"""`check`: everything the bot rests on, looked at without changing it."""

import asyncio
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from bot.cli.audit import fault_sentence, verify_log
from bot.cli.output import say, show_table
from bot.clock import system_clock
from bot.config import DATA, Settings, load_settings
from bot.content import load_content
from bot.content.ladder import load_ladder
from bot.domain.crisis import stale_lines
from bot.domain.delivery import DeliveryError
from bot.domain.ids import new_id
from bot.errors import StartError
from bot.store.backup import integrity_fault
from bot.store.database import open_database
from bot.store.migrate import load_migrations, schema_version
from bot.store.vault import Vault, load_host_key
from bot.text import Catalog

OTHERS = 0o077


class State(StrEnum):
    """How something stands."""

    GOOD = "good"
    WARNING = "warning"
    FAULT = "FAULT"


class Finding(NamedTuple):
    """One line of the table."""

    what: str
    state: State
    detail: str


def check(
    *,
    call_out: Annotated[
        bool,
        typer.Option("--call-out", help="Also call by the webhook and the e-mail, as a test."),
    ] = False,
) -> None:
    """Look at content, texts, crisis lines, database, keys and files; exit 1 on faults."""
    settings = load_settings()
    findings = list(look(settings, system_clock().date()))
    if call_out:
        findings += asyncio.run(try_call_out(settings))
    show_table(("What", "State", "Detail"), findings)
    faults = sum(finding.state is State.FAULT for finding in findings)
    if faults:
        say("1 fault." if faults == 1 else f"{faults} faults.")
        raise typer.Exit(1)
    say("No faults.")


def look(settings: Settings, today: date) -> Iterator[Finding]:
    """Look at everything."""
    yield _token(settings)
    yield from _content(settings, today)
    yield _ladder(settings)
    yield _outside(settings)
    yield _texts()
    yield from _database(settings)
    yield _keys(settings)
    yield _places(settings)
    yield _permissions(settings)


def _token(settings: Settings) -> Finding:
    if settings.token is None:
        return Finding("token", State.WARNING, "INTERLUDE_TOKEN is not set; `run` needs it.")
    return Finding("token", State.GOOD, "INTERLUDE_TOKEN is set.")


def _content(settings: Settings, today: date) -> Iterator[Finding]:
    try:
        content = load_content(DATA, settings.crisis_file)
    except StartError as error:
        yield Finding("content", State.FAULT, str(error))
        return
    yield Finding("content", State.GOOD, f"Languages: {', '.join(content.languages)}.")
    lines = content.crisis.lines
    usable = [line for line in lines if line.is_verified]
    stale = stale_lines(lines, today)
    if not usable:
        yield Finding("crisis lines", State.FAULT, "No crisis line is verified.")
    elif stale:
        names = ", ".join(line.id for line in stale)
        yield Finding(
            "crisis lines",
            State.WARNING,
            f"Checked more than 90 days ago, still shown; call them and set checked_on: {names}.",
        )
    else:
        yield Finding("crisis lines", State.GOOD, f"{len(usable)} checked within 90 days.")


def _ladder(settings: Settings) -> Finding:
    try:
        load_ladder(DATA, settings.ladder_file)
    except StartError as error:
        return Finding("ladder", State.FAULT, str(error))
    where = settings.ladder_file or "the one that comes with it"
    return Finding("ladder", State.GOOD, f"Read from {where}.")


def _outside(settings: Settings) -> Finding:
    ways = [name for name, is_set in _ways(settings) if is_set]
    if not ways:
        return Finding(
            "call-outs",
            State.WARNING,
            "Nobody is called outside of Discord: set INTERLUDE_OUTSIDE_WEBHOOK or "
            "INTERLUDE_OUTSIDE_MAIL_TO, or let volunteers enter themselves.",
        )
    return Finding("call-outs", State.GOOD, f"By {' and '.join(ways)}; try them with --call-out.")


def _ways(settings: Settings) -> Iterator[tuple[str, bool]]:
    yield "webhook", settings.outside_webhook is not None
    yield "e-mail", bool(settings.mail_addresses)


async def try_call_out(settings: Settings) -> list[Finding]:
    """Call by every way that is set; the text says that it is a test."""
    from bot.outside import CallOut, Outside, reach_of  # noqa: PLC0415 - discord.py takes half a second

    words = Catalog.load(DATA / "locales").words(None)
    said = CallOut(id=new_id(), subject=words("waiting.subject"), text=words("waiting.test"))
    findings = []
    for channel in reach_of(settings).channels:
        name = f"test by {channel.rpartition('.')[2]}"
        try:
            await Outside(settings).call(channel, said)
        except DeliveryError as error:
            findings.append(Finding(name, State.FAULT, f"It did not get through: {error}."))
        else:
            findings.append(Finding(name, State.GOOD, "Taken; see that it arrived."))
    return findings or [Finding("test", State.WARNING, "There is nobody to call.")]


def _texts() -> Finding:
    try:
        catalog = Catalog.load(DATA / "locales")
    except StartError as error:
        return Finding("texts", State.FAULT, str(error))
    return Finding("texts", State.GOOD, f"Languages: {', '.join(catalog.languages)}.")


def _database(settings: Settings) -> Iterator[Finding]:
    file = settings.database_file
    if not file.exists():
        yield Finding("database", State.WARNING, f"{file} is made at the first start.")
        return
    if (fault := integrity_fault(file)) is not None:
        yield Finding("database", State.FAULT, f"{file} is damaged: {fault}")
        return
    try:
        version = asyncio.run(_version(settings))
    except StartError as error:
        yield Finding("database", State.FAULT, str(error))
        return
    newest = load_migrations()[-1].number
    if version > newest:
        yield Finding("database", State.FAULT, f"From a newer version (schema {version}).")
    elif version < newest:
        yield Finding(
            "database", State.WARNING, f"Schema {version}; the next start brings it to {newest}."
        )
    else:
        yield Finding("database", State.GOOD, f"Whole, schema {version}.")
        yield _audit(settings)


async def _version(settings: Settings) -> int:
    async with open_database(settings.database_file) as database:
        return await schema_version(database)


def _audit(settings: Settings) -> Finding:
    verdict = asyncio.run(verify_log(settings))
    if verdict.fault is not None:
        return Finding("audit log", State.FAULT, fault_sentence(verdict.fault, settings))
    return Finding("audit log", State.GOOD, f"Whole, {verdict.count} lines.")


def _keys(settings: Settings) -> Finding:
    if not settings.keys_file.exists():
        return Finding("keys", State.WARNING, f"{settings.keys_file} is made at the first start.")
    try:
        asyncio.run(_try_host_key(settings))
    except StartError as error:
        return Finding("keys", State.FAULT, str(error))
    return Finding("keys", State.GOOD, "The host key fits the wrapped keys.")


async def _try_host_key(settings: Settings) -> None:
    key = load_host_key(settings.host_key_given, settings.host_key_file, keys_exist=True)
    async with open_database(settings.keys_file) as keys:
        await Vault(keys, key).prepare()


def _places(settings: Settings) -> Finding:
    places = {
        "database": settings.data_dir.resolve(),
        "wrapped keys": settings.keys_dir.resolve(),
        "host key": settings.host_key_file.resolve().parent,
    }
    if settings.host_key is not None:
        del places["host key"]
    if len(set(places.values())) < len(places):
        return Finding(
            "three places",
            State.FAULT,
            f"The {', '.join(places)} must lie in different directories, so that no one copy "
            "opens everything.",
        )
    return Finding("three places", State.GOOD, f"The {', '.join(places)} lie apart.")


def _permissions(settings: Settings) -> Finding:
    files = [settings.database_file, settings.keys_file, settings.host_key_file, Path(".env")]
    if settings.host_key is not None:
        files.remove(settings.host_key_file)
    there = [file for file in files if file.exists()]
    bare = [str(file) for file in there if file.stat().st_mode & OTHERS]
    if bare:
        return Finding(
            "permissions",
            State.FAULT,
            f"Others on this machine can open them: chmod go-rwx {' '.join(bare)}",
        )
    return Finding("permissions", State.GOOD, f"{len(there)} files, readable by you only.")
