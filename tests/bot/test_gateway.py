"""Messages that may have arrived: looked for where they would be, and not sent twice."""

from typing import Any

import aiohttp
import discord
import pytest

from bot.domain.participant import Delivery
from bot.domain.place import PlaceKey
from tests.fakes.care import channel, joined
from tests.fakes.server import set_up
from tests.fakes.simulation import World


@pytest.fixture
async def ready(world: World) -> World:
    """A server that is set up, with Ana, who joined."""
    await set_up(world)
    await joined(world, "ana")
    return world


async def test_a_card_that_arrived_though_the_line_broke_is_not_posted_again(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = discord.PartialMessageable.send
    staff = channel(ready, PlaceKey.CHANNEL_STAFF)
    before = len(staff.history())

    async def unheard(self: discord.PartialMessageable, *args: Any, **kwargs: Any) -> Any:
        await send(self, *args, **kwargs)
        raise aiohttp.ServerDisconnectedError

    with monkeypatch.context() as broken:
        broken.setattr(discord.PartialMessageable, "send", unheard)
        await ready.app.services.cases.ask(ready.person("ana").id)
        await ready.run_due()
    # Longer than Discord remembers a nonce for.
    await ready.advance(600)
    row = await ready.app.database.fetch_one("SELECT * FROM outbox WHERE kind = 'case.request'")

    assert len(staff.history()) == before + 1
    assert row["state"] == "sent"
    assert row["message_id"] == staff.last_message.id
    assert row["tries"] == 2


async def test_a_choice_made_while_a_dm_opens_is_kept(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    participants, ana = ready.app.services.participants, ready.person("ana")
    person = await participants.find(ana.id)
    await participants.change(person, delivery=Delivery.DM)
    open_dm = discord.Client.create_dm

    async def slow(self: discord.Client, user: Any) -> discord.DMChannel:
        opened = await open_dm(self, user)
        await participants.change(await participants.find(ana.id), delivery=Delivery.THREAD)
        return opened

    monkeypatch.setattr(discord.Client, "create_dm", slow)
    await ready.app.services.crisis.check_back(ana.id, 1)
    await ready.advance(3601)
    [thread] = channel(ready, PlaceKey.CHANNEL_PERSONAL).threads

    assert (await participants.find(ana.id)).preferences.delivery is Delivery.THREAD
    assert thread.last_message.content == "You have a note."


async def test_a_card_is_found_however_often_it_could_not_be_looked_for(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = channel(ready, PlaceKey.CHANNEL_STAFF)
    await ready.app.services.cases.ask(ready.person("ana").id)
    await ready.run_due()
    # As if the process had died between the sending and the mark.
    await ready.app.database.execute(
        "UPDATE outbox SET state = 'sending', sent_at = NULL, channel_id = NULL, "
        "message_id = NULL WHERE kind = 'case.request'"
    )

    def broken(*_: Any, **__: Any) -> Any:
        raise aiohttp.ServerDisconnectedError

    with monkeypatch.context() as outage:
        outage.setattr(discord.PartialMessageable, "history", broken)
        await ready.advance(130)
    await ready.advance(130)
    row = await ready.app.database.fetch_one("SELECT * FROM outbox WHERE kind = 'case.request'")

    assert row["state"] == "sent"
    assert row["message_id"] == staff.last_message.id
