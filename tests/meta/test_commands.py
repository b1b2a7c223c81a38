"""Slash commands and menus: what members read in Discord, in every language."""

from collections.abc import Iterator

import pytest
from discord import app_commands

from bot.text import Catalog
from tests.fakes.simulation import World

LONGEST = 100

Command = app_commands.Command | app_commands.Group | app_commands.ContextMenu


def walk(world: World) -> Iterator[Command]:
    """Yield every command, group and menu that Discord is told."""
    tree = world.app.bot.tree
    for command in tree.get_commands():
        yield command
        if isinstance(command, app_commands.Group):
            yield from command.walk_commands()


def sources(command: Command) -> Iterator[tuple[str, str]]:
    """Yield the key and the English text of everything a command shows."""
    if isinstance(command, app_commands.ContextMenu):
        yield f"commands.menus.{command.name.lower().replace(' ', '_')}", command.name
        return
    path = f"commands.{command.qualified_name.replace(' ', '.')}"
    yield f"{path}.description", str(command.description)
    if isinstance(command, app_commands.Command):
        for parameter in command.parameters:
            yield f"{path}.options.{parameter.name}", str(parameter.description)


@pytest.fixture
def shown(world: World) -> dict[str, str]:
    return {key: text for command in walk(world) for key, text in sources(command)}


async def test_every_text_is_in_every_language_and_the_english_one_is_the_codes(
    shown: dict[str, str], catalog: Catalog
) -> None:
    english = catalog.words("en")
    missing = [key for key in shown if not english.has(key)]
    assert missing == []
    differing = {key: text for key, text in shown.items() if english(key) != text}
    assert differing == {}


async def test_every_text_of_the_files_belongs_to_a_command(
    shown: dict[str, str], catalog: Catalog
) -> None:
    ours = {key for key in catalog.words("en").entries if key.startswith("commands.")}
    assert ours - shown.keys() == set()


async def test_texts_fit_what_discord_shows(shown: dict[str, str], catalog: Catalog) -> None:
    for words in catalog.languages.values():
        long = {
            key: len(words(key))
            for key in shown
            if words.has(key) and not 1 <= len(words(key)) <= LONGEST
        }
        assert long == {}, words.locale


async def test_no_command_is_left_without_words(shown: dict[str, str]) -> None:
    # discord.py shows an ellipsis where a description was forgotten.
    assert [key for key, text in shown.items() if text in {"", "…"}] == []
