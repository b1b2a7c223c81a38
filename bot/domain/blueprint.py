"""What the programme's server looks like: roles, channels, who may do what, panels."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from bot.domain.place import PartKey, PlaceKey, RoomKey, panel_key, room_of_panel
from bot.domain.staff import StaffRole

EVERYONE = "everyone"
BOT = "bot"

Permissions: TypeAlias = frozenset[str]
Target: TypeAlias = str
"""Whose overwrite: `everyone`, `bot`, or the key of a role."""

NOTHING: Permissions = frozenset()
STAFF_ONLY_PERMISSION = "priority_speaker"
"""Harmless, and not in anyone's default: Discord shows staff's commands to those who hold it."""

SIGHT: Permissions = frozenset({"view_channel", "read_message_history"})
TALK: Permissions = SIGHT | {"send_messages"}
POST: Permissions = frozenset({"send_messages", "send_messages_in_threads"})
"""What opens and closes in a room with the rota."""

OWN_THREAD: Permissions = SIGHT | {"send_messages_in_threads"}
"""What a person gets on the parent of the personal threads, by an overwrite of their own."""

THREADS: Permissions = frozenset({"create_public_threads", "create_private_threads"})
KEEPING: Permissions = TALK | {"attach_files"}

BOT_PERMISSIONS: Permissions = (
    KEEPING
    | OWN_THREAD
    | THREADS
    | {
        "manage_channels",
        "manage_messages",
        "manage_roles",
        "manage_threads",
        "moderate_members",
        "pin_messages",
        STAFF_ONLY_PERMISSION,
    }
)
"""All the bot needs in the server; Discord lets it give or deny only what it holds itself."""

RISKY: Permissions = frozenset(
    {
        "administrator",
        "ban_members",
        "kick_members",
        "manage_channels",
        "manage_guild",
        "manage_messages",
        "manage_roles",
        "manage_threads",
        "manage_webhooks",
        "mention_everyone",
        "view_audit_log",
    }
)
"""What everyone must not be able to do in a server where people are to feel safe."""

STAFF_ROLES: Mapping[StaffRole, PlaceKey] = MappingProxyType(
    {
        StaffRole.MODERATOR: PlaceKey.ROLE_MODERATOR,
        StaffRole.CLINICIAN: PlaceKey.ROLE_CLINICIAN,
        StaffRole.LEAD: PlaceKey.ROLE_LEAD,
    }
)


class PartKind(StrEnum):
    """What a part of the server is."""

    ROLE = "role"
    CATEGORY = "category"
    CHANNEL = "channel"
    PANEL = "panel"


@dataclass(frozen=True, kw_only=True, slots=True)
class Overwrite:
    """What a role or a person may and may not do in one channel."""

    allow: Permissions = NOTHING
    deny: Permissions = NOTHING

    def __str__(self) -> str:
        return " ".join(
            [f"+{name}" for name in sorted(self.allow)] + [f"-{name}" for name in sorted(self.deny)]
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One thing the server should have.

    Attributes:
        parent: The category of a channel, or the channel of a panel.
        permissions: What a role gives in the whole server.
        overwrites: Who may do what in a channel or category.
        members: What single people may be given here without being a change by hand.
        mark: A panel's content, as a short digest.
        is_forum: A channel of posts, each a thread of its own.
    """

    key: PartKey
    kind: PartKind
    name: str = ""
    parent: PartKey | None = None
    topic: str = ""
    permissions: Permissions = NOTHING
    overwrites: Mapping[Target, Overwrite] = field(default_factory=dict)
    members: Permissions = NOTHING
    mark: str = ""
    is_forum: bool = False

    @property
    def needs(self) -> tuple[PartKey, ...]:
        """The parts that must be there first."""
        roles = (PlaceKey(target) for target in self.overwrites if target not in (EVERYONE, BOT))
        return (*roles, *([self.parent] if self.parent else []))

    def aspects(self) -> dict[str, str]:
        """Everything about the part that set-up keeps, each with its wanted value."""
        wanted: dict[str, str] = {}
        if self.kind is PartKind.PANEL:
            return {"mark": self.mark, "pinned": "yes"}
        wanted["name"] = self.name
        if self.kind is PartKind.ROLE:
            wanted["permissions"] = " ".join(sorted(self.permissions))
            return wanted
        if self.kind is PartKind.CHANNEL:
            wanted["topic"] = self.topic
            wanted["parent"] = self.parent or ""
        for target, overwrite in self.overwrites.items():
            wanted[f"overwrite:{target}"] = str(overwrite)
        wanted["others"] = ""
        return wanted


Blueprint: TypeAlias = Sequence[Part]
"""Every part, each after those it needs."""

Namer: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomLook:
    """How one of the rooms is to be made, as things stand.

    Attributes:
        name: Its channel's name; nothing where set-up names it.
        is_open: Whether people can post in it now.
    """

    place: PartKey
    name: str | None = None
    is_forum: bool = False
    is_open: bool = False


SHIPPED: Sequence[RoomLook] = (RoomLook(place=PlaceKey.CHANNEL_ROOM),)
"""The room that is there from the start."""


def blueprint(
    words: Namer,
    marks: Mapping[PartKey, str],
    rooms: Sequence[RoomLook] = SHIPPED,
    *,
    has_alerts: bool = False,
) -> Blueprint:
    """Describe the server in one language.

    Args:
        words: Gives the name or topic of a key.
        marks: The panels' content by their key, as digests.
        rooms: The rooms as they are to be now.
        has_alerts: Discord's own filter watches, and tells of it in a channel.
    """
    return [
        *_roles(words),
        *_categories(words),
        *_channels(words),
        *([_alerts(words)] if has_alerts else []),
        *(_room(words, look) for look in rooms),
        *_panels(words, marks, rooms),
    ]


def _name(words: Namer, key: PlaceKey) -> str:
    return words(f"setup.names.{key.replace('.', '_')}")


def _topic(words: Namer, key: PlaceKey) -> str:
    return words(f"setup.topics.{key.replace('.', '_')}")


def _roles(words: Namer) -> list[Part]:
    staff = frozenset({STAFF_ONLY_PERMISSION})
    return [
        Part(key=key, kind=PartKind.ROLE, name=_name(words, key), permissions=permissions)
        for key, permissions in (
            (PlaceKey.ROLE_PARTICIPANT, NOTHING),
            (PlaceKey.ROLE_MODERATOR, staff),
            (PlaceKey.ROLE_CLINICIAN, staff),
            (PlaceKey.ROLE_LEAD, staff),
        )
    ]


def _for_staff(overwrite: Overwrite) -> dict[Target, Overwrite]:
    return {role.value: overwrite for role in STAFF_ROLES.values()}


HIDDEN = Overwrite(deny=frozenset({"view_channel"}))
HIDDEN_WITHOUT_THREADS = Overwrite(deny=THREADS | {"view_channel"})
TALKING = Overwrite(allow=TALK)


def _categories(words: Namer) -> list[Part]:
    people, staff = PlaceKey.CATEGORY_PEOPLE, PlaceKey.CATEGORY_STAFF
    return [
        Part(key=people, kind=PartKind.CATEGORY, name=_name(words, people)),
        Part(
            key=staff,
            kind=PartKind.CATEGORY,
            name=_name(words, staff),
            overwrites={
                EVERYONE: HIDDEN,
                BOT: Overwrite(allow=SIGHT),
                **_for_staff(Overwrite(allow=SIGHT)),
            },
        ),
    ]


def _channels(words: Namer) -> list[Part]:
    bot = Overwrite(allow=KEEPING)
    nobody_manages = Overwrite(deny=frozenset({"manage_threads"}))
    start: dict[Target, Overwrite] = {
        EVERYONE: Overwrite(allow=SIGHT, deny=THREADS | {"send_messages"}),
        BOT: bot,
    }
    personal: dict[Target, Overwrite] = {
        EVERYONE: Overwrite(
            deny=THREADS | {"view_channel", "send_messages", "manage_threads"},
        ),
        BOT: Overwrite(allow=KEEPING | OWN_THREAD | {"create_private_threads", "manage_threads"}),
        PlaceKey.ROLE_PARTICIPANT: nobody_manages,
        **_for_staff(nobody_manages),
    }
    team: dict[Target, Overwrite] = {EVERYONE: HIDDEN, BOT: bot, **_for_staff(TALKING)}
    leads: dict[Target, Overwrite] = {
        EVERYONE: HIDDEN,
        BOT: bot,
        PlaceKey.ROLE_LEAD: TALKING,
    }
    people, staff = PlaceKey.CATEGORY_PEOPLE, PlaceKey.CATEGORY_STAFF
    return [
        _channel(words, PlaceKey.CHANNEL_START, people, start),
        _channel(words, PlaceKey.CHANNEL_PERSONAL, people, personal, members=OWN_THREAD),
        _channel(words, PlaceKey.CHANNEL_COUPLES, people, personal, members=OWN_THREAD),
        _channel(words, PlaceKey.CHANNEL_STAFF, staff, team),
        _channel(words, PlaceKey.CHANNEL_LEAD, staff, leads),
    ]


def _alerts(words: Namer) -> Part:
    """Describe the one channel that quotes posts: nobody sees it but who sees everything."""
    overwrites: dict[Target, Overwrite] = {
        EVERYONE: HIDDEN,
        BOT: Overwrite(allow=KEEPING),
        **_for_staff(HIDDEN),
    }
    return _channel(words, PlaceKey.CHANNEL_ALERTS, PlaceKey.CATEGORY_STAFF, overwrites)


def _channel(
    words: Namer,
    key: PlaceKey,
    parent: PlaceKey,
    overwrites: Mapping[Target, Overwrite],
    *,
    members: Permissions = NOTHING,
) -> Part:
    return Part(
        key=key,
        kind=PartKind.CHANNEL,
        name=_name(words, key),
        parent=parent,
        topic=_topic(words, key),
        overwrites=overwrites,
        members=members,
    )


def posting(*, is_open: bool) -> Overwrite:
    """Return what the participants' role may do in a room: post or not, and never see it.

    Who sees a room is one overwrite a person: a role would show everyone who is in which.
    """
    return Overwrite(allow=POST) if is_open else Overwrite(deny=POST)


def _room(words: Namer, look: RoomLook) -> Part:
    in_forum = {"send_messages_in_threads", "manage_threads"} if look.is_forum else set()
    return Part(
        key=look.place,
        kind=PartKind.CHANNEL,
        name=look.name or _name(words, PlaceKey.CHANNEL_ROOM),
        parent=PlaceKey.CATEGORY_PEOPLE,
        topic=_topic(words, PlaceKey.CHANNEL_ROOM),
        overwrites={
            EVERYONE: HIDDEN_WITHOUT_THREADS,
            BOT: Overwrite(allow=KEEPING | in_forum),
            PlaceKey.ROLE_PARTICIPANT: posting(is_open=look.is_open),
            **_for_staff(Overwrite(allow=TALK | in_forum - {"manage_threads"})),
        },
        members=SIGHT,
        is_forum=look.is_forum,
    )


PANELS: Mapping[PlaceKey, PlaceKey] = MappingProxyType(
    {
        PlaceKey.PANEL_START: PlaceKey.CHANNEL_START,
        PlaceKey.PANEL_ROOM: PlaceKey.CHANNEL_ROOM,
        PlaceKey.PANEL_STAFF: PlaceKey.CHANNEL_STAFF,
    }
)
"""Each panel of the server's own and the channel it stands in."""


def stands_in(panel: PartKey) -> PartKey:
    """Name the channel a panel stands in."""
    return room_of_panel(panel) if isinstance(panel, RoomKey) else PANELS[panel]


def _panels(
    words: Namer, marks: Mapping[PartKey, str], rooms: Sequence[RoomLook]
) -> Iterator[Part]:
    for panel in (PlaceKey.PANEL_START, PlaceKey.PANEL_STAFF):
        if panel in marks:
            yield Part(key=panel, kind=PartKind.PANEL, parent=PANELS[panel], mark=marks[panel])
    for look in rooms:
        key = panel_key(look.place)
        if key in marks:
            yield Part(
                key=key,
                kind=PartKind.PANEL,
                name=look.name or _name(words, PlaceKey.CHANNEL_ROOM),
                parent=look.place,
                mark=marks[key],
                is_forum=look.is_forum,
            )
