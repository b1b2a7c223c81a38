"""Builds what deletes by age."""

from datetime import datetime

from bot.app.stores import Stores
from bot.clock import Clock
from bot.config import Settings
from bot.domain.retention import (
    CLASSES,
    EXCERPT_AT_MOST,
    HIDDEN_AFTER_CASE,
    DataClass,
    left_after,
)
from bot.services.erasure import ErasureService
from bot.services.retention import BATCH, Purge, RetentionService


def build_retention(
    stores: Stores, erasure: ErasureService, settings: Settings, clock: Clock
) -> RetentionService:
    """Build it on the stores whose rows have a time of their own."""

    async def outbox(before: datetime) -> int:
        return await stores.outbox.prune(before, BATCH)

    async def cases(before: datetime) -> int:
        return await stores.cases.reduce(before, BATCH)

    async def hidden(before: datetime) -> int:
        [keep] = [one.keep for one in CLASSES if one.kind is DataClass.HIDDEN]
        closed_before = before + keep - HIDDEN_AFTER_CASE
        return await stores.moderation.purge_posts(before, closed_before, BATCH)

    async def moderation(before: datetime) -> int:
        acts = await stores.moderation.purge(before, BATCH)
        return max(acts, await stores.colleague_notes.purge(before, BATCH))

    async def questions(before: datetime) -> int:
        return await stores.questions.purge(before, BATCH)

    async def buddies(before: datetime) -> int:
        return await stores.buddies.purge(before, BATCH)

    async def pairs(before: datetime) -> int:
        return await stores.pairs.purge(before, BATCH)

    return RetentionService(
        purges={
            DataClass.WORD_TRIES: stores.private_words.purge_tries,
            DataClass.OUTBOX: outbox,
            DataClass.CASES: cases,
            **_hits(stores),
            DataClass.HIDDEN: hidden,
            DataClass.MODERATION: moderation,
            DataClass.QUESTIONS: questions,
            DataClass.BUDDIES: buddies,
            **_rota(stores),
            DataClass.PAIRS: pairs,
            DataClass.ACCESS: stores.access.drop_reasons,
        },
        runs=stores.retention,
        people=stores.participants,
        outbox=stores.outbox,
        erasure=erasure,
        keep_left=left_after(settings.left_months),
        clock=clock,
    )


def _hits(stores: Stores) -> dict[DataClass, Purge]:
    async def excerpts(closed_before: datetime) -> int:
        found_before = closed_before + HIDDEN_AFTER_CASE - EXCERPT_AT_MOST
        return await stores.hits.purge_excerpts(closed_before, found_before, BATCH)

    async def hits(before: datetime) -> int:
        return await stores.hits.purge(before, BATCH)

    return {DataClass.EXCERPTS: excerpts, DataClass.HITS: hits}


def _rota(stores: Stores) -> dict[DataClass, Purge]:
    async def dates(before: datetime) -> int:
        gone = await stores.rota.purge(before, BATCH)
        return max(gone, await stores.swaps.purge(before, BATCH))

    async def handovers(before: datetime) -> int:
        return await stores.handovers.purge(before, BATCH)

    return {DataClass.ROTA: dates, DataClass.HANDOVERS: handovers}
