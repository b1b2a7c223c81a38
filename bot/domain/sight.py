"""Who can look into private threads, and who must not."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.place import PlaceKey


@dataclass(frozen=True, kw_only=True, slots=True)
class Onlooker:
    """One account and what Discord lets it do at the parent of private threads.

    Attributes:
        is_let_in: Discord always lets them look: the owner, administrators, the bot itself.
        keeps: They may manage threads there, and so read every one.
    """

    user_id: int
    is_let_in: bool
    sees: bool
    keeps: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """Who sees what under one parent.

    Attributes:
        guests: Who is in a thread that is not theirs, by thread.
        renamed: Threads whose name was changed by hand.
    """

    key: PlaceKey
    onlookers: Collection[Onlooker] = ()
    guests: Collection[tuple[int, int]] = ()
    renamed: Collection[int] = ()


def intruders(sight: Sight, allowed: Collection[int]) -> frozenset[int]:
    """Return who sees the parent and should not, or could read every thread under it.

    Whom Discord always lets in is left out: people are told how many these are.
    """
    return frozenset(
        one.user_id
        for one in sight.onlookers
        if not one.is_let_in and one.sees and (one.keeps or one.user_id not in allowed)
    )
