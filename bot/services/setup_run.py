"""Doing what set-up planned, so that it can be cut off anywhere and run again."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

from bot.clock import Clock
from bot.domain.blueprint import Blueprint, Part, PartKind
from bot.domain.place import PartKey
from bot.domain.setup_plan import (
    Action,
    Plan,
    Step,
    digest,
    fingerprint,
    read_fingerprint,
    resting_on,
    without,
)
from bot.services.building import Builder, BuildError, Failure
from bot.services.places import Places

log = logging.getLogger(__name__)


class SetupStore(Protocol):
    """What this service needs of the store."""

    async def begin(self, key: PartKey, at: datetime) -> None: ...
    async def finish(self, key: PartKey) -> None: ...
    async def begun(self) -> Mapping[PartKey, datetime]: ...


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
    waits_for: PartKey | None = None

    @property
    def is_trouble(self) -> bool:
        """Whether the part is not as it should be."""
        return self.result in (Result.BLOCKED, Result.FAILED, Result.WAITING)


Progress: TypeAlias = Callable[[int, int, Part], Awaitable[None]]


async def forget_place(places: Places, key: PartKey, wanted: Blueprint) -> None:
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


class SetupRun:
    """One run over a plan; dying at any point, the next one finishes what it began."""

    def __init__(self, store: SetupStore, places: Places, clock: Clock, builder: Builder) -> None:
        self._store = store
        self._places = places
        self._clock = clock
        self._builder = builder
        self._ids: dict[PartKey, int] = {}
        self._absent: set[PartKey] = set()
        self._begun: frozenset[PartKey] = frozenset()

    async def run(self, plan: Plan, progress: Progress | None) -> Sequence[Outcome]:
        """Do every step that can be done."""
        wanted = [step.part for step in plan.steps]
        self._ids = {step.key: step.discord_id for step in plan.steps if step.discord_id}
        self._begun = frozenset(await self._store.begun())
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
        if step.key in self._begun:
            # Else what someone makes under this name later would be taken for ours.
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
