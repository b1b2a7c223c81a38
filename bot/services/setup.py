"""Set-up: making the server what the blueprint says, safely again and again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

from bot.clock import Clock
from bot.domain.blueprint import Blueprint, Part, PartKind, blueprint
from bot.domain.place import Place, PlaceKey
from bot.domain.setup_plan import (
    Action,
    Observed,
    Plan,
    Step,
    diff,
    digest,
    fingerprint,
    read_fingerprint,
    resting_on,
    without,
)
from bot.domain.staff import StaffRole
from bot.errors import UserError
from bot.services.places import Places
from bot.services.programme import ProgrammeService
from bot.services.staff import StaffService
from bot.text import Catalog, Words

log = logging.getLogger(__name__)


class Failure(StrEnum):
    """Why Discord did not do what set-up asked."""

    FORBIDDEN = "forbidden"
    FULL = "full"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"


class BuildError(Exception):
    """Discord refused, or did not answer.

    Attributes:
        is_doubtful: It may have done it all the same.
    """

    def __init__(self, failure: Failure, detail: str = "") -> None:
        super().__init__(failure, detail)
        self.failure = failure
        self.detail = detail

    @property
    def is_doubtful(self) -> bool:
        return self.failure is Failure.NO_ANSWER


class Builder(Protocol):
    """What set-up needs of Discord, for one server."""

    @property
    def marks(self) -> Mapping[PlaceKey, str]:
        """The panels' content, as digests."""

    async def observe(
        self, known: Mapping[PlaceKey, Place], begun: Mapping[PlaceKey, datetime]
    ) -> Observed:
        """Look at the server."""

    async def make(self, part: Part, ids: Mapping[PlaceKey, int]) -> int:
        """Make a part and return Discord's ID."""

    async def put_right(
        self,
        part: Part,
        discord_id: int,
        aspects: frozenset[str],
        ids: Mapping[PlaceKey, int],
    ) -> None:
        """Bring some aspects of a part to what they should be."""


class SetupStore(Protocol):
    """What this service needs of the store."""

    async def begin(self, key: PlaceKey, at: datetime) -> None: ...
    async def finish(self, key: PlaceKey) -> None: ...
    async def begun(self) -> Mapping[PlaceKey, datetime]: ...


class Result(StrEnum):
    """What became of a step."""

    MADE = "made"
    FOUND = "found"
    REPAIRED = "repaired"
    KEPT = "kept"
    CHANGED = "changed"
    BLOCKED = "blocked"
    FAILED = "failed"
    WAITING = "waiting"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """One step and what became of it.

    Attributes:
        waits_for: The part that must be there first and is not.
    """

    step: Step
    result: Result
    failure: Failure | None = None
    detail: str = ""
    waits_for: PlaceKey | None = None


Progress: TypeAlias = Callable[[int, int, Part], Awaitable[None]]


class SetupService:
    """Plans and applies the blueprint, and says who may."""

    def __init__(
        self,
        *,
        store: SetupStore,
        places: Places,
        programme: ProgrammeService,
        staff: StaffService,
        catalog: Catalog,
        clock: Clock,
        only_guild: int | None = None,
    ) -> None:
        self._store = store
        self._places = places
        self._programme = programme
        self._staff = staff
        self._catalog = catalog
        self._clock = clock
        self._only_guild = only_guild
        self._applying = asyncio.Lock()

    @property
    def words(self) -> Words:
        """The sentences in the server's language."""
        return self._catalog.words(self._programme.current.locale)

    @property
    def is_bound(self) -> bool:
        """Whether the bot belongs to a server yet."""
        return self._programme.current.guild_id is not None

    def check_server(self, guild_id: int, guilds: int) -> None:
        """Check that set-up may happen in a server.

        Args:
            guild_id: The server.
            guilds: How many servers the bot is in.

        Raises:
            UserError: It is another server's turn, or nobody said which of several.
        """
        home = self._programme.current.guild_id or self._only_guild
        if home not in (None, guild_id):
            raise UserError("core.other_server")
        if home is None and guilds > 1:
            raise UserError("setup.several_servers")

    def check_person(self, user_id: int, owner_id: int | None) -> None:
        """Check that a person may set up: the server's owner or an enrolled lead.

        Raises:
            UserError: They are neither.
        """
        member = self._staff.get(user_id)
        if user_id != owner_id and not (member and member.is_lead):
            raise UserError("setup.not_allowed")

    async def bind(self, guild_id: int, user_id: int, *, locale: str) -> None:
        """Make a server the programme's, and its first lead the person who did it.

        Args:
            guild_id: The server.
            user_id: The owner or an enrolled lead.
            locale: The server's language, kept unless one was chosen before.
        """
        if not self.is_bound:
            language = self._catalog.words(locale).locale
            await self._programme.change(guild_id=guild_id, locale=language)
            log.info("bound to server %s", guild_id)
        if not any(member.is_lead for member in self._staff.members):
            await self._staff.enrol(user_id, StaffRole.LEAD, by=None, locale=locale)

    async def plan(self, builder: Builder, *, undo: bool = False) -> Plan:
        """Say what `apply` would do."""
        return await self._plan(builder, undo=undo)

    async def apply(
        self, builder: Builder, *, undo: bool = False, progress: Progress | None = None
    ) -> Sequence[Outcome]:
        """Make the server what the blueprint says.

        Args:
            builder: The server.
            undo: Put right what people changed by hand too.
            progress: Told of each part before it is touched: number, of how many, which.

        Raises:
            UserError: Somebody else is at it right now.
        """
        if self._applying.locked():
            raise UserError("setup.busy")
        async with self._applying:
            plan = await self._plan(builder, undo=undo)
            return await _Application(self._store, self._places, self._clock, builder).run(
                plan, progress
            )

    async def gone(self, discord_id: int) -> PlaceKey | None:
        """Note that something was deleted by hand and return our name for it."""
        key = self._places.key_of(discord_id)
        if key is not None and not self._applying.locked():
            await forget_place(self._places, key, self._wanted({}))
            log.info("%s was deleted by hand", key.value)
        return key

    def _wanted(self, marks: Mapping[PlaceKey, str]) -> Blueprint:
        return blueprint(self.words, marks)

    async def _plan(self, builder: Builder, *, undo: bool) -> Plan:
        known = self._places.all
        begun = await self._store.begun()
        observed = await builder.observe(known, begun)
        return diff(self._wanted(builder.marks), observed, known, begun, undo=undo)


async def forget_place(places: Places, key: PlaceKey, wanted: Blueprint) -> None:
    """Forget where a part was, and that we once tied others to it.

    What falls away with a part, such as a role's overwrites, was not changed by hand: it is ours
    to put right once the part is made again.
    """
    for part in wanted:
        lost = resting_on(part, key)
        place = places.place(part.key)
        if lost and place is not None:
            await places.save(part.key, place.discord_id, without(place.fingerprint, lost))
    await places.drop(key)


class _Application:
    """One run of `apply`."""

    def __init__(self, store: SetupStore, places: Places, clock: Clock, builder: Builder) -> None:
        self._store = store
        self._places = places
        self._clock = clock
        self._builder = builder
        self._ids: dict[PlaceKey, int] = {}
        self._absent: set[PlaceKey] = set()

    async def run(self, plan: Plan, progress: Progress | None) -> Sequence[Outcome]:
        wanted = [step.part for step in plan.steps]
        self._ids = {step.key: step.discord_id for step in plan.steps if step.discord_id}
        outcomes = []
        for number, step in enumerate(plan.steps, start=1):
            if progress is not None and step.action in (Action.CREATE, Action.REPAIR):
                await progress(number, len(plan.steps), step.part)
            try:
                outcome = await self._do(step, wanted)
            except BuildError as error:
                outcome = Outcome(
                    step=step, result=Result.FAILED, failure=error.failure, detail=error.detail
                )
                log.info("%s failed: %s %s", step.key.value, error.failure.value, error.detail)
            if outcome.result in (Result.BLOCKED, Result.FAILED, Result.WAITING):
                self._absent |= {step.key} - self._ids.keys()
            outcomes.append(outcome)
        return outcomes

    async def _do(self, step: Step, wanted: Blueprint) -> Outcome:
        if step.action is Action.BLOCKED:
            return Outcome(step=step, result=Result.BLOCKED)
        if waits_for := next((key for key in step.part.needs if key in self._absent), None):
            return Outcome(step=step, result=Result.WAITING, waits_for=waits_for)
        if step.action is Action.CREATE:
            await self._make(step.part, wanted)
            return Outcome(step=step, result=Result.MADE)
        assert step.discord_id is not None
        if step.is_found:
            await self._places.save(step.key, step.discord_id)
            await self._store.finish(step.key)
        if step.action is Action.REPAIR:
            await self._put_right(step, step.discord_id)
        else:
            await self._leave(step, step.discord_id)
        result = {Action.REPAIR: Result.REPAIRED, Action.CHANGED: Result.CHANGED}
        kept = Result.FOUND if step.is_found else Result.KEPT
        return Outcome(step=step, result=result.get(step.action, kept))

    async def _make(self, part: Part, wanted: Blueprint) -> None:
        """Make a part, noted before and saved after, so that it is never made twice."""
        if self._places.place(part.key) is not None:
            await forget_place(self._places, part.key, wanted)
        await self._store.begin(part.key, self._clock())
        try:
            made = await self._builder.make(part, self._ids)
        except BuildError as error:
            if not error.is_doubtful:
                await self._store.finish(part.key)
            raise
        aspects = part.aspects()
        if part.kind is PartKind.PANEL:
            # A message is posted first and pinned after.
            aspects.pop("pinned")
        await self._places.save(part.key, made, fingerprint(aspects))
        await self._store.finish(part.key)
        self._ids[part.key] = made
        if part.kind is PartKind.PANEL:
            await self._builder.put_right(part, made, frozenset({"pinned"}), self._ids)
            await self._places.save(part.key, made, fingerprint(part.aspects()))

    async def _put_right(self, step: Step, discord_id: int) -> None:
        """Repair a part; what is left half done is ours to finish."""
        place = self._places.place(step.key)
        left = place.fingerprint if place is not None else ""
        await self._places.save(step.key, discord_id, without(left, step.repair))
        await self._builder.put_right(step.part, discord_id, step.repair, self._ids)
        await self._leave(step, discord_id)

    async def _leave(self, step: Step, discord_id: int) -> None:
        """Keep what the part is left like; what a person changed is still known to be theirs."""
        place = self._places.place(step.key)
        left = read_fingerprint(place.fingerprint) if place is not None else {}
        wanted = {name: digest(value) for name, value in step.part.aspects().items()}
        settled = wanted | {name: left[name] for name in step.by_hand if name in left}
        mark = " ".join(f"{name}={value}" for name, value in sorted(settled.items()))
        if place is None or place.fingerprint != mark or place.discord_id != discord_id:
            await self._places.save(step.key, discord_id, mark)
