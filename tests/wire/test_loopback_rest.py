"""The loopback HTTP interface, proven with bare discord.py."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from tests.wire.bare import AskAgainModal, BareBot, running
from tests.wire.loopback.limits import Limits
from tests.wire.loopback.process import LoopbackProcess
from tests.wire.loopback.remote import RefusedError, Remote
from tests.wire.place import Place

SENDS = "/channels/*/messages"


@pytest.fixture
async def bot(loopback: LoopbackProcess, place: Place) -> AsyncIterator[BareBot]:
    async with running(loopback.api, loopback.gateway) as bot:
        yield bot


def room(bot: BareBot, place: Place) -> discord.TextChannel:
    channel = bot.get_channel(place.channel)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_a_slash_command_makes_its_round_trip(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    at_once = await wire.slash(place.ana, place.channel, "ping")
    later = await wire.slash(place.ana, place.channel, "slow")

    assert (at_once.kind, at_once.text) == ("message", "pong")
    assert (later.kind, later.text) == ("message", "done")


async def test_a_modal_is_opened_and_submitted(bot: BareBot, wire: Remote, place: Place) -> None:
    opened = await wire.slash(place.ana, place.channel, "ask")
    answered = await wire.submit(opened, name="Ana")

    assert opened.kind == "modal"
    assert answered.text == "Hello Ana"


async def test_a_modal_cannot_answer_a_modal(bot: BareBot, wire: Remote, place: Place) -> None:
    opened = await wire.slash(place.ana, place.channel, "again")
    answered = await wire.submit(opened, name="Ana")

    assert answered.text == "refused"
    assert AskAgainModal.refusal is not None
    assert AskAgainModal.refusal.code == 50035


async def test_a_command_that_is_not_registered_is_refused(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    with pytest.raises(RefusedError, match="no command"):
        await wire.slash(place.ana, place.channel, "unknown")


async def test_a_429_is_retried_after_what_it_says(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    await wire.fault("status", method="POST", path=SENDS, status=429, retry_after=0.1)

    await room(bot, place).send("hello")
    tries = await wire.requests("POST", SENDS)

    assert [entry["status"] for entry in tries] == [429, 200]
    assert tries[1]["at"] - tries[0]["done_at"] >= 0.1


async def test_a_502_is_retried(bot: BareBot, wire: Remote, place: Place) -> None:
    await wire.fault("status", method="POST", path=SENDS, status=502)

    sent = await room(bot, place).send("hello")

    assert [entry["status"] for entry in await wire.requests("POST", SENDS)] == [502, 200]
    assert [int(m["id"]) for m in await wire.messages(place.channel)] == [sent.id]


async def test_an_enforced_nonce_makes_one_message(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    # discord.py enforces every nonce that it sends.
    first = await room(bot, place).send("hello", nonce="n" * 22)
    again = await room(bot, place).send("hello", nonce="n" * 22)
    other = await room(bot, place).send("hello", nonce="m" * 22)
    await wire.call("forget_nonces")
    late = await room(bot, place).send("hello", nonce="n" * 22)

    assert again.id == first.id
    assert len({first.id, other.id, late.id}) == 3
    assert len(await wire.messages(place.channel)) == 3


async def test_a_nonce_is_forgotten_after_some_minutes(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    first = await room(bot, place).send("hello", nonce="n" * 22)
    await wire.call("advance", seconds=600)
    late = await room(bot, place).send("hello", nonce="n" * 22)

    assert late.id != first.id


async def test_a_lost_reply_and_the_same_nonce_make_one_message(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    await wire.fault("lose", method="POST", path=SENDS)

    with pytest.raises(aiohttp.ClientError):
        await room(bot, place).send("hello", nonce="n" * 22)
    again = await room(bot, place).send("hello", nonce="n" * 22)

    assert [int(m["id"]) for m in await wire.messages(place.channel)] == [again.id]


async def test_a_connection_dropped_before_the_work_makes_none(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    await wire.fault("drop", method="POST", path=SENDS)

    with pytest.raises(aiohttp.ClientError):
        await room(bot, place).send("hello")

    assert await wire.messages(place.channel) == []


async def test_a_held_reply_waits_for_its_release(bot: BareBot, wire: Remote, place: Place) -> None:
    await wire.fault("hold", method="POST", path=SENDS)
    sending = asyncio.create_task(room(bot, place).send("hello"))

    await wire.wait_requests("POST", SENDS, note="held")
    assert not sending.done()
    assert len(await wire.messages(place.channel)) == 1
    await wire.call("release")

    assert (await sending).content == "hello"


async def test_a_stalled_request_of_a_bot_that_is_gone_does_nothing(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    await wire.fault("stall", method="POST", path=SENDS)
    sending = asyncio.create_task(room(bot, place).send("hello"))

    await wire.wait_requests("POST", SENDS, note="stalled")
    sending.cancel()
    await asyncio.wait({sending})
    await wire.call("release")
    await wire.wait_requests("POST", SENDS, note="dropped")

    assert await wire.messages(place.channel) == []


async def test_a_burst_meets_the_global_limit_and_loses_nothing(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    people = await wire.call("crowd", guild=place.guild, count=60)

    await asyncio.gather(*(bot.get_partial_messageable(dm).send("hello") for _, dm in people))
    answers = [entry["status"] for entry in await wire.requests("POST", SENDS)]

    assert answers.count(200) == 60
    assert answers.count(429) > 0
    assert await wire.call("count_messages", channels=[dm for _, dm in people]) == 60


async def test_a_channel_takes_five_messages_in_five_seconds(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    await wire.call("limits", per_second=50, sends=(2, 0.2))

    for number in range(5):
        await room(bot, place).send(str(number))
    answers = await wire.requests("POST", SENDS)

    # discord.py reads the headers, so it waits and is never refused.
    assert [entry["status"] for entry in answers] == [200] * 5
    assert answers[4]["at"] - answers[0]["at"] >= 0.4


def test_limits_count_by_route_and_place() -> None:
    limits = Limits(sends=(1, 5.0))

    first = limits.take("POST", "/channels/1/messages", 0.0)
    elsewhere = limits.take("POST", "/channels/2/messages", 0.0)
    refused = limits.take("POST", "/channels/1/messages", 1.0)
    later = limits.take("POST", "/channels/1/messages", 5.0)

    assert [v.retry_after for v in (first, elsewhere, refused, later)] == [None, None, 4.0, None]
    assert first.headers["X-RateLimit-Remaining"] == "0"
    assert limits.take("POST", "/interactions/1/t/callback", 1.0).headers == {}


async def test_a_picture_arrives_with_its_alt_text(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    picture = discord.File(io.BytesIO(b"png"), "chart.png", description="Mood rose")

    await room(bot, place).send("chart", file=picture)
    (message,) = await wire.messages(place.channel)

    assert message["attachments"][0]["filename"] == "chart.png"
    assert message["attachments"][0]["description"] == "Mood rose"


async def test_a_private_thread_is_announced_only_inside(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    thread = await room(bot, place).create_thread(name="Ana", invitable=False)

    await thread.add_user(discord.Object(place.ana))
    await thread.remove_user(discord.Object(place.ana))
    inside = await wire.messages(thread.id)

    assert await wire.messages(place.channel) == []
    assert [message["type"] for message in inside] == [1, 2]
    assert inside[1]["mentions"][0]["id"] == str(place.ana)


async def test_a_message_opens_an_archived_thread_but_not_a_locked_one(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    thread = await room(bot, place).create_thread(name="Ana", invitable=False)
    await thread.add_user(discord.Object(place.ana))

    await wire.call("archive", thread=thread.id)
    await thread.send("hello")
    (known,) = [c for c in await wire.call("channels", guild=place.guild) if c["name"] == "Ana"]
    await wire.call("archive", thread=thread.id, locked=True)

    assert known["thread_metadata"]["archived"] is False
    with pytest.raises(discord.HTTPException) as refusal:
        await thread.send("hello")
    assert refusal.value.code == 50083
    with pytest.raises(RefusedError, match="archived"):
        await wire.call("say", user=place.ana, channel=thread.id, content="hello")


async def test_a_locked_open_thread_takes_messages_of_its_managers_only(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    thread = await room(bot, place).create_thread(name="Ana", invitable=False)
    await thread.add_user(discord.Object(place.ana))
    await thread.edit(locked=True)

    await thread.send("hello")

    with pytest.raises(RefusedError, match="locked"):
        await wire.call("say", user=place.ana, channel=thread.id, content="hello")


async def test_closed_dms_and_strangers_are_refused(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    stranger = await wire.user("stranger")
    await wire.call("close_dms", user=place.ana)
    codes = []

    for user in (place.ana, stranger):
        dm = await wire.call("dm", user=user)
        with pytest.raises(discord.Forbidden) as refusal:
            await bot.get_partial_messageable(dm).send("hello")
        codes.append(refusal.value.code)

    assert codes == [50007, 50278]


async def test_a_full_server_refuses_another_thread(
    bot: BareBot, wire: Remote, place: Place
) -> None:
    await wire.call("thread_cap", count=1)
    await room(bot, place).create_thread(name="one", invitable=False)

    with pytest.raises(discord.HTTPException) as refusal:
        await room(bot, place).create_thread(name="two", invitable=False)

    assert refusal.value.code == 160006


async def test_an_outage_answers_503(bot: BareBot, wire: Remote, place: Place) -> None:
    await wire.call("outage")

    with pytest.raises(discord.DiscordServerError):
        await room(bot, place).send("hello")
    await wire.call("outage", on=False)

    assert (await room(bot, place).send("hello")).content == "hello"
