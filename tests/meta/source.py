"""The project's own source files, read for tests about them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.config import ROOT


@cache
def modules() -> dict[Path, ast.Module]:
    """Parse every module of the application."""
    files = [file for folder in ("bot", "cogs") for file in sorted((ROOT / folder).rglob("*.py"))]
    return {
        file.relative_to(ROOT): ast.parse(file.read_text(encoding="utf-8"), filename=str(file))
        for file in files
    }


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Find calls of a function or method by its last name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _last_name(node.func) in names:
            yield node


def _last_name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
