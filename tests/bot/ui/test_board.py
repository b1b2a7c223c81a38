"""A board that fits Discord's limits, however much waits."""

from bot.domain.board import BoardName, BoardState
from bot.domain.case import Severity
from bot.text import Words
from bot.ui.board import board_card
from tests.bot.domain.test_board import row

LIMIT = 4000


def test_sixty_urgent_requests_fit_on_the_board(words: Words) -> None:
    rows = tuple(row(f"K7Q{number:02}", Severity.NOW, number) for number in range(60))

    card = board_card(words, BoardState(name=BoardName.TEAM, rows=rows))

    body = [card.body] if isinstance(card.body, str) else card.body
    assert sum(len(part) for part in body) < LIMIT
    assert "60" in body[0]
