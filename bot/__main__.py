"""The command line: `interlude`."""

import logging
import os
import sys

import typer

from bot.cli import audit, case, check, data, keys, person, run, screen, staff
from bot.errors import StartError, StoreError

app = typer.Typer(
    name="interlude",
    help="A Discord bot for the days between the sessions of an outpatient programme.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("run")(run.run)
app.command("demo")(run.demo)
app.command("check")(check.check)
app.command("migrate")(data.migrate)
app.command("backup")(data.backup)
app.command("restore")(data.restore)
app.command("export")(person.export)
app.command("forget")(person.forget)
app.command("case")(case.case)
app.add_typer(staff.app, name="staff", help="Enrol the care team.")
app.add_typer(keys.app, name="keys", help="Back up the people's keys, or start over.")
app.add_typer(screen.app, name="screen", help="Screen lines of text for danger; train the model.")
app.add_typer(audit.app, name="audit", help="Prove that the audit log is whole.")


def main() -> None:
    """Run a command; what cannot start says so in one sentence and exits with 2."""
    # Whatever is made here is for this user only.
    os.umask(0o077)
    logging.basicConfig(level=logging.WARNING)
    try:
        app()
    except StartError as error:
        _refuse(str(error))
    except StoreError as error:
        _refuse(f"The database cannot be used right now ({error}).")


def _refuse(sentence: str) -> None:
    typer.echo(sentence, err=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
