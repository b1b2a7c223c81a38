"""The scripts of rehearsals."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content.reader import Table
from bot.domain.rehearsal import Play

LONGEST_TITLE = 60
LONGEST_SCENE = 900
LONGEST_STEP = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class ScriptStep:
    """One thing to do."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """What is told, and what the team does about it, in order."""

    title: str
    scene: str
    steps: tuple[ScriptStep, ...]

    @property
    def step_ids(self) -> tuple[str, ...]:
        """The steps' IDs, in order."""
        return tuple(step.id for step in self.steps)


def read_plays(table: Table) -> Mapping[Play, Script]:
    """Read the script of every play."""
    return {play: _read(table.table(play.value)) for play in Play}


def _read(table: Table) -> Script:
    steps = table.tables("steps", _step)
    if len({step.id for step in steps}) != len(steps):
        table.fault("steps", "two have the same id")
    return Script(
        title=table.text("title", most=LONGEST_TITLE),
        scene=table.text("scene", most=LONGEST_SCENE),
        steps=steps,
    )


def _step(table: Table) -> ScriptStep:
    return ScriptStep(id=table.text("id", most=20), text=table.text("text", most=LONGEST_STEP))
