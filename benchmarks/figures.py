"""What a benchmark hands back, and how it is shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

VERDICTS = {True: "[green]pass[/]", False: "[bold red]FAIL[/]", None: "for information"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        passed: Nothing where no target is set.
        values: The numbers behind ``measured``, in seconds, bytes or counts as their names say.
    """

    row: str
    what: str
    target: str
    measured: str
    passed: bool | None
    values: dict[str, float] = field(default_factory=dict)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of all stay at or under."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def middle(values: Sequence[float]) -> float:
    """The median."""
    return float(median(values))


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def megabytes(count: float) -> str:
    return f"{count / 1024 / 1024:.1f} MB"


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print the table."""
    table = Table(title="Interlude beside bare discord.py, same run, same loopback Discord")
    table.add_column("row", style="bold", no_wrap=True)
    table.add_column("what", ratio=3)
    table.add_column("target", ratio=1)
    table.add_column("measured", ratio=3)
    table.add_column("result", no_wrap=True)
    for figure in figures:
        table.add_row(
            figure.row, figure.what, figure.target, figure.measured, VERDICTS[figure.passed]
        )
    console.print(table)


def save(figures: Sequence[Figure], file: Path) -> None:
    """Write the figures as JSON."""
    file.write_text(json.dumps([asdict(f) for f in figures], indent=2) + "\n", encoding="utf-8")
