"""Rows for any table of the schema, made by looking at it; for tests about the whole schema."""

import itertools
from collections.abc import Mapping
from typing import Any

from bot.store.database import Database, Row
from bot.store.vault import Vault

Values = Mapping[str, Any]

MADE_UP = range(700_001, 800_000)
"""The numbers made up; nothing else in a test uses them."""

FIXED: Mapping[str, Values] = {
    "participants": {"state": "active"},
    "preferences": {
        "zone": "UTC",
        "locale": "en",
        "weekday_time": "09:00",
        "weekend_time": "10:00",
        "pace": "daily",
        "quiet_start": "21:00",
        "quiet_end": "08:00",
        "delivery": "thread",
        "safe_contact": "any",
        "safe_hours": None,
    },
    "schedules": {"channel_key": None, "rule": "{}"},
    "outbox": {"channel_key": None, "state": "pending", "args": "{}"},
    "checkins": {"day": "2026-01-05", "state": "answered", "set_id": "daily"},
    "aways": {"first_day": "2026-01-05", "last_day": "2026-01-06"},
    "audit_subjects": {"case_id": None, "staff_id": None},
    "cases": {"source": "ask", "is_drill": 0, "drill_calls_out": 0, "closing": None},
    "case_threads": {"may_read": 1},
    "room_members": {"state": "in"},
    "case_events": {"kind": "note"},
    "case_clocks": {"state": "stopped"},
    "rota_rules": {"id": 1},
    "hits": {
        "place": "room",
        "label": "self_harm",
        "tier": "review",
        "verdict": "right",
        "case_id": None,
    },
    "watch_state": {"id": 1},
    "moderation_acts": {"kind": "timeout", "state": "done"},
    "questions": {"state": "answered"},
    "buddies": {"state": "started", "first_answer": "yes", "second_answer": ""},
    "prompt_versions": {"body": "{}"},
    "pair_invites": {"kind": "couple", "state": "waiting"},
    "pairs": {"kind": "couple", "state": "open", "zone": "UTC"},
    "pair_members": {"parting": None},
    "openings": {"feature": "question", "state": "waiting"},
    "contributions": {"choice": "keep"},
    "offers": {"feature": "question"},
    "pauses": {"state": "over"},
    "own_notes": {"kind": "strength"},
    "turns": {"step": "kept"},
    "ritual_parts": {"day": "2026-01-05", "part": "intention"},
    "ritual_ticks": {"day": "2026-01-05"},
    "tellings": {"choice": "now"},
    "noticings": {"day": "2026-01-05"},
    "plan_versions": {"review_on": "2026-01-05"},
    "plan_parts": {"section": "mine"},
    "plan_drafts": {"section": "signs"},
    "agreements": {"revisit_on": "2026-01-05"},
    "agreement_answers": {"answer": "agree"},
    "goal_parts": {"state": "active", "rule": None, "pauses": "[]", "readings": None},
}
"""What a table's rules ask of its columns; everything else is made up."""

SEALED: Mapping[str, tuple[str, str, str]] = {
    "drafts.form_values": ("{id}", "{id}", '{"text": "marker of drafts"}'),
    "concerns.body": ("{participant_id}", "{id}", "marker of concerns"),
    "checkins.texts": (
        "{participant_id}",
        "{participant_id}/{day}",
        '{"text": "marker of checkins"}',
    ),
    "contributions.body": (
        "{participant_id}",
        "{opening_id}/{participant_id}",
        "marker of contributions",
    ),
    "middle_ways.topic": ("{participant_id}", "{id}", "marker of middle_ways"),
    "plan_parts.body": (
        "{participant_id}",
        "{version_id}/{participant_id}/{section}",
        "marker of plan_parts",
    ),
    "plan_drafts.body": (
        "{participant_id}",
        "{pair_id}/{participant_id}/{section}",
        "marker of plan_drafts",
    ),
    "plan_pages.body": (
        "{participant_id}",
        "{pair_id}/{participant_id}",
        "marker of plan_pages",
    ),
    "agreement_texts.body": (
        "{participant_id}",
        "{agreement_id}",
        '["marker of agreement_texts", "", ""]',
    ),
    "ritual_parts.body": (
        "{participant_id}",
        "{pair_id}/{day}/{part}",
        '["marker of ritual_parts"]',
    ),
    "thanks.body": ("{participant_id}", "{id}", "marker of thanks"),
    "tellings.body": ("{participant_id}", "{id}", "marker of tellings"),
    "signs.body": ("{participant_id}", "{id}", '["marker of signs", ""]'),
    "sayings.body": (
        "{participant_id}",
        "{id}",
        '{"parts": [], "text": "marker of sayings"}',
    ),
    "own_notes.body": ("{participant_id}", "{id}", "marker of own_notes"),
    "goal_parts.texts": ("{participant_id}", "{id}", '{"what": "marker of goal_parts"}'),
    "goal_parts.pending": ("{participant_id}", "{id}", '{"what": "marker of goal_parts"}'),
    "case_events.note": ("{case_id}", "{id}", "marker of case_events"),
    "moderation_acts.body": ("{id}", "{id}", '{"reason": "marker of moderation_acts"}'),
    "hidden_posts.body": ("{id}", "{id}", "marker of hidden_posts"),
    "colleague_notes.body": ("{id}", "{id}", "marker of colleague_notes"),
    "left_notes.body": ("{participant_id}", "{id}", "marker of left_notes"),
    "hits.excerpt": ("{id}", "{id}", "marker of hits"),
    "questions.body": ("{participant_id}", "{id}", "marker of questions"),
    "questions.answer": ("{participant_id}", "{id}", '{"answer": "answer of questions"}'),
}
"""Sealed columns: owner, row and text, as patterns over the row's other columns."""


class RowMaker:
    """Fills tables with rows that fit, parents first; every value is found nowhere else."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._numbers = itertools.count(MADE_UP.start)

    async def tables(self) -> list[str]:
        """Name the schema's tables."""
        rows = await self._database.fetch_all(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        return sorted(row["name"] for row in rows)

    async def columns(self, table: str) -> list[Row]:
        """Describe a table's columns."""
        return list(await self._database.fetch_all(f"SELECT * FROM pragma_table_info('{table}')"))

    async def parents(self, table: str) -> dict[str, tuple[str, str]]:
        """Return which columns refer to which table and column."""
        rows = await self._database.fetch_all(f"SELECT * FROM pragma_foreign_key_list('{table}')")
        return {row["from"]: (row["table"], row["to"]) for row in rows}

    async def add(self, table: str, **given: Any) -> dict[str, Any]:
        """Add a row and the rows it refers to; return its values.

        Args:
            table: Where the row goes.
            given: Values that matter to the test.
        """
        columns = await self.columns(table)
        there = {column["name"] for column in columns}
        # An older schema lacks some of the columns.
        fixed = {name: value for name, value in FIXED.get(table, {}).items() if name in there}
        values = {**fixed, **given}
        for column, (parent, key) in (await self.parents(table)).items():
            if column not in values:
                values[column] = (await self.add(parent))[key]
        for column in columns:
            if column["name"] not in values and column["type"] != "BLOB":
                values[column["name"]] = self._value(table, column)
        for column in columns:
            if column["name"] not in values:
                values[column["name"]] = await self._blob(table, column["name"], values)
        names = ", ".join(values)
        slots = ", ".join(f":{name}" for name in values)
        await self._database.execute(f"INSERT INTO {table} ({names}) VALUES ({slots})", values)
        return values

    def _value(self, table: str, column: Row) -> Any:
        number = next(self._numbers)
        return number if column["type"] == "INTEGER" else f"{table}-{column['name']}-{number}"

    async def _blob(self, table: str, column: str, values: Values) -> bytes:
        place = f"{table}.{column}"
        if place not in SEALED:
            return f"{place}-{next(self._numbers)}".encode()
        owner, row, text = SEALED[place]
        return await self._vault.seal(
            owner.format(**values), text, at=place, row=row.format(**values)
        )
