"""A case in plain text, for the programme's own clinical record."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.content import LocaleContent
from bot.domain.case import CaseEvent, CaseSource
from bot.services.case_desk import CaseFile
from bot.text import Words
from bot.ui.care import severity, source


def summary(
    words: Words, content: LocaleContent, file: CaseFile, zone: ZoneInfo, made_at: datetime
) -> str:
    """Write a case down; nobody of the team is named, nor who raised a concern."""
    return "\n".join(_lines(words, content, file, zone, made_at)) + "\n"


def _lines(
    words: Words, content: LocaleContent, file: CaseFile, zone: ZoneInfo, made_at: datetime
) -> Iterator[str]:
    case = file.case
    yield words("care.summary.title", ref=case.ref)
    yield ""
    yield words("care.summary.person", person=_person(words, file))
    yield words("care.summary.what", source=source(words, case), severity=severity(words, case))
    for name in ("opened_at", "claimed_at", "contacted_at", "closed_at"):
        if (at := getattr(case, name)) is not None:
            yield words(f"care.summary.{name}", moment=words.moment(at, zone))
    if case.resolution is not None:
        ending = words(f"care.resolution.{case.resolution.value}")
        yield words("care.summary.ending", ending=ending)
    if case.is_drill:
        yield words("care.summary.drill")
    if file.concern is not None:
        yield ""
        yield words("care.summary.concern", reason=words(f"care.reasons.{file.concern.reason}"))
        yield file.concern.text or words("care.summary.no_words")
    yield ""
    yield words("care.summary.steps")
    done = {step.name for step in file.steps}
    for step in content.playbooks.of(case):
        text = step.text.replace("{person}", _person(words, file))
        yield words("care.summary.step_done" if step.id in done else "care.summary.step", text=text)
    yield ""
    yield words("care.summary.timeline")
    for event in file.timeline:
        yield from _event(words, event, zone)
    yield ""
    yield words("care.summary.made", moment=words.moment(made_at, zone))


def _event(words: Words, event: CaseEvent, zone: ZoneInfo) -> Iterator[str]:
    what = words(f"care.event.{event.kind.value}", who=words("care.summary.somebody"))
    yield words("care.summary.event", moment=words.moment(event.at, zone), what=what)
    if event.note:
        yield from (f"    {line}" for line in event.note.splitlines())


def _person(words: Words, file: CaseFile) -> str:
    if file.case.source is CaseSource.CONCERN:
        return words("care.case.person_concern")
    if file.code is None:
        return words("care.case.person_no_code" if file.person else "care.case.person_visitor")
    return words("care.case.person_code", code=file.code)
