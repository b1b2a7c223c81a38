"""Plans of two people: drafts, versions, signatures, and the private page of each."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.domain.ids import PairId, ParticipantId, PlanVersionId
from bot.domain.plan import PlanDraft, PlanSection, PlanVersion
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

DRAFT = "plan_drafts.body"
PART = "plan_parts.body"
JOINT = "plan_versions.body"
PAGE = "plan_pages.body"
TEXTS, OWN = "joint", "mine"
REVIEW = "review"

Sealed = Mapping[str, bytes]


def pair_owner(pair_id: str) -> str:
    """Name the owner of a pair's own key: what both signed is sealed under it."""
    return f"pair:{pair_id}"


class PlanStore:
    """Every word under its author's key, and what both signed also under the pair's."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal_draft(
        self, pair_id: PairId, participant_id: ParticipantId, draft: PlanDraft
    ) -> Sealed:
        """Lock the sections of a draft, before a transaction is opened."""
        parts: dict[str, str] = {section.value: text for section, text in draft.texts.items()}
        if draft.review_on is not None:
            parts[REVIEW] = draft.review_on.isoformat()
        return {
            section: await self._vault.seal(
                participant_id, text, at=DRAFT, row=f"{pair_id}/{participant_id}/{section}"
            )
            for section, text in parts.items()
        }

    async def keep_draft(
        self, pair_id: PairId, participant_id: ParticipantId, sealed: Sealed, tx: Transaction
    ) -> None:
        """Keep sections of a draft in place of what they were; the others stay."""
        for section, body in sealed.items():
            await tx.execute(
                "INSERT INTO plan_drafts VALUES (:pair, :participant, :section, :body) "
                "ON CONFLICT DO UPDATE SET body = :body",
                {**_whose(pair_id, participant_id), "section": section, "body": body},
            )

    async def draft(self, pair_id: PairId, participant_id: ParticipantId) -> PlanDraft | None:
        """Return what a person writes at."""
        rows = await self._database.fetch_all(
            "SELECT * FROM plan_drafts WHERE pair_id = :pair AND participant_id = :participant",
            _whose(pair_id, participant_id),
        )
        parts = {row["section"]: await self._draft_text(row) for row in rows}
        review = parts.pop(REVIEW, "")
        if not rows:
            return None
        return PlanDraft(
            texts={PlanSection(section): text for section, text in parts.items()},
            review_on=date.fromisoformat(review) if review else None,
        )

    async def drop_draft(
        self, pair_id: PairId, participant_id: ParticipantId, tx: Transaction
    ) -> None:
        """Delete a draft."""
        await tx.execute(
            "DELETE FROM plan_drafts WHERE pair_id = :pair AND participant_id = :participant",
            _whose(pair_id, participant_id),
        )

    async def seal_parts(self, version: PlanVersion) -> Mapping[tuple[str, str], bytes]:
        """Lock a version for its authors: the joint sections, and what each will do."""
        assert version.put_by is not None
        parts = {(str(version.put_by), TEXTS): json.dumps(version.texts, ensure_ascii=False)}
        parts |= {(str(who), OWN): text for who, text in version.mine.items()}
        return {
            (who, section): await self._vault.seal(
                who, text, at=PART, row=f"{version.id}/{who}/{section}"
            )
            for (who, section), text in parts.items()
        }

    async def add(
        self, version: PlanVersion, sealed: Mapping[tuple[str, str], bytes], tx: Transaction
    ) -> bool:
        """Keep a version; `False` where its number is taken."""
        added = await tx.execute(
            "INSERT INTO plan_versions (id, pair_id, number, put_by, put_at, review_on) "
            "VALUES (:id, :pair, :number, :by, :at, :review) ON CONFLICT DO NOTHING",
            {
                "id": version.id,
                "pair": version.pair_id,
                "number": version.number,
                "by": version.put_by,
                "at": to_us(version.put_at),
                "review": version.review_on.isoformat() if version.review_on else None,
            },
        )
        if not added:
            return False
        for (who, section), body in sealed.items():
            await tx.execute(
                "INSERT INTO plan_parts VALUES (:version, :participant, :section, :body)",
                {"version": version.id, "participant": who, "section": section, "body": body},
            )
        return True

    async def versions(self, pair_id: PairId) -> Sequence[PlanVersion]:
        """Return the versions of a pair, the latest first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM plan_versions WHERE pair_id = :pair ORDER BY number DESC",
            {"pair": pair_id},
        )
        return [await self._version(row) for row in rows]

    async def get(self, version_id: str) -> PlanVersion | None:
        """Return a version."""
        row = await self._database.fetch_one(
            "SELECT * FROM plan_versions WHERE id = :id", {"id": version_id}
        )
        return None if row is None else await self._version(row)

    async def newest(self, pair_id: PairId, tx: Transaction) -> PlanVersionId | None:
        """Return which version of a pair came last."""
        row = await tx.fetch_one(
            "SELECT id FROM plan_versions WHERE pair_id = :pair ORDER BY number DESC LIMIT 1",
            {"pair": pair_id},
        )
        return None if row is None else PlanVersionId(row["id"])

    async def sign(
        self,
        version_id: PlanVersionId,
        participant_id: ParticipantId,
        at: datetime,
        tx: Transaction,
    ) -> bool:
        """Put a name under a version; `False` where it is there."""
        added = await tx.execute(
            "INSERT INTO plan_signatures VALUES (:version, :participant, :at) "
            "ON CONFLICT DO NOTHING",
            {"version": version_id, "participant": participant_id, "at": to_us(at)},
        )
        return added == 1

    async def seal_joint(self, version: PlanVersion) -> bytes:
        """Lock what both sign under the key of the pair."""
        body = json.dumps({TEXTS: version.texts, OWN: version.mine}, ensure_ascii=False)
        return await self._vault.seal(
            pair_owner(version.pair_id), body, at=JOINT, row=str(version.id)
        )

    async def enforce(
        self,
        version: PlanVersion,
        sealed: bytes,
        *,
        at: datetime,
        review_at: datetime | None,
        tx: Transaction,
    ) -> bool:
        """Put a version in force; `False` unless two names are under it."""
        await self.note_key(version.pair_id, tx)
        changed = await tx.execute(
            "UPDATE plan_versions SET in_force_at = :at, body = :body, review_at = :review "
            "WHERE id = :id AND in_force_at IS NULL AND "
            "(SELECT count(*) FROM plan_signatures WHERE version_id = :id) = 2",
            {"id": version.id, "at": to_us(at), "body": sealed, "review": to_us(review_at)},
        )
        if changed:
            await tx.execute(
                "UPDATE plan_versions SET review_at = NULL WHERE pair_id = :pair AND id <> :id",
                {"pair": version.pair_id, "id": version.id},
            )
        return changed == 1

    async def due(self, now: datetime) -> Sequence[tuple[PlanVersionId, PairId]]:
        """Return the versions in force that are to be looked at again."""
        rows = await self._database.fetch_all(
            "SELECT plan_versions.id, pair_id FROM plan_versions JOIN pairs ON pairs.id = pair_id "
            "WHERE review_at <= :now AND state = 'open'",
            {"now": to_us(now)},
        )
        return [(PlanVersionId(row["id"]), PairId(row["pair_id"])) for row in rows]

    async def next_at(self) -> datetime | None:
        """Return when the next version is to be looked at again."""
        row = await self._database.fetch_one(
            "SELECT min(review_at) AS at FROM plan_versions JOIN pairs ON pairs.id = pair_id "
            "WHERE review_at IS NOT NULL AND state = 'open'"
        )
        return None if row is None else from_us(row["at"])

    async def told(self, version_id: PlanVersionId, tx: Transaction) -> bool:
        """Keep that both are asked; `False` where they were."""
        changed = await tx.execute(
            "UPDATE plan_versions SET review_at = NULL WHERE id = :id AND review_at IS NOT NULL",
            {"id": version_id},
        )
        return changed == 1

    async def write_page(
        self, pair_id: PairId, participant_id: ParticipantId, text: str, at: datetime
    ) -> None:
        """Keep someone's private page in place of what it was; an empty one is deleted."""
        whose = _whose(pair_id, participant_id)
        if not text:
            await self._database.execute(
                "DELETE FROM plan_pages WHERE pair_id = :pair AND participant_id = :participant",
                whose,
            )
            return
        row = f"{pair_id}/{participant_id}"
        body = await self._vault.seal(participant_id, text, at=PAGE, row=row)
        await self._database.execute(
            "INSERT INTO plan_pages VALUES (:pair, :participant, :body, :at) "
            "ON CONFLICT DO UPDATE SET body = :body, at = :at",
            {**whose, "body": body, "at": to_us(at)},
        )

    async def page(self, pair_id: PairId, participant_id: ParticipantId) -> str:
        """Return someone's own private page."""
        row = await self._database.fetch_one(
            "SELECT * FROM plan_pages WHERE pair_id = :pair AND participant_id = :participant",
            _whose(pair_id, participant_id),
        )
        return "" if row is None else await self._page_text(row)

    async def note_key(self, pair_id: PairId, tx: Transaction) -> None:
        """Keep that a pair has a key of its own."""
        await tx.execute(
            "INSERT INTO pair_keys VALUES (:pair) ON CONFLICT DO NOTHING", {"pair": pair_id}
        )

    async def bury(self) -> int:
        """Destroy the keys of pairs that are closed or gone, then what they locked; count them."""
        rows = await self._database.fetch_all(
            "SELECT pair_id FROM pair_keys WHERE pair_id NOT IN "
            "(SELECT id FROM pairs WHERE state = 'open')"
        )
        for row in rows:
            pair = {"pair": row["pair_id"]}
            await self._vault.destroy(pair_owner(row["pair_id"]))
            await self._database.execute(
                "UPDATE plan_versions SET body = NULL WHERE pair_id = :pair", pair
            )
            await self._database.execute(
                "UPDATE agreements SET joint = NULL WHERE pair_id = :pair", pair
            )
            await self._database.execute("DELETE FROM pair_keys WHERE pair_id = :pair", pair)
        return len(rows)

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return what a person wrote for plans and signed; never their private page."""
        whose = {"participant": participant_id}
        drafts = await self._database.fetch_all(
            "SELECT * FROM plan_drafts WHERE participant_id = :participant", whose
        )
        parts = await self._database.fetch_all(
            "SELECT plan_parts.*, number, put_at FROM plan_parts JOIN plan_versions "
            "ON plan_versions.id = version_id WHERE participant_id = :participant "
            "ORDER BY put_at, section",
            whose,
        )
        signed = await self._database.fetch_all(
            "SELECT number, at AS signed_at FROM plan_signatures JOIN plan_versions "
            "ON plan_versions.id = version_id WHERE participant_id = :participant ORDER BY at",
            whose,
        )
        return [
            *[{"section": row["section"], "text": await self._draft_text(row)} for row in drafts],
            *[line for row in parts for line in await self._lines(row)],
            *[dict(row) for row in signed],
        ]

    async def export_safety(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return a person's private pages, which the team hands over in person."""
        rows = await self._database.fetch_all(
            "SELECT * FROM plan_pages WHERE participant_id = :participant ORDER BY at",
            {"participant": participant_id},
        )
        return [{"text": await self._page_text(row), "at": row["at"]} for row in rows]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a person's words and signatures.

        A version that both signed stays for the other one, without a name on it, until their
        space closes; what was not signed by both goes.
        """
        into: Queries = tx or self._database
        params = {"participant": participant_id}
        for statement in (
            "DELETE FROM plan_drafts WHERE participant_id = :participant",
            "DELETE FROM plan_pages WHERE participant_id = :participant",
            "DELETE FROM plan_signatures WHERE participant_id = :participant",
            "DELETE FROM plan_parts WHERE participant_id = :participant",
            "DELETE FROM plan_versions WHERE put_by = :participant AND in_force_at IS NULL",
            "UPDATE plan_versions SET put_by = NULL WHERE put_by = :participant",
        ):
            await into.execute(statement, params)

    async def _version(self, row: Row) -> PlanVersion:
        signed = await self._database.fetch_all(
            "SELECT participant_id FROM plan_signatures WHERE version_id = :id", {"id": row["id"]}
        )
        texts, mine = await self._words(row)
        return PlanVersion(
            id=PlanVersionId(row["id"]),
            pair_id=PairId(row["pair_id"]),
            number=row["number"],
            put_by=None if row["put_by"] is None else ParticipantId(row["put_by"]),
            put_at=from_us(row["put_at"]),
            review_on=date.fromisoformat(row["review_on"]) if row["review_on"] else None,
            in_force_at=from_us(row["in_force_at"]),
            texts=texts,
            mine=mine,
            signed=frozenset(ParticipantId(one["participant_id"]) for one in signed),
        )

    async def _words(self, row: Row) -> tuple[dict[PlanSection, str], dict[ParticipantId, str]]:
        """Return the joint sections, and what each will do; what cannot be read is left out."""
        joint = await self._joint(row)
        if joint is None:
            joint = {TEXTS: {}, OWN: {}}
            parts = await self._database.fetch_all(
                "SELECT * FROM plan_parts WHERE version_id = :id", {"id": row["id"]}
            )
            for part in parts:
                text = await self._part(part)
                if part["section"] == OWN:
                    joint[OWN][part["participant_id"]] = text
                elif text:
                    joint[TEXTS] = json.loads(text)
        return (
            {PlanSection(section): text for section, text in joint[TEXTS].items()},
            {ParticipantId(who): text for who, text in joint[OWN].items()},
        )

    async def _joint(self, row: Row) -> dict[str, dict[str, str]] | None:
        if row["body"] is None:
            return None
        try:
            body = await self._vault.open(
                pair_owner(row["pair_id"]), row["body"], at=JOINT, row=row["id"]
            )
        except KeyLostError:
            return None
        found: dict[str, dict[str, str]] = json.loads(body)
        return found

    async def _part(self, row: Row) -> str:
        who = row["participant_id"]
        place = f"{row['version_id']}/{who}/{row['section']}"
        return await self._opened(who, row["body"], PART, place)

    async def _lines(self, row: Row) -> list[dict[str, object]]:
        """Return a part of a version as lines of one's own data."""
        text = await self._part(row)
        about = {"number": row["number"], "put_at": row["put_at"]}
        if row["section"] == OWN or not text:
            return [{**about, "section": row["section"], "text": text}]
        return [
            {**about, "section": section, "text": written}
            for section, written in json.loads(text).items()
            if written
        ]

    async def _draft_text(self, row: Row) -> str:
        who = row["participant_id"]
        place = f"{row['pair_id']}/{who}/{row['section']}"
        return await self._opened(who, row["body"], DRAFT, place)

    async def _page_text(self, row: Row) -> str:
        who = row["participant_id"]
        return await self._opened(who, row["body"], PAGE, f"{row['pair_id']}/{who}")

    async def _opened(self, owner: str, body: bytes, at: str, place: str) -> str:
        try:
            return await self._vault.open(owner, body, at=at, row=place)
        except KeyLostError:
            return ""


def _whose(pair_id: PairId, participant_id: ParticipantId) -> dict[str, object]:
    return {"pair": pair_id, "participant": participant_id}
