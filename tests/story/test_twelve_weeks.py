"""Twelve weeks of a couple, and all that each of them read.

Two clock changes, an away week, three pauses, a hard day, a signed plan with two revisions, and a
quiet end. The transcript is in `twelve_weeks.txt`, read line by line by a person when it changes:
`WRITE_TRANSCRIPT=1 pytest tests/story/test_twelve_weeks.py` writes it anew.
"""

import os
from datetime import UTC, datetime, timedelta
from itertools import pairwise
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


async def plan(life: CoupleLife) -> None:
    """Let Ada put a plan forward and both sign it."""
    card = await life.press(ADA, "Our plan", "Write a draft", "Begin with nothing")
    opened = await life.click(ADA, card, "Warning signs")
    card = await life.fill(ADA, opened, text="Two nights of bad sleep")
    card = await life.click(ADA, card, "Put it forward")
    await life.click(ADA, card, "Sign version 1")
    await sign(life, BEN, 1)


async def sign(life: CoupleLife, name: str, version: int) -> None:
    """Read a version and sign it."""
    await life.press(name, "Our plan", f"Read version {version}", f"Sign version {version}")


def revised(name: str, version: int, part: str, text: str) -> Act:
    """Plan a revision by one of the two, signed by both."""

    async def act(life: CoupleLife) -> None:
        card = await life.press(
            name, "Our plan", "Write a draft", f"Begin with version {version - 1}"
        )
        card = await life.fill(name, await life.click(name, card, part), text=text)
        card = await life.click(name, card, "Put it forward")
        await life.click(name, card, f"Sign version {version}")
        await sign(life, BEN if name == ADA else ADA, version)

    return act


async def hard_day(life: CoupleLife) -> None:
    """Let Ben tell Ada of a slip, in words of his own."""
    card = shown(await life.press(BEN, "Hard day", "Yes, I am safe", "Tell my partner"))
    words = f"hardday:v1:words:{life.pair.id}"
    opened = await life.world.person(BEN).select(card, ["s2"], custom_id=words)
    card = await life.fill(BEN, opened, text="I had a slip. I am safe.", when="now")
    await life.click(BEN, card, "Yes, tell them")


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
    local(ADA, "02-18 20:00"): plan,
    local(BEN, "02-25 20:00"): revised(BEN, 2, "Who does what at home", "I cook, Ada washes up"),
    local(ADA, "03-02 20:00"): revised(ADA, 3, "What helps us both", "A walk after dinner"),
    local(ADA, "03-11 10:00"): both_share,
    local(BEN, "03-14 21:00"): hard_day,
    local(BEN, "03-30 21:00"): leave,
}


def check_safety_questions(life: CoupleLife) -> None:
    """Take the safety question out: each is asked every four weeks, on a day of their own."""
    for name, lines in life.read.items():
        asked = [line for line in lines if "A question we ask everyone" in line.text]
        days = [(later.at - one.at).days for one, later in pairwise(asked)]
        assert 2 <= len(asked) <= 3
        assert all(27 <= gap <= 28 for gap in days), days
        life.read[name] = [line for line in lines if line not in asked]


async def test_twelve_weeks_of_a_couple(world: World) -> None:
    life = await CoupleLife.begin(world)
    await life.to(BEGIN)
    for lines in life.read.values():
        lines.clear()

    await life.live(END, ACTS, step=STEP)

    check_safety_questions(life)
    written = "\n\n".join(
        "\n".join([f"# {name}", *map(str, lines)]) for name, lines in life.read.items()
    )
    if os.environ.get("WRITE_TRANSCRIPT"):
        TRANSCRIPT.write_text(written + "\n", encoding="utf-8")
    assert written + "\n" == TRANSCRIPT.read_text(encoding="utf-8")
