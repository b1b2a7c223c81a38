"""The real process over sockets: its start, its refusals, what it answers and its end."""

from __future__ import annotations

from discord.utils import utcnow

from bot.services.crisis import CHECK_BACK
from tests.wire import fill
from tests.wire.bots import BotProcess
from tests.wire.home import Home
from tests.wire.loopback.remote import Remote, button_ids, components_of, text_of
from tests.wire.place import Place


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


async def test_menus_selects_and_completions_travel(home: Home, wire: Remote, place: Place) -> None:
    await home.people(place, place.ana)
    said = await wire.call("say", user=place.ben, channel=place.channel, content="hello")
    on_message = {"channel": place.channel, "name": "Raise a concern", "target": said}

    async with home.ready():
        card = await wire.slash(place.ana, place.channel, "crisis")
        (menu,) = [
            p for p in components_of(card.messages[0]) if "barrier" in p.get("custom_id", "")
        ]
        choice = menu["options"][0]["value"]
        helped = await wire.choose(
            place.ana, place.channel, card.message_id, menu["custom_id"], choice
        )
        raised = await wire.call("menu", user=place.ana, **on_message)
        offered = await wire.call(
            "complete",
            user=place.ana,
            channel=place.channel,
            name="settings",
            option="place",
            value="madrid",
        )

    assert helped.kind == "update"
    assert raised["kind"] is not None
    assert any("Madrid" in found["value"] for found in offered)


async def test_a_person_who_left_is_not_written_to(home: Home, wire: Remote, place: Place) -> None:
    (dm,) = await home.people(place, place.ana)
    await wire.call("leave", guild=place.guild, user=place.ana)
    await fill.enqueue(home.directory, CHECK_BACK, utcnow())

    async with home.ready():
        await home.until(lambda: True if home.states()[0] not in {"pending", "sending"} else None)

    assert await wire.messages(dm) == []


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


async def test_a_server_that_is_down_at_the_start_is_waited_for_or_named(
    home: Home, wire: Remote, place: Place
) -> None:
    await wire.call("outage")

    async with home.started() as bot:
        assert await bot.ended() == 2
        assert "Discord" in sentence_of(bot)
