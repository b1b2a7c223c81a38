"""Where set-up's roles, channels and panels are, kept in memory too."""

from collections.abc import Mapping
from typing import Protocol

from bot.domain.place import PartKey, Place


class PlaceStore(Protocol):
    """What this service needs of the store."""

    async def all(self) -> Mapping[PartKey, Place]: ...
    async def save(self, key: PartKey, discord_id: int, fingerprint: str = "") -> None: ...
    async def drop(self, key: PartKey) -> None: ...


class Places:
    """Discord's IDs by our names; a page in an emergency finds its channel here."""

    def __init__(self, store: PlaceStore) -> None:
        self._store = store
        self._known: dict[PartKey, Place] = {}
        self._keys: dict[int, PartKey] = {}

    async def load(self) -> None:
        """Read every place."""
        self._known = dict(await self._store.all())
        self._look_up()

    @property
    def all(self) -> Mapping[PartKey, Place]:
        """Every place that was made."""
        return dict(self._known)

    def get(self, key: PartKey) -> int | None:
        """Return Discord's ID of a place that was made."""
        place = self._known.get(key)
        return None if place is None else place.discord_id

    def place(self, key: PartKey) -> Place | None:
        """Return all that is known of a place."""
        return self._known.get(key)

    def key_of(self, discord_id: int) -> PartKey | None:
        """Return our name for something Discord names by ID."""
        return self._keys.get(discord_id)

    async def save(self, key: PartKey, discord_id: int, fingerprint: str = "") -> None:
        """Keep where something is."""
        await self._store.save(key, discord_id, fingerprint)
        self._known[key] = Place(key=key, discord_id=discord_id, fingerprint=fingerprint)
        self._look_up()

    async def drop(self, key: PartKey) -> None:
        """Forget where something was."""
        await self._store.drop(key)
        self._known.pop(key, None)
        self._look_up()

    def _look_up(self) -> None:
        """Keep it ready by Discord's ID: every message asks."""
        self._keys = {place.discord_id: key for key, place in self._known.items()}
