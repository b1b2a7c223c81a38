"""What two people are offered each day and week, and the topics they put forward."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.delivery import (
    Close,
    Decision,
    Kind,
    Occasion,
    Personal,
    Planned,
    Priority,
    Send,
)
from bot.domain.ids import MiddleWayId, PairId, ParticipantId, new_id
from bot.domain.localtime import local_day
from bot.domain.offer import (
    DAILY,
    NOT_AGAIN,
    WEEKLY,
    Candidate,
    MiddleWay,
    Offer,
    closing,
    depth,
    pick,
    way_closing,
)
from bot.domain.opening import Choice, Contribution, Feature, Opened
from bot.domain.pair import Member, Pair, PairKind, Space
from bot.domain.participant import Participant, Profile
from bot.domain.recurrence import Rule
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.openings import OpeningService
from bot.services.outbox_port import Outbox
from bot.services.pair_ports import PairStore
from bot.services.schedules_port import Schedules

QUESTION = Kind(name="pair.question", priority=Priority.PROMPT, is_spread=True)
WEEK = Kind(name="pair.week", priority=Priority.PROMPT, is_spread=True)
MIDDLE_WAY = Kind(name="pair.middle_way", priority=Priority.INTERACTIVE)
RULES: Mapping[str, Rule] = {QUESTION.name: DAILY, WEEK.name: WEEKLY}
FEATURES: Mapping[str, Feature] = {QUESTION.name: Feature.QUESTION, WEEK.name: Feature.WEEKLY}

WAY = "way"
WEEK_SUBJECT = "week"
LONGEST = 1000
MOST_WAYS = 3
OVER = "over"


class OfferStore(Protocol):
    """What was offered."""

    async def offered(self, offer: Offer) -> str | None: ...
    async def keep(self, offer: Offer) -> str: ...
    async def since(self, pair_id: PairId, feature: Feature, moment: datetime) -> Sequence[str]: ...
    async def seal_topic(self, way: MiddleWay) -> bytes: ...
    async def add_way(self, way: MiddleWay, sealed: bytes, tx: Any) -> None: ...
    async def ways(self, pair_id: PairId, now: datetime) -> Sequence[MiddleWay]: ...
    async def way(self, way_id: str) -> MiddleWay | None: ...


class Profiles(Protocol):
    """Who is in which zone, in memory."""

    def by_id(self, participant_id: ParticipantId) -> Profile | None: ...


class OfferService:
    """Offers both the same, takes what each writes, and opens it by the one rule."""

    def __init__(
        self,
        *,
        store: OfferStore,
        openings: OpeningService,
        pairs: PairStore,
        database: Transactor,
        schedules: Schedules,
        outbox: Outbox,
        profiles: Profiles,
        candidates: Mapping[Feature, Sequence[Candidate]],
        draw: Callable[[str], bytes],
        clock: Clock,
    ) -> None:
        self._store = store
        self._openings = openings
        self._pairs = pairs
        self._database = database
        self._schedules = schedules
        self._outbox = outbox
        self._profiles = profiles
        self._candidates = candidates
        self._draw = draw
        self._clock = clock

    async def current(self, space: Space, feature: Feature) -> Offer:
        """Return what a pair is offered now; whoever looks first settles it for both."""
        now = self._clock()
        closes_at = closing(feature, now, space.zone)
        wanted = Offer(
            pair_id=space.pair_id, feature=feature, subject=WEEK_SUBJECT, closes_at=closes_at
        )
        candidates = self._candidates.get(feature)
        if not candidates:
            return wanted
        known = await self._store.offered(wanted)
        if known is not None and any(one.id == known for one in candidates):
            return _with_subject(wanted, known)
        recent = await self._store.since(space.pair_id, feature, closes_at - NOT_AGAIN)
        subject = pick(
            candidates,
            frozenset(recent),
            local_day(closes_at, ZoneInfo(space.zone)),
            deepest=depth(space.opened_at, now),
            draw=self._draw,
            key=f"{space.pair_id}:{feature.value}",
        )
        return _with_subject(wanted, await self._store.keep(_with_subject(wanted, subject)))

    async def write(
        self,
        participant: Participant,
        space: Space,
        *,
        feature: Feature,
        subject: str,
        closes_at: datetime,
        choice: Choice,
        texts: Sequence[str],
    ) -> None:
        """Keep what a person wrote on an offer.

        Raises:
            UserError: Nothing was written, or it is past the hour.
        """
        if not any(text.strip() for text in texts):
            raise UserError("openings.empty")
        await self._openings.contribute(
            participant,
            space,
            feature=feature,
            subject=subject,
            closes_at=closes_at,
            choice=choice,
            text=packed(texts),
            said="\n".join(text.strip() for text in texts if text.strip()),
        )

    async def mine(self, space: Space, offer: Offer) -> Contribution | None:
        """Return what a person wrote on an offer."""
        return await self._openings.mine(space, offer.feature, offer.subject, offer.closes_at)

    async def last(self, space: Space, feature: Feature) -> Opened | None:
        """Return what opened last of a feature."""
        opened = await self._openings.opened(space, feature)
        return opened[0] if opened else None

    async def put_forward(self, participant: Participant, space: Space, topic: str) -> MiddleWay:
        """Put a topic before the other one, which they see: it is a declared act.

        Raises:
            UserError: Nothing was written, or three topics are open.
        """
        if not topic.strip():
            raise UserError("openings.empty")
        now = self._clock()
        if len(await self._store.ways(space.pair_id, now)) >= MOST_WAYS:
            raise UserError("openings.middle.too_many", n=MOST_WAYS)
        way = MiddleWay(
            id=MiddleWayId(new_id()),
            pair_id=space.pair_id,
            participant_id=participant.id,
            topic=topic.strip(),
            at=now,
            closes_at=way_closing(now, space.zone),
        )
        sealed = await self._store.seal_topic(way)
        async with self._database.transaction() as tx:
            await self._store.add_way(way, sealed, tx)
            pair = await self._pairs.get(space.pair_id, tx)
            other = pair.other(participant.id) if pair and pair.is_open else None
            if other is not None and other.is_in:
                await self._outbox.add(
                    MIDDLE_WAY,
                    Personal(participant_id=other.participant_id),
                    due_at=now,
                    subject_id=space.pair_id,
                    args={WAY: way.id},
                    expires_at=way.closes_at,
                    tx=tx,
                )
        self._openings.tell(participant.user_id, way.topic)
        return way

    async def ways(self, space: Space) -> Sequence[MiddleWay]:
        """Return the topics that are open."""
        return await self._store.ways(space.pair_id, self._clock())

    async def way(self, space: Space, way_id: str) -> MiddleWay:
        """Return a topic.

        Raises:
            UserError: It is not this pair's, or over.
        """
        way = await self._store.way(way_id)
        if way is None or way.pair_id != space.pair_id or way.closes_at <= self._clock():
            raise UserError("together.too_late")
        return way

    async def topic(self, space: Space, way_id: str) -> str:
        """Return what a middle way was about; nothing where its author's words are gone."""
        way = await self._store.way(way_id)
        return way.topic if way is not None and way.pair_id == space.pair_id else ""

    async def joined(self, pair: Pair, member: Member, tx: Any) -> None:
        """Ask someone from now on: every morning, and for the week on Saturday."""
        profile = self._profiles.by_id(member.participant_id)
        if pair.kind is PairKind.COUPLE and profile is not None:
            for kind in RULES:
                await self._put(kind, member.participant_id, pair.id, profile.zone, tx)

    async def is_asked(self, space: Space, kind: Kind) -> bool:
        """Whether a person is asked by themselves."""
        address = Personal(participant_id=space.mine)
        found = await self._schedules.find(
            kind=kind.name, address=address, subject_id=space.pair_id
        )
        return found is not None

    async def switch(self, space: Space, kind: Kind, *, on: bool, zone: str) -> None:
        """Let a person be asked, or not; the other one cannot tell."""
        address = Personal(participant_id=space.mine)
        async with self._database.transaction() as tx:
            if on and await self._is_in(space.pair_id, space.mine, tx):
                await self._put(kind.name, space.mine, space.pair_id, zone, tx)
            elif not on:
                await self._schedules.remove(
                    kind=kind.name, address=address, subject_id=space.pair_id, tx=tx
                )

    async def _is_in(self, pair_id: str, participant_id: ParticipantId, tx: Any) -> bool:
        pair = await self._pairs.get(pair_id, tx)
        me = pair.member(participant_id) if pair is not None and pair.is_open else None
        return me is not None and me.is_in

    async def reschedule(self, participant: Participant) -> None:
        """Ask by the clock of the zone a person is in now."""
        for pair in await self._pairs.of(participant.id):
            for kind in RULES:
                address = Personal(participant_id=participant.id)
                async with self._database.transaction() as tx:
                    known = await self._schedules.find(
                        kind=kind, address=address, subject_id=pair.id, tx=tx
                    )
                    if known is not None and await self._is_in(pair.id, participant.id, tx):
                        zone = participant.preferences.zone
                        await self._put(kind, participant.id, pair.id, zone, tx)

    async def plan(
        self, occasions: Sequence[Occasion], now: datetime, tx: Any
    ) -> Sequence[Decision]:
        """Ask while there is time to answer; whether anyone did is not looked at."""
        decisions: list[Decision] = []
        for one in occasions:
            pair = await self._pairs.get(one.schedule.subject_id, tx)
            who = one.schedule.address
            me = pair.member(who.participant_id) if pair and isinstance(who, Personal) else None
            if pair is None or not pair.is_open or me is None or not me.is_in:
                decisions.append(Close(reason=OVER))
            else:
                feature = FEATURES[one.schedule.kind]
                closes_at = closing(feature, one.occurrence.due_at, pair.zone)
                decisions.append(Send(expires_at=closes_at))
        return decisions

    async def record(self, planned: Sequence[Planned], tx: Any) -> None:
        """Keep nothing: a day without an answer is simply one without an answer."""

    async def _put(
        self, kind: str, participant_id: ParticipantId, pair_id: PairId, zone: str, tx: Any
    ) -> None:
        await self._schedules.put(
            kind=kind,
            address=Personal(participant_id=participant_id),
            rule=RULES[kind],
            zone=zone,
            now=self._clock(),
            subject_id=pair_id,
            tx=tx,
        )


def packed(texts: Sequence[str]) -> str:
    """Join what stood in several fields into one text to keep."""
    return json.dumps([text.strip() for text in texts], ensure_ascii=False)


def unpacked(text: str) -> list[str]:
    """Return what stood in the fields; nothing where it cannot be read any more."""
    return [str(part) for part in json.loads(text)] if text else []


def _with_subject(offer: Offer, subject: str) -> Offer:
    return Offer(
        pair_id=offer.pair_id, feature=offer.feature, subject=subject, closes_at=offer.closes_at
    )
