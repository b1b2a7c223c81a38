"""Cards of set-up: the plan, the confirmation, and what became of each part."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from discord import ButtonStyle

from bot.content import Content
from bot.domain.blueprint import BOT, EVERYONE, Blueprint, Overwrite, Part, PartKind, Permissions
from bot.domain.place import PartKey, PlaceKey, RoomKey, panel_key
from bot.domain.room import Room
from bot.domain.setup_plan import Action, Obstacle, Plan, Step
from bot.services.setup import Applied
from bot.services.setup_run import Outcome, Result
from bot.services.team import RoleGap
from bot.text import Words
from bot.ui.cards import Accent, Card, button, escape
from bot.ui.care import room_panel, staff_panel
from bot.ui.crisis import pinned_lines
from bot.ui.panel import start_panel

SECTIONS = (
    (Action.CREATE, "create"),
    (Action.REPAIR, "repair"),
    (Action.CHANGED, "changed"),
    (Action.BLOCKED, "blocked"),
)
MOST_TEXT = 3000
"""Of the 4,000 characters of a card; the rest is for what stands around the lists."""

MOST_PEOPLE = 8

RESULTS = (
    ("made", (Result.MADE,)),
    ("repaired", (Result.REPAIRED,)),
    ("found", (Result.FOUND,)),
    ("changed", (Result.CHANGED,)),
    ("trouble", (Result.BLOCKED, Result.FAILED, Result.WAITING)),
)


def panels(
    words: Words, content: Content, country: str | None, rooms: Sequence[Room]
) -> Mapping[PartKey, Card]:
    """Make the panels that set-up posts, in the server's language.

    Those that participants see carry the crisis lines too, for when the bot is down.
    """
    texts = content.texts(words.locale)
    lines = pinned_lines(words, content.crisis, country)
    return {
        PlaceKey.PANEL_START: _with_lines(start_panel(words), lines),
        **{
            panel_key(room.place): _with_lines(room_panel(words, texts, room.rules), lines)
            for room in rooms
        },
        PlaceKey.PANEL_STAFF: staff_panel(words),
    }


def _with_lines(card: Card, lines: Sequence[str]) -> Card:
    body = [card.body] if isinstance(card.body, str) else card.body
    return replace(card, body=[*body, *lines])


def part_name(words: Words, part: Part) -> str:
    """Name a part as people read it."""
    if part.kind is PartKind.PANEL and isinstance(part.key, RoomKey):
        return words("setup.panels.panel_of_room", name=part.name)
    if part.kind is PartKind.PANEL:
        return words(f"setup.panels.{_key(part.key)}")
    return words(f"setup.part.{part.kind.value}", name=part.name)


def plan_card(words: Words, plan: Plan) -> Card:
    """Show what `apply` would do."""
    body = fitting(
        words,
        [
            (
                words(f"setup.plan.{name}"),
                _lines(words, [(step, _planned(words, step)) for step in plan.of(action)]),
            )
            for action, name in SECTIONS
        ],
    )
    if plan.is_settled:
        body.insert(0, words("setup.plan.settled"))
    if _is_changed(plan.steps):
        body.append(words("setup.plan.undo"))
    if kept := plan.of(Action.KEEP):
        parts = words.listing([part_name(words, step.part) for step in kept])
        body.append(words("setup.plan.keep", parts=parts))
    details = button("setup:v1:details", label=words("setup.plan.details"))
    doing = button("setup:v1:apply", label=words("setup.plan.apply"), style=ButtonStyle.primary)
    rows = [[details]] if plan.is_settled else [[doing, details]]
    return Card(title=words("setup.plan.title"), body=body, rows=rows)


def details_card(words: Words, server: Words, wanted: Blueprint) -> Card:
    """Show who may do what in each channel.

    Args:
        words: The language of the person.
        server: The language of the server, which its roles are named in.
    """
    body = []
    for part in wanted:
        lines = [
            words(
                "setup.plan.details_line",
                who=_who(words, server, target),
                may=_may(words, overwrite),
            )
            for target, overwrite in part.overwrites.items()
        ]
        if lines:
            body.append("\n".join([part_name(words, part), *lines]))
    return Card(
        title=words("setup.plan.details_title"),
        body=body,
        footer=words("setup.plan.details_foot"),
    )


def confirm_card(words: Words, *, server: str, becomes_lead: bool, undo: bool) -> Card:
    """Ask before the bot is bound to a server."""
    body = [words("setup.confirm.body")]
    if becomes_lead:
        body.append(words("setup.confirm.lead"))
    yes = button(
        "setup:v1:bind", int(undo), label=words("setup.confirm.yes"), style=ButtonStyle.primary
    )
    no = button("setup:v1:cancel", label=words("setup.confirm.no"))
    return Card(
        title=words("setup.confirm.title", server=escape(server)), body=body, rows=[[yes, no]]
    )


def applied_card(words: Words, applied: Applied) -> Card:
    """Show what became of each part, and of people's roles."""
    outcomes = applied.outcomes
    trouble = [each for each in outcomes if each.result in RESULTS[-1][1]]
    changes = [each for each in outcomes if each.result not in (Result.KEPT, Result.CHANGED)]
    summary = "some" if trouble else "all" if changes else "none"
    body = [words(f"setup.done.{summary}")]
    sections = [
        (
            words(f"setup.done.{name}"),
            _lines(words, [(e.step, became(words, e)) for e in outcomes if e.result in results]),
        )
        for name, results in RESULTS
    ]
    body.extend(fitting(words, sections))
    body.extend(gap_lines(words, applied.gaps))
    if any(each.step.by_hand for each in outcomes):
        body.append(words("setup.plan.undo"))
    if not trouble:
        body.append(words("setup.done.next"))
    accent = Accent.CARE if trouble else Accent.GOOD
    return Card(title=words("setup.done.title"), body=body, accent=accent)


def gap_lines(words: Words, gaps: Sequence[RoleGap]) -> list[str]:
    """Say whose roles could not be changed, and what to do."""
    lines = []
    for failure in sorted({gap.failure for gap in gaps}):
        people = [f"<@{gap.user_id}>" for gap in gaps if gap.failure is failure]
        if len(people) > MOST_PEOPLE:
            more = words("setup.done.more_people", n=len(people) - MOST_PEOPLE)
            people = [*people[:MOST_PEOPLE], more]
        reason = words(f"setup.failure.{failure.value}")
        lines.append(words("setup.done.role_gap", who=words.listing(people), reason=reason))
    return lines


def fitting(words: Words, sections: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """Write titles with their lines, as many as a card has room for, and say how many are left."""
    room, left = MOST_TEXT, 0
    body = []
    for title, lines in sections:
        shown = []
        for line in lines:
            room -= len(line)
            if room > 0:
                shown.append(line)
            else:
                left += 1
        if shown:
            body.append("\n".join([title, *shown]))
    if left:
        body.append(words("setup.plan.more", n=left))
    return body


def permission_names(words: Words, permissions: Iterable[str]) -> str:
    """Name permissions as Discord's own settings do."""
    return words.listing([_permission(words, name) for name in sorted(permissions)])


def _permission(words: Words, name: str) -> str:
    key = f"setup.permission.{name}"
    return words(key) if words.has(key) else name.replace("_", " ").title()


def _about(words: Words, key: PartKey) -> str:
    if isinstance(key, RoomKey):
        key = PlaceKey.PANEL_ROOM if key.startswith("panel") else PlaceKey.CHANNEL_ROOM
    return words(f"setup.about.{_key(key)}")


def _planned(words: Words, step: Step) -> str:
    if step.action is Action.CREATE:
        return _about(words, step.key)
    if step.action is Action.BLOCKED:
        return _obstacle(words, step)
    return aspect_names(words, step.repair if step.action is Action.REPAIR else step.by_hand)


def became(words: Words, outcome: Outcome) -> str:
    """Say what became of a part, and what to do where it went wrong."""
    step = outcome.step
    if outcome.result is Result.BLOCKED:
        return _obstacle(words, step)
    if outcome.failure is not None:
        return words(f"setup.failure.{outcome.failure.value}")
    if outcome.waits_for is not None:
        return words("setup.done.waiting", part=place_name(words, outcome.waits_for))
    if outcome.result is Result.CHANGED:
        return aspect_names(words, step.by_hand)
    if outcome.result is Result.REPAIRED:
        return aspect_names(words, step.repair)
    return _about(words, step.key)


def _lines(words: Words, said: Iterable[tuple[Step, str]]) -> list[str]:
    """Write one line for all parts of which the same is said."""
    parts: dict[str, list[str]] = {}
    for step, what in said:
        parts.setdefault(what, []).append(part_name(words, step.part))
    return [
        words("setup.plan.line", part=words.listing(names), what=what)
        for what, names in parts.items()
    ]


def _obstacle(words: Words, step: Step) -> str:
    obstacle = step.obstacle or Obstacle.PERMISSION
    return words(f"setup.obstacle.{obstacle.value}", names=permission_names(words, step.missing))


def aspect_names(words: Words, aspects: Iterable[str]) -> str:
    """Name what of a part is meant."""
    return words.listing([_aspect(words, aspect) for aspect in sorted(aspects)])


def _aspect(words: Words, aspect: str) -> str:
    name, _, target = aspect.partition(":")
    if name != "overwrite":
        return words(f"setup.aspect.{name}")
    if target in (EVERYONE, BOT):
        return words(f"setup.aspect.{target}")
    return words("setup.aspect.role", name=words(f"setup.names.{_key(target)}"))


def place_name(words: Words, key: PartKey) -> str:
    """Name a part in the person's own language."""
    if isinstance(key, RoomKey):
        return words("setup.part.added_room")
    kind = key.partition(".")[0]
    if kind == PartKind.PANEL:
        return words(f"setup.panels.{_key(key)}")
    return words(f"setup.part.{kind}", name=words(f"setup.names.{_key(key)}"))


def _who(words: Words, server: Words, target: str) -> str:
    if target in (EVERYONE, BOT):
        return words(f"setup.who.{target}")
    return server(f"setup.names.{_key(target)}")


def _may(words: Words, overwrite: Overwrite) -> str:
    def named(key: str, given: Permissions) -> list[str]:
        return [words(key, names=permission_names(words, given))] if given else []

    return words.listing(
        [
            *named("setup.plan.details_may", overwrite.allow),
            *named("setup.plan.details_may_not", overwrite.deny),
        ]
    )


def _is_changed(steps: Sequence[Step]) -> bool:
    return any(step.by_hand for step in steps)


def _key(key: str) -> str:
    return key.replace(".", "_")
