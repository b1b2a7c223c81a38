"""Whose tap it is in a talk in turns, and how words are put together."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.ids import PairId, ParticipantId, TurnId
from bot.domain.own_note import Weight, weight
from bot.domain.saying import compose
from bot.domain.turn import LASTS, Move, Turn, TurnStep, may, moved

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
ADA, BEN = ParticipantId("ada"), ParticipantId("ben")


def turn(step: TurnStep) -> Turn:
    return Turn(
        id=TurnId("t"),
        pair_id=PairId("p"),
        begun_by=ADA,
        speaker=ADA,
        step=step,
        begun_at=NOW,
        ends_at=NOW + LASTS,
    )


@pytest.mark.parametrize(
    ("step", "move", "whose"),
    [
        (TurnStep.SPEAK, Move.SAID, [ADA]),
        (TurnStep.SPEAK, Move.SAID_BACK, []),
        (TurnStep.SAY_BACK, Move.SAID_BACK, [BEN]),
        (TurnStep.SAY_BACK, Move.SAID, []),
        (TurnStep.CHECK, Move.YES, [ADA]),
        (TurnStep.CHECK, Move.NOT_QUITE, [ADA]),
        (TurnStep.CHECK, Move.STOP, [ADA, BEN]),
        (TurnStep.DECIDING, Move.STOP, []),
        (TurnStep.KEPT, Move.SAID, []),
    ],
)
def test_whose_tap_it_is(step: TurnStep, move: Move, whose: list[ParticipantId]) -> None:
    assert [who for who in (ADA, BEN) if may(turn(step), who, move)] == whose


@pytest.mark.parametrize(
    ("step", "move", "after", "speaker"),
    [
        (TurnStep.SPEAK, Move.SAID, TurnStep.SAY_BACK, ADA),
        (TurnStep.SAY_BACK, Move.SAID_BACK, TurnStep.CHECK, ADA),
        (TurnStep.CHECK, Move.YES, TurnStep.SPEAK, BEN),
        (TurnStep.CHECK, Move.NOT_QUITE, TurnStep.SPEAK, ADA),
        (TurnStep.SAY_BACK, Move.STOP, TurnStep.DECIDING, ADA),
    ],
)
def test_what_a_tap_does(
    step: TurnStep, move: Move, after: TurnStep, speaker: ParticipantId
) -> None:
    later = moved(turn(step), move, BEN, NOW + timedelta(minutes=1))

    assert (later.step, later.speaker, later.moves) == (after, speaker, 1)


@pytest.mark.parametrize(
    ("leads", "parts", "text"),
    [
        (["I feel", "when"], ["tense", "plans change"], "I feel tense.\nWhen plans change."),
        (["I feel"], ["I feel sad."], "I feel sad."),
        (["I feel", "when"], ["  ", "it\n is late?"], "When it is late?"),
        (["", "I can"], ["no lead", ""], "No lead."),
        (["I feel"], [""], ""),
    ],
)
def test_parts_are_put_together(leads: list[str], parts: list[str], text: str) -> None:
    assert compose(leads, parts) == text


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, Weight.LIGHT), (2, Weight.LIGHT), (3, Weight.SOME), (5, Weight.SOME), (6, Weight.MUCH)],
)
def test_words_after_a_look(count: int, expected: Weight) -> None:
    assert weight(["item"] * count) is expected
