"""Twelve weeks of two people on the simulated Discord, and a transcript of what each reads."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import simcord

from bot.domain.pair import Pair, PairState
from bot.domain.place import PlaceKey
from tests.fakes.care import channel
from tests.fakes.server import lobby
from tests.fakes.simulation import World, shown, texts
from tests.fakes.together import ADA, BEN, couple, threads

QUIET = time(0)
"""Equal ends: nothing is held back, so each line stands at its own time."""

ZONES = {ADA: ZoneInfo("America/New_York"), BEN: ZoneInfo("Europe/Berlin")}
"""Their clocks change on 8 March and on 29 March 2026."""

Act: TypeAlias = Callable[["CoupleLife"], Awaitable[None]]


@dataclass
class Line:
    """One thing a person read, at their own local time."""

    at: datetime
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.at:%a %d %b %H:%M} {self.place}: {self.text}"


@dataclass
class CoupleLife:
    """A couple's weeks: what they do at which moment, and what each of them reads."""

    world: World
    pair: Pair
    own_threads: dict[str, int | None]
    read: dict[str, list[Line]] = field(default_factory=lambda: {ADA: [], BEN: []})
    seen: dict[str, set[int]] = field(default_factory=lambda: {ADA: set(), BEN: set()})

    @classmethod
    async def begin(cls, world: World) -> "CoupleLife":
        """Let the two come to their space; nothing of that is in the transcript."""
        pair = await couple(world)
        # Nothing here hangs on random IDs: no day is held but those a story says.
        world.app.services.openings._draw = lambda _text: b"\xff" * 8
        world.app.services.offers._draw = lambda text: digest(text.replace(pair.id, ""))
        own_threads = {}
        for name, zone in ZONES.items():
            participant = await world.app.services.participants.active(world.person(name).id)
            await world.app.services.participants.change(
                participant, zone=zone.key, quiet_start=QUIET, quiet_end=QUIET
            )
            changed = await world.app.services.participants.active(world.person(name).id)
            await world.app.services.offers.reschedule(changed)
            own_threads[name] = changed.preferences.thread_id
        life = cls(world=world, pair=pair, own_threads=own_threads)
        await life.look(silently=True)
        return life

    @property
    def now(self) -> datetime:
        """The simulated moment."""
        return self.world.env.now()

    async def live(self, until: datetime, acts: dict[datetime, Act], *, step: timedelta) -> None:
        """Let time pass from one thing due to the next, and read what came at each.

        Args:
            until: The end.
            acts: What the two do, and when.
            step: The longest jump.
        """
        planned = dict(acts)
        while self.now < until:
            wanted = [self.now + step, until, *planned, *await self._due()]
            await self.to(min(at for at in wanted if at > self.now))
            act = planned.pop(self.now, None)
            if act is not None:
                await act(self)
                await self.world.run_due()
                await self.look()
        assert not planned, [str(at) for at in planned]

    async def _due(self) -> list[datetime]:
        """Ask when something for the two is due next."""
        stores, scheduler = self.world.app.stores, self.world.app.scheduler
        moments = [
            await stores.schedules.next_due(),
            await stores.openings.next_at(),
            await scheduler._dispatcher.next_at(),
        ]
        for pause in await stores.pauses.unfinished():
            moments += [pause.returns_at, pause.ends_at]
        for pair in await stores.pairs.in_states({PairState.OPEN}):
            moments.append(pair.closes_at)
        return [at for at in moments if at is not None]

    async def to(self, moment: datetime) -> None:
        """Go to a moment, do what is due there, and read what came."""
        await self.world.env.advance_time((moment - self.now).total_seconds())
        await self.world.run_due()
        await self.look()

    async def look(self, *, silently: bool = False) -> None:
        """Read what came, in one's own thread and in the couple's."""
        for name in (ADA, BEN):
            for place, message in [*self._own(name), *self._shared(name)]:
                if message.id in self.seen[name]:
                    continue
                self.seen[name].add(message.id)
                if not silently:
                    await self._read(name, place, message)

    async def _read(self, name: str, place: str, message: Any) -> None:
        text = texts(message)
        if text.startswith("You have a note."):
            card = shown(await self.world.person(name).click(message, label="Open"))
            text = f"note: {headline(texts(card))}"
        at = self.now.astimezone(ZONES[name])
        self.read[name].append(Line(at=at, place=place, text=headline(text)))

    def _own(self, name: str) -> list[tuple[str, Any]]:
        parent = channel(self.world, PlaceKey.CHANNEL_PERSONAL)
        return [
            ("own", message)
            for thread in parent.threads
            if thread.id == self.own_threads[name]
            for message in thread.history()
        ]

    def _shared(self, name: str) -> list[tuple[str, Any]]:
        return [
            ("both", message)
            for thread in threads(self.world, name)
            for message in thread.history(viewer=self.world.person(name))
            if message.type.name == "default"
        ]

    async def press(self, name: str, *labels: str) -> Any:
        """Open *Together* and press one button after the other."""
        person = self.world.person(name)
        result = await person.slash(lobby(self.world), "together")
        for label in labels:
            result = await person.click(shown(result), label=label)
        return result

    async def click(self, name: str, card: Any, label: str) -> Any:
        """Press a button of what was shown before."""
        message = shown(card) if isinstance(card, simcord.InteractionResult) else card
        return await self.world.person(name).click(message, label=label)

    async def fill(self, name: str, opened: simcord.InteractionResult, **values: Any) -> Any:
        """Send a form off and return the card after it."""
        return shown(await self.world.person(name).submit_modal(opened, values))


def digest(text: str) -> bytes:
    """Return the same for the same text in every run."""
    return hashlib.sha256(text.encode()).digest()


def headline(text: str) -> str:
    """Return the first two lines of a card, without its marks."""
    lines = [line.strip("#* ") for line in text.splitlines() if line.strip()]
    return " / ".join(lines[:2])


def local(name: str, moment: str) -> datetime:
    """Return a moment of somebody's own clock, such as `01-24 19:00`, in UTC."""
    at = datetime.fromisoformat(f"2026-{moment}").replace(tzinfo=ZONES[name])
    return at.astimezone(UTC)
