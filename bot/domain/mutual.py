"""The one list of acts between two people that the other one is meant to see.

Everything a person does in a shared space is private unless it is one of these. The tests of
what a partner can observe hold every other act to leave no trace at all.
"""

from enum import StrEnum


class MutualAct(StrEnum):
    """A declared act: whoever does it was told beforehand that the other one sees it."""

    OPENED = "opened"
    """Both chose to share, so both see both answers."""

    PAUSE_CALLED = "pause_called"
    """The thread holds still for both, until a time that both see."""

    PAUSE_LONGER = "pause_longer"
    """A pause was made longer; both see the new time, not who asked."""

    PAUSE_READY = "pause_ready"
    """Both tapped *Ready*: the soft start comes. One alone shows nothing."""

    TURN = "turn"
    """Whose turn it is, and what was said in it."""

    RITUAL = "ritual"
    """An intention, and the thanks for it."""

    SHARED_DAY = "shared_day"
    """A day on which both did the ritual stands in the calendar of both."""

    SIGNED = "signed"
    """A version of a plan carries the names of who signed it."""

    PROPOSED = "proposed"
    """A plan's draft, or an agreement, was put before the other one."""

    ANSWERED = "answered"
    """Agree, discuss or not now, to an agreement put forward."""

    WITHDRAWN = "withdrawn"
    """An agreement one put forward was taken back."""

    SIGNS_SHARED = "signs_shared"
    """The list of one's own warning signs that the other one may send."""

    NOTICED = "noticed"
    """A sign the receiver chose themselves was sent to them."""

    HARD_DAY_TOLD = "hard_day_told"
    """Someone chose to tell the other one of a hard day."""

    THANKED = "thanked"
    """An appreciation reached the other one; the sender is not told when."""

    SAID = "said"
    """Words from the composer were sent."""

    GOAL_SHARED = "goal_shared"
    """Both accepted a goal and chose to show their days."""
