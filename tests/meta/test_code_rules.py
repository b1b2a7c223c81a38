"""Rules about the code that no linter holds."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from bot.config import ROOT
from tests.meta.source import calls, modules

MOST_LINES = 400
MOST_STATEMENTS = 30

ERROR_PATH = Path("bot/client.py")
WATCH = (Path("bot/services/lookout.py"), Path("bot/services/watch.py"))
"""Whatever breaks the screen is said aloud and loses nobody's text."""
LOOPS = Path("bot/scheduling")
"""One row or sweep that fails never ends the loops; whatever is caught there is logged."""

BANNED = [
    # In pieces, so that this file does not hold them itself.
    ("a package index", "|".join(("pythonhosted[.]org", "pypi[.]org", "registry[.]npmjs"))),
    ("a distribution's server", "deb[.]debian[.]org"),
    ("a path of somebody's machine", r"(?<![\w.])/(work|farm|tmp|root|home)/[a-z]"),
]


def committed() -> list[Path]:
    """List the files git knows."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def sources() -> list[Path]:
    return [file for file in committed() if file.suffix == ".py"]


def text_of(file: Path) -> str:
    try:
        return (ROOT / file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def catches_everything(handler: ast.ExceptHandler) -> bool:
    caught = handler.type
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        name is None or (isinstance(name, ast.Name) and name.id in {"Exception", "BaseException"})
        for name in names
    )


def passes_on(handler: ast.ExceptHandler) -> bool:
    """Tell whether what was caught is raised again at the end."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_every_module_says_what_lives_in_it() -> None:
    silent = [str(file) for file, tree in modules().items() if not ast.get_docstring(tree)]
    assert silent == []


def logs_it(handler: ast.ExceptHandler) -> bool:
    return any(calls(handler, "exception"))


def test_everything_is_caught_only_in_the_error_path_and_the_loops() -> None:
    wrong = [
        f"{file}:{node.lineno}"
        for file, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and catches_everything(node)
        and not passes_on(node)
        and file not in (ERROR_PATH, *WATCH)
        and not (file.is_relative_to(LOOPS) and logs_it(node))
    ]
    assert wrong == []


def test_files_are_short() -> None:
    long = {
        str(file): lines
        for file in sources()
        if (lines := len(text_of(file).splitlines())) > MOST_LINES
    }
    assert long == {}


def test_functions_are_short() -> None:
    long = {
        f"{file}:{node.name}": count
        for file, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (count := sum(isinstance(part, ast.stmt) for part in ast.walk(node)) - 1)
        > MOST_STATEMENTS
    }
    assert long == {}


def test_every_exception_from_a_rule_names_the_rule_and_the_reason() -> None:
    noqa = re.compile(r"# noqa(?!: [A-Z]+\d+(, [A-Z]+\d+)* ( ?# |- )\S)")
    ignore = re.compile(r"# type: ignore(?!\[[a-z, -]+\]  # \S)")
    bare = [
        f"{file}:{number}: {line.strip()}"
        for file in modules()
        for number, line in enumerate(text_of(file).splitlines(), start=1)
        if noqa.search(line) or ignore.search(line)
    ]
    assert bare == [], "\n".join(bare)


@pytest.mark.parametrize(("what", "pattern"), BANNED, ids=[what for what, _ in BANNED])
def test_no_committed_file_names(what: str, pattern: str) -> None:
    found = [
        f"{file}:{number}: {line.strip()[:120]}"
        for file in committed()
        for number, line in enumerate(text_of(file).splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert found == [], f"{what}:\n" + "\n".join(found)
