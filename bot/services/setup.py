"""Set-up: making the server what the blueprint says, safely again and again."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.clock import Clock
from bot.domain.audit import PROGRAMME, AuditAction, Subject
from bot.domain.blueprint import SHIPPED, Blueprint, PartKind, RoomLook, blueprint
from bot.domain.delivery import Channel, Kind, Priority
from bot.domain.place import PartKey, PlaceKey, panel_key
from bot.domain.readiness import ServerFacts
from bot.domain.setup_plan import Action, Plan, diff
from bot.domain.staff import StaffRole
from bot.errors import UserError
from bot.services.building import Builder, BuildError, RoleKeeper
from bot.services.case_ports import Auditor
from bot.services.outbox_port import Outbox
from bot.services.places import Places
from bot.services.programme import ProgrammeService
from bot.services.setup_run import Outcome, Progress, Result, SetupRun, SetupStore, forget_place
from bot.services.staff import StaffService
from bot.services.team import RoleChange, RoleGap, TeamService
from bot.text import Catalog, Words

log = logging.getLogger(__name__)

PART_GONE = Kind(
    name="setup.gone", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)
ROLES_CORRECTED = Kind(
    name="setup.roles", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    """What `apply` did.

    Attributes:
        gaps: The people whose roles could not be brought to what the lists say.
    """

    outcomes: Sequence[Outcome]
    gaps: Sequence[RoleGap]


class SetupService:
    """Plans and applies the blueprint, and says who may."""

    def __init__(
        self,
        *,
        store: SetupStore,
        places: Places,
        programme: ProgrammeService,
        staff: StaffService,
        team: TeamService,
        outbox: Outbox,
        audit: Auditor,
        catalog: Catalog,
        clock: Clock,
        only_guild: int | None = None,
        rooms: Callable[[], Sequence[RoomLook]] = lambda: SHIPPED,
        has_alerts: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._places = places
        self._programme = programme
        self._staff = staff
        self._team = team
        self._outbox = outbox
        self._audit = audit
        self._catalog = catalog
        self._clock = clock
        self._only_guild = only_guild
        self._rooms = rooms
        self._has_alerts = has_alerts
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
            await self._team.enrol(user_id, StaffRole.LEAD, by=user_id, locale=locale)

    @property
    def wanted(self) -> Blueprint:
        """The server as it is to be, without its panels."""
        return self._wanted({})

    async def build_room(self, builder: Builder, room: PartKey) -> Sequence[Outcome]:
        """Make one room's channel and panel, or put them right.

        Raises:
            UserError: Somebody else is building right now, or Discord does not answer.
        """
        if self._applying.locked():
            raise UserError("setup.busy")
        async with self._applying:
            plan = await self._plan(builder, undo=False)
            about = {room, panel_key(room)}
            part_of = {key for step in plan.steps if step.key in about for key in step.part.needs}
            steps = [step for step in plan.steps if step.key in about | part_of]
            run = SetupRun(self._store, self._places, self._clock, builder)
            return await run.run(Plan(steps=steps), None)

    async def plan(self, builder: Builder, *, undo: bool = False) -> Plan:
        """Say what `apply` would do."""
        return await self._plan(builder, undo=undo)

    async def look(self, builder: Builder) -> tuple[Plan, ServerFacts]:
        """Say what `apply` would do, and how the bot stands in the server.

        Raises:
            UserError: Discord does not answer.
        """
        plan = await self._plan(builder, undo=False)
        return plan, builder.facts(self._wanted(builder.marks), self._places.all)

    async def apply(
        self,
        builder: Builder,
        keeper: RoleKeeper,
        *,
        by: int,
        undo: bool = False,
        progress: Progress | None = None,
    ) -> Applied:
        """Make the server what the blueprint says, and its roles what the lists say.

        Args:
            builder: The server.
            keeper: Who holds which role in it.
            by: Who asked for it.
            undo: Put right what people changed by hand too.
            progress: Told of each part before it is touched: number, of how many, which.

        Raises:
            UserError: Somebody else is at it right now, or Discord does not answer.
        """
        if self._applying.locked():
            raise UserError("setup.busy")
        async with self._applying:
            plan = await self._plan(builder, undo=undo)
            run = SetupRun(self._store, self._places, self._clock, builder)
            outcomes = await run.run(plan, progress)
            gaps = await self._team.follow_all(keeper)
        made = sum(outcome.result in (Result.MADE, Result.REPAIRED) for outcome in outcomes)
        if made:
            await self._audit.record(
                Subject.staff(by), AuditAction.SETUP_APPLIED, PROGRAMME, parts=made
            )
        return Applied(outcomes=outcomes, gaps=gaps)

    async def refresh_panels(self, builder: Builder) -> None:
        """Bring the panels that stand to what they should say, and touch nothing else.

        What Discord refuses, or does not answer, stays to be seen in the check.
        """
        if self._applying.locked():
            return
        async with self._applying:
            try:
                plan = await self._plan(builder, undo=False)
            except UserError as error:
                log.warning("the panels could not be looked at: %s", error.key)
                return
            kept = [step for step in plan.steps if step.action is Action.KEEP]
            there = {step.key for step in kept}
            outdated = [
                step
                for step in plan.of(Action.REPAIR)
                if step.part.kind is PartKind.PANEL and step.part.parent in there
            ]
            run = SetupRun(self._store, self._places, self._clock, builder)
            await run.run(Plan(steps=[*kept, *outdated]), None)

    async def gone(self, discord_id: int) -> PartKey | None:
        """Note that something was deleted by hand, and tell the leads once.

        It is not made again by itself: `apply` does that, on a person's word.
        """
        key = self._places.key_of(discord_id)
        if key is None or self._applying.locked():
            return None
        await forget_place(self._places, key, self._wanted({}))
        log.info("%s was deleted by hand", key.value)
        await self._outbox.add(
            PART_GONE,
            Channel(key=PlaceKey.CHANNEL_LEAD),
            due_at=self._clock(),
            args={"part": key.value},
            key=f"{PART_GONE.name}:{discord_id}",
        )
        return key

    async def correct_roles(self, keeper: RoleKeeper, user_id: int) -> RoleChange | None:
        """Undo it where someone's roles were changed by hand, and tell the leads once a day.

        A Discord role opens channels, but only a row makes someone a member of the team.
        """
        if self._applying.locked():
            return None
        change = await self._team.follow(keeper, user_id)
        if change.given or change.taken:
            await self._outbox.add(
                ROLES_CORRECTED,
                Channel(key=PlaceKey.CHANNEL_LEAD),
                due_at=self._clock(),
                args={"who": str(user_id)},
                key=f"{ROLES_CORRECTED.name}:{user_id}:{self._clock():%Y-%m-%d}",
            )
        return change

    def _wanted(self, marks: Mapping[PartKey, str]) -> Blueprint:
        return blueprint(self.words, marks, self._rooms(), has_alerts=self._has_alerts())

    async def _plan(self, builder: Builder, *, undo: bool) -> Plan:
        known = self._places.all
        begun = await self._store.begun()
        try:
            observed = await builder.observe(known, begun)
        except BuildError as error:
            raise UserError(f"setup.failure.{error.failure.value}") from error
        return diff(self._wanted(builder.marks), observed, known, begun, undo=undo)
