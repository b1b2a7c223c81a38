"""Who shares a space with whom, and what one person sees of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.domain.ids import ParticipantId
from bot.domain.pair import Pair, PairKind, PairState, Space, Tool
from bot.domain.participant import Participant
from bot.errors import UserError
from bot.services.pair_ports import PairStore

THREAD = "pair."


def thread_key(pair_id: str) -> str:
    """Name a couple's thread as a place to send to."""
    return f"{THREAD}{pair_id}"


def is_pair(key: str) -> bool:
    """Whether a place is a couple's thread."""
    return key.startswith(THREAD)


SHOWN_CLOSED = timedelta(days=14)
"""How long a space that closed is still named as closed."""


class PairService:
    """Shows spaces to one person at a time, without anything the other did in private."""

    def __init__(self, store: PairStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._partners: Mapping[int, frozenset[int]] = {}
        self._kin: Mapping[int, frozenset[int]] = {}
        self._open: Mapping[str, Pair] = {}

    async def load(self) -> None:
        """Read who is with whom: rooms and the team's conflicts ask without the database."""
        ever = await self._store.in_states({PairState.OPEN, PairState.CLOSED})
        self._open = {pair.id: pair for pair in ever if pair.is_open}
        self._partners, self._kin = _others(self._open.values()), _others(ever)

    def partners(self, user_id: int) -> frozenset[int]:
        """Return who shares an open space with an account, without the database."""
        return self._partners.get(user_id, frozenset())

    def kin(self, user_id: int) -> frozenset[int]:
        """Return who shares a space with an account or once did: no former partner of the team
        learns why the space closed.
        """
        return self._kin.get(user_id, frozenset())

    def open_to(self, user_id: int, pair_id: str) -> Pair | None:
        """Return an open pair of an account's as it was read last, without the database."""
        pair = self._open.get(pair_id)
        return pair if pair is not None and user_id in _accounts(pair) else None

    def is_in_couple(self, user_id: int) -> bool:
        """Whether an account has an open space as a couple, without the database."""
        return any(
            pair.kind is PairKind.COUPLE and user_id in _accounts(pair)
            for pair in self._open.values()
        )

    async def partner_of(
        self, participant_id: ParticipantId, tx: Any = None
    ) -> ParticipantId | None:
        """Return whom someone shares a couple's space with, while both are in it; for the rules."""
        for pair in await self._store.of(participant_id, tx):
            other = pair.other(participant_id)
            is_both = is_theirs(pair, participant_id) and other is not None and other.is_in
            if pair.kind is PairKind.COUPLE and is_both and other is not None:
                return other.participant_id
        return None

    async def spaces(self, participant_id: ParticipantId) -> Sequence[Space]:
        """Return the spaces a person is in, the couple's first."""
        pairs = [
            pair for pair in await self._store.of(participant_id) if is_theirs(pair, participant_id)
        ]
        found = [space for pair in pairs if (space := _space(pair, participant_id))]
        return sorted(found, key=lambda space: space.kind is not PairKind.COUPLE)

    async def space(
        self, participant: Participant, tool: Tool, pair_id: str | None = None
    ) -> Space:
        """Return a person's space for a tool; the couple's, unless another is named.

        Raises:
            UserError: They have none; or the one named is over, in the same words whatever
                the reason.
        """
        spaces = [one for one in await self.spaces(participant.id) if one.has(tool)]
        if pair_id is not None:
            spaces = [one for one in spaces if one.pair_id == pair_id]
            if not spaces:
                raise UserError("together.closed")
        if not spaces:
            raise UserError("together.none")
        return spaces[0]

    async def closed_for(self, participant_id: ParticipantId) -> Sequence[Pair]:
        """Return the spaces that closed on a person who had not left them, for two weeks."""
        since = self._clock() - SHOWN_CLOSED
        return [
            pair
            for pair in await self._store.of(participant_id)
            if pair.closed_at is not None
            and pair.closed_at > since
            and (me := pair.member(participant_id)) is not None
            and me.is_in
        ]


def is_theirs(pair: Pair, participant_id: ParticipantId) -> bool:
    """Whether a person is in an open pair."""
    me = pair.member(participant_id)
    return pair.is_open and me is not None and me.is_in


def _accounts(pair: Pair) -> frozenset[int]:
    return frozenset(member.user_id for member in pair.members)


def _others(pairs: Iterable[Pair]) -> Mapping[int, frozenset[int]]:
    """Return for each account who else is in its pairs."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        for account in _accounts(pair):
            found[account] |= _accounts(pair) - {account}
    return {account: frozenset(others) for account, others in found.items()}


def _space(pair: Pair, participant_id: ParticipantId) -> Space | None:
    """Cut from a pair what one of the two may see of it."""
    me, other = pair.member(participant_id), pair.other(participant_id)
    if me is None or pair.opened_at is None:
        return None
    return Space(
        pair_id=pair.id,
        kind=pair.kind,
        zone=pair.zone,
        mine=participant_id,
        my_user_id=me.user_id,
        partner_user_id=other.user_id if other else 0,
        thread_id=pair.thread_id,
        opened_at=pair.opened_at,
    )
