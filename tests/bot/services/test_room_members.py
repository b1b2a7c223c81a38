"""Doors, places kept by the team, and people who share no room."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.audit import AuditAction
from bot.domain.case import Circle
from bot.domain.consent import ConsentKind
from bot.domain.delivery import Channel, Personal
from bot.domain.room import Audience, Room
from bot.errors import UserError
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.rooms import LEAD, Rooms

ANA, BEN, CARL = 1, 2, 3


@pytest.fixture
async def rooms(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> Rooms:
    return await Rooms(database, vault, clock).load()


@pytest.fixture
async def single(rooms: Rooms) -> Room:
    """A room for people by themselves."""
    return await rooms.rooms.add(LEAD, name="by ourselves", audience=Audience.INDIVIDUALS)


async def refused(awaitable: object) -> str:
    with pytest.raises(UserError) as error:
        await awaitable  # type: ignore[misc]
    return error.value.key


async def test_a_person_who_accepted_the_door_is_in_and_in_the_ledger(rooms: Rooms) -> None:
    ana = await rooms.person(ANA)

    await rooms.members.enter(rooms.shipped.id, ana, "en-mark")

    membership = rooms.members.of(rooms.shipped.id, ana.id)
    assert membership is not None
    assert membership.rules_mark == "en-mark"
    assert rooms.members.accounts(rooms.shipped.id) == {ANA}
    for kind in (ConsentKind.GROUPS, ConsentKind.ROOM_SCREENING):
        assert await rooms.consents.given(ana.id, kind)


async def test_entering_twice_keeps_the_place(rooms: Rooms) -> None:
    ana = await rooms.person(ANA)
    await rooms.members.enter(rooms.shipped.id, ana, "old")
    first = rooms.members.of(rooms.shipped.id, ana.id)
    rooms.clock.advance(timedelta(hours=1))

    await rooms.members.enter(rooms.shipped.id, ana, "new")

    [membership] = rooms.members.inside(rooms.shipped.id)
    assert (membership.rules_mark, membership.since) == ("new", first.since)


async def test_a_partner_is_refused_in_the_words_of_a_full_room(rooms: Rooms, single: Room) -> None:
    ana, ben, carl = [await rooms.person(user) for user in (ANA, BEN, CARL)]
    rooms.partners.join(ANA, BEN)
    await rooms.members.enter(single.id, ana, "m")

    apart = await refused(rooms.members.check(single, ben))
    full_room = await rooms.rooms.edit(LEAD, single.id, capacity=1)
    full = await refused(rooms.members.check(full_room, carl))
    shut_room = await rooms.rooms.edit(LEAD, single.id, capacity=None, is_taking=False)
    shut = await refused(rooms.members.check(shut_room, carl))

    assert apart == full == shut == "rooms.not_now"
    assert not await rooms.consents.given(ben.id, ConsentKind.GROUPS)


async def test_the_team_is_told_once_a_day_and_not_of_whom(rooms: Rooms, single: Room) -> None:
    ana, ben = await rooms.person(ANA), await rooms.person(BEN)
    rooms.partners.join(ANA, BEN)
    await rooms.members.enter(single.id, ana, "m")

    for _ in range(2):
        await refused(rooms.members.enter(single.id, ben, "m"))

    [(kind, address, args)] = rooms.post.rows
    assert (kind, address) == ("room.turned_away", Channel(key="channel.staff"))
    assert args == {"room": single.id, "person": ben.id, "what": "turned"}
    assert ana.id not in str(args)


@pytest.mark.parametrize(
    ("circle", "where"),
    [
        (Circle.LEADS, [Channel(key="channel.lead")]),
        (Circle.SOME_LEADS, []),
        (Circle.NOBODY, []),
    ],
)
async def test_a_relative_on_the_team_is_not_told(
    rooms: Rooms, single: Room, circle: Circle, where: list[Channel]
) -> None:
    ana, ben = await rooms.person(ANA), await rooms.person(BEN)
    rooms.partners.join(ANA, BEN)
    rooms.duty.circle_is = circle
    await rooms.members.enter(single.id, ana, "m")

    await refused(rooms.members.enter(single.id, ben, "m"))

    assert [address for _, address, _ in rooms.post.rows] == where


async def test_a_pair_may_share_a_room_for_couples_and_the_kept_apart_may_not(
    rooms: Rooms,
) -> None:
    couples = await rooms.rooms.add(LEAD, name="couples", audience=Audience.COUPLES)
    ana, ben, carl = [await rooms.person(user) for user in (ANA, BEN, CARL)]
    rooms.partners.join(ANA, BEN)
    await rooms.keep_apart.add(ANA, CARL, by=LEAD)

    await rooms.members.enter(couples.id, ana, "m")
    await rooms.members.enter(couples.id, ben, "m")

    assert rooms.inside(couples) == {ana.id, ben.id}
    assert await refused(rooms.members.enter(couples.id, carl, "m")) == "rooms.not_now"
    assert await refused(rooms.members.invite(couples.id, carl, LEAD)) == "rooms.staff.kept_apart"


async def test_two_partners_at_the_door_in_one_moment_do_not_both_come_in(
    rooms: Rooms, single: Room
) -> None:
    ana, ben = await rooms.person(ANA), await rooms.person(BEN)
    rooms.partners.join(ANA, BEN)

    done = await asyncio.gather(
        *(rooms.members.enter(single.id, one, "m") for one in (ana, ben)), return_exceptions=True
    )

    assert sum(isinstance(one, UserError) for one in done) == 1
    assert len(rooms.inside(single)) == 1


async def test_becoming_a_pair_moves_out_who_came_later(rooms: Rooms, single: Room) -> None:
    ana, ben = await rooms.person(ANA), await rooms.person(BEN)
    await rooms.members.enter(single.id, ana, "m")
    rooms.clock.now = rooms.clock.now.replace(hour=13)
    await rooms.members.enter(single.id, ben, "m")
    await rooms.members.enter(rooms.shipped.id, ana, "m")
    await rooms.members.enter(rooms.shipped.id, ben, "m")

    await rooms.members.part(BEN, ANA)

    assert rooms.inside(single) == {ana.id}
    assert rooms.inside(rooms.shipped) == {ana.id, ben.id}
    assert rooms.post.rows[0][:2] == ("room.made_way", Personal(participant_id=ben.id))
    assert rooms.post.kinds() == ["room.made_way", "room.turned_away"]


async def test_a_parting_that_was_cut_off_is_made_up_for(rooms: Rooms, single: Room) -> None:
    ana, ben = await rooms.person(ANA), await rooms.person(BEN)
    for person in (ana, ben):
        await rooms.members.enter(single.id, person, "m")
        rooms.clock.advance(timedelta(hours=1))
    rooms.partners.join(ANA, BEN)

    await rooms.members.part_all()
    await rooms.members.part_all()

    assert rooms.inside(single) == {ana.id}
    assert rooms.post.kinds() == ["room.made_way", "room.turned_away"]


async def test_being_kept_apart_ends_every_shared_room_for_the_one_who_makes_way(
    rooms: Rooms, single: Room
) -> None:
    ana, ben = await rooms.person(ANA), await rooms.person(BEN)
    for room in (single, rooms.shipped):
        for person in (ana, ben):
            await rooms.members.enter(room.id, person, "m")

    async def parted(stays: int, makes_way: int) -> None:
        await rooms.members.part(stays, makes_way, stays=stays)

    rooms.keep_apart.on_apart(parted)

    await rooms.keep_apart.add(BEN, ANA, by=LEAD, reason="a court said so")

    assert rooms.inside(single) == rooms.inside(rooms.shipped) == {ben.id}


async def test_the_team_keeps_a_place_and_the_person_accepts_the_rules(
    rooms: Rooms, single: Room
) -> None:
    ana = await rooms.person(ANA)
    await rooms.rooms.edit(LEAD, single.id, is_taking=False)

    await rooms.members.invite(single.id, ana, LEAD)

    assert rooms.inside(single) == set()
    assert rooms.post.rows == [
        ("room.invited", Personal(participant_id=ana.id), {"room": single.id})
    ]
    assert await refused(rooms.members.invite(single.id, ana, LEAD)) == "rooms.staff.invited"
    await rooms.members.enter(single.id, ana, "m")
    assert rooms.inside(single) == {ana.id}
    assert await refused(rooms.members.invite(single.id, ana, LEAD)) == "rooms.staff.in_already"


async def test_leaving_and_being_taken_out_happen_once(rooms: Rooms) -> None:
    ana = await rooms.person(ANA)
    room = rooms.shipped
    await rooms.members.enter(room.id, ana, "m")
    await rooms.members.leave(room.id, ana)
    assert await refused(rooms.members.leave(room.id, ana)) == "rooms.not_in"

    await rooms.members.enter(room.id, ana, "m")
    await rooms.members.remove(room.id, ana.id, LEAD)

    assert await refused(rooms.members.remove(room.id, ana.id, LEAD)) == "rooms.staff.not_in"
    assert rooms.audit.actions == [AuditAction.ROOM_MEMBER_CHANGED]


async def test_taking_a_consent_back_leads_out_of_every_room(rooms: Rooms, single: Room) -> None:
    ana = await rooms.person(ANA)
    rooms.consents.on_change(ConsentKind.ROOM_SCREENING, rooms.members.consent_changed)
    for room in (single, rooms.shipped):
        await rooms.members.enter(room.id, ana, "m")

    await rooms.consents.revoke(ana, ConsentKind.ROOM_SCREENING)

    assert rooms.inside(single) == rooms.inside(rooms.shipped) == set()


async def test_lists_outlive_the_process_and_not_the_person(
    rooms: Rooms, database: SqliteDatabase, vault: Vault, clock: FakeClock
) -> None:
    ana = await rooms.person(ANA)
    await rooms.members.enter(rooms.shipped.id, ana, "m")

    again = await Rooms(database, vault, clock).load()
    await again.profiles.load()
    assert again.members.accounts(again.shipped.id) == {ANA}

    await again.members.forgotten(ana.id)
    assert again.inside(again.shipped) == set()


async def test_two_found_together_twice_in_one_moment_are_told_once(
    rooms: Rooms, single: Room
) -> None:
    ana, ben = await rooms.person(ANA), await rooms.person(BEN)
    await rooms.members.enter(single.id, ana, "m")
    rooms.clock.advance(timedelta(hours=1))
    await rooms.members.enter(single.id, ben, "m")
    rooms.partners.join(ANA, BEN)

    await asyncio.gather(rooms.members.part(ANA, BEN), rooms.members.part_all())

    assert [kind for kind, *_ in rooms.post.rows].count("room.made_way") == 1
