"""Cards of set-up: the plan, the confirmation, and what became of each part."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from discord import ButtonStyle

from bot.content import Content
from bot.domain.blueprint import BOT, EVERYONE, Blueprint, Overwrite, Part, PartKind, Permissions
from bot.domain.place import PlaceKey
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
RESULTS = (
    ("made", (Result.MADE,)),
    ("repaired", (Result.REPAIRED,)),
    ("found", (Result.FOUND,)),
    ("changed", (Result.CHANGED,)),
    ("trouble", (Result.BLOCKED, Result.FAILED, Result.WAITING)),
)


def panels(words: Words, content: Content, country: str | None) -> Mapping[PlaceKey, Card]:
    """Make the panels that set-up posts, in the server's language.

    Those that participants see carry the crisis lines too, for when the bot is down.
    """
    texts = content.texts(words.locale)
    lines = pinned_lines(words, content.crisis, country)
    team = [
        button("people:v1:list", label=words("people.list.title")),
        button("setup:v1:check", label=words("setup.check.title")),
    ]
    staff = staff_panel(words)
    return {
        PlaceKey.PANEL_START: _with_lines(start_panel(words), lines),
        PlaceKey.PANEL_ROOM: _with_lines(room_panel(words, texts), lines),
        PlaceKey.PANEL_STAFF: replace(staff, rows=[*staff.rows, team]),
    }


def _with_lines(card: Card, lines: Sequence[str]) -> Card:
    body = [card.body] if isinstance(card.body, str) else card.body
    return replace(card, body=[*body, *lines])


def part_name(words: Words, part: Part) -> str:
    """Name a part as people read it."""
    if part.kind is PartKind.PANEL:
        return words(f"setup.panels.{_key(part.key)}")
    return words(f"setup.part.{part.kind.value}", name=part.name)


def plan_card(words: Words, plan: Plan) -> Card:
    """Show what `apply` would do."""
    body = [
        _section(words(f"setup.plan.{name}"), [_planned(words, step) for step in steps])
        for action, name in SECTIONS
        if (steps := plan.of(action))
    ]
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
            body.append(_section(part_name(words, part), lines))
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
    for name, results in RESULTS:
        lines = [_became(words, each) for each in outcomes if each.result in results]
        if lines:
            body.append(_section(words(f"setup.done.{name}"), lines))
    body.extend(gap_line(words, gap) for gap in applied.gaps)
    if any(each.step.by_hand for each in outcomes):
        body.append(words("setup.plan.undo"))
    if not trouble:
        body.append(words("setup.done.next"))
    accent = Accent.CARE if trouble else Accent.GOOD
    return Card(title=words("setup.done.title"), body=body, accent=accent)


def gap_line(words: Words, gap: RoleGap) -> str:
    """Say whose roles could not be changed, and what to do."""
    reason = words(f"setup.failure.{gap.failure.value}")
    return words("setup.done.role_gap", who=f"<@{gap.user_id}>", reason=reason)


def permission_names(words: Words, permissions: Iterable[str]) -> str:
    """Name permissions as Discord's own settings do."""
    return words.listing([_permission(words, name) for name in sorted(permissions)])


def _permission(words: Words, name: str) -> str:
    key = f"setup.permission.{name}"
    return words(key) if words.has(key) else name.replace("_", " ").title()


def _planned(words: Words, step: Step) -> str:
    if step.action is Action.CREATE:
        what = words(f"setup.about.{_key(step.key)}")
    elif step.action is Action.BLOCKED:
        what = _obstacle(words, step)
    else:
        aspects = step.repair if step.action is Action.REPAIR else step.by_hand
        what = aspect_names(words, aspects)
    return words("setup.plan.line", part=part_name(words, step.part), what=what)


def _became(words: Words, outcome: Outcome) -> str:
    step = outcome.step
    if outcome.result is Result.BLOCKED:
        what = _obstacle(words, step)
    elif outcome.failure is not None:
        what = words(f"setup.failure.{outcome.failure.value}")
    elif outcome.waits_for is not None:
        what = words("setup.done.waiting", part=place_name(words, outcome.waits_for))
    elif outcome.result is Result.CHANGED:
        what = aspect_names(words, step.by_hand)
    elif outcome.result is Result.REPAIRED:
        what = aspect_names(words, step.repair)
    else:
        what = words(f"setup.about.{_key(step.key)}")
    return words("setup.plan.line", part=part_name(words, step.part), what=what)


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


def place_name(words: Words, key: PlaceKey) -> str:
    """Name a part in the person's own language."""
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


def _section(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *lines])


def _is_changed(steps: Sequence[Step]) -> bool:
    return any(step.by_hand for step in steps)


def _key(key: str) -> str:
    return key.replace(".", "_")
