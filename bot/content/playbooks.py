"""Playbooks: what the team does with a case, step by step, by its severity."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content.reader import Table
from bot.domain.case import Severity

STEP_LENGTH = 150
MOST_STEPS = 8
FIRST = "record"
"""Every playbook begins in the programme's own records."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaybookStep:
    """One thing to do; `{person}` stands for whom it is about."""

    id: str
    text: str


def read_playbooks(table: Table) -> Mapping[Severity, tuple[PlaybookStep, ...]]:
    """Read a playbook for each severity."""
    return {
        severity: table.table(f"p{severity.value}").whole(_read_playbook) for severity in Severity
    }


def _read_playbook(table: Table) -> tuple[PlaybookStep, ...]:
    steps = table.tables("steps", _read_step)
    if not steps or steps[0].id != FIRST or "{person}" not in steps[0].text:
        table.fault("steps", f"must begin with {FIRST}, and say {{person}} in it")
    if len(steps) > MOST_STEPS or len({step.id for step in steps}) != len(steps):
        table.fault("steps", f"must be at most {MOST_STEPS} steps, each with an id of its own")
    return steps


def _read_step(table: Table) -> PlaybookStep:
    return PlaybookStep(
        id=table.text("id", most=32),
        text=table.text("text", most=STEP_LENGTH),
    )
