"""`run` and `demo`: the bot on Discord, and on a simulated one."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.config import Settings, load_settings
from bot.errors import StartError
from bot.logs import configure_logs

DEMO_DIRECTORY = Path(".interlude") / "demo"


def run(
    *,
    sync: Annotated[
        bool, typer.Option("--sync", help="Tell Discord the commands even if none changed.")
    ] = False,
) -> None:
    """Run the bot on Discord until it is stopped."""
    from bot import live  # noqa: PLC0415 - discord.py takes half a second, other commands none

    settings = load_settings()
    configure_logs(settings.log_level, settings.data_dir / "logs")
    asyncio.run(live.run(settings, sync=sync))


def demo(
    *,
    tour: Annotated[
        bool, typer.Option("--tour", help="Play the whole story in the terminal and end.")
    ] = False,
    port: Annotated[
        int | None, typer.Option(help="Port of the page; INTERLUDE_DEMO_PORT otherwise.")
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the page's address.")
    ] = False,
) -> None:
    """Run the real bot on a simulated Discord, with a page to try it."""
    settings = demo_settings()
    # SimCord and discord.py warn of voice and intents that the demo does not use.
    configure_logs("ERROR", None)
    try:
        from bot import demo as simulated  # noqa: PLC0415 - needs the extra packages of the demo
    except ModuleNotFoundError as error:
        raise StartError(
            f"The demo needs the package {error.name}: run `make demo`, which installs it."
        ) from error
    if tour:
        raise typer.Exit(asyncio.run(simulated.tour(settings)))
    port = settings.demo_port if port is None else port
    asyncio.run(simulated.serve(settings, port=port, open_browser=not no_browser))


def demo_settings() -> Settings:
    """Return settings whose data and keys are the demo's own; no token is used."""
    return load_settings(
        token=None,
        host_key=None,
        guild_id=None,
        crisis_file=None,
        ladder_file=None,
        outside_webhook=None,
        outside_mail_to="",
        smtp_host="",
        smtp_from="",
        discord_api=None,
        discord_gateway=None,
        data_dir=DEMO_DIRECTORY / "data",
        keys_dir=DEMO_DIRECTORY / "keys",
        host_key_file=DEMO_DIRECTORY / "host" / "host.key",
    )
