"""What the team reads of a case: all of it, however long or odd it is."""

import pytest

from tests.fakes.care import joined, page
from tests.fakes.server import set_up
from tests.fakes.simulation import World, shown, texts

MOST = 4000
"""Characters in a card, by Discord's rule."""


@pytest.fixture
async def ready(world: World) -> World:
    """A server that is set up, with a moderator and a clinician, and Ana, who joined."""
    await set_up(world)
    await joined(world, "ana")
    return world


async def opened(world: World) -> object:
    """Let the moderator take the last request and open it."""
    card = await page(world)
    await world.person("moderator").click(card, label="I have it")
    return shown(await world.person("moderator").click(card, label="Open"))


@pytest.mark.parametrize("typed", ["*" * 3999 + "!", "a\n" * 1999 + "!"], ids=["marks", "lines"])
async def test_a_long_concern_is_read_whole(ready: World, typed: str) -> None:
    form = await ready.person("ana").slash(ready.guild.channels["general"], "concern")
    await ready.person("ana").submit_modal(form, {"reason": "safety", "words": typed})

    read = await opened(ready)

    [file] = read.attachments
    assert "The file has every text in full" in texts(read)
    assert typed in (await file.read()).decode()
    assert len(texts(read)) <= MOST


async def test_the_words_of_a_request_are_read_whole(ready: World) -> None:
    typed = "_" * 3999 + "!"
    await ready.app.services.cases.ask(ready.person("ana").id, detail=typed)

    read = await opened(ready)

    [file] = read.attachments
    assert typed in (await file.read()).decode()
    assert "took it" in texts(read)
    assert len(texts(read)) <= MOST


async def test_short_words_stand_on_the_card_alone(ready: World) -> None:
    await ready.app.services.cases.ask(ready.person("ana").id, detail="I can't sleep.")

    read = await opened(ready)

    assert "I can't sleep." in texts(read)
    assert not read.attachments


async def test_a_concern_without_words_is_not_called_unreadable(ready: World) -> None:
    general = ready.guild.channels["general"]
    post = await ready.person("ben").send(general, "hello")
    form = await ready.person("ana").context_menu(general, "Raise a concern", post)
    await ready.person("ana").submit_modal(form, {"reason": "unkind", "words": ""})

    read = await opened(ready)

    assert "its key is gone" not in texts(read)


async def test_a_concern_whose_key_is_gone_says_so(ready: World) -> None:
    form = await ready.person("ana").slash(ready.guild.channels["general"], "concern")
    await ready.person("ana").submit_modal(form, {"reason": "other", "words": "Please look."})
    participant = await ready.app.services.participants.find(ready.person("ana").id)
    await ready.app.vault.destroy(participant.id)

    read = await opened(ready)

    assert "its key is gone" in texts(read)
