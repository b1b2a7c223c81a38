"""The rota as the team and participants meet it."""

import pytest

from bot.domain.audit import AuditAction
from bot.domain.place import PlaceKey
from bot.domain.staff import StaffRole
from tests.fakes.care import ask, joined, page
from tests.fakes.oncall import add, last_in, on, say, set_up_in_new_york, until
from tests.fakes.server import lobby, owner_of
from tests.fakes.simulation import World, fields, labels, shown, texts


@pytest.fixture
async def ready(world: World) -> World:
    """A server that is set up, in New York, with a moderator and a clinician."""
    await set_up_in_new_york(world)
    return world


async def test_at_night_the_person_is_told_when_someone_is_on_and_nobody_is_rung(
    ready: World,
) -> None:
    await joined(ready, "ana")
    await add(ready, days="every day")
    await until(ready, 2, "02:13")

    answer = texts(shown(await ask(ready, "ana")))
    card = await page(ready)

    assert "No one is on until 9:00\N{NO-BREAK SPACE}AM. We pass it on then." in answer
    assert "Someone is on duty" not in answer
    assert "988" in answer
    assert ready.person("moderator").mention not in texts(card)


async def test_a_shift_puts_on_and_off_duty_at_its_exact_minute(ready: World) -> None:
    moderator = ready.person("moderator")
    await add(ready)
    await until(ready, 1, "08:59")
    assert on(ready) == set()

    await ready.advance(60)
    assert on(ready) == {moderator.id}
    await until(ready, 1, "16:59")
    assert on(ready) == {moderator.id}
    await ready.advance(60)
    assert on(ready) == set()


async def test_a_restart_in_the_middle_of_a_shift_changes_nothing(ready: World) -> None:
    await add(ready)
    await until(ready, 1, "12:00")

    await ready.restart()

    assert on(ready) == {ready.person("moderator").id}


async def test_a_shift_over_midnight_is_kept_and_says_so(ready: World) -> None:
    answer = await add(ready, days="Fri", start="10pm", end="6am", zone="Europe/Madrid", level=2)

    assert "Friday, 10:00\N{NO-BREAK SPACE}PM to 6:00\N{NO-BREAK SPACE}AM the next day" in answer
    assert "Madrid, Spain" in answer
    assert "on call 2" in answer
    assert "ends on the day after" in answer
    assert answer.split(": ", 1)[1].split(".")[0] in await say(ready, "owner", "oncall shift list")


async def test_what_a_lead_can_not_mean_is_refused_and_nothing_is_kept(ready: World) -> None:
    for options, sentence in (
        ({"zone": "Nowhere City"}, "Nowhere City"),
        ({"zone": "Madird"}, "Did you mean Madrid, Spain (Europe/Madrid)"),
        ({"days": "every 2 weeks"}, 'I can\'t read "every 2 weeks" as days'),
        ({"start": "25:70"}, "25:70"),
        ({"last_day": "someday"}, 'I can\'t read "someday" as a date'),
        ({"rooms": "the cellar"}, 'There is no room called "the cellar"'),
        ({"languages": "Klingonish"}, 'I don\'t know a language called "Klingonish"'),
        ({"days": "2020-01-01"}, "over already"),
        ({"name": "ana"}, "is not on the care team"),
    ):
        assert sentence in await add(ready, **options)
    assert "Only a programme lead" in await say(
        ready, "moderator", "oncall shift add", days="Mon", start="9", end="17"
    )
    assert ready.app.services.rota.rota.shifts == []


async def test_an_overlap_names_the_other_shift_and_is_kept_only_if_meant(ready: World) -> None:
    await add(ready)

    refused = await add(ready, days="Wed", start="16:00", end="20:00")
    assert "would be on two shifts at once" in refused
    assert "9:00\N{NO-BREAK SPACE}AM to 5:00\N{NO-BREAK SPACE}PM. Nothing was changed" in refused
    assert len(ready.app.services.rota.rota.shifts) == 1

    assert "On the rota" in await add(ready, days="Wed", start="16:00", end="20:00", overlap=True)


async def test_a_shift_is_edited_and_removed_from_the_list_that_opens(ready: World) -> None:
    await add(ready)
    owner, place = owner_of(ready), lobby(ready)
    [choice] = await owner.autocomplete(place, "oncall shift edit", "shift", "moder")

    edited = await say(
        ready, "owner", "oncall shift edit", shift=choice["value"], end="18:00", languages="Spanish"
    )
    assert "9:00\N{NO-BREAK SPACE}AM to 6:00\N{NO-BREAK SPACE}PM" in edited
    assert "Spanish" in edited
    removed = await say(ready, "owner", "oncall shift remove", shift=choice["value"])
    again = await say(ready, "owner", "oncall shift remove", shift=choice["value"])

    assert "Taken off the rota" in removed
    assert "There is no such shift any more" in again
    zones = await owner.autocomplete(place, "oncall shift add", "zone", "denv")
    assert zones[0]["value"] == "America/Denver"


async def test_the_week_names_who_is_on_and_when_no_one_is(ready: World) -> None:
    assert "There is no shift on the rota yet" in await say(ready, "moderator", "oncall week")
    await add(ready)
    await until(ready, 0, "08:00")

    week = await say(ready, "moderator", "oncall week")

    moderator = ready.person("moderator").mention
    line = f"- 9:00\N{NO-BREAK SPACE}AM to 5:00\N{NO-BREAK SPACE}PM: {moderator}"
    assert week.count(line) == 5
    assert "**no one**" in week
    assert "You are next on: Monday" in week
    assert "New York, United States" in week


async def test_the_viewer_reads_the_week_in_their_own_time_and_language(ready: World) -> None:
    await add(ready)
    person = await joined(ready, "moderator")
    await ready.app.services.settings.change_zone(person, "Europe/Madrid", None)
    person = await ready.app.services.participants.active(ready.person("moderator").id)
    await ready.app.services.settings.change_language(person, "es")

    week = await say(ready, "moderator", "oncall week")

    assert "De 15:00 a 23:00" in week
    assert "Madrid" in week


async def test_going_off_early_says_what_it_means_and_tells_the_leads(ready: World) -> None:
    await add(ready)
    await until(ready, 1, "12:00")

    off = await say(ready, "moderator", "oncall off")
    await ready.run_due()

    assert "Your shift ends now, before Tuesday" in off
    assert "No one is on duty now" in off
    assert "The leads are told" in off
    told = texts(last_in(ready, PlaceKey.CHANNEL_LEAD, "ended their shift early"))
    assert ready.person("moderator").mention in told
    assert "You are on duty again" in await say(ready, "moderator", "oncall on")
    assert on(ready) == {ready.person("moderator").id}


async def swap_card(world: World) -> object:
    """Let the moderator ask the clinician to take Tuesday, and return the card."""
    place, moderator = lobby(world), world.person("moderator")
    offered = await moderator.autocomplete(place, "oncall swap", "shift", "Tuesday")
    clinician = world.person("clinician")
    given = {"shift": offered[0]["value"], "colleague": clinician}
    theirs = await moderator.autocomplete(place, "oncall swap", "in_return", "", **given)
    back = {"in_return": theirs[0]["value"]} if theirs else {}
    await moderator.slash(place, "oncall swap", **given, **back)
    await world.run_due()
    return last_in(world, PlaceKey.CHANNEL_STAFF, "asks")


async def test_a_swap_holds_once_the_colleague_accepts(ready: World) -> None:
    await add(ready)
    await until(ready, 0, "12:00")
    clinician = ready.person("clinician")

    card = await swap_card(ready)
    stranger = await owner_of(ready).click(card, label="Accept")
    assert f"Only {clinician.mention} can answer this" in texts(shown(stranger))
    waiting = await clinician.slash(lobby(ready), "oncall week")
    assert "Swaps that wait" in "".join(texts(one) for one in waiting.followups)
    await clinician.click(card, label="Accept")

    card = last_in(ready, PlaceKey.CHANNEL_STAFF, "asks")
    assert "Agreed by" in texts(card)
    assert labels(card) == []
    assert f"instead of {ready.person('moderator').mention}" in await say(
        ready, "clinician", "oncall week"
    )
    await until(ready, 1, "12:00")
    assert on(ready) == {clinician.id}


async def test_a_swap_in_return_gives_each_the_others_date(ready: World) -> None:
    await add(ready)
    await add(ready, "clinician", days="Sat")
    await until(ready, 0, "12:00")

    card = await swap_card(ready)
    await ready.person("clinician").click(card, label="Accept")

    assert f"{ready.person('moderator').mention} would take: Saturday" in texts(card)
    await until(ready, 1, "12:00")
    assert on(ready) == {ready.person("clinician").id}
    await until(ready, 5, "12:00")
    assert on(ready) == {ready.person("moderator").id}


async def test_a_swap_that_is_declined_changes_nothing(ready: World) -> None:
    await add(ready)
    await until(ready, 0, "12:00")
    card = await swap_card(ready)

    await ready.person("clinician").click(card, label="Decline")

    assert "Declined by" in texts(last_in(ready, PlaceKey.CHANNEL_STAFF, "asks"))
    await until(ready, 1, "12:00")
    assert on(ready) == {ready.person("moderator").id}


async def test_a_swap_with_oneself_is_refused(ready: World) -> None:
    await add(ready)
    moderator, place = ready.person("moderator"), lobby(ready)
    [first, *_] = await moderator.autocomplete(place, "oncall swap", "shift", "")

    own = await say(ready, "moderator", "oncall swap", shift=first["value"], colleague=moderator)
    typed = await say(
        ready, "moderator", "oncall swap", shift="Tuesday", colleague=ready.person("clinician")
    )

    assert "You can't swap with yourself" in own
    assert "Pick the shift from the list" in typed


async def test_volunteers_say_how_to_call_them(ready: World) -> None:
    moderator, place = ready.person("moderator"), lobby(ready)
    form = await moderator.slash(place, "oncall volunteer", choice="on")

    wrong = await moderator.submit_modal(form, {"way": "email", "target": "call me"})
    assert "is not an e-mail address" in texts(shown(wrong))
    form = await moderator.slash(place, "oncall volunteer", choice="on")
    await moderator.submit_modal(form, {"way": "email", "target": "mo@example.org"})

    services = ready.app.services
    assert services.rota.volunteers[moderator.id].target == "mo@example.org"
    rules = await say(ready, "clinician", "oncall rules")
    assert moderator.mention in rules
    assert "mo@example.org" not in rules
    assert "not called out" in await say(ready, "moderator", "oncall volunteer", choice="off")
    assert services.rota.volunteers == {}


async def test_a_lead_sets_the_rules_and_is_told_of_a_gap(ready: World) -> None:
    await add(ready)
    assert "Change" not in labels(
        shown(await ready.person("moderator").slash(lobby(ready), "oncall rules"))
    )
    owner = owner_of(ready)
    form = await owner.click(shown(await owner.slash(lobby(ready), "oncall rules")), label="Change")
    typed = {"days": "every day", "start": "9", "end": "5", "choices": ["small"], "outside": "555"}
    card = texts(shown(await owner.submit_modal(form, typed)))
    await ready.advance(3600)

    assert "every day, 9:00\N{NO-BREAK SPACE}AM to 5:00\N{NO-BREAK SPACE}PM" in card
    assert "Small team" in card
    assert "nobody is called out" in card
    told = texts(last_in(ready, PlaceKey.CHANNEL_LEAD, "without anyone on duty"))
    assert "Saturday" in told
    assert "Sunday" in told
    reopened = await owner.click(
        shown(await owner.slash(lobby(ready), "oncall rules")), label="Change"
    )
    assert fields(reopened)["outside"]["value"] == "555"


async def test_half_of_the_hours_to_cover_is_refused(ready: World) -> None:
    owner = owner_of(ready)
    typed = {"days": "24 Dec", "start": "9", "end": "17", "choices": [], "outside": ""}
    for changed, sentence in (
        ({"end": ""}, "fill in the days and both times"),
        ({}, "not one date"),
    ):
        card = shown(await owner.slash(lobby(ready), "oncall rules"))
        form = await owner.click(card, label="Change")
        refused = await owner.submit_modal(form, {**typed, **changed})
        assert sentence in texts(shown(refused))
    assert ready.app.services.rota.rules.cover is None


async def test_who_leaves_the_team_leaves_a_gap_and_no_trace_on_duty(ready: World) -> None:
    await add(ready, "clinician")
    await until(ready, 1, "12:00")
    clinician = ready.person("clinician")
    assert on(ready) == {clinician.id}

    await ready.app.services.team.let_go(clinician.id, by=owner_of(ready).id)

    assert on(ready) == set()
    week = await say(ready, "moderator", "oncall week")
    assert clinician.mention not in week
    assert "no one yet" in await say(ready, "owner", "oncall shift list")
    await ready.app.services.team.enrol(clinician.id, StaffRole.CLINICIAN, by=None)
    assert on(ready) == set()


async def test_a_shift_is_enough_to_open_joining(ready: World) -> None:
    owner = owner_of(ready)
    before = texts(shown(await owner.slash(lobby(ready), "setup check")))
    await add(ready)

    after = texts(shown(await owner.slash(lobby(ready), "setup check")))

    assert "The rota is empty" in before
    assert "The rota is empty" not in after


async def test_the_log_names_whom_a_conflict_is_about(ready: World) -> None:
    await joined(ready, "ana")
    database = ready.app.database
    await owner_of(ready).slash(
        lobby(ready),
        "oncall apart add",
        staff=ready.person("moderator"),
        person=ready.person("ana"),
    )

    rows = await database.fetch_all(
        "SELECT actor, subject FROM audit_entries WHERE action = :action",
        {"action": AuditAction.CONFLICT_CHANGED.value},
    )

    assert len(rows) == 2
    assert len({row["subject"] for row in rows} | {rows[0]["actor"]}) == 3
