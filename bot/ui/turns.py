"""The cards of speaking and listening in turns."""

from discord import ButtonStyle

from bot.domain.localtime import find_zone
from bot.domain.pair import Space
from bot.domain.turn import Move, Turn, TurnStep
from bot.text import Words
from bot.ui.cards import Accent, Card, Item, button

MOVES: dict[TurnStep, tuple[Move, ...]] = {
    TurnStep.SPEAK: (Move.SAID, Move.STOP),
    TurnStep.SAY_BACK: (Move.SAID_BACK, Move.STOP),
    TurnStep.CHECK: (Move.YES, Move.NOT_QUITE, Move.STOP),
}


def begin_card(words: Words, space: Space, turn: Turn | None) -> Card:
    """Say how it goes, or that a talk is on; both see it alike."""
    body = [words("turns.what"), words("turns.how"), words("turns.text"), words("turns.sees")]
    rows: list[list[Item]] = []
    if turn is None:
        begin = words("turns.begin")
        rows.append(
            [button("turns:v1:begin", space.pair_id, label=begin, style=ButtonStyle.success)]
        )
    else:
        body.append(words("turns.is_on" if turn.is_on else "turns.to_decide"))
    rows.append(_ways(words))
    return Card(title=words("together.tool.turns"), body=body, rows=rows)


def begun_card(words: Words) -> Card:
    """Say that the card is in the thread."""
    return Card(body=words("turns.begun"), rows=[_ways(words)])


def turn_card(words: Words, turn: Turn, accounts: dict[str, int], zone: str) -> Card:
    """Make the card in the couple's thread; it is the same for both.

    Args:
        words: The programme's language.
        turn: The talk.
        accounts: The two accounts, as `speaker` and `listener`.
        zone: Whose clock the end is told by.
    """
    at = words.time(turn.ends_at, find_zone(zone))
    names = {role: f"<@{account}>" for role, account in accounts.items()}
    step = turn.step
    body = [words(f"turns.step.{step.value}", **names)]
    rows: list[list[Item]] = []
    if turn.is_on:
        body.append(words("turns.until", at=at))
        rows.append(
            [
                button(
                    f"turns:v1:{move.value}",
                    turn.pair_id,
                    turn.id,
                    turn.moves,
                    label=words(f"turns.move.{move.value}"),
                    style=ButtonStyle.secondary if move is Move.STOP else ButtonStyle.primary,
                )
                for move in MOVES[step]
            ]
        )
    elif step is TurnStep.DECIDING:
        rows.append([button("turns:v1:keep", turn.pair_id, turn.id, label=words("turns.keep"))])
    return Card(title=words("together.tool.turns"), body=body, rows=rows, accent=Accent.WARM)


def kept_card(words: Words) -> Card:
    """Say to one of the two that their tap is taken; it says nothing of the other one."""
    return Card(body=words("turns.keep_saved"))


def _ways(words: Words) -> list[Item]:
    return [
        button("together:v1:home", label=words("core.back")),
        button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
    ]
