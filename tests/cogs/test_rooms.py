"""Rooms as participants meet them: the door, the live card, and notes to the team."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import simcord

from bot.domain.consent import ConsentKind
from bot.domain.ids import new_id
from bot.domain.place import PlaceKey
from bot.domain.risk import RiskClass, RiskFinding, Tier
from bot.domain.room import Audience
from bot.domain.rota import Hours, Shift, ShiftId
from tests.fakes.care import channel, joined, on_duty, page
from tests.fakes.joined import open_note
from tests.fakes.server import apply, let_in, lobby, set_up
from tests.fakes.simulation import World, fields, labels, shown, texts

NOT_NOW = "This room can't take you right now. Ask the team."
DANGER = "danger words here. It misses many."


@pytest.fixture
async def ready(world: World) -> World:
    """A server that is set up, its room closed."""
    await set_up(world)
    await world.run_due()
    return world


def room_of(world: World) -> simcord.ChannelHandle:
    """Return the channel of the room that is there from the start."""
    return channel(world, PlaceKey.CHANNEL_ROOM)


def live_card(world: World) -> Any:
    """Return the room's one live card; there is never a second one."""
    [card] = [message for message in room_of(world).history() if "Ground rules" in labels(message)]
    return card


def may_post(world: World) -> bool:
    """Tell whether the participants' overwrite lets them post, as Discord has it."""
    services = world.app.services
    found = world.app.bot.get_channel(room_of(world).id)
    role = found.guild.get_role(services.places.get(PlaceKey.ROLE_PARTICIPANT))
    allow, deny = found.overwrites_for(role).pair()
    assert allow.send_messages is not deny.send_messages
    assert not allow.view_channel
    return allow.send_messages


async def rooms(world: World, name: str) -> Any:
    """Open More, Rooms."""
    person = world.person(name)
    panel = shown(await person.slash(lobby(world), "menu"))
    return shown(await person.click(shown(await person.click(panel, label="More")), label="Rooms"))


async def at_door(world: World, name: str, room_id: str | None = None) -> Any:
    """Pick a room from the list and press *Come in*."""
    person = world.person(name)
    room_id = room_id or world.app.services.rooms.all()[0].id
    card = await person.select(await rooms(world, name), [room_id], custom_id="room:v1:look")
    return shown(await person.click(shown(card), label="Come in"))


async def inside(world: World, name: str) -> simcord.MemberActor:
    """Make somebody a participant who is in the room."""
    person = await joined(world, name)
    await world.app.services.room_members.enter(
        world.app.services.rooms.all()[0].id, person, "en-rules"
    )
    await world.env.settle()
    return world.person(name)


async def shift(world: World, start: time, end: time, zone: str) -> None:
    """Put the moderator on the rota, every day."""
    every_day = frozenset(range(7))
    hours = Hours(days=every_day, start=start, end=end, zone=zone, first_day=date(2026, 1, 1))
    await world.app.services.rota.add(
        Shift(id=ShiftId(new_id()), user_id=world.person("moderator").id, hours=hours), by=0
    )


async def go_to(world: World, moment: datetime) -> None:
    """Let the clock stand at a moment, and do what is due."""
    await world.advance((moment - world.app.clock()).total_seconds())


async def test_the_rules_and_the_screening_notice_stand_at_the_door(ready: World) -> None:
    ana = await joined(ready, "ana")
    person = ready.person("ana")

    door = await at_door(ready, "ana")
    assert "Ground rules" in texts(door)
    assert DANGER in texts(door)
    with pytest.raises(simcord.SetupError):
        room_of(ready).history(viewer=person)
    inside = shown(await person.click(door, label="I agree. Let me in"))
    await ready.env.settle()

    assert "Writing opens when a host is here" in texts(inside)
    assert room_of(ready).history(viewer=person)
    for kind in (ConsentKind.GROUPS, ConsentKind.ROOM_SCREENING):
        assert await ready.app.services.consents.given(ana.id, kind)
    assert "you are in it" in texts(await rooms(ready, "ana"))


async def test_who_is_in_which_room_shows_on_nobodys_profile(ready: World) -> None:
    await let_in(ready, "pat")

    names = {role.name for role in ready.person("pat").member.roles}
    assert names == {"@everyone", "Participant"}
    assert room_of(ready).history(viewer=ready.person("pat"))


async def test_a_no_at_the_door_is_fine(ready: World) -> None:
    ana = await joined(ready, "ana")
    door = await at_door(ready, "ana")

    back = shown(await ready.person("ana").click(door, label="Not now"))

    assert "Pick a room" in texts(back)
    assert not await ready.app.services.consents.given(ana.id, ConsentKind.GROUPS)


async def test_a_door_from_before_new_rules_is_shown_again(ready: World) -> None:
    await joined(ready, "ana")
    door = await at_door(ready, "ana")
    room = ready.app.services.rooms.all()[0]
    await ready.app.services.rooms.edit(1, room.id, rules="Only in rhymes.")

    again = shown(await ready.person("ana").click(door, label="I agree. Let me in"))

    assert "text has changed" in texts(again)
    assert "Only in rhymes." in texts(again)
    with pytest.raises(simcord.SetupError):
        room_of(ready).history(viewer=ready.person("ana"))


async def test_leaving_and_taking_the_consent_back_end_the_sight(ready: World) -> None:
    person = await let_in(ready, "pat")
    pat = await ready.app.services.participants.find(person.id)
    card = await person.select(
        await rooms(ready, "pat"), [ready.app.services.rooms.all()[0].id], custom_id="room:v1:look"
    )
    left = shown(await person.click(shown(card), label="Leave this room"))
    await ready.env.settle()
    assert "You have left" in texts(left)
    with pytest.raises(simcord.SetupError):
        room_of(ready).history(viewer=person)

    room = ready.app.services.rooms.all()[0]
    await ready.app.services.room_members.enter(room.id, pat, "m")
    await ready.env.settle()
    assert room_of(ready).history(viewer=person)
    await ready.app.services.consents.revoke(pat, ConsentKind.ROOM_SCREENING)
    await ready.env.settle()
    with pytest.raises(simcord.SetupError):
        room_of(ready).history(viewer=person)


async def test_someone_let_in_by_hand_is_taken_out_again(ready: World) -> None:
    await let_in(ready, "pat")
    await joined(ready, "zoe", "P-9")
    found = ready.app.bot.get_channel(room_of(ready).id)
    member = found.guild.get_member(ready.person("zoe").id)

    await found.set_permissions(member, view_channel=True, read_message_history=True)
    await ready.env.settle()

    with pytest.raises(simcord.SetupError):
        room_of(ready).history(viewer=ready.person("zoe"))
    assert room_of(ready).history(viewer=ready.person("pat"))


async def test_partners_and_the_kept_apart_read_what_a_full_room_says(ready: World) -> None:
    services = ready.app.services
    await joined(ready, "ana")
    await joined(ready, "ben", "P-105")
    ana, ben = ready.person("ana"), ready.person("ben")
    single = await services.rooms.add(1, name="by-ourselves", audience=Audience.INDIVIDUALS)
    await services.pairs.load()
    services.pairs._partners = {ana.id: frozenset({ben.id}), ben.id: frozenset({ana.id})}
    found = await services.participants.find(ana.id)
    await services.room_members.enter(single.id, found, "m")

    refused = texts(await at_door(ready, "ben", single.id))
    await services.rooms.edit(1, single.id, is_taking=False)
    await services.room_members.leave(single.id, found)
    await services.rooms.edit(1, single.id, is_taking=True, capacity=2)
    for name in ("kim", "lou"):
        other = await joined(ready, name, name)
        await services.room_members.enter(single.id, other, "m")
    full = texts(await at_door(ready, "ben", single.id))

    assert refused == full == NOT_NOW
    told = [texts(message) for message in channel(ready, PlaceKey.CHANNEL_STAFF).history()]
    await ready.run_due()
    [notice] = [
        texts(message)
        for message in channel(ready, PlaceKey.CHANNEL_STAFF).history()
        if "could not take" in texts(message)
    ]
    assert not any("could not take" in text for text in told)
    assert "P-105" in notice
    assert "P-104" not in notice


async def test_a_room_opens_and_closes_with_the_shift_over_a_dst_change(ready: World) -> None:
    """Clocks in New York go forward on 8 March 2026 at 2:00: the night is an hour shorter."""
    await let_in(ready, "pat")
    await shift(ready, time(22), time(6), "America/New_York")

    await go_to(ready, datetime(2026, 3, 8, 2, 59, tzinfo=UTC))
    assert not may_post(ready)
    assert "is closed" in texts(live_card(ready))
    opens = int(datetime(2026, 3, 8, 3, tzinfo=UTC).timestamp())
    assert f"<t:{opens}:F>" in texts(live_card(ready))

    await go_to(ready, datetime(2026, 3, 8, 3, tzinfo=UTC))
    assert may_post(ready)
    assert "A host is here. You can write." in texts(live_card(ready))
    await ready.person("pat").send(room_of(ready), "hello")

    await go_to(ready, datetime(2026, 3, 8, 9, 59, tzinfo=UTC))
    assert may_post(ready)

    await go_to(ready, datetime(2026, 3, 8, 10, tzinfo=UTC))
    assert not may_post(ready)
    assert live_card(ready).id == room_of(ready).last_message.id
    with pytest.raises((simcord.BackendError, simcord.SetupError)):
        await ready.person("pat").send(room_of(ready), "still here?")

    await go_to(ready, datetime(2026, 3, 9, 2, tzinfo=UTC))
    assert may_post(ready)


async def test_the_closed_card_has_the_lines_and_the_ways_to_a_person(ready: World) -> None:
    card = live_card(ready)

    assert labels(card) == [
        "Help now",
        "Leave a note for staff",
        "Ask staff to message me",
        "Ground rules",
    ]
    assert "988" in texts(card)
    assert "No one from the team is planned right now" in texts(card)


async def test_a_deleted_card_is_posted_anew(ready: World) -> None:
    old = live_card(ready)

    await (
        ready.app.bot.get_partial_messageable(room_of(ready).id)
        .get_partial_message(old.id)
        .delete()
    )
    await ready.env.settle()

    assert live_card(ready).id != old.id


async def test_a_restart_edits_the_same_card(ready: World) -> None:
    old = live_card(ready)
    await ready.app.database.execute("UPDATE room_states SET card_id = NULL, card_mark = NULL")

    await ready.restart()
    await ready.run_due()

    assert live_card(ready).id == old.id


async def test_a_note_at_night_arrives_when_the_shift_starts(ready: World) -> None:
    person = await inside(ready, "ana")
    await shift(ready, time(9), time(17), "America/New_York")
    await go_to(ready, datetime(2026, 1, 6, 7, 13, tzinfo=UTC))
    staff = channel(ready, PlaceKey.CHANNEL_STAFF)
    before = {message.id for message in staff.history()}

    opened = await person.click(live_card(ready), label="Leave a note for staff")
    said = str(opened.modal)
    left = shown(await person.submit_modal(opened, {"note": "I could not sleep."}))
    await ready.run_due()

    assert "Who reads it" in said
    assert "danger words in it, and misses many" in said
    assert "9:00" in said
    assert "Your note is kept" in texts(left)
    assert "The next person is on from" in texts(left)
    assert {message.id for message in staff.history()} <= before
    assert await ready.app.services.cases.own_requests(person.id) == []

    await go_to(ready, datetime(2026, 1, 6, 14, tzinfo=UTC))
    card = await page(ready)
    [case] = await ready.app.services.cases.own_requests(person.id)
    assert card.id not in before
    assert case.ref in texts(card)
    assert "could not sleep" not in texts(card)


async def test_a_note_without_any_rota_says_so_with_the_lines(ready: World) -> None:
    person = await inside(ready, "ana")

    opened = await person.click(live_card(ready), label="Leave a note for staff")
    left = shown(await person.submit_modal(opened, {"note": "x" * 4000}))

    assert fields(opened)["note"]["max_length"] == 4000
    assert "no one is planned" in texts(left)
    assert "988" in texts(left)
    await on_duty(ready)
    await page(ready)
    [case] = await ready.app.services.cases.own_requests(person.id)
    assert case.source == "left_note"


class Alarmed:
    """A screen that finds danger in everything."""

    def screen(self, text: str) -> RiskFinding:
        return RiskFinding(label=RiskClass.SUICIDE_IMMINENT, tier=Tier.PAGE)


async def test_a_note_with_danger_words_does_not_wait(ready: World) -> None:
    person = await inside(ready, "ana")
    ready.app.services.left_notes._screen = Alarmed()

    opened = await person.click(live_card(ready), label="Leave a note for staff")
    left = shown(await person.submit_modal(opened, {"note": "words"}))
    card = await page(ready)

    assert "went to the team at once" in texts(left)
    assert "No one is on right now, and no one is planned" in texts(left)
    assert "Now" in texts(card)


async def test_an_empty_note_comes_back(ready: World) -> None:
    person = await inside(ready, "ana")
    opened = await person.click(live_card(ready), label="Leave a note for staff")

    refused = shown(await person.submit_modal(opened, {"note": "   "}))

    assert "nothing in your note" in texts(refused)


async def test_a_missing_permission_is_said_plainly_and_tried_again(ready: World) -> None:
    await let_in(ready, "pat")
    ready.env.inject_error(
        "PUT", f"/channels/{room_of(ready).id}/permissions/*", status=403, code=50013, times=1
    )

    await on_duty(ready)
    await ready.run_due()
    assert not may_post(ready)
    notice = texts(channel(ready, PlaceKey.CHANNEL_STAFF).last_message)
    assert "could not be changed" in notice
    assert "Manage Permissions" in notice or "Manage Roles" in notice

    await ready.advance(61)
    assert may_post(ready)


async def test_a_channel_deleted_by_hand_is_told_and_made_again_by_setup(ready: World) -> None:
    await let_in(ready, "pat")
    await ready.app.bot.get_channel(room_of(ready).id).delete()
    await ready.env.settle()
    await ready.run_due()
    room = ready.app.services.rooms.all()[0]
    assert ready.app.services.rooms.channel_of(room.id) is None
    assert "community-room" in texts(channel(ready, PlaceKey.CHANNEL_LEAD).last_message)
    assert "community-room" in texts(await rooms(ready, "pat"))

    await apply(ready)
    await ready.run_due()

    assert room_of(ready).history(viewer=ready.person("pat"))
    assert "is closed" in texts(live_card(ready))


async def test_a_place_the_team_keeps_leads_to_the_door(ready: World) -> None:
    await joined(ready, "ana")
    room = ready.app.services.rooms.all()[0]
    person = await ready.app.services.participants.find(ready.person("ana").id)
    await ready.app.services.room_members.invite(room.id, person, 1)
    await ready.run_due()
    words = ready.app.bot.catalog.words("en")

    note = shown(await open_note(ready, ready.person("ana"), words))

    assert "keeps a place for you" in texts(note)
    door = shown(await ready.person("ana").click(note, label="Come in"))
    assert DANGER in texts(door)
