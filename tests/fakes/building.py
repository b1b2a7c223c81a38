"""A server in memory that set-up can build on, be cut off in, and find changed by hand."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.blueprint import (
    BOT,
    BOT_PERMISSIONS,
    EVERYONE,
    PANELS,
    Blueprint,
    Overwrite,
    Part,
    PartKind,
    Permissions,
    blueprint,
)
from bot.domain.place import Place, PlaceKey
from bot.domain.readiness import ServerFacts
from bot.domain.setup_plan import Observed, Plan, Seen, diff
from bot.services.building import BuildError
from bot.services.places import Places
from bot.services.setup_run import Outcome, SetupRun
from tests.fakes.clock import FakeClock

GUILD, BOT_ID = 1, 2
MARKS = dict.fromkeys(PANELS, "hello")


class DiedError(BaseException):
    """The process was killed."""


@dataclass
class Fate:
    """Kills the process before its n-th effect, where one is set."""

    dies_at: int | None = None
    count: int = 0

    def step(self) -> None:
        """Count an effect that is about to happen."""
        self.count += 1
        if self.count == self.dies_at:
            self.dies_at = None
            raise DiedError


@dataclass
class FakePlaceStore:
    """Places that outlive the process."""

    fate: Fate
    rows: dict[PlaceKey, Place] = field(default_factory=dict)

    async def all(self) -> Mapping[PlaceKey, Place]:
        return dict(self.rows)

    async def save(self, key: PlaceKey, discord_id: int, fingerprint: str = "") -> None:
        self.fate.step()
        self.rows[key] = Place(key=key, discord_id=discord_id, fingerprint=fingerprint)

    async def drop(self, key: PlaceKey) -> None:
        self.fate.step()
        self.rows.pop(key, None)


@dataclass
class FakeSetupStore:
    """Notes of what was begun that outlive the process."""

    fate: Fate
    rows: dict[PlaceKey, datetime] = field(default_factory=dict)

    async def begin(self, key: PlaceKey, at: datetime) -> None:
        self.fate.step()
        self.rows.setdefault(key, at)

    async def finish(self, key: PlaceKey) -> None:
        self.fate.step()
        self.rows.pop(key, None)

    async def begun(self) -> Mapping[PlaceKey, datetime]:
        return dict(self.rows)


@dataclass
class FakeServer:
    """A server, in memory."""

    clock: FakeClock = field(default_factory=FakeClock)
    fate: Fate = field(default_factory=Fate)
    permissions: Permissions = BOT_PERMISSIONS
    refusal: BuildError | None = None
    things: dict[int, Seen] = field(default_factory=dict)
    panels: dict[int, tuple[Seen, str]] = field(default_factory=dict)
    marks: Mapping[PlaceKey, str] = field(default_factory=lambda: dict(MARKS))
    _ids: itertools.count = field(default_factory=lambda: itertools.count(100))

    async def observe(
        self, known: Mapping[PlaceKey, Place], begun: Mapping[PlaceKey, datetime]
    ) -> Observed:
        panels = {}
        for key, channel in PANELS.items():
            if channel not in known:
                continue
            for seen, text in self.panels.values():
                noted = key in known and known[key].discord_id == seen.id
                lost = key not in known and key in begun and text.startswith(key)
                if seen.parent_id == known[channel].discord_id and (noted or lost):
                    panels[key] = seen
        return Observed(
            guild_id=GUILD,
            bot_id=BOT_ID,
            things=list(self.things.values()),
            panels=panels,
            permissions=self.permissions,
            top=100,
        )

    def facts(self, wanted: Blueprint, known: Mapping[PlaceKey, Place]) -> ServerFacts:
        return ServerFacts(owner_id=7, missing=BOT_PERMISSIONS - self.permissions)

    async def make(self, part: Part, ids: Mapping[PlaceKey, int]) -> int:
        self._refuse()
        self.fate.step()
        made = next(self._ids)
        parent_id = ids[part.parent] if part.parent else None
        seen = Seen(id=made, kind=part.kind, made_at=self.clock(), parent_id=parent_id)
        if part.kind is PartKind.PANEL:
            self.panels[made] = (seen, f"{part.key} {part.mark}")
        else:
            self.things[made] = replace(
                seen,
                name=part.name,
                topic=part.topic,
                permissions=part.permissions,
                overwrites={
                    self._holder(target, ids): overwrite
                    for target, overwrite in part.overwrites.items()
                },
            )
        self.fate.step()
        return made

    async def put_right(
        self, part: Part, discord_id: int, aspects: frozenset[str], ids: Mapping[PlaceKey, int]
    ) -> None:
        self._refuse()
        for aspect in sorted(aspects):
            self.fate.step()
            if part.kind is PartKind.PANEL:
                self._edit_panel(part, discord_id, aspect)
            else:
                self._edit(part, discord_id, aspect, ids)
        self.fate.step()

    def _edit_panel(self, part: Part, message_id: int, aspect: str) -> None:
        seen, text = self.panels[message_id]
        if aspect == "pinned":
            seen = replace(seen, is_pinned=True)
        else:
            text = f"{part.key} {part.mark}"
        self.panels[message_id] = (seen, text)

    def _edit(self, part: Part, discord_id: int, aspect: str, ids: Mapping[PlaceKey, int]) -> None:
        seen = self.things[discord_id]
        wanted = {self._holder(target, ids): each for target, each in part.overwrites.items()}
        name, _, target = aspect.partition(":")
        if name == "overwrite":
            holder = self._holder(target, ids)
            seen = replace(seen, overwrites=dict(seen.overwrites) | {holder: wanted[holder]})
        elif name == "others":
            kept = {id_: each for id_, each in seen.overwrites.items() if id_ in wanted}
            seen = replace(seen, overwrites=kept)
        elif name == "parent":
            seen = replace(seen, parent_id=ids[part.parent])
        else:
            seen = replace(seen, **{name: getattr(part, name)})
        self.things[discord_id] = seen

    def delete(self, discord_id: int) -> None:
        """Delete something by hand, and with it what hangs on it."""
        self.things.pop(discord_id, None)
        self.panels.pop(discord_id, None)
        for id_, (seen, _) in list(self.panels.items()):
            if seen.parent_id == discord_id:
                del self.panels[id_]
        for id_, seen in self.things.items():
            left = {who: each for who, each in seen.overwrites.items() if who != discord_id}
            parent_id = None if seen.parent_id == discord_id else seen.parent_id
            self.things[id_] = replace(seen, overwrites=left, parent_id=parent_id)

    def change(self, discord_id: int, **values: object) -> None:
        """Change something by hand."""
        self.things[discord_id] = replace(self.things[discord_id], **values)

    def let_in(self, discord_id: int, who: int, overwrite: Overwrite) -> None:
        """Add an overwrite by hand."""
        seen = self.things[discord_id]
        self.change(discord_id, overwrites=dict(seen.overwrites) | {who: overwrite})

    def _holder(self, target: str, ids: Mapping[PlaceKey, int]) -> int:
        return {EVERYONE: GUILD, BOT: BOT_ID}.get(target) or ids[PlaceKey(target)]

    def _refuse(self) -> None:
        if self.refusal is not None:
            raise self.refusal


def plain_words(key: str) -> str:
    """Name everything by the end of its key."""
    return key.rpartition(".")[2]


@dataclass
class Workshop:
    """A server and the notes about it; each run is a process of its own."""

    server: FakeServer = field(default_factory=FakeServer)

    def __post_init__(self) -> None:
        self.places = FakePlaceStore(self.server.fate)
        self.notes = FakeSetupStore(self.server.fate)

    async def plan(self, *, undo: bool = False) -> Plan:
        """Plan as a process that just started."""
        wanted = blueprint(plain_words, self.server.marks)
        known, begun = await self.places.all(), await self.notes.begun()
        observed = await self.server.observe(known, begun)
        return diff(wanted, observed, known, begun, undo=undo)

    async def apply(self, *, undo: bool = False) -> list[Outcome]:
        """Plan and apply as a process that just started."""
        places = Places(self.places)
        await places.load()
        run = SetupRun(self.notes, places, self.server.clock, self.server)
        return list(await run.run(await self.plan(undo=undo), None))

    def id_of(self, key: PlaceKey) -> int:
        """Return where a part is."""
        return self.places.rows[key].discord_id
