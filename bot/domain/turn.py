"""Speaking and listening in turns: one speaks, the other says back what they heard."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import PairId, ParticipantId, TurnId

LASTS = timedelta(minutes=10)
DECIDES = timedelta(minutes=10)
"""How long both may say that they would keep what was written."""


class TurnStep(StrEnum):
    """Where it stands."""

    SPEAK = "speak"
    SAY_BACK = "say_back"
    CHECK = "check"
    DECIDING = "deciding"
    KEPT = "kept"
    REMOVING = "removing"
    REMOVED = "removed"
    REFUSED = "refused"
    """Discord does not let the bot remove what was written."""


class Move(StrEnum):
    """What one of the two taps."""

    SAID = "said"
    SAID_BACK = "said_back"
    YES = "yes"
    NOT_QUITE = "not_quite"
    STOP = "stop"


TALKING = frozenset({TurnStep.SPEAK, TurnStep.SAY_BACK, TurnStep.CHECK})


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One talk in turns.

    Attributes:
        moves: How often something was tapped: a card knows by it whether it is still the last.
        thread_id: The thread it is in.
        ends_at: When it is over; earlier where one of the two stopped.
        decide_at: Until when both may say that they would keep what was written.
    """

    id: TurnId
    pair_id: PairId
    begun_by: ParticipantId
    speaker: ParticipantId
    step: TurnStep = TurnStep.SPEAK
    moves: int = 0
    thread_id: int | None = None
    begun_at: datetime
    ends_at: datetime
    decide_at: datetime | None = None

    @property
    def is_on(self) -> bool:
        """Whether the two are talking."""
        return self.step in TALKING


def may(turn: Turn, who: ParticipantId, move: Move) -> bool:
    """Whether it is this person's to tap: the speaker's, the listener's, or for a stop both's."""
    if not turn.is_on:
        return False
    if move is Move.STOP:
        return True
    is_speaker = who == turn.speaker
    wanted = {
        Move.SAID: (TurnStep.SPEAK, True),
        Move.SAID_BACK: (TurnStep.SAY_BACK, False),
        Move.YES: (TurnStep.CHECK, True),
        Move.NOT_QUITE: (TurnStep.CHECK, True),
    }
    return wanted[move] == (turn.step, is_speaker)


def moved(turn: Turn, move: Move, other: ParticipantId, now: datetime) -> Turn:
    """Return the talk after a tap.

    Args:
        turn: One that is on.
        move: One that may be made.
        other: Who of the two does not speak now.
        now: When.
    """
    counted = replace(turn, moves=turn.moves + 1)
    if move is Move.STOP:
        return over(counted, now)
    if move is Move.SAID:
        return replace(counted, step=TurnStep.SAY_BACK)
    if move is Move.SAID_BACK:
        return replace(counted, step=TurnStep.CHECK)
    if move is Move.YES:
        return replace(counted, step=TurnStep.SPEAK, speaker=other)
    return replace(counted, step=TurnStep.SPEAK)


def over(turn: Turn, now: datetime) -> Turn:
    """Return the talk as it is when it ends, and what was written is to be decided about."""
    ended = min(now, turn.ends_at)
    return replace(turn, step=TurnStep.DECIDING, ends_at=ended, decide_at=now + DECIDES)
