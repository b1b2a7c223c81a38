"""How the command line speaks: plain sentences, and tables."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.clock import system_clock
from bot.config import Settings
from bot.domain.audit import AuditAction
from bot.store.host_log import HostLog


def say(sentence: str) -> None:
    """Print a sentence as it is."""
    Console().print(sentence, markup=False, highlight=False, soft_wrap=True)


def show_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table."""
    table = Table(*columns, header_style="bold", show_edge=False)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    Console().print(table)


def note_for_audit(settings: Settings, action: AuditAction) -> None:
    """Leave a line for the audit log, which only the bot itself writes while it runs."""
    try:
        HostLog(settings.data_dir).add(action, system_clock())
    except OSError as error:
        say(f"The audit log will not say so: {settings.data_dir} cannot be written to ({error}).")
