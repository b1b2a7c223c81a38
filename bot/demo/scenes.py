"""The scenes of the story: what people do, in their own words, on which day."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import time, timedelta

from bot.demo.couple_scenes import a_pause, both_answer, space_opens
from bot.demo.stage import Stage

CODE = r"[A-Z0-9]{4}(-[A-Z0-9]{4}){3}"
ELEVEN_MINUTES = timedelta(minutes=11)
PUBLIC, ROOM, TEAM = "general", "community-room", "team"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """Something that happens.

    Attributes:
        day: The day of the story, the first being 0; `None` for right before the present.
        at: The local time it begins; a later scene waits for nothing that is past.
    """

    title: str
    play: Callable[[Stage], Awaitable[None]]
    day: int | None = None
    at: time = time()


def _id(stage: Stage, who: str) -> str:
    return str(stage.session.world.actor(who).id)


async def set_up(stage: Stage) -> None:
    """The owner makes the programme's server."""
    await stage.say("maya", PUBLIC, "I am setting up our helper today. Give me ten minutes.")
    await stage.slash("maya", "setup apply", place=PUBLIC)
    await stage.press("maya", "setup:v1:bind")
    await stage.slash("maya", "setup settings", place=PUBLIC, country="US", zone="America/New_York")


async def gather_team(stage: Stage) -> None:
    """The lead enrols the team, and the moderator goes on duty."""
    for who, role in (("theo", "moderator"), ("nadia", "clinician")):
        await stage.slash("maya", "people add", place=TEAM, user=_id(stage, who), role=role)
    await stage.slash("theo", "oncall on", place=TEAM)


async def plan_shifts(stage: Stage) -> None:
    """The lead puts two shifts on the rota, and everybody sees the week."""
    for who, start, end, level in (("theo", "9am", "11pm", 1), ("nadia", "6pm", "9am", 2)):
        await stage.slash(
            "maya",
            "oncall shift add",
            place=TEAM,
            days="Mon-Sun",
            start=start,
            end=end,
            who=_id(stage, who),
            level=level,
        )
    await stage.slash("nadia", "oncall week", place=TEAM)


async def add_room(stage: Stage) -> None:
    """A second room, for people who come alone."""
    await stage.slash(
        "maya",
        "room add",
        place=TEAM,
        name="quiet-evenings",
        audience="individuals",
        hours="Every evening 6-10",
    )


async def go_live(stage: Stage) -> None:
    """Crisis lines are checked, two people hold the key, joining opens."""
    await stage.slash("maya", "setup check", place=TEAM)
    await stage.press("maya", "setup:v1:lines")
    await stage.press("maya", "setup:v1:lines_ok")
    await stage.press("maya", "Host key")
    await stage.press("maya", "setup:v1:key_ask")
    await stage.press("nadia", "setup:v1:key", place=TEAM)
    await stage.press("nadia", "setup:v1:key_ok")
    await stage.press("maya", "Host key")
    await stage.press("maya", "setup:v1:key_ok")
    await stage.slash("maya", "setup apply", place=TEAM)
    await stage.slash("maya", "setup check", place=TEAM)
    await stage.press("maya", "setup:v1:open")


async def issue_code(stage: Stage, number: str) -> str:
    """The lead makes a join code, to be handed over in person."""
    await stage.slash("maya", "people code", place=TEAM, number=number)
    return stage.read("maya", CODE, place=TEAM)


async def join(stage: Stage, who: str, number: str, way: str) -> None:
    """Somebody goes through the three screens, taps the test note and opens the rooms."""
    code = await issue_code(stage, number)
    await stage.press(who, "join:v1:start")
    await stage.fill(await stage.press(who, "join:v1:adult"), code=code)
    await stage.fill(await stage.press(who, "zone:v1:place:join"), place="New York")
    await stage.press(who, "join:v1:daily:yes")
    await stage.press(who, "join:v1:hours_done")
    await stage.press(who, f"join:v1:way:join:{way}")
    await stage.press(who, "note:v1:open")
    await stage.press(who, "panel:v1:more")
    await stage.press(who, "panel:v1:rooms")
    await stage.choose(who, "room:v1:look", ROOM)
    await stage.press(who, "room:v1:door")
    await stage.press(who, "room:v1:enter")


async def couple_joins(stage: Stage) -> None:
    """Ana and Ben join, each for themselves."""
    await join(stage, "ana", "P-104", "thread")
    await join(stage, "ben", "P-105", "thread")


async def peers_join(stage: Stage) -> None:
    """Chris and Dee join; Chris wants direct messages."""
    await join(stage, "chris", "P-106", "dm")
    await join(stage, "dee", "P-107", "thread")
    await stage.say("chris", ROOM, "Hi all, Chris here. Glad there is a room for the evenings.")
    await stage.say("dee", ROOM, "Hi Chris. Same. The hours after dinner are the long ones.")


async def answer(stage: Stage, who: str, mood: str, support: str, **more: str) -> None:
    """Somebody opens the note that came and answers."""
    await stage.press(who, "note:v1:open")
    form = await stage.press(who, "checkin:v1:answer")
    await stage.fill(form, mood=mood, support=support, **more)


async def first_evening(stage: Stage) -> None:
    """The first check-ins."""
    await answer(stage, "ana", "Good", "Mostly", urge="None", note="We walked by the river.")
    await answer(stage, "ben", "OK", "Some", urge="A little")
    await answer(stage, "chris", "OK", "Mostly")
    await answer(stage, "dee", "Bad", "A little", urge="Some")
    await stage.press("dee", "I agree")
    await stage.say("dee", ROOM, "Hard afternoon. I went to the session anyway.")
    await stage.say("chris", ROOM, "That counts. I am glad you went.")
    await stage.say("theo", ROOM, "It does. I am around until ten, if anyone wants company.")


async def dee_asks(stage: Stage) -> None:
    """Dee asks for a person, and Theo answers."""
    await stage.press("dee", "care:v1:ask", place=ROOM)
    await stage.press("dee", "care:v1:send")
    await stage.press("theo", "case:v1:claim", place=TEAM)
    await stage.press("dee", "note:v1:open")
    await stage.press("theo", "case:v1:contacted", place=TEAM)


async def second_evening(stage: Stage) -> None:
    """The second check-ins; Ben skips, which is fine."""
    await answer(stage, "ana", "OK", "Mostly", urge="A little")
    await stage.press("ben", "note:v1:open")
    await stage.press("ben", "checkin:v1:skip")
    await answer(stage, "chris", "Good", "Very", note="Called my sister.")
    await answer(stage, "dee", "OK", "Some")
    await stage.say("ana", ROOM, "What do you all do with the hour before bed?")
    await stage.say("ben", ROOM, "Dishes, badly. Then a podcast.")
    await stage.say("dee", ROOM, "Tea, and my phone in the other room.")
    await stage.say("chris", PUBLIC, "Same link for Thursday evening?")
    await stage.say("maya", PUBLIC, "Same link. Doors open ten minutes before.")


async def third_evening(stage: Stage) -> None:
    """The third check-ins, and a request that ends well."""
    await answer(stage, "ana", "Good", "Mostly", urge="None")
    await answer(stage, "ben", "Good", "Mostly", urge="A little")
    await answer(stage, "chris", "Bad", "A little")
    await answer(stage, "dee", "Good", "Mostly")
    await stage.press("theo", "case:v1:more", place=TEAM)
    form = await stage.press("theo", "case:v1:close", place=TEAM)
    await stage.fill(form, ending="talked", words="We spoke, and that was enough for now.")
    await stage.press("dee", "note:v1:open")
    await stage.press("dee", "request:v1:settled")
    await stage.say("theo", ROOM, "Topic for Thursday: what a good enough evening looks like.")


async def concern_is_raised(stage: Stage) -> None:
    """Chris sounds low, and Dee tells the team."""
    low = "Not sure I will come on Thursday. I doubt anyone would notice."
    await stage.say("chris", ROOM, low)
    form = await stage.menu("dee", "Raise a concern", place=ROOM, text=low)
    await stage.fill(
        form, reason="safety", words="Chris sounds low tonight. Could someone write to him?"
    )


STORY_SCENES = (
    Scene(title="Maya sets the server up", play=set_up, day=0, at=time(15, 30)),
    Scene(title="The team comes together", play=gather_team, day=0, at=time(15, 40)),
    Scene(title="Who is on, and when", play=plan_shifts, day=0, at=time(15, 45)),
    Scene(title="Ready to open", play=go_live, day=0, at=time(15, 50)),
    Scene(title="A second room", play=add_room, day=0, at=time(16, 0)),
    Scene(title="Ana and Ben join", play=couple_joins, day=0, at=time(16, 20)),
    Scene(title="A space for Ana and Ben", play=space_opens, day=0, at=time(16, 40)),
    Scene(title="Chris and Dee join", play=peers_join, day=0, at=time(17, 0)),
    Scene(title="The first evening", play=first_evening, day=1, at=time(19, 10)),
    Scene(title="Dee asks for a person", play=dee_asks, day=2, at=time(14, 30)),
    Scene(title="Ana and Ben answer in private", play=both_answer, day=2, at=time(18, 40)),
    Scene(title="The second evening", play=second_evening, day=2, at=time(19, 10)),
    Scene(title="The third evening", play=third_evening, day=3, at=time(19, 10)),
    Scene(title="Today: a concern", play=concern_is_raised),
)


# What a visitor of the page would try next; the tour plays it.


async def visitor_joins(stage: Stage) -> None:
    """Eli, who stood outside until now, joins."""
    await join(stage, "eli", "P-109", "dm")


async def check_in_now(stage: Stage) -> None:
    """Ana answers for today without waiting for a note, then looks back."""
    form = await stage.press("ana", "checkin:v1:now")
    await stage.fill(form, mood="Very good", support="Very", note="Date night, sort of.")
    await stage.slash("ana", "checkin history", place=ROOM, days=7)


async def nobody_takes_it(stage: Stage) -> None:
    """Eleven minutes pass: the next one on call is rung, and the board says since when it waits."""
    stage.look("nadia", quietly=True)
    await stage.session.advance(stage.session.now() + ELEVEN_MINUTES)
    stage.look("nadia")
    await stage.press("nadia", "board:v1:show", place=TEAM)


async def rehearse(stage: Stage) -> None:
    """The team plays a crisis through, marked wherever it shows."""
    await stage.slash("maya", "care rehearse", place=TEAM, play="crisis")
    await stage.press("theo", "case:v1:claim", place=TEAM)
    await stage.press("theo", "rehearse:v1:done", place=TEAM)
    await stage.press("theo", "case:v1:contacted", place=TEAM)
    await stage.press("nadia", "rehearse:v1:done", place=TEAM)
    await stage.press("maya", "rehearse:v1:end", place=TEAM)


async def look_back(stage: Stage) -> None:
    """The lead looks at the week in counts."""
    await stage.slash("maya", "care report", place=TEAM, week="this")


async def claim(stage: Stage) -> None:
    """Theo takes the concern."""
    await stage.press("theo", "case:v1:claim", place=TEAM)


async def crisis(stage: Stage) -> None:
    """Dee asks for help now."""
    await stage.slash("dee", "crisis", place=ROOM)


async def restart(stage: Stage) -> None:
    """The bot is closed and started again; the card from before still works."""
    await stage.session.restart()
    await stage.press("theo", "case:v1:contacted", place=TEAM)


TOUR_SCENES = (
    Scene(title="Eli joins", play=visitor_joins),
    Scene(title="Ana checks in", play=check_in_now),
    Scene(title="Ben takes a pause", play=a_pause),
    Scene(title="Nobody takes it for a while", play=nobody_takes_it),
    Scene(title="Theo picks the concern up", play=claim),
    Scene(title="Dee asks for help now", play=crisis),
    Scene(title="The bot restarts, and an old card still works", play=restart),
    Scene(title="The team rehearses", play=rehearse),
    Scene(title="The week in counts", play=look_back),
)
