"""What the team sees of the rooms: the list, one room, its people, and the notices."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from discord import ButtonStyle

from bot.domain.keep_apart import Apart
from bot.domain.room import LONGEST_NAME, Audience, Membership, Room
from bot.domain.staff import StaffMember
from bot.services.building import Failure
from bot.services.room_ports import RoomView
from bot.services.setup_run import Outcome
from bot.text import Words
from bot.ui.cards import Accent, Card, Item, Option, button, escape, fitting, select, user_select
from bot.ui.forms import CheckField, Form, RadioField, SelectField, TextField
from bot.ui.rooms import room_name
from bot.ui.setup import became, permission_names

MOST_PEOPLE = 25
MORE = "care.case.queue_more"
RULES_LENGTH = 1500
FORUM, TEXT = "forum", "text"
UNHOSTED, TAKING = "unhosted", "taking"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskRoom:
    """A room as the team sees it.

    Attributes:
        people: How many are in it.
        trouble: What Discord refuses, as a sentence.
    """

    view: RoomView
    channel_id: int | None
    people: int
    trouble: str | None = None

    @property
    def room(self) -> Room:
        """The room."""
        return self.view.room


@dataclass(frozen=True, kw_only=True, slots=True)
class Insider:
    """Someone on a room's list."""

    membership: Membership
    user_id: int
    code: str | None


def desk_card(words: Words, rooms: Sequence[DeskRoom], *, is_lead: bool) -> Card:
    """List the rooms, with a way to each."""
    rows: list[list[Item]] = []
    if rooms:
        options = [
            Option(
                value=one.room.id, label=(one.room.name or words("setup.names.channel_room"))[:100]
            )
            for one in rooms
        ]
        rows.append(
            [select("room:v1:desk", options=options, placeholder=words("rooms.staff.pick"))]
        )
    if is_lead:
        rows.append([button("room:v1:add", label=words("rooms.staff.add"))])
    body = "\n".join(_row(words, one) for one in rooms)
    return Card(title=words("rooms.staff.title"), body=body or words("rooms.staff.none"), rows=rows)


def desk_room_card(
    words: Words, one: DeskRoom, *, is_lead: bool, notice: str | None = None
) -> Card:
    """Show one room with what the presser may do."""
    room = one.room
    own = [button("room:v1:members", room.id, label=words("rooms.staff.members"))]
    if is_lead:
        own += [
            button("room:v1:edit", room.id, label=words("rooms.staff.edit")),
            button("room:v1:more", room.id, label=words("rooms.staff.more")),
            button("room:v1:own_rules", room.id, label=words("rooms.staff.rules")),
            button(
                "room:v1:end",
                room.id,
                label=words("rooms.staff.end"),
                style=ButtonStyle.danger,
            ),
        ]
    back = button("room:v1:list", label=words("rooms.staff.back"))
    return Card(
        title=room_name(words, room),
        body=[*([notice] if notice else []), "\n".join([_row(words, one), *_about(words, one)])],
        rows=[own, [back]],
    )


def made_card(words: Words, one: DeskRoom, outcomes: Sequence[Outcome]) -> Card:
    """Say whether a new room has its channel, and what to do where it has not."""
    refused = next((each for each in outcomes if each.is_trouble), None)
    if refused is None:
        notice = words("rooms.staff.made", room=_where(words, one))
    else:
        reason = became(words, refused)
        notice = words("rooms.staff.made_not", room=room_name(words, one.room), reason=reason)
    return desk_room_card(words, one, is_lead=True, notice=notice)


def members_card(words: Words, room: Room, people: Sequence[Insider], zone: ZoneInfo) -> Card:
    """Show who is in a room, and let someone in or take someone out."""
    lines = fitting([_insider(words, one, zone) for one in people], partial(words, MORE))
    rows: list[list[Item]] = []
    if people:
        options = [
            Option(value=one.membership.participant_id, label=_label(words, one))
            for one in people[:MOST_PEOPLE]
        ]
        out = select(
            "room:v1:take_out", room.id, options=options, placeholder=words("rooms.staff.take_out")
        )
        rows.append([out])
    rows.append([user_select("room:v1:let_in", room.id, placeholder=words("rooms.form.let_in"))])
    rows.append([button("room:v1:list", label=words("rooms.staff.back"))])
    title = words("rooms.staff.members_title", room=room_name(words, room))
    # Said to everyone alike: said only where it is so, it would tell that it is.
    footer = words("rooms.staff.members_hidden")
    body = "\n".join(lines) or words("rooms.staff.members_none")
    return Card(title=title, body=body, rows=rows, footer=footer)


def end_card(words: Words, room: Room) -> Card:
    """Ask before a room is removed."""
    return Card(
        title=words("rooms.staff.end_title", room=room_name(words, room)),
        body=words("rooms.staff.end_body"),
        rows=[
            [
                button("room:v1:ended", room.id, "keep", label=words("rooms.staff.end_keep")),
                button(
                    "room:v1:ended",
                    room.id,
                    "delete",
                    label=words("rooms.staff.end_delete"),
                    style=ButtonStyle.danger,
                ),
                button("room:v1:list", label=words("rooms.staff.end_not")),
            ]
        ],
    )


def add_form(words: Words) -> Form:
    """Ask for a new room."""
    return Form.of(
        "room:v1:add",
        title=words("rooms.form.add_title"),
        fields=[
            _name_field(words, None),
            _audience_field(words, Audience.MIXED),
            RadioField(
                key="kind",
                label=words("rooms.form.kind"),
                options=[
                    Option(value=kind, label=words(f"rooms.form.{kind}")) for kind in (TEXT, FORUM)
                ],
                value=TEXT,
            ),
            _hours_field(words, None),
            _slow_field(words, 0),
        ],
    )


def edit_form(words: Words, room: Room) -> Form:
    """Ask for what changes most about a room."""
    switches = {UNHOSTED: room.is_unhosted, TAKING: room.is_taking}
    return Form.of(
        "room:v1:edit",
        room.id,
        title=words("rooms.form.edit_title"),
        fields=[
            _name_field(words, room.name or words("setup.names.channel_room")),
            _audience_field(words, room.audience),
            _hours_field(words, room.hours),
            _slow_field(words, room.slow_seconds),
            CheckField(
                key="switches",
                label=words("rooms.form.switches"),
                options=[
                    Option(value=name, label=words(f"rooms.form.{name}")) for name in switches
                ],
                values=[name for name, is_on in switches.items() if is_on],
            ),
        ],
    )


def more_form(
    words: Words, room: Room, staff: Sequence[StaffMember], names: Mapping[int, str]
) -> Form:
    """Ask for the rest: places, languages, and who is usually there."""
    return Form.of(
        "room:v1:more",
        room.id,
        title=words("rooms.form.more_title"),
        fields=[
            TextField(
                key="places",
                label=words("rooms.form.places"),
                description=words("rooms.form.places_hint"),
                required=False,
                max_length=3,
                value=str(room.capacity) if room.capacity else None,
            ),
            CheckField(
                key="languages",
                label=words("rooms.form.languages"),
                options=[
                    Option(value=code, label=words(f"rooms.language.{code}"))
                    for code in ("en", "es")
                ],
                values=list(room.languages),
            ),
            SelectField(
                key="host",
                label=words("rooms.form.host"),
                required=False,
                options=[
                    Option(value=str(one.user_id), label=names[one.user_id][:100])
                    for one in staff[:MOST_PEOPLE]
                ],
                value=str(room.hosts[0]) if room.hosts else None,
            ),
        ],
    )


def rules_form(words: Words, room: Room) -> Form:
    """Ask for a room's own ground rules."""
    return Form.of(
        "room:v1:own_rules",
        room.id,
        title=words("rooms.form.rules_title"),
        fields=[
            TextField(
                key="rules",
                label=words("rooms.form.rules"),
                description=words("rooms.form.rules_hint"),
                long=True,
                required=False,
                max_length=RULES_LENGTH,
                value=room.rules,
            )
        ],
    )


def trouble_reason(words: Words, failure: Failure, missing: Collection[str]) -> str:
    """Say why Discord refused, and which permission would help."""
    if missing:
        return words("rooms.told.missing", names=permission_names(words, missing))
    return words(f"setup.failure.{failure.value}")


def trouble_card(words: Words, room: Room, reason: str) -> Card:
    """Tell the team that a room does not follow."""
    return Card(
        title=words("rooms.told.trouble_title"),
        body=words("rooms.told.trouble", room=room_name(words, room), reason=reason),
        rows=[[button("room:v1:shown", room.id, label=words("rooms.told.door"))]],
        accent=Accent.CARE,
    )


def turned_away_card(words: Words, room: Room, code: str | None, what: str) -> Card:
    """Tell the team that a room could not take someone, without naming whom they were kept from."""
    who = words("care.case.person_code", code=escape(code)) if code else words("rooms.told.someone")
    return Card(
        title=words(f"rooms.told.{what}_title"),
        body=words(f"rooms.told.{what}", person=who, room=room_name(words, room)),
        rows=[[button("room:v1:shown", room.id, label=words("rooms.told.door"))]],
    )


def apart_card(words: Words, lines: Sequence[tuple[Apart, str | None]]) -> Card:
    """List who is kept apart, for leads."""
    rows = []
    for apart, reason in lines:
        one, other = (f"<@{user_id}>" for user_id in apart.users)
        row = words("rooms.apart.row", one=one, other=other, by=f"<@{apart.added_by}>")
        rows.append(words("rooms.apart.reason", row=row, reason=escape(reason)) if reason else row)
    return Card(
        title=words("rooms.apart.title"),
        body="\n".join(fitting(rows, partial(words, MORE))) or words("rooms.apart.empty"),
        footer=words("rooms.apart.hidden"),
    )


def _row(words: Words, one: DeskRoom) -> str:
    return words(
        "rooms.staff.row",
        room=_where(words, one),
        audience=words(f"rooms.audience.{one.room.audience}"),
        state=words(f"rooms.state.{one.view.posting}.short"),
        people=words("rooms.staff.people", n=one.people),
    )


def _where(words: Words, one: DeskRoom) -> str:
    return f"<#{one.channel_id}>" if one.channel_id else room_name(words, one.room)


def _about(words: Words, one: DeskRoom) -> list[str]:
    room = one.room
    lines = [words("rooms.hours", hours=escape(room.hours))] if room.hours else []
    if room.capacity:
        lines.append(words("rooms.staff.capacity", n=room.capacity))
    if room.slow_seconds:
        lines.append(words("rooms.staff.slow", pace=f"{room.slow_seconds} s"))
    if room.hosts:
        hosts = words.listing([f"<@{user_id}>" for user_id in room.hosts])
        lines.append(words("rooms.hosts", hosts=hosts))
    if room.languages:
        spoken = [words(f"rooms.language.{code}") for code in room.languages]
        lines.append(words("rooms.languages", languages=words.listing(spoken)))
    if not room.is_taking:
        lines.append(words("rooms.staff.closed_door"))
    if room.is_unhosted:
        lines.append(words("rooms.staff.unhosted"))
    if room.rules:
        lines.append(words("rooms.staff.own_rules"))
    if one.channel_id is None:
        lines.append(words("rooms.staff.no_channel"))
    if one.trouble:
        lines.append(words("rooms.staff.trouble", reason=one.trouble))
    return lines


def _insider(words: Words, one: Insider, zone: ZoneInfo) -> str:
    person = f"<@{one.user_id}>" + (f" ({escape(one.code)})" if one.code else "")
    if not one.membership.is_in:
        return words("rooms.staff.member_invited", person=person)
    since = words.date(one.membership.since.astimezone(zone).date())
    return words("rooms.staff.member_in", person=person, since=since)


def _label(words: Words, one: Insider) -> str:
    return one.code or words("rooms.told.someone")


def _name_field(words: Words, value: str | None) -> TextField:
    return TextField(
        key="name",
        label=words("rooms.form.name"),
        description=words("rooms.form.name_hint"),
        max_length=LONGEST_NAME,
        value=value,
    )


def _audience_field(words: Words, value: Audience) -> SelectField:
    return SelectField(
        key="audience",
        label=words("rooms.form.audience"),
        options=[
            Option(value=audience, label=words(f"rooms.audience.{audience}"))
            for audience in Audience
        ],
        value=value,
    )


def _hours_field(words: Words, value: str | None) -> TextField:
    return TextField(
        key="hours",
        label=words("rooms.form.hours"),
        description=words("rooms.form.hours_hint"),
        required=False,
        value=value,
    )


def _slow_field(words: Words, value: int) -> TextField:
    return TextField(
        key="slow",
        label=words("rooms.form.slow"),
        description=words("rooms.form.slow_hint"),
        required=False,
        max_length=6,
        value=str(value),
    )
