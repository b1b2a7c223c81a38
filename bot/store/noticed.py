"""Warning signs people wrote down about themselves, and on which day one was sent."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.domain.ids import PairId, ParticipantId, SignId
from bot.domain.noticed import Sign
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

BODY = "signs.body"


class NoticedStore:
    """One row a sign, sealed under its owner's key; one row a day for who sent one."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, sign: Sign) -> bytes:
        """Lock the words, before a transaction is opened."""
        return await self._vault.seal(
            sign.participant_id, json.dumps([sign.sign, sign.helps]), at=BODY, row=sign.id
        )

    async def add(self, sign: Sign, sealed: bytes, tx: Transaction) -> None:
        """Keep a sign."""
        await tx.execute(
            "INSERT INTO signs VALUES (:id, :pair, :participant, :body, :at, NULL, 0)",
            {
                "id": sign.id,
                "pair": sign.pair_id,
                "participant": sign.participant_id,
                "body": sealed,
                "at": to_us(sign.at),
            },
        )

    async def count(self, pair_id: PairId, owner: ParticipantId, tx: Transaction) -> int:
        """Count a person's signs."""
        row = await tx.fetch_one(
            "SELECT count(*) AS n FROM signs WHERE pair_id = :pair AND participant_id = :owner",
            {"pair": pair_id, "owner": owner},
        )
        return 0 if row is None else int(row["n"])

    async def of(self, pair_id: PairId, owner: ParticipantId) -> Sequence[Sign]:
        """Return a person's own signs, the oldest first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM signs WHERE pair_id = :pair AND participant_id = :owner "
            "ORDER BY at, rowid",
            {"pair": pair_id, "owner": owner},
        )
        return [await self._sign(row) for row in rows]

    async def shared_with(self, pair_id: PairId, reader: ParticipantId) -> Sequence[Sign]:
        """Return the signs the other one shared, the oldest first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM signs WHERE pair_id = :pair AND participant_id <> :reader "
            "AND shared_at IS NOT NULL ORDER BY shared_at, at, rowid",
            {"pair": pair_id, "reader": reader},
        )
        return [await self._sign(row) for row in rows]

    async def get(self, sign_id: str) -> Sign | None:
        """Return a sign."""
        row = await self._database.fetch_one("SELECT * FROM signs WHERE id = :id", {"id": sign_id})
        return None if row is None else await self._sign(row)

    async def bare(self, sign_id: str, tx: Transaction) -> Sign | None:
        """Return a sign without its words, which stay sealed."""
        row = await tx.fetch_one("SELECT * FROM signs WHERE id = :id", {"id": sign_id})
        return None if row is None else _sealed(row)

    async def share(self, sign_id: SignId, at: datetime | None) -> None:
        """Let the other one see a sign, or no more."""
        await self._database.execute(
            "UPDATE signs SET shared_at = :at WHERE id = :id", {"id": sign_id, "at": to_us(at)}
        )

    async def mute(self, sign_id: SignId, *, muted: bool) -> None:
        """Keep whether a sign is delivered."""
        await self._database.execute(
            "UPDATE signs SET is_muted = :muted WHERE id = :id",
            {"id": sign_id, "muted": int(muted)},
        )

    async def remove(self, sign_id: SignId) -> None:
        """Delete a sign."""
        await self._database.execute("DELETE FROM signs WHERE id = :id", {"id": sign_id})

    async def sent(
        self,
        pair_id: PairId,
        sender: ParticipantId,
        day: date,
        *,
        sign_id: str,
        at: datetime,
        tx: Transaction,
    ) -> bool:
        """Keep that someone sent a sign; `False` where they sent one that day."""
        added = await tx.execute(
            "INSERT INTO noticings VALUES (:pair, :sender, :day, :sign, :at) "
            "ON CONFLICT DO NOTHING",
            {
                "pair": pair_id,
                "sender": sender,
                "day": day.isoformat(),
                "sign": sign_id,
                "at": to_us(at),
            },
        )
        return added == 1

    async def has_sent(self, pair_id: PairId, sender: ParticipantId, day: date) -> bool:
        """Whether someone sent a sign on a day."""
        row = await self._database.fetch_one(
            "SELECT 1 FROM noticings WHERE pair_id = :pair AND participant_id = :sender "
            "AND day = :day",
            {"pair": pair_id, "sender": sender, "day": day.isoformat()},
        )
        return row is not None

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return a person's own signs, and when they sent one; the other one's are theirs."""
        params = {"participant": participant_id}
        rows = await self._database.fetch_all(
            "SELECT * FROM signs WHERE participant_id = :participant ORDER BY at", params
        )
        sent = await self._database.fetch_all(
            "SELECT day, at FROM noticings WHERE participant_id = :participant ORDER BY at", params
        )
        signs = [await self._sign(row) for row in rows]
        return [
            *[
                {
                    "sign": one.sign,
                    "helps": one.helps,
                    "at": to_us(one.at),
                    "shared_at": to_us(one.shared_at),
                    "muted": one.is_muted,
                }
                for one in signs
            ],
            *[dict(row) for row in sent],
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a person's signs, and when they sent one."""
        into: Queries = tx or self._database
        params = {"participant": participant_id}
        await into.execute("DELETE FROM signs WHERE participant_id = :participant", params)
        await into.execute("DELETE FROM noticings WHERE participant_id = :participant", params)

    async def _sign(self, row: Row) -> Sign:
        bare = _sealed(row)
        try:
            body = await self._vault.open(bare.participant_id, row["body"], at=BODY, row=bare.id)
        except KeyLostError:
            return bare
        sign, helps = (str(part) for part in json.loads(body))
        return replace(bare, sign=sign, helps=helps)


def _sealed(row: Row) -> Sign:
    return Sign(
        id=SignId(row["id"]),
        pair_id=PairId(row["pair_id"]),
        participant_id=ParticipantId(row["participant_id"]),
        sign="",
        helps="",
        at=from_us(row["at"]),
        shared_at=from_us(row["shared_at"]),
        is_muted=bool(row["is_muted"]),
    )
