"""What the team works on a case with: next steps, everything else there is to do, and news."""

from collections.abc import Sequence
from datetime import datetime

from discord import ButtonStyle
from discord.utils import format_dt

from bot.content import FirstWords, LocaleContent, PlaybookStep
from bot.domain.case import Case, CaseSource, Step, may_close_unanswered
from bot.domain.staff import StaffMember
from bot.services.case_notices import What
from bot.text import Words
from bot.ui.cards import Card, Item, Option, button, escape, select
from bot.ui.care import ACCENTS, CaseView, case_card, severity

MOST_COLLEAGUES = 25
MOST_WORDS = 3


def steps_card(
    words: Words,
    content: LocaleContent,
    theirs: LocaleContent,
    view: CaseView,
    done: Sequence[Step],
) -> Card:
    """Make the owner's own card: the playbook to tick, first words, and what comes next.

    Args:
        words: The member's language.
        content: The texts in it.
        theirs: The texts in the person's language, for the words to send.
        view: The case.
        done: The steps ticked.
    """
    case = view.case
    playbook = content.playbooks.of(case)
    ticked = {step.name: step for step in done}
    lines = [_step_line(words, view, step, ticked.get(step.id)) for step in playbook]
    options = [
        Option(
            value=step.id,
            label=f"{number}. {_step_text(words, view, step)}"[:100],
            chosen=step.id in ticked,
        )
        for number, step in enumerate(playbook, start=1)
    ]
    picker = select(
        "case:v1:tick",
        case.id,
        options=options,
        placeholder=words("care.steps.pick"),
        most=len(options),
        least=0,
    )
    buttons = [button("case:v1:open", case.id, label=words("care.case.open"))]
    if case.is_asked_for and not view.has_left:
        buttons.append(_write_button(words, case))
    buttons.append(
        button(
            "case:v1:contacted",
            case.id,
            label=words("care.case.contacted"),
            style=ButtonStyle.primary,
        )
    )
    return Card(
        title=words("care.steps.title", ref=case.ref, severity=severity(words, case)),
        body=["\n".join(lines), first_words(words, theirs, case)],
        rows=[[picker], buttons],
        accent=ACCENTS[case.severity],
    )


def first_words(words: Words, theirs: LocaleContent, case: Case) -> str:
    """List the first words that fit what opened a case, the closest first."""
    fitting = sorted(
        (line for line in theirs.care.first_words if _fits(line, case.source)),
        key=lambda line: not line.sources,
    )
    shown = "\n".join(f"- {line.text}" for line in fitting[:MOST_WORDS])
    return f"**{words('care.case.file_words')}**\n{shown}"


def more_card(words: Words, view: CaseView, member: StaffMember, now: datetime) -> Card:
    """Make the card behind *More*: everything else that can be done with a case."""
    case = view.case
    if case.is_closed:
        rows = [[_plain(words, "reopen", case)]]
    elif view.is_free:
        rows = [[_plain(words, "severity", case), _plain(words, "note", case)]]
    else:
        rows = [
            [_plain(words, "busy", case), _plain(words, "hand", case), _plain(words, "note", case)],
            [
                *([_write_button(words, case)] if case.is_asked_for else []),
                _plain(words, "steps", case),
                _plain(words, "severity", case),
            ],
            [
                _plain(words, "tried", case),
                _plain(words, "close", case),
                *_late(words, case, member, now),
            ],
        ]
    return Card(
        title=words("care.more.title", ref=case.ref),
        body=words("care.more.body"),
        rows=rows,
        accent=ACCENTS[case.severity],
    )


def hand_card(words: Words, case: Case, colleagues: Sequence[tuple[str, int, bool]]) -> Card:
    """Let the owner choose who gets a case.

    Args:
        words: The member's language.
        case: The case.
        colleagues: Name, account and whether on duty, of those who may have it.
    """
    options = [
        Option(
            value=str(user_id),
            label=name[:100],
            description=words("care.hand.on_duty" if on_duty else "care.hand.off_duty"),
        )
        for name, user_id, on_duty in colleagues[:MOST_COLLEAGUES]
    ]
    rows: list[list[Item]] = []
    if options:
        picker = select(
            "case:v1:offer", case.id, options=options, placeholder=words("care.hand.pick")
        )
        rows.append([picker])
    rows.append([button("case:v1:shift", case.id, label=words("care.hand.shift"))])
    return Card(
        title=words("care.hand.title", ref=case.ref), body=words("care.hand.body"), rows=rows
    )


def news_card(
    words: Words, view: CaseView, what: What, ring: Sequence[int], to: int | None
) -> Card:
    """Make the card that tells the team what happened to a case, with the buttons it asks for."""
    case = view.case
    who = f"<@{to}>" if to else ""
    owner = f"<@{case.owner_id}>"
    card = case_card(words, view)
    rows = list(card.rows)
    if what is What.BACKUP:
        label = words("care.backup.join")
        rows = [[button("case:v1:backup", case.id, label=label, style=ButtonStyle.success)]]
    elif what is What.OFFERED:
        label = words("care.hand.take")
        rows = [
            [
                button("case:v1:claim", case.id, label=label, style=ButtonStyle.success),
                button("case:v1:decline", case.id, label=words("care.hand.decline")),
            ]
        ]
    elif what is What.UNANSWERED:
        rows = [*rows, [_plain(words, "close_late", case)]]
    return Card(
        title=card.title,
        body=[words(f"care.news.{what.value}", ref=case.ref, who=who, owner=owner), *_body(card)],
        rows=rows,
        accent=card.accent,
        mentions=ring,
    )


def _body(card: Card) -> list[str]:
    return [card.body] if isinstance(card.body, str) else list(card.body)


def _late(words: Words, case: Case, member: StaffMember, now: datetime) -> list[Item]:
    if not may_close_unanswered(member, case, now):
        return []
    return [_plain(words, "close_late", case)]


def _plain(words: Words, action: str, case: Case) -> Item:
    return button(f"case:v1:{action}", case.id, label=words(f"care.more.{action}"))


def _write_button(words: Words, case: Case) -> Item:
    return button("case:v1:write", case.id, label=words("care.thread.write"))


def _fits(line: FirstWords, source: CaseSource) -> bool:
    if line.id == "hard_time" and source is CaseSource.CONCERN:
        # Whoever raised a concern is thanked; the hard time may be somebody else's.
        return False
    return not line.sources or source.value in line.sources


def _step_text(words: Words, view: CaseView, step: PlaybookStep) -> str:
    if view.case.source is CaseSource.CONCERN:
        person = words("care.steps.person_concern")
    elif view.code is None:
        person = words("care.steps.no_code")
    else:
        person = words("care.case.person_code", code=escape(view.code))
    return step.text.replace("{person}", person)


def _step_line(words: Words, view: CaseView, step: PlaybookStep, done: Step | None) -> str:
    text = _step_text(words, view, step)
    if done is None:
        return words("care.steps.open", text=text)
    who, at = f"<@{done.actor_id}>", format_dt(done.at, "t")
    return words("care.steps.done", text=text, who=who, at=at)
