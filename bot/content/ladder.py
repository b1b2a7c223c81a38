"""Reading the ladder: who is rung for a request, and when."""

import re
from datetime import time, timedelta
from pathlib import Path

from bot.content.reader import ContentError, Fault, Table, read_toml
from bot.domain.case import Severity
from bot.domain.ladder import Ladder, Ring, Step, Tier, Told

NAMES = {
    Severity.NOW: "now",
    Severity.SOON: "soon",
    Severity.TODAY: "today",
    Severity.WATCH: "watch",
}
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
A_WEEK = 7 * 24 * 60
MORNING = time(9)


def load_ladder(data: Path, own: Path | None = None) -> Ladder:
    """Read the ladder.

    Args:
        data: The directory that holds `ladder.toml`.
        own: The operator's own file, used instead of the shipped one.

    Raises:
        ContentError: Something in it cannot be used; every fault is in it.
    """
    faults: list[Fault] = []
    file = own or data / "ladder.toml"
    values = read_toml(file, file.name, faults) or {}
    ladder = Table(values, file=file.name, faults=[] if faults else faults).whole(_read)
    if faults:
        raise ContentError(tuple(faults))
    return ladder


def _read(root: Table) -> Ladder:
    tiers = {severity: root.table(name).whole(_read_tier) for severity, name in NAMES.items()}
    for severity in (Severity.NOW, Severity.SOON):
        _check_urgent(root, NAMES[severity], tiers[severity])
    return Ladder(tiers=tiers, morning=_read_time(root, "morning"))


def _check_urgent(root: Table, name: str, tier: Tier) -> None:
    """Make sure that nothing urgent is left lying."""
    if not tier.steps:
        root.fault(f"{name}.steps", "needs at least one step")
    if tier.repeats is None:
        root.fault(f"{name}.repeats_every", "is missing: an urgent request rings until it is taken")
    if tier.reopens is None:
        root.fault(f"{name}.reopens_after", "is missing: an urgent request must open again")


def _read_tier(table: Table) -> Tier:
    steps = table.tables("steps", _read_step) if table.has("steps") else ()
    times = [step.after for step in steps]
    if steps and times[0]:
        table.fault("steps", "the first step must be at 0 minutes")
    if times != sorted(set(times)):
        table.fault("steps", "each step must come later than the one before")
    return Tier(
        steps=steps,
        repeats=_read_minutes(table, "repeats_every"),
        reopens=_read_minutes(table, "reopens_after"),
        asked=_read_rings(table, "asked_rings"),
    )


def _read_step(table: Table) -> Step:
    return Step(
        after=timedelta(minutes=table.integer("after", least=0, most=A_WEEK)),
        rings=_read_rings(table, "rings"),
        tells=table.member("tells", Told, is_optional=True),
    )


def _read_rings(table: Table, key: str) -> frozenset[Ring]:
    rings = table.strings(key, default=())
    known = {ring.value for ring in Ring}
    if wrong := [ring for ring in rings if ring not in known]:
        table.fault(key, f"{', '.join(wrong)}: must be among {', '.join(sorted(known))}")
    return frozenset(Ring(ring) for ring in rings if ring in known)


def _read_minutes(table: Table, key: str) -> timedelta | None:
    if not table.has(key):
        return None
    return timedelta(minutes=table.integer(key, least=1, most=A_WEEK))


def _read_time(table: Table, key: str) -> time:
    text = table.text(key)
    if text and not TIME.fullmatch(text):
        table.fault(key, "must be a time such as 09:00")
    return time.fromisoformat(text) if TIME.fullmatch(text) else MORNING
