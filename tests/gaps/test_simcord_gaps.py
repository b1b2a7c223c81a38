"""Where SimCord is not Discord and we rely on Discord: each a strict expected failure.

When an upgrade of SimCord mends one, its test here fails and says so: take it away, and assert the
right behaviour where the feature is tested. The loopback Discord has these rules already.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import discord
import pytest
import simcord
from discord import app_commands

gap = pytest.mark.xfail(
    strict=True,
    raises=(AssertionError, pytest.fail.Exception),
    reason="a gap of SimCord 3.2.1",
)


class NameModal(discord.ui.Modal, title="Name"):
    """Answers its submit with another modal."""

    name: discord.ui.TextInput[NameModal] = discord.ui.TextInput(label="Name", custom_id="name")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(NameModal())


@app_commands.command(name="ask", description="Open a form")
async def ask(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(NameModal())


@app_commands.command(name="locale", description="Say the person's language")
async def locale(interaction: discord.Interaction) -> None:
    await interaction.response.send_message(interaction.locale.value)


@app_commands.context_menu(name="Look")
async def look(interaction: discord.Interaction, member: discord.Member) -> None:
    await interaction.response.send_message("seen", ephemeral=True)


class SmallBot(discord.Client):
    """A bot with the commands above."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.all())
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(ask)
        self.tree.add_command(locale)
        self.tree.add_command(look)

    async def setup_hook(self) -> None:
        await self.tree.sync()


@dataclass(frozen=True, kw_only=True, slots=True)
class Small:
    """A simulated server with one room and two people."""

    env: simcord.Env
    bot: SmallBot
    guild: simcord.GuildHandle
    room: simcord.ChannelHandle
    ana: simcord.MemberActor
    ben: simcord.MemberActor

    @property
    def channel(self) -> discord.TextChannel:
        found = self.bot.get_channel(self.room.id)
        assert isinstance(found, discord.TextChannel)
        return found

    async def thread(self) -> discord.Thread:
        """A private thread with Ana in it."""
        thread = await self.channel.create_thread(name="Ana", invitable=False)
        await thread.add_user(discord.Object(self.ana.id))
        return thread

    def handle(self, thread: discord.Thread) -> simcord.ChannelHandle:
        return next(known for known in self.room.threads if known.id == thread.id)


@pytest.fixture
async def small() -> AsyncIterator[Small]:
    bot = SmallBot()
    env = simcord.Env(bot, check_errors=False)
    await env.start()
    guild = env.create_guild("Clinic")
    room = guild.create_text_channel("room")
    ana = guild.add_member(env.create_user("ana"))
    ben = guild.add_member(env.create_user("ben"))
    await env.settle()
    yield Small(env=env, bot=bot, guild=guild, room=room, ana=ana, ben=ben)
    await env.shutdown()


@gap
async def test_an_enforced_nonce_makes_one_message(small: Small) -> None:
    first = await small.channel.send("hello", nonce="n" * 22)
    again = await small.channel.send("hello", nonce="n" * 22)

    assert first.id == again.id


@gap
async def test_a_modal_cannot_answer_a_modal(small: Small) -> None:
    opened = await small.ana.slash(small.room, "ask")
    answered = await small.ana.submit_modal(opened, {"name": "Ana"})

    assert answered.modal is None


@gap
async def test_a_locked_archived_thread_refuses_messages(small: Small) -> None:
    thread = await small.thread()
    await thread.edit(archived=True, locked=True)

    with pytest.raises(simcord.BackendError):
        await small.ana.send(small.handle(thread), "hello")


@gap
async def test_a_message_opens_an_archived_thread(small: Small) -> None:
    thread = await small.thread()
    await thread.edit(archived=True)
    await small.ana.send(small.handle(thread), "hello")

    known = small.bot.get_channel(thread.id)

    assert isinstance(known, discord.Thread)
    assert not known.archived


@gap
async def test_a_private_thread_is_not_announced_in_its_parent(small: Small) -> None:
    await small.thread()

    assert small.room.history() == []


@gap
async def test_adding_a_thread_member_is_said_in_the_thread(small: Small) -> None:
    thread = await small.thread()

    said = [message.type for message in small.handle(thread).history()]

    assert discord.MessageType.recipient_add in said


@gap
async def test_removing_a_thread_member_is_said_in_the_thread(small: Small) -> None:
    thread = await small.thread()
    await thread.remove_user(discord.Object(small.ana.id))

    said = [message.type for message in small.handle(thread).history()]

    assert discord.MessageType.recipient_remove in said


@gap
async def test_a_stranger_cannot_be_written_to(small: Small) -> None:
    stranger = small.env.create_user("stranger")
    channel = await small.bot.create_dm(discord.Object(stranger.id))

    with pytest.raises(discord.Forbidden):
        await channel.send("hello")


@gap
async def test_a_person_has_a_language(small: Small) -> None:
    # SimCord has no way to say Spanish, and calls everyone's language American English.
    answered = await small.ana.slash(small.room, "locale")

    assert answered.response is not None
    assert answered.response.content != "en-US"


@gap
async def test_a_menu_needs_send_messages(small: Small) -> None:
    await small.channel.set_permissions(small.channel.guild.default_role, send_messages=False)
    await small.env.settle()

    with pytest.raises(simcord.SetupError):
        await small.ana.context_menu(small.room, "Look", small.ben)


@gap
async def test_a_server_error_is_retried(small: Small) -> None:
    path = f"/channels/{small.room.id}/messages"
    small.env.inject_error("POST", path, status=502)

    try:
        sent = await small.channel.send("hello")
    except discord.HTTPException as error:
        raise AssertionError("it was not retried") from error

    assert sent.content == "hello"


@gap
async def test_a_timeout_over_28_days_is_refused(small: Small) -> None:
    member = small.channel.guild.get_member(small.ana.id)
    assert member is not None

    with pytest.raises(discord.HTTPException):
        await member.timeout(timedelta(days=29))


@gap
async def test_a_post_can_be_pinned_in_a_forum(small: Small) -> None:
    forum = await small.channel.guild.create_forum("forum")
    await small.env.settle()
    post = await forum.create_thread(name="about", content="hello")

    try:
        await post.thread.edit(pinned=True)
    except simcord.UnsupportedField as error:
        raise AssertionError("it was not pinned") from error

    assert post.thread.flags.pinned
