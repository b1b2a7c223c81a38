"""The script of a rehearsal, walked through step by step, and how it went."""

from datetime import timedelta

from discord import ButtonStyle
from discord.utils import format_dt

from bot.content import Script
from bot.domain.rehearsal import Outcome, Rehearsal
from bot.text import Words
from bot.ui.cards import Accent, Card, Item, button

MINUTE = timedelta(minutes=1)


def play_card(words: Words, rehearsal: Rehearsal, script: Script) -> Card:
    """Show the scene, what was done, and the one step to do now."""
    current = None if rehearsal.is_over else rehearsal.next_step(script.step_ids)
    lines = []
    for number, step in enumerate(script.steps, start=1):
        done = rehearsal.done.get(step.id)
        key = "done" if done else "now" if step.id == current else "later"
        lines.append(
            words(
                f"rehearsal.step.{key}",
                number=number,
                text=step.text,
                who=f"<@{done.by}>" if done else "",
            )
        )
    about = words(
        "rehearsal.about",
        who=f"<@{rehearsal.started_by}>",
        since=format_dt(rehearsal.started_at, "R"),
        ref=rehearsal.case_ref,
    )
    return Card(
        title=words("rehearsal.title", title=script.title),
        body=[script.scene, about, "\n".join(lines), *_end(words, rehearsal, current)],
        rows=_rows(words, rehearsal, current),
        accent=Accent.WARM,
        footer=words("rehearsal.footer"),
    )


def summary_card(words: Words, outcome: Outcome, script: Script) -> Card:
    """Say how long it took and how far they came; nobody is blamed for anything."""
    done = len(outcome.rehearsal.done.keys() & set(script.step_ids))
    return Card(
        title=words("rehearsal.summary.title", title=script.title),
        body=[
            "\n".join(
                (
                    _took(words, "claim", outcome.claim),
                    _took(words, "contact", outcome.contact),
                    words("rehearsal.summary.steps", done=done, all=len(script.steps)),
                )
            ),
            words("rehearsal.summary.after"),
        ],
        accent=Accent.WARM,
        footer=words("rehearsal.footer"),
    )


def started_card(words: Words, rehearsal: Rehearsal, script: Script) -> Card:
    """Tell the lead who started it where it is played."""
    said = words("rehearsal.started", title=script.title, ref=rehearsal.case_ref)
    return Card(body=said, rows=[[_end_button(words, rehearsal)]])


def _end(words: Words, rehearsal: Rehearsal, current: str | None) -> list[str]:
    if rehearsal.is_over:
        return [words("rehearsal.is_over")]
    return [] if current else [words("rehearsal.all_done")]


def _rows(words: Words, rehearsal: Rehearsal, current: str | None) -> list[list[Item]]:
    if rehearsal.is_over:
        return []
    row = [_end_button(words, rehearsal)]
    if current is not None:
        label = words("rehearsal.done_button")
        done = button(
            "rehearse:v1:done", rehearsal.id, current, label=label, style=ButtonStyle.success
        )
        row.insert(0, done)
    return [row]


def _end_button(words: Words, rehearsal: Rehearsal) -> Item:
    return button("rehearse:v1:end", rehearsal.id, label=words("rehearsal.end_button"))


def _took(words: Words, what: str, span: timedelta | None) -> str:
    if span is None:
        return words(f"rehearsal.summary.no_{what}")
    return words(f"rehearsal.summary.{what}", n=max(round(span / MINUTE), 1))
