"""The cards of a pause."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from discord import ButtonStyle

from bot.content.couple_texts import CalmingStep, SkillCard
from bot.domain.pair import Space
from bot.domain.pause import CHOICES, MOST_MORE, Pause, PauseState
from bot.text import Words
from bot.ui.cards import Card, Item, Option, button, select


def call_card(words: Words, space: Space, *, is_often: bool) -> Card:
    """Ask how long; whether someone pauses often is said to them alone."""
    options = [
        Option(value=str(minutes), label=words("pause.hours", n=minutes // 60))
        if minutes % 60 == 0
        else Option(value=str(minutes), label=words("pause.minutes", n=minutes))
        for minutes in CHOICES
    ]
    body = [words("pause.what"), words("pause.both_see")]
    if is_often:
        body.append(words("pause.often"))
    rows: list[list[Item]] = [
        [select("pause:v1:call", space.pair_id, options=options, placeholder=words("pause.pick"))],
        [
            button("pause:v1:other", space.pair_id, label=words("pause.other")),
            *_ways(words),
        ],
    ]
    return Card(title=words("together.tool.pause"), body=body, rows=rows)


def running_card(words: Words, pause: Pause, said: bool | None, zone: ZoneInfo) -> Card:
    """Show the pause that is on, as both see it, and what this person said themselves."""
    at = words.moment(pause.returns_at, zone)
    args = (pause.pair_id, pause.id)
    body = [words(f"pause.state.{pause.state.value}", at=at)]
    if said is not None:
        body.append(words("pause.you_ready" if said else "pause.you_not_today"))
    calm = button("pause:v1:calm", pause.pair_id, 0, label=words("pause.calm"))
    rows: list[list[Item]] = [[calm]]
    if pause.state is PauseState.BACK:
        rows.insert(0, back_buttons(words, pause.pair_id, pause))
    elif pause.longer < MOST_MORE:
        rows[0].append(button("pause:v1:more", *args, label=words("pause.more")))
    rows.append(_ways(words))
    return Card(title=words("together.tool.pause"), body=body, rows=rows)


def back_buttons(words: Words, pair_id: str, pause: Pause) -> list[Item]:
    """Make the three answers at the return."""
    args = (pair_id, pause.id)
    is_last = pause.longer >= MOST_MORE
    return [
        button("pause:v1:ready", *args, label=words("pause.ready"), style=ButtonStyle.success),
        button("pause:v1:more", *args, label=words("pause.more"), disabled=is_last),
        button("pause:v1:not_today", *args, label=words("pause.not_today")),
    ]


def return_card(words: Words, space: Space, pause: Pause) -> Card:
    """Ask whether someone is ready."""
    return Card(
        title=words("pause.return_title"),
        body=[words("pause.return_body"), words("pause.return_truth")],
        rows=[back_buttons(words, space.pair_id, pause), _ways(words)],
    )


def answered_card(words: Words, *, ready: bool) -> Card:
    """Say that an answer is kept."""
    key = "you_ready" if ready else "you_not_today"
    return Card(body=[words(f"pause.{key}"), words("pause.return_truth")], rows=[_ways(words)])


def calm_card(words: Words, space: Space, steps: Sequence[CalmingStep], place: int) -> Card:
    """Show one calming step, and the next at a press."""
    step = steps[place % len(steps)]
    args = (space.pair_id, (place + 1) % len(steps))
    return Card(
        title=step.title,
        body=step.text,
        rows=[
            [
                button("pause:v1:calm", *args, label=words("openings.another")),
                button("pause:v1:still", *args, label=words("pause.no_breath")),
            ],
            _ways(words),
        ],
    )


def soft_start_card(words: Words, card: SkillCard) -> Card:
    """Show how to begin again."""
    return Card(
        title=words("pause.soft_title"),
        body=[words("pause.soft_body"), f"**{card.title}**\n{card.text}", card.try_it],
        rows=[[button("together:v1:home", label=words("together.open"))]],
    )


def thread_line(words: Words, pause: Pause, state: PauseState) -> Card:
    """Make the line in the couple's thread; Discord shows the time by each one's own clock."""
    at = f"<t:{int(pause.returns_at.timestamp())}:t>"
    rows: list[list[Item]] = []
    if state in (PauseState.ON, PauseState.BACK):
        rows.append([button("pause:v1:open", pause.pair_id, label=words("together.tool.pause"))])
    return Card(body=words(f"pause.thread.{state.value}", at=at), rows=rows)


def _ways(words: Words) -> list[Item]:
    return [
        button("together:v1:home", label=words("core.back")),
        button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
    ]
