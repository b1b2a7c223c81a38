"""The Discord client: loads the extensions and routes every interaction."""

import hashlib
import logging
import pkgutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import discord
import orjson
from discord import app_commands
from discord.ext import commands

from bot.builder.case_hands import CaseHands
from bot.builder.guarding import SpaceGuard
from bot.clock import Clock
from bot.config import ROOT
from bot.content import Content
from bot.errors import UserError
from bot.gateway import PersonalThreads
from bot.services.container import Services
from bot.spaces import CoupleThreads
from bot.text import Catalog
from bot.ui.base import answer_error
from bot.ui.chart import Easel
from bot.ui.items import RoutedItem
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, Router
from bot.ui.translation import Translator

log = logging.getLogger(__name__)

READY_TIMEOUT = 0.2
# Help is for everyone, wherever they press it.
EVERYWHERE = "crisis"


def intents(*, reads_messages: bool = False) -> discord.Intents:
    """Return what the bot subscribes to; of the privileged ones the members.

    Args:
        reads_messages: Also what people write, to look for danger words in rooms.
    """
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.members = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.message_content = reads_messages
    wanted.auto_moderation_execution = True
    wanted.guild_scheduled_events = True
    return wanted


class CommandTree(app_commands.CommandTree["Bot"]):
    """Slash commands and menus, with the project's error path."""

    async def interaction_check(self, interaction: discord.Interaction["Bot"], /) -> bool:
        """Refuse commands from another server than the programme's."""
        command = interaction.command
        if command is not None and command.qualified_name == EVERYWHERE:
            return True
        request = self.client.request(interaction)
        try:
            self.client.check_place(interaction)
        except UserError as error:
            await answer_error(request, error)
            return False
        return True

    async def on_error(
        self, interaction: discord.Interaction["Bot"], error: app_commands.AppCommandError, /
    ) -> None:
        """Answer the person; log what is not a refusal."""
        await answer_error(self.client.request(interaction), error)


class Bot(commands.Bot):
    """The bot: everything it knows is handed in by `bot.app`."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        content: Content,
        services: Services,
        clock: Clock,
        sync_marker: Path,
        reads_messages: bool = False,
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=intents(reads_messages=reads_messages),
            member_cache_flags=discord.MemberCacheFlags(joined=True, voice=False),
            chunk_guilds_at_startup=True,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            tree_cls=CommandTree,
            guild_ready_timeout=READY_TIMEOUT,
        )
        self.catalog = catalog
        self.content = content
        self.services = services
        self.clock = clock
        self.easel = Easel(clock)
        self.router = Router()
        # Made by `bot.app` with the client, which they send through.
        self.threads: PersonalThreads
        self.couples: CoupleThreads
        self.guard: SpaceGuard
        self.case_hands: CaseHands
        self.permission_back: Callable[[str], Awaitable[None]]
        self.sync_always = False
        self._sync_marker = sync_marker

    async def setup_hook(self) -> None:
        """Load every extension in order and tell Discord the commands where they changed."""
        self.add_dynamic_items(RoutedItem)
        await self.tree.set_translator(Translator(self.catalog))
        for name in extensions():
            await self.load_extension(name)
        await self._sync()

    async def add_cog(self, cog: commands.Cog, /, **options: Any) -> None:
        """Add a cog and take in its routes."""
        await super().add_cog(cog, **options)
        if isinstance(cog, FeatureCog):
            self.router.add(cog)

    async def remove_cog(self, name: str, /, **options: Any) -> commands.Cog | None:
        """Remove a cog and its routes."""
        cog = await super().remove_cog(name, **options)
        if isinstance(cog, FeatureCog):
            self.router.remove(cog)
        return cog

    def request(self, interaction: discord.Interaction[Any]) -> Request:
        """Wrap an interaction for a handler."""
        return Request(self, interaction)

    def check_place(self, interaction: discord.Interaction[Any]) -> None:
        """Refuse an interaction from another server than the programme's.

        Raises:
            UserError: It comes from another server.
        """
        home = self.services.programme.current.guild_id
        if home is not None and interaction.guild_id not in (None, home):
            raise UserError("core.other_server")

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the press of a component: open its form, or call its handler."""
        route, request = self._routed(interaction)
        await self._answer(request, self._press(route, request))

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the submit of a form."""
        if interaction.type is discord.InteractionType.modal_submit:
            route, request = self._routed(interaction)
            form = self.router.forms.get(route)
            kept = _id(interaction) if form is None or form.is_kept else None
            await self._answer(request, self._submit(route, request), form_id=kept)

    async def _press(self, route: str, request: Request) -> None:
        if not route.startswith(EVERYWHERE):
            self.check_place(request.interaction)
        if (form := self.router.forms.get(route)) is not None:
            await request.open(await form.build(request))
        elif (handler := self.router.presses.get(route)) is not None:
            await handler(request)
        else:
            raise UserError("core.old_card")

    async def _submit(self, route: str, request: Request) -> None:
        form = self.router.forms.get(route)
        if form is None or form.submit is None:
            raise UserError("core.old_card")
        await form.submit(request)

    def _routed(self, interaction: discord.Interaction[Any]) -> tuple[str, Request]:
        feature, version, action, *args = (*_id(interaction).split(":"), "", "")
        arguments = [arg for arg in args if arg]
        return f"{feature}:{version}:{action}", Request(self, interaction, arguments)

    async def _answer(
        self, request: Request, work: Awaitable[None], *, form_id: str | None = None
    ) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - the one error path
            await answer_error(request, error, form_id=form_id)

    async def _sync(self) -> None:
        """Tell Discord the commands, unless it knows them already."""
        translator = self.tree.translator
        payload = [
            await command.get_translated_payload(self.tree, translator)
            if translator
            else command.to_dict(self.tree)
            for command in self.tree.get_commands()
        ]
        data = orjson.dumps([self.application_id, payload], option=orjson.OPT_SORT_KEYS)
        digest = hashlib.sha256(data).hexdigest()
        if self.sync_always or _read(self._sync_marker) != digest:
            await self.tree.sync()
            self._sync_marker.write_text(digest, encoding="ascii")
            log.info("%d commands synced", len(payload))


def extensions() -> list[str]:
    """Name the extensions in the order they load; `_name` modules are parts of others."""
    names = (module.name for module in pkgutil.iter_modules([str(ROOT / "cogs")], "cogs."))
    return sorted(name for name in names if not name.rpartition(".")[2].startswith("_"))


def _id(interaction: discord.Interaction[Any]) -> str:
    data: Any = interaction.data or {}
    return str(data.get("custom_id", ""))


def _read(file: Path) -> str | None:
    return file.read_text(encoding="ascii") if file.exists() else None
