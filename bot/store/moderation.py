"""Acts of moderation, and the texts of posts that were hidden."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.ids import CaseId, ModerationId, ParticipantId, RoomId
from bot.domain.moderation import Act, ActKind, ActState
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

BODY = "moderation_acts.body"
POST = "hidden_posts.body"
OF_PERSON = (
    "(participant_id = :participant OR user_id = "
    "(SELECT user_id FROM participants WHERE id = :participant))"
)


class ModerationStore:
    """Each row is sealed under a key of its own, so that it can go by itself."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, act: Act) -> bytes:
        """Seal the reason and the words to the person, before a transaction is opened."""
        text = json.dumps({"reason": act.reason or "", "words": act.words})
        return await self._vault.seal(act.id, text, at=BODY, row=act.id)

    async def seal_post(self, post_id: str, text: str) -> bytes:
        """Seal the text of a post."""
        return await self._vault.seal(post_id, text, at=POST, row=post_id)

    async def add(self, act: Act, tx: Transaction, *, sealed: bytes | None = None) -> bool:
        """Keep that something was begun; `False` where it was before, from the same form."""
        added = await tx.execute(
            "INSERT INTO moderation_acts (id, kind, state, user_id, participant_id, by_id, "
            "room_id, channel_id, message_id, case_id, seconds, note, body, begun_at) VALUES "
            "(:id, :kind, :state, :user, :participant, :by, :room, :channel, :message, :case, "
            ":seconds, :note, :body, :at) ON CONFLICT (id) DO NOTHING",
            {
                "id": act.id,
                "kind": act.kind.value,
                "state": act.state.value,
                "user": act.user_id,
                "participant": act.participant_id,
                "by": act.by_id,
                "room": act.room_id,
                "channel": act.channel_id,
                "message": act.message_id,
                "case": act.case_id,
                "seconds": act.seconds,
                "note": act.note,
                "body": sealed,
                "at": to_us(act.begun_at),
            },
        )
        return added == 1

    async def add_post(
        self,
        post_id: str,
        act_id: ModerationId,
        participant_id: ParticipantId | None,
        sealed: bytes,
        tx: Transaction,
    ) -> None:
        """Keep the text of a post with the act that hides it."""
        await tx.execute(
            "INSERT INTO hidden_posts VALUES (:id, :act, :participant, :body)",
            {"id": post_id, "act": act_id, "participant": participant_id, "body": sealed},
        )

    async def get(self, act_id: str) -> Act | None:
        """Return an act, unsealed."""
        row = await self._database.fetch_one(
            "SELECT * FROM moderation_acts WHERE id = :id", {"id": act_id}
        )
        return None if row is None else await self._unsealed(row)

    async def hiding(self, message_id: int, tx: Transaction | None = None) -> Act | None:
        """Return the act that hid, or is hiding, a post."""
        source: Queries = tx or self._database
        row = await source.fetch_one(
            "SELECT * FROM moderation_acts WHERE message_id = :message AND kind = 'hide' "
            "AND state IN ('doing', 'done')",
            {"message": message_id},
        )
        return None if row is None else _act(row)

    async def start(self, act: Act, sealed: bytes, tx: Transaction) -> bool:
        """Let what was begun go to Discord; `False` where another press was first."""
        changed = await tx.execute(
            "UPDATE moderation_acts SET state = 'doing', note = :note, body = :body, "
            "case_id = :case, begun_at = :at WHERE id = :id AND state = 'begun'",
            {
                "id": act.id,
                "note": act.note,
                "body": sealed,
                "case": act.case_id,
                "at": to_us(act.begun_at),
            },
        )
        return changed == 1

    async def settle(self, act_id: str, state: ActState, at: datetime, tx: Transaction) -> bool:
        """Keep what became of it; `False` where that was kept before."""
        changed = await tx.execute(
            "UPDATE moderation_acts SET state = :state, done_at = :at "
            "WHERE id = :id AND state = 'doing'",
            {"id": act_id, "state": state.value, "at": to_us(at)},
        )
        return changed == 1

    async def stuck(self, before: datetime) -> Sequence[Act]:
        """Return what was cut off while Discord was asked."""
        rows = await self._database.fetch_all(
            "SELECT * FROM moderation_acts WHERE state = 'doing' AND begun_at < :before "
            "ORDER BY begun_at LIMIT 50",
            {"before": to_us(before)},
        )
        return [await self._unsealed(row) for row in rows]

    async def drop_begun(self, before: datetime) -> int:
        """Forget forms that were opened and not sent, and the posts they kept."""
        return await self._drop(
            "SELECT id FROM moderation_acts WHERE state = 'begun' AND begun_at < :before",
            {"before": to_us(before)},
        )

    async def concern_case(self, message_id: int) -> CaseId | None:
        """Return the newest case in which somebody raised a concern about a post."""
        row = await self._database.fetch_one(
            "SELECT case_id FROM concerns WHERE message_id = :message ORDER BY created_at DESC",
            {"message": message_id},
        )
        return None if row is None else CaseId(row["case_id"])

    async def about(self, user_id: int, limit: int = 10) -> Sequence[Act]:
        """Return what was done to a member, the newest first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM moderation_acts WHERE user_id = :user AND state = 'done' "
            "ORDER BY begun_at DESC LIMIT :limit",
            {"user": user_id, "limit": limit},
        )
        return [await self._unsealed(row) for row in rows]

    async def post(self, act_id: str) -> str | None:
        """Return the text of a post that was hidden, as long as it is kept."""
        row = await self._database.fetch_one(
            "SELECT id, body FROM hidden_posts WHERE act_id = :act", {"act": act_id}
        )
        return None if row is None else await self._open(row["id"], row["body"], POST)

    async def drop_post(self, act_id: str) -> None:
        """Forget the text of a post that was not hidden after all."""
        row = await self._database.fetch_one(
            "SELECT id FROM hidden_posts WHERE act_id = :act", {"act": act_id}
        )
        if row is not None:
            await self._database.execute(
                "DELETE FROM hidden_posts WHERE id = :id", {"id": row["id"]}
            )
            await self._vault.destroy(row["id"])

    async def purge_posts(self, before: datetime, closed_before: datetime, limit: int) -> int:
        """Delete hidden texts whose case is closed, or that have none, long enough.

        Args:
            before: A text without a case goes when it is older than this.
            closed_before: Any other goes when its case was closed before this.
            limit: How many at most.
        """
        rows = await self._database.fetch_all(
            "SELECT hidden_posts.id FROM hidden_posts "
            "JOIN moderation_acts ON moderation_acts.id = act_id "
            "LEFT JOIN cases ON cases.id = case_id "
            "WHERE moderation_acts.state <> 'begun' AND ((cases.id IS NULL AND begun_at < :before) "
            "OR (cases.state = 'closed' AND cases.closed_at < :closed)) LIMIT :limit",
            {"before": to_us(before), "closed": to_us(closed_before), "limit": limit},
        )
        async with self._database.transaction() as tx:
            for row in rows:
                await tx.execute("DELETE FROM hidden_posts WHERE id = :id", {"id": row["id"]})
        for row in rows:
            await self._vault.destroy(row["id"])
        return len(rows)

    async def purge(self, before: datetime, limit: int) -> int:
        """Delete old acts; one whose post is still kept stays with it."""
        return await self._drop(
            "SELECT id FROM moderation_acts WHERE state <> 'doing' AND begun_at < :before "
            "AND id NOT IN (SELECT act_id FROM hidden_posts) LIMIT :limit",
            {"before": to_us(before), "limit": limit},
        )

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return what was done to a participant as they saw it, and their own hidden posts.

        Why it was done, and by whom, is the team's: the team hands that over in person.
        """
        rows = await self._mine(participant_id)
        return [
            {
                "kind": row["kind"],
                "message_id": row["message_id"],
                "seconds": row["seconds"],
                "done_at": row["done_at"],
                "note": row["note"],
                "words": (await self._unsealed(row)).words,
                "text": await self.post(row["id"]),
            }
            for row in rows
        ] + await self._own_posts(participant_id)

    async def export_safety(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return why it was done; handed over by the team in person."""
        return [
            {
                "kind": row["kind"],
                "done_at": row["done_at"],
                "reason": (await self._unsealed(row)).reason,
            }
            for row in await self._mine(participant_id)
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete what was done to a participant and their hidden posts, with the keys."""
        into: Queries = tx or self._database
        params = {"participant": participant_id}
        acts = await into.fetch_all(
            f"SELECT id FROM moderation_acts WHERE {OF_PERSON}",  # noqa: S608 - a constant
            params,
        )
        posts = await into.fetch_all(
            "SELECT id FROM hidden_posts WHERE participant_id = :participant OR act_id IN "  # noqa: S608 - a constant
            f"(SELECT id FROM moderation_acts WHERE {OF_PERSON})",
            params,
        )
        for row in posts:
            await into.execute("DELETE FROM hidden_posts WHERE id = :id", {"id": row["id"]})
        await into.execute(f"DELETE FROM moderation_acts WHERE {OF_PERSON}", params)  # noqa: S608 - a constant
        for row in (*acts, *posts):
            await self._vault.destroy(row["id"])

    async def _drop(self, which: str, params: Mapping[str, object]) -> int:
        if not await self._database.fetch_all(which, params):
            return 0  # Asked every round of the scheduler: the writer is left in peace.
        async with self._database.transaction() as tx:
            rows = await tx.fetch_all(which, params)
            ids = json.dumps([row["id"] for row in rows])
            posts = await tx.fetch_all(
                "SELECT id FROM hidden_posts WHERE act_id IN (SELECT value FROM json_each(:ids))",
                {"ids": ids},
            )
            await tx.execute(
                "DELETE FROM moderation_acts WHERE id IN (SELECT value FROM json_each(:ids))",
                {"ids": ids},
            )
        for row in (*rows, *posts):
            await self._vault.destroy(row["id"])
        return len(rows)

    async def _mine(self, participant_id: ParticipantId) -> Sequence[Row]:
        return await self._database.fetch_all(
            f"SELECT * FROM moderation_acts WHERE {OF_PERSON} AND state <> 'begun' "  # noqa: S608 - a constant
            "ORDER BY begun_at",
            {"participant": participant_id},
        )

    async def _own_posts(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return posts of theirs in acts that name somebody else or are not done yet."""
        rows = await self._database.fetch_all(
            "SELECT hidden_posts.id, hidden_posts.body FROM hidden_posts "  # noqa: S608 - a constant
            "WHERE participant_id = :participant AND act_id NOT IN "
            f"(SELECT id FROM moderation_acts WHERE {OF_PERSON} AND state <> 'begun')",
            {"participant": participant_id},
        )
        return [{"text": await self._open(row["id"], row["body"], POST)} for row in rows]

    async def _unsealed(self, row: Row) -> Act:
        text = None
        if row["body"] is not None:
            text = await self._open(row["id"], row["body"], BODY)
        kept: dict[str, str] = {} if text is None else json.loads(text)
        return _act(row, reason=kept.get("reason"), words=kept.get("words", ""))

    async def _open(self, owner: str, sealed: bytes, at: str) -> str | None:
        try:
            return await self._vault.open(owner, sealed, at=at, row=owner)
        except KeyLostError:
            return None


def _act(row: Row, reason: str | None = None, words: str = "") -> Act:
    return Act(
        id=ModerationId(row["id"]),
        kind=ActKind(row["kind"]),
        state=ActState(row["state"]),
        user_id=row["user_id"],
        participant_id=None
        if row["participant_id"] is None
        else ParticipantId(row["participant_id"]),
        by_id=row["by_id"],
        room_id=None if row["room_id"] is None else RoomId(row["room_id"]),
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        case_id=None if row["case_id"] is None else CaseId(row["case_id"]),
        seconds=row["seconds"],
        note=row["note"],
        reason=reason,
        words=words,
        begun_at=from_us(row["begun_at"]),
        done_at=from_us(row["done_at"]),
    )
