"""The real bot on a simulated Discord, with the people of a small programme."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.app import App, open_app
from bot.config import DATA, Settings
from bot.content import Content, load_content
from bot.errors import UserError
from bot.text import Catalog
from tests.fakes.screen import FakeScreen

# The simulator polls every 50 ms wherever a timer is parked; a millisecond is enough here.
simcord.Env._settle_internal.__kwdefaults__["idle"] = 0.001


def settings_in(directory: Path, **more: Any) -> Settings:
    """Settings whose files all live under one directory."""
    return Settings(
        data_dir=directory / "data",
        keys_dir=directory / "keys",
        host_key_file=directory / "host" / "host.key",
        _env_file=None,
        **more,
    )


@cache
def _read(crisis_file: Path | None) -> tuple[Catalog, Content]:
    return Catalog.load(DATA / "locales"), load_content(DATA, crisis_file)


def read_once(settings: Settings) -> tuple[Catalog, Content]:
    """Read the texts once for all tests of a process: nothing changes them."""
    return _read(settings.crisis_file)


class SimulatedClock:
    """The simulated Discord's own clock, the same from every task."""

    env: simcord.Env | None = None

    def __call__(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) if self.env is None else self.env.now()


@dataclass
class World:
    """A running bot, its simulated server and the people in it."""

    env: simcord.Env
    app: App
    guild: simcord.GuildHandle
    stack: AsyncExitStack
    people: dict[str, simcord.MemberActor] = field(default_factory=dict)
    screen: FakeScreen = field(default_factory=FakeScreen)

    async def restart(self) -> None:
        """Close the application and open a new one on the same data."""
        await self.stack.aclose()
        opened = open_app(
            self.app.settings, clock=self.app.clock, texts=read_once, screen=self.screen
        )
        self.app = await self.stack.enter_async_context(opened)
        await self.env.restart_bot(self.app.bot)

    def person(self, name: str) -> simcord.MemberActor:
        """Return a member by name, added at first use."""
        if name not in self.people:
            self.people[name] = self.guild.add_member(self.env.create_user(name))
        return self.people[name]

    async def run_due(self) -> None:
        """Do what is due and let Discord settle."""
        await self.app.run_due()
        await self.env.settle()

    async def advance(self, seconds: float) -> None:
        """Let time pass, then do what is due."""
        await self.env.advance_time(seconds)
        await self.run_due()


@asynccontextmanager
async def simulated(directory: Path, **settings: Any) -> AsyncIterator[World]:
    """Start the real bot on a simulated server.

    Args:
        directory: Where its files live.
        settings: What is set besides.

    Raises:
        AssertionError: At the end, where the bot met an error that is not a refusal.
    """
    clock = SimulatedClock()
    async with AsyncExitStack() as stack:
        screen = FakeScreen()
        opened = open_app(
            settings_in(directory, **settings), clock=clock, texts=read_once, screen=screen
        )
        app = await stack.enter_async_context(opened)
        env = clock.env = simcord.Env(app.bot, check_errors=False)
        await env.start()
        try:
            owner = env.create_user("owner")
            guild = env.create_guild("Harbour", owner=owner)
            yield World(env=env, app=app, guild=guild, stack=stack, screen=screen)
        finally:
            unexpected = [error for error in env.errors if not is_refusal(error)]
            await env.shutdown()
        assert not unexpected, unexpected


def is_refusal(error: BaseException) -> bool:
    """Tell a refusal with its sentence from a fault."""
    cause = getattr(error, "original", None) or error
    return isinstance(cause, UserError)


def texts(message: Any) -> str:
    """Return all the text of a message that a person reads, cards included."""
    parts = [message.content]
    for component in message.components:
        parts.extend(_component_texts(_plain(component)))
    return "\n".join(part for part in parts if part)


def _plain(component: Any) -> dict[str, Any]:
    return component if isinstance(component, dict) else component.to_dict()


def _component_texts(component: dict[str, Any]) -> list[str]:
    own = [component.get("content"), component.get("label"), component.get("description")]
    children = [*component.get("components", ()), *component.get("items", ())]
    if accessory := component.get("accessory"):
        children.append(accessory)
    return [part for part in own if part] + [
        text for child in children for text in _component_texts(child)
    ]


def shown(result: simcord.InteractionResult) -> Any:
    """Return the message an interaction was answered with."""
    return result.followups[0] if result.followups else result.response


def labels(message: Any) -> list[str]:
    """Return the labels of the buttons on a message, in order."""
    found: list[str] = []

    def walk(component: dict[str, Any]) -> None:
        if component.get("type") == discord.ComponentType.button.value and "label" in component:
            found.append(component["label"])
        for child in component.get("components", ()):
            walk(child)
        if "accessory" in component:
            walk(component["accessory"])

    for component in message.components:
        walk(_plain(component))
    return found


def fields(opened: simcord.InteractionResult) -> dict[str, Any]:
    """Return a modal's inputs by their key, as Discord was given them."""
    assert opened.modal is not None, "no form was opened"
    inner = [row.get("component", row) for row in opened.modal["components"]]
    return {field["custom_id"]: field for field in inner if "custom_id" in field}
