"""What is written out for a person, and what only the program needs."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.ids import ParticipantId
from bot.domain.readable import (
    OwnData,
    Section,
    is_technical,
    plain_row,
    read_day,
    read_moment,
)

US = 1_767_614_400_000_000
NOON = "2026-01-05T12:00:00+00:00"


@pytest.mark.parametrize(
    ("column", "value", "plain"),
    [
        ("at", US, NOON),
        ("opened_at", US, NOON),
        ("open_until", US, NOON),
        ("doubtful_since", US, NOON),
        ("format", US, US),
        ("opened_at", None, None),
        ("given", 1, True),
        ("is_open", 0, False),
        ("given", 2, 2),
        ("level", 1, 1),
        ("reachable", True, True),
        ("values", {"at": US, "n": 1}, {"at": NOON, "n": 1}),
        ("done", [{"at": US}, "x"], [{"at": NOON}, "x"]),
        ("moment", datetime(2026, 1, 5, 12, tzinfo=UTC), NOON),
        ("day", date(2026, 1, 5), "2026-01-05"),
        ("blob", b"\x01\xff", "01ff"),
    ],
)
def test_values_are_written_out_by_their_columns_name(
    column: str, value: object, plain: object
) -> None:
    assert plain_row({column: value}) == {column: plain}


@pytest.mark.parametrize(
    ("column", "technical"),
    [
        ("id", True),
        ("participant_id", True),
        ("dm_channel_id", True),
        ("user_id", False),
        ("key", True),
        ("set_version", True),
        ("text_version", False),
        ("kind", False),
        ("reason", False),
        ("outbox.reason", True),
        ("concerns.reason", False),
        ("cases.claimed_at", False),
        ("outbox.claimed_at", True),
    ],
)
def test_what_only_the_program_needs_is_not_for_people(column: str, technical: bool) -> None:
    assert is_technical(column) is technical


def test_moments_and_days_are_read_only_from_their_columns() -> None:
    assert read_moment("at", NOON) == datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert read_moment("text", NOON) is None
    assert read_moment("at", "soon") is None
    assert read_moment("at", "2026-01-05T12:00:00") is None
    assert read_day("first_day", "2026-01-05") == date(2026, 1, 5)
    assert read_day("day", "someday") is None
    assert read_day("text", "2026-01-05") is None


def test_the_file_for_programs_says_what_is_in_it() -> None:
    data = OwnData(
        participant_id=ParticipantId("p"),
        code="P-1",
        made_at=datetime(2026, 1, 5, 12, tzinfo=UTC),
        sections=[Section(name="notes", rows=[{"text": "x"}], is_safety=True)],
        is_whole=True,
    )
    assert data.plain() == {
        "format": 1,
        "made_at": NOON,
        "participant": "p",
        "code": "P-1",
        "with_safety_items": True,
        "sections": [
            {"name": "notes", "safety": True, "unreadable": False, "rows": [{"text": "x"}]}
        ],
    }
