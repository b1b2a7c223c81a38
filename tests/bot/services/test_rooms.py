"""Rooms: what leads set, and posting that follows the rota."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.audit import AuditAction
from bot.domain.place import PlaceKey
from bot.domain.room import Audience, Posting
from bot.domain.setup_plan import digest, read_fingerprint
from bot.errors import UserError
from bot.services.building import Failure
from bot.services.room_ports import RoomError
from bot.services.rooms import MOST_ROOMS
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.rooms import CHANNEL, FORBIDDEN, LEAD, Rooms


@pytest.fixture
async def rooms(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> Rooms:
    return await Rooms(database, vault, clock).load()


async def test_the_room_of_set_up_is_a_room_and_is_found_by_its_channel(rooms: Rooms) -> None:
    [room] = rooms.rooms.all()

    assert room.audience is Audience.MIXED
    assert rooms.rooms.by_channel(CHANNEL) == room
    assert rooms.rooms.channel_of(room.id) == CHANNEL
    assert rooms.rooms.by_channel(1) is None
    assert rooms.rooms.get("unknown") is None


async def test_a_room_outlives_the_process_with_all_that_was_set(
    rooms: Rooms, database: SqliteDatabase, vault: Vault, clock: FakeClock
) -> None:
    room = await rooms.rooms.add(
        LEAD, name="  evening   talk ", audience=Audience.PARTNERS, hours="18:00-20:00", hosts=(71,)
    )
    room = await rooms.rooms.edit(LEAD, room.id, languages=("en", "es"), capacity=8, rules="Kind.")

    again = await Rooms(database, vault, clock).load()

    assert again.rooms.get(room.id) == room
    assert room.name == "evening-talk"
    assert rooms.audit.actions == [AuditAction.ROOM_ADDED, AuditAction.ROOM_CHANGED]


async def test_two_rooms_on_one_channel_are_refused(rooms: Rooms) -> None:
    with pytest.raises(UserError) as error:
        await rooms.rooms.add(LEAD, name="x", audience=Audience.MIXED, channel_id=CHANNEL)
    assert error.value.key == "rooms.channel_taken"
    assert len(rooms.rooms.all()) == 1


@pytest.mark.parametrize(("name", "key"), [("Talk", "rooms.name_taken"), ("  ", "rooms.no_name")])
async def test_a_name_must_be_there_and_be_new(rooms: Rooms, name: str, key: str) -> None:
    await rooms.rooms.add(LEAD, name="talk", audience=Audience.MIXED)
    with pytest.raises(UserError) as error:
        await rooms.rooms.add(LEAD, name=name, audience=Audience.MIXED)
    assert error.value.key == key


async def test_an_unknown_room_is_refused_with_a_sentence(rooms: Rooms) -> None:
    for asked in (
        rooms.rooms.edit(LEAD, "gone", hours=None),
        rooms.rooms.remove(LEAD, "gone"),
        rooms.rooms.pause("gone", None),
    ):
        with pytest.raises(UserError) as error:
            await asked
        assert error.value.key == "rooms.unknown"


async def test_there_are_no_more_rooms_than_one_list_holds(rooms: Rooms) -> None:
    for number in range(MOST_ROOMS - 1):
        await rooms.rooms.add(LEAD, name=f"room {number}", audience=Audience.MIXED)
    with pytest.raises(UserError) as error:
        await rooms.rooms.add(LEAD, name="one more", audience=Audience.MIXED)
    assert error.value.key == "rooms.too_many"


async def test_posting_opens_and_closes_with_the_host(rooms: Rooms) -> None:
    await rooms.posting.settle_all()
    assert rooms.gateway.posting == {CHANNEL: False}

    rooms.duty.hosted = True
    await rooms.posting.settle_all()
    assert rooms.gateway.posting == {CHANNEL: True}
    assert rooms.posting.state(rooms.shipped.id).is_open

    rooms.duty.hosted = False
    await rooms.posting.settle_all()
    assert rooms.gateway.posting == {CHANNEL: False}
    assert [view.posting for view in rooms.gateway.cards] == [
        Posting.CLOSED,
        Posting.HOSTED,
        Posting.CLOSED,
    ]


async def test_two_triggers_at_once_change_discord_once(rooms: Rooms) -> None:
    rooms.duty.hosted = True

    await asyncio.gather(rooms.posting.settle_all(), rooms.posting.sweep(rooms.clock()))

    assert rooms.gateway.changes == 1
    assert len(rooms.gateway.cards) == 1


async def test_a_room_that_fails_keeps_no_other_from_following(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await rooms.rooms.add(LEAD, name="talk", audience=Audience.MIXED, channel_id=501)
    rooms.duty.hosted = True
    set_posting = rooms.gateway.set_posting

    async def fails(channel_id: int, *, is_open: bool) -> None:
        if channel_id == CHANNEL:
            raise RuntimeError("not foreseen")
        await set_posting(channel_id, is_open=is_open)

    monkeypatch.setattr(rooms.gateway, "set_posting", fails)
    await rooms.posting.settle_all()

    assert rooms.gateway.posting == {rooms.rooms.channel_of(other.id): True}


async def test_an_unhosted_room_stays_open_and_says_so(rooms: Rooms) -> None:
    await rooms.rooms.edit(LEAD, rooms.shipped.id, is_unhosted=True)

    await rooms.posting.settle_all()

    assert rooms.gateway.posting == {CHANNEL: True}
    assert rooms.gateway.cards[-1].posting is Posting.UNHOSTED


async def test_a_pause_closes_a_hosted_room_until_it_is_over(rooms: Rooms) -> None:
    rooms.duty.hosted = True
    until = rooms.clock() + timedelta(minutes=15)
    room = await rooms.rooms.pause(rooms.shipped.id, until)

    assert await rooms.posting.sweep(rooms.clock()) == until
    assert rooms.posting.posting(room) is Posting.PAUSED
    assert rooms.gateway.posting == {CHANNEL: False}

    rooms.clock.now = until
    await rooms.posting.sweep(until)
    assert rooms.gateway.posting == {CHANNEL: True}


async def test_setup_is_told_what_is_our_doing(rooms: Rooms) -> None:
    rooms.duty.hosted = True
    await rooms.posting.settle_all()

    [look] = rooms.posting.looks()
    place = rooms.places.place(PlaceKey.CHANNEL_ROOM)
    left = read_fingerprint(place.fingerprint)

    assert look.is_open
    assert left["overwrite:role.participant"] == digest("+send_messages +send_messages_in_threads")


async def test_a_refusal_is_told_once_and_tried_again_later(rooms: Rooms) -> None:
    rooms.gateway.refuses = FORBIDDEN
    rooms.duty.hosted = True

    for _ in range(3):
        await rooms.posting.settle_all()
    state = rooms.posting.state(rooms.shipped.id)

    assert rooms.post.kinds() == ["room.trouble"]
    assert rooms.post.rows[0][2]["missing"] == "manage_roles"
    assert state.trouble == "forbidden manage_roles"
    assert await rooms.posting.sweep(rooms.clock()) == state.retry_at

    rooms.gateway.refuses = None
    rooms.clock.now = state.retry_at
    await rooms.posting.settle_all()
    assert rooms.posting.state(rooms.shipped.id).trouble is None
    assert rooms.gateway.posting == {CHANNEL: True}


async def test_a_change_of_duty_does_not_wait_for_the_next_try(rooms: Rooms) -> None:
    rooms.gateway.refuses = RoomError(Failure.NO_ANSWER)
    rooms.duty.hosted = True
    await rooms.posting.settle_all()
    rooms.gateway.refuses = None

    rooms.duty.hosted = False
    await rooms.posting.settle_all()

    assert rooms.gateway.posting == {CHANNEL: False}


async def test_what_was_settled_is_known_after_a_restart(
    rooms: Rooms, database: SqliteDatabase, vault: Vault, clock: FakeClock
) -> None:
    await rooms.posting.settle_all()
    card = rooms.posting.state(rooms.shipped.id).card_id

    again = await Rooms(database, vault, clock).load()
    await again.posting.settle_all()

    assert again.posting.state(again.shipped.id).card_id == card
    assert again.gateway.cards == []


async def test_a_deleted_card_is_posted_anew_and_other_messages_are_not(rooms: Rooms) -> None:
    await rooms.posting.settle_all()
    first = rooms.posting.state(rooms.shipped.id).card_id

    await rooms.posting.card_gone(1)
    assert len(rooms.gateway.cards) == 1
    await rooms.posting.card_gone(first)

    assert rooms.posting.state(rooms.shipped.id).card_id not in (None, first)


async def test_a_channel_that_is_gone_is_left_alone_until_it_is_made_again(rooms: Rooms) -> None:
    await rooms.posting.settle_all()
    await rooms.places.drop(PlaceKey.CHANNEL_ROOM)

    rooms.duty.hosted = True
    await rooms.posting.settle_all()
    assert rooms.posting.state(rooms.shipped.id).card_id is None

    await rooms.places.save(PlaceKey.CHANNEL_ROOM, CHANNEL)
    await rooms.posting.settle_all()
    assert rooms.gateway.posting == {CHANNEL: True}


async def test_a_channel_discord_does_not_show_right_now_keeps_its_card(rooms: Rooms) -> None:
    await rooms.posting.settle_all()
    card = rooms.posting.state(rooms.shipped.id).card_id
    rooms.gateway.gone.add(CHANNEL)

    await rooms.posting.settle_all()

    assert rooms.posting.state(rooms.shipped.id).card_id == card


async def test_a_removed_room_is_forgotten_after_discord_took_it(rooms: Rooms) -> None:
    room = rooms.shipped
    rooms.gateway.refuses = FORBIDDEN
    with pytest.raises(RoomError):
        await rooms.posting.end(LEAD, room, is_kept=True)
    assert rooms.rooms.get(room.id) == room

    rooms.gateway.refuses = None
    await rooms.posting.end(LEAD, room, is_kept=True)

    assert rooms.gateway.removed == [(CHANNEL, True)]
    assert rooms.rooms.all() == []
    assert rooms.places.get(PlaceKey.CHANNEL_ROOM) is None
    assert rooms.posting.looks() == []
