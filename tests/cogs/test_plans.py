"""A plan and an agreement between two people, from the first draft to both names, on Discord."""

from datetime import timedelta
from typing import Any

from bot.domain.pair import Parting, Tool
from tests.fakes.simulation import World, fields, labels, shown, texts
from tests.fakes.together import ADA, BEN, couple, home, note


async def press(world: World, name: str, card: Any, label: str) -> Any:
    """Press a button and return the card after it."""
    return shown(await world.person(name).click(card, label=label))


async def plan(world: World, name: str) -> Any:
    """Open the plan as somebody."""
    return await press(world, name, await home(world, name), "Our plan")


async def fill(world: World, name: str, card: Any, label: str, text: str) -> Any:
    """Write one part of a draft."""
    person = world.person(name)
    opened = await person.click(card, label=label)
    return shown(await person.submit_modal(opened, {"text": text}))


async def put_forward(world: World, name: str) -> Any:
    """Let somebody write a draft and put it forward."""
    card = await press(world, name, await plan(world, name), "Write a draft")
    card = await press(world, name, card, "Begin with nothing")
    card = await fill(world, name, card, "Warning signs", "no *sleep*\n\nno calls")
    card = await fill(world, name, card, "What I will do", "I go to my group")
    return await press(world, name, card, "Put it forward")


async def test_a_plan_from_a_draft_to_both_names_and_a_file(world: World) -> None:
    await couple(world)
    card = await put_forward(world, ADA)
    assert "put forward" in texts(card)
    assert r"- no \*sleep\*" in texts(card)
    assert "Get it as a file" not in labels(card)
    await press(world, ADA, card, "Sign version 1")
    await world.run_due()

    card = await note(world, BEN)
    assert "You both signed" not in texts(card)
    card = await press(world, BEN, card, "Read version 1")
    assert "What the other one will do" in texts(card)
    card = await press(world, BEN, card, "Sign version 1")
    assert "in force from now on" in texts(card)
    card = await press(world, BEN, card, "Get it as a file")

    [file] = card.attachments
    assert file.filename == "plan.txt"
    assert "goes through Discord" in texts(card)
    await world.advance(timedelta(days=30).total_seconds())
    assert "look at your plan again" in texts(await note(world, ADA))


async def test_an_old_card_neither_signs_nor_uses_what_is_not_signed(world: World) -> None:
    pair = await couple(world)
    first = await put_forward(world, ADA)
    ben = await press(world, BEN, await plan(world, BEN), "Read version 1")
    draft = await press(world, BEN, ben, "Change it in a draft")
    draft = await fill(world, BEN, draft, "Who does what at home", "I cook")
    await press(world, BEN, draft, "Put it forward")

    card = await press(world, ADA, first, "Sign version 1")

    assert "A newer version is there" in texts(card)
    assert "I cook" in texts(card)
    [newest, _] = await world.app.stores.plans.versions(pair.id)
    assert newest.signed == frozenset()
    ada = await world.app.services.participants.active(world.person(ADA).id)
    await world.app.services.pair_life.leave_all(ada, Parting.LEFT, world.app.bot.couples)
    assert "closed" in texts(await press(world, ADA, card, "Sign version 2"))


async def test_the_private_page_changes_nothing_the_other_one_sees(world: World) -> None:
    await couple(world)
    card = await put_forward(world, ADA)
    await press(world, ADA, card, "Sign version 1")
    theirs = await press(world, BEN, await plan(world, BEN), "Read version 1")
    await press(world, BEN, theirs, "Sign version 1")
    card = await plan(world, BEN)
    before = (texts(card), labels(card))
    file = (await press(world, BEN, card, "Get it as a file")).attachments[0].size

    card = await press(world, ADA, await plan(world, ADA), "My private page")
    assert "Nothing is written here" in texts(card)
    person = world.person(ADA)
    opened = await person.click(card, label="Write on it")
    card = shown(await person.submit_modal(opened, {"text": "a word to myself"}))
    assert "a word to myself" in texts(card)

    after = await plan(world, BEN)
    assert (texts(after), labels(after)) == before
    again = await press(world, BEN, after, "Get it as a file")
    assert again.attachments[0].size == file
    page = await press(world, BEN, await plan(world, BEN), "My private page")
    assert "Nothing is written here" in texts(page)


async def test_an_agreement_is_answered_and_taken_back(world: World) -> None:
    await couple(world)
    ada, ben = world.person(ADA), world.person(BEN)
    card = await press(world, ADA, await home(world, ADA), "Agreements")
    card = await press(world, ADA, card, "Write one")
    opened = await ada.click(card, label="Begin with nothing")
    words = {"need": "quiet mornings", "offer": "to cook", "limit": "", "day": "in 2 weeks"}
    draft = shown(await ada.submit_modal(opened, words))
    assert "Only you see" in texts(draft)
    assert "nothing here yet" in texts(
        await press(world, BEN, await home(world, BEN), "Agreements")
    )
    put = await press(world, ADA, draft, "Put it forward")
    await world.run_due()

    card = await note(world, BEN)
    space = await world.app.services.pairs.space(
        await world.app.services.participants.active(ben.id), Tool.AGREEMENTS
    )
    [agreement] = await world.app.services.agreements.seen(space)
    card = shown(await ben.select(card, [agreement.id], custom_id=f"agree:v1:one:{space.pair_id}"))
    assert "quiet mornings" in texts(card)
    await press(world, BEN, card, "Let us talk about it")
    await world.run_due()

    assert "It is gone" in texts(await press(world, ADA, put, "Take it back"))
    assert "not there any more" in texts(await press(world, BEN, card, "I agree"))


async def test_a_plan_is_behind_the_private_word(world: World) -> None:
    await couple(world)
    person = world.person(ADA)
    ada = await world.app.services.participants.active(person.id)
    word = world.app.services.private_word
    await word.set(ada.id, "a quiet word", "a quiet word")
    await word.lock(ada.id)

    for tool in ("Our plan", "Agreements"):
        opened = await person.click(await home(world, ADA), label=tool)
        assert list(fields(opened)) == ["word"]
