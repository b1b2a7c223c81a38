"""Whether the screen works: tested at the start and each hour, and said aloud where it does not."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Protocol, TypeAlias

from bot.clock import Clock
from bot.domain.delivery import Args, Channel, Kind, Priority
from bot.domain.place import PlaceKey
from bot.domain.watch import BACKLOG, NAMED, TEST_EVERY, TRY_AGAIN, Post, Trouble
from bot.services.outbox_port import Outbox
from bot.services.watch import WatchService

log = logging.getLogger(__name__)

DOWN = Kind(name="watch.down", priority=Priority.CASE, honours_away=False, honours_quiet=False)
BACK = Kind(
    name="watch.back", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)
DOWN_SINCE = "down_since"
Changed: TypeAlias = Callable[[], Awaitable[None]]
WHY, SINCE, COUNT, LATE, POSTS = "why", "since", "count", "late", "posts"


class HealthStore(Protocol):
    """What this service needs of the store."""

    async def moment(self, name: str) -> datetime | None: ...
    async def set_moment(self, name: str, at: datetime | None) -> None: ...
    async def count_unscreened(self, more: int) -> int: ...
    async def clear_unscreened(self) -> None: ...


class WatchHealth:
    """Tests the screen, tells the leads when it is down and when it is back."""

    def __init__(
        self, *, store: HealthStore, watch: WatchService, outbox: Outbox, clock: Clock
    ) -> None:
        self._store = store
        self._watch = watch
        self._lookout = watch.lookout
        self._outbox = outbox
        self._clock = clock
        self._tested_at: datetime | None = None
        self._down_since: datetime | None = None
        self._changed: list[Changed] = []

    async def load(self) -> None:
        """Read since when it is down."""
        self._down_since = await self._store.moment(DOWN_SINCE)

    def on_change(self, callback: Changed) -> None:
        """Call this after the screen went down or came back."""
        self._changed.append(callback)

    @property
    def down_since(self) -> datetime | None:
        """Since when the screen is down; nothing while it works."""
        return self._down_since

    @property
    def is_down(self) -> bool:
        """Whether the screen is down."""
        return self._down_since is not None

    async def sweep(self, now: datetime) -> datetime | None:
        """Test the screen where it is time to, and say what changed."""
        every = TRY_AGAIN if self.is_down else TEST_EVERY
        is_due = self._tested_at is None or not self._tested_at <= now < self._tested_at + every
        is_behind = self._watch.backlog > BACKLOG
        trouble = Trouble.BACKLOG if is_behind else None
        if is_due and not is_behind:
            self._tested_at = now
            if not await asyncio.to_thread(self._lookout.passes):
                trouble = Trouble.SELF_TEST
            elif self.is_down:
                await self._back(now)
        if self._lookout.is_failing and trouble is None:
            trouble = Trouble.FAULT
        if trouble is not None:
            await self._down(now, trouble)
        every = TRY_AGAIN if self.is_down else TEST_EVERY
        return (self._tested_at or now) + every

    async def _down(self, now: datetime, trouble: Trouble) -> None:
        if self._down_since is None:
            self._down_since = now
            self._lookout.is_failing = False
            await self._store.set_moment(DOWN_SINCE, now)
            log.error("screening is down: %s", trouble.value)
            await self._say_so()
        await self._count()
        await self._tell(
            DOWN,
            now,
            {WHY: trouble.value, SINCE: self._down_since.isoformat()},
            key=f"{DOWN.name}:{self._down_since.isoformat()}:{now:%Y%m%d}",
        )

    async def _back(self, now: datetime) -> None:
        """Screen what was left meanwhile, and say what could not be."""
        assert self._down_since is not None
        self._lookout.is_failing = False
        missed, late = list(self._lookout.missed), 0
        self._lookout.missed.clear()
        lost: list[Post] = []
        for post in missed:
            if await self._watch.look(post):
                late += 1
            else:
                lost.append(post)
            await asyncio.sleep(0)
        # A text that fails by itself is named below; the screen works.
        self._lookout.is_failing = False
        self._lookout.dropped += len(lost)
        count = await self._count()
        await self._tell(
            BACK,
            now,
            {
                SINCE: self._down_since.isoformat(),
                LATE: str(late),
                COUNT: str(count),
                POSTS: " ".join(_places(lost)),
            },
            key=f"{BACK.name}:{self._down_since.isoformat()}",
        )
        log.warning("screening works again; %d texts were not screened", count)
        self._down_since = None
        await self._store.set_moment(DOWN_SINCE, None)
        await self._store.clear_unscreened()
        await self._say_so()

    async def _say_so(self) -> None:
        for callback in self._changed:
            await callback()

    async def _count(self) -> int:
        more, self._lookout.dropped = self._lookout.dropped, 0
        return await self._store.count_unscreened(more)

    async def _tell(self, kind: Kind, now: datetime, args: Args, *, key: str) -> None:
        await self._outbox.add(
            kind, Channel(key=PlaceKey.CHANNEL_LEAD), due_at=now, args=args, key=key
        )


def _places(posts: Iterable[Post]) -> list[str]:
    """Name where the first of some posts are."""
    named = [post for post in posts if post.message_id is not None]
    return [f"{post.channel_id}/{post.message_id}" for post in named[:NAMED]]
