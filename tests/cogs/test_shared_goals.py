"""Goals for two: whatever one of them does in private, the other one sees the same."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.domain.goal import PartState
from bot.domain.participant import Delivery
from bot.domain.progress import Mark
from tests.fakes.goals import (
    HOUR,
    joined,
    listed,
    notes,
    opened,
    pressing,
    typed,
    until,
)
from tests.fakes.joined import options
from tests.fakes.simulation import World, fields, labels, shown, texts

SAVED = "Saved. If it can open, you will both see it."


async def offered(world: World, who: str, whom: int, when: str = "every day at 7 pm") -> Any:
    """Offer a goal to an account and return what the one who offers it reads."""
    asked = shown(await typed(world, who, "Walk together", when, invite=str(whom)))
    await world.person(who).click(asked, label="Yes, keep it")
    await world.run_due()
    return asked


async def accepted(world: World, name: str, when: str = "every day at 7 pm") -> Any:
    """Say yes to the newest invitation, in one's own words."""
    user = world.person(name).user
    card = await opened(world, name)
    form = await user.click(card, label="Yes, with my own words")
    asked = await user.submit_modal(form, {"what": "My walk", "when": when})
    return await user.click(shown(asked), label="Yes, keep it")


async def both(world: World) -> tuple[str, str]:
    """Let ana and ben hold a goal; return their parts."""
    ana, ben = await joined(world, "ana"), await joined(world, "ben")
    await offered(world, "ana", ben.user_id)
    await accepted(world, "ben")
    await world.run_due()
    store = world.app.stores.goals
    [mine] = await store.of(ana.id)
    [theirs] = await store.of(ben.id)
    assert (mine.state, theirs.state) == (PartState.ACTIVE, PartState.ACTIVE)
    return mine.id, theirs.id


async def test_a_goal_opens_for_both_once_both_said_yes(world: World) -> None:
    await joined(world, "ana")
    ben = await joined(world, "ben")

    card = await offered(world, "ana", ben.user_id)

    assert SAVED in texts(card)
    assert "waits for a yes" in await listed(world, "ana")
    assert texts(notes(world, "ben")[-1]) == "You have a note.\nOpen"
    invitation = await opened(world, "ben")
    assert f"<@{world.person('ana').id}>" in texts(invitation)
    assert "Walk together" in texts(invitation)
    await until(world, 19)
    assert not notes(world, "ana")
    await accepted(world, "ben")
    await world.run_due()
    assert "open for both of you now" in texts(await opened(world, "ana"))
    await until(world, 19)
    assert "**My walk**" in texts(await opened(world, "ben"))
    assert "**Walk together**" in texts(await opened(world, "ana"))


async def themselves(world: World) -> int:
    return world.person("ana").id


async def a_bot(world: World) -> int:
    return world.env.create_user("robot", bot=True).id


async def a_stranger(world: World) -> int:
    return world.person("stranger").id


async def someone_away(world: World) -> int:
    ben = await joined(world, "ben")
    await world.app.services.away.set(ben, "today", "5 days", "en")
    return ben.user_id


async def someone_who_says_no(world: World) -> int:
    return (await joined(world, "ben")).user_id


async def someone_without_messages(world: World) -> int:
    return (await joined(world, "ben", delivery=Delivery.NOTHING)).user_id


TRUTHS = (
    themselves,
    a_bot,
    a_stranger,
    someone_away,
    someone_who_says_no,
    someone_without_messages,
)


async def seen_by_the_inviter(world: World, truth: Callable[[World], Awaitable[int]]) -> list[str]:
    """Return everything the inviter can look at, from the invitation to its end."""
    await joined(world, "ana")
    whom = await truth(world)
    card = await offered(world, "ana", whom)
    seen = [texts(card)]
    if truth is someone_who_says_no:
        invitation = await opened(world, "ben")
        await world.person("ben").user.click(invitation, label="No, thank you")
    for _ in range(3):
        await until(world, 19)
        seen.append(await listed(world, "ana"))
    await world.advance(15 * 24 * HOUR)
    listing = shown(await pressing(world, "ana", "goals:v1:open"))
    seen.append(texts(listing))
    [part_id] = options(listing, "goals:v1:show")
    seen.append(texts(shown(await pressing(world, "ana", "goals:v1:show", part_id))))
    seen.append(str(len(notes(world, "ana"))))
    return seen


EXPECTED: list[list[str]] = []


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: truth.__name__)
async def test_whatever_the_truth_the_inviter_sees_the_same(
    world: World, truth: Callable[[World], Awaitable[int]]
) -> None:
    seen = await seen_by_the_inviter(world, truth)

    assert SAVED in seen[0]
    assert seen[1] == seen[2] == seen[3]
    assert "Walk together** · waits for a yes" in seen[1]
    assert "Walk together** · closed" in seen[4]
    assert seen[6] == "0"
    EXPECTED.append(seen)
    assert all(other == EXPECTED[0] for other in EXPECTED)


async def test_someone_away_finds_the_invitation_in_their_list(world: World) -> None:
    await joined(world, "ana")
    whom = await someone_away(world)

    await offered(world, "ana", whom)

    assert not notes(world, "ben")
    assert "Walk together** · you are invited" in await listed(world, "ben")


async def done(world: World, part_id: str) -> None:
    await marked(world, part_id, Mark.DONE)


async def not_today(world: World, part_id: str) -> None:
    await marked(world, part_id, Mark.NOT_TODAY)


async def no_answer(world: World, part_id: str) -> None:
    pass


async def away(world: World, part_id: str) -> None:
    ben = await world.app.services.participants.active(world.person("ben").id)
    await world.app.services.away.set(ben, "today", "9 days", "en")


async def resting(world: World, part_id: str) -> None:
    ben = await world.app.services.participants.active(world.person("ben").id)
    await world.app.services.goals.goals.pause(ben, part_id)


async def marked(world: World, part_id: str, mark: Mark) -> None:
    ben = await world.app.services.participants.active(world.person("ben").id)
    await world.app.services.goals.marks.mark(ben, part_id, mark)


async def seen_by_the_other(
    world: World, act: Callable[[World, str], Awaitable[None]], *, shows: bool
) -> list[str]:
    """Return what ana sees while ben does something in private; notes and buttons included."""
    mine, theirs = await both(world)
    if shows:
        for name, part in (("ana", mine), ("ben", theirs)):
            await pressing(world, name, "goals:v1:choose", part, "shows", "1")
    await act(world, theirs)
    seen = []
    for _ in range(2):
        await until(world, 19)
        note = await opened(world, "ana")
        seen += [texts(note), *labels(note)]
        card = shown(await pressing(world, "ana", "goals:v1:show", mine))
        seen += [texts(card), *labels(card), await listed(world, "ana")]
    seen.append(str(len(notes(world, "ana"))))
    return seen


HIDDEN: list[list[str]] = []
SHOWN: list[list[str]] = []


@pytest.mark.parametrize(
    "act", [done, not_today, no_answer, away, resting], ids=lambda act: act.__name__
)
async def test_what_the_other_does_looks_the_same_while_days_are_hidden(
    world: World, act: Callable[[World, str], Awaitable[None]]
) -> None:
    seen = await seen_by_the_other(world, act, shows=False)

    assert any("Your days are hidden" in text for text in seen)
    HIDDEN.append(seen)
    assert all(other == HIDDEN[0] for other in HIDDEN)


@pytest.mark.parametrize("act", [not_today, no_answer, away, resting], ids=lambda act: act.__name__)
async def test_not_today_no_answer_and_away_look_the_same_even_when_both_show(
    world: World, act: Callable[[World, str], Awaitable[None]]
) -> None:
    seen = await seen_by_the_other(world, act, shows=True)

    assert any("nothing to show" in text for text in seen)
    SHOWN.append(seen)
    assert all(other == SHOWN[0] for other in SHOWN)


async def test_days_are_shown_only_when_both_choose_so(world: World) -> None:
    mine, theirs = await both(world)
    await marked(world, theirs, Mark.DONE)

    await pressing(world, "ana", "goals:v1:choose", mine, "shows", "1")
    alone = texts(shown(await pressing(world, "ana", "goals:v1:show", mine)))
    await pressing(world, "ben", "goals:v1:choose", theirs, "shows", "1")
    together = texts(shown(await pressing(world, "ana", "goals:v1:show", mine)))

    assert "You chose to show your days" in alone
    assert "done" not in alone.replace("Done", "")
    assert "The other person, last 7 days:** Thu 1 done" in together


async def test_either_ends_it_and_the_other_reads_closed_and_may_go_on(world: World) -> None:
    mine, theirs = await both(world)
    ben = world.person("ben")

    card = shown(await pressing(world, "ana", "goals:v1:retire", mine))
    await world.person("ana").click(card, label="Put it away")
    before = len(notes(world, "ben"))
    await until(world, 19)

    assert len(notes(world, "ben")) == before
    closed = shown(await pressing(world, "ben", "goals:v1:show", theirs))
    assert "This shared goal is closed." in texts(closed)
    await ben.click(closed, label="Go on by myself")
    await until(world, 19)
    assert len(notes(world, "ben")) == before + 1
    assert "shared" not in texts(shown(await pressing(world, "ben", "goals:v1:show", theirs)))


async def test_leaving_closes_in_the_same_words_as_retiring(world: World) -> None:
    _, theirs = await both(world)

    await world.app.services.membership.leave(world.person("ana").id)

    closed = shown(await pressing(world, "ben", "goals:v1:show", theirs))
    assert "This shared goal is closed." in texts(closed)


async def test_being_forgotten_keeps_the_others_part(world: World) -> None:
    _, theirs = await both(world)
    await marked(world, theirs, Mark.DONE)
    ana = await world.app.services.participants.active(world.person("ana").id)

    await world.app.services.erasure.forget(ana.id)

    card = texts(shown(await pressing(world, "ben", "goals:v1:show", theirs)))
    assert "My walk" in card
    assert "This shared goal is closed." in card


async def test_an_invitation_taken_back_is_gone_for_who_was_invited(world: World) -> None:
    await joined(world, "ana")
    ben = await joined(world, "ben")
    card = await offered(world, "ana", ben.user_id)
    invitation = await opened(world, "ben")

    await world.person("ana").click(card, label="Open it")
    await world.person("ana").click(card, label="Go on by myself")
    refused = await world.person("ben").user.click(invitation, label="Yes, with my own words")

    assert "not open any more" in texts(shown(refused))
    assert "Walk together" not in await listed(world, "ben")
    await until(world, 19)
    assert "**Walk together**" in texts(await opened(world, "ana"))


async def test_a_second_invitation_to_the_same_person_is_not_sent(world: World) -> None:
    await joined(world, "ana")
    ben = await joined(world, "ben")

    first = texts(await offered(world, "ana", ben.user_id))
    second = texts(await offered(world, "ana", ben.user_id))

    assert first == second
    assert len(notes(world, "ben")) == 1


async def test_cheers_arrive_only_where_they_are_taken_and_the_sender_cannot_tell(
    world: World,
) -> None:
    mine, theirs = await both(world)
    await pressing(world, "ana", "goals:v1:choose", mine, "cheers", "1")
    before = len(notes(world, "ben"))

    unheard = await pressing(world, "ana", "goals:v1:cheer", mine, "proud")
    await world.run_due()
    assert len(notes(world, "ben")) == before
    await pressing(world, "ben", "goals:v1:choose", theirs, "cheers", "1")
    heard = await pressing(world, "ana", "goals:v1:cheer", mine, "proud")
    await pressing(world, "ana", "goals:v1:cheer", mine, "thanks")
    await world.run_due()

    assert texts(shown(unheard)) == texts(shown(heard))
    assert len(notes(world, "ben")) == before + 1
    assert "I'm proud of you" in texts(await opened(world, "ben"))


async def test_a_milestone_of_both_is_told_only_while_both_show(world: World) -> None:
    mine, theirs = await both(world)
    for name, part in (("ana", mine), ("ben", theirs)):
        await pressing(world, name, "goals:v1:choose", part, "shows", "1")
    await marked(world, theirs, Mark.DONE)

    card = shown(await pressing(world, "ana", "goals:v1:today", mine, "done"))

    assert "**Together:** each of you has a first day" in texts(card)


async def test_ones_own_part_is_out_of_reach_of_the_other(world: World) -> None:
    mine, _ = await both(world)

    for route, more in (("show", ()), ("today", ("done",)), ("retire_yes", ()), ("edit", ())):
        refused = await pressing(world, "ben", f"goals:v1:{route}", mine, *more)
        assert "I can't find that goal" in texts(shown(refused))


async def test_the_form_says_what_the_other_one_will_see(world: World) -> None:
    await joined(world, "ana")
    ben = await joined(world, "ben")
    asked = shown(await pressing(world, "ana", "goals:v1:with"))

    assert "They do not see your plan or your days" in texts(asked)
    form = await pressing(world, "ana", "goals:v1:new", "own_life", "-", str(ben.user_id))
    assert form.modal is not None
    assert "what" in fields(form)
    assert "The person you invite sees this line" in str(form.modal)
