"""The exceptions that cross layers."""

from bot.errors import UserError


def test_a_refusal_carries_its_key_and_values_and_no_sentence() -> None:
    error = UserError("checkin.closed", day="Monday", key="also a value")
    assert (error.key, error.values) == (
        "checkin.closed",
        {"day": "Monday", "key": "also a value"},
    )
    assert str(error) == "checkin.closed"
