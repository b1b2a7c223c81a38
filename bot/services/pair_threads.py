"""The couples' threads in Discord, and who sees them: whatever is slow, the rows have it right."""

import asyncio
import logging
from collections import defaultdict

from bot.domain.delivery import DeliveryError
from bot.domain.ids import PairId
from bot.domain.pair import Member, Pair, PairKind
from bot.services.pair_ports import Hands, PairStore

log = logging.getLogger(__name__)


class PairThreads:
    """Makes threads, gives and takes sight; what Discord refuses is tried again."""

    def __init__(self, store: PairStore) -> None:
        self._store = store
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def furnish(self, pair_id: PairId, hands: Hands, *, lost: int | None = None) -> bool:
        """Make a couple's thread where there is none; `False` where Discord refuses.

        Args:
            pair_id: Whose.
            hands: Discord.
            lost: A thread that is gone, if it is still the one that is known.
        """
        async with self._locks[pair_id]:
            pair = await self._store.get(pair_id)
            if pair is None or not pair.is_open or pair.kind is not PairKind.COUPLE:
                return True
            if pair.thread_id is not None and pair.thread_id != lost:
                return True
            if pair.thread_id is not None:
                await self._store.keep_thread(pair_id, None)
                pair = await self._store.get(pair_id) or pair
            try:
                thread_id = await hands.open(pair)
            except DeliveryError as error:
                log.warning("the thread of pair %s waits: %s", pair_id, error)
                return False
            await self._store.keep_thread(pair_id, thread_id)
            for member in pair.members:
                if member.is_in:
                    await self._store.keep_sight(pair_id, member.participant_id, sees=True)
        return await self.hide_gone(pair_id, hands)

    async def show(self, pair: Pair, member: Member, hands: Hands) -> None:
        """Let someone who came back see their couple's thread again."""
        if pair.thread_id is None or pair.kind is not PairKind.COUPLE:
            return
        try:
            await hands.show(member.user_id, pair.thread_id)
        except DeliveryError as error:
            log.warning("a member does not see their thread yet: %s", error)
            return
        await self._store.keep_sight(pair.id, member.participant_id, sees=True)
        await self.hide_gone(pair.id, hands)

    async def hide(self, user_id: int, hands: Hands) -> bool:
        """Take someone's sight; `False` where Discord refuses."""
        try:
            await hands.hide(user_id)
        except DeliveryError as error:
            log.error("a member's sight is not taken yet: %s", error)
            return False
        return True

    async def hide_gone(self, pair_id: PairId, hands: Hands) -> bool:
        """Take the sight of who left, also where it was given again meanwhile."""
        pair = await self._store.get(pair_id)
        is_done = True
        for member in pair.members if pair is not None else ():
            if member.is_in or not member.sees:
                continue
            if await self.hide(member.user_id, hands):
                await self._store.keep_sight(pair_id, member.participant_id, sees=False)
            else:
                is_done = False
        return is_done

    async def shut(self, pair: Pair, hands: Hands) -> bool:
        """Shut what is left of a closed pair in Discord; `False` where Discord refuses."""
        if pair.kind is PairKind.COUPLE:
            try:
                await hands.shut(pair)
            except DeliveryError as error:
                log.warning("the thread of pair %s is not shut yet: %s", pair.id, error)
                return False
        await self._store.shut(pair.id)
        return True
