"""Cards: what the bot shows, as Components V2."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeAlias

import discord

from bot.ui.items import RoutedItem

Item: TypeAlias = discord.ui.Item[Any]

MOST_CUSTOM_ID = 100
"""Discord's limit."""

MOST_LISTED = 3200
"""Of the 4,000 characters of a card, for a list that may be long."""


class Accent(IntEnum):
    """The colour at a card's side; never the only sign of anything."""

    CALM = 0x5E81AC
    WARM = 0xB48EAD
    GOOD = 0x6A9955
    CARE = 0xD08770
    URGENT = 0xBF616A


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture with what it shows in words."""

    filename: str
    png: bytes
    alt: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file that goes with a card."""

    filename: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One choice of a select."""

    value: str
    label: str
    description: str | None = None
    chosen: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A title, paragraphs, perhaps a picture, and rows of buttons or selects.

    Attributes:
        body: Markdown; several paragraphs are set apart by a thin space.
        notice: Plain text of an ordinary message instead of a card; it is what a lock screen
            shows, so it says nothing personal.
        mentions: The accounts a card may ring; nobody by default.
    """

    title: str | None = None
    body: str | Sequence[str] = ()
    rows: Sequence[Sequence[Item]] = ()
    accent: Accent = Accent.CALM
    image: Picture | None = None
    files: Sequence[Attachment] = ()
    footer: str | None = None
    notice: str | None = None
    mentions: Sequence[int] = field(default=())

    def view(self) -> discord.ui.LayoutView:
        """Lay the card out."""
        view = discord.ui.LayoutView(timeout=None)
        container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=self.accent.value)
        if self.mentions:
            # A mention inside a card rings only from a text display.
            view.add_item(discord.ui.TextDisplay(" ".join(f"<@{who}>" for who in self.mentions)))
        if self.title:
            container.add_item(discord.ui.TextDisplay(f"### {self.title}"))
        paragraphs = [self.body] if isinstance(self.body, str) else list(self.body)
        for paragraph in paragraphs:
            if paragraph:
                container.add_item(discord.ui.TextDisplay(paragraph))
        if self.image is not None:
            picture = discord.MediaGalleryItem(
                f"attachment://{self.image.filename}", description=self.image.alt
            )
            container.add_item(discord.ui.MediaGallery(picture))
        for file in self.files:
            container.add_item(discord.ui.File(f"attachment://{file.filename}"))
        if self.footer:
            container.add_item(discord.ui.Separator(visible=True))
            container.add_item(discord.ui.TextDisplay(f"-# {self.footer}"))
        for row in self.rows:
            container.add_item(discord.ui.ActionRow(*row))
        view.add_item(container)
        return view

    def plain_view(self) -> discord.ui.View:
        """Lay out only the rows, under a plain notice."""
        view = discord.ui.View(timeout=None)
        for number, row in enumerate(self.rows):
            for item in row:
                item.row = number
                view.add_item(item)
        return view

    def attachments(self) -> list[discord.File]:
        """Return the files to send, read afresh each time."""
        files = [discord.File(io.BytesIO(file.content), file.filename) for file in self.files]
        if self.image is not None:
            picture = discord.File(
                io.BytesIO(self.image.png), self.image.filename, description=self.image.alt
            )
            files.append(picture)
        return files

    def message(self) -> dict[str, Any]:
        """Return the keyword arguments that send this card."""
        sent: dict[str, Any] = {"allowed_mentions": allowed(self.mentions)}
        if self.notice is not None:
            sent["content"] = self.notice
            if self.rows:
                sent["view"] = self.plain_view()
        else:
            sent["view"] = self.view()
        if files := self.attachments():
            sent["files"] = files
        return sent

    def edit(self) -> dict[str, Any]:
        """Return the keyword arguments that turn a message into this card."""
        changed = self.message()
        changed["attachments"] = changed.pop("files", [])
        return changed


def allowed(user_ids: Sequence[int]) -> discord.AllowedMentions:
    """Allow a mention of these accounts and of nothing else."""
    return discord.AllowedMentions(
        everyone=False, roles=False, users=[discord.Object(user_id) for user_id in user_ids]
    )


def button(
    route: str,
    *args: object,
    label: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    emoji: str | None = None,
    disabled: bool = False,
) -> Item:
    """Make a button that leads to a route."""
    return RoutedItem(
        discord.ui.Button(
            custom_id=custom_id(route, *args),
            label=label,
            style=style,
            emoji=emoji,
            disabled=disabled,
        )
    )


def link(label: str, url: str) -> Item:
    """Make a button that opens an address."""
    return discord.ui.Button(label=label, url=url)


def select(
    route: str,
    *args: object,
    options: Sequence[Option],
    placeholder: str,
    most: int = 1,
    least: int = 1,
) -> Item:
    """Make a select of at most 25 options that leads to a route."""
    return RoutedItem(
        discord.ui.Select(
            custom_id=custom_id(route, *args),
            placeholder=placeholder,
            min_values=least,
            max_values=min(most, len(options)),
            options=[
                discord.SelectOption(
                    label=option.label,
                    value=option.value,
                    description=option.description,
                    default=option.chosen,
                )
                for option in options
            ],
        )
    )


def user_select(route: str, *args: object, placeholder: str) -> Item:
    """Make a select of people that leads to a route."""
    return RoutedItem(
        discord.ui.UserSelect(custom_id=custom_id(route, *args), placeholder=placeholder)
    )


def custom_id(route: str, *args: object) -> str:
    """Join a route and its arguments.

    Raises:
        ValueError: It is longer than Discord's 100 characters, or an argument holds a colon.
    """
    parts = [route, *(str(arg) for arg in args)]
    if any(":" in part for part in parts[1:]):
        raise ValueError(f"an argument of {route} holds a colon")
    joined = ":".join(parts)
    if len(joined) > MOST_CUSTOM_ID:
        raise ValueError(f"{joined} is too long for a custom_id")
    return joined


def escape(text: str) -> str:
    """Return what a person typed so that it shows as typed: no markdown, no mention."""
    return discord.utils.escape_mentions(discord.utils.escape_markdown(text))


def quote(text: str) -> str:
    """Return what a person typed as a quotation, escaped."""
    return "\n".join(f"> {line}" for line in escape(text).splitlines())


def fitting(lines: Sequence[str], more: Callable[..., str]) -> Sequence[str]:
    """Return as many lines as a card takes, and how many more there are.

    Args:
        lines: The lines, the most important first.
        more: Says that there are `n` more.
    """
    used = 0
    for place, line in enumerate(lines):
        used += len(line) + 1
        if used > MOST_LISTED:
            return [*lines[:place], more(n=len(lines) - place)]
    return lines
