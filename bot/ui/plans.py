"""The cards and forms of a plan, of its versions, and of the private page."""

from collections.abc import Mapping, Sequence

from discord import ButtonStyle

from bot.content.couple_texts import Audience, PlanTemplate
from bot.domain.localtime import find_zone
from bot.domain.pair import PairKind, Space
from bot.domain.plan import (
    LONGEST,
    MOST_LINES,
    PAGE_LONGEST,
    PlanDraft,
    PlanSection,
    PlanVersion,
    PlanView,
)
from bot.text import Words
from bot.ui.cards import Attachment, Card, Item, Option, button, escape, select
from bot.ui.forms import Form, NoteField, TextField

TEXT = "text"
DAY = "day"
ROOM = 2400
"""Characters of a plan on a card, of the 4,000 that Discord allows for all texts together."""

MOST_SHOWN = 5
Told = Sequence[tuple[str, str]]


def plan_card(words: Words, space: Space, view: PlanView, notice: str | None = None) -> Card:
    """Show the plan that is in force, and the way to a version that waits for names."""
    pair, current, waiting = space.pair_id, view.in_force, view.waiting
    body = [notice or "", words("plan.what")]
    if current is not None:
        body += [_since(words, space, current), *shown(told(words, space, current))]
    elif waiting is None:
        body.append(words("plan.none"))
    first: list[Item] = []
    if waiting is not None:
        body.append(words("plan.waiting", n=waiting.number))
        if current is not None:
            body.append(words("plan.old_stays", n=current.number))
        label = words("plan.read", n=waiting.number)
        first.append(button("plan:v1:version", pair, waiting.id, label=label))
    if current is not None:
        first.append(button("plan:v1:file", pair, current.id, label=words("plan.file")))
    if view.latest is not None:
        first.append(button("plan:v1:versions", pair, label=words("plan.versions")))
    draft = "plan.my_draft" if view.has_draft else "plan.write"
    second = [
        button("plan:v1:draft", pair, label=words(draft)),
        button("plan:v1:page", pair, label=words("plan.page.button")),
    ]
    rows = [first, second, _ways(words)]
    return Card(title=words("together.tool.plan"), body=body, rows=[row for row in rows if row])


def version_card(
    words: Words, space: Space, version: PlanVersion, *, is_latest: bool, notice: str | None = None
) -> Card:
    """Show one version, and whose names are under it."""
    zone, pair = find_zone(space.zone), space.pair_id
    by = "plan.by_you" if version.put_by == space.mine else "plan.by_other"
    body = [
        notice or "",
        words(by, at=words.moment(version.put_at, zone)),
        *shown(told(words, space, version)),
        *_names(words, space, version),
    ]
    row: list[Item] = []
    if version.is_in_force:
        row.append(button("plan:v1:file", pair, version.id, label=words("plan.file")))
    elif is_latest:
        body.append(words("plan.not_yet"))
        if space.mine not in version.signed:
            label = words("plan.sign", n=version.number)
            style = ButtonStyle.success
            row.append(button("plan:v1:sign", pair, version.id, label=label, style=style))
    else:
        body.append(words("plan.newer_is_there"))
    row.append(button("plan:v1:change", pair, version.id, label=words("plan.change")))
    row.append(button("plan:v1:open", pair, label=words("core.back")))
    title = words("plan.version", n=version.number)
    return Card(title=title, body=body, rows=[row])


def versions_card(words: Words, space: Space, versions: Sequence[PlanVersion]) -> Card:
    """List the versions, the latest first."""
    zone = find_zone(space.zone)
    lines = [
        words(
            "plan.version_in_force" if one.is_in_force else "plan.version_put",
            n=one.number,
            at=words.moment(one.in_force_at or one.put_at, zone),
        )
        for one in versions[:MOST_SHOWN]
    ]
    rows: list[list[Item]] = [
        [
            button("plan:v1:version", space.pair_id, one.id, label=words("plan.read", n=one.number))
            for one in versions[:MOST_SHOWN]
        ],
        [button("plan:v1:open", space.pair_id, label=words("core.back"))],
    ]
    return Card(title=words("plan.versions"), body="\n".join(lines) or words("plan.none"),
                rows=[row for row in rows if row])  # fmt: skip


def begin_card(
    words: Words, space: Space, templates: Sequence[PlanTemplate], latest: PlanVersion | None
) -> Card:
    """Ask what a draft begins with."""
    pair = space.pair_id
    fitting = fits(templates, space.kind)
    rows: list[list[Item]] = []
    if fitting:
        options = [
            Option(value=one.id, label=_marked(words, one.title, in_english=one.in_english))
            for one in fitting[:25]
        ]
        pick = words("plan.pick")
        rows.append([select("plan:v1:template", pair, options=options, placeholder=pick)])
    row = [button("plan:v1:empty", pair, label=words("plan.empty"))]
    if latest is not None:
        label = words("plan.from_version", n=latest.number)
        row.append(button("plan:v1:change", pair, latest.id, label=label))
    row.append(button("plan:v1:open", pair, label=words("core.back")))
    return Card(
        title=words("plan.draft_title"),
        body=[words("plan.begin"), words("plan.draft_sees")],
        rows=[*rows, row],
    )


def draft_card(
    words: Words, space: Space, draft: PlanDraft, view: PlanView, notice: str | None = None
) -> Card:
    """Show a person's own draft.

    Args:
        words: Their language.
        space: Where.
        draft: What they wrote.
        view: The plan as they see it; putting the draft forward carries the number along.
        notice: A sentence before all.
    """
    pair = space.pair_id
    parts = [(words(f"plan.section.{one.value}"), draft.texts.get(one, "")) for one in PlanSection]
    body = [notice or "", words("plan.draft_sees"), *shown([one for one in parts if one[1]])]
    if draft.is_empty:
        body.append(words("plan.draft_empty"))
    if draft.review_on is not None:
        body.append(words("plan.review_on", day=words.date(draft.review_on)))
    if view.waiting is not None:
        body.append(words("plan.waiting", n=view.waiting.number))
    sections: list[Item] = [
        button("plan:v1:section", pair, one.value, label=words(f"plan.section.{one.value}"))
        for one in PlanSection
    ]
    put = button(
        "plan:v1:propose", pair, view.number, label=words("plan.propose"), style=ButtonStyle.primary
    )
    return Card(
        title=words("plan.draft_title"),
        body=body,
        rows=[
            sections[:3],
            [*sections[3:], button("plan:v1:review", pair, label=words("plan.review"))],
            [put, button("plan:v1:discard", pair, label=words("plan.discard"))],
            [button("plan:v1:open", pair, label=words("core.back")), _help(words)],
        ],
    )


def section_form(words: Words, space: Space, section: PlanSection, draft: PlanDraft | None) -> Form:
    """Ask for one section of a draft."""
    note = "plan.sees_mine" if section is PlanSection.MINE else "plan.sees"
    field = TextField(
        key=TEXT,
        label=words(f"plan.section.{section.value}"),
        description=words("plan.lines", n=MOST_LINES),
        long=True,
        required=False,
        max_length=LONGEST,
        value=draft.texts.get(section) if draft else None,
    )
    return Form.of(
        "plan:v1:section",
        space.pair_id,
        section.value,
        title=words(f"plan.section.{section.value}"),
        fields=[NoteField(text=f"{words(note)}\n-# {words('plan.danger')}"), field],
    )


def review_form(words: Words, space: Space) -> Form:
    """Ask when both shall look at it again."""
    field = TextField(
        key=DAY, label=words("plan.review"), description=words("plan.day_hint"), max_length=40
    )
    note = NoteField(text=words("plan.review_sees"))
    title = words("plan.review")
    return Form.of("plan:v1:review", space.pair_id, title=title, fields=[note, field])


def page_card(words: Words, space: Space, text: str, notice: str | None = None) -> Card:
    """Show a person's private page; there is always one to look at, written on or not."""
    pair = space.pair_id
    return Card(
        title=words("plan.page.title"),
        body=[
            notice or "",
            words("plan.page.what"),
            cut(escape(text), ROOM) if text else words("plan.page.empty"),
        ],
        rows=[
            [
                button("plan:v1:write_page", pair, label=words("plan.page.write")),
                button("plan:v1:open", pair, label=words("core.back")),
                _help(words),
            ]
        ],
    )


def page_form(words: Words, space: Space, text: str) -> Form:
    """Ask for the words of a private page."""
    field = TextField(
        key=TEXT,
        label=words("plan.page.title"),
        long=True,
        required=False,
        max_length=PAGE_LONGEST,
        value=text or None,
    )
    note = NoteField(text=f"{words('plan.page.sees')}\n-# {words('plan.danger')}")
    title = words("plan.page.title")
    return Form.of("plan:v1:write_page", space.pair_id, title=title, fields=[note, field])


def file_card(words: Words, space: Space, version: PlanVersion) -> Card:
    """Hand the plan over as a file."""
    return Card(
        title=words("plan.version", n=version.number),
        body=words("plan.file_warning"),
        files=[plan_file(words, space, version)],
        rows=[[button("plan:v1:open", space.pair_id, label=words("core.back"))]],
    )


def plan_file(words: Words, space: Space, version: PlanVersion) -> Attachment:
    """Write a version as plain text; it is made from what both signed and from nothing else."""
    lines = [words("together.tool.plan"), _since(words, space, version).replace("**", ""), ""]
    for heading, text in told(words, space, version):
        lines += [heading, *(f"- {line}" for line in text.splitlines()), ""]
    return Attachment(filename="plan.txt", content="\n".join(lines).encode())


def told(words: Words, space: Space, version: PlanVersion) -> Told:
    """Return the headings and texts of a version as one of the two reads them."""
    sections: list[tuple[str, str]] = []
    for section in PlanSection:
        heading = words(f"plan.section.{section.value}")
        if section is PlanSection.MINE:
            sections.append((heading, version.mine.get(space.mine, "")))
            sections.append((words("plan.theirs"), version.theirs(space.mine)))
        else:
            sections.append((heading, version.texts.get(section, "")))
    return [one for one in sections if one[1]]


def shown(sections: Told) -> list[str]:
    """Lay sections out for a card; where they are too long, each is cut alike."""
    texts = ["\n".join(f"- {line}" for line in escape(text).splitlines()) for _, text in sections]
    is_long = sum(len(text) for text in texts) > ROOM
    room = ROOM // max(len(texts), 1)
    return [
        f"**{heading}**\n{cut(text, room) if is_long else text}"
        for (heading, _), text in zip(sections, texts, strict=True)
    ]


def cut(text: str, room: int) -> str:
    """Return a text that fits, with a sign where something is left out."""
    return text if len(text) <= room else f"{text[:room].rstrip()}…"


def fits(templates: Sequence[PlanTemplate], kind: PairKind) -> list[PlanTemplate]:
    """Return the templates for a kind of pair; all of them where none is for it."""
    wanted = {Audience.ANYONE, Audience(kind.value)}
    return [one for one in templates if one.audience in wanted] or list(templates)


def template_texts(template: PlanTemplate) -> Mapping[PlanSection, str]:
    """Return the words of a template by section."""
    return {section: "\n".join(getattr(template, section.value)) for section in PlanSection}


def _marked(words: Words, title: str, *, in_english: bool) -> str:
    return (f"{title} ({words('openings.in_english')})" if in_english else title)[:100]


def _since(words: Words, space: Space, version: PlanVersion) -> str:
    zone = find_zone(space.zone)
    at = words.moment(version.in_force_at or version.put_at, zone)
    line = words("plan.in_force", n=version.number, at=at)
    if version.review_on is None:
        return line
    return f"{line} {words('plan.review_on', day=words.date(version.review_on))}"


def _names(words: Words, space: Space, version: PlanVersion) -> list[str]:
    if version.in_force_at is not None:
        at = words.moment(version.in_force_at, find_zone(space.zone))
        return [words("plan.both_signed", at=at)]
    lines = [words("plan.you_signed")] if space.mine in version.signed else []
    return lines + [words("plan.other_signed")] * bool(version.signed - {space.mine})


def _ways(words: Words) -> list[Item]:
    return [button("together:v1:home", label=words("core.back")), _help(words)]


def _help(words: Words) -> Item:
    return button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger)
