"""Two people from day to day: a ritual, thanks, a hard day, and signs they agreed on."""

from typing import Any

from bot.domain.pair import Parting, Tool
from tests.fakes.simulation import World, labels, shown, texts
from tests.fakes.together import ADA, BEN, couple, home, note


async def press(world: World, name: str, card: Any, *path: str) -> Any:
    """Press one button after another and return the last card."""
    for label in path:
        card = shown(await world.person(name).click(card, label=label))
    return card


async def fill(world: World, name: str, card: Any, label: str, **values: str) -> Any:
    """Open a form by its button, fill it in and return the card after it."""
    person = world.person(name)
    return shown(await person.submit_modal(await person.click(card, label=label), values))


async def kinds(world: World) -> list[str]:
    rows = await world.app.database.fetch_all("SELECT kind FROM outbox")
    return [row["kind"] for row in rows]


async def test_an_intention_and_a_thank_you_make_a_shared_day(world: World) -> None:
    await couple(world)
    card = await press(world, ADA, await home(world, ADA), "Daily ritual")
    card = await fill(world, ADA, card, "Give my intention", text="call *Sam*")
    assert r"call \*Sam\*" in texts(card)
    assert "Give my intention" not in labels(card)
    await world.run_due()

    told = await note(world, BEN)
    assert "The other one's intention for today" in texts(told)
    both = await fill(world, BEN, told, "Say thank you", text="for the call", second="a walk")

    assert "This is a shared day" in texts(both)
    ticked = shown(
        await world.person(BEN).submit_modal(
            await world.person(BEN).click(both, label="My own ticks"), {"ticks": ["meal", "rest"]}
        )
    )
    assert "Ate well and Got some rest" in texts(ticked)
    days = await press(world, ADA, card, "Our shared days")
    assert "1 shared day in all" in texts(days)
    assert [file.filename for file in days.attachments] == ["shared-days.png"]


async def test_a_hard_day_is_kept_or_told_after_a_last_look(world: World) -> None:
    pair = await couple(world)
    card = await press(world, ADA, await home(world, ADA), "Say thanks")
    saved = await fill(world, ADA, card, "Write one", text="your laugh", moment="held")
    assert "Saved." in texts(saved)
    assert "your laugh" not in texts(saved)

    card = await press(world, BEN, await home(world, BEN), "Hard day")
    assert "are you safe right now" in texts(card)
    assert "No, or not sure" in labels(card)
    ways = ("Hard day", "Yes, I am safe")
    for said in ("your laugh", "from the programme"):
        card = await press(world, BEN, await home(world, BEN), *ways, "Something kind")
        assert said in texts(card)
    card = await press(world, BEN, await home(world, BEN), *ways, "Keep it to myself")
    assert "Nothing was written down" in texts(card)

    card = await press(world, BEN, await home(world, BEN), *ways, "Tell my partner")
    ben = world.person(BEN)
    form = await ben.select(card, ["s2"], custom_id=f"hardday:v1:words:{pair.id}")
    preview = shown(
        await ben.submit_modal(form, {"text": "I had a slip. I am safe.", "when": "now"})
    )
    assert "Nothing is sent yet" in texts(preview)
    assert "pair.hard_day" not in await kinds(world)
    told = await press(world, BEN, preview, "Yes, tell them")
    await world.run_due()

    assert "Saved." in texts(told)
    heard = texts(await note(world, ADA))
    assert "I had a slip" in heard
    assert "This part is for you" in heard


async def test_a_sign_is_shared_sent_and_muted(world: World) -> None:
    pair = await couple(world)
    card = await press(world, BEN, await home(world, BEN), "I noticed", "My signs")
    card = await fill(world, BEN, card, "Add a sign", sign="I go quiet", helps="ask for a walk")
    card = await press(world, BEN, card, "Share it")
    ada = world.person(ADA)
    theirs = await press(world, ADA, await home(world, ADA), "I noticed", "I noticed something")
    assert "I go quiet" in texts(theirs)
    [sign] = await world.app.services.noticed.theirs(
        await world.app.services.pairs.space(
            await world.app.services.participants.active(ada.id), Tool.NOTICED
        )
    )

    send = f"noticed:v1:send:{pair.id}"
    sure = shown(await ada.select(theirs, [sign.id], custom_id=send))
    assert "can't take it back" in texts(sure)
    assert "pair.noticed" not in await kinds(world)
    assert "Saved." in texts(await press(world, ADA, sure, "Send it"))
    await world.run_due()

    news = await note(world, BEN)
    assert "ask for a walk" in texts(news)
    assert "Muted" in texts(await press(world, BEN, news, "Mute it"))
    again = await press(world, ADA, await home(world, ADA), "I noticed", "I noticed something")
    assert "You sent one today" in texts(again)


async def test_cards_from_before_the_end_say_the_same_of_every_tool(world: World) -> None:
    pair = await couple(world)
    cards = [
        await press(world, BEN, await home(world, BEN), tool)
        for tool in ("Daily ritual", "Say thanks", "Hard day", "I noticed")
    ]
    ben = await world.app.services.participants.active(world.person(BEN).id)
    life = world.app.services.pair_life
    await life.leave(ben, pair.id, Parting.LEFT, world.app.bot.couples)

    said = [
        texts(await press(world, BEN, card, label))
        for card, label in zip(
            cards, ("Our shared days", "Something kind", "Yes, I am safe", "My signs"), strict=True
        )
    ]

    assert len(set(said)) == 1
    assert "This is closed" in said[0]
