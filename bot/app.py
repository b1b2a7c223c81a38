"""The composition root: builds the object graph and takes it down again."""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, fields

from bot.client import Bot
from bot.clock import Clock, system_clock
from bot.config import DATA, Settings
from bot.content import Content, load_content
from bot.services.audit import AccessLog, AuditService
from bot.services.consents import ConsentService
from bot.services.container import Services
from bot.services.drafts import DraftService
from bot.services.erasure import ErasureService, PersonalStore
from bot.services.participants import ParticipantService
from bot.services.places import Places
from bot.services.profiles import Profiles
from bot.services.programme import ProgrammeService
from bot.services.staff import StaffService
from bot.store.access import AccessStore
from bot.store.audit import AuditStore, HeadFile
from bot.store.consents import ConsentStore
from bot.store.database import SqliteDatabase, open_database
from bot.store.deletions import DeletionList
from bot.store.drafts import DraftStore
from bot.store.lock import hold_directory
from bot.store.migrate import load_migrations, migrate
from bot.store.participants import ParticipantStore
from bot.store.places import PlaceStore
from bot.store.programme import ProgrammeStore
from bot.store.staff import StaffStore
from bot.store.vault import Vault, load_host_key
from bot.text import Catalog

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stores:
    """One store per aggregate; those with personal rows export and forget."""

    participants: ParticipantStore
    consents: ConsentStore
    drafts: DraftStore
    staff: StaffStore
    programme: ProgrammeStore
    places: PlaceStore
    audit: AuditStore
    access: AccessStore


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


@asynccontextmanager
async def open_app(settings: Settings, *, clock: Clock = system_clock) -> AsyncIterator[App]:
    """Build settings -> database -> stores -> services -> bot, and close them in reverse.

    Raises:
        StartError: Something the bot needs is missing or broken; the text says what to do.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(hold_directory(settings.data_dir))
        catalog = Catalog.load(DATA / "locales")
        content = load_content(DATA, settings.crisis_file)
        database = await stack.enter_async_context(open_database(settings.database_file))
        await migrate(database, load_migrations())
        vault = await stack.enter_async_context(open_vault(settings))
        stores = build_stores(database, vault)
        audit = AuditService(stores.audit, HeadFile(settings.audit_head_file), database, clock)
        stack.push_async_callback(audit.close)
        services = await _services(stores, content, clock, audit)
        bot = Bot(
            catalog=catalog,
            content=content,
            services=services,
            clock=clock,
            sync_marker=settings.data_dir / "commands.sha256",
        )
        stack.push_async_callback(bot.close)
        yield App(
            settings=settings,
            bot=bot,
            services=services,
            stores=stores,
            database=database,
            vault=vault,
            clock=clock,
        )


@asynccontextmanager
async def open_vault(settings: Settings) -> AsyncIterator[Vault]:
    """Open the file of wrapped keys with the host key.

    Raises:
        StartError: The host key is lost or does not fit.
    """
    given = settings.host_key.get_secret_value() if settings.host_key else None
    key = load_host_key(given, settings.host_key_file, keys_exist=settings.keys_file.exists())
    async with open_database(settings.keys_file) as keys:
        vault = Vault(keys, key)
        await vault.prepare()
        yield vault


def build_stores(database: SqliteDatabase, vault: Vault) -> Stores:
    """Build every store on a database."""
    return Stores(
        participants=ParticipantStore(database),
        consents=ConsentStore(database),
        drafts=DraftStore(database, vault),
        staff=StaffStore(database),
        programme=ProgrammeStore(database),
        places=PlaceStore(database),
        audit=AuditStore(database),
        access=AccessStore(database, vault),
    )


def build_erasure(
    settings: Settings, stores: Stores, database: SqliteDatabase, vault: Vault
) -> ErasureService:
    """Build the one that forgets people, on every store with personal rows."""
    personal: list[PersonalStore] = [
        store for field in fields(stores) if hasattr(store := getattr(stores, field.name), "forget")
    ]
    # The participants' own rows go last: other stores find a person's rows through them.
    personal.reverse()
    deletions = DeletionList(settings.data_dir, settings.keys_dir)
    return ErasureService(personal, database, vault, deletions)


async def _services(
    stores: Stores, content: Content, clock: Clock, audit: AuditService
) -> Services:
    profiles = Profiles(stores.participants)
    services = Services(
        profiles=profiles,
        participants=ParticipantService(stores.participants, profiles, clock),
        consents=ConsentService(stores.consents, content.texts(None).consents, clock),
        staff=StaffService(stores.staff, clock),
        programme=ProgrammeService(stores.programme),
        drafts=DraftService(stores.drafts, clock),
        places=Places(stores.places),
        notes=None,
        audit=audit,
        access=AccessLog(stores.access, audit, clock),
    )
    await profiles.load()
    await services.staff.load()
    await services.programme.load()
    await services.places.load()
    return services
