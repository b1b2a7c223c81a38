"""Playbooks: what the team does with a case, step by step, by its severity."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content.reader import Table
from bot.domain.case import Case, CaseSource, Severity

STEP_LENGTH = 150
MOST_STEPS = 8
FIRST = "record"
"""Every playbook begins in the programme's own records."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaybookStep:
    """One thing to do; `{person}` stands for whom it is about."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Playbooks:
    """What the team does, by severity, and what comes first where somebody asked to talk alone."""

    by_severity: Mapping[Severity, tuple[PlaybookStep, ...]]
    alone: tuple[PlaybookStep, ...]

    def of(self, case: Case) -> tuple[PlaybookStep, ...]:
        """Return the steps for a case."""
        steps = self.by_severity[case.severity]
        return (*self.alone, *steps) if case.source is CaseSource.CHECKIN_ALONE else steps


def read_playbooks(table: Table) -> Playbooks:
    """Read a playbook for each severity, and the steps for somebody who asked to talk alone."""
    return Playbooks(
        by_severity={
            severity: table.table(f"p{severity.value}").whole(_read_playbook)
            for severity in Severity
        },
        alone=table.table("alone").whole(_read_alone),
    )


def _read_alone(table: Table) -> tuple[PlaybookStep, ...]:
    return table.tables("steps", _read_step)


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
