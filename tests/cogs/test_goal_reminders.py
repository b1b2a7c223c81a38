"""Reminders over time: after an outage, across a clock change, in Spanish, in another zone."""

from datetime import UTC, datetime

from bot.domain.ids import ParticipantId
from bot.domain.progress import Mark
from tests.fakes.goals import HOUR, joined, kept, notes, opened, pressing, typed, until
from tests.fakes.simulation import World, labels, shown, texts

DAY = 24 * HOUR


async def test_after_two_days_down_there_is_one_note_and_the_rest_is_no_answer(
    world: World,
) -> None:
    participant = await joined(world, "ana")
    await kept(world, "ana", "Walk", "every day at 7 pm")
    await kept(world, "ana", "Read", "every day at 8 pm")

    await world.env.advance_time(2 * DAY + 15 * HOUR)
    await world.run_due()

    assert len(notes(world, "ana")) == 1
    card = await opened(world, "ana")
    assert "**1. Walk**" in texts(card)
    assert "**2. Read**" in texts(card)
    lines = await world.app.services.goals.marks.lines(participant)
    assert all(not line.today for line in lines)


async def test_the_local_time_holds_across_the_clock_change(world: World) -> None:
    await joined(world, "ana")
    await kept(world, "ana", "Walk", "every day at 7 pm")
    saturday = datetime(2026, 3, 7, 23, 30, tzinfo=UTC)
    await world.advance((saturday - world.env.now()).total_seconds())
    before = len(notes(world, "ana"))

    await world.advance(HOUR / 2)  # Saturday, 7 in the evening, winter time
    assert len(notes(world, "ana")) == before + 1
    await world.advance(23 * HOUR - 60)
    assert len(notes(world, "ana")) == before + 1
    await world.advance(60)  # Sunday, 7 in the evening, summer time
    assert len(notes(world, "ana")) == before + 2


async def test_a_new_zone_moves_the_reminders(world: World) -> None:
    participant = await joined(world, "ana")
    await kept(world, "ana", "Walk", "every day at 7 pm")

    await world.app.services.settings.change_zone(participant, "America/Los_Angeles", None)

    await until(world, 19)
    assert not notes(world, "ana")
    await until(world, 22)
    assert len(notes(world, "ana")) == 1


async def test_all_of_it_in_spanish(world: World) -> None:
    await joined(world, "ana", locale="es", zone="America/New_York")
    ana = world.person("ana")

    asked = shown(await typed(world, "ana", "Caminar", "mañana a las 9", plan_b="Bailar"))
    assert "¿Cuál quieres decir?" in texts(asked)
    assert labels(asked)[-1] == "Cambiarla"
    await ana.click(asked, label=labels(asked)[0])
    assert "viernes 2 de enero" in texts(asked)
    await world.advance(DAY)
    await until(world, 9)

    card = await opened(world, "ana", label=world.app.bot.catalog.words("es")("core.note_open"))
    assert labels(card) == ["Hecho", "En parte", "Hoy no", "Cambiarla"]
    await ana.user.click(card, label="Hoy no")
    assert "Tu plan B, si lo quieres: Bailar" in texts(card)
    assert "Está bien." in texts(card)


async def test_a_goal_of_one_date_comes_once(world: World) -> None:
    await joined(world, "ana")
    await kept(world, "ana", "Call the bank", "in 2 days at 5 pm")

    for _ in range(10):
        await world.advance(DAY)

    assert len(notes(world, "ana")) == 1


async def test_an_old_card_with_nonsense_in_it_is_answered(world: World) -> None:
    await joined(world, "ana")

    for args in (("x", "no-day", "-", "done"), ("x", "2026-01-01", "-", "perhaps")):
        refused = await pressing(world, "ana", "goals:v1:mark", *args)
        assert "an earlier time" in texts(shown(refused))
    unknown = await pressing(world, "ana", "goals:v1:mark", "x", "2026-01-01", "-", "done")
    assert "I can't find that goal" in texts(shown(unknown))


async def test_a_day_to_come_cannot_be_marked(world: World) -> None:
    await joined(world, "ana")
    card = shown(await typed(world, "ana", "Walk"))
    assert "Walk" in texts(card)
    participant = await world.app.services.participants.active(world.person("ana").id)
    [line] = await world.app.services.goals.marks.lines(participant)

    refused = await pressing(
        world, "ana", "goals:v1:mark", line.part.id, "2027-01-01", "-", Mark.DONE
    )

    assert "an earlier time" in texts(shown(refused))


async def test_too_many_goals_are_refused_with_what_was_typed(world: World) -> None:
    await joined(world, "ana")
    for number in range(15):
        await typed(world, "ana", f"Goal {number}")

    refused = await typed(world, "ana", "One more")

    assert "You have 15 goals open" in texts(shown(refused))
    assert "Open again" in labels(shown(refused))
    card = shown(await pressing(world, "ana", "goals:v1:open"))
    assert "Goal 14" in texts(card)


async def test_more_goals_than_a_card_holds_lead_to_the_list(world: World) -> None:
    await joined(world, "ana")
    for number in range(7):
        await kept(world, "ana", f"Goal {number}", "every day at 7 pm")

    await until(world, 19)

    assert len(notes(world, "ana")) == 1
    card = await opened(world, "ana")
    assert "2 more goals are in your list" in texts(card)
    assert "My goals" in labels(card)
    assert len(texts(card)) < 4000


async def test_the_longest_texts_fit_on_every_card(world: World) -> None:
    await joined(world, "ana")
    long = {"step": "*" * 300, "obstacle": "o" * 300, "plan_b": "*" * 300}

    for number in range(15):
        await kept(world, "ana", f"{number:02}" + "*" * 98, "every day at 7 pm", **long)
    await until(world, 19)

    card = await opened(world, "ana")
    assert len(texts(card)) < 4000
    listing = shown(await pressing(world, "ana", "goals:v1:open"))
    assert len(texts(listing)) < 6000


async def test_what_nobody_said_yes_to_is_gone_after_a_day(world: World) -> None:
    participant = await joined(world, "ana")
    asked = shown(await typed(world, "ana", "Walk", "every day at 7 pm"))

    await world.advance(DAY + HOUR)
    refused = await world.person("ana").click(asked, label="Yes, keep it")

    assert "I can't find that goal" in texts(shown(refused))
    assert await world.app.stores.goals.of(participant.id) == []


async def test_a_second_yes_is_a_sentence(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")
    result = await typed(world, "ana", "Walk", "every day at 7 pm")
    part = next(
        part for part in await world.app.stores.goals.of(await id_of(world, "ana")) if part.readings
    )
    await ana.click(shown(result), label="Yes, keep it")

    again = await pressing(world, "ana", "goals:v1:keep", part.id, "0", "0")

    assert "nothing here that waits for a yes" in texts(shown(again))


async def test_changing_the_times_keeps_the_old_ones_until_the_yes(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")
    card = (await kept(world, "ana", "Walk", "every day at 7 pm")).response
    form = await ana.click(card, label="Change it")
    asked = await ana.submit_modal(form, {"what": "Run", "when": "every day at 9 pm"})

    await until(world, 19)
    assert len(notes(world, "ana")) == 1
    assert "**Walk**" in texts(await opened(world, "ana"))
    await ana.click(shown(asked), label="Yes, keep it")
    await until(world, 21)
    assert len(notes(world, "ana")) == 2
    assert "**Run**" in texts(await opened(world, "ana"))


async def id_of(world: World, name: str) -> ParticipantId:
    """Return a person's ID."""
    return (await world.app.services.participants.active(world.person(name).id)).id
