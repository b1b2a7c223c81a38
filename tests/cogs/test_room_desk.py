"""Rooms as the team keeps them: `/room`, its cards, and the keep-apart list."""

from datetime import time

import discord
import pytest
import simcord

from bot.domain.case import Conflict
from bot.domain.place import PlaceKey
from bot.domain.room import Audience, Room
from bot.domain.room_life import Series
from tests.fakes.care import channel, joined, panel
from tests.fakes.server import apply, let_in, lobby, owner_of, set_up
from tests.fakes.simulation import World, labels, shown, texts


@pytest.fixture
async def ready(world: World) -> World:
    """A server that is set up; the owner is the lead."""
    await set_up(world)
    return world


async def add(world: World, **options: object) -> str:
    """Let the lead add a room, and return what they read."""
    given = {"name": "Evening talk", "audience": "partners", **options}
    return texts(shown(await owner_of(world).slash(lobby(world), "room add", **given)))


def added(world: World) -> Room:
    """Return the room that was added last."""
    return world.app.services.rooms.all()[-1]


def handle(world: World, room: Room) -> simcord.ChannelHandle:
    """Return a room's channel."""
    wanted = world.app.services.rooms.channel_of(room.id)
    return next(place for place in world.guild.channels.values() if place.id == wanted)


async def test_a_lead_adds_a_room_with_its_panel_card_and_lock(ready: World) -> None:
    said = await add(ready, hours="Mon-Fri 18:00-20:00", slow=30, host=ready.person("moderator"))
    await ready.env.settle()
    room = added(ready)
    place = handle(ready, room)
    found = ready.app.bot.get_channel(place.id)
    cards = [texts(message) for message in place.history()]

    assert "is made" in said
    assert (room.name, room.audience) == ("evening-talk", Audience.PARTNERS)
    assert found.name == "evening-talk"
    assert found.slowmode_delay == 30
    assert any("988" in card and "About this room" in card for card in cards)
    assert any("evening-talk is closed" in card for card in cards)
    [pinned] = [message for message in place.history() if message.pinned]
    assert "About this room" in texts(pinned)
    with pytest.raises(simcord.SetupError):
        place.history(viewer=ready.person("zoe"))
    assert "evening-talk" in (await plan(ready)).partition("Fine as it is")[2]


async def plan(world: World) -> str:
    return texts(shown(await owner_of(world).slash(lobby(world), "setup plan")))


async def test_setup_apply_leaves_an_open_room_open(ready: World) -> None:
    await add(ready, unhosted=True)
    await ready.env.settle()
    role = ready.app.services.places.get(PlaceKey.ROLE_PARTICIPANT)

    def may_post() -> bool | None:
        found = ready.app.bot.get_channel(handle(ready, added(ready)).id)
        return found.overwrites_for(found.guild.get_role(role)).send_messages

    assert may_post() is True
    await apply(ready, repair=True)
    await ready.env.settle()
    assert may_post() is True


async def test_a_forum_can_be_a_room(ready: World, monkeypatch: pytest.MonkeyPatch) -> None:
    pinned: list[int] = []

    async def edit(self: discord.Thread, **changes: object) -> None:
        # The simulator knows no pinned posts (tests/gaps).
        assert changes["pinned"]
        pinned.append(self.id)

    monkeypatch.setattr(discord.Thread, "edit", edit)
    said = await add(ready, forum=True)
    await ready.run_due()
    found = ready.app.bot.get_channel(ready.app.services.rooms.channel_of(added(ready).id))

    assert "is made" in said
    assert isinstance(found, discord.ForumChannel)
    [post] = found.threads
    assert pinned == [post.id]
    cards = [message async for message in post.history()]
    assert any("About this room" in texts(message) for message in cards)
    assert any("is closed" in texts(message) for message in cards)


async def test_a_channel_that_is_there_becomes_a_room_once(ready: World) -> None:
    there = ready.guild.create_text_channel("quiet-corner")
    await ready.env.settle()

    said = await add(ready, name="quiet-corner", channel=there)
    again = await add(ready, name="other", channel=there)

    assert "is made" in said
    assert ready.app.services.rooms.channel_of(added(ready).id) == there.id
    assert "is a room already" in again
    assert len(ready.app.services.rooms.all()) == 2


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"hours": "whenever"}, "The hours can't be read: whenever."),
        ({"slow": 99999}, "a number of seconds from 0 to 21600"),
        ({"name": "???"}, "A room needs a name."),
    ],
)
async def test_bad_input_makes_nothing(
    ready: World, options: dict[str, object], sentence: str
) -> None:
    assert sentence in await add(ready, **options)
    assert len(ready.app.services.rooms.all()) == 1


async def test_only_leads_add_edit_and_remove(ready: World) -> None:
    moderator = ready.person("moderator")
    room = ready.app.services.rooms.all()[0]
    for command, options in (
        ("room add", {"name": "x", "audience": "mixed"}),
        ("room edit", {"room": room.id, "slow": 5}),
        ("room remove", {"room": room.id}),
    ):
        result = await moderator.slash(channel(ready, PlaceKey.CHANNEL_STAFF), command, **options)
        assert "lead" in texts(shown(result))
    listed = shown(await moderator.slash(channel(ready, PlaceKey.CHANNEL_STAFF), "room list"))
    assert "community-room" in texts(listed) or f"<#{handle(ready, room).id}>" in texts(listed)
    assert "Add a room" not in labels(listed)


async def test_what_discord_refuses_is_named_and_setup_makes_it_later(ready: World) -> None:
    ready.env.inject_error("POST", "/guilds/*/channels", status=403, code=50013, times=1)

    said = await add(ready)
    assert "could not make its channel" in said
    room = added(ready)
    assert ready.app.services.rooms.channel_of(room.id) is None

    await apply(ready)
    await ready.run_due()
    assert "is closed" in texts(handle(ready, room).history()[-1])


async def test_the_staff_panel_leads_to_a_room_and_its_form(ready: World) -> None:
    owner = owner_of(ready)
    room = ready.app.services.rooms.all()[0]
    listed = shown(await owner.click(panel(ready, PlaceKey.CHANNEL_STAFF), label="Rooms"))
    one = shown(await owner.select(listed, [room.id], custom_id="room:v1:desk"))

    opened = await owner.click(one, label="Change")
    saved = shown(
        await owner.submit_modal(
            opened,
            {
                "name": "community-room",
                "audience": ["family"],
                "hours": "9:00-21:00",
                "slow": "10",
                "switches": ["taking", "unhosted"],
            },
        )
    )

    room = ready.app.services.rooms.all()[0]
    assert "Saved." in texts(saved)
    assert (room.audience, room.hours, room.slow_seconds) == (Audience.FAMILY, "9:00-21:00", 10)
    assert (room.is_unhosted, room.is_taking, room.name) == (True, True, None)


async def test_members_are_let_in_and_taken_out_by_the_team(ready: World) -> None:
    await joined(ready, "ana")
    moderator = ready.person("moderator")
    staff = channel(ready, PlaceKey.CHANNEL_STAFF)
    room = ready.app.services.rooms.all()[0]

    said = await moderator.slash(staff, "room let-in", room=room.id, user=ready.person("ana"))
    twice = await moderator.slash(staff, "room let-in", room=room.id, user=ready.person("ana"))
    stranger = await moderator.slash(staff, "room let-in", room=room.id, user=ready.person("zoe"))
    listed = shown(await moderator.slash(staff, "room members", room=room.id))
    ana = await ready.app.services.participants.find(ready.person("ana").id)
    out = shown(await moderator.select(listed, [ana.id], custom_id=f"room:v1:take_out:{room.id}"))

    assert "has a place in" in texts(shown(said))
    assert "have a place in this room already" in texts(shown(twice))
    assert "have not joined" in texts(shown(stranger))
    assert "P-104" in texts(listed)
    assert "is no longer in" in texts(out)
    assert ready.app.services.room_members.of(room.id, ana.id) is None


async def test_a_partner_on_the_team_sees_nothing_of_them_in_the_lists(ready: World) -> None:
    person = await let_in(ready, "pat")
    moderator = ready.person("moderator")
    await ready.app.stores.duty.add_conflict(Conflict(staff_id=moderator.id, user_id=person.id))
    await ready.app.services.duty.load()
    staff = channel(ready, PlaceKey.CHANNEL_STAFF)
    room = ready.app.services.rooms.all()[0]

    listed = texts(shown(await moderator.slash(staff, "room members", room=room.id)))
    rooms = texts(shown(await moderator.slash(staff, "room list")))
    others = texts(shown(await ready.person("clinician").slash(staff, "room list")))
    result = await moderator.slash(staff, "room let-in", room=room.id, user=person)

    assert person.mention not in listed
    assert "No one is in this room yet" in listed
    assert ("0 people" in rooms, "1 person" in others) == (True, True)
    assert "have not joined the programme, or have left it" in texts(shown(result))


async def test_removing_a_room_asks_first_and_keeps_the_channel_for_the_team(ready: World) -> None:
    person = await let_in(ready, "pat")
    room = ready.app.services.rooms.all()[0]
    place = handle(ready, room)
    owner = owner_of(ready)

    older = shown(await owner.slash(lobby(ready), "room remove", room=room.id))
    asked = shown(await owner.slash(lobby(ready), "room remove", room=room.id))
    done = shown(await owner.click(asked, label="Remove, keep the channel"))
    late = shown(await owner.click(older, label="Remove with its channel"))
    await ready.env.settle()

    assert "only the team sees it" in texts(done)
    assert "not there any more" in texts(late)
    assert ready.app.services.rooms.all() == []
    with pytest.raises(simcord.SetupError):
        place.history(viewer=person)
    assert place.history(viewer=ready.person("moderator")) is not None
    assert "community-room" not in await plan(ready)


async def test_a_room_goes_with_its_channel(ready: World) -> None:
    await add(ready)
    room, life = added(ready), ready.app.services.room_life
    place = handle(ready, room)
    owner = owner_of(ready)
    await life.switch_on(room, Series.WEEKLY, at=time(10), weekday=0, zone="UTC")

    asked = shown(await owner.slash(lobby(ready), "room remove", room=room.id))
    await owner.click(asked, label="Remove with its channel")
    await ready.run_due()

    assert await life.schedule(room, Series.WEEKLY) is None

    assert ready.app.bot.get_channel(place.id) is None
    assert ready.app.services.rooms.get(room.id) is None


async def test_an_unknown_room_is_a_sentence(ready: World) -> None:
    result = await owner_of(ready).slash(lobby(ready), "room members", room="gone")
    assert "not there any more" in texts(shown(result))


async def test_keeping_two_people_apart_ends_what_they_share_and_shows_neither(
    ready: World,
) -> None:
    ana, ben = await let_in(ready, "ana"), await let_in(ready, "ben")
    owner, room = owner_of(ready), ready.app.services.rooms.all()[0]

    said = await owner.slash(
        lobby(ready), "people apart add", stays=ana, leaves=ben, reason="an order"
    )
    await ready.run_due()
    listed = texts(shown(await owner.slash(lobby(ready), "people apart list")))

    assert "kept apart from now on" in texts(shown(said))
    assert "an order" in listed
    assert handle(ready, room).history(viewer=ana)
    with pytest.raises(simcord.SetupError):
        handle(ready, room).history(viewer=ben)
    team = [texts(message) for message in channel(ready, PlaceKey.CHANNEL_STAFF).history()]
    assert any("Someone left a room" in text for text in team)
    assert not any(ana.mention in text for text in team)

    twice = await owner.slash(lobby(ready), "people apart add", stays=ben, leaves=ana)
    ended = await owner.slash(lobby(ready), "people apart remove", first=ben, second=ana)
    assert "kept apart already" in texts(shown(twice))
    assert "off the list" in texts(shown(ended))


async def test_a_lead_does_not_judge_their_own_line(ready: World) -> None:
    ana = ready.person("ana")
    owner = owner_of(ready)

    result = await owner.slash(lobby(ready), "people apart add", stays=owner, leaves=ana)
    await ready.app.services.keep_apart.add(owner.id, ana.id, by=1)
    listed = texts(shown(await owner.slash(lobby(ready), "people apart list")))
    removed = await owner.slash(lobby(ready), "people apart remove", first=owner, second=ana)

    assert "Ask another lead" in texts(shown(result))
    assert ana.mention not in listed
    assert "No one is on the list" in listed
    assert "Ask another lead" in texts(shown(removed))
