"""A throw-away place for the demo's data."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.config import Settings


@contextmanager
def throw_away(settings: Settings) -> Iterator[Settings]:
    """Give settings whose database and keys live in a directory removed at the end.

    The simulated Discord forgets everything when it ends, so a kept database would speak of
    messages that are gone.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix="run-", dir=settings.data_dir, ignore_cleanup_errors=True
    ) as name:
        home = Path(name)
        yield settings.model_copy(
            update={
                "data_dir": home / "data",
                "keys_dir": home / "keys",
                "host_key": None,
                "host_key_file": home / "host" / "host.key",
                "guild_id": None,
                "screen_messages": True,
                "discord_api": None,
                "discord_gateway": None,
            }
        )
