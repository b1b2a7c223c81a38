"""What a crash, a stop or a broken line leaves of the messages on their way."""

from __future__ import annotations

import asyncio

from discord.utils import utcnow

from bot.services.crisis import CHECK_BACK
from tests.wire import fill
from tests.wire.home import SENDS, Home
from tests.wire.loopback.remote import Payload, Remote, components_of
from tests.wire.place import Place

STUCK_MINUTES = 5


def chosen(modal: Payload) -> set[str]:
    """What a form shows as chosen already."""
    options = [option for part in components_of(modal) for option in part.get("options", [])]
    return {option["value"] for option in options if option["default"]}


async def test_sigterm_in_the_middle_loses_and_doubles_nothing(
    home: Home, wire: Remote, place: Place
) -> None:
    crowd = await wire.call("crowd", guild=place.guild, count=40)
    channels = await home.people(place, *(user for user, _ in crowd))
    await fill.enqueue(home.directory, CHECK_BACK, utcnow())

    async with home.ready() as bot:
        await bot.meanwhile(wire.wait_requests("POST", SENDS, count=10))
        assert await bot.terminate() == 0
    assert "sending" not in home.states()
    async with home.ready():
        await home.until_states(*["sent"] * len(channels))

    assert [len(await wire.messages(channel)) for channel in channels] == [1] * len(channels)


async def test_sigterm_waits_for_the_message_on_its_way(
    home: Home, wire: Remote, place: Place
) -> None:
    await home.people(place, place.ana)
    await fill.enqueue(home.directory, CHECK_BACK, utcnow())
    await wire.fault("hold", method="POST", path=SENDS)

    async with home.started() as bot:
        await bot.meanwhile(wire.wait_requests("POST", SENDS, note="held"))
        ending = asyncio.create_task(bot.terminate())
        await bot.until_printed("stopping")
        await wire.call("release")

        assert await ending == 0
    assert home.states() == ["sent"]


async def test_killed_after_discord_took_it_the_message_is_found_again(
    home: Home, wire: Remote, place: Place
) -> None:
    (dm,) = await home.people(place, place.ana)
    await fill.enqueue(home.directory, CHECK_BACK, utcnow())
    await wire.fault("hold", method="POST", path=SENDS)
    async with home.started() as bot:
        await bot.meanwhile(wire.wait_requests("POST", SENDS, note="held"))
        await bot.kill()
    await wire.call("clear_faults")
    await wire.call("forget_nonces")
    fill.let_time_pass(home.directory, STUCK_MINUTES)

    async with home.ready():
        await home.until_states("sent")

    assert len(await wire.messages(dm)) == 1
    assert len(await wire.requests("POST", SENDS)) == 1


async def test_killed_before_discord_took_it_the_message_is_uncertain(
    home: Home, wire: Remote, place: Place
) -> None:
    (dm,) = await home.people(place, place.ana)
    await fill.enqueue(home.directory, CHECK_BACK, utcnow())
    await wire.fault("stall", method="POST", path=SENDS)
    async with home.started() as bot:
        await bot.meanwhile(wire.wait_requests("POST", SENDS, note="stalled"))
        await bot.kill()
    await wire.call("clear_faults")
    fill.let_time_pass(home.directory, STUCK_MINUTES)

    async with home.ready():
        await home.until_states("uncertain")

    assert await wire.messages(dm) == []


async def test_killed_and_back_at_once_it_sends_nothing_twice(
    home: Home, wire: Remote, place: Place
) -> None:
    ana, ben = await home.people(place, place.ana, place.ben)
    await fill.enqueue(home.directory, CHECK_BACK, utcnow())
    await wire.fault("hold", method="POST", path=SENDS, times=None)
    async with home.started() as bot:
        await bot.meanwhile(wire.wait_requests("POST", SENDS, note="held"))
        await bot.kill()
    await wire.call("clear_faults")
    sending = home.states().count("sending")

    async with home.ready():
        await home.until_states(*["sending"] * sending, *["sent"] * (2 - sending))

    assert len(await wire.messages(ana)) <= 1
    assert len(await wire.messages(ben)) <= 1


async def test_a_form_opened_before_a_restart_is_taken_after_it(
    home: Home, wire: Remote, place: Place
) -> None:
    await home.people(place, place.ana)
    async with home.ready() as bot:
        opened = await wire.slash(place.ana, place.channel, "checkin now")
        await bot.kill()

    async with home.ready():
        answered = await wire.submit(opened, mood="good", support="some")
        again = await wire.slash(place.ana, place.channel, "checkin now")

    assert opened.kind == "modal"
    assert answered.kind == "message"
    assert again.modal is not None
    assert chosen(again.modal) == {"good", "some"}


async def test_sigterm_lets_an_answer_under_way_arrive(
    home: Home, wire: Remote, place: Place
) -> None:
    await wire.fault("stall", method="POST", path="/interactions/*/callback")

    async with home.ready() as bot:
        asking = asyncio.create_task(wire.slash(place.ana, place.channel, "crisis"))
        await bot.meanwhile(wire.wait_requests("POST", "/interactions/*/callback", note="stalled"))
        ending = asyncio.create_task(bot.terminate())
        await bot.until_printed("stopping")
        await wire.call("release")

        assert (await asking).kind == "message"
        assert await ending == 0


async def test_setup_killed_midway_goes_on_and_doubles_nothing(home: Home, wire: Remote) -> None:
    owner = await wire.user("owner")
    guild = await wire.call("guild", name="Programme", owner=owner)
    channel = await wire.call("channel", guild=guild, name="general")
    # Discord has made the channel, and the bot dies before it hears of it.
    await wire.fault("hold", method="POST", path="/guilds/*/channels", after=3)
    async with home.ready() as bot:
        card = await wire.slash(owner, channel, "setup apply")
        await wire.press(owner, channel, card.message_id, custom_id="setup:v1:bind:0")
        await bot.meanwhile(wire.wait_requests("POST", "/guilds/*/channels", note="held"))
        await bot.kill()
    await wire.call("clear_faults")

    async with home.ready() as bot:
        await wire.slash(owner, channel, "setup apply")
        await bot.meanwhile(wire.wait_requests("PUT", "/channels/*/messages/pins/*"))
        assert await bot.terminate() == 0

    made = [known["name"] for known in await wire.call("channels", guild=guild)]
    assert len(made) > 4
    assert len(made) == len(set(made))


async def test_a_lost_reply_makes_no_second_message(home: Home, wire: Remote, place: Place) -> None:
    (dm,) = await home.people(place, place.ana)
    await fill.enqueue(home.directory, CHECK_BACK, utcnow())
    await wire.fault("lose", method="POST", path=SENDS)

    async with home.ready():
        await home.until_states("sent")

    assert len(await wire.messages(dm)) == 1


async def test_a_502_is_survived(home: Home, wire: Remote, place: Place) -> None:
    (dm,) = await home.people(place, place.ana)
    await fill.enqueue(home.directory, CHECK_BACK, utcnow())
    await wire.fault("status", method="POST", path=SENDS, status=502)

    async with home.ready():
        await home.until_states("sent")

    assert len(await wire.messages(dm)) == 1
