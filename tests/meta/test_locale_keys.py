"""Every sentence the code asks for is there, and every sentence that is there is asked for."""

import ast
import re
from collections.abc import Iterator

import pytest

from bot.text import Catalog
from tests.meta.source import calls, modules

KEY = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")
PIECE = r"[a-z0-9_.]+"

DYNAMIC_PREFIXES = {
    "commands.": "found by `Translator` from a command's own name; held by test_commands.py",
}
"""Keys put together where this test cannot see it, and where that is."""


@pytest.fixture(scope="module")
def keys(catalog: Catalog) -> frozenset[str]:
    return frozenset(catalog.words("en").entries)


def pattern_of(text: ast.JoinedStr) -> str:
    """Turn an f-string into a regular expression for what it may become."""
    return "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else PIECE
        for part in text.values
    )


def asked_for() -> Iterator[tuple[str, str]]:
    """Yield each key, or pattern of keys, given to `words` or `UserError`, with its place."""
    for file, tree in modules().items():
        for call in calls(tree, "words", "_words", "UserError"):
            if not call.args:
                continue
            inside = {id(part) for text in ast.walk(call.args[0]) for part in parts_of(text)}
            for node in ast.walk(call.args[0]):
                where = f"{file}:{node.lineno}" if isinstance(node, ast.expr) else str(file)
                if isinstance(node, ast.JoinedStr):
                    yield pattern_of(node), where
                elif (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and id(node) not in inside
                    and KEY.fullmatch(node.value)
                ):
                    yield re.escape(node.value), where


def parts_of(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what an f-string is made of."""
    if isinstance(node, ast.JoinedStr):
        for value in node.values:
            yield from ast.walk(value)


def mentioned() -> Iterator[str]:
    """Yield a pattern for every string of the code that may be a key, or a table of them."""
    for tree in modules().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                pattern = pattern_of(node)
                if re.match(r"[a-z_]+\\\.", pattern):
                    yield pattern
            elif (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and KEY.fullmatch(node.value)
            ):
                yield rf"{re.escape(node.value)}(\.[a-z0-9_]+)?"


def test_every_key_asked_for_exists(keys: frozenset[str]) -> None:
    missing = [
        f"{where}: {pattern}"
        for pattern, where in asked_for()
        if not any(re.fullmatch(pattern, key) for key in keys)
    ]
    assert missing == [], "\n".join(missing)


def test_every_key_is_used(keys: frozenset[str]) -> None:
    anything = re.compile("|".join(f"(?:{pattern})" for pattern in set(mentioned())))
    unused = sorted(
        key
        for key in keys
        if not key.startswith(tuple(DYNAMIC_PREFIXES)) and not anything.fullmatch(key)
    )
    assert unused == [], "\n".join(unused)


def test_every_dynamic_prefix_is_needed(keys: frozenset[str]) -> None:
    for prefix in DYNAMIC_PREFIXES:
        assert any(key.startswith(prefix) for key in keys), prefix
