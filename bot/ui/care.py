"""What the care team sees, and what a person who asks for it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from discord import ButtonStyle
from discord.utils import format_dt

from bot.content import LocaleContent
from bot.domain.case import Case, CaseSource, CaseState, Severity
from bot.domain.localtime import local_day
from bot.services.cases import AskOutcome
from bot.text import Words
from bot.ui.cards import Accent, Card, Item, Option, button, escape, select
from bot.ui.crisis import nobody
from bot.ui.truth import until_text

MOST_ROWS = 15

ACCENTS = {
    Severity.NOW: Accent.URGENT,
    Severity.SOON: Accent.CARE,
    Severity.TODAY: Accent.CALM,
    Severity.WATCH: Accent.CALM,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseView:
    """A case with what a card shows of its person: never the account.

    Attributes:
        is_free: Anyone may take it: nobody has it, or whoever had it left the team.
        has_left: The person is not in the server any more.
        may_contact: Whether a reporter agreed that the team writes to whom a concern is about;
            nothing where a case is about nobody else.
    """

    case: Case
    code: str | None
    joined: bool
    is_free: bool
    has_left: bool = False
    may_contact: bool | None = None


def case_card(
    words: Words,
    view: CaseView,
    *,
    ring: Sequence[int] | None = None,
    asked_again_at: datetime | None = None,
    is_urgent: bool = False,
) -> Card:
    """Make the card of a case for a staff channel: what is asked, not what was said.

    Args:
        ring: Who is on duty and may help, for a card that calls them.
        asked_again_at: When the person asked again, for the card that tells of it.
        is_urgent: They did so from Help now.
    """
    case = view.case
    title = words("care.case.title", severity=severity(words, case), source=source(words, case))
    lines = [
        words(
            "care.case.line",
            ref=case.ref,
            person=person(words, view),
            since=format_dt(case.opened_at, "R"),
        ),
        standing(words, case),
    ]
    if asked_again_at is not None:
        key = "care.case.asked_urgently" if is_urgent else "care.case.asked_again"
        lines.append(words(key, since=_ago(asked_again_at)))
    if ring is not None and not ring:
        lines.append(words("care.case.no_duty"))
    if case.is_apart:
        lines.append(words("care.case.apart"))
    lines += stand_bys(words, view)
    lines += contact_lines(words, view)
    if view.code and case.source is not CaseSource.CONCERN and not case.is_closed:
        lines.append(words("care.case.first_step"))
    return Card(
        title=title,
        body="\n".join(lines),
        rows=[case_buttons(words, view, is_rung=ring is not None)],
        accent=ACCENTS[case.severity],
        mentions=ring or (),
    )


def case_buttons(words: Words, view: CaseView, *, is_rung: bool = False) -> list[Item]:
    """Make the buttons that fit a case's state.

    Args:
        is_rung: The card rings again: who wrote before can say once more that they did.
    """
    case = view.case
    opening = button("case:v1:open", case.id, label=words("care.case.open"))
    more = button("case:v1:more", case.id, label=words("care.case.more"))
    if case.is_closed:
        return [opening, more]
    if view.is_free:
        label = words("care.case.claim")
        claim = button("case:v1:claim", case.id, label=label, style=ButtonStyle.success)
        return [claim, opening, more]
    return [
        button(
            "case:v1:contacted",
            case.id,
            label=words("care.case.contacted"),
            style=ButtonStyle.primary,
            disabled=case.state is CaseState.IN_CONTACT and not is_rung,
        ),
        button("case:v1:backup", case.id, label=words("care.case.backup")),
        opening,
        more,
    ]


def stand_bys(words: Words, view: CaseView) -> list[str]:
    """Say who stands by, what is offered and what is asked."""
    case = view.case
    lines: list[str] = []
    if case.is_closed:
        return lines
    if view.has_left:
        lines.append(words("care.case.left"))
    if case.backup_id is not None:
        lines.append(words("care.case.has_backup", who=f"<@{case.backup_id}>"))
    elif case.backup_asked_at is not None:
        lines.append(words("care.case.wants_backup"))
    if case.offered_to is not None:
        lines.append(words("care.case.offered", who=f"<@{case.offered_to}>"))
    if case.busy_until is not None:
        lines.append(words("care.case.busy", until=format_dt(case.busy_until, "t")))
    if case.closing is not None and case.closing_at is not None:
        ending = words(f"care.resolution.{case.closing.value}")
        lines.append(words("care.case.asked_settled", since=_ago(case.closing_at), ending=ending))
    return lines


def list_card(
    words: Words,
    title: str,
    empty: str,
    views: Sequence[CaseView],
    *,
    route: str,
    page: int = 0,
) -> Card:
    """Make one page of a list of cases, the most urgent first.

    Args:
        route: What shows another page.
        page: Which one, from 0; past the last it is the last.
    """
    if not views:
        return Card(title=title, body=empty)
    last = (len(views) - 1) // MOST_ROWS
    page = max(0, min(page, last))
    first = page * MOST_ROWS
    on_page = views[first : first + MOST_ROWS]
    rows = [_row(words, view) for view in on_page]
    if last:
        rows.append(words("care.case.page", page=page + 1, of=last + 1, n=len(views)))
    options = [
        Option(
            value=view.case.id,
            label=f"{view.case.ref} · {severity(words, view.case)}",
            description=source(words, view.case)[:100],
        )
        for view in on_page
    ]
    picker = select("case:v1:pick", options=options, placeholder=words("care.case.pick"))
    turns = [
        button(route, turn, label=words(key), disabled=not 0 <= turn <= last)
        for key, turn in (("care.case.earlier", page - 1), ("care.case.later", page + 1))
    ]
    return Card(title=title, body="\n".join(rows), rows=[[picker], *([turns] if last else [])])


def ask_card(
    words: Words,
    requests: Sequence[Case],
    zone: ZoneInfo,
    *,
    on_duty: bool,
    now: datetime,
    next_on: datetime | None = None,
) -> Card:
    """Make the card behind *Message the team*: how things stand, and one button."""
    label = words("care.ask.again_button" if requests else "care.ask.button")
    until = until_text(words, next_on, zone, now)
    if on_duty or until is None:
        standing = words("care.ask.on_duty_now" if on_duty else "care.ask.off_duty_now")
    else:
        standing = words("care.ask.off_duty_now_at", time=until)
    return Card(
        title=words("care.ask.title"),
        body=[
            "\n".join([words("care.ask.body"), *_requests(words, requests, zone)]),
            standing,
            words("care.ask.danger"),
        ],
        rows=[
            [
                button("care:v1:send", label=label, style=ButtonStyle.primary),
                button("care:v1:words", label=words("care.ask.words_button")),
                help_now(words),
            ],
            *(settled_buttons(words, case) for case in requests if case.closing_at is not None),
        ],
        footer=words("care.ask.who_sees"),
    )


def settled_buttons(words: Words, case: Case) -> list[Item]:
    """Let a person say whether their request is settled."""
    return [
        button("request:v1:settled", case.id, label=words("care.settled.yes")),
        button("request:v1:not_yet", case.id, label=words("care.settled.not_yet")),
    ]


def contact_lines(words: Words, view: CaseView) -> list[str]:
    """Say whether whom a concern is about may be written to; not without the reporter's yes."""
    if view.may_contact is None or view.case.is_closed:
        return []
    return [words("care.case.contact_yes" if view.may_contact else "care.case.contact_no")]


def concern_saved_card(words: Words, outcome: AskOutcome, zone: ZoneInfo, now: datetime) -> Card:
    """Thank a person for a concern, with the truth about who is on."""
    return Card(
        title=words("care.concern.saved_title"),
        body=[
            words("care.concern.saved"),
            _truth(words, outcome, until_text(words, outcome.next_on, zone, now)),
            words("care.ask.danger"),
        ],
        rows=[[help_now(words)]],
    )


def room_panel(words: Words, content: LocaleContent, own_rules: str | None = None) -> Card:
    """Make the panel of a moderated room: what it is, its rules, and the ways to a person.

    Args:
        own_rules: The room's own rules, where it has some.
    """
    shipped = "\n".join(f"- {point.text}" for point in content.rooms.rules.points)
    rules = own_rules or shipped
    return Card(
        title=content.rooms.panel.title,
        body=[
            "\n\n".join(point.text for point in content.rooms.panel.points),
            f"**{content.rooms.rules.title}**\n{rules}",
        ],
        rows=[
            [
                button("care:v1:ask", label=words("care.room.ask")),
                button("care:v1:concern", label=words("care.room.concern")),
                help_now(words),
            ],
            [
                button("questions:v1:open", label=words("panel.entry.questions")),
                button("life:v1:resources", label=words("life.resources")),
                button("life:v1:celebrate", label=words("life.celebrate_button")),
            ],
        ],
    )


def staff_panel(words: Words) -> Card:
    """Make the panel of the staff channel."""
    return Card(
        title=words("care.staff_panel.title"),
        body=words("care.staff_panel.body"),
        rows=[
            [
                button("board:v1:show", "team", label=words("board.title.team")),
                button("case:v1:mine", label=words("care.staff_panel.mine")),
                button("duty:v1:show", label=words("care.staff_panel.duty")),
                button("room:v1:list", label=words("rooms.staff.title")),
                button("people:v1:list", label=words("people.list.title")),
            ],
            [
                button("pairs:v1:list", label=words("together.desk.title")),
                button("prompts:v1:open", label=words("care.staff_panel.prompts")),
                button("questions:v1:inbox", label=words("questions.inbox_title")),
                button("buddies:v1:matches", label=words("buddies.matches_title")),
                button("setup:v1:check", label=words("setup.check.title")),
            ],
        ],
    )


def help_now(words: Words) -> Item:
    """Make the button that every panel carries."""
    return button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger)


def severity(words: Words, case: Case) -> str:
    """Name a severity as people read it; a rehearsal says everywhere that it is one."""
    name = words(f"care.severity.p{case.severity.value}")
    return f"{words('board.drill')} · {name}" if case.is_drill else name


def source(words: Words, case: Case) -> str:
    """Name what opened a case."""
    return words(f"care.source.{case.source.value}")


def person(words: Words, view: CaseView) -> str:
    """Name a case's person without their account; whoever raised a concern is never shown."""
    if view.case.is_drill:
        return words("board.drill_person")
    if view.case.source is CaseSource.CONCERN:
        return words("care.case.person_concern")
    if view.code is not None:
        return words("care.case.person_code", code=escape(view.code))
    return words("care.case.person_no_code" if view.joined else "care.case.person_visitor")


def request_line(words: Words, case: Case, zone: ZoneInfo) -> str:
    """Tell a person how far their own request has come."""
    moment = words.moment(case.opened_at, zone)
    if case.closing_at is not None and not case.is_closed:
        return words("care.ask.settled", moment=moment)
    if case.state is CaseState.CLAIMED and case.contacted_at is not None:
        return words("care.ask.in_contact", moment=moment)
    if case.state is CaseState.CLAIMED and case.claimed_at is not None:
        if local_day(case.claimed_at, zone) == local_day(case.opened_at, zone):
            time = words.time(case.claimed_at, zone)
            return words("care.ask.claimed", moment=moment, time=time)
        claimed = words.moment(case.claimed_at, zone)
        return words("care.ask.claimed_later", moment=moment, claimed=claimed)
    return words(f"care.ask.{case.state.value}", moment=moment)


def standing(words: Words, case: Case) -> str:
    """Say who has a case, or how it ended."""
    owner = f"<@{case.owner_id}>"
    if case.is_closed and case.closed_at is not None and case.resolution is not None:
        ending = words(f"care.resolution.{case.resolution.value}")
        return words("care.case.done", owner=owner, since=_ago(case.closed_at), resolution=ending)
    if case.is_waiting:
        return _why_waiting(words, case)
    if case.tried_at is not None:
        return words("care.case.tried", owner=owner, since=_ago(case.tried_at))
    if case.contacted_at is not None:
        return words("care.case.in_contact", owner=owner, since=_ago(case.contacted_at))
    if case.claimed_at is not None:
        return words("care.case.owner", owner=owner, since=_ago(case.claimed_at))
    return words("care.case.waiting")


def _why_waiting(words: Words, case: Case) -> str:
    if case.reopened_at is not None and case.state is CaseState.OPEN:
        return words("care.case.reopened", since=_ago(case.reopened_at))
    if case.state is CaseState.HANDED_OFF and case.handed_by is not None:
        return words("care.case.handed_off", who=f"<@{case.handed_by}>")
    return words("care.case.waiting")


def _truth(words: Words, outcome: AskOutcome, until: str | None) -> str:
    if outcome.nobody:
        return nobody(words, outcome.outside)
    if not outcome.on_duty and until is not None:
        return words("care.ask.off_duty_at", time=until)
    return words("care.ask.on_duty" if outcome.on_duty else "care.ask.off_duty")


def _requests(words: Words, requests: Sequence[Case], zone: ZoneInfo) -> list[str]:
    return [request_line(words, case, zone) for case in requests]


def _ago(moment: datetime) -> str:
    return format_dt(moment, "R")


def _row(words: Words, view: CaseView) -> str:
    case = view.case
    return words(
        "care.case.queue_row",
        ref=case.ref,
        severity=severity(words, case),
        source=source(words, case),
        person=person(words, view),
        since=_ago(case.opened_at),
        state=words(f"care.case.state_{case.state.value}", owner=f"<@{case.owner_id}>"),
    )
