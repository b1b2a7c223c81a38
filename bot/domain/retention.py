"""Retention: how long each class of data is kept, and what becomes of it then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.audit import KEEP_MONTHS

EVERY = timedelta(days=1)
HIDDEN_AFTER_CASE = timedelta(hours=72)
"""How long the text of a hidden post is kept once its case is closed (SAFETY section 5)."""

EXCERPT_AT_MOST = timedelta(days=14)
"""How long a text where danger words were found is kept without a case."""

OVERDUE = timedelta(hours=20)
"""A class that was gone through less than this ago is left for the next day."""

ACCESS_SHOWN = timedelta(days=365)
LEFT_MONTHS = 12
DAYS_A_MONTH = 30.44
SWEEP = "its service's own sweep, every round of the scheduler"


class DataClass(StrEnum):
    """What is kept for a time of its own."""

    DRAFTS = "drafts"
    WORD_TRIES = "word_tries"
    JOINING = "joining"
    NOTICES = "notices"
    OUTBOX = "outbox"
    CASES = "cases"
    EXCERPTS = "excerpts"
    HITS = "hits"
    HIDDEN = "hidden"
    MODERATION = "moderation"
    QUESTIONS = "questions"
    BUDDIES = "buddies"
    ROTA = "rota"
    HANDOVERS = "handovers"
    PAIRS = "pairs"
    LEFT = "left"
    ACCESS = "access"
    AUDIT = "audit"
    LOGS = "logs"
    KEY_COPIES = "key_copies"


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """How long one class is kept.

    Attributes:
        what: What it is, as the README says it.
        kept: How long, as the README says it.
        then: What becomes of it, as the README says it.
        keep: How long its rows are kept, counted from when they were settled.
        tables: The tables its rows are in.
        by: What sees to it, where that is not the daily run.
    """

    kind: DataClass
    what: str
    kept: str
    then: str
    keep: timedelta
    tables: Sequence[str] = ()
    by: str = ""


CLASSES: Sequence[Retention] = (
    Retention(
        kind=DataClass.DRAFTS,
        what="a refused form",
        kept="24 hours",
        then="deleted, its key destroyed",
        keep=timedelta(hours=24),
        tables=("drafts",),
        by=SWEEP,
    ),
    Retention(
        kind=DataClass.WORD_TRIES,
        what="private words that did not fit",
        kept="1 hour",
        then="deleted",
        keep=timedelta(hours=1),
        tables=("private_word_tries",),
    ),
    Retention(
        kind=DataClass.JOINING,
        what="join codes not used; tries that did not fit",
        kept="14 days; 1 hour",
        then="deleted",
        keep=timedelta(days=14),
        tables=("join_codes", "join_tries"),
        by=SWEEP,
    ),
    Retention(
        kind=DataClass.NOTICES,
        what="the bot's notices in Discord, and its cards of closed cases",
        kept="12 days",
        then="removed from Discord",
        keep=timedelta(days=12),
    ),
    Retention(
        kind=DataClass.OUTBOX,
        what="which notice was sent when",
        kept="90 days after it was settled",
        then="deleted",
        keep=timedelta(days=90),
        tables=("outbox",),
    ),
    Retention(
        kind=DataClass.CASES,
        what="a closed case with its notes and concern",
        kept="90 days after closing",
        then="reduced to a count of nobody, its key destroyed",
        keep=timedelta(days=90),
        tables=("cases", "case_events", "case_steps", "case_threads", "concerns"),
    ),
    Retention(
        kind=DataClass.EXCERPTS,
        what="what was written where danger words were found (`INTERLUDE_KEEP_EXCERPTS`)",
        kept="72 hours after its case is closed, or after 14 days without one; by default not "
        "at all",
        then="deleted, its key destroyed",
        keep=HIDDEN_AFTER_CASE,
    ),
    Retention(
        kind=DataClass.HITS,
        what="that danger words were found, of which kind and where, and what the team said of it",
        kept="90 days",
        then="deleted",
        keep=timedelta(days=90),
        tables=("hits",),
    ),
    Retention(
        kind=DataClass.HIDDEN,
        what="the text of a post the team hid",
        kept="72 hours after its case is closed; 14 days without a case",
        then="deleted, its key destroyed",
        keep=timedelta(days=14),
        tables=("hidden_posts",),
    ),
    Retention(
        kind=DataClass.MODERATION,
        what="what the team did in a room and why; notes to colleagues",
        kept="90 days",
        then="deleted, its key destroyed",
        keep=timedelta(days=90),
        tables=("moderation_acts", "colleague_notes"),
    ),
    Retention(
        kind=DataClass.QUESTIONS,
        what="a question to the team with its answer",
        kept="90 days after it was settled",
        then="deleted",
        keep=timedelta(days=90),
        tables=("questions",),
    ),
    Retention(
        kind=DataClass.BUDDIES,
        what="who was offered to whom as a buddy",
        kept="1 year after it was over",
        then="deleted",
        keep=timedelta(days=365),
        tables=("buddies",),
    ),
    Retention(
        kind=DataClass.ROTA,
        what="single dates of the rota, and swaps, once over",
        kept="90 days",
        then="deleted",
        keep=timedelta(days=90),
        tables=("swaps", "handed_shifts", "ended_shifts"),
    ),
    Retention(
        kind=DataClass.HANDOVERS,
        what="a handover note",
        kept="30 days",
        then="deleted, its key destroyed",
        keep=timedelta(days=30),
        tables=("handovers", "handover_reads"),
    ),
    Retention(
        kind=DataClass.PAIRS,
        what="a closed space for two, with what was written and opened in it",
        kept="12 months after closing",
        then="deleted",
        keep=timedelta(days=365),
        tables=(
            "pairs",
            "openings",
            "offers",
            "pauses",
            "turns",
            "shared_days",
            "plan_versions",
            "agreements",
            "pair_keys",
        ),
    ),
    Retention(
        kind=DataClass.LEFT,
        what="everything of a person who left the server",
        kept=f"{LEFT_MONTHS} months (`INTERLUDE_LEFT_MONTHS`)",
        then="deleted as by themselves, the key destroyed",
        keep=timedelta(days=round(LEFT_MONTHS * DAYS_A_MONTH)),
        tables=("participants",),
    ),
    Retention(
        kind=DataClass.ACCESS,
        what="why something was opened; the person's list of openings",
        kept="1 year",
        then="unreadable; the line without it stays in the audit log",
        keep=ACCESS_SHOWN,
    ),
    Retention(
        kind=DataClass.AUDIT,
        what="the audit log, under random IDs",
        kept=f"{KEEP_MONTHS} months",
        then="deleted by whole months; a month's last hash stays",
        keep=timedelta(days=round(KEEP_MONTHS * DAYS_A_MONTH)),
        tables=("audit_entries",),
        by=SWEEP,
    ),
    Retention(
        kind=DataClass.LOGS,
        what="the log file",
        kept="14 days",
        then="deleted",
        keep=timedelta(days=14),
        by="the log itself",
    ),
    Retention(
        kind=DataClass.KEY_COPIES,
        what="copies of the wrapped keys",
        kept="7 days",
        then="deleted at the next `keys backup`",
        keep=timedelta(days=7),
        by="`keys backup`",
    ),
)

PROGRAMME_TABLES = (
    "programme",
    "staff",
    "duty",
    "shifts",
    "volunteers",
    "rota_rules",
    "told_gaps",
    "places",
    "begun_places",
    "confirmations",
    "prompt_versions",
    "prompt_drafts",
    "conflicts",
    "rooms",
    "room_states",
    "keep_apart",
    "join_numbers",
    "paused_scopes",
    "live_messages",
    "rehearsals",
    "rehearsal_steps",
    "watch_state",
    "departures",
    "case_counts",
    "audit_segments",
    "audit_subjects",
    "retention_runs",
)
"""Kept as long as the programme runs: they are about the programme, or name nobody.

Every other table belongs to a person and is kept as long as they are.
"""

JOINT_TABLES = ("goals",)
"""What several people hold together: each one's part goes with them, this with the last part."""


def left_after(months: int) -> timedelta:
    """Return how long someone who left is kept."""
    return timedelta(days=round(months * DAYS_A_MONTH))
