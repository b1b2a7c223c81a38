"""Watching over what people write: each text is screened, and what is found is followed up."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.case import CaseSource, Circle, Severity
from bot.domain.delivery import Kind, Personal, Priority
from bot.domain.ids import HitId, ParticipantId, new_id
from bot.domain.participant import Delivery, Participant, SafeContact
from bot.domain.risk import RiskClass, RiskFinding, Tier
from bot.domain.room import Room
from bot.domain.watch import (
    CARD_EVERY,
    CARD_LIFE,
    GROUPS,
    QUEUE,
    TRIAL,
    Hit,
    Post,
    Where,
    rises,
    severity_of,
)
from bot.services.cases import AskOutcome
from bot.services.database_port import Transactor
from bot.services.lookout import Lookout
from bot.services.outbox_port import Outbox

log = logging.getLogger(__name__)

CARD = Kind(name="watch.card", priority=Priority.RECEIPT, honours_away=False, honours_quiet=False)
HIT = "hit"
BATCH = 100
LAST_SECONDS = 5.0
TURN_SECONDS = 0.002
"""How long texts are screened before the rest of the bot has its turn again."""
STARTED = "started_at"


class HitStore(Protocol):
    """What this service needs of the store."""

    async def seal(self, hit: Hit, text: str) -> bytes: ...
    async def add(self, hit: Hit, excerpt: bytes | None, tx: Any = None) -> bool: ...
    async def save(self, hit: Hit, tx: Any = None) -> None: ...
    async def get(self, hit_id: str) -> Hit | None: ...
    async def undone(self, limit: int) -> Sequence[Hit]: ...
    async def page_of_message(self, message_id: int, label: RiskClass) -> bool: ...
    async def last_card(self, user_id: int, since: datetime) -> RiskClass | None: ...
    async def is_silent(self, participant_id: ParticipantId) -> bool: ...
    async def moment(self, name: str) -> datetime | None: ...
    async def set_moment(self, name: str, at: datetime | None) -> None: ...


class Requests(Protocol):
    """Where danger goes."""

    async def ask(
        self,
        user_id: int,
        source: CaseSource = ...,
        severity: Severity = ...,
        detail: str | None = ...,
        *,
        about: str = ...,
        within: Circle = ...,
    ) -> AskOutcome: ...


class Rooms(Protocol):
    """Which channels are rooms, in memory."""

    def by_channel(self, channel_id: int) -> Room | None: ...


class Team(Protocol):
    """Who is on it, in memory."""

    def get(self, user_id: int) -> object | None: ...


class People(Protocol):
    """Who joined."""

    async def find(self, user_id: int) -> Participant | None: ...


class Duty(Protocol):
    """Who may learn of whom."""

    def circle(self, people: Collection[int]) -> Circle: ...


class WatchService:
    """Screens posts and texts one by one, beside whatever else goes on.

    A finding is written down first; what follows from it is done again where it was cut off.
    """

    def __init__(
        self,
        *,
        store: HitStore,
        lookout: Lookout,
        requests: Requests,
        rooms: Rooms,
        staff: Team,
        participants: People,
        duty: Duty,
        outbox: Outbox,
        database: Transactor,
        clock: Clock,
        keeps_excerpts: bool = False,
    ) -> None:
        self._store = store
        self.lookout = lookout
        self._requests = requests
        self._rooms = rooms
        self._staff = staff
        self._participants = participants
        self._duty = duty
        self._outbox = outbox
        self._database = database
        self._clock = clock
        self._keeps = keeps_excerpts
        self._queue: deque[Post] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._following = asyncio.Lock()
        self._both_agreed: Callable[[int, int], bool] | None = None

    def with_threads(self, both_agreed: Callable[[int, int], bool]) -> None:
        """Look at what two people write in their thread too, where both said yes.

        Args:
            both_agreed: Tells it of a thread and of who wrote there.
        """
        self._both_agreed = both_agreed

    @property
    def backlog(self) -> int:
        """How many texts wait to be screened."""
        return len(self._queue)

    def may_screen(self, channel_id: int) -> bool:
        """Whether posts of a channel are screened: only rooms; never what a couple has alone."""
        return self._rooms.by_channel(channel_id) is not None

    def may_follow(self, user_id: int, channel_id: int) -> bool:
        """Whether what somebody posts in a channel is looked at; not what the team writes."""
        return self.may_screen(channel_id) and self._staff.get(user_id) is None

    def heard(
        self,
        user_id: int,
        text: str,
        *,
        channel_id: int,
        parent_id: int | None = None,
        message_id: int | None = None,
    ) -> None:
        """Take a post where it is one to screen; costs next to nothing.

        Args:
            user_id: Who wrote it; no bot and no webhook.
            text: What it says.
            channel_id: Where.
            parent_id: The channel that a thread or a forum's post is in.
            message_id: The message.
        """
        if self._both_agreed is not None and self._both_agreed(channel_id, user_id):
            self.text(user_id, Where.TOGETHER, text)
            return
        if not text or not self.may_follow(user_id, parent_id or channel_id):
            return
        self.offer(
            Post(
                user_id=user_id,
                where=Where.ROOM,
                text=text,
                channel_id=channel_id,
                message_id=message_id,
            )
        )

    def text(self, user_id: int, where: Where, text: str) -> None:
        """Take a text that was given to the bot, after it was kept."""
        if text.strip():
            self.offer(Post(user_id=user_id, where=where, text=text))

    def offer(self, post: Post) -> None:
        """Let a text be screened soon."""
        if len(self._queue) >= QUEUE:
            self.lookout.dropped += 1
            return
        self._queue.append(post)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work(), name="watch")

    async def idle(self) -> None:
        """Wait until nothing is left to screen."""
        while self._worker is not None and not self._worker.done():
            await asyncio.wait({self._worker})

    async def close(self) -> None:
        """Screen what waits, for a few seconds at most."""
        if self._worker is not None and not self._worker.done():
            await asyncio.wait({self._worker}, timeout=LAST_SECONDS)
            self._worker.cancel()

    async def _work(self) -> None:
        begun = monotonic()
        while self._queue:
            post = self._queue.popleft()
            if not await self.look(post):
                self.lookout.keep(post)
            # The gateway goes first, as soon as a turn has taken its time.
            if monotonic() - begun > TURN_SECONDS:
                await asyncio.sleep(0)
                begun = monotonic()

    async def look(self, post: Post) -> bool:
        """Screen a text and follow up what is found; `False` where it could not be screened."""
        found = self.lookout.look(post.text)
        if found is None:
            return False
        if found.is_hit:
            try:
                await self.take(post, found)
            except Exception:
                log.exception("a finding could not be written down")
                self.lookout.is_failing = True
                return False
        return True

    async def take(self, post: Post, found: RiskFinding) -> None:
        """Write a finding down and do what follows from it; the same one counts once."""
        label, tier = found.label, found.tier
        if label is None:
            return
        is_known = (
            post.message_id is not None
            and tier is Tier.REVIEW
            and await self._store.page_of_message(post.message_id, label)
        )
        if is_known:
            return
        participant = await self._participants.find(post.user_id)
        hit = Hit(
            id=HitId(new_id()),
            user_id=post.user_id,
            participant_id=participant.id if participant else None,
            where=post.where,
            label=label,
            tier=tier,
            version=found.version,
            found_at=self._clock(),
            channel_id=post.channel_id,
            message_id=post.message_id,
        )
        excerpt = await self._store.seal(hit, post.text) if self._keeps and post.text else None
        if await self._store.add(hit, excerpt):
            await self._try(hit)

    async def sweep(self, now: datetime) -> datetime | None:
        """Finish what was cut off; and note when watching began."""
        if await self._store.moment(STARTED) is None:
            await self._store.set_moment(STARTED, now)
        for hit in await self._store.undone(BATCH):
            await self._try(hit)
        return None

    async def is_trial(self) -> bool:
        """Whether pages go to the leads alone for now."""
        started = await self._store.moment(STARTED)
        return started is None or self._clock() < started + TRIAL

    async def _try(self, hit: Hit) -> None:
        """Follow a finding up; where that breaks, the sweep does it again."""
        try:
            await self._follow(hit)
        except Exception:
            log.exception("finding %s waits to be followed up", hit.id)

    async def _follow(self, hit: Hit) -> None:
        async with self._following:
            known = await self._store.get(hit.id)
            if known is None or known.is_done:
                return
            if hit.tier is Tier.PAGE:
                await self._page(hit)
            elif self._duty.circle([hit.user_id]) in (Circle.TEAM, Circle.LEADS):
                await self._store.save(replace(hit, is_done=True))
            else:
                # A list that several read would tell whom it is about.
                await self.open_request(hit)

    async def open_request(self, hit: Hit) -> AskOutcome:
        """Make a request of something that waited for a look."""
        outcome = await self._requests.ask(
            hit.user_id, CaseSource.SCREEN, Severity.TODAY, about=hit.label.value
        )
        await self._store.save(replace(hit, case_id=outcome.case_id, is_done=True))
        return outcome

    async def _page(self, hit: Hit) -> None:
        outcome = await self._requests.ask(
            hit.user_id,
            CaseSource.SCREEN,
            severity_of(hit.label, hit.tier),
            about=hit.label.value,
            within=Circle.LEADS if await self.is_trial() else Circle.TEAM,
        )
        told = await self._may_tell(hit)
        done = replace(hit, case_id=outcome.case_id, is_informed=told is not None, is_done=True)
        async with self._database.transaction() as tx:
            await self._store.save(done, tx)
            if told is not None:
                now = self._clock()
                await self._outbox.add(
                    CARD,
                    Personal(participant_id=told),
                    due_at=now,
                    subject_id=outcome.case_id,
                    args={HIT: hit.id},
                    expires_at=now + CARD_LIFE,
                    key=f"{CARD.name}:{hit.id}",
                    tx=tx,
                )

    async def _may_tell(self, hit: Hit) -> ParticipantId | None:
        """Return whom a card goes to; nothing where it would not be safe, or wanted."""
        person = await self._participants.find(hit.user_id)
        if person is None or not person.is_open or hit.label not in GROUPS:
            return None
        chosen = person.preferences
        if chosen.delivery is Delivery.NOTHING or chosen.safe_contact is SafeContact.NEVER:
            return None
        if await self._store.is_silent(person.id):
            return None
        last = await self._store.last_card(hit.user_id, self._clock() - CARD_EVERY)
        return person.id if rises(hit.label, last) else None
