"""Goals as people meet them: setting one up, being reminded, marking it."""

from datetime import date, time

from bot.domain.consent import ConsentKind
from bot.domain.progress import Mark
from tests.fakes.goals import (
    HOUR,
    joined,
    kept,
    listed,
    notes,
    opened,
    pressing,
    typed,
    until,
    with_goal,
)
from tests.fakes.joined import options
from tests.fakes.server import lobby
from tests.fakes.simulation import World, fields, labels, shown, texts


async def test_a_goal_is_set_up_from_the_panel_and_echoed_before_it_is_kept(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")
    card = shown(await pressing(world, "ana", "goals:v1:open"))
    assert "You have no goals here yet" in texts(card)

    await ana.click(card, label="Add a goal")
    await ana.select(card, ["own_life"], custom_id="goals:v1:topic:0")
    form = await ana.click(card, label="Write my own")
    result = await ana.submit_modal(
        form,
        {
            "what": "Walk by the *river*",
            "when": "mondays and thursdays at 7pm",
            "step": "Shoes by the door",
            "obstacle": "Rain",
            "plan_b": "Stairs",
        },
    )

    assert form.modal is not None
    assert form.modal["title"] == "Your goal · only you see it"
    asked = shown(result)
    assert "every Monday and Thursday at 7:00\u00a0PM" in texts(asked)
    assert labels(asked) == ["Yes, keep it", "Change it"]
    assert "You have no goals here yet" in await listed(world, "ana")
    await ana.click(asked, label="Yes, keep it")
    shown_goal = texts(asked)
    assert "Walk by the \\*river\\*" in shown_goal
    assert "**Plan B:** Stairs" in shown_goal
    assert "next: Thursday, January 1 at 7:00\u00a0PM" in await listed(world, "ana")


async def test_a_starter_fills_in_the_form(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")
    card = shown(await pressing(world, "ana", "goals:v1:add"))
    await ana.select(card, ["emotional"], custom_id="goals:v1:topic:0")

    form = await ana.select(card, ["breathe"], custom_id="goals:v1:starter:emotional:0")

    assert fields(form)["what"]["value"] == "Breathe slowly for three minutes"
    assert fields(form)["plan_b"]["value"] == "Count five breaths, that is enough"
    result = await ana.submit_modal(form, {"what": "Breathe", "when": ""})
    assert "No reminders are set" in texts(shown(result))


async def test_starters_are_offered_by_autocomplete(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")

    offered = await ana.autocomplete(lobby(world), "goals add", "starter", "breathe")
    form = await ana.slash(lobby(world), "goals add", starter="breathe")

    assert "breathe" in [choice["value"] for choice in offered]
    assert fields(form)["what"]["value"] == "Breathe slowly for three minutes"


async def test_times_that_make_no_sense_come_back_in_the_form(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")

    for nonsense in ("25:70", "whenever I can", "every day at 25"):
        refused = await typed(world, "ana", "Walk", nonsense, step="Shoes")

        assert f'I could not read "{nonsense}" as a time' in texts(shown(refused))
        again = await ana.click(shown(refused), label="Open again")
        assert fields(again)["what"]["value"] == "Walk"
        assert fields(again)["when"]["value"] == nonsense
        assert fields(again)["step"]["value"] == "Shoes"
    assert "You have no goals here yet" in await listed(world, "ana")


async def test_an_ambiguous_date_and_hour_are_offered_as_buttons(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")

    asked = shown(await typed(world, "ana", "Call the bank", "3/4 at noon"))

    assert labels(asked)[-1] == "Change it"
    assert [label.split(" at ")[0] for label in labels(asked)[:-1]] == [
        "Wednesday, March 4",
        "Friday, April 3",
    ]
    await ana.click(asked, label=labels(asked)[1])
    assert "Friday, April 3 at 12:00" in texts(asked)

    hour = shown(await typed(world, "ana", "Walk", "every day at 8"))
    assert labels(hour)[:2] == ["every day at 8:00\u00a0AM", "every day at 8:00\u00a0PM"]


async def test_a_past_time_is_refused_with_the_next_one_offered(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")

    asked = shown(await typed(world, "ana", "Papers", "today at 1:00 am"))

    assert "That time is over" in texts(asked)
    assert labels(asked) == ["Take this one", "Change it"]
    await ana.click(asked, label="Take this one")
    assert "January 2 at 1:00\u00a0AM" in texts(asked)


async def test_change_it_opens_the_form_filled_in(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")
    asked = shown(await typed(world, "ana", "Walk", "every day at 7 pm", step="Shoes"))

    form = await ana.click(asked, label="Change it")

    assert fields(form)["when"]["value"] == "every day at 7 pm"
    result = await ana.submit_modal(
        form, {"what": "Walk", "when": "every 2 days at 7 pm", "step": "Shoes"}
    )
    assert "every 2 days at 7:00\u00a0PM" in texts(shown(result))
    await ana.click(shown(result), label="Yes, keep it")
    assert "every 2 days" in texts(shown(result))


async def test_the_consent_comes_first_and_switches_reminders(world: World) -> None:
    participant = await joined(world, "ana", reminders=False)
    ana = world.person("ana")

    result = await kept(world, "ana", "Walk", "every day at 7 pm")

    consent = result.followups[0]
    assert "Remind me of the things I set up" in texts(consent)
    await until(world, 19)
    assert not notes(world, "ana")
    await ana.click(consent, label="I agree")
    await until(world, 19)
    assert len(notes(world, "ana")) == 1
    await world.app.services.consents.revoke(participant, ConsentKind.REMINDERS)
    await until(world, 19)
    assert len(notes(world, "ana")) == 1


async def test_a_reminder_is_a_neutral_note_and_its_answer_is_kept(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")
    await kept(world, "ana", "Walk", "every day at 7 pm", plan_b="Stairs")

    await until(world, 19)

    assert texts(notes(world, "ana")[-1]) == "You have a note.\nOpen"
    card = await opened(world, "ana")
    assert "**Walk**" in texts(card)
    assert labels(card) == ["Done", "Partly", "Not today", "Change it"]
    await ana.user.click(card, label="Done")
    assert "Done for today" in texts(card)
    assert "Your first day of this goal" in texts(card)
    again = await opened(world, "ana")
    assert "You marked it done" in texts(again)
    assert "Done" not in labels(again)
    assert "done today" in await listed(world, "ana")


async def test_several_goals_due_together_come_as_one_note_and_one_card(world: World) -> None:
    await joined(world, "ana")
    for what in ("Walk", "Read", "Cook"):
        await kept(world, "ana", what, "every day at 7 pm")

    await until(world, 19)

    assert len(notes(world, "ana")) == 1
    card = await opened(world, "ana")
    for number, what in enumerate(("Walk", "Read", "Cook"), start=1):
        assert f"**{number}. {what}**" in texts(card)
    assert "2 · Partly" in labels(card)
    await world.person("ana").user.click(card, label="2 · Not today")
    assert "**Read**" in texts(card)
    again = await opened(world, "ana")
    assert "2 · Partly" not in labels(again)
    assert "1 · Done" in labels(again)


async def test_marking_before_its_time_silences_the_reminder(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")
    await kept(world, "ana", "Walk", "every day at 7 pm")
    offered = await ana.autocomplete(lobby(world), "goals done", "goal", "wal")

    await ana.slash(lobby(world), "goals done", goal=offered[0]["value"])
    await until(world, 19)

    assert not notes(world, "ana")
    await until(world, 19)
    assert len(notes(world, "ana")) == 1


async def test_one_of_two_times_of_a_day_does_not_answer_the_other(world: World) -> None:
    await joined(world, "ana")
    await kept(world, "ana", "Water", "every day at 8 and 20")
    await until(world, 8)
    card = await opened(world, "ana")

    await world.person("ana").user.click(card, label="Done")
    await until(world, 20)

    assert len(notes(world, "ana")) == 2
    assert "Done" in labels(await opened(world, "ana"))


async def test_a_reminder_held_by_quiet_hours_falls_silent_once_answered(world: World) -> None:
    await joined(world, "ana", quiet_start=time(18), quiet_end=time(21))
    ana = world.person("ana")
    await kept(world, "ana", "Walk", "every day at 7 pm")
    await until(world, 19.5)
    assert not notes(world, "ana")

    card = shown(await pressing(world, "ana", "goals:v1:open"))
    await ana.select(card, [goal_ids(card)[0]], custom_id="goals:v1:done_today")
    assert "Done for today" in texts(card)
    await until(world, 22)

    assert not notes(world, "ana")


def goal_ids(card: object) -> list[str]:
    """Return the goals that the list offers to open."""
    return options(card, "goals:v1:show")


async def test_a_card_still_works_months_later_and_after_a_restart(world: World) -> None:
    participant = await joined(world, "ana")
    await kept(world, "ana", "Walk", "every day at 7 pm")
    await until(world, 19)
    card = await opened(world, "ana")
    day = date(2026, 1, 1)
    await world.env.advance_time(100 * 24 * HOUR)
    await world.restart()

    await world.person("ana").user.click(card, label="Partly")

    assert "Partly for Thursday, January 1" in texts(card)
    [track] = await world.app.services.goals.marks.tracks(participant.id, day, day)
    assert track.marks == {day: Mark.PARTLY}


async def test_a_goal_rests_goes_on_and_is_put_away(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")
    card = (await kept(world, "ana", "Walk", "every day at 7 pm")).response

    await ana.click(card, label="Let it rest")
    assert "resting" in texts(card)
    await until(world, 19)
    assert not notes(world, "ana")
    await ana.click(card, label="Go on")
    await until(world, 19)
    assert len(notes(world, "ana")) == 1
    await ana.click(card, label="Put it away")
    await ana.click(card, label="Put it away")
    await until(world, 19)
    assert len(notes(world, "ana")) == 1
    assert "Walk" not in await listed(world, "ana")
    assert "Nothing is open here" in texts(await opened(world, "ana"))


async def test_away_days_bring_no_reminder(world: World) -> None:
    participant = await joined(world, "ana")
    await kept(world, "ana", "Walk", "every day at 7 pm")
    await world.app.services.away.set(participant, "today", "3 days", "en")

    for _ in range(3):
        await until(world, 19)
    assert not notes(world, "ana")
    await until(world, 19)
    assert len(notes(world, "ana")) == 1


async def test_the_review_asks_in_private_whether_it_still_fits(world: World) -> None:
    participant = await joined(world, "ana")
    await with_goal(world, participant)
    ana = world.person("ana")

    await world.advance(28 * 24 * HOUR + 4 * HOUR)

    card = await opened(world, "ana")
    assert "Does it still fit?" in texts(card)
    await ana.user.click(card, label="It still fits")
    assert "Saved." in texts(card)
    assert "February 26" in texts(card)


async def test_a_review_date_is_typed_and_a_past_one_refused(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")
    card = shown(await typed(world, "ana", "Walk"))

    form = await ana.click(card, label="Look again on")
    refused = await ana.submit_modal(form, {"day": "yesterday"})
    assert '"yesterday" is not ahead of us' in texts(shown(refused))
    form = await ana.click(shown(refused), label="Open again")
    saved = await ana.submit_modal(form, {"day": "in two months"})
    assert "March 1" in texts(shown(saved))


async def test_days_are_counted_in_private_and_a_new_start_takes_nothing_away(
    world: World,
) -> None:
    await joined(world, "ana")
    ana = world.person("ana")
    card = shown(await pressing(world, "ana", "goals:v1:count"))
    form = await ana.click(card, label="Count my days")
    counted = shown(await ana.submit_modal(form, {"day": "2025-12-04"}))
    assert "**28 days** since Thursday, December 4 2025" in texts(counted)

    await world.advance(2 * 24 * HOUR + 4 * HOUR)

    told = await opened(world, "ana")
    assert "**30 days.** One day at a time." in texts(told)
    form = await ana.click(counted, label="Start a new count")
    again = shown(await ana.submit_modal(form, {"day": "today"}))
    assert "**0 days**" in texts(again)
    assert "Best stretch: **30**. In all: **30 days**" in texts(again)


async def test_the_words_are_not_in_the_database(world: World) -> None:
    await joined(world, "ana")
    await kept(world, "ana", "Xylophone", "every day at 7 pm", plan_b="Quixotic")

    files = list(world.app.settings.data_dir.glob("*.db*"))

    assert files
    for file in files:
        content = file.read_bytes()
        assert b"Xylophone" not in content
        assert b"Quixotic" not in content


async def test_a_goal_without_words_is_handed_back(world: World) -> None:
    await joined(world, "ana")

    refused = await typed(world, "ana", "   ", "every day at 7 pm", step="Shoes")

    assert "Please say in a few words" in texts(shown(refused))
    again = await world.person("ana").click(shown(refused), label="Open again")
    assert fields(again)["step"]["value"] == "Shoes"
