"""The command line: ``python -m benchmarks [ROW ...] [--json FILE]``."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from rich.console import Console

from benchmarks import burst, inserts, jobs, outbox, restart, screening, slash, start, watching
from benchmarks.figures import Figure, save, show

Row: TypeAlias = Callable[[Path], Awaitable[list[Figure]]]

ROWS: dict[str, Row] = {
    "start": start.measure,
    "slash": slash.measure,
    "answer": slash.measure_answer,
    "crisis": slash.measure_crisis,
    "outbox": outbox.measure,
    "burst": burst.measure,
    "restart": restart.measure,
    "jobs": jobs.measure,
    "insert": inserts.measure,
    "screen": screening.measure,
    "watch": watching.measure,
}


def main(
    rows: Annotated[list[str] | None, typer.Argument(help="Rows to run; all by default.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file.")] = None,
) -> None:
    """Measure Interlude beside bare discord.py and print one table."""
    chosen = rows or list(ROWS)
    unknown = sorted(set(chosen) - set(ROWS))
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: the rows are {', '.join(ROWS)}")
    console = Console()
    figures = asyncio.run(_run(chosen, console))
    show(figures, console)
    _tell_of_load(console)
    if json is not None:
        save(figures, json)
    if any(figure.passed is False for figure in figures):
        raise typer.Exit(1)


def _tell_of_load(console: Console) -> None:
    cores, load = os.cpu_count() or 1, os.getloadavg()[0]
    console.print(f"[dim]{cores} cores, load {load:.1f}[/]")
    if load > cores + 1:
        console.print("The machine was busy with other work: stalls and p99 show that too.")


async def _run(chosen: Sequence[str], console: Console) -> list[Figure]:
    figures: list[Figure] = []
    for name in chosen:
        with (
            tempfile.TemporaryDirectory(prefix="interlude-bench-") as directory,
            console.status(f"measuring {name}"),
        ):
            figures += await ROWS[name](Path(directory))
    return figures


if __name__ == "__main__":
    typer.run(main)
