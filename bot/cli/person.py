"""`export` and `forget`: one person's data, in the hands of whoever runs the bot."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.output import say
from bot.clock import system_clock
from bot.config import DATA, Settings, load_settings
from bot.content import load_content
from bot.domain.audit import OPERATOR
from bot.domain.ids import ParticipantId
from bot.domain.joining import pseudonym, pseudonym_number
from bot.domain.participant import Participant
from bot.errors import StartError
from bot.screening import load_screen
from bot.services.audit import AuditService
from bot.store.audit import HeadFile
from bot.store.database import SqliteDatabase, open_database
from bot.store.lock import hold_directory
from bot.store.migrate import load_migrations, schema_version
from bot.text import Catalog

if TYPE_CHECKING:
    from bot.services.container import Services

Who = Annotated[str, typer.Argument(help="A number such as P-104, or the participant's own ID.")]

GOES = (
    "This deletes every row, message and key of {name}, and their open requests to the team. What "
    "others told the team stays, and so do lines of the audit log under random numbers. Copies of "
    "the database keep their rows until you delete them; their texts cannot be read once the last "
    "copy of the keys from before is gone, 7 days at most."
)


def export(
    who: Who,
    dest: Annotated[Path, typer.Argument(help="A directory; nothing in it is overwritten.")],
) -> None:
    """Write all that is one person's, safety items too, as a page and as JSON."""
    files = asyncio.run(_export(load_settings(), who, dest))
    for file in files:
        say(f"Written, readable by you only: {file}")
    say("It is sealed no more: hand it over in person and delete it. The access log has a line.")


async def _export(settings: Settings, who: str, dest: Path) -> list[Path]:
    from bot.ui.data import files_of  # noqa: PLC0415 - brings discord.py along
    from bot.ui.data_page import answers_from  # noqa: PLC0415 - brings discord.py along

    async with open_services(settings) as services:
        person = await _find(services, who)
        data = await services.own_data.export_whole(person)
        words = Catalog.load(DATA / "locales").words(person.preferences.locale)
        answers_of = answers_from(services.checkins.edition, words.locale)
        made = files_of(words, ZoneInfo(person.preferences.zone), data, answers_of)
        stem = person.code or person.id
        targets = [(dest / f"{stem}-{file.filename}", file.content) for file in made]
        taken = [str(target) for target, _ in targets if target.exists()]
        if taken:
            raise StartError(f"{' and '.join(taken)} exist already. Name another directory.")
        for target, content in targets:
            write_private(target, content)
        await services.audit.anchor()
    return [target for target, _ in targets]


def forget(who: Who) -> None:
    """Delete everything of one person; refused while the bot runs."""
    settings = load_settings()
    with hold_directory(settings.data_dir):
        name = asyncio.run(_forget(settings, who))
    say(f"{name} is forgotten, here and whenever a backup is restored.")
    say("Their thread, roles and sight in Discord go at the bot's next start.")


async def _forget(settings: Settings, who: str) -> str:
    async with open_services(settings) as services:
        person = await _find(services, who)
        name = person.code or person.id
        say(GOES.format(name=name))
        # A prompt of the command line: nobody else waits for this loop.
        typed = typer.prompt(f"Type {name} to go on")
        if typed.strip().casefold() != name.casefold():
            raise StartError(f"You typed {typed!r}. Nothing was deleted.")
        await services.erasure.forget(person.id, OPERATOR)
        await services.audit.anchor()
    return name


@asynccontextmanager
async def open_services(settings: Settings) -> "AsyncIterator[Services]":
    """Build the use cases on the database as it is, without the lock: the bot may be running."""
    from bot.app import build_erasure, build_stores, open_vault  # noqa: PLC0415 - discord.py
    from bot.app.services import build_services  # noqa: PLC0415 - brings discord.py along

    if not settings.database_file.exists():
        raise StartError(f"There is no database {settings.database_file} yet.")
    async with open_database(settings.database_file) as database, open_vault(settings) as vault:
        await _check_schema(database)
        stores = build_stores(database, vault)
        audit = AuditService(
            stores.audit, HeadFile(settings.audit_head_file), database, system_clock
        )
        yield await build_services(
            stores,
            database,
            load_content(DATA, settings.crisis_file),
            system_clock,
            audit,
            mac=vault.mac,
            catalog=Catalog.load(DATA / "locales"),
            settings=settings,
            erasure=build_erasure(settings, stores, database, vault, audit),
            screen=load_screen(DATA),
        )


async def _check_schema(database: SqliteDatabase) -> None:
    newest = load_migrations()[-1].number
    version = await schema_version(database)
    if version != newest:
        raise StartError(
            f"The database is at schema {version}, this version is at {newest}. Run "
            "`interlude migrate`, or the version of Interlude that made it."
        )


async def _find(services: "Services", who: str) -> Participant:
    number = pseudonym_number(who)
    person = await services.participants.by_code(pseudonym(number)) if number else None
    person = person or await services.participants.by_id(ParticipantId(who))
    if person is None:
        raise StartError(
            f"Nobody here is {who}. Give a number such as P-104, or a participant's own ID of 22 "
            "characters."
        )
    return person


def write_private(target: Path, content: bytes) -> None:
    """Write a file that only this user can read, and that was not there before.

    Raises:
        StartError: It cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
    except OSError as error:
        raise StartError(f"{target} cannot be written ({error}).") from error
