"""The story already played when the page opens; every line is something a person does."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.demo.places import read_everything
from bot.demo.session import Session
from bot.demo.stage import LineKind, Stage, StoryError, Teller
from bot.demo.world import PERSONAS

log = logging.getLogger(__name__)

STORY = timedelta(days=4)
Scene = Callable[[Stage], Awaitable[None]]


async def play_story(session: Session, teller: Teller | None = None) -> None:
    """Play the scenes up to the present; a scene that fails is told and left out."""
    stage = Stage(session, teller)
    until = session.now() + STORY
    for title, scene in SCENES:
        await play_scene(stage, title, scene)
    await session.advance(until)
    for key in PERSONAS:
        read_everything(session, key)
    session.ready = True
    session.changed()


async def play_scene(stage: Stage, title: str, scene: Scene) -> bool:
    """Play one scene and say whether it went as written."""
    stage.tell(LineKind.SCENE, "", title)
    try:
        await scene(stage)
    except StoryError as error:
        log.warning("a scene of the story was left out: %s", title)
        stage.tell(LineKind.FAULT, "", str(error))
        stage.session.trouble(error)
        return False
    return True


async def _hello(stage: Stage) -> None:
    await stage.say("chris", "general", "Evening all. Same link as last week?")
    await stage.say("maya", "general", "Yes, same link. Good to see you, Chris.")


SCENES: tuple[tuple[str, Scene], ...] = (("An evening in the programme's server", _hello),)
