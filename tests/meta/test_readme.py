"""The README's tables of settings and commands say what the code says.

With `WRITE_README=1` in the environment they are written instead.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main
from discord import AppCommandType, app_commands
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot.__main__ import app
from bot.config import ROOT, Settings
from tests.fakes.simulation import World

Table = list[list[str]]

README = ROOT / "README.md"

ROW = re.compile(r"\|(.+)\|\s*")
RULE = re.compile(r"[|:\- ]+")


def section_of(text: str, heading: str) -> tuple[int, int]:
    """Find where the section under a heading begins and ends."""
    start = re.search(rf"(?m)^#+ {re.escape(heading)}$", text)
    assert start is not None, f"there is no heading {heading!r}"
    end = re.compile(r"(?m)^#+ ").search(text, start.end())
    return start.end(), end.start() if end else len(text)


def rows_in(section: str) -> list[str]:
    """Return the lines of a section's table, without its head."""
    lines = [line for line in section.splitlines() if ROW.fullmatch(line)]
    return [line for line in lines[1:] if not RULE.fullmatch(line)]


def check(heading: str, expected: Table) -> None:
    """Compare a section's table with what the code says, or write it when told to."""
    text = README.read_text(encoding="utf-8")
    start, end = section_of(text, heading)
    wanted = [
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in expected
    ]
    found = rows_in(text[start:end])
    if found != wanted and "WRITE_README" in os.environ:
        before, rule, after = text[start:end].partition("| --- |\n")
        kept = "\n".join(line for line in after.splitlines() if not ROW.fullmatch(line)).strip("\n")
        body = "\n".join(wanted) + "\n\n" + (f"{kept}\n\n" if kept else "")
        README.write_text(text[:start] + before + rule + body + text[end:], encoding="utf-8")
        found = wanted
    assert found == wanted, f"run WRITE_README=1 pytest {__file__} to mend {heading!r}"


def default_of(field: FieldInfo) -> str:
    """Say what a setting is when nobody sets it; places differ from machine to machine."""
    default = field.default
    if default is None or default is PydanticUndefined or isinstance(default, SecretStr):
        return ""
    return "the platform's" if isinstance(default, Path) else f"`{default}`"


def test_the_settings_table() -> None:
    check(
        "Settings",
        [
            [f"`INTERLUDE_{name.upper()}`", default_of(field), str(field.description)]
            for name, field in Settings.model_fields.items()
        ],
    )


def leaves(world: World) -> Iterator[tuple[str, str]]:
    tree = world.app.bot.tree
    for command in tree.walk_commands():
        if isinstance(command, app_commands.Command):
            yield f"`/{command.qualified_name}`", str(command.description)
    for kind in ("message", "user"):
        for menu in tree.get_commands(type=AppCommandType[kind]):
            yield f"*{menu.name}*", f"In the menu of a {kind}."


async def test_the_commands_table(world: World) -> None:
    check("Commands", sorted(map(list, leaves(world))))


def usage(name: str, command: Any) -> str:
    """Write a command as it is typed."""
    parts = [name]
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            parts.append(parameter.name.upper())
        elif parameter.name != "help":
            value = "" if parameter.is_flag else f" {parameter.name.upper()}"
            text = f"{parameter.opts[0]}{value}"
            parts.append(text if parameter.required else f"[{text}]")
    return f"`{' '.join(parts)}`"


def typed(name: str, command: Any) -> Iterator[list[str]]:
    if hasattr(command, "commands"):
        for child_name, child in command.commands.items():
            yield from typed(f"{name} {child_name}", child)
    else:
        yield [usage(name, command), " ".join(command.help.split())]


def test_the_command_line_table() -> None:
    check("Command line", list(typed("interlude", typer.main.get_command(app))))
