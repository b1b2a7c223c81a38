"""The one dynamic item that every button and select is made of."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import discord

ROUTE = r"(?P<route>[a-z_]+:v\d+:[a-z_]+)(?::(?P<args>.*))?"


class RoutedItem(discord.ui.DynamicItem[discord.ui.Item[Any]], template=ROUTE):
    """A button or select whose custom_id says what it does, so that it outlives the process.

    One class for all features, so that a card from an older version is answered too, and errors
    take one path: discord.py only logs one in a dynamic item's callback.
    """

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press to the client's router."""
        press: Callable[[discord.Interaction[Any]], Awaitable[None]] = interaction.client.press
        await press(interaction)

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> "RoutedItem":
        """Wrap the component that was pressed."""
        return cls(item)
