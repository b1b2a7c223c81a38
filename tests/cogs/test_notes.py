"""Old cards, refused forms and notes, as people meet them."""

import discord
import pytest

from bot.errors import StoreError, UserError
from bot.ui.cards import Card, button
from bot.ui.forms import Form, TextField
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, pressed, submits
from tests.fakes.simulation import World, fields, shown, texts


class ProbeCog(FeatureCog):
    """A feature that refuses what is typed until it is polite."""

    @pressed("probe:v1:say")
    async def say(self, request: Request) -> None:
        await request.reply(Card(body=f"said {request.arg()}"))

    @pressed("probe:v1:fail")
    async def fail(self, request: Request) -> None:
        raise RuntimeError("a secret in an exception")

    @form("probe:v1:form")
    async def build(self, request: Request) -> Form:
        field = TextField(key="word", label="A word")
        return Form.of("probe:v1:form", *request.args, title="Form", fields=[field])

    @submits("probe:v1:form")
    async def submit(self, request: Request) -> None:
        if request.text("word") != "please":
            raise UserError("core.old_card")
        await request.reply(Card(body="thanks"))


async def post(world: World, *items: object) -> tuple[object, discord.Message]:
    await world.app.bot.add_cog(ProbeCog(world.app.bot))
    channel = world.guild.create_text_channel("general")
    card = Card(title="Probe", rows=[list(items)])
    await world.app.bot.get_channel(channel.id).send(**card.message())
    await world.env.settle()
    return channel, channel.last_message


async def test_a_button_is_answered_after_the_process_forgot_it(world: World) -> None:
    _, message = await post(world, button("probe:v1:say", "hello", label="Say"))

    result = await world.person("ana").click(message, label="Say")

    assert texts(shown(result)) == "said hello"
    assert result.ephemeral


async def test_a_card_from_an_unknown_version_gets_a_sentence(world: World) -> None:
    _, message = await post(world, button("probe:v9:gone", label="Old"))

    result = await world.person("ana").click(message, label="Old")

    assert "earlier time" in texts(shown(result))


async def test_a_failure_is_answered_without_its_text(world: World, caplog) -> None:
    _, message = await post(world, button("probe:v1:fail", label="Fail"))

    result = await world.person("ana").click(message, label="Fail")

    assert "not your fault" in texts(shown(result))
    assert "secret" not in texts(shown(result))
    caplog.clear()


async def test_a_refused_form_opens_again_filled_in(world: World) -> None:
    _, message = await post(world, button("probe:v1:form", "x", label="Open"))
    ana = world.person("ana")
    opened = await ana.click(message, label="Open")

    refused = await ana.submit_modal(opened, {"word": "now!"})
    again = await ana.click(shown(refused), label="Open again")

    assert fields(again)["word"]["value"] == "now!"
    accepted = await ana.submit_modal(again, {"word": "please"})
    assert texts(shown(accepted)) == "thanks"


async def test_another_person_cannot_open_a_kept_text(world: World) -> None:
    _, message = await post(world, button("probe:v1:form", label="Open"))
    ana = world.person("ana")
    opened = await ana.click(message, label="Open")
    refused = await ana.submit_modal(opened, {"word": "now!"})
    row = await world.app.database.fetch_one("SELECT id FROM drafts")
    _, trap = await post_again(world, button("draft:v1:open", row["id"], label="Steal"))

    result = await world.person("ben").click(trap, label="Steal")

    assert refused.ephemeral
    assert "only for the person" in texts(shown(result))


async def post_again(world: World, *items: object) -> tuple[object, discord.Message]:
    channel = world.guild.create_text_channel("other")
    await world.app.bot.get_channel(channel.id).send(**Card(rows=[list(items)]).message())
    await world.env.settle()
    return channel, channel.last_message


async def test_a_long_text_that_cannot_be_kept_goes_back_whole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, message = await post(world, button("probe:v1:form", label="Open form"))
    ana, typed = world.person("ana"), "x" * 3999 + "!"

    async def locked(*_: object) -> None:
        raise StoreError("locked")

    monkeypatch.setattr(world.app.services.drafts, "keep", locked)
    opened = await ana.click(message, label="Open form")
    refused = shown(await ana.submit_modal(opened, {"word": typed}))

    [file] = refused.attachments
    assert "Here is what you typed" in texts(refused)
    assert (await file.read()).decode() == typed
