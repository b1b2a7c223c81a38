"""Agreements of two people, and what the other one said to each."""

import json
from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.agreement import Agreement, AgreementText, Reply
from bot.domain.ids import AgreementId, PairId, ParticipantId
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.plans import pair_owner
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

TEXT = "agreement_texts.body"
JOINT = "agreements.joint"
SELECT = (
    "SELECT agreements.*, body, texts.participant_id AS author, answer FROM agreements "
    "LEFT JOIN agreement_texts AS texts ON texts.agreement_id = agreements.id "
    "LEFT JOIN agreement_answers AS answers ON answers.agreement_id = agreements.id "
)


class AgreementStore:
    """Each under its author's key; what both agreed to also under the pair's."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, agreement: Agreement) -> bytes:
        """Lock the words of an agreement for its author, before a transaction is opened."""
        assert agreement.put_by is not None
        return await self._vault.seal(
            agreement.put_by, _packed(agreement.text), at=TEXT, row=agreement.id
        )

    async def save(self, agreement: Agreement, sealed: bytes, tx: Transaction) -> bool:
        """Keep a draft as it is now; `False` where it was put forward meanwhile."""
        values = {
            "id": agreement.id,
            "pair": agreement.pair_id,
            "by": agreement.put_by,
            "made": to_us(agreement.made_at),
            "revisit": agreement.revisit_on.isoformat() if agreement.revisit_on else None,
        }
        kept = await tx.execute(
            "INSERT INTO agreements (id, pair_id, put_by, made_at, revisit_on) "
            "VALUES (:id, :pair, :by, :made, :revisit) "
            "ON CONFLICT (id) DO UPDATE SET revisit_on = :revisit WHERE put_at IS NULL",
            values,
        )
        if kept:
            await tx.execute(
                "INSERT INTO agreement_texts VALUES (:id, :by, :body) "
                "ON CONFLICT (agreement_id) DO UPDATE SET body = :body",
                {"id": agreement.id, "by": agreement.put_by, "body": sealed},
            )
        return kept == 1

    async def put_forward(
        self, agreement_id: AgreementId, at: datetime, revisit_at: datetime | None, tx: Transaction
    ) -> bool:
        """Put a draft before the other one; `False` where it is there or gone."""
        changed = await tx.execute(
            "UPDATE agreements SET put_at = :at, revisit_at = :revisit "
            "WHERE id = :id AND put_at IS NULL",
            {"id": agreement_id, "at": to_us(at), "revisit": to_us(revisit_at)},
        )
        return changed == 1

    async def get(self, agreement_id: str) -> Agreement | None:
        """Return an agreement."""
        row = await self._database.fetch_one(
            f"{SELECT} WHERE agreements.id = :id",
            {"id": agreement_id},
        )
        return None if row is None else await self._agreement(row)

    async def seen_by(self, pair_id: PairId, participant_id: ParticipantId) -> Sequence[Agreement]:
        """Return what one of the two sees: what was put forward, and their own drafts."""
        rows = await self._database.fetch_all(
            f"{SELECT} WHERE pair_id = :pair AND (put_at IS NOT NULL OR put_by = :participant) "
            "ORDER BY ifnull(put_at, made_at), agreements.rowid",
            {"pair": pair_id, "participant": participant_id},
        )
        return [await self._agreement(row) for row in rows]

    async def count(
        self, pair_id: PairId, participant_id: ParticipantId, *, drafts: bool, tx: Transaction
    ) -> int:
        """Count someone's own drafts, or what they put forward."""
        row = await tx.fetch_one(
            "SELECT count(*) AS n FROM agreements WHERE pair_id = :pair AND put_by = :participant "
            "AND (put_at IS NULL) = :drafts",
            {"pair": pair_id, "participant": participant_id, "drafts": int(drafts)},
        )
        return 0 if row is None else int(row["n"])

    async def seal_joint(self, agreement: Agreement) -> bytes:
        """Lock what both agree to under the key of the pair."""
        return await self._vault.seal(
            pair_owner(agreement.pair_id), _packed(agreement.text), at=JOINT, row=agreement.id
        )

    async def answer(
        self,
        agreement: Agreement,
        participant_id: ParticipantId,
        reply: Reply,
        *,
        joint: bytes | None,
        at: datetime,
        tx: Transaction,
    ) -> bool:
        """Keep what the other one says, in place of what they said; `False` where it is gone.

        Args:
            agreement: Which one.
            participant_id: Who answers.
            reply: What they say.
            joint: Its words under the pair's key; only where they agree.
            at: When.
            tx: The transaction.
        """
        changed = await tx.execute(
            "UPDATE agreements SET joint = :joint, agreed_at = :agreed "
            "WHERE id = :id AND put_at IS NOT NULL",
            {
                "id": agreement.id,
                "joint": joint,
                "agreed": to_us(at) if reply is Reply.AGREE else None,
            },
        )
        if not changed:
            return False
        if joint is not None:
            await tx.execute(
                "INSERT INTO pair_keys VALUES (:pair) ON CONFLICT DO NOTHING",
                {"pair": agreement.pair_id},
            )
        await tx.execute(
            "INSERT INTO agreement_answers VALUES (:id, :participant, :answer, :at) "
            "ON CONFLICT (agreement_id) DO UPDATE SET answer = :answer, at = :at",
            {
                "id": agreement.id,
                "participant": participant_id,
                "answer": reply.value,
                "at": to_us(at),
            },
        )
        return True

    async def remove(
        self, agreement_id: AgreementId, participant_id: ParticipantId, tx: Transaction
    ) -> bool:
        """Delete someone's own agreement; `False` where it is gone or not theirs."""
        removed = await tx.execute(
            "DELETE FROM agreements WHERE id = :id AND put_by = :participant",
            {"id": agreement_id, "participant": participant_id},
        )
        return removed == 1

    async def due(self, now: datetime) -> Sequence[tuple[AgreementId, PairId]]:
        """Return what is to be looked at again."""
        rows = await self._database.fetch_all(
            "SELECT agreements.id, pair_id FROM agreements JOIN pairs ON pairs.id = pair_id "
            "WHERE revisit_at <= :now AND state = 'open'",
            {"now": to_us(now)},
        )
        return [(AgreementId(row["id"]), PairId(row["pair_id"])) for row in rows]

    async def next_at(self) -> datetime | None:
        """Return when the next one is to be looked at again."""
        row = await self._database.fetch_one(
            "SELECT min(revisit_at) AS at FROM agreements JOIN pairs ON pairs.id = pair_id "
            "WHERE revisit_at IS NOT NULL AND state = 'open'"
        )
        return None if row is None else from_us(row["at"])

    async def told(self, agreement_id: AgreementId, tx: Transaction) -> bool:
        """Keep that both are asked; `False` where they were."""
        changed = await tx.execute(
            "UPDATE agreements SET revisit_at = NULL WHERE id = :id AND revisit_at IS NOT NULL",
            {"id": agreement_id},
        )
        return changed == 1

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return a person's own agreements, and what they said to those of the other one."""
        whose = {"participant": participant_id}
        texts = await self._database.fetch_all(
            f"{SELECT} WHERE texts.participant_id = :participant ORDER BY made_at",
            whose,
        )
        answers = await self._database.fetch_all(
            "SELECT answer, at FROM agreement_answers WHERE participant_id = :participant "
            "ORDER BY at",
            whose,
        )
        found = [await self._agreement(row) for row in texts]
        return [
            *[
                {"need": one.text.need, "offer": one.text.offer, "limit": one.text.limit,
                 "put_at": to_us(one.put_at)}
                for one in found
            ],
            *[dict(row) for row in answers],
        ]  # fmt: skip

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a person's words and answers; what both agreed to stays for the other one.

        It stays until their space closes, without a name on it.
        """
        into: Queries = tx or self._database
        params = {"participant": participant_id}
        for statement in (
            "DELETE FROM agreement_answers WHERE participant_id = :participant",
            "DELETE FROM agreement_texts WHERE participant_id = :participant",
            "DELETE FROM agreements WHERE put_by = :participant AND joint IS NULL",
            "UPDATE agreements SET put_by = NULL WHERE put_by = :participant",
        ):
            await into.execute(statement, params)

    async def _agreement(self, row: Row) -> Agreement:
        return Agreement(
            id=AgreementId(row["id"]),
            pair_id=PairId(row["pair_id"]),
            put_by=None if row["put_by"] is None else ParticipantId(row["put_by"]),
            made_at=from_us(row["made_at"]),
            text=await self._text(row),
            put_at=from_us(row["put_at"]),
            revisit_on=date.fromisoformat(row["revisit_on"]) if row["revisit_on"] else None,
            agreed_at=from_us(row["agreed_at"]),
            reply=None if row["answer"] is None else Reply(row["answer"]),
        )

    async def _text(self, row: Row) -> AgreementText:
        try:
            if row["body"] is not None:
                body = await self._vault.open(row["author"], row["body"], at=TEXT, row=row["id"])
            elif row["joint"] is not None:
                owner = pair_owner(row["pair_id"])
                body = await self._vault.open(owner, row["joint"], at=JOINT, row=row["id"])
            else:
                return AgreementText()
        except KeyLostError:
            return AgreementText()
        need, offer, limit = json.loads(body)
        return AgreementText(need=need, offer=offer, limit=limit)


def _packed(text: AgreementText) -> str:
    return json.dumps(text.parts, ensure_ascii=False)
