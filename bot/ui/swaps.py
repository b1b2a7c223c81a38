"""Cards of swaps: asked, answered, and those that wait."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from discord import ButtonStyle

from bot.domain.rota import Turn
from bot.domain.swap import Swap, SwapState
from bot.text import Words
from bot.ui.cards import Card, Item, button
from bot.ui.rota import turn_text


def swap_card(
    words: Words,
    swap: Swap,
    turns: tuple[Turn | None, Turn | None],
    zone: ZoneInfo,
    ring: Sequence[int] = (),
) -> Card:
    """Show a request to swap as it stands.

    Args:
        words: The language.
        swap: The request.
        turns: What is given away, and what would be taken in return.
        zone: In whose time.
        ring: Whom it mentions so that it rings; only who is on duty.
    """
    body = [swap_text(words, swap, turns, zone)]
    if swap.state is not SwapState.ASKED:
        body.append(words(f"rota.swap.state.{swap.state.value}", taker=f"<@{swap.taker_id}>"))
        return Card(title=words("rota.swap.title"), body=body)
    return Card(
        title=words("rota.swap.title"), body=body, rows=[swap_buttons(words, swap)], mentions=ring
    )


def swap_text(
    words: Words, swap: Swap, turns: tuple[Turn | None, Turn | None], zone: ZoneInfo
) -> str:
    """Say who asks whom for what."""
    given, back = turns
    if given is None or (swap.back is not None and back is None):
        return words("rota.swap.moved", asker=f"<@{swap.asker_id}>", taker=f"<@{swap.taker_id}>")
    values = {
        "asker": f"<@{swap.asker_id}>",
        "taker": f"<@{swap.taker_id}>",
        "given": turn_text(words, given, zone),
    }
    if back is None:
        return words("rota.swap.asks", **values)
    return words("rota.swap.asks_back", **values, back=turn_text(words, back, zone))


def swap_buttons(words: Words, swap: Swap, viewer_id: int | None = None) -> list[Item]:
    """Make the buttons of a request that waits: those a viewer may press, or all."""
    take_back = button("swap:v1:take_back", swap.id, label=words("rota.swap.take_back"))
    if viewer_id == swap.asker_id:
        return [take_back]
    answers: list[Item] = [
        button(
            "swap:v1:accept",
            swap.id,
            label=words("rota.swap.accept"),
            style=ButtonStyle.success,
        ),
        button("swap:v1:decline", swap.id, label=words("rota.swap.decline")),
    ]
    return answers if viewer_id is not None else [*answers, take_back]
