"""Who may be offered to whom, and what one of two can tell."""

from datetime import timedelta

from bot.domain.buddy import LASTS, Answer, Buddies, BuddyState, Wish, matches
from bot.domain.ids import BuddyId, ParticipantId
from tests.fakes.clock import START

PEOPLE = [ParticipantId(name) for name in ("ana", "ben", "cleo")]


def wish(number: int) -> Wish:
    return Wish(
        participant_id=PEOPLE[number],
        user_id=number,
        code=None,
        wished_at=START + timedelta(hours=number),
    )


def names(found: object) -> list[set[str]]:
    return [{one.participant_id, other.participant_id} for one, other in found]  # type: ignore[attr-defined]  # a list of pairs


def test_the_longest_waiting_come_first() -> None:
    found = matches([wish(2), wish(0), wish(1)], lambda _: (), ())

    assert names(found)[0] == {"ana", "ben"}
    assert len(found) == 3


def test_people_kept_apart_are_never_matched_whoever_is_on_whose_list() -> None:
    for apart in ({0: [1]}, {1: [0]}):
        found = matches([wish(0), wish(1)], lambda user, list_=apart: list_.get(user, ()), ())
        assert found == []


def test_two_who_were_offered_before_are_not_offered_again() -> None:
    tried = [frozenset({PEOPLE[0], PEOPLE[1]})]

    assert {"ana", "ben"} not in names(matches([wish(0), wish(1), wish(2)], lambda _: (), tried))


def test_the_others_no_or_end_changes_nothing_for_one() -> None:
    buddies = Buddies(
        id=BuddyId("b"),
        first=PEOPLE[0],
        second=PEOPLE[1],
        first_user_id=0,
        second_user_id=1,
        state=BuddyState.STARTED,
        first_answer=Answer.YES,
        second_answer=Answer.ENDED,
        proposed_by=9,
        proposed_at=START,
        until_at=START + LASTS,
    )

    assert buddies.is_live_for(PEOPLE[0], START)
    assert not buddies.is_live_for(PEOPLE[1], START)
    assert not buddies.is_live_for(PEOPLE[0], START + LASTS)
    assert buddies.other_user(PEOPLE[0]) == 1
