"""Command names and descriptions in the languages of the locales."""

from typing import Any

import discord
from discord import app_commands

from bot.text import DEFAULT_LOCALE, Catalog


class Translator(app_commands.Translator):
    """Finds a command's text in `data/locales/<locale>/commands.toml`.

    The English text in the code is the source; the key is given as `locale_str(..., key=...)` or
    derived from where the text stands, such as `commands.checkin.now.description`.
    """

    def __init__(self, catalog: Catalog) -> None:
        super().__init__()
        self._catalog = catalog

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return the text in a language, or nothing where the English one serves."""
        words = self._catalog.words(str(locale))
        if words.locale == DEFAULT_LOCALE:
            return None
        key = _key(context)
        return words(key) if key and words.has(key) else None


def _key(context: app_commands.TranslationContextTypes) -> str | None:
    place = app_commands.TranslationContextLocation
    data: Any = context.data
    if context.location in (place.command_description, place.group_description):
        return f"commands.{_path(data)}.description"
    if context.location is place.parameter_description:
        return f"commands.{_path(data.command)}.options.{data.name}"
    if context.location is place.command_name and isinstance(data, app_commands.ContextMenu):
        return f"commands.menus.{data.name.lower().replace(' ', '_')}"
    return None


def _path(command: object) -> str:
    return str(getattr(command, "qualified_name", "")).replace(" ", ".")
