"""Plans of two people: drafted in private, put forward, and in force once both have signed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.delivery import Kind, Personal, Priority
from bot.domain.ids import PairId, ParticipantId, PlanVersionId, new_id
from bot.domain.localtime import local_day, resolve
from bot.domain.pair import Pair, Space
from bot.domain.participant import Participant
from bot.domain.plan import (
    FURTHEST_REVIEW,
    JOINT,
    LONGEST,
    MOST_LINES,
    PAGE_LONGEST,
    REVIEW_AFTER,
    REVIEW_AT,
    PlanDraft,
    PlanSection,
    PlanVersion,
    PlanView,
    Signing,
    in_force_of,
    trimmed,
)
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.pair_mail import PAIR
from bot.services.pair_ports import Heed, Outbox, PairStore
from bot.services.pairs import is_theirs

PLAN = Kind(name="pair.plan", priority=Priority.INTERACTIVE)
"""A version was put forward, or signed."""

PLAN_REVIEW = Kind(name="pair.plan_review", priority=Priority.REMINDER)
PLAN_KINDS = (PLAN, PLAN_REVIEW)
ASKED_FOR = timedelta(days=14)
"""How long someone may still be asked to look at a plan again."""


class PlanStore(Protocol):
    """Plans."""

    async def seal_draft(
        self, pair_id: PairId, participant_id: ParticipantId, draft: PlanDraft
    ) -> Mapping[str, bytes]: ...
    async def keep_draft(
        self,
        pair_id: PairId,
        participant_id: ParticipantId,
        sealed: Mapping[str, bytes],
        tx: Any,
    ) -> None: ...
    async def draft(self, pair_id: PairId, participant_id: ParticipantId) -> PlanDraft | None: ...
    async def drop_draft(self, pair_id: PairId, participant_id: ParticipantId, tx: Any) -> None: ...
    async def seal_parts(self, version: PlanVersion) -> Mapping[tuple[str, str], bytes]: ...
    async def add(
        self, version: PlanVersion, sealed: Mapping[tuple[str, str], bytes], tx: Any
    ) -> bool: ...
    async def versions(self, pair_id: PairId) -> Sequence[PlanVersion]: ...
    async def get(self, version_id: str) -> PlanVersion | None: ...
    async def newest(self, pair_id: PairId, tx: Any) -> PlanVersionId | None: ...
    async def sign(
        self, version_id: PlanVersionId, participant_id: ParticipantId, at: datetime, tx: Any
    ) -> bool: ...
    async def seal_joint(self, version: PlanVersion) -> bytes: ...
    async def enforce(
        self,
        version: PlanVersion,
        sealed: bytes,
        *,
        at: datetime,
        review_at: datetime | None,
        tx: Any,
    ) -> bool: ...
    async def due(self, now: datetime) -> Sequence[tuple[PlanVersionId, PairId]]: ...
    async def next_at(self) -> datetime | None: ...
    async def told(self, version_id: PlanVersionId, tx: Any) -> bool: ...
    async def write_page(
        self, pair_id: PairId, participant_id: ParticipantId, text: str, at: datetime
    ) -> None: ...
    async def page(self, pair_id: PairId, participant_id: ParticipantId) -> str: ...
    async def bury(self) -> int: ...


class PlanService:
    """Keeps drafts and pages to their author, and a plan in force only by two signatures."""

    def __init__(
        self,
        *,
        store: PlanStore,
        pairs: PairStore,
        database: Transactor,
        outbox: Outbox,
        heed: Heed,
        clock: Clock,
    ) -> None:
        self._store = store
        self._pairs = pairs
        self._database = database
        self._outbox = outbox
        self._heed = heed
        self._clock = clock

    async def view(self, space: Space) -> PlanView:
        """Return what one person sees of the plan."""
        versions = await self._store.versions(space.pair_id)
        in_force = in_force_of(versions)
        newest = versions[0] if versions else None
        return PlanView(
            in_force=in_force,
            waiting=None if newest is None or newest.is_in_force else newest,
            has_draft=await self.draft(space) is not None,
        )

    async def versions(self, space: Space) -> Sequence[PlanVersion]:
        """Return every version put forward, the latest first."""
        return await self._store.versions(space.pair_id)

    async def version(self, space: Space, version_id: str) -> PlanVersion:
        """Return a version.

        Raises:
            UserError: It is not this pair's, or gone.
        """
        version = await self._store.get(version_id)
        if version is None or version.pair_id != space.pair_id:
            raise UserError("plan.gone")
        return version

    async def signed(self, space: Space, version_id: str) -> PlanVersion:
        """Return a version to use and to take along.

        Raises:
            UserError: Not both have signed it.
        """
        version = await self.version(space, version_id)
        if not version.is_in_force:
            raise UserError("plan.not_signed")
        return version

    async def draft(self, space: Space) -> PlanDraft | None:
        """Return what this person writes at."""
        return await self._store.draft(space.pair_id, space.mine)

    async def begin(self, space: Space, texts: Mapping[PlanSection, str]) -> PlanDraft:
        """Begin a draft with some words, in place of the one there was."""
        day = local_day(self._clock(), ZoneInfo(space.zone)) + REVIEW_AFTER
        whole = {section: trimmed(texts.get(section, "")) for section in PlanSection}
        draft = PlanDraft(texts=whole, review_on=day)
        sealed = await self._store.seal_draft(space.pair_id, space.mine, draft)
        async with self._database.transaction() as tx:
            await self._store.drop_draft(space.pair_id, space.mine, tx)
            await self._store.keep_draft(space.pair_id, space.mine, sealed, tx)
        return draft

    async def write(
        self, participant: Participant, space: Space, section: PlanSection, text: str
    ) -> None:
        """Keep one section of a draft; the others stay.

        Raises:
            UserError: It is too long, or has too many lines.
        """
        text = trimmed(text)
        if len(text) > LONGEST:
            raise UserError("plan.too_long", n=LONGEST)
        if len(text.splitlines()) > MOST_LINES:
            raise UserError("plan.too_many_lines", n=MOST_LINES)
        await self._keep(space, PlanDraft(texts={section: text}))
        self._heed(participant.user_id, text)

    async def set_review(self, space: Space, day: date) -> None:
        """Choose when both are asked to look at it again.

        Raises:
            UserError: The day is not ahead, or more than a year away.
        """
        check_ahead(day, local_day(self._clock(), ZoneInfo(space.zone)))
        await self._keep(space, PlanDraft(review_on=day))

    async def discard(self, space: Space) -> None:
        """Delete one's draft."""
        async with self._database.transaction() as tx:
            await self._store.drop_draft(space.pair_id, space.mine, tx)

    async def propose(
        self, participant: Participant, space: Space, *, seen: int
    ) -> PlanVersion | None:
        """Put one's draft before the other one, as a new version: a declared act.

        What the other one wrote for themselves goes along as it was.

        Args:
            participant: Who.
            space: Where.
            seen: The number of the latest version this person was shown; 0 for none.

        Returns:
            The version; nothing where another one came meanwhile: the draft stays.

        Raises:
            UserError: Nothing is written.
        """
        draft = await self.draft(space)
        if draft is None or draft.is_empty:
            raise UserError("plan.nothing")
        known = await self._store.versions(space.pair_id)
        if (known[0].number if known else 0) != seen:
            return None
        version = _next(participant.id, space, draft, known, self._clock())
        sealed = await self._store.seal_parts(version)
        async with self._database.transaction() as tx:
            pair = await self._theirs(space, tx)
            if not await self._store.add(version, sealed, tx):
                return None
            await self._store.drop_draft(space.pair_id, space.mine, tx)
            await self._note_other(pair, participant.id, f"put:{version.id}", tx)
        return version

    async def sign(self, participant: Participant, space: Space, version_id: str) -> Signing:
        """Put a person's name under the latest version; with both names it is in force.

        Raises:
            UserError: There is no such version.
        """
        version = await self.version(space, version_id)
        sealed = await self._store.seal_joint(version)
        now = self._clock()
        async with self._database.transaction() as tx:
            pair = await self._theirs(space, tx)
            if await self._store.newest(space.pair_id, tx) != version.id:
                return Signing.STALE
            if not await self._store.sign(version.id, participant.id, now, tx):
                return Signing.ALREADY
            review_at = moment_of(version.review_on, REVIEW_AT, space.zone, now)
            whole = await self._store.enforce(version, sealed, at=now, review_at=review_at, tx=tx)
            if whole or version.put_by != participant.id:
                key = f"signed:{version.id}:{participant.id}"
                await self._note_other(pair, participant.id, key, tx)
        return Signing.IN_FORCE if whole else Signing.SIGNED

    async def page(self, space: Space) -> str:
        """Return this person's private page; empty where there is none."""
        return await self._store.page(space.pair_id, space.mine)

    async def write_page(self, participant: Participant, space: Space, text: str) -> None:
        """Keep a person's private page; nothing else ever depends on it.

        Raises:
            UserError: It is too long.
        """
        text = text.strip()
        if len(text) > PAGE_LONGEST:
            raise UserError("plan.too_long", n=PAGE_LONGEST)
        await self._store.write_page(space.pair_id, space.mine, text, self._clock())
        self._heed(participant.user_id, text)

    async def sweep(self, now: datetime) -> datetime | None:
        """Ask both to look at a plan again, and destroy the keys of what is closed."""
        for version_id, pair_id in await self._store.due(now):
            async with self._database.transaction() as tx:
                if await self._store.told(version_id, tx):
                    await ask_both(
                        self._outbox, await self._pairs.get(pair_id, tx), PLAN_REVIEW, now, tx
                    )
        await self._store.bury()
        return await self._store.next_at()

    async def _keep(self, space: Space, part: PlanDraft) -> None:
        if await self.draft(space) is None:
            await self.begin(space, {})
        sealed = await self._store.seal_draft(space.pair_id, space.mine, part)
        async with self._database.transaction() as tx:
            await self._store.keep_draft(space.pair_id, space.mine, sealed, tx)

    async def _theirs(self, space: Space, tx: Any) -> Pair:
        pair = await self._pairs.get(space.pair_id, tx)
        if pair is None or not is_theirs(pair, space.mine):
            raise UserError("together.closed")
        return pair

    async def _note_other(self, pair: Pair, me: ParticipantId, key: str, tx: Any) -> None:
        other = pair.other(me)
        if other is not None and other.is_in:
            await self._outbox.add(
                PLAN,
                Personal(participant_id=other.participant_id),
                due_at=self._clock(),
                subject_id=pair.id,
                args={PAIR: pair.id},
                key=f"{PLAN.name}:{key}",
                tx=tx,
            )


async def ask_both(outbox: Outbox, pair: Pair | None, kind: Kind, now: datetime, tx: Any) -> None:
    """Ask both the same in the same moment; who left gets nothing."""
    for member in pair.members if pair is not None and pair.is_open else ():
        if member.is_in:
            await outbox.add(
                kind,
                Personal(participant_id=member.participant_id),
                due_at=now,
                subject_id=pair.id if pair is not None else "",
                args={PAIR: pair.id if pair is not None else ""},
                expires_at=now + ASKED_FOR,
                tx=tx,
            )


def check_ahead(day: date, today: date) -> None:
    """Check that a day to look at something again can be one.

    Raises:
        UserError: It is not ahead, or more than a year away.
    """
    if not today < day <= today + FURTHEST_REVIEW:
        raise UserError("plan.review_range")


def moment_of(day: date | None, at: Any, zone: str, now: datetime) -> datetime | None:
    """Return when a day's prompt is due; nothing where there is none, or it is past."""
    if day is None:
        return None
    moment = resolve(day, at, ZoneInfo(zone))
    return moment if moment > now else None


def _next(
    me: ParticipantId,
    space: Space,
    draft: PlanDraft,
    known: Sequence[PlanVersion],
    now: datetime,
) -> PlanVersion:
    mine = {who: text for who, text in known[0].mine.items() if who != me} if known else {}
    if own := draft.texts.get(PlanSection.MINE, ""):
        mine[me] = own
    return PlanVersion(
        id=PlanVersionId(new_id()),
        pair_id=space.pair_id,
        number=known[0].number + 1 if known else 1,
        put_by=me,
        put_at=now,
        review_on=draft.review_on,
        texts={section: draft.texts[section] for section in JOINT if draft.texts.get(section)},
        mine=mine,
    )
