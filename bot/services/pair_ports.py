"""What the pair services need of stores, of Discord and of other services."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from bot.domain.audit import AuditAction, Fact, Subject
from bot.domain.case import CaseSource, Circle, Severity
from bot.domain.consent import ConsentKind
from bot.domain.delivery import Address, Args, Kind, OutboxRow
from bot.domain.ids import OpeningId, PairId, ParticipantId
from bot.domain.opening import Choice, Contribution, Feature, Opening, OpeningState
from bot.domain.pair import Invite, InviteState, Member, Pair, PairKind, PairState
from bot.domain.participant import Participant, Profile

OnMember: TypeAlias = Callable[[Pair, Member, Any], Awaitable[None]]
"""Called with a pair, one of the two and the transaction."""

OnPair: TypeAlias = Callable[[Pair, Any], Awaitable[None]]
"""Called with a pair and the transaction."""


OnOpened: TypeAlias = Callable[[int, int], Awaitable[None]]
"""Called with the two accounts of a space that has just opened."""


Heed: TypeAlias = Callable[[int, str], None]
"""Called with who wrote and what; danger words in it reach the team, and nothing else changes."""


class PairStore(Protocol):
    """Pairs and invitations."""

    async def invite(self, invite: Invite, tx: Any) -> bool: ...
    async def get_invite(self, invite_id: str, tx: Any = None) -> Invite | None: ...
    async def invites_of(
        self, participant_id: ParticipantId, tx: Any = None
    ) -> Sequence[Invite]: ...
    async def waiting_between(
        self, participant_id: ParticipantId, user_id: int, kind: PairKind, tx: Any
    ) -> Invite | None: ...
    async def asked_since(
        self, participant_id: ParticipantId, user_id: int, since: datetime, tx: Any
    ) -> int: ...
    async def settle_invite(self, invite_id: str, state: InviteState, tx: Any) -> bool: ...
    async def end_invites(
        self,
        participant_id: ParticipantId,
        user_id: int,
        kind: PairKind,
        state: InviteState,
        *,
        tx: Any,
    ) -> None: ...
    async def end_wishes(self, participant_id: ParticipantId, tx: Any) -> Sequence[str]: ...
    async def expire(self, now: datetime) -> None: ...
    async def add(self, pair: Pair, tx: Any) -> None: ...
    async def save(self, pair: Pair, tx: Any = None) -> None: ...
    async def keep_thread(self, pair_id: PairId, thread_id: int | None) -> None: ...
    async def keep_sight(
        self, pair_id: PairId, participant_id: ParticipantId, *, sees: bool
    ) -> None: ...
    async def guard(self, pair_id: PairId, at: datetime | None, tx: Any = None) -> None: ...
    async def save_member(self, pair_id: PairId, member: Member, tx: Any = None) -> None: ...
    async def get(self, pair_id: str, tx: Any = None) -> Pair | None: ...
    async def of(self, participant_id: ParticipantId, tx: Any = None) -> Sequence[Pair]: ...
    async def in_states(self, states: Collection[PairState], tx: Any = None) -> Sequence[Pair]: ...
    async def untold(self) -> Sequence[tuple[PairId, Member]]: ...
    async def told(
        self,
        pair_id: PairId,
        participant_id: ParticipantId,
        *,
        is_told: bool = True,
        tx: Any = None,
    ) -> None: ...
    async def by_thread(self, thread_id: int) -> Pair | None: ...
    async def leaving(self) -> Collection[int]: ...
    async def unshut(self) -> Sequence[Pair]: ...
    async def shut(self, pair_id: PairId) -> None: ...
    async def drop(self, pair_id: PairId, tx: Any) -> None: ...


class OpeningStore(Protocol):
    """What opens together."""

    async def ensure(self, opening: Opening, tx: Any) -> Opening: ...
    async def get(self, opening_id: str, tx: Any = None) -> Opening | None: ...
    async def find(
        self, pair_id: PairId, feature: Feature, subject: str, closes_at: datetime
    ) -> Opening | None: ...
    async def due(self, tx: Any, now: datetime, limit: int) -> Sequence[Opening]: ...
    async def next_at(self) -> datetime | None: ...
    async def settle(self, opening_id: OpeningId, state: OpeningState, tx: Any) -> None: ...
    async def seal(self, opening_id: str, participant_id: ParticipantId, text: str) -> bytes: ...
    async def put(
        self,
        opening_id: OpeningId,
        participant_id: ParticipantId,
        choice: Choice,
        *,
        sealed: bytes,
        at: datetime,
        tx: Any,
    ) -> None: ...
    async def narrow(
        self, opening_id: OpeningId, participant_id: ParticipantId, tx: Any
    ) -> bool: ...
    async def choices(self, tx: Any, opening_id: OpeningId) -> Sequence[Contribution]: ...
    async def written(
        self, opening_id: OpeningId, participant_id: ParticipantId
    ) -> Contribution | None: ...
    async def opened(
        self, pair_id: PairId, feature: Feature | None, limit: int
    ) -> Sequence[Opening]: ...
    async def subjects(
        self, pair_id: PairId, feature: Feature, since: datetime
    ) -> Sequence[str]: ...


class Outbox(Protocol):
    """The outbox, as far as pairs need it."""

    async def add(
        self,
        kind: Kind,
        address: Address,
        *,
        due_at: datetime,
        subject_id: str = "",
        args: Args = ...,
        expires_at: datetime | None = None,
        key: str | None = None,
        tx: Any = None,
    ) -> OutboxRow | None: ...
    async def close_for(
        self,
        *,
        now: datetime,
        reason: str,
        participant_id: ParticipantId | None = None,
        subject_id: str | None = None,
        also_sent: bool = False,
        tx: Any = None,
    ) -> int: ...


class Schedules(Protocol):
    """What recurs for a pair."""

    async def remove_subject(
        self, subject_id: str, *, participant_id: ParticipantId | None = None, tx: Any
    ) -> int: ...


class Consents(Protocol):
    """Whether a consent holds."""

    async def given(self, participant_id: ParticipantId, kind: ConsentKind) -> bool: ...


class People(Protocol):
    """Who is who, in memory."""

    def get(self, user_id: int) -> Profile | None: ...
    def by_id(self, participant_id: ParticipantId) -> Profile | None: ...


class Participants(Protocol):
    """Participants, from the store."""

    async def by_id(self, participant_id: ParticipantId) -> Participant | None: ...


class KeepApart(Protocol):
    """The keep-apart list."""

    def others(self, user_id: int) -> frozenset[int]: ...


class Duty(Protocol):
    """Who of the team may learn of something."""

    def circle(self, people: Collection[int]) -> Circle: ...
    def excluded(self, people: Collection[int]) -> frozenset[int]: ...


class Cases(Protocol):
    """Brings something to the team."""

    async def ask(
        self,
        user_id: int,
        source: CaseSource = ...,
        severity: Severity = ...,
        detail: str | None = None,
    ) -> object: ...


class Auditor(Protocol):
    """Writes the audit log."""

    async def record(
        self,
        actor: Subject,
        action: AuditAction,
        subject: Subject,
        *,
        tx: Any = None,
        **facts: Fact,
    ) -> None: ...


class Hands(Protocol):
    """What is done in Discord. Every method raises only `DeliveryError`s."""

    async def open(self, pair: Pair) -> int:
        """Make the couple's thread, let both see it, and return its ID."""

    async def show(self, user_id: int, thread_id: int) -> None:
        """Give someone who came back the sight of the couple threads' parent again."""

    async def hide(self, user_id: int) -> None:
        """Take someone's sight of the couple threads' parent, without a word in any thread."""

    async def shut(self, pair: Pair) -> None:
        """Take both members' sight, lock the thread and archive it."""

    async def is_there(self, thread_id: int) -> bool:
        """Tell whether a thread still exists."""
