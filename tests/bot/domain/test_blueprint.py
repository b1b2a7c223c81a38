"""The blueprint: least privilege, and nobody sees what is not theirs."""

import pytest

from bot.domain.blueprint import (
    BOT,
    BOT_PERMISSIONS,
    EVERYONE,
    NOTHING,
    OWN_THREAD,
    PANELS,
    POST,
    RISKY,
    SIGHT,
    STAFF_ROLES,
    Part,
    PartKind,
    RoomLook,
    blueprint,
)
from bot.domain.place import PlaceKey, panel_key, room_key
from bot.domain.setup_plan import needed_for
from bot.text import Catalog
from tests.fakes.building import MARKS, plain_words

PARTS = {part.key: part for part in blueprint(plain_words, MARKS)}
CHANNELS = [part for part in PARTS.values() if part.kind is PartKind.CHANNEL]
STAFF = set(STAFF_ROLES.values())


def sees(part: Part, role: PlaceKey) -> bool:
    """Tell whether someone with just this role sees a channel, as Discord computes it."""
    everyone = part.overwrites[EVERYONE]
    own = part.overwrites.get(role)
    if own and "view_channel" in own.allow | own.deny:
        return "view_channel" in own.allow
    return "view_channel" not in everyone.deny


def test_every_place_has_a_part() -> None:
    # The alert channel comes only where the lead switched Discord's own filter on.
    assert set(PARTS) == set(PlaceKey) - {PlaceKey.CHANNEL_ALERTS}


def test_parts_come_after_what_they_need() -> None:
    seen: set[PlaceKey] = set()
    for part in PARTS.values():
        assert set(part.needs) <= seen
        seen.add(part.key)


def test_no_role_can_do_anything_risky() -> None:
    for part in PARTS.values():
        assert not part.permissions & RISKY


def test_the_bot_holds_whatever_it_gives_or_denies_and_is_no_administrator() -> None:
    for part in PARTS.values():
        assert needed_for(part) <= BOT_PERMISSIONS, part.key
    assert "administrator" not in BOT_PERMISSIONS


def test_nobody_is_given_the_right_to_change_a_channel() -> None:
    for part in CHANNELS:
        for target, overwrite in part.overwrites.items():
            if target != BOT:
                assert not overwrite.allow & RISKY, (part.key, target)


@pytest.mark.parametrize(
    ("key", "seen_by"),
    [
        (PlaceKey.CHANNEL_START, {PlaceKey.ROLE_PARTICIPANT, *STAFF}),
        (PlaceKey.CHANNEL_PERSONAL, set()),
        (PlaceKey.CHANNEL_ROOM, STAFF),
        (PlaceKey.CHANNEL_STAFF, STAFF),
        (PlaceKey.CHANNEL_LEAD, {PlaceKey.ROLE_LEAD}),
    ],
)
def test_who_sees_which_channel(key: PlaceKey, seen_by: set[PlaceKey]) -> None:
    roles = {PlaceKey.ROLE_PARTICIPANT, *STAFF}

    assert {role for role in roles if sees(PARTS[key], role)} == seen_by


def test_visitors_see_the_start_channel_alone() -> None:
    hidden = {part.key for part in CHANNELS if "view_channel" in part.overwrites[EVERYONE].deny}

    assert {part.key for part in CHANNELS} - hidden == {PlaceKey.CHANNEL_START}


def test_only_the_bot_writes_in_start() -> None:
    start = PARTS[PlaceKey.CHANNEL_START]

    assert "send_messages" in start.overwrites[EVERYONE].deny
    writers = {who for who, each in start.overwrites.items() if "send_messages" in each.allow}
    assert writers == {BOT}


def test_only_the_bot_manages_personal_threads() -> None:
    parent = PARTS[PlaceKey.CHANNEL_PERSONAL]

    allowed = {who for who, each in parent.overwrites.items() if "manage_threads" in each.allow}
    denied = {who for who, each in parent.overwrites.items() if "manage_threads" in each.deny}
    assert allowed == {BOT}
    assert denied == {EVERYONE, PlaceKey.ROLE_PARTICIPANT, *STAFF}


def test_a_person_may_be_shown_the_parents_and_the_rooms_and_no_other_channel() -> None:
    shown = {part.key: part.members for part in CHANNELS if part.members}
    assert shown == {
        PlaceKey.CHANNEL_PERSONAL: OWN_THREAD,
        PlaceKey.CHANNEL_COUPLES: OWN_THREAD,
        PlaceKey.CHANNEL_ROOM: SIGHT,
    }


@pytest.mark.parametrize("is_open", [True, False])
def test_a_room_opens_and_closes_by_one_overwrite(is_open: bool) -> None:
    look = RoomLook(place=room_key("abc"), name="talk", is_forum=True, is_open=is_open)
    parts = {part.key: part for part in blueprint(str, {panel_key(look.place): "m"}, [look])}
    room, panel = parts[look.place], parts[panel_key(look.place)]

    role = room.overwrites[PlaceKey.ROLE_PARTICIPANT]
    assert (role.allow, role.deny) == ((POST, NOTHING) if is_open else (NOTHING, POST))
    assert room.parent is PlaceKey.CATEGORY_PEOPLE
    assert (room.is_forum, panel.parent, panel.mark) == (True, look.place, "m")
    assert PlaceKey.CHANNEL_ROOM not in parts


def test_the_bot_can_see_and_write_where_its_panels_stand() -> None:
    for channel in PANELS.values():
        allowed = PARTS[channel].overwrites[BOT].allow
        assert {"view_channel", "send_messages", "read_message_history"} <= allowed


@pytest.mark.parametrize("locale", ["en", "es"])
def test_channel_names_are_as_discord_keeps_them(catalog: Catalog, locale: str) -> None:
    parts = blueprint(catalog.words(locale), MARKS)

    for part in parts:
        assert len(part.name) <= 100
        assert len(part.topic) <= 1024
        if part.kind is PartKind.CHANNEL:
            assert part.name == part.name.lower().replace(" ", "-")
    assert len({part.name for part in parts if part.kind is PartKind.CHANNEL}) == len(CHANNELS)
