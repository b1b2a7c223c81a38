"""Progress as a person meets it: the card, the picture, the weekly summary."""

import asyncio
from datetime import time
from typing import Any

import pytest

from bot.domain.goal import GoalTexts, Topic
from bot.domain.participant import Delivery
from bot.domain.progress import Mark
from bot.services.progress import WEEKLY
from bot.ui.chart import Chart, Easel
from tests.cogs.test_checkins import (
    BAD_DAY,
    GOOD_DAY,
    HOUR,
    answered,
    joined,
    notes,
    opened,
    pressing,
)
from tests.fakes.simulation import World, labels, shown, texts

DAY = 24 * HOUR


class Brush:
    """Draws nothing, and counts."""

    def __init__(self) -> None:
        self.charts: list[Chart] = []
        self.may_go = asyncio.Event()
        self.may_go.set()

    async def __call__(self, chart: Chart) -> bytes:
        self.charts.append(chart)
        await self.may_go.wait()
        return b"\x89PNG" + bytes([len(self.charts)])


@pytest.fixture
def brush(world: World) -> Brush:
    """A picture without matplotlib: its own tests are beside the chart."""
    brush = Brush()
    world.app.bot.easel = Easel(world.app.clock, brush)
    return brush


async def until(world: World, weekday: int, hour: int) -> None:
    """Let time pass, day by day, until such a weekday and hour in New York, in winter."""
    while world.env.now().weekday() != weekday:
        await world.advance(DAY)
    now = world.env.now()
    seconds = (hour + 5 - now.hour) * HOUR - now.minute * 60 - now.second
    await world.advance(seconds)


@pytest.mark.usefixtures("brush")
async def test_progress_is_a_picture_and_the_same_in_words(world: World) -> None:
    await joined(world, "ana")
    await answered(world, "ana", GOOD_DAY)
    await world.advance(DAY)
    await answered(world, "ana", BAD_DAY)

    result = await world.person("ana").slash(
        world.guild.create_text_channel("talk"), "progress", days=30
    )

    assert result.ephemeral
    card = shown(result)
    words = texts(card)
    assert "Your progress · 30 days" in words
    assert "**Mood:** most often around" in words
    assert "from Very bad to Good. Last: Very bad." in words
    assert "You checked in on **2 of the last 7 days**" in words
    assert "Only you can see this." in words
    [picture] = card.attachments
    assert "Line chart of your last 30 days" in picture.description
    assert "Mood: from Very bad to Good, last Very bad." in picture.description


async def test_other_spans_change_the_card_in_place(world: World, brush: Brush) -> None:
    await joined(world, "ana")
    await answered(world, "ana", GOOD_DAY)
    ana = world.person("ana")
    card = shown(await pressing(world, "ana", "progress:v1:open"))
    assert "7 days" in texts(card)

    await ana.click(card, label="90 days")

    assert "Your progress · 90 days" in texts(card)
    assert [len(chart.days) for chart in brush.charts] == [7, 90]


async def test_asked_again_within_a_minute_the_picture_is_reused(
    world: World, brush: Brush
) -> None:
    await joined(world, "ana")
    await joined(world, "ben")
    for name in ("ana", "ben"):
        await answered(world, name, GOOD_DAY)

    for name in ("ana", "ana", "ben"):
        await pressing(world, name, "progress:v1:open")
    assert len(brush.charts) == 2  # Ben's days look the same, and the picture is still his own.

    await world.advance(61)
    await pressing(world, "ana", "progress:v1:open")
    assert len(brush.charts) == 3


@pytest.mark.usefixtures("brush")
async def test_nothing_yet_is_said_without_a_picture_and_without_guilt(world: World) -> None:
    await joined(world, "ana")

    card = shown(await pressing(world, "ana", "progress:v1:open"))

    assert "There is nothing to show for these days yet" in texts(card)
    assert "Check in" in labels(card)
    assert not card.attachments


async def test_goals_are_in_the_picture_and_in_words(world: World, brush: Brush) -> None:
    participant = await joined(world, "ana")
    goals = world.app.services.goals
    texts_of = GoalTexts(what="🏃 walk *far*")
    proposal = await goals.goals.propose(participant, Topic.OWN_LIFE, texts_of, "en")
    await goals.marks.mark(participant, proposal.part.id, Mark.PARTLY)

    card = shown(await pressing(world, "ana", "progress:v1:open"))

    assert "**1. 🏃 walk \\*far\\*** · Partly: " in texts(card)
    [row] = brush.charts[0].rows
    assert (row.name, row.marks[-1]) == ("🏃 walk *far*", Mark.PARTLY)
    assert card.attachments[0].description.startswith("Goals, one mark for each day")


async def test_while_others_are_drawn_for_the_card_says_that_the_picture_is_coming(
    world: World, brush: Brush
) -> None:
    class Busy(Easel):
        is_busy = True

    await joined(world, "ana")
    await answered(world, "ana", GOOD_DAY)
    card = shown(await pressing(world, "ana", "progress:v1:open"))
    seen: list[str] = []

    async def watched(chart: Chart) -> bytes:
        seen.append(texts(card))
        return await brush(chart)

    world.app.bot.easel = Busy(world.app.clock, watched)
    await world.person("ana").click(card, label="30 days")

    assert "Your picture is on its way" in seen[0]
    assert "Your progress · 30 days" in texts(card)


async def test_who_has_not_joined_is_told_so(world: World) -> None:
    result = await pressing(world, "zoe", "progress:v1:open")

    assert "This is for people who have joined" in texts(shown(result))


async def test_the_way_is_behind_more(world: World) -> None:
    await joined(world, "ana")

    assert "Progress" in labels(shown(await pressing(world, "ana", "panel:v1:more")))


async def test_the_private_word_guards_progress_and_leads_on(world: World, brush: Brush) -> None:
    participant = await joined(world, "ana")
    await answered(world, "ana", GOOD_DAY)
    await world.app.services.private_word.set(participant.id, "blue heron", "blue heron")
    await world.app.services.private_word.lock(participant.id)

    asked = await pressing(world, "ana", "progress:v1:open", 30)
    assert asked.modal is not None
    assert not brush.charts
    result = await world.person("ana").submit_modal(asked, {"word": "blue heron"})

    assert "Your progress · 30 days" in texts(shown(result))


@pytest.mark.usefixtures("brush")
async def test_the_weekly_summary_comes_on_sunday_evening_until_it_is_switched_off(
    world: World,
) -> None:
    await joined(world, "ana")
    ana = world.person("ana")
    card = shown(await pressing(world, "ana", "progress:v1:open"))
    assert not await summaries(world)

    await ana.click(card, label="Get a weekly summary")
    assert "Each Sunday at 7:00" in texts(card)
    await until(world, 5, 12)
    await answered(world, "ana", GOOD_DAY)
    await until(world, 6, 18)
    assert await summaries(world) == []
    await world.advance(HOUR)

    assert [row["state"] for row in await summaries(world)] == ["sent"]
    assert texts(notes(world, "ana")[-1]) == "You have a note.\nOpen"
    await world.advance(2 * DAY)
    summary = await opened(world, "ana", await note_of(world, "ana"))
    assert "Your week, Monday, December 29 to Sunday, January 4" in texts(summary)
    assert "You checked in on **1 day** of that week." in texts(summary)
    assert summary.attachments[0].description.startswith("Line chart")

    await ana.user.click(summary, label="Stop the weekly summary")
    assert "No weekly summary comes" in texts(summary)
    await world.advance(7 * DAY)
    assert len(await summaries(world)) == 1


@pytest.mark.usefixtures("brush")
async def test_a_week_without_answers_is_told_kindly(world: World) -> None:
    participant = await joined(world, "ana", checkins=False)
    await world.app.services.progress.switch_on(participant)

    await until(world, 6, 19)

    summary = texts(await opened(world, "ana"))
    assert "A quiet week" in summary
    assert "no answer" not in summary
    assert "0" not in summary.split("\n")[1]


@pytest.mark.usefixtures("brush")
async def test_no_summary_comes_while_away(world: World) -> None:
    participant = await joined(world, "ana")
    await world.app.services.progress.switch_on(participant)
    await world.app.services.away.set(participant, "2026-01-03", "2026-01-05", "en")

    await until(world, 6, 20)

    assert [row["reason"] for row in await summaries(world)] == ["excused"]


@pytest.mark.usefixtures("brush")
async def test_quiet_hours_hold_it_and_it_still_tells_its_own_week(world: World) -> None:
    participant = await joined(
        world, "ana", quiet_start=time(18), quiet_end=time(8), checkins=False
    )
    await world.app.services.progress.switch_on(participant)
    await until(world, 6, 20)
    assert [row["state"] for row in await summaries(world)] == ["pending"]

    await world.advance(12 * HOUR)

    assert "to Sunday, January 4" in texts(await opened(world, "ana"))


async def test_the_summary_follows_the_person_to_another_zone(world: World) -> None:
    participant = await joined(world, "ana")
    await world.app.services.progress.switch_on(participant)

    await world.app.services.settings.change_zone(participant, "Asia/Tokyo", None)

    row = await world.app.database.fetch_one(
        "SELECT zone FROM schedules WHERE kind = :kind", {"kind": WEEKLY.name}
    )
    assert row is not None
    assert row["zone"] == "Asia/Tokyo"


async def test_who_wants_no_notes_is_told_that_none_comes(world: World) -> None:
    await joined(world, "ana", delivery=Delivery.NOTHING)

    card = shown(await pressing(world, "ana", "progress:v1:weekly", "on"))

    assert "You chose to get no notes" in texts(card)


async def test_in_spanish(world: World, brush: Brush) -> None:
    await joined(world, "ana", locale="es")
    await answered(world, "ana", GOOD_DAY)

    card = shown(await pressing(world, "ana", "progress:v1:open"))

    assert "Tu camino · 7 días" in texts(card)
    assert brush.charts[-1].lines[0].name == "Ánimo"


async def summaries(world: World) -> list[Any]:
    """Return the summaries' rows."""
    return list(
        await world.app.database.fetch_all(
            "SELECT * FROM outbox WHERE kind = :kind ORDER BY due_at", {"kind": WEEKLY.name}
        )
    )


async def note_of(world: World, name: str) -> Any:
    """Return the message of the only summary."""
    [row] = await summaries(world)
    return next(note for note in notes(world, name) if note.id == row["message_id"])
