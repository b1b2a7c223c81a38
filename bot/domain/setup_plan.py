"""Set-up's plan: what must be made, put right or left alone to get from a server to its blueprint.

Each aspect of a part (its name, one overwrite, ...) is compared three ways: as wanted, as seen,
and as set-up last left it. What is seen as set-up left it is ours to change; what differs from
both was changed by hand.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.blueprint import (
    BOT,
    EVERYONE,
    NOTHING,
    Blueprint,
    Overwrite,
    Part,
    PartKind,
    Permissions,
)
from bot.domain.place import PartKey, Place

FOUND_BEFORE = timedelta(minutes=1)
"""How much earlier than our note a thing may be made and still be ours: clocks differ."""


class Action(StrEnum):
    """What happens to a part."""

    CREATE = "create"
    REPAIR = "repair"
    KEEP = "keep"
    CHANGED = "changed"
    BLOCKED = "blocked"


class Obstacle(StrEnum):
    """Why a part cannot be made or put right."""

    PERMISSION = "permission"
    ROLE_TOO_HIGH = "role_too_high"


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A role, category, channel or panel as the server has it.

    Attributes:
        overwrites: By Discord's ID of the role or person.
        people: Which of those IDs are people.
        position: How high a role stands.
    """

    id: int
    kind: PartKind
    made_at: datetime
    name: str = ""
    parent_id: int | None = None
    topic: str = ""
    permissions: Permissions = NOTHING
    overwrites: Mapping[int, Overwrite] = field(default_factory=dict)
    people: frozenset[int] = frozenset()
    position: int = 0
    is_pinned: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Observed:
    """The server as it is.

    Attributes:
        panels: The panels that were found, by key.
        permissions: What the bot may do in the whole server.
        top: How high the bot's highest role stands.
    """

    guild_id: int
    bot_id: int
    things: Sequence[Seen]
    panels: Mapping[PartKey, Seen] = field(default_factory=dict)
    permissions: Permissions
    top: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What happens to one part.

    Attributes:
        discord_id: The thing as it stands, where it does.
        repair: The aspects to put right.
        by_hand: The aspects a person changed, left as they are.
        missing: The permissions the bot lacks for it.
        is_found: It was made before, but the note of it was lost.
    """

    part: Part
    action: Action
    discord_id: int | None = None
    repair: frozenset[str] = frozenset()
    by_hand: frozenset[str] = frozenset()
    obstacle: Obstacle | None = None
    missing: Permissions = NOTHING
    is_found: bool = False

    @property
    def key(self) -> PartKey:
        """Our name of the part."""
        return self.part.key


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """All steps, in the order in which they can be done."""

    steps: Sequence[Step]

    def of(self, *actions: Action) -> list[Step]:
        """Return the steps with one of these actions."""
        return [step for step in self.steps if step.action in actions]

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing to do."""
        return not self.of(Action.CREATE, Action.REPAIR, Action.BLOCKED)


def digest(text: str) -> str:
    """Shorten a text to what tells it from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def fingerprint(aspects: Mapping[str, str]) -> str:
    """Write down what a part was left like."""
    return " ".join(f"{name}={digest(value)}" for name, value in sorted(aspects.items()))


def read_fingerprint(text: str) -> dict[str, str]:
    """Read what a part was left like: a digest for each aspect."""
    return dict(entry.split("=", maxsplit=1) for entry in text.split())


def left_like(text: str, aspect: str, value: str) -> str:
    """Note in a fingerprint that we left one aspect like this."""
    noted = read_fingerprint(text) | {aspect: digest(value)}
    return " ".join(f"{name}={mark}" for name, mark in sorted(noted.items()))


def without(text: str, aspects: frozenset[str]) -> str:
    """Strike aspects from a fingerprint: what is seen there from now on is ours to put right."""
    kept = {name: value for name, value in read_fingerprint(text).items() if name not in aspects}
    return " ".join(f"{name}={value}" for name, value in sorted(kept.items()))


def resting_on(part: Part, gone: PartKey) -> frozenset[str]:
    """Return the aspects of a part that are lost with another part."""
    lost = {f"overwrite:{gone}"} if gone in part.overwrites else set()
    if part.kind is PartKind.CHANNEL and part.parent is gone:
        lost.add("parent")
    return frozenset(lost)


def diff(
    blueprint: Blueprint,
    observed: Observed,
    known: Mapping[PartKey, Place],
    begun: Mapping[PartKey, datetime],
    *,
    undo: bool = False,
) -> Plan:
    """Compare a server with its blueprint.

    Args:
        blueprint: What is wanted.
        observed: What is there.
        known: What set-up made before, and what it left it like.
        begun: What set-up began to make and never noted as made.
        undo: Changes by hand are put right too.
    """
    return _Comparison(observed, known, begun, undo=undo).plan(blueprint)


class _Comparison:
    def __init__(
        self,
        observed: Observed,
        known: Mapping[PartKey, Place],
        begun: Mapping[PartKey, datetime],
        *,
        undo: bool,
    ) -> None:
        self._observed = observed
        self._known = known
        self._begun = begun
        self._undo = undo
        self._by_id = {seen.id: seen for seen in observed.things}
        self._targets = {observed.guild_id: EVERYONE, observed.bot_id: BOT}
        self._new: set[PartKey] = set()

    def plan(self, blueprint: Blueprint) -> Plan:
        found = {part.key: self._find(part) for part in blueprint if part.kind is PartKind.ROLE}
        self._targets |= {seen.id: key.value for key, seen in found.items() if seen}
        steps = []
        for part in blueprint:
            seen = found.get(part.key) or self._find(part)
            if seen is None:
                self._new.add(part.key)
            elif part.kind is not PartKind.ROLE:
                self._targets[seen.id] = part.key.value
            steps.append(self._hindered(self._step(part, seen), seen))
        return Plan(steps=steps)

    def _find(self, part: Part) -> Seen | None:
        if part.kind is PartKind.PANEL:
            return self._observed.panels.get(part.key)
        place = self._known.get(part.key)
        seen = self._by_id.get(place.discord_id) if place else None
        if seen is not None and seen.kind is part.kind:
            return seen
        return self._lost(part)

    def _lost(self, part: Part) -> Seen | None:
        """Find what was made and never noted: the process died in between."""
        begun_at = self._begun.get(part.key)
        if begun_at is None:
            return None
        taken = {place.discord_id for place in self._known.values()}
        for seen in self._observed.things:
            is_new = seen.made_at >= begun_at - FOUND_BEFORE and seen.id not in taken
            if is_new and seen.kind is part.kind and seen.name == part.name:
                return seen
        return None

    def _step(self, part: Part, seen: Seen | None) -> Step:
        if seen is None:
            return Step(part=part, action=Action.CREATE)
        place = self._known.get(part.key)
        is_known = place is not None and place.discord_id == seen.id
        left = read_fingerprint(place.fingerprint) if place and is_known else {}
        wanted = part.aspects()
        is_now = self._aspects(part, seen, left)
        differing = {name for name, value in wanted.items() if is_now[name] != digest(value)}
        lost = {name for key in self._new for name in resting_on(part, key)}
        ours = {
            name
            for name in differing
            if self._undo or name in lost or name not in left or is_now[name] == left[name]
        }
        by_hand = differing - ours
        action = Action.REPAIR if ours else Action.CHANGED if by_hand else Action.KEEP
        return Step(
            part=part,
            action=action,
            discord_id=seen.id,
            repair=frozenset(ours),
            by_hand=frozenset(by_hand),
            is_found=not is_known,
        )

    def _aspects(self, part: Part, seen: Seen, left: Mapping[str, str]) -> dict[str, str]:
        if part.kind is PartKind.PANEL:
            # Only the bot can edit its own message: it says what we last made it say.
            return {"mark": left.get("mark", ""), "pinned": digest("yes" if seen.is_pinned else "")}
        values = {"name": seen.name}
        if part.kind is PartKind.ROLE:
            values["permissions"] = " ".join(sorted(seen.permissions))
        else:
            values["topic"] = seen.topic
            values["parent"] = self._target(seen.parent_id)
            given = {self._target(id_): overwrite for id_, overwrite in seen.overwrites.items()}
            for target in part.overwrites:
                values[f"overwrite:{target}"] = str(given.get(target, Overwrite()))
            others = sorted(strangers(part, seen, self._targets), key=lambda pair: pair[0])
            values["others"] = "; ".join(f"{id_} {overwrite}" for id_, overwrite in others)
        return {name: digest(value) for name, value in values.items()}

    def _target(self, discord_id: int | None) -> str:
        return "" if discord_id is None else self._targets.get(discord_id, str(discord_id))

    def _hindered(self, step: Step, seen: Seen | None) -> Step:
        """Block a step that Discord would refuse."""
        if step.action not in (Action.CREATE, Action.REPAIR):
            return step
        missing = needed_for(step.part) - self._observed.permissions
        if missing:
            blocked = Obstacle.PERMISSION
        elif step.part.kind is PartKind.ROLE and seen and seen.position >= self._observed.top:
            blocked = Obstacle.ROLE_TOO_HIGH
        else:
            return step
        return replace(step, action=Action.BLOCKED, obstacle=blocked, missing=frozenset(missing))


def needed_for(part: Part) -> Permissions:
    """Return the permissions the bot needs to make a part and to put it right."""
    if part.kind is PartKind.ROLE:
        return part.permissions | {"manage_roles"}
    if part.kind is PartKind.PANEL:
        return frozenset({"view_channel", "send_messages", "read_message_history", "pin_messages"})
    given = (name for each in part.overwrites.values() for name in each.allow | each.deny)
    return frozenset({"view_channel", "manage_channels", "manage_roles", *given})


def strangers(part: Part, seen: Seen, targets: Mapping[int, str]) -> list[tuple[int, Overwrite]]:
    """Return the overwrites that are not the blueprint's.

    One that only denies a person something hides nothing from us and shows nothing to them; nor
    does what a person may be given there.
    """
    return [
        (id_, overwrite)
        for id_, overwrite in seen.overwrites.items()
        if targets.get(id_) not in part.overwrites
        and not (id_ in seen.people and overwrite.allow <= part.members)
    ]
