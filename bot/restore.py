"""Putting a backup of the database back without undoing deletions or sending old messages."""

import logging
from dataclasses import dataclass
from pathlib import Path

from bot.app import build_erasure, build_stores, open_vault
from bot.clock import Clock
from bot.config import Settings
from bot.domain.audit import OPERATOR, PROGRAMME, AuditAction, Head
from bot.errors import StartError, StoreError
from bot.services.audit import AuditService
from bot.store.audit import HeadFile
from bot.store.backup import FileKind, copy_live, put_in_place
from bot.store.database import open_database
from bot.store.lock import hold_directory
from bot.store.migrate import load_migrations, migrate

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What was done.

    Attributes:
        forgotten: How many deletions were done over again.
        closed: How many messages from before were closed instead of sent.
        earlier: Where the database that was there before is kept.
    """

    forgotten: int
    closed: int
    earlier: Path


async def restore(settings: Settings, file: Path, clock: Clock) -> Restored:
    """Put a backup in the place of the live database.

    Everything is done on a copy first; the live database is only replaced when that worked.

    Raises:
        StartError: The bot runs, the file is no whole backup of ours or is from a newer
            version, or the keys do not fit; nothing was changed.
    """
    with hold_directory(settings.data_dir):
        fresh = settings.data_dir / "restoring.db"
        fresh.unlink(missing_ok=True)
        copy_live(file, fresh, FileKind.DATABASE)
        try:
            forgotten, closed, head = await _make_current(settings, fresh, clock)
            earlier = settings.data_dir / "before-restore.db"
            put_in_place(fresh, settings.database_file, earlier)
        except StoreError as error:
            raise StartError(f"{file} cannot be restored ({error}).") from error
        finally:
            fresh.unlink(missing_ok=True)
        if head is not None:
            HeadFile(settings.audit_head_file).write(head)
    log.info("restored: %d deletions replayed, %d messages closed", forgotten, closed)
    return Restored(forgotten=forgotten, closed=closed, earlier=earlier)


async def _make_current(
    settings: Settings, fresh: Path, clock: Clock
) -> tuple[int, int, Head | None]:
    async with open_database(fresh) as database, open_vault(settings) as vault:
        await migrate(database, load_migrations())
        stores = build_stores(database, vault)
        forgotten = await build_erasure(settings, stores, database, vault).replay()
        audit = AuditService(stores.audit, HeadFile(settings.audit_head_file), database, clock)
        now = clock()
        async with database.transaction() as tx:
            closed = await stores.outbox.close_before(now, now, tx)
            await stores.schedules.fast_forward(now, tx)
            await audit.record(
                OPERATOR,
                AuditAction.RESTORED,
                PROGRAMME,
                tx=tx,
                forgotten=forgotten,
                closed=closed,
            )
        return forgotten, closed, await stores.audit.head()
