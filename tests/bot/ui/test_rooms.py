"""The cards and forms of rooms fit into what Discord takes, and promise no more than is true."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.config import DATA
from bot.content import Content, load_content
from bot.domain.ids import ApartId, ParticipantId, RoomId
from bot.domain.keep_apart import Apart
from bot.domain.place import room_key
from bot.domain.room import (
    LONGEST_HOURS,
    LONGEST_NAME,
    Audience,
    Membership,
    MemberState,
    Posting,
    Room,
)
from bot.services.building import Failure
from bot.services.left_notes import Left
from bot.services.room_ports import RoomView
from bot.services.rooms import MOST_ROOMS
from bot.text import Catalog, Words
from bot.ui.cards import Card
from bot.ui.crisis import pinned_lines
from bot.ui.forms import MOST_FIELDS
from bot.ui.room_desk import (
    RULES_LENGTH,
    DeskRoom,
    Insider,
    add_form,
    apart_card,
    desk_card,
    desk_room_card,
    edit_form,
    end_card,
    members_card,
    more_form,
    rules_form,
    trouble_reason,
    turned_away_card,
)
from bot.ui.rooms import (
    RoomEntry,
    door_card,
    note_form,
    note_left_card,
    room_card,
    rooms_card,
    rules_mark,
    state_card,
)
from tests.fakes.clock import START

pytestmark = pytest.mark.parametrize("locale", ["en", "es"])

ZONE = ZoneInfo("America/New_York")
LONG_ID = RoomId("x" * 22)
ROOM = Room(
    id=LONG_ID,
    place=room_key(LONG_ID),
    audience=Audience.PARTNERS,
    name="n" * LONGEST_NAME,
    rules="r" * RULES_LENGTH,
    hours="9" * LONGEST_HOURS,
    hosts=(1, 2),
    languages=("en", "es"),
    is_unhosted=True,
    capacity=500,
    slow_seconds=21600,
    paused_until=START + timedelta(hours=1),
    created_at=START,
)
INSIDE = Membership(
    room_id=LONG_ID,
    participant_id=ParticipantId("p" * 22),
    state=MemberState.IN,
    since=START,
)


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(DATA)


@pytest.fixture
def spoken(catalog: Catalog, locale: str) -> Words:
    return catalog.words(locale)


def views() -> Iterator[RoomView]:
    for posting in Posting:
        yield RoomView(room=ROOM, posting=posting, next_on=START + timedelta(hours=7))
        yield RoomView(room=ROOM, posting=posting)
        yield RoomView(room=ROOM, posting=posting, is_team_on=True)


def assert_fits(card: Card) -> None:
    view = card.view()
    assert view.content_length() <= 4000
    assert view.total_children_count <= 40


def test_the_live_card_fits_with_the_lines_of_any_country(spoken: Words, content: Content) -> None:
    for country in [None, *content.crisis.countries]:
        lines = pinned_lines(spoken, content.crisis, country)
        for view in views():
            assert_fits(state_card(spoken, view, lines))


def test_lists_and_doors_fit(spoken: Words, content: Content, locale: str) -> None:
    texts = content.texts(locale)
    entries = [RoomEntry(view=view, channel_id=10**18, membership=INSIDE) for view in views()]
    many = [replace(entries[0], membership=None)] * MOST_ROOMS
    assert_fits(door_card(spoken, texts, ROOM, is_changed=True))
    for entry in entries:
        assert_fits(room_card(spoken, entry))
        assert_fits(room_card(spoken, replace(entry, membership=None)))
    assert_fits(rooms_card(spoken, many))
    assert_fits(rooms_card(spoken, many[:8]))


def test_the_desk_fits(spoken: Words) -> None:
    one = DeskRoom(
        view=RoomView(room=ROOM, posting=Posting.CLOSED),
        channel_id=10**18,
        people=500,
        trouble=trouble_reason(spoken, Failure.FORBIDDEN, ["manage_roles", "view_channel"]),
    )
    people = [Insider(membership=INSIDE, user_id=10**18, code="P-104")] * 60
    assert_fits(desk_card(spoken, [one] * MOST_ROOMS, is_lead=True))
    assert_fits(desk_room_card(spoken, one, is_lead=True, notice="x" * 300))
    assert_fits(members_card(spoken, ROOM, people, ZONE))
    assert_fits(end_card(spoken, ROOM))
    for what in ("turned", "parted"):
        assert_fits(turned_away_card(spoken, ROOM, "P-104", what))


def test_lists_of_many_people_fit_and_say_how_many_more(spoken: Words) -> None:
    people = [Insider(membership=INSIDE, user_id=10**18, code="P-104")] * 300
    line = Apart(id=ApartId("a"), users=(10**18, 10**18 + 1), added_by=10**18, added_at=START)
    members, apart = (
        members_card(spoken, ROOM, people, ZONE),
        apart_card(spoken, [(line, "*" * 400)] * 40),
    )
    for card, every in ((members, 300), (apart, 40)):
        assert_fits(card)
        lines = str(card.body).count(f"<@{10**18}>")
        assert 0 < lines < every * 2
        assert spoken("care.case.queue_more", n=1).split("1")[0].strip() in str(card.body)


def test_forms_have_at_most_five_fields(spoken: Words) -> None:
    for form in (
        add_form(spoken),
        edit_form(spoken, ROOM),
        more_form(spoken, ROOM, [], {}),
        rules_form(spoken, ROOM),
        note_form(spoken, ROOM, None, now=START, zone=ZONE),
    ):
        assert len(form.fields) <= MOST_FIELDS
        assert len(form.id) <= 100
        assert form.title == form.title[:45]


def test_new_rules_or_a_new_consent_text_are_accepted_anew(
    content: Content, locale: str, spoken: Words
) -> None:
    texts = content.texts(locale)
    shipped = replace(ROOM, rules=None)

    marks = {rules_mark(texts, ROOM), rules_mark(texts, shipped)}

    assert len(marks) == 2
    assert rules_mark(texts, replace(shipped, hours=None)) in marks
    assert spoken.locale in rules_mark(texts, shipped)


def test_a_kept_note_says_when_it_arrives_or_that_nobody_is_planned(
    spoken: Words, locale: str
) -> None:
    planned = note_left_card(
        spoken, Left(next_on=START + timedelta(hours=7)), now=START, zone=ZONE, lines=["LINES"]
    )
    alone = note_left_card(spoken, Left(), now=START, zone=ZONE, lines=["LINES"])

    assert "2:00" in planned.body[0] + planned.body[1] or "14:00" in planned.body[1]
    assert "LINES" not in planned.body
    assert spoken("rooms.note.nobody_planned") in alone.body
    assert "LINES" in alone.body
