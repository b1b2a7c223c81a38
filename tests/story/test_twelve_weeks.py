"""Twelve weeks of a couple, and all that each of them read.

Two clock changes, an away week, three pauses, a hard day, a signed plan with two revisions, and a
quiet end. The transcript is in `twelve_weeks.txt`, read line by line by a person when it changes:
`WRITE_TRANSCRIPT=1 pytest tests/story/test_twelve_weeks.py` writes it anew.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.fakes.server import lobby
from tests.fakes.simulation import World, shown
from tests.fakes.together import ADA, BEN
from tests.story.couple_life import Act, CoupleLife, local

TRANSCRIPT = Path(__file__).with_name("twelve_weeks.txt")
BEGIN = datetime(2026, 1, 12, tzinfo=UTC)
END = BEGIN + timedelta(weeks=12)
STEP = timedelta(hours=12)


async def answer(life: CoupleLife, name: str, text: str, choice: str) -> None:
    """Answer the question of the day."""
    opened = await life.press(name, "Question of the day", "Write")
    await life.fill(name, opened, text=text, choice=choice)


def question(name: str, text: str, choice: str) -> Act:
    """Plan an answer."""
    return lambda life: answer(life, name, text, choice)


async def both_share(life: CoupleLife) -> None:
    """Let both answer and share."""
    await answer(life, ADA, "The walk on Sunday", "share")
    await answer(life, BEN, "How you laughed", "share")


async def week(life: CoupleLife) -> None:
    """Let both write about their week and share it."""
    for name, helped in ((ADA, "We ate together"), (BEN, "You listened")):
        opened = await life.press(name, "Our week", "Write")
        await life.fill(name, opened, text=helped, second="One evening out", choice="share")


def pause(name: str) -> Act:
    """Plan a pause of forty minutes."""

    async def act(life: CoupleLife) -> None:
        await life.world.person(name).slash(lobby(life.world), "pause", length="40")

    return act


def at_return(name: str, label: str) -> Act:
    """Plan what somebody says when a pause is up."""

    async def act(life: CoupleLife) -> None:
        await life.press(name, "Take a pause", label)

    return act


async def away(life: CoupleLife) -> None:
    """Let Ben be away for a week."""
    place = lobby(life.world)
    await life.world.person(BEN).slash(place, "away", start="today", end="7 days")


async def leave(life: CoupleLife) -> None:
    """Let Ben leave quietly."""
    person = life.world.person(BEN)
    card: Any = shown(await life.press(BEN, "More", "Leave our space"))
    await person.click(card, label="Leave now")


ACTS: dict[datetime, Act] = {
    local(ADA, "01-14 10:00"): both_share,
    local(ADA, "01-17 12:00"): week,
    local(ADA, "01-20 10:00"): question(ADA, "I would like more quiet evenings", "share"),
    local(BEN, "01-22 10:00"): question(BEN, "Not for now", "keep"),
    # The first pause: both are ready.
    local(ADA, "01-24 19:00"): pause(ADA),
    local(ADA, "01-24 19:41"): at_return(ADA, "Ready"),
    local(ADA, "01-24 19:50"): at_return(BEN, "Ready"),
    # The second one runs out: one is ready, the other said not today.
    local(BEN, "02-03 20:00"): pause(BEN),
    local(BEN, "02-03 20:45"): at_return(ADA, "Ready"),
    local(BEN, "02-03 20:50"): at_return(BEN, "Not today"),
    local(BEN, "02-09 09:00"): away,
    # The third one, on the night of the clock change in New York, is made longer.
    local(ADA, "03-08 01:30"): pause(ADA),
    local(ADA, "03-08 03:05"): at_return(BEN, "More time"),
    local(ADA, "03-11 10:00"): both_share,
    local(BEN, "03-30 21:00"): leave,
}


async def test_twelve_weeks_of_a_couple(world: World) -> None:
    life = await CoupleLife.begin(world)
    await life.to(BEGIN)
    for lines in life.read.values():
        lines.clear()

    await life.live(END, ACTS, step=STEP)

    written = "\n\n".join(
        "\n".join([f"# {name}", *map(str, lines)]) for name, lines in life.read.items()
    )
    if os.environ.get("WRITE_TRANSCRIPT"):
        TRANSCRIPT.write_text(written + "\n", encoding="utf-8")
    assert written + "\n" == TRANSCRIPT.read_text(encoding="utf-8")
