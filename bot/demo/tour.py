"""The whole story in a terminal, for machines with no browser."""

from zoneinfo import ZoneInfo

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.text import Text

from bot.app import open_app
from bot.clock import system_clock
from bot.config import Settings
from bot.demo.journal import failures
from bot.demo.scenes import TOUR_SCENES
from bot.demo.scratch import throw_away
from bot.demo.session import Opener, open_session
from bot.demo.stage import Line, LineKind, Stage
from bot.demo.story import Times, play_scene, play_story
from bot.demo.world import PERSONAS, ZONE

WIDTH = 96
MOST_LINES = 12


async def tour(
    settings: Settings, *, opener: Opener = open_app, console: Console | None = None
) -> int:
    """Play the story and what a visitor would try next, and print what everyone reads.

    Returns:
        The exit code: 0 when every scene went as written.
    """
    console = console or Console()
    width = min(WIDTH, console.width)
    faults = 0

    shown: set[str] = set()

    def tell(line: Line) -> None:
        nonlocal faults
        faults += line.kind is LineKind.FAULT
        known = line.kind is LineKind.SEES and line.text in shown
        shown.add(line.text)
        console.print(drawn(line, known=known), width=width)

    times = Times(present=system_clock())
    with throw_away(settings) as own:
        async with open_session(own, opener=opener, start=times.start) as session:
            await play_story(session, times, tell)
            stage = Stage(session, tell)
            for scene in TOUR_SCENES:
                await play_scene(stage, scene)
            errors = failures(session)
    for error in errors:
        console.print(Text(f"The bot failed: {type(error).__name__}", style="bold red"))
    console.print(Rule(style="dim"), width=width)
    console.print("The end. `make demo` shows the same server in a browser, to try for yourself.")
    return 1 if faults or errors else 0


def drawn(line: Line, *, known: bool = False) -> RenderableType:
    """Draw one line of the story.

    Args:
        line: What happens.
        known: The same was read before; its beginning is enough.
    """
    when = line.at.astimezone(ZoneInfo(ZONE)).strftime("%a %H:%M")
    name = PERSONAS[line.who].name if line.who in PERSONAS else line.who
    if line.kind is LineKind.SCENE:
        return Group(Text(), Rule(Text(line.text, style="bold"), align="left"))
    if line.kind is LineKind.FAULT:
        return Text(f"  This scene was left out: {line.text}", style="red")
    if line.kind is LineKind.DOES:
        return Text.assemble((f"{when}  ", "dim"), (name, "bold"), f" {line.text}")
    lines = line.text.splitlines()
    if known:
        begins = lines[0] if len(lines) == 1 else f"{lines[0]} …"
        return Text.assemble(" " * 11, (f"{name} reads ", "cyan"), begins)
    most = [*lines[:MOST_LINES], "…"] if len(lines) > MOST_LINES + 1 else lines
    words = Text("\n".join(most), overflow="fold")
    panel = Panel(words, title=f"{name} reads", title_align="left", border_style="cyan")
    return Padding(panel, (0, 0, 0, 11))
