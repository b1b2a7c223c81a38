"""A small bot with one of everything the page must draw, apart from our features."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands
from PIL import Image

from bot.clock import Clock
from bot.config import Settings


def png() -> bytes:
    """Draw a small picture."""
    out = io.BytesIO()
    Image.new("RGB", (120, 60), (70, 83, 201)).save(out, "PNG")
    return out.getvalue()


def picture() -> discord.File:
    """Return the picture as a file with its words."""
    return discord.File(io.BytesIO(png()), "chart.png", description="A line that rises")


class EveryControl(ui.Modal, title="How are you?"):
    """One form with five kinds of control."""

    mood: ui.Label[Any] = ui.Label(
        text="How are you?",
        component=ui.RadioGroup(
            custom_id="mood",
            options=[
                discord.RadioGroupOption(label="Bad", value="1"),
                discord.RadioGroupOption(label="Good", value="2"),
            ],
        ),
    )
    note: ui.Label[Any] = ui.Label(
        text="Anything to add?",
        component=ui.TextInput(custom_id="note", required=False, max_length=50),
    )
    ask: ui.Label[Any] = ui.Label(
        text="Message me",
        component=ui.CheckboxGroup(
            custom_id="ask",
            required=False,
            options=[discord.CheckboxGroupOption(label="Get in touch", value="contact")],
        ),
    )
    who: ui.Label[Any] = ui.Label(
        text="Who with?", component=ui.UserSelect(custom_id="who", required=False)
    )
    file: ui.Label[Any] = ui.Label(
        text="A picture", component=ui.FileUpload(custom_id="file", required=False)
    )

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Say what was sent."""
        files = [file.filename for file in self.file.component.values]
        who = [user.display_name for user in self.who.component.values]
        await interaction.response.send_message(
            f"mood={self.mood.component.value} note={self.note.component.value} "
            f"ask={self.ask.component.values} who={who} files={files}",
            ephemeral=True,
        )


def card() -> ui.LayoutView:
    """Lay out a card with every part."""
    view = ui.LayoutView(timeout=None)
    container: ui.Container[Any] = ui.Container(accent_colour=0x5E81AC)
    container.add_item(ui.TextDisplay("### A card\nfor **everyone**"))
    container.add_item(ui.Separator())
    button: ui.Button[Any] = ui.Button(label="Open form", custom_id="open")
    container.add_item(ui.Section(ui.TextDisplay("Text"), accessory=button))
    container.add_item(
        ui.MediaGallery(discord.MediaGalleryItem("attachment://chart.png", description="A chart"))
    )
    select: ui.Select[Any] = ui.Select(
        custom_id="pick",
        placeholder="Pick two",
        max_values=2,
        options=[discord.SelectOption(label="Walk"), discord.SelectOption(label="Rest")],
    )
    container.add_item(ui.ActionRow(select))
    people: ui.UserSelect[Any] = ui.UserSelect(custom_id="people", placeholder="Pick a person")
    container.add_item(ui.ActionRow(people))
    container.add_item(
        ui.ActionRow(
            ui.Button(label="Fail", custom_id="fail", style=discord.ButtonStyle.danger),
            ui.Button(label="Off", custom_id="off", disabled=True),
        )
    )
    view.add_item(container)
    return view


class SampleBot(commands.Bot):
    """The bot with its commands."""

    def __init__(self) -> None:
        super().__init__("!", intents=discord.Intents.all())
        for command in (post, whisper, thread, write, picture_post, zone, about):
            self.tree.add_command(command)
        self.tree.add_command(admin)

    async def setup_hook(self) -> None:
        """Register the commands."""
        await self.tree.sync()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer the card."""
        if interaction.type is not discord.InteractionType.component:
            return
        data: Any = interaction.data
        if data["custom_id"] == "open":
            await interaction.response.send_modal(EveryControl())
        elif data["custom_id"] != "fail":
            await interaction.response.send_message(f"chosen={data.get('values')}", ephemeral=True)


@app_commands.command(name="post", description="Post a card")
async def post(interaction: discord.Interaction) -> None:
    """Post the card."""
    await interaction.response.send_message(view=card(), file=picture())


@app_commands.command(name="whisper", description="Say something to you alone")
async def whisper(interaction: discord.Interaction) -> None:
    """Answer ephemerally."""
    await interaction.response.send_message(f"a secret of {interaction.user.name}", ephemeral=True)


@app_commands.command(name="thread", description="Open your own thread")
async def thread(interaction: discord.Interaction) -> None:
    """Open a private thread."""
    assert isinstance(interaction.channel, discord.TextChannel)
    opened = await interaction.channel.create_thread(
        name=f"own-{interaction.user.name}", type=discord.ChannelType.private_thread
    )
    await opened.add_user(interaction.user)
    await opened.send("You have a note.", file=picture())
    await interaction.response.send_message("Opened.", ephemeral=True)


@app_commands.command(name="write", description="Write to you directly")
async def write(interaction: discord.Interaction) -> None:
    """Send a direct message."""
    try:
        await interaction.user.send("You have a note.")
    except discord.Forbidden:
        await interaction.response.send_message("Your messages are closed.", ephemeral=True)
    else:
        await interaction.response.send_message("Sent.", ephemeral=True)


@app_commands.command(name="picture", description="Post an embed")
async def picture_post(interaction: discord.Interaction) -> None:
    """Post an embed with a picture."""
    embed = discord.Embed(title="Seven days", description="mostly **good**", colour=0x2A9D8F)
    embed.set_image(url="attachment://chart.png")
    await interaction.response.send_message(embed=embed, file=picture())


@app_commands.command(name="zone", description="Set your zone")
@app_commands.describe(zone="A city near you", count="A number")
async def zone(
    interaction: discord.Interaction,
    zone: str,
    count: app_commands.Range[int, 1, 9] = 1,
    who: discord.Member | None = None,
) -> None:
    """Take options of several kinds."""
    name = who.display_name if who else None
    await interaction.response.send_message(f"{zone} {count} {name}", ephemeral=True)


@zone.autocomplete("zone")
async def zones(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer zones."""
    known = ("America/New_York", "Europe/Madrid")
    return [
        app_commands.Choice(name=name, value=name)
        for name in known
        if typed.lower() in name.lower()
    ]


@app_commands.command(name="admin", description="For those who run the server")
@app_commands.default_permissions(manage_guild=True)
async def admin(interaction: discord.Interaction) -> None:
    """Answer only those who may."""
    await interaction.response.send_message("Yes.", ephemeral=True)


@app_commands.context_menu(name="Raise a concern")
async def about(interaction: discord.Interaction, message: discord.Message) -> None:
    """Answer about a message."""
    await interaction.response.send_message(f"About {message.content}", ephemeral=True)


class SampleApp:
    """What the demo needs of an application."""

    def __init__(self, clock: Clock) -> None:
        self.bot = SampleBot()
        self.clock = clock
        self.ran_at: list[Any] = []

    async def draw_boards(self) -> None:
        """There are none."""

    async def run_due(self) -> None:
        """Note when the demo asked for due work."""
        self.ran_at.append(self.clock())


@asynccontextmanager
async def open_sample(settings: Settings, *, clock: Clock) -> AsyncIterator[SampleApp]:
    """Open the sample application."""
    app = SampleApp(clock)
    try:
        yield app
    finally:
        await app.bot.close()
