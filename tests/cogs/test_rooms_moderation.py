"""The team's tools as moderators and the people concerned meet them."""

import pytest
import simcord

from bot.builder.roles import DiscordRoles
from bot.domain.case import Conflict
from bot.domain.participant import Participant
from bot.domain.place import PlaceKey
from bot.domain.staff import StaffRole
from tests.fakes.care import channel, joined, on_duty
from tests.fakes.joined import open_note
from tests.fakes.server import owner_of, set_up
from tests.fakes.simulation import World, fields, labels, shown, texts

REASON = {"reason": "Named a place.", "note": "details"}


@pytest.fixture
async def ready(world: World) -> World:
    """A server with a room that is open, and Ana in it."""
    await set_up(world)
    await on_duty(world)
    await inside(world, "ana", "P-104")
    return world


async def inside(world: World, name: str, code: str) -> Participant:
    """Let somebody join and come into the room."""
    person = await joined(world, name, code)
    services = world.app.services
    [room] = services.rooms.all()
    await services.room_members.enter(room.id, person, "rules")
    guild = world.app.bot.get_guild(world.guild.id)
    await services.team.follow(DiscordRoles(guild), world.person(name).id)
    await world.env.settle()
    return person


def room_of(world: World) -> simcord.ChannelHandle:
    """Return the room's channel."""
    return channel(world, PlaceKey.CHANNEL_ROOM)


async def hide(world: World, post: object, **values: object) -> simcord.InteractionResult:
    """Let the moderator hide a post from its menu."""
    moderator = world.person("moderator")
    form = await moderator.context_menu(room_of(world), "Hide message", post)
    return await moderator.submit_modal(form, {**REASON, **values})


async def test_a_post_is_hidden_and_its_author_told_in_private_and_kindly(ready: World) -> None:
    ana, room = ready.person("ana"), room_of(ready)
    post = await ana.send(room, "at the corner of 5th")

    done = await hide(ready, post, words="You are welcome here.")
    await ready.run_due()
    note = texts(shown(await open_note(ready, ana, ready.app.bot.catalog.words("en"))))

    assert "The post is hidden" in texts(shown(done))
    assert post.id not in [message.id for message in room.history()]
    assert "at the corner" not in "".join(texts(message) for message in room.history())
    assert "without the details" in note
    assert "You are welcome here." in note
    assert "at the corner of 5th" in note
    assert "Named a place." not in note
    assert ready.person("moderator").mention not in note


async def test_a_hidden_post_of_a_concern_tells_nobody_that_there_is_one(ready: World) -> None:
    ana, room = ready.person("ana"), room_of(ready)
    await inside(ready, "ben", "P-105")
    post = await ana.send(room, "harsh words")
    form = await ready.person("ben").context_menu(room, "Raise a concern", post)
    await ready.person("ben").submit_modal(form, {"reason": "unkind", "words": "That hurt."})

    done = texts(shown(await hide(ready, post)))
    await ready.run_due()
    note = texts(shown(await open_note(ready, ana, ready.app.bot.catalog.words("en"))))

    for text in (done, note):
        for word in ("concern", "raised", "ben", "P-105", "request"):
            assert word not in text
    row = await ready.app.database.fetch_one("SELECT case_id FROM moderation_acts")
    concern = await ready.app.database.fetch_one("SELECT case_id FROM concerns")
    assert row["case_id"] == concern["case_id"]


async def test_hiding_refuses_with_a_sentence_each(ready: World) -> None:
    moderator, room = ready.person("moderator"), room_of(ready)
    post = await ready.person("ana").send(room, "hello")
    own = await moderator.send(room, "hello")
    lobby = ready.guild.channels["general"]
    outside = await moderator.send(lobby, "hello")
    said = [
        texts(shown(await moderator.context_menu(room, "Hide message", own))),
        texts(shown(await moderator.context_menu(lobby, "Hide message", outside))),
    ]

    empty = await hide(ready, post, reason="  ")
    forms = [await moderator.context_menu(room, "Hide message", post) for _ in range(2)]
    again = await moderator.submit_modal(forms[0], REASON)
    late = await moderator.submit_modal(forms[1], REASON)

    assert "your own post" in said[0]
    assert "not one of the programme's rooms" in said[1]
    assert "Please say why" in texts(shown(empty))
    assert "Open again" in labels(shown(empty))
    assert "The post is hidden" in texts(shown(again))
    assert "hid this post already" in texts(shown(late))


async def test_a_post_deleted_meanwhile_is_said_and_its_author_not_told(ready: World) -> None:
    moderator, room = ready.person("moderator"), room_of(ready)
    post = await ready.person("ana").send(room, "hello")
    form = await moderator.context_menu(room, "Hide message", post)
    await ready.app.bot.get_partial_messageable(room.id).get_partial_message(post.id).delete()

    gone = await moderator.submit_modal(form, REASON)

    assert "gone already" in texts(shown(gone))
    outbox = "SELECT count(*) AS n FROM outbox WHERE kind = 'room.moderated'"
    row = await ready.app.database.fetch_one(outbox)
    assert row["n"] == 0


async def test_a_timeout_is_for_conduct_and_can_be_ended(ready: World) -> None:
    moderator, ana, room = ready.person("moderator"), ready.person("ana"), room_of(ready)

    form = await moderator.slash(room, "room timeout", user=ana)
    assert "Never for distress" in str(form.modal)
    done = await moderator.submit_modal(form, {"reason": "Insults.", "long": "3600"})
    with pytest.raises(simcord.BackendError):
        await ana.send(room, "I am still here")
    form = await moderator.slash(room, "room timeout", user=ana)
    ended = await moderator.submit_modal(form, {"reason": "We talked.", "long": "0"})

    assert "can read, but not post" in texts(shown(done))
    assert "can post again" in texts(shown(ended))
    assert (await ana.send(room, "Thank you")).content == "Thank you"


async def test_whom_nobody_can_time_out_is_said_before_the_form(ready: World) -> None:
    moderator, room = ready.person("moderator"), room_of(ready)
    clinician = ready.person("clinician")
    said = {
        "self": await moderator.slash(room, "room timeout", user=moderator),
        "colleague": await moderator.slash(room, "room timeout", user=clinician),
    }
    await ready.app.services.team.enrol(clinician.id, StaffRole.LEAD, by=None)
    await ready.app.services.team.let_go(owner_of(ready).id, by=clinician.id)
    said["owner"] = await moderator.slash(room, "room timeout", user=owner_of(ready))

    assert "time yourself out" in texts(shown(said["self"]))
    assert "on the team" in texts(shown(said["colleague"]))
    assert "owner of the server" in texts(shown(said["owner"]))
    assert all(result.modal is None for result in said.values())


async def test_a_room_pauses_and_opens_again_and_slows_down(ready: World) -> None:
    moderator, room, ana = ready.person("moderator"), room_of(ready), ready.person("ana")
    form = await moderator.slash(room, "room pause")
    paused = await moderator.submit_modal(form, {"reason": "Too heated.", "long": "open"})
    await ready.env.settle()
    with pytest.raises(simcord.BackendError):
        await ana.send(room, "hello?")
    form = await moderator.slash(room, "room resume")
    opened = await moderator.submit_modal(form, {"reason": "Calm again."})
    await ready.env.settle()
    await ana.send(room, "hello again")
    form = await moderator.slash(room, "room slow", seconds=30)
    slowed = await moderator.submit_modal(form, {"reason": "Many at once."})
    wrong = await moderator.slash(room, "room slow", seconds=99999)

    assert "paused until someone opens it" in texts(shown(paused))
    assert "The pause is over" in texts(shown(opened))
    assert "waits 30 seconds" in texts(shown(slowed))
    assert ready.app.bot.get_channel(room.id).slowmode_delay == 30
    assert "0 to 21600 seconds" in texts(shown(wrong))


async def test_someone_is_taken_out_of_a_room_and_told_so_without_the_reason(
    ready: World,
) -> None:
    moderator, ana, room = ready.person("moderator"), ready.person("ana"), room_of(ready)

    form = await moderator.context_menu(room, "Remove from room", ana)
    assert "room" in fields(form)
    [known] = ready.app.services.rooms.all()
    done = await moderator.submit_modal(form, {"reason": "Sold pills.", "room": [known.id]})
    await ready.run_due()
    note = texts(shown(await open_note(ready, ana, ready.app.bot.catalog.words("en"))))
    again = await moderator.context_menu(room, "Remove from room", ana)

    assert "out of the room" in texts(shown(done))
    assert "took you out of the room" in note
    assert "Sold pills" not in note
    assert ready.app.services.room_members.inside(known.id) == []
    assert "in none of the rooms" in texts(shown(again))


async def test_a_partner_on_the_team_reads_of_no_room_they_are_in(ready: World) -> None:
    moderator, ana, room = ready.person("moderator"), ready.person("ana"), room_of(ready)
    [known] = ready.app.services.rooms.all()
    old = await moderator.context_menu(room, "Remove from room", ana)
    stranger = texts(
        shown(await moderator.context_menu(room, "Remove from room", ready.person("zoe")))
    )
    conflict = Conflict(staff_id=moderator.id, user_id=ana.id)
    await ready.app.stores.duty.add_conflict(conflict)
    await ready.app.services.duty.load()

    late = await moderator.submit_modal(old, {"reason": "Sold pills.", "room": [known.id]})
    asked = texts(shown(await moderator.context_menu(room, "Remove from room", ana)))

    assert asked == stranger
    assert "not in that room" in texts(shown(late))
    assert len(ready.app.services.room_members.inside(known.id)) == 1


async def test_a_note_to_a_colleague_stands_on_the_persons_card(ready: World) -> None:
    moderator, ana, room = ready.person("moderator"), ready.person("ana"), room_of(ready)
    card = await moderator.context_menu(room, "Note to colleague", ana)
    form = await moderator.click(shown(card), label="Write a note")
    saved = await moderator.submit_modal(form, {"words": "Prefers a short hello."})

    seen = await ready.person("clinician").slash(room, "room note", user=ana)
    lead = owner_of(ready)
    await lead.slash(
        ready.guild.channels["general"], "oncall apart add", staff=moderator, person=ana
    )
    empty = await moderator.slash(room, "room note", user=ana)

    assert "Nothing is written down" in texts(shown(card))
    assert "kept for the team" in texts(shown(saved))
    assert "Prefers a short hello." in texts(shown(seen))
    assert "Prefers a short hello." not in texts(shown(empty))
    assert "Nothing is written down" in texts(shown(empty))


async def test_nobody_but_the_team_has_the_tools(ready: World) -> None:
    ana, room = ready.person("ana"), room_of(ready)
    post = await ready.person("moderator").send(room, "hello")

    with pytest.raises(simcord.SetupError):
        await ana.context_menu(room, "Hide message", post)
    with pytest.raises(simcord.SetupError):
        await ana.slash(room, "room pause")
