"""The vault: sealed texts open with their owner's key, in their place, and never elsewhere."""

import base64
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import KeyLostError, StartError
from bot.store.database import SqliteDatabase, open_database
from bot.store.vault import CACHED_KEYS, KEY_BYTES, Vault, load_host_key

PLACE = {"at": "checkins.note", "row": "row-1"}
OTHER_KEY = b"\x01" * KEY_BYTES


@pytest.fixture
async def keys(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    async with open_database(tmp_path / "keys.db") as keys:
        yield keys


async def fresh(keys: SqliteDatabase) -> Vault:
    """The vault as the next process opens it."""
    vault = Vault(keys, bytes(KEY_BYTES))
    await vault.prepare()
    return vault


@given(text=st.text())
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_is_sealed_opens_again(vault: Vault, text: str) -> None:
    sealed = await vault.seal("ana", text, **PLACE)
    assert await vault.open("ana", sealed, **PLACE) == text


async def test_a_sealed_text_shows_nothing_and_never_looks_the_same(vault: Vault) -> None:
    first = await vault.seal("ana", "I feel low today", **PLACE)
    second = await vault.seal("ana", "I feel low today", **PLACE)
    assert b"low" not in first
    assert first != second


@pytest.mark.parametrize(
    ("owner", "at", "row"),
    [
        ("ben", "checkins.note", "row-1"),
        ("ana", "checkins.other", "row-1"),
        ("ana", "checkins.note", "row-2"),
    ],
)
async def test_a_sealed_text_cannot_be_moved(vault: Vault, owner: str, at: str, row: str) -> None:
    sealed = await vault.seal("ana", "hers", **PLACE)
    await vault.seal("ben", "his", **PLACE)
    with pytest.raises(KeyLostError):
        await vault.open(owner, sealed, at=at, row=row)


@pytest.mark.parametrize("where", [0, 11, 12, -1])
async def test_one_changed_byte_is_seen(vault: Vault, where: int) -> None:
    sealed = bytearray(await vault.seal("ana", "hers", **PLACE))
    sealed[where] ^= 1
    with pytest.raises(KeyLostError):
        await vault.open("ana", bytes(sealed), **PLACE)


@pytest.mark.parametrize("blob", [b"", b"short", bytes(12), bytes(27)])
async def test_what_was_never_sealed_does_not_open(vault: Vault, blob: bytes) -> None:
    await vault.seal("ana", "hers", **PLACE)
    with pytest.raises(KeyLostError):
        await vault.open("ana", blob, **PLACE)


async def test_an_owner_without_a_key_has_nothing_to_open(vault: Vault) -> None:
    with pytest.raises(KeyLostError):
        await vault.open("nobody", bytes(40), **PLACE)


async def test_a_destroyed_key_is_gone_for_every_process(keys: SqliteDatabase) -> None:
    vault = await fresh(keys)
    sealed = await vault.seal("ana", "hers", **PLACE)
    await vault.destroy("ana")

    for process in (vault, await fresh(keys)):
        with pytest.raises(KeyLostError):
            await process.open("ana", sealed, **PLACE)


async def test_after_a_destroyed_key_new_texts_get_a_new_one(keys: SqliteDatabase) -> None:
    vault = await fresh(keys)
    before = await vault.seal("ana", "before", **PLACE)
    await vault.destroy("ana")

    after = await vault.seal("ana", "after", **PLACE)

    assert await vault.open("ana", after, **PLACE) == "after"
    with pytest.raises(KeyLostError):
        await vault.open("ana", before, **PLACE)


async def test_a_restart_reads_what_was_sealed(keys: SqliteDatabase) -> None:
    sealed = await (await fresh(keys)).seal("ana", "hers", **PLACE)
    assert await (await fresh(keys)).open("ana", sealed, **PLACE) == "hers"


async def test_two_processes_sealing_first_keep_one_key(keys: SqliteDatabase) -> None:
    one, two = await fresh(keys), await fresh(keys)
    first = await one.seal("ana", "one", **PLACE)
    second = await two.seal("ana", "two", **PLACE)
    assert await two.open("ana", first, **PLACE) == "one"
    assert await one.open("ana", second, **PLACE) == "two"


async def test_more_owners_than_are_kept_in_memory_still_open(
    keys: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.vault.CACHED_KEYS", 2)
    assert CACHED_KEYS > 2
    vault = await fresh(keys)
    sealed = {name: await vault.seal(name, name, **PLACE) for name in ("ana", "ben", "eve", "theo")}
    for name, blob in sealed.items():
        assert await vault.open(name, blob, **PLACE) == name


async def test_the_wrong_host_key_is_told_with_what_is_lost(keys: SqliteDatabase) -> None:
    await fresh(keys)
    with pytest.raises(StartError, match=r"(?s)not the one.*These are not lost.*start-over"):
        await Vault(keys, OTHER_KEY).prepare()


async def test_the_file_of_keys_holds_no_bare_key(keys: SqliteDatabase) -> None:
    vault = await fresh(keys)
    await vault.seal("ana", "hers", **PLACE)
    rows = await keys.fetch_all("SELECT wrapped FROM owner_keys")
    assert all(len(row["wrapped"]) == 12 + KEY_BYTES + 16 for row in rows)


async def test_a_digest_depends_on_the_text_and_the_host_key(keys: SqliteDatabase) -> None:
    vault = await fresh(keys)
    assert vault.mac("code") == (await fresh(keys)).mac("code")
    assert vault.mac("code") != vault.mac("other")
    assert vault.mac("code") != Vault(keys, OTHER_KEY).mac("code")


def test_the_first_start_makes_a_host_key_for_this_user_only(tmp_path: Path) -> None:
    file = tmp_path / "host" / "host.key"
    key = load_host_key(None, file, keys_exist=False)
    assert len(key) == KEY_BYTES
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_host_key(None, file, keys_exist=True) == key


def test_a_lost_host_key_is_not_silently_replaced(tmp_path: Path) -> None:
    file = tmp_path / "host.key"
    with pytest.raises(StartError, match=r"(?s)is missing.*cannot be read any more.*not lost"):
        load_host_key(None, file, keys_exist=True)
    assert not file.exists()


def test_a_given_host_key_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "host.key"
    load_host_key(None, file, keys_exist=False)
    given = base64.b64encode(OTHER_KEY).decode()
    assert load_host_key(given, file, keys_exist=True) == OTHER_KEY


@pytest.mark.parametrize("text", ["", "short", "not base64 at all!", "QUFBQQ=="])
def test_what_is_no_host_key_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "host.key"
    file.write_text(text, encoding="ascii")
    with pytest.raises(StartError, match="32 bytes in base64"):
        load_host_key(None, file, keys_exist=True)
    with pytest.raises(StartError, match="INTERLUDE_HOST_KEY"):
        load_host_key(text, file, keys_exist=True)


def test_a_host_key_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match="cannot be read or made"):
        load_host_key(None, tmp_path / "file" / "host.key", keys_exist=False)
