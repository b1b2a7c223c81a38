"""`screen`: the risk screen over lines of text; `train` and `validate` for who works on it."""

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from bot.cli.output import note_for_audit, say
from bot.config import DATA, Settings, load_settings
from bot.domain.audit import AuditAction
from bot.domain.risk import RiskFinding
from bot.errors import StartError
from bot.screening import Screen, load_screen
from bot.store.database import open_database
from bot.store.hits import HitStore

app = typer.Typer()

SHOWN = 60


@app.callback(invoke_without_command=True)
def screen(
    context: typer.Context,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Lines are JSON objects with `id` and `text`.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print a table for people instead of JSON.")
    ] = False,
) -> None:
    """Screen lines from standard input and print one JSON object a line.

    Needs no token, no database and no network. A line that cannot be read is answered with an
    object that has `error`, and the command ends with 1.
    """
    if context.invoked_subcommand is not None:
        return
    tool = load_screen(DATA)
    answers = list_answers(tool, jsonl=jsonl)
    faults = _explain(answers) if explain else _print(answers)
    if faults:
        lines = "1 line" if faults == 1 else f"{faults} lines"
        typer.echo(f"{lines} could not be screened; each says why in its place.", err=True)
        raise typer.Exit(1)


def list_answers(tool: Screen, *, jsonl: bool) -> Iterator[dict[str, Any]]:
    """Answer every line of standard input, one at a time."""
    for number, raw in enumerate(_lines(), start=1):
        if not jsonl:
            yield answer({"text": raw}, tool.screen(raw))
            continue
        subject: dict[str, Any] = {}
        try:
            entry = json.loads(raw)
            if isinstance(entry, dict) and "id" in entry:
                subject = {"id": entry["id"]}
            text = _text(entry)
        except ValueError as error:
            reason = f"Line {number} is no JSON object with a text: {error}"
            typer.echo(reason, err=True)
            yield {**subject, "line": number, "error": reason}
            continue
        yield answer(subject or {"text": text}, tool.screen(text))


def answer(subject: dict[str, Any], finding: RiskFinding) -> dict[str, Any]:
    """Put a finding into the object that is printed."""
    return {
        **subject,
        "label": finding.label or "none",
        "tier": str(finding.tier),
        "reasons": [
            {"rule": reason.rule, "weight": reason.weight, "text": reason.text}
            for reason in finding.reasons
        ],
    }


def _lines() -> Iterator[str]:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        yield from (line.rstrip("\r\n") for line in sys.stdin)
        return
    # Bytes that are no UTF-8 are screened as far as they can be read; nothing is lost.
    for line in stream:
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def _text(entry: object) -> str:
    """Take the text out of an object.

    Raises:
        ValueError: When it is none, or has no text.
    """
    if not isinstance(entry, dict):
        raise ValueError("it is not an object")
    text = entry.get("text")
    if not isinstance(text, str):
        raise ValueError("`text` is not a string")
    return text


def _print(answers: Iterator[dict[str, Any]]) -> int:
    faults = 0
    for entry in answers:
        faults += "error" in entry
        typer.echo(_written(entry))
    return faults


def _written(entry: dict[str, Any]) -> str:
    try:
        return orjson.dumps(entry).decode()
    except TypeError:
        # Half a character pair, or a number too large: the standard library writes those escaped.
        return json.dumps(entry)


def _explain(answers: Iterator[dict[str, Any]]) -> int:
    table = Table("Line", "Class", "Tier", "Why", header_style="bold", show_edge=False)
    faults = 0
    for entry in answers:
        if "error" in entry:
            faults += 1
            table.add_row(str(entry["line"]), "", "not screened", entry["error"])
            continue
        why = "\n".join(
            f"{reason['rule']} {reason['weight']:.2f}: {reason['text']}"
            for reason in entry["reasons"]
        )
        name = str(entry.get("id", entry.get("text")))
        cells = (
            name if len(name) <= SHOWN else f"{name[:SHOWN]}...",
            entry["label"],
            entry["tier"],
        )
        table.add_row(*(_plain(cell) for cell in (*cells, why)))
    Console().print(table)
    return faults


def _plain(cell: str) -> str:
    return cell.replace("[", r"\[").encode("utf-8", "replace").decode()


@app.command()
def train() -> None:
    """Train the model from `data/risk/corpus` and write the weights; a few minutes."""
    from bot.screening import workshop  # noqa: PLC0415 - needs scikit-learn, which the bot does not

    made = workshop.train_all(DATA / "risk")
    say(f"{made.lines} lines by {made.authors} authors, weights {made.version}: {made.size} kB.")


@app.command()
def export() -> None:
    """Write what the team said of the findings, one JSON object a line; for whoever trains it.

    The text is in it only where the operator keeps excerpts, and only as long as they are kept.
    Whoever has that file can read it.
    """
    asyncio.run(_export(load_settings()))


async def _export(settings: Settings) -> None:
    from bot.app import open_vault  # noqa: PLC0415 - brings discord.py along, which screening needs not

    if not settings.database_file.exists():
        raise StartError(f"There is no database {settings.database_file} yet.")
    async with open_database(settings.database_file) as database, open_vault(settings) as vault:
        judged = await HitStore(database, vault).judged()
    for hit, text in judged:
        entry = {
            "id": hit.id,
            "label": hit.label,
            "tier": hit.tier,
            "verdict": hit.verdict,
            "version": hit.version,
        }
        typer.echo(_written(entry if text is None else {**entry, "text": text}))
    if any(text is not None for _, text in judged):
        note_for_audit(settings, AuditAction.HITS_EXPORTED)


@app.command()
def validate(
    mixed: Annotated[
        bool, typer.Option("--mixed", help="Leave out lines of all authors, not whole authors.")
    ] = False,
) -> None:
    """Measure by leaving out whole authors in turn; prints the tables of the README."""
    from bot.screening import workshop  # noqa: PLC0415 - needs scikit-learn, which the bot does not

    for line in workshop.validate(DATA / "risk", mixed=mixed):
        say(line)
