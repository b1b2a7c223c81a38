"""The vault: every free text sealed under its owner's key, wrapped by the host's key."""

import base64
import hmac
import os
import secrets
from collections import OrderedDict
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import KeyLostError, StartError
from bot.store.database import SqliteDatabase

KEY_BYTES = 32
NONCE_BYTES = 12
CACHED_KEYS = 5_000
CHECK_OWNER = "host-key-check"
MAC_PURPOSE = b"interlude mac"

SCHEMA = """
CREATE TABLE IF NOT EXISTS owner_keys (
    owner TEXT PRIMARY KEY,
    wrapped BLOB NOT NULL
) STRICT
"""


class Vault:
    """Seals and opens texts with AES-256-GCM.

    The associated data is the table, the column and the row, so that a sealed text cannot be
    moved to another place. A key is made when an owner's first text is sealed, and lives in
    `keys.db`, apart from the database: destroying it makes the owner's texts unreadable in every
    copy of the database.
    """

    def __init__(self, keys: SqliteDatabase, host_key: bytes) -> None:
        self._keys = keys
        self._host = AESGCM(host_key)
        self._mac_key = HKDF(SHA256(), KEY_BYTES, None, MAC_PURPOSE).derive(host_key)
        self._open_keys: OrderedDict[str, AESGCM] = OrderedDict()

    async def prepare(self) -> None:
        """Make the table of keys and prove that the host key fits.

        Raises:
            StartError: The host key is not the one these keys were wrapped with.
        """
        await self._keys.execute(SCHEMA)
        row = await self._wrapped(CHECK_OWNER)
        if row is None:
            await self._make(CHECK_OWNER)
        else:
            try:
                self._unwrap(CHECK_OWNER, row)
            except InvalidTag as error:
                raise StartError(KEY_DOES_NOT_FIT) from error

    async def seal(self, owner: str, text: str, *, at: str, row: str) -> bytes:
        """Encrypt a text for its owner and its place.

        Args:
            owner: Whose key is used; made when there is none.
            text: What is sealed.
            at: `table.column`.
            row: The row's own ID.
        """
        key = await self._key(owner) or await self._make(owner)
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + key.encrypt(nonce, text.encode(), _place(at, row))

    async def open(self, owner: str, blob: bytes, *, at: str, row: str) -> str:
        """Decrypt a text.

        Raises:
            KeyLostError: The owner's key is gone, or the text is not from this place.
        """
        key = await self._key(owner)
        if key is None:
            raise KeyLostError(at)
        try:
            return key.decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], _place(at, row)).decode()
        except (InvalidTag, ValueError) as error:  # too short to be a nonce and a tag
            raise KeyLostError(at) from error

    def mac(self, text: str) -> bytes:
        """Return a keyed digest: the same for the same text, of no use without the host key."""
        return hmac.digest(self._mac_key, text.encode(), "sha256")

    async def destroy(self, owner: str) -> None:
        """Forget an owner's key for good."""
        self._open_keys.pop(owner, None)
        await self._keys.execute("DELETE FROM owner_keys WHERE owner = :owner", {"owner": owner})

    async def destroy_between(self, first: str, last: str) -> int:
        """Forget the keys of owners named alike that come before the last one; count them."""
        for owner in [owner for owner in self._open_keys if _is_between(owner, first, last)]:
            del self._open_keys[owner]
        return await self._keys.execute(
            "DELETE FROM owner_keys WHERE owner >= :first AND owner < :last "
            "AND length(owner) = length(:last)",
            {"first": first, "last": last},
        )

    async def checkpoint(self) -> bool:
        """Empty the log of the keys' file, so that it holds no destroyed key any more."""
        return await self._keys.checkpoint()

    async def _key(self, owner: str) -> AESGCM | None:
        if (key := self._open_keys.get(owner)) is not None:
            self._open_keys.move_to_end(owner)
            return key
        wrapped = await self._wrapped(owner)
        if wrapped is None:
            return None
        try:
            return self._remember(owner, self._unwrap(owner, wrapped))
        except InvalidTag as error:
            raise KeyLostError(owner) from error

    async def _make(self, owner: str) -> AESGCM:
        nonce = secrets.token_bytes(NONCE_BYTES)
        wrapped = nonce + self._host.encrypt(nonce, secrets.token_bytes(KEY_BYTES), owner.encode())
        # Two first texts at once: the first key stays, both callers read it back.
        await self._keys.execute(
            "INSERT INTO owner_keys VALUES (:owner, :wrapped) ON CONFLICT DO NOTHING",
            {"owner": owner, "wrapped": wrapped},
        )
        kept = await self._wrapped(owner)
        if kept is None:
            raise KeyLostError(owner)
        return self._remember(owner, self._unwrap(owner, kept))

    async def _wrapped(self, owner: str) -> bytes | None:
        row = await self._keys.fetch_one(
            "SELECT wrapped FROM owner_keys WHERE owner = :owner", {"owner": owner}
        )
        return None if row is None else bytes(row["wrapped"])

    def _unwrap(self, owner: str, wrapped: bytes) -> AESGCM:
        nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        return AESGCM(self._host.decrypt(nonce, sealed, owner.encode()))

    def _remember(self, owner: str, key: AESGCM) -> AESGCM:
        self._open_keys[owner] = key
        if len(self._open_keys) > CACHED_KEYS:
            self._open_keys.popitem(last=False)
        return key


def _is_between(owner: str, first: str, last: str) -> bool:
    return first <= owner < last and len(owner) == len(last)


def _place(at: str, row: str) -> bytes:
    return f"{at}:{row}".encode()


LOST = (
    "Without it these cannot be read any more: notes, answers' texts, concerns, case notes and "
    "join codes not used yet. "
    "These are not lost: who joined, settings, schedules, check-in values, staff, rooms and the "
    "state of every case."
)
KEY_DOES_NOT_FIT = (
    "The host key is not the one this installation's keys were made with. Put the right one back "
    f"from your backup. {LOST} To go on without the old texts, run `interlude keys start-over`."
)


def load_host_key(given: str | None, file: Path, *, keys_exist: bool) -> bytes:
    """Return the host key: the one given, the file's, or a new one at the first start.

    Args:
        given: The key in base64, from the environment.
        file: Where the key is kept otherwise.
        keys_exist: Whether keys wrapped by an earlier host key are there.

    Raises:
        StartError: The key is missing though it was there once, unreadable, or not 32 bytes.
    """
    if given is not None:
        return _decode(given, "INTERLUDE_HOST_KEY")
    try:
        if file.exists():
            return _decode(file.read_text(encoding="ascii"), str(file))
        if keys_exist:
            raise StartError(
                f"The host key {file} is missing. Put it back from your backup, or name it in "
                f"INTERLUDE_HOST_KEY_FILE. {LOST} To go on without the old texts, run "
                "`interlude keys start-over`."
            )
        key = secrets.token_bytes(KEY_BYTES)
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(base64.b64encode(key).decode() + "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(f"The host key {file} cannot be read or made ({error}).") from error
    return key


def _decode(text: str, source: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise StartError(f"{source} does not hold a host key: it must be 32 bytes in base64.")
    return key
