"""The whole content of a case, for the few who may open it."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from discord.utils import format_dt

from bot.content import LocaleContent
from bot.domain.case import CaseEvent
from bot.domain.concern import Concern
from bot.domain.watch import Hit
from bot.services.case_desk import CaseFile
from bot.text import Words
from bot.ui.cards import Attachment, Card, Item, button, escape, quote
from bot.ui.care import (
    ACCENTS,
    CaseView,
    case_buttons,
    contact_lines,
    person,
    stand_bys,
    standing,
)
from bot.ui.case_work import first_words
from bot.ui.watch import hit_lines, hit_rows

MOST_TEXT = 1000
"""Of the 4,000 characters of a card, for what was written and for the timeline, each."""

MOST_NOTE = 250
MOST_HITS = 5


def file_card(
    words: Words,
    file: CaseFile,
    theirs: LocaleContent,
    guild_id: int | None,
    zone: ZoneInfo,
    *,
    hits: Sequence[Hit] = (),
) -> Card:
    """Make the ephemeral card of a case's whole content; long texts go in a file with it.

    Args:
        words: The member's language.
        file: The content.
        theirs: The texts in the person's language, for the words to send.
        guild_id: The programme's server.
        zone: The member's zone.
        hits: What the risk screen found.
    """
    case, concern = file.case, file.concern
    view = CaseView(
        case=case,
        code=file.code,
        joined=case.participant_id is not None,
        is_free=file.is_free,
        has_left=file.person is not None and not file.person.is_open,
        may_contact=concern.may_contact if concern and concern.about_id else None,
    )
    about = words("care.case.file_person", mention=f"<@{case.user_id}>", person=person(words, view))
    if case.is_drill:
        about = person(words, view)
    parts = [about, standing(words, case), *stand_bys(words, view), *_ways(words, file)]
    written = ""
    if concern is not None:
        parts = [*_concern_lines(words, concern, guild_id), *contact_lines(words, view)]
        parts.append(standing(words, case))
        written = quote(concern.text or "")
        if written:
            parts.append(f"{words('care.case.file_text')}\n{_cut(written)}")
    elif file.excerpt:
        written = quote(file.excerpt)
        parts.append(f"{words('care.case.file_text')}\n{_cut(written)}")
    timeline = "\n".join(_event(words, event) for event in file.timeline)
    is_cut = len(written) > MOST_TEXT or len(timeline) > MOST_TEXT
    return Card(
        title=words("care.case.file_title", ref=case.ref),
        body=[
            "\n".join(parts),
            f"**{words('care.case.file_timeline')}**\n{_latest(words, file.timeline)}",
            *([words("care.case.file_rest")] if is_cut else []),
            *_found(words, hits, guild_id),
            first_words(words, theirs, case),
        ],
        rows=[case_buttons(words, view), *_agreed_row(words, view), *hit_rows(words, hits)],
        accent=ACCENTS[case.severity],
        files=[_whole(words, file, zone)] if is_cut else [],
    )


def _found(words: Words, hits: Sequence[Hit], guild_id: int | None) -> list[str]:
    if not hits:
        return []
    shown = hits[-MOST_HITS:]
    lines = hit_lines(words, hits, guild_id)[-len(shown) :]
    return ["\n".join([f"**{words('watch.file.title')}**", *lines])]


def _agreed_row(words: Words, view: CaseView) -> list[list[Item]]:
    """Offer to keep the reporter's yes, while there is none."""
    if view.may_contact is not False or view.case.is_closed:
        return []
    label = words("care.case.contact_agreed")
    return [[button("concern:v1:agreed", view.case.id, label=label)]]


def _ways(words: Words, file: CaseFile) -> list[str]:
    """Say how the person wants to be written to, and where somebody does."""
    lines = []
    if file.person is not None:
        chosen = file.person.preferences
        lines.append(words(f"care.case.safe_{chosen.safe_contact.value}"))
        if chosen.safe_hours:
            lines.append(words("care.case.safe_hours", hours=escape(chosen.safe_hours)))
    if file.thread_id is not None:
        lines.append(words("care.case.thread", thread=f"<#{file.thread_id}>"))
    return lines


def _concern_lines(words: Words, concern: Concern, guild_id: int | None) -> list[str]:
    lines = [words("care.case.file_reporter", mention=f"<@{concern.reporter_id}>")]
    if concern.about_id is not None:
        lines.append(words("care.case.file_about", mention=f"<@{concern.about_id}>"))
    reason = words(f"care.reasons.{concern.reason}")
    lines.append(words("care.case.file_reason", reason=reason))
    if concern.message_id is not None and concern.channel_id is not None:
        path = f"{guild_id}/{concern.channel_id}/{concern.message_id}"
        link = f"https://discord.com/channels/{path}"
        lines.append(words("care.case.file_message", link=link))
    if concern.text is None:
        lines.append(words("care.case.file_no_text"))
    return lines


def _latest(words: Words, timeline: Sequence[CaseEvent]) -> str:
    """Write the timeline, where it is long only its latest events, each note shortened."""
    whole = "\n".join(_event(words, event) for event in timeline)
    if len(whole) <= MOST_TEXT:
        return whole
    shown: list[str] = []
    for event in reversed(timeline):
        line = _event(words, event, most=MOST_NOTE)
        if sum(map(len, shown)) + len(line) > MOST_TEXT:
            shown.append("…")
            break
        shown.append(line)
    return "\n".join(reversed(shown))


def _event(words: Words, event: CaseEvent, most: int | None = None) -> str:
    who = f"<@{event.actor_id}>" if event.actor_id else ""
    at = format_dt(event.at, "f")
    line = f"{at} {words(f'care.event.{event.kind.value}', who=who)}"
    if not event.note:
        return line
    note = quote(event.note)
    return f"{line}\n{note if most is None else _cut(note, most)}"


def _cut(text: str, most: int = MOST_TEXT) -> str:
    return text if len(text) <= most else text[:most].rstrip("\\") + "…"


def _whole(words: Words, file: CaseFile, zone: ZoneInfo) -> Attachment:
    """Put every text of a case in a file."""
    texts = [text for text in (file.concern and file.concern.text, file.excerpt) if text]
    texts += [
        f"{words.moment(event.at, zone)}\n{event.note}" for event in file.timeline if event.note
    ]
    return Attachment(filename=f"{file.case.ref}.txt", content="\n\n".join(texts).encode())
