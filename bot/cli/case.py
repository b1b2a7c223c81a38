"""`case`: what happened to one case, as a file for the programme's own clinical record."""

import asyncio
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.output import say
from bot.cli.person import open_services, write_private
from bot.clock import system_clock
from bot.config import DATA, Settings, load_settings
from bot.content import load_content
from bot.domain.audit import OPERATOR
from bot.errors import StartError
from bot.text import Catalog

SUMMARIES = "summaries"


def case(
    ref: Annotated[str, typer.Argument(help="The five characters on its card, such as K7Q2M.")],
    dest: Annotated[
        Path | None, typer.Argument(help="A directory; nothing in it is overwritten.")
    ] = None,
) -> None:
    """Write a case down for the clinical record, also while the bot runs; it is logged."""
    file = asyncio.run(_write(load_settings(), ref, dest))
    say(f"Written, readable by you only: {file}")
    say("It is sealed no more: move it to your records and delete it. The access log has a line.")


async def _write(settings: Settings, ref: str, dest: Path | None) -> Path:
    from bot.ui.case_summary import summary  # noqa: PLC0415 - brings discord.py along

    async with open_services(settings) as services:
        found = await services.case_desk.written_out(ref, OPERATOR)
        if found is None:
            raise StartError(
                f"There is no case {ref}. Its five characters are on its card; a closed case is "
                "reduced to a count after 90 days."
            )
        programme = services.programme.current
        text = summary(
            Catalog.load(DATA / "locales").words(programme.locale),
            load_content(DATA, settings.crisis_file).texts(programme.locale),
            found,
            ZoneInfo(programme.zone),
            system_clock(),
        )
        target = (dest or settings.data_dir / SUMMARIES) / f"{found.case.ref}.txt"
        if target.exists():
            raise StartError(f"{target} exists already. Name another directory, or move it.")
        write_private(target, text.encode())
        await services.audit.anchor()
    return target
