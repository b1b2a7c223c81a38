"""Starter goals: ideas to begin from, by topic."""

from dataclasses import dataclass

from bot.content.reader import Table
from bot.domain.goal import Topic

LONGEST_WHAT = 100
LONGEST_MORE = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Starter:
    """An idea for a goal; every word of it can be changed."""

    id: str
    topic: Topic
    what: str
    step: str
    obstacle: str
    plan_b: str


def read_starters(table: Table) -> tuple[Starter, ...]:
    """Read the list of starters."""
    starters = table.tables("starters", _read)
    if len({starter.id for starter in starters}) != len(starters):
        table.fault("starters", "two have the same id")
    return starters


def _read(table: Table) -> Starter:
    return Starter(
        id=table.text("id", most=40),
        topic=table.member("topic", Topic) or Topic.RECOVERY,
        what=table.text("what", most=LONGEST_WHAT),
        step=table.text("step", most=LONGEST_MORE),
        obstacle=table.text("obstacle", most=LONGEST_MORE),
        plan_b=table.text("plan_b", most=LONGEST_MORE),
    )
