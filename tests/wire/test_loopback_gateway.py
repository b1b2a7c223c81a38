"""The loopback websocket, proven with bare discord.py."""

from __future__ import annotations

import discord
import pytest

from tests.wire.bare import BareBot, running
from tests.wire.loopback.process import LoopbackProcess
from tests.wire.loopback.remote import Remote
from tests.wire.place import Place


async def test_identify_brings_the_guild_and_every_member(
    loopback: LoopbackProcess, wire: Remote, place: Place
) -> None:
    crowd = await wire.call("crowd", guild=place.guild, count=1100)

    async with running(loopback.api, loopback.gateway) as bot:
        guild = bot.get_guild(place.guild)

        assert guild is not None
        assert {user for user, _ in crowd} < {member.id for member in guild.members}
        assert guild.get_channel(place.channel) is not None


async def test_the_stream_is_compressed_and_heartbeats_are_answered(
    loopback: LoopbackProcess, wire: Remote
) -> None:
    await wire.call("reset", heartbeat_ms=100)

    async with running(loopback.api, loopback.gateway) as bot:
        await wire.wait_gateway("heartbeat", count=3)
        connected = await wire.call("gateway", kind="connect")

        assert connected[0]["detail"] == {"compress": "zlib-stream"}
        assert 0 < bot.latency < 5


async def test_op_7_leads_to_a_resume_without_a_new_identify(
    loopback: LoopbackProcess, wire: Remote, place: Place
) -> None:
    async with running(loopback.api, loopback.gateway) as bot:
        await wire.call("reconnect")
        await wire.wait_gateway("resumed")
        await bot.until("resumed")

        assert bot.events == ["ready", "disconnect", "resumed"]
        assert len(await wire.call("gateway", kind="identify")) == 1
        assert (await wire.slash(place.ana, place.channel, "ping")).text == "pong"


async def test_a_resume_replays_what_was_missed_once(
    loopback: LoopbackProcess, wire: Remote, place: Place
) -> None:
    async with running(loopback.api, loopback.gateway, BareBot(discord.Intents.all())) as bot:
        await wire.call("say", user=place.ana, channel=place.channel, content="before")
        await bot.until("message")

        await wire.call("cut_and_say", user=place.ana, channel=place.channel, content="while away")
        await bot.until("message", 2)
        resumed = await wire.wait_gateway("resumed")

        assert resumed[0]["detail"] == {"replayed": 1}
        assert bot.contents == ["before", "while away"]


async def test_many_messages_come_in_their_order(
    loopback: LoopbackProcess, wire: Remote, place: Place
) -> None:
    contents = [f"number {number}" for number in range(50)]
    async with running(loopback.api, loopback.gateway, BareBot(discord.Intents.all())) as bot:
        await wire.call("pour", user=place.ana, channel=place.channel, contents=contents)
        await bot.until("message", len(contents))

        assert bot.contents == contents


async def test_an_invalid_session_leads_to_a_new_identify(
    loopback: LoopbackProcess, wire: Remote, place: Place
) -> None:
    async with running(loopback.api, loopback.gateway) as bot:
        await wire.call("invalidate", resumable=False)
        await wire.wait_gateway("identify", count=2)
        await bot.until("ready", 2)

        assert (await wire.slash(place.ana, place.channel, "ping")).text == "pong"


async def test_events_follow_the_intents(
    loopback: LoopbackProcess, wire: Remote, place: Place
) -> None:
    async with running(loopback.api, loopback.gateway) as bot:
        await wire.call("say", user=place.ana, channel=place.channel, content="secret")
        await bot.until("message")

        assert bot.contents == [""]


async def test_a_wrong_token_is_refused_at_login(loopback: LoopbackProcess, wire: Remote) -> None:
    await wire.call("reset", token="another")

    with pytest.raises(discord.LoginFailure):
        async with running(loopback.api, loopback.gateway):
            pass


async def test_an_unapproved_intent_closes_with_4014(
    loopback: LoopbackProcess, wire: Remote
) -> None:
    await wire.call("reset", unapproved=["members"])

    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(loopback.api, loopback.gateway):
            pass
