"""Facts of the log, and the months it keeps."""

import pytest

from bot.domain.audit import Opened, encode_facts, month_before
from bot.domain.ids import new_id


def test_facts_hold_enum_members_truth_values_counts_and_our_ids() -> None:
    case_id = new_id()
    encoded = encode_facts({"what": Opened.CASE, "first": True, "count": 3, "case": case_id})
    assert encoded == (f'{{"case": "{case_id}", "count": 3, "first": true, "what": "opened.case"}}')


@pytest.mark.parametrize("fact", ["she said so", "", 812345678901234567, 1.5, None], ids=str)
def test_facts_never_hold_text_or_an_account(fact: object) -> None:
    with pytest.raises(ValueError, match="the fact detail"):
        encode_facts({"detail": fact})  # type: ignore[dict-item]  # the wrong type is the point


@pytest.mark.parametrize(
    ("month", "count", "earlier"),
    [(202601, 0, 202601), (202601, 1, 202512), (202603, 24, 202403), (202612, 11, 202601)],
)
def test_months_are_counted_back_over_the_year(month: int, count: int, earlier: int) -> None:
    assert month_before(month, count) == earlier
