"""`audit verify`: whether anything was changed in or taken out of the log."""

import asyncio

import typer

from bot.cli.output import say
from bot.clock import system_clock
from bot.config import Settings, load_settings
from bot.domain.audit import ChainFault, FaultKind, Verdict
from bot.errors import StartError
from bot.services.audit import AuditService
from bot.store.audit import AuditStore, HeadFile
from bot.store.database import open_database

app = typer.Typer(no_args_is_help=True)

SENTENCES = {
    FaultKind.CHANGED: "Line {line} was changed, or the one after it.",
    FaultKind.MISSING: "Line {line} was taken out.",
    FaultKind.CUT: "Line {line} and whatever came after it were cut off.",
    FaultKind.SEAL: "The seal of the month that ends with line {line} was changed.",
    FaultKind.HEAD: "The hash outside the database, {file}, is missing or damaged.",
}


@app.callback()
def group() -> None:
    """Prove that the audit log is whole."""


@app.command()
def verify() -> None:
    """Read the whole audit log and name the first line that does not fit."""
    settings = load_settings()
    if not settings.database_file.exists():
        raise StartError(f"There is no database {settings.database_file} yet.")
    verdict = asyncio.run(verify_log(settings))
    if verdict.fault is not None:
        say(fault_sentence(verdict.fault, settings))
        raise typer.Exit(1)
    say(f"The audit log is whole: {verdict.count} lines, each fits the one before.")


async def verify_log(settings: Settings) -> Verdict:
    """Read the log of the database these settings name."""
    async with open_database(settings.database_file) as database:
        head_file = HeadFile(settings.audit_head_file)
        audit = AuditService(AuditStore(database), head_file, database, system_clock)
        return await audit.verify()


def fault_sentence(fault: ChainFault, settings: Settings) -> str:
    """Say what is wrong."""
    return SENTENCES[fault.kind].format(line=fault.entry_id, file=settings.audit_head_file)
