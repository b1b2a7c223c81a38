"""Questions to the team and their answers, under the key of who asked."""

import json
from collections.abc import Sequence
from datetime import datetime

from bot.domain.ids import ParticipantId, QuestionId
from bot.domain.question import Question, QuestionState
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

BODY = "questions.body"
ANSWER = "questions.answer"
SELECT = (
    "SELECT questions.*, participants.user_id FROM questions "
    "JOIN participants ON participants.id = participant_id"
)


class QuestionStore:
    """An inbox; a person's question goes with the person."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, question: Question) -> bytes:
        """Seal a question before the transaction that keeps it."""
        return await self._vault.seal(
            question.participant_id, question.text or "", at=BODY, row=question.id
        )

    async def seal_answer(self, question: Question, text: str, shown: str) -> bytes:
        """Seal an answer, and the question as all may read it."""
        both = json.dumps({"answer": text, "shown": shown})
        return await self._vault.seal(question.participant_id, both, at=ANSWER, row=question.id)

    async def add(self, question: Question, sealed: bytes, tx: Transaction) -> None:
        """Keep a question."""
        await tx.execute(
            "INSERT INTO questions (id, participant_id, state, for_all, body, asked_at) "
            "VALUES (:id, :participant, :state, :for_all, :body, :at)",
            {
                "id": question.id,
                "participant": question.participant_id,
                "state": question.state.value,
                "for_all": int(question.for_all),
                "body": sealed,
                "at": to_us(question.asked_at),
            },
        )

    async def get(self, question_id: str) -> Question | None:
        """Return a question with its texts."""
        row = await self._database.fetch_one(
            f"{SELECT} WHERE questions.id = :id", {"id": question_id}
        )
        return None if row is None else await self._unsealed(row)

    async def open(self) -> Sequence[Question]:
        """Return what waits, the oldest first, without the texts."""
        rows = await self._database.fetch_all(
            f"{SELECT} WHERE questions.state = 'open' ORDER BY asked_at"
        )
        return [_question(row) for row in rows]

    async def count_open(self, participant_id: ParticipantId, tx: Transaction) -> int:
        """Count a person's questions that wait."""
        row = await tx.fetch_one(
            "SELECT count(*) AS n FROM questions WHERE participant_id = :participant "
            "AND state = 'open'",
            {"participant": participant_id},
        )
        return 0 if row is None else int(row["n"])

    async def of(self, participant_id: ParticipantId, limit: int = 10) -> Sequence[Question]:
        """Return a person's latest questions, the newest first, with their texts."""
        rows = await self._database.fetch_all(
            f"{SELECT} WHERE participant_id = :participant ORDER BY asked_at DESC LIMIT :limit",
            {"participant": participant_id, "limit": limit},
        )
        return [await self._unsealed(row) for row in rows]

    async def answer(
        self,
        question_id: str,
        sealed: bytes,
        *,
        by: int,
        room_id: str | None,
        at: datetime,
        tx: Transaction,
    ) -> bool:
        """Keep an answer; `False` where the question was answered or taken back before."""
        changed = await tx.execute(
            "UPDATE questions SET state = 'answered', answer = :answer, answered_by = :by, "
            "room_id = :room, answered_at = :at WHERE id = :id AND state = 'open'",
            {"id": question_id, "answer": sealed, "by": by, "room": room_id, "at": to_us(at)},
        )
        return changed == 1

    async def withdraw(self, question_id: str, participant_id: ParticipantId, at: datetime) -> bool:
        """Take a question back for who asked it; `False` where it waits no more."""
        changed = await self._database.execute(
            "UPDATE questions SET state = 'withdrawn', answered_at = :at "
            "WHERE id = :id AND participant_id = :participant AND state = 'open'",
            {"id": question_id, "participant": participant_id, "at": to_us(at)},
        )
        return changed == 1

    async def purge(self, before: datetime, limit: int) -> int:
        """Delete questions settled before a moment, and count them."""
        return await self._database.execute(
            "DELETE FROM questions WHERE rowid IN (SELECT rowid FROM questions "
            "WHERE state <> 'open' AND answered_at < :before LIMIT :limit)",
            {"before": to_us(before), "limit": limit},
        )

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return what a participant asked, and what they were answered."""
        rows = await self._database.fetch_all(
            f"{SELECT} WHERE participant_id = :participant ORDER BY asked_at",
            {"participant": participant_id},
        )
        return [
            {
                "state": row["state"],
                "for_all": bool(row["for_all"]),
                "asked_at": row["asked_at"],
                "answered_at": row["answered_at"],
                "question": await self._open(row, "body", BODY),
                "answer": (await self._answer(row))[0],
            }
            for row in rows
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a participant's questions."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM questions WHERE participant_id = :participant",
            {"participant": participant_id},
        )

    async def _unsealed(self, row: Row) -> Question:
        answer, shown = await self._answer(row)
        return _question(
            row,
            text=await self._open(row, "body", BODY),
            answer=answer,
            shown=shown,
        )

    async def _answer(self, row: Row) -> tuple[str | None, str]:
        text = await self._open(row, "answer", ANSWER)
        both: dict[str, str] = {} if text is None else json.loads(text)
        return both.get("answer"), both.get("shown", "")

    async def _open(self, row: Row, column: str, at: str) -> str | None:
        if row[column] is None:
            return None
        try:
            return await self._vault.open(row["participant_id"], row[column], at=at, row=row["id"])
        except KeyLostError:
            return None


def _question(
    row: Row, text: str | None = None, answer: str | None = None, shown: str = ""
) -> Question:
    return Question(
        id=QuestionId(row["id"]),
        participant_id=ParticipantId(row["participant_id"]),
        user_id=row["user_id"],
        state=QuestionState(row["state"]),
        for_all=bool(row["for_all"]),
        text=text,
        answer=answer,
        shown=shown,
        answered_by=row["answered_by"],
        room_id=row["room_id"],
        asked_at=from_us(row["asked_at"]),
        answered_at=from_us(row["answered_at"]),
    )
