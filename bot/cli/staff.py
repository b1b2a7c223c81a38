"""`staff`: who belongs to the care team."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from bot.cli.output import say, show_table
from bot.config import Settings, load_settings
from bot.domain.staff import StaffMember, StaffRole
from bot.errors import StartError, UserError
from bot.store.database import open_database
from bot.store.staff import StaffStore
from bot.text import Catalog

SMALLEST_ID, LARGEST_ID = 10**16, 2**63 - 1

app = typer.Typer(no_args_is_help=True)
UserId = Annotated[int, typer.Argument(help="Discord's number for the account (Copy User ID).")]


@app.command()
def add(
    user_id: UserId,
    role: Annotated[StaffRole, typer.Option(help="What this person does.")],
    language: Annotated[str, typer.Option(help="The language of what they are sent.")] = "en",
) -> None:
    """Enrol a person, or change the role of one who is."""
    if not SMALLEST_ID <= user_id <= LARGEST_ID:
        raise StartError(
            f"{user_id} is not a Discord account: switch on Developer Mode in Discord, right-click "
            "the person and choose Copy User ID."
        )
    asyncio.run(_add(load_settings(), user_id, role, language))
    say(f"{user_id} is enrolled as {role.value}.")


async def _add(settings: Settings, user_id: int, role: StaffRole, language: str) -> None:
    from bot.app import open_app  # noqa: PLC0415 - brings discord.py along

    async with open_app(settings) as app:
        if language not in app.bot.catalog.languages:
            known = ", ".join(app.bot.catalog.languages)
            raise StartError(f"There is no language {language} yet. There are: {known}.")
        with refusals(app.bot.catalog):
            await app.services.team.enrol(user_id, role, by=None, locale=language)


@app.command()
def remove(user_id: UserId) -> None:
    """End a person's enrolment."""
    asyncio.run(_remove(load_settings(), user_id))
    say(f"{user_id} is no longer enrolled.")


async def _remove(settings: Settings, user_id: int) -> None:
    from bot.app import open_app  # noqa: PLC0415 - brings discord.py along

    async with open_app(settings) as app:
        with refusals(app.bot.catalog):
            await app.services.departures.leave(user_id, by=None)


@contextmanager
def refusals(catalog: Catalog) -> Iterator[None]:
    """Say a refusal on the command line."""
    try:
        yield
    except UserError as error:
        raise StartError(catalog.words(None)(error.key, **error.values)) from error


@app.command("list")
def list_() -> None:
    """Show who is enrolled."""
    settings = load_settings()
    members = asyncio.run(_all(settings)) if settings.database_file.exists() else []
    if not members:
        say("No one is enrolled yet: `interlude staff add USER_ID --role lead`.")
        return
    show_table(
        ("Account", "Role", "Language", "Since"),
        [
            (str(one.user_id), one.role.value, one.locale, f"{one.enrolled_at:%Y-%m-%d}")
            for one in members
        ],
    )


async def _all(settings: Settings) -> Sequence[StaffMember]:
    async with open_database(settings.database_file) as database:
        return await StaffStore(database).all()
