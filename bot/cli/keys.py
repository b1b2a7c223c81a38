"""`keys backup` and `keys start-over`: the people's wrapped keys."""

import asyncio
import base64
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import note_for_audit, say
from bot.clock import system_clock
from bot.config import Settings, load_settings
from bot.domain.audit import OPERATOR, PROGRAMME, AuditAction
from bot.errors import StartError
from bot.services.audit import AuditService
from bot.store.audit import AuditStore, HeadFile
from bot.store.backup import (
    FileKind,
    copy_live,
    expire_key_copies,
    holds_kind,
    key_copy_name,
    move_aside,
)
from bot.store.database import open_database
from bot.store.lock import hold_directory
from bot.store.migrate import load_migrations, migrate
from bot.store.vault import LOST, load_host_key

CONFIRMATION = "start over"
LARGEST_KEY_FILE = 10_000

app = typer.Typer(no_args_is_help=True)


@app.command()
def backup(
    dest: Annotated[Path, typer.Argument(help="A directory of its own for copies of the keys.")],
) -> None:
    """Copy the wrapped keys, also while the bot runs; copies over 7 days old are deleted."""
    settings, now = load_settings(), system_clock()
    _refuse_beside_others(settings, dest.resolve())
    target = dest / key_copy_name(now)
    copy_live(settings.keys_file, target, FileKind.KEYS)
    note_for_audit(settings, AuditAction.KEYS_BACKED_UP)
    say(f"The wrapped keys are copied to {target}, and the copy is whole.")
    for old in expire_key_copies(dest, now):
        say(f"{old} was over 7 days old and is deleted.")
    say(f"They open only with the host key ({_host_key(settings)}): keep that in a third place.")


def _host_key(settings: Settings) -> str:
    return "INTERLUDE_HOST_KEY" if settings.host_key else str(settings.host_key_file)


def _refuse_beside_others(settings: Settings, directory: Path) -> None:
    if directory.exists() and not directory.is_dir():
        raise StartError(f"{directory} is a file. Name a directory for copies of the keys.")
    if directory == settings.host_key_file.resolve().parent:
        raise StartError(
            f"The host key lies in {directory}: whoever takes both can open every key. Name "
            "another directory."
        )
    if directory.is_dir() and (copy := _host_key_copy(settings, directory)) is not None:
        raise StartError(
            f"{copy} is a copy of the host key: whoever takes both can open every key. Name "
            "another directory."
        )
    if directory == settings.keys_file.resolve().parent:
        raise StartError(
            f"The keys themselves live in {directory}: a copy there is lost with them. Name "
            "another directory."
        )
    if directory.is_dir() and (found := holds_kind(directory, FileKind.DATABASE)) is not None:
        raise StartError(
            f"{found} is a copy of the database: keys beside it would let it outlive every "
            "deletion. Name another directory."
        )


def _host_key_copy(settings: Settings, directory: Path) -> Path | None:
    key = load_host_key(settings.host_key_given, settings.host_key_file, keys_exist=True)
    text = base64.b64encode(key)
    return next(
        (
            file
            for file in sorted(directory.iterdir())
            if file.is_file()
            and file.stat().st_size <= LARGEST_KEY_FILE
            and text in file.read_bytes()
        ),
        None,
    )


@app.command("start-over")
def start_over() -> None:
    """Go on with new keys after the host key or the keys are lost for good."""
    settings = load_settings()
    say("This puts the old keys aside and makes new ones at the next start.")
    say(LOST)
    if typer.prompt(f'Type "{CONFIRMATION}" to go on') != CONFIRMATION:
        raise StartError("Nothing was changed.")
    moved = asyncio.run(_start_over(settings, system_clock()))
    for file in moved:
        say(f"Kept aside: {file}")
    say("The next start makes new keys. Should the old host key turn up, put both files back.")


async def _start_over(settings: Settings, now: datetime) -> list[Path]:
    with hold_directory(settings.data_dir):
        files = [settings.keys_file]
        if settings.host_key is None:
            files.append(settings.host_key_file)
        moved = [aside for file in files if (aside := move_aside(file, now)) is not None]
        if not moved:
            raise StartError("There are no keys yet, so there is nothing to start over.")
        async with open_database(settings.database_file) as database:
            await migrate(database, load_migrations())
            head_file = HeadFile(settings.audit_head_file)
            audit = AuditService(AuditStore(database), head_file, database, lambda: now)
            await audit.record(OPERATOR, AuditAction.KEYS_STARTED_OVER, PROGRAMME)
    return moved
