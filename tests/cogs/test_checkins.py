"""Check-ins as people meet them, from the note to looking back."""

from datetime import time
from typing import Any

import discord

from bot.domain.consent import ConsentKind
from bot.domain.participant import Delivery, Participant, ParticipantState, Preferences
from bot.ui.cards import Card, button
from tests.fakes.simulation import World, fields, labels, shown, texts

HOUR = 3600
GOOD_DAY = {"mood": "good", "support": "mostly"}
BAD_DAY = {"mood": "very_bad", "support": "not_at_all"}


async def joined(world: World, name: str, **changes: Any) -> Participant:
    """Let a person in New York have joined, with check-ins at 6 in the evening."""
    services, actor = world.app.services, world.person(name)
    chosen: dict[str, Any] = {
        "zone": "America/New_York",
        "country": "US",
        "delivery": Delivery.DM,
        "delivery_confirmed": True,
        "weekend_time": time(18),
        "quiet_start": time(0),
        "quiet_end": time(0),
    }
    participant = await services.participants.begin(actor.id, Preferences(**chosen | changes))
    participant = await services.participants.move(participant, ParticipantState.ACTIVE)
    await services.consents.give(participant, ConsentKind.DAILY_PROMPTS)
    return await services.participants.active(actor.id)


async def evening(world: World, hour: float = 18.0) -> None:
    """Let time pass until the next such hour in New York, in winter."""
    now = world.env.now()
    wanted = now.replace(hour=0, minute=0, second=0, microsecond=0)
    seconds = (wanted - now).total_seconds() + (hour + 5) * HOUR
    await world.advance(seconds % (24 * HOUR) or 24 * HOUR)


def notes(world: World, name: str) -> list[discord.Message]:
    """Return the notes in a person's direct messages, the oldest first."""
    return list(world.person(name).user.dm_channel.history())


async def opened(world: World, name: str, message: Any = None) -> Any:
    """Tap a note, the newest unless given, and return the card it opens."""
    user = world.person(name).user
    result = await user.click(message or notes(world, name)[-1], label="Open")
    assert result.ephemeral
    return shown(result)


async def pressing(world: World, name: str, route: str, *args: object) -> Any:
    """Press a button of a panel."""
    channel = world.guild.create_text_channel(f"panel-{len(world.guild.channels)}")
    card = Card(title="Panel", rows=[[button(route, *args, label="Press")]])
    await world.app.bot.get_channel(channel.id).send(**card.message())
    await world.env.settle()
    return await world.person(name).click(channel.last_message, label="Press")


async def answered(world: World, name: str, values: dict[str, Any] | None = None) -> Any:
    """Check in from the panel and return the answer's card."""
    form = await pressing(world, name, "checkin:v1:now")
    return await world.person(name).submit_modal(form, values or GOOD_DAY)


async def test_a_prompt_is_a_neutral_note_that_opens_to_one_person(world: World) -> None:
    await joined(world, "ana")

    await evening(world)

    note = notes(world, "ana")[-1]
    assert texts(note) == "You have a note.\nOpen"
    card = await opened(world, "ana")
    assert "Only you can see this" in texts(card)
    assert labels(card) == ["Answer", "30 minutes", "Tonight", "Skip today"]


async def test_an_answer_is_kept_and_the_note_says_it_is_done(world: World) -> None:
    await joined(world, "ana")
    await evening(world)
    card = await opened(world, "ana")
    user = world.person("ana").user

    form = await user.click(card, label="Answer")
    result = await user.submit_modal(form, {**GOOD_DAY, "note": "a *long* walk"})

    assert "Your check-in for today is kept" in texts(result.response)
    assert set(fields(form)) == {"mood", "urge", "support", "note", "message_me"}
    again = await opened(world, "ana")
    assert "This check-in is done" in texts(again)
    assert "Answer" not in labels(again)
    await world.advance(24 * HOUR - 60)
    assert len(notes(world, "ana")) == 1


async def test_a_refusal_of_the_moment_is_a_sentence(world: World) -> None:
    result = await pressing(world, "visitor", "checkin:v1:now")

    assert "people who have joined" in texts(shown(result))


async def test_the_panel_answers_today_also_when_nothing_is_sent(world: World) -> None:
    participant = await joined(world, "ana", delivery=Delivery.NOTHING)

    result = await answered(world, "ana")

    assert "Your check-in for today is kept" in texts(result.response)
    await evening(world)
    await evening(world, 6)
    assert not notes(world, "ana")
    history = await world.app.services.checkins.history(participant, 7)
    assert (history.total, history.best_run) == (1, 1)


async def test_a_second_press_opens_the_answer_again(world: World) -> None:
    await joined(world, "ana")
    await answered(world, "ana", {**GOOD_DAY, "note": "rain"})

    again = await pressing(world, "ana", "checkin:v1:now")

    assert fields(again)["note"]["value"] == "rain"
    chosen = [one["value"] for one in fields(again)["mood"]["options"] if one.get("default")]
    assert chosen == ["good"]
    result = await world.person("ana").submit_modal(again, {**GOOD_DAY, "note": "sun"})
    assert "is changed" in texts(result.response)


async def test_a_form_says_who_will_see_it_before_it_is_sent(world: World) -> None:
    await joined(world, "ana")

    form = await pressing(world, "ana", "checkin:v1:now")

    assert form.modal is not None
    assert form.modal["title"] == "Your check-in · only you see it"
    assert fields(form)["note"]["placeholder"] == "Only you read this, unless it has danger words."


async def test_snooze_and_skip(world: World) -> None:
    await joined(world, "ana")
    await evening(world)
    user = world.person("ana").user

    card = await opened(world, "ana")
    later = await user.click(card, label="30 minutes")
    # The clock of the person's own place; CLDR puts a narrow space before PM.
    assert "6:30" in texts(later.response)
    await world.advance(31 * 60)
    assert len(notes(world, "ana")) == 2
    again = await opened(world, "ana")
    skipped = await user.click(again, label="Skip today")

    assert "Nothing more comes today" in texts(skipped.response)
    after = await opened(world, "ana", notes(world, "ana")[0])
    assert "You let" in texts(after)
    await world.advance(12 * HOUR)
    assert len(notes(world, "ana")) == 2


async def test_two_presses_of_one_button(world: World) -> None:
    await joined(world, "ana")
    await evening(world)
    user = world.person("ana").user
    first = await opened(world, "ana")
    second = await opened(world, "ana")

    await user.click(first, label="Skip today")
    result = await user.click(second, label="Skip today")

    assert "The time of this check-in is over" in texts(shown(result))


async def test_a_call_for_a_person_reaches_the_team_and_the_truth_is_told(world: World) -> None:
    participant = await joined(world, "ana")

    result = await answered(world, "ana", {**GOOD_DAY, "message_me": ["alone"]})

    assert "No one is on duty right now" in texts(result.response)
    assert "Help now" in labels(result.response)
    [case] = await world.app.services.cases.own_requests(participant.user_id)
    assert case.source == "checkin_alone"


async def test_the_heads_ups_are_offered_once_after_the_first_answer(world: World) -> None:
    participant = await joined(world, "ana")

    first = await answered(world, "ana")
    second = await answered(world, "ana")

    assert "Heads-ups to the team" in texts(first.followups[0])
    assert not second.followups
    await world.person("ana").click(first.followups[0], label="I agree")
    assert await world.app.services.signals.agreed(participant.id)


async def test_a_form_is_taken_after_a_restart_and_after_its_window(world: World) -> None:
    participant = await joined(world, "ana")
    await evening(world)
    user = world.person("ana").user
    form = await user.click(await opened(world, "ana"), label="Answer")

    await world.restart()
    await world.advance(13 * HOUR)
    result = await user.submit_modal(form, GOOD_DAY)

    assert "kept as late" in texts(result.response)
    history = await world.app.services.checkins.history(participant, 7)
    assert history.total == 1


async def test_a_form_submitted_after_the_next_prompt_says_so(world: World) -> None:
    await joined(world, "ana")
    await evening(world)
    user = world.person("ana").user
    form = await user.click(await opened(world, "ana"), label="Answer")
    await evening(world)

    result = await user.submit_modal(form, GOOD_DAY)

    assert "A newer check-in is open by now too" in texts(result.response)
    assert labels(result.response)[0] == "Check in"
    old = await opened(world, "ana", notes(world, "ana")[0])
    assert "This check-in is done" in texts(old)


async def test_an_old_note_leads_to_the_newer_one(world: World) -> None:
    await joined(world, "ana")
    await evening(world)
    await evening(world)

    card = await opened(world, "ana", notes(world, "ana")[0])

    assert "is closed now. A newer one is open" in texts(card)
    assert labels(card) == ["Check in"]


async def test_the_commands(world: World) -> None:
    await joined(world, "ana")
    ana = world.person("ana")
    channel = world.guild.create_text_channel("anywhere")
    await world.env.settle()

    form = await ana.slash(channel, "checkin now")
    await ana.submit_modal(form, GOOD_DAY)
    edit = await ana.slash(channel, "checkin edit")
    history = await ana.slash(channel, "checkin history", days=30)
    schedule = await ana.slash(channel, "checkin schedule")
    away = await ana.slash(channel, "away")
    refused = await ana.slash(channel, "away", start="12 Jan", end="10 Jan")
    taken = await ana.slash(channel, "away", start="12 Jan", end="14 Jan")

    assert "mood" in fields(edit)
    assert "Your last 30 days" in texts(shown(history))
    assert "On weekdays at" in texts(shown(schedule))
    assert "You have set no dates" in texts(shown(away))
    assert '"12 Jan - 10 Jan" ends before it starts' in texts(shown(refused))
    assert "Away from Monday, January 12 to Wednesday, January 14" in texts(shown(taken))
    for result in (history, schedule, away, refused, taken):
        assert result.ephemeral


async def test_a_quiet_person_gets_one_private_note_and_then_quiet(world: World) -> None:
    await joined(world, "ana")

    for _ in range(2):
        await evening(world)
    await evening(world, 12)
    nudge = notes(world, "ana")[-1]
    card = await opened(world, "ana", nudge)
    for _ in range(4):
        await evening(world)

    await answered(world, "ana")
    after = await opened(world, "ana", nudge)

    assert "This note is closed" in texts(after)
    assert texts(nudge) == "You have a note.\nOpen"
    assert "you owe no one a reason" in texts(card)
    assert "Message the team" in labels(card)
    rows = await world.app.database.fetch_all("SELECT kind FROM outbox")
    assert [row["kind"] for row in rows].count("checkin.nudge") == 1


async def test_in_spanish(world: World) -> None:
    await joined(world, "ana", locale="es")
    await evening(world)
    user = world.person("ana").user
    note = notes(world, "ana")[-1]

    card = shown(await user.click(note, label="Abrir"))
    form = await user.click(card, label="Contestar")
    result = await user.submit_modal(form, GOOD_DAY)

    assert labels(card) == ["Contestar", "30 minutos", "Esta noche", "Hoy no"]
    assert form.modal is not None
    assert form.modal["title"] == "Tu registro diario · solo lo ves tú"
    assert "Tus respuestas de hoy están guardadas" in texts(result.response)


async def test_who_leaves_the_server_is_not_asked(world: World) -> None:
    participant = await joined(world, "ana")
    await evening(world)

    await world.app.services.membership.leave(participant.user_id)
    for _ in range(3):
        await evening(world)

    assert len(notes(world, "ana")) == 1
    rows = await world.app.database.fetch_all("SELECT state FROM checkins")
    assert [row["state"] for row in rows] == ["excused"]
