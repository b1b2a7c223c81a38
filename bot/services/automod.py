"""Discord's own filter in place of the screen, where the bot can't read messages."""

import logging
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock
from bot.domain.audit import PROGRAMME, AuditAction, Subject
from bot.domain.automod import FilterPlan, Phrase, filter_rules, plain
from bot.domain.delivery import Channel, Kind, Priority
from bot.domain.place import PlaceKey
from bot.domain.readiness import Finding, Weight
from bot.domain.risk import RiskClass, RiskFinding, Tier
from bot.domain.watch import Post, Where
from bot.errors import UserError
from bot.services.building import Failure
from bot.services.case_ports import Auditor
from bot.services.outbox_port import Outbox
from bot.services.places import Places
from bot.services.watch import WatchService
from bot.services.watch_health import WatchHealth

log = logging.getLogger(__name__)

TROUBLE = Kind(
    name="watch.filter", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)
SYNC_EVERY = timedelta(hours=1)
FAILURE = "failure"
STAFF = (PlaceKey.ROLE_MODERATOR, PlaceKey.ROLE_CLINICIAN, PlaceKey.ROLE_LEAD)
PRIVATE = (
    PlaceKey.CHANNEL_PERSONAL,
    PlaceKey.CHANNEL_COUPLES,
    PlaceKey.CHANNEL_STAFF,
    PlaceKey.CHANNEL_LEAD,
    PlaceKey.CHANNEL_ALERTS,
)


class FilterError(Exception):
    """Discord refused, or did not answer."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


class FilterGateway(Protocol):
    """Our rules in Discord; every method raises `FilterError` where it refuses."""

    async def sync(self, plan: FilterPlan) -> int:
        """Make our rules what they are to be, and count what had to change."""

    async def remove(self) -> None:
        """Take our rules away."""


class SwitchStore(Protocol):
    """What this service needs of the store."""

    async def automod(self) -> bool: ...
    async def set_automod(self, *, on: bool) -> None: ...


class AutomodService:
    """Keeps Discord's filter at our phrases while it is switched on, and follows up what it finds.

    Args:
        reads: The bot reads messages itself, so the filter is not needed.
    """

    def __init__(
        self,
        *,
        store: SwitchStore,
        phrases: Collection[Phrase],
        watch: WatchService,
        health: WatchHealth,
        places: Places,
        outbox: Outbox,
        audit: Auditor,
        clock: Clock,
        reads: bool,
    ) -> None:
        self._store = store
        self._rules = filter_rules(phrases)
        self._labels: Mapping[str, RiskClass] = {
            phrase.text.lower(): phrase.label for phrase in phrases
        }
        self._watch = watch
        self._health = health
        self._places = places
        self._outbox = outbox
        self._audit = audit
        self._clock = clock
        self.reads = reads
        self._is_on = False
        self._gateway: FilterGateway | None = None
        self._synced_at: datetime | None = None
        self._trouble: Failure | None = None

    async def load(self) -> None:
        """Read whether it is switched on."""
        self._is_on = await self._store.automod()

    def bind(self, gateway: FilterGateway) -> None:
        """Take the way to Discord."""
        self._gateway = gateway

    @property
    def is_on(self) -> bool:
        """Whether the filter is to watch."""
        return self._is_on and not self.reads

    @property
    def count(self) -> int:
        """How many phrases it knows."""
        return len(self._labels)

    async def switch_on(self, by: int) -> None:
        """Let the filter watch; its channel is made by set-up's own way next, then `sync`.

        Raises:
            UserError: The bot reads messages itself.
        """
        if self.reads:
            raise UserError("watch.filter.not_needed")
        await self._switch(by, on=True)

    async def switch_off(self, by: int) -> None:
        """Take the rules away.

        Raises:
            UserError: Discord refused; nothing was changed.
        """
        if self._gateway is not None:
            try:
                await self._gateway.remove()
            except FilterError as error:
                raise UserError(f"watch.filter.{error.failure}") from error
        await self._switch(by, on=False)

    async def sync(self) -> Failure | None:
        """Make the rules what they are to be; what stands in the way, where something does."""
        channel_id = self._places.get(PlaceKey.CHANNEL_ALERTS)
        if self._gateway is None or not self.is_on:
            return None
        self._synced_at = self._clock()
        if channel_id is None:
            self._trouble = Failure.REFUSED
            return self._trouble
        plan = FilterPlan(
            rules=self._rules,
            channel_id=channel_id,
            roles=self._ids(STAFF),
            channels=self._ids(PRIVATE),
        )
        try:
            if changed := await self._gateway.sync(plan):
                log.info("%d of our AutoMod rules were put right", changed)
            self._trouble = None
        except FilterError as error:
            self._trouble = error.failure
        return self._trouble

    async def sweep(self, now: datetime) -> datetime | None:
        """Put the rules right each hour, and tell the leads once a day where that fails."""
        if not self.is_on:
            return None
        if self._synced_at is None or now >= self._synced_at + SYNC_EVERY:
            failure = await self.sync()
            if failure is not None:
                await self._outbox.add(
                    TROUBLE,
                    Channel(key=PlaceKey.CHANNEL_LEAD),
                    due_at=now,
                    args={FAILURE: failure.value},
                    key=f"{TROUBLE.name}:{failure.value}:{now:%Y%m%d}",
                )
        return (self._synced_at or now) + SYNC_EVERY

    async def found(
        self,
        user_id: int,
        keyword: str | None,
        *,
        channel_id: int,
        parent_id: int | None = None,
        message_id: int | None = None,
    ) -> None:
        """Follow up what the filter found; the text is not looked at, and not kept."""
        label = self._labels.get((keyword or "").lower())
        place = parent_id or channel_id
        if label is None or not self.is_on or not self._watch.may_follow(user_id, place):
            return
        found = self._watch.lookout.look(plain(keyword or ""))
        post = Post(
            user_id=user_id,
            where=Where.ROOM,
            text="",
            channel_id=channel_id,
            message_id=message_id,
        )
        is_page = found is not None and found.tier is Tier.PAGE
        tier = Tier.PAGE if is_page else Tier.REVIEW
        version = self._watch.lookout.version if found is not None else ""
        await self._watch.take(post, RiskFinding(label=label, tier=tier, version=version))

    def findings(self) -> Iterator[Finding]:
        """Say for the set-up check which of the two watches, and how it stands."""
        since = self._health.down_since
        if since is not None:
            yield Finding(
                key="screen_down", weight=Weight.FAULT, names=(f"{since:%Y-%m-%d %H:%M} UTC",)
            )
        if self.reads:
            yield Finding(key="screen_on", weight=Weight.NOTICE)
        elif not self._is_on:
            yield Finding(key="screen_off", weight=Weight.NOTICE)
        else:
            yield Finding(
                key="screen_filter", weight=Weight.NOTICE, parts=(PlaceKey.CHANNEL_ALERTS,)
            )
            if self._trouble is not None:
                yield Finding(key=f"filter_{self._trouble}", weight=Weight.FAULT)

    async def _switch(self, by: int, *, on: bool) -> None:
        await self._store.set_automod(on=on)
        self._is_on = on
        await self._audit.record(
            Subject.staff(by), AuditAction.AUTOMOD_SWITCHED, PROGRAMME, automod=on
        )

    def _ids(self, keys: Collection[PlaceKey]) -> frozenset[int]:
        return frozenset(found for key in keys if (found := self._places.get(key)))
