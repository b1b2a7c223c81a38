"""The story already played when the page opens; every line is something a person does."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.demo.places import PlaceKind, list_places, read_everything, visible_messages
from bot.demo.scenes import ROOM, STORY_SCENES, Scene, issue_code
from bot.demo.session import Hint, Session
from bot.demo.stage import LineKind, Stage, StoryError, Teller
from bot.demo.world import PERSONAS, ZONE

log = logging.getLogger(__name__)

DAYS = 4
BEGIN = time(15, 20)
BEFORE_PRESENT = timedelta(minutes=25)


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """When the story begins and where it ends: at the real present."""

    present: datetime

    @property
    def start(self) -> datetime:
        """The first day's afternoon, where the programme is."""
        return self.on(0, BEGIN)

    def on(self, day: int, at: time) -> datetime:
        """Return a local time of a day of the story, in UTC."""
        zone = ZoneInfo(ZONE)
        first = self.present.astimezone(zone).date() - timedelta(days=DAYS)
        return datetime.combine(first + timedelta(days=day), at, zone).astimezone(UTC)

    def of(self, scene: Scene) -> datetime:
        """Return when a scene begins."""
        if scene.day is None:
            return self.present - BEFORE_PRESENT
        return self.on(scene.day, scene.at)


async def play_story(session: Session, times: Times, teller: Teller | None = None) -> None:
    """Play the scenes up to the present; a scene that fails is told and left out."""
    stage = Stage(session, teller)
    for scene in STORY_SCENES:
        await session.advance(times.of(scene))
        if scene.day is None:
            # What comes now is new to everybody who did not write it.
            for key in PERSONAS:
                read_everything(session, key)
        await play_scene(stage, scene)
    await session.advance(times.present)
    await leave_hints(stage)
    clear_away(session)
    session.ready = True
    session.changed()


async def play_scene(stage: Stage, scene: Scene) -> bool:
    """Play one scene and say whether it went as written."""
    stage.tell(LineKind.SCENE, "", scene.title)
    try:
        await scene.play(stage)
    except StoryError as error:
        log.info("a scene of the story was left out: %s", scene.title)
        stage.tell(LineKind.FAULT, "", str(error))
        stage.session.trouble(error)
        return False
    return True


def clear_away(session: Session) -> None:
    """Take the ephemeral answers of the story away, as Discord does when it is opened anew."""
    for key in PERSONAS:
        for place in list_places(session, key):
            if place["kind"] is PlaceKind.CATEGORY:
                continue
            for message in list(visible_messages(session, key, int(place["id"]))):
                if message.is_ephemeral:
                    session.marks.dismiss(key, message.id)


async def leave_hints(stage: Stage) -> None:
    """Say on the page what there is to try, with a code for the visitor."""
    quiet = Stage(stage.session)
    try:
        code = await issue_code(quiet, "P-108")
        joining = f"Press Join in #start. Maya made this code for Eli: {code}"
    except StoryError as error:
        stage.session.trouble(error)
        joining = "Press Join in #start. As Maya, /people code makes a code."
    stage.session.hints = [
        Hint(who="eli", place="start", title="Join as a visitor", text=joining),
        Hint(
            who="ana",
            place="start",
            title="Answer a check-in",
            text="Press Check in. Then More, My history: a chart, and the same in sentences.",
        ),
        Hint(
            who="ben",
            place="start",
            title="Do something for the two of you",
            text="Press Together, then Take a pause. Then be Ana: the thread of the two of you "
            "says until when, and nobody can write in it.",
        ),
        Hint(
            who="ben",
            place=ROOM,
            title="Raise a concern",
            text="Open the menu of a message (right click, or ···) and take Raise a concern.",
        ),
        Hint(
            who="theo",
            place="team",
            title="Pick a request up",
            text="As the moderator on duty, press I have it on the newest card.",
        ),
        Hint(
            who="maya",
            place="team",
            title="Rehearse with the team",
            text="Type /care rehearse and choose crisis. Take it as Theo, tick the steps, and look "
            "at the board: it is marked wherever it shows, and rings who is on duty.",
        ),
        Hint(
            who="dee",
            place=ROOM,
            title="Ask for help now",
            text="Type /crisis. It answers from this machine alone, even with the database gone.",
        ),
        Hint(
            who="ana",
            place="start",
            title="Let time pass, or things go wrong",
            text="Move the clock a day: notes come when they are due. Restart the bot, close "
            "direct messages, take Discord down: nothing is lost.",
        ),
    ]
