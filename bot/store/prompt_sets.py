"""Prompt sets: every version published, and the one being edited."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.domain.prompt_edit import Edition, Sets
from bot.domain.prompt_set import Meaning, PromptOption, PromptSet, Question, QuestionKind
from bot.store.database import Database, Queries, Transaction
from bot.store.times import from_us, to_us


class PromptSetStore:
    """Versions are only ever added."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, edition: Edition, tx: Transaction | None = None) -> bool:
        """Add a version; `False` where this number is taken."""
        into: Queries = tx or self._database
        added = await into.execute(
            "INSERT INTO prompt_versions VALUES (:set_id, :version, :body, :shipped, :at, :by) "
            "ON CONFLICT DO NOTHING",
            {
                "set_id": edition.set_id,
                "version": edition.version,
                "body": _to_text(edition.sets),
                "shipped": int(edition.is_shipped),
                "at": to_us(edition.published_at),
                "by": edition.published_by,
            },
        )
        return added == 1

    async def editions(self, set_id: str) -> Sequence[Edition]:
        """Return every version, the first one first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM prompt_versions WHERE set_id = :set_id ORDER BY version",
            {"set_id": set_id},
        )
        return [
            Edition(
                set_id=set_id,
                version=row["version"],
                sets=_from_text(row["body"]),
                is_shipped=bool(row["shipped"]),
                published_at=from_us(row["published_at"]),
                published_by=row["published_by"],
            )
            for row in rows
        ]

    async def draft(self, set_id: str, tx: Transaction | None = None) -> Sets | None:
        """Return what is being edited, if anything is."""
        source: Queries = tx or self._database
        row = await source.fetch_one(
            "SELECT body FROM prompt_drafts WHERE set_id = :set_id", {"set_id": set_id}
        )
        return None if row is None else _from_text(row["body"])

    async def save_draft(
        self, tx: Transaction, set_id: str, sets: Sets, *, by: int, at: datetime
    ) -> None:
        """Keep what is being edited."""
        await tx.execute(
            "INSERT INTO prompt_drafts VALUES (:set_id, :body, :at, :by) ON CONFLICT (set_id) "
            "DO UPDATE SET body = :body, changed_at = :at, changed_by = :by",
            {"set_id": set_id, "body": _to_text(sets), "at": to_us(at), "by": by},
        )

    async def drop_draft(self, set_id: str, tx: Transaction | None = None) -> bool:
        """Throw away what is being edited; `False` where nothing was."""
        into: Queries = tx or self._database
        dropped = await into.execute(
            "DELETE FROM prompt_drafts WHERE set_id = :set_id", {"set_id": set_id}
        )
        return dropped == 1


def _to_text(sets: Sets) -> str:
    return json.dumps(
        {locale: asdict(one) for locale, one in sets.items()},
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )


def _from_text(text: str) -> Sets:
    return {locale: _prompt_set(plain) for locale, plain in json.loads(text).items()}


def _prompt_set(plain: Mapping[str, Any]) -> PromptSet:
    return PromptSet(
        id=plain["id"],
        version=plain["version"],
        title=plain["title"],
        window_minutes=plain["window_minutes"],
        questions=tuple(_question(question) for question in plain["questions"]),
    )


def _question(plain: Mapping[str, Any]) -> Question:
    return Question(
        key=plain["key"],
        kind=QuestionKind(plain["kind"]),
        label=plain["label"],
        description=plain["description"],
        meaning=Meaning(plain["meaning"]) if plain["meaning"] else None,
        is_optional=plain["is_optional"],
        options=tuple(PromptOption(**option) for option in plain["options"]),
        max_length=plain["max_length"],
    )
