"""The composition root: builds the object graph and takes it down again."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

from bot.app.scheduling import build_scheduler
from bot.app.services import build_services
from bot.app.stores import Stores, build_erasure, build_stores
from bot.builder.case_hands import CaseHands
from bot.builder.filtering import DiscordFilter
from bot.builder.guarding import SpaceGuard
from bot.builder.parting import DiscordHands
from bot.client import Bot
from bot.clock import Clock, system_clock
from bot.config import DATA, Settings
from bot.content import Content, load_content
from bot.gateway import PersonalThreads
from bot.outside import Outside
from bot.scheduling.scheduler import Scheduler
from bot.screening import load_screen
from bot.services.audit import AuditService
from bot.services.container import Services
from bot.services.host_actions import take_in
from bot.services.lookout import Engine
from bot.spaces import CoupleThreads
from bot.store.audit import HeadFile
from bot.store.bell import Bell
from bot.store.database import SqliteDatabase, open_database
from bot.store.host_log import HostLog
from bot.store.lock import hold_directory
from bot.store.migrate import load_migrations, migrate
from bot.store.vault import Vault, load_host_key
from bot.text import Catalog

__all__ = ["App", "Stores", "build_erasure", "build_stores", "open_app", "open_vault"]


@dataclass(frozen=True, kw_only=True, slots=True)
class App:
    """A built bot, ready to be started or simulated."""

    settings: Settings
    bot: Bot
    services: Services
    stores: Stores
    database: SqliteDatabase
    vault: Vault
    clock: Clock
    scheduler: Scheduler

    async def run_due(self) -> None:
        """Plan, sweep and send whatever is due by the clock."""
        await self.scheduler.run_due()

    async def draw_boards(self) -> None:
        """Bring the live boards to date."""
        await self.scheduler.draw()


Texts: TypeAlias = Callable[[Settings], tuple[Catalog, Content]]


def load_texts(settings: Settings) -> tuple[Catalog, Content]:
    """Read the sentences and the authored content as they are on the disk.

    Raises:
        StartError: A file is missing or broken; every fault is named.
    """
    return Catalog.load(DATA / "locales"), load_content(DATA, settings.crisis_file)


@asynccontextmanager
async def open_app(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    texts: Texts = load_texts,
    screen: Engine | None = None,
) -> AsyncIterator[App]:
    """Build settings -> database -> stores -> services -> bot, and close them in reverse.

    Args:
        settings: Where everything is.
        clock: Says what time it is.
        texts: Reads what the bot says; tests read it once for all.
        screen: Looks for danger words, in place of the one that ships.

    Raises:
        StartError: Something the bot needs is missing or broken; the text says what to do.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(hold_directory(settings.data_dir))
        catalog, content = texts(settings)
        database = await stack.enter_async_context(open_database(settings.database_file))
        await migrate(database, load_migrations())
        vault = await stack.enter_async_context(open_vault(settings))
        bell = Bell()
        case_bell = Bell()
        stores = build_stores(database, vault, bell, case_bell)
        audit = AuditService(stores.audit, HeadFile(settings.audit_head_file), database, clock)
        stack.push_async_callback(audit.close)
        await take_in(HostLog(settings.data_dir), audit, database, clock())
        erasure = build_erasure(settings, stores, database, vault, audit)
        await erasure.finish()
        services = await build_services(
            stores,
            database,
            content,
            clock,
            audit,
            mac=vault.mac,
            catalog=catalog,
            settings=settings,
            erasure=erasure,
            screen=load_screen(DATA) if screen is None else screen,
        )
        stack.push_async_callback(services.watch.close)
        case_bell.listen(services.board.touch)
        bot = Bot(
            catalog=catalog,
            content=content,
            services=services,
            clock=clock,
            sync_marker=settings.data_dir / "commands.sha256",
            reads_messages=settings.screen_messages,
        )
        stack.push_async_callback(bot.close)
        bot.threads = PersonalThreads(bot, services, catalog)
        bot.couples = CoupleThreads(bot, services, catalog)
        bot.guard = SpaceGuard(bot, services, catalog, bot.couples)
        hands = DiscordHands(bot, services, clock)
        bot.case_hands = CaseHands(bot, services, catalog, hands)
        _tie_watch(bot, services, bell)
        outside = Outside(settings, services.rota.find_volunteer)
        scheduler = build_scheduler(bot, stores, database, bell, clock, outside=outside)
        bot.permission_back = scheduler.permission_back
        yield App(
            settings=settings,
            bot=bot,
            services=services,
            stores=stores,
            database=database,
            vault=vault,
            clock=clock,
            scheduler=scheduler,
        )


def _tie_watch(bot: Bot, services: Services, bell: Bell) -> None:
    """Give watching its way to Discord, and let a fault be told at once."""
    services.automod.bind(DiscordFilter(bot, services))
    services.watch.lookout.on_fault(bell.ring)


@asynccontextmanager
async def open_vault(settings: Settings) -> AsyncIterator[Vault]:
    """Open the file of wrapped keys with the host key.

    Raises:
        StartError: The host key is lost or does not fit.
    """
    key = load_host_key(
        settings.host_key_given, settings.host_key_file, keys_exist=settings.keys_file.exists()
    )
    async with open_database(settings.keys_file) as keys:
        vault = Vault(keys, key)
        await vault.prepare()
        yield vault
