"""The real process over sockets: its start, its refusals, its end, and what a crash leaves."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from discord.utils import utcnow

from bot.services.crisis import CHECK_BACK
from tests.wire import fill
from tests.wire.bots import (
    INTERLUDE,
    READY,
    BotProcess,
    interlude_environment,
    running_bot,
)
from tests.wire.loopback.process import LoopbackProcess
from tests.wire.loopback.remote import Payload, Remote, button_ids, components_of, text_of
from tests.wire.place import Place, furnish

T = TypeVar("T")
SENDS = "/channels/*/messages"
STUCK_MINUTES = 5
WAIT_SECONDS = 20


@pytest.fixture
async def place(wire: Remote) -> Place:
    await wire.call("limits", per_second=50)
    return await furnish(wire)


class Home:
    """An Interlude's directory, and the process on it."""

    def __init__(self, directory: Path, loopback: LoopbackProcess, wire: Remote) -> None:
        self.directory = directory
        self.wire = wire
        self.environment = interlude_environment(loopback, directory)

    @contextlib.asynccontextmanager
    async def started(self, **changed: str) -> AsyncIterator[BotProcess]:
        """Run the bot for the length of a block, whether or not it gets ready."""
        async with running_bot(INTERLUDE, self.environment | changed) as bot:
            yield bot

    @contextlib.asynccontextmanager
    async def ready(self) -> AsyncIterator[BotProcess]:
        """Run the bot for the length of a block, ready at its beginning."""
        async with self.started() as bot:
            await bot.until_ready(READY)
            yield bot

    async def people(self, place: Place, *users: int) -> list[int]:
        """Let these people have joined, with notes by DM; their DM channels."""
        now = utcnow()
        at = (now - timedelta(hours=2)).time().replace(microsecond=0)
        await fill.found(self.directory, guild_id=place.guild, now=now, kind="wire.none", at=at)
        known = [(user, int(await self.wire.call("dm", user=user))) for user in users]
        fill.multiply(self.directory, known, 0)
        return [channel for _, channel in known]

    async def until(self, find: Callable[[], T | None]) -> T:
        """Wait until ``find`` finds something in the database."""
        async with asyncio.timeout(WAIT_SECONDS):
            while (found := find()) is None:  # noqa: ASYNC110 - nothing signals another process
                await asyncio.sleep(0.02)
            return found

    async def until_states(self, *states: str) -> None:
        """Wait until the notes are in these states."""

        def settled() -> bool | None:
            return True if self.states() == sorted(states) else None

        try:
            await self.until(settled)
        except TimeoutError:
            pytest.fail(f"not {states}: {fill.outbox(self.directory)}")

    def states(self) -> list[str]:
        """The states of the notes, without what the operator is told of them."""
        rows = fill.outbox(self.directory)
        return sorted(str(row["state"]) for row in rows if row["kind"] == CHECK_BACK.name)


@pytest.fixture
def home(tmp_path: Path, loopback: LoopbackProcess, wire: Remote) -> Home:
    return Home(tmp_path, loopback, wire)


def chosen(modal: Payload) -> set[str]:
    """What a form shows as chosen already."""
    options = [option for part in components_of(modal) for option in part.get("options", [])]
    return {option["value"] for option in options if option["default"]}


def sentence_of(bot: BotProcess) -> str:
    """The one line an operator reads; log lines begin with a date."""
    lines = [line.strip() for line in bot.lines if not line[:4].isdigit()]
    assert len(lines) == 1, bot.output
    return lines[0]


async def test_the_bot_gets_ready_and_answers(home: Home, wire: Remote, place: Place) -> None:
    async with home.ready() as bot:
        answered = await wire.slash(place.ana, place.channel, "crisis")
        in_spanish = await wire.slash(place.ben, place.channel, "crisis")

        assert answered.kind == in_spanish.kind == "message"
        assert answered.messages[0]["flags"] & 64
        assert answered.text != in_spanish.text
        assert await bot.terminate() == 0


async def test_without_a_token_it_says_what_is_missing(home: Home, place: Place) -> None:
    async with home.started(INTERLUDE_TOKEN="") as bot:
        assert await bot.ended() == 2
        assert "INTERLUDE_TOKEN" in bot.output
        assert "Traceback" not in bot.output


async def test_a_wrong_token_ends_with_one_sentence(home: Home, place: Place) -> None:
    async with home.started(INTERLUDE_TOKEN="wrong") as bot:
        assert await bot.ended() == 2
        assert "token" in sentence_of(bot).casefold()


async def test_a_missing_intent_is_named_in_one_sentence(
    home: Home, wire: Remote, place: Place
) -> None:
    await wire.call("reset", unapproved=["members"])

    async with home.started() as bot:
        assert await bot.ended() == 2
        assert "members intent" in sentence_of(bot).casefold()


async def test_a_second_process_on_the_same_directory_is_refused(
    home: Home, wire: Remote, place: Place
) -> None:
    async with home.ready(), home.started() as second:
        assert await second.ended() == 2
        assert str(home.directory / "data") in sentence_of(second)
        assert (await wire.slash(place.ana, place.channel, "crisis")).kind == "message"


async def test_a_lost_connection_is_resumed(home: Home, wire: Remote, place: Place) -> None:
    async with home.ready() as bot:
        await wire.call("reconnect")
        await wire.wait_gateway("resumed", count=1)
        await wire.call("cut")
        await wire.wait_gateway("resumed", count=2)

        assert (await wire.slash(place.ana, place.channel, "crisis")).kind == "message"
        assert len(await wire.call("gateway", kind="identify")) == 1
        assert await bot.terminate() == 0


async def test_a_note_is_sent_and_says_nothing(home: Home, wire: Remote, place: Place) -> None:
    (dm,) = await home.people(place, place.ana)
    (outbox_id,) = await fill.enqueue(home.directory, CHECK_BACK, utcnow())

    async with home.ready():
        await home.until_states("sent")
        (message,) = await wire.messages(dm)
        (custom_id,) = button_ids(message).values()
        opened = await wire.press(place.ana, dm, int(message["id"]), custom_id=custom_id)

    assert custom_id.endswith(outbox_id)
    assert len(text_of(message)) < 40
    assert opened.kind == "message"
    assert opened.messages[0]["flags"] & 64


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
        await wire.wait_gateway("close", seconds=WAIT_SECONDS)
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


async def test_a_server_that_is_down_at_the_start_is_waited_for_or_named(
    home: Home, wire: Remote, place: Place
) -> None:
    await wire.call("outage")

    async with home.started() as bot:
        assert await bot.ended() == 2
        assert "Discord" in sentence_of(bot)
