"""`migrate`, `backup` and `restore`: the database file."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import note_for_audit, say
from bot.clock import system_clock
from bot.config import Settings, load_settings
from bot.domain.audit import AuditAction
from bot.errors import StartError
from bot.store.backup import FileKind, copy_live, database_copy_name, holds_kind
from bot.store.database import open_database
from bot.store.lock import hold_directory
from bot.store.migrate import Migration, load_migrations
from bot.store.migrate import migrate as apply_migrations


def migrate() -> None:
    """Bring the database to this version's schema; `run` does so too."""
    applied = asyncio.run(_migrate(load_settings()))
    for step in applied:
        say(f"{step.name} applied.")
    say(f"The database is at schema {load_migrations()[-1].number}.")


async def _migrate(settings: Settings) -> Sequence[Migration]:
    with hold_directory(settings.data_dir):
        async with open_database(settings.database_file) as database:
            return await apply_migrations(database, load_migrations())


def backup(
    dest: Annotated[
        Path, typer.Argument(help="A directory, or the file to write; never overwritten.")
    ],
) -> None:
    """Copy the database, also while the bot runs; keys are backed up by `keys backup`."""
    settings = load_settings()
    target = dest / database_copy_name(system_clock()) if dest.is_dir() else dest
    _refuse_beside_keys(settings, target.resolve().parent)
    copy_live(settings.database_file, target, FileKind.DATABASE)
    note_for_audit(settings, AuditAction.BACKED_UP)
    say(f"The database is copied to {target}, and the copy is whole.")
    say("It opens only with the keys: copy those elsewhere with `interlude keys backup`.")


def _refuse_beside_keys(settings: Settings, directory: Path) -> None:
    if directory == settings.host_key_file.resolve().parent:
        raise StartError(
            f"The host key lies in {directory}: whoever takes both can read everything. Name "
            "another directory for the database."
        )
    if directory.is_dir() and (keys := holds_kind(directory, FileKind.KEYS)) is not None:
        raise StartError(
            f"{keys} holds people's keys: beside them a copy of the database would outlive every "
            "deletion. Name another directory for the database."
        )


def restore(
    file: Annotated[Path, typer.Argument(help="A file made by `backup`.")],
) -> None:
    """Put a copy of the database back; deletions are done again, old messages not sent."""
    from bot.restore import restore as put_back  # noqa: PLC0415 - builds the whole application

    done = asyncio.run(put_back(load_settings(), file, system_clock))
    say(f"{file} is restored.")
    say(f"Deletions done again: {done.forgotten}.")
    say(f"Messages from before that are closed instead of sent: {done.closed}.")
    say(f"The database that was there before is in {done.earlier}; delete it when all is well.")
