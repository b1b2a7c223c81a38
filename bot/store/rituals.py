"""What two people gave to a day, the days they share, and what each ticked alone."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.domain.ids import PairId, ParticipantId
from bot.domain.ritual import Given, Part, RitualDay, SharedDays, Tick, known_ticks
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

BODY = "ritual_parts.body"


class RitualStore:
    """Each part of a day once; two who give the same one make one."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, given: Given) -> bytes:
        """Lock what somebody gave, before a transaction is opened."""
        return await self._vault.seal(
            given.participant_id, json.dumps(given.texts), at=BODY, row=_row(given)
        )

    async def give(self, given: Given, sealed: bytes, tx: Transaction) -> bool:
        """Keep a part; `False` where it, or another by this person, is there."""
        added = await tx.execute(
            "INSERT INTO ritual_parts VALUES (:pair, :day, :part, :participant, :body, :at) "
            "ON CONFLICT DO NOTHING",
            {
                "pair": given.pair_id,
                "day": given.day.isoformat(),
                "part": given.part.value,
                "participant": given.participant_id,
                "body": sealed,
                "at": to_us(given.at),
            },
        )
        return added == 1

    async def givers(
        self, pair_id: PairId, day: date, tx: Transaction
    ) -> dict[Part, ParticipantId]:
        """Return who gave which part of a day."""
        rows = await tx.fetch_all(
            "SELECT part, participant_id FROM ritual_parts WHERE pair_id = :pair AND day = :day",
            {"pair": pair_id, "day": day.isoformat()},
        )
        return {Part(row["part"]): ParticipantId(row["participant_id"]) for row in rows}

    async def share(self, pair_id: PairId, day: date, tx: Transaction) -> None:
        """Keep that a day is shared."""
        await tx.execute(
            "INSERT INTO shared_days VALUES (:pair, :day) ON CONFLICT DO NOTHING",
            {"pair": pair_id, "day": day.isoformat()},
        )

    async def day(self, pair_id: PairId, day: date) -> RitualDay:
        """Return what was given to a day."""
        rows = await self._database.fetch_all(
            "SELECT * FROM ritual_parts WHERE pair_id = :pair AND day = :day ORDER BY part",
            {"pair": pair_id, "day": day.isoformat()},
        )
        return RitualDay(day=day, parts=tuple([await self._given(row) for row in rows]))

    async def shared(self, pair_id: PairId, tx: Transaction | None = None) -> SharedDays:
        """Return all days two people share."""
        source: Queries = tx or self._database
        rows = await source.fetch_all(
            "SELECT day FROM shared_days WHERE pair_id = :pair", {"pair": pair_id}
        )
        return SharedDays(days=frozenset(date.fromisoformat(row["day"]) for row in rows))

    async def tick(
        self, pair_id: PairId, participant_id: ParticipantId, day: date, ticks: Sequence[Tick]
    ) -> None:
        """Keep what somebody ticked on a day, in place of what they ticked before."""
        params = {
            "pair": pair_id,
            "participant": participant_id,
            "day": day.isoformat(),
            "ticks": ",".join(ticks),
        }
        await self._database.execute(
            "INSERT INTO ritual_ticks VALUES (:pair, :participant, :day, :ticks) "
            "ON CONFLICT DO UPDATE SET ticks = :ticks",
            params,
        )

    async def ticks(
        self, pair_id: PairId, participant_id: ParticipantId, day: date
    ) -> Sequence[Tick]:
        """Return what somebody ticked on a day."""
        row = await self._database.fetch_one(
            "SELECT ticks FROM ritual_ticks WHERE pair_id = :pair "
            "AND participant_id = :participant AND day = :day",
            {"pair": pair_id, "participant": participant_id, "day": day.isoformat()},
        )
        return () if row is None else known_ticks(row["ticks"].split(","))

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return what a person gave and ticked; the other one's part is theirs."""
        params = {"participant": participant_id}
        given = await self._database.fetch_all(
            "SELECT * FROM ritual_parts WHERE participant_id = :participant ORDER BY day", params
        )
        ticked = await self._database.fetch_all(
            "SELECT day, ticks FROM ritual_ticks WHERE participant_id = :participant ORDER BY day",
            params,
        )
        return [
            *[
                {
                    "day": row["day"],
                    "part": row["part"],
                    "text": "\n".join((await self._given(row)).texts),
                    "at": row["at"],
                }
                for row in given
            ],
            *[dict(row) for row in ticked],
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete what a person gave and ticked; that a day was shared stays."""
        into: Queries = tx or self._database
        params = {"participant": participant_id}
        await into.execute("DELETE FROM ritual_parts WHERE participant_id = :participant", params)
        await into.execute("DELETE FROM ritual_ticks WHERE participant_id = :participant", params)

    async def _given(self, row: Row) -> Given:
        given = Given(
            pair_id=PairId(row["pair_id"]),
            day=date.fromisoformat(row["day"]),
            part=Part(row["part"]),
            participant_id=ParticipantId(row["participant_id"]),
            texts=(),
            at=from_us(row["at"]),
        )
        try:
            text = await self._vault.open(
                given.participant_id, row["body"], at=BODY, row=_row(given)
            )
        except KeyLostError:
            return given
        return replace(given, texts=tuple(str(part) for part in json.loads(text)))


def _row(given: Given) -> str:
    return f"{given.pair_id}/{given.day.isoformat()}/{given.part.value}"
