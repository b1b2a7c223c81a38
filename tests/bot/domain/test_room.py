"""Rooms: who is kept apart where, and the hours a lead types."""

from datetime import timedelta

import pytest

from bot.domain.ids import RoomId
from bot.domain.place import PlaceKey, RoomKey, panel_key, part_key, room_key, room_of_panel
from bot.domain.room import Audience, Posting, Room, are_hours, channel_name
from tests.fakes.clock import START

ROOM = Room(id=RoomId("r"), place=PlaceKey.CHANNEL_ROOM, audience=Audience.MIXED, created_at=START)


@pytest.mark.parametrize("audience", Audience)
def test_a_pair_meets_only_in_rooms_for_couples_and_for_everyone(audience: Audience) -> None:
    together = {Audience.COUPLES, Audience.MIXED}
    assert audience.keeps_partners_apart is (audience not in together)


@pytest.mark.parametrize(
    "text", ["Mon-Fri 9:00-21:00", "lun a vie de 9 a 21", "Daily 18.30-20.00", "24h", "0:00-24:00"]
)
def test_hours_that_name_times_are_read(text: str) -> None:
    assert are_hours(text)


@pytest.mark.parametrize(
    "text", ["", "whenever", "25:00-26:00", "9:75", "Mon 900-2100", "9:00-21:00 " + "x" * 100]
)
def test_hours_that_no_clock_shows_are_refused(text: str) -> None:
    assert not are_hours(text)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Evening   Talk ", "evening-talk"),
        ("Madres y padres, ¡juntos!", "madres-y-padres-juntos"),
        ("!?", ""),
        ("x" * 120, "x" * 60),
    ],
)
def test_names_are_written_as_discord_keeps_them(typed: str, name: str) -> None:
    assert channel_name(typed) == name


def test_only_a_host_or_an_unhosted_room_lets_people_post() -> None:
    assert [posting for posting in Posting if posting.is_open] == [
        Posting.HOSTED,
        Posting.UNHOSTED,
    ]


def test_a_pause_ends_by_itself() -> None:
    paused = Room(
        id=ROOM.id,
        place=ROOM.place,
        audience=ROOM.audience,
        created_at=START,
        paused_until=START + timedelta(minutes=15),
    )
    assert paused.is_paused(START)
    assert not paused.is_paused(START + timedelta(minutes=15))
    assert not ROOM.is_paused(START)


def test_an_added_room_has_keys_that_are_read_back() -> None:
    channel = room_key("abc")
    panel = panel_key(channel)

    assert isinstance(panel, RoomKey)
    assert part_key(channel.value) == channel
    assert part_key(panel.value) == panel
    assert room_of_panel(panel) == channel
    assert panel_key(PlaceKey.CHANNEL_ROOM) is PlaceKey.PANEL_ROOM
    assert part_key("channel.room") is PlaceKey.CHANNEL_ROOM
    with pytest.raises(ValueError, match="nothing"):
        part_key("nothing")
