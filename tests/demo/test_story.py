"""The story that is played at the start, and the same in a terminal."""

import asyncio
import io
import re
import signal
import time
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from rich.console import Console

from bot.app import open_app
from bot.config import Settings
from bot.demo.scenes import STORY_SCENES, TOUR_SCENES, Scene
from bot.demo.scratch import throw_away
from bot.demo.server import serve
from bot.demo.session import Session
from bot.demo.stage import Line, LineKind, Stage, StoryError
from bot.demo.story import Times, play_scene, play_story
from bot.demo.tour import tour
from tests.demo.conftest import START, Hands
from tests.demo.sample_bot import open_sample

TOUR_SECONDS = 20


async def test_the_tour_plays_every_scene_with_the_real_bot(settings: Settings) -> None:
    out = io.StringIO()
    began = time.process_time()

    code = await tour(settings, opener=open_app, console=Console(file=out, width=90))

    told = out.getvalue()
    assert "left out" not in told
    assert code == 0
    for scene in (*STORY_SCENES, *TOUR_SCENES):
        assert scene.title in told
    assert "Your check-in for today is kept." in told
    assert "Call 988" in told
    assert time.process_time() - began < TOUR_SECONDS


async def test_a_scene_that_fails_is_told_and_left_out(session: Session) -> None:
    lines: list[Line] = []

    async def impossible(stage: Stage) -> None:
        await stage.press("ana", "A button that is not there")

    went = await play_scene(
        Stage(session, lines.append), Scene(title="Nothing works", play=impossible)
    )

    assert not went
    assert [line.kind for line in lines] == [LineKind.SCENE, LineKind.FAULT]
    assert "A button that is not there" in session.troubles[-1][1]


async def test_the_page_opens_even_where_the_whole_story_fails(session: Session) -> None:
    session.ready = False

    await play_story(session, Times(present=START + timedelta(hours=3)))

    assert session.ready
    assert session.now() == START + timedelta(hours=3)
    assert len(session.hints) > 3


async def test_people_read_names_and_times_in_the_story(session: Session) -> None:
    lines: list[Line] = []
    stage = Stage(session, lines.append)

    await stage.slash("ana", "post", place="general")

    assert [line.text for line in lines if line.kind is LineKind.DOES] == ["uses /post"]
    (read,) = [line.text for line in lines if line.kind is LineKind.SEES]
    assert read.startswith("A card\nfor everyone")
    assert "(picture: A chart)" in read
    assert "[Open form]" in read


async def test_a_form_of_the_story_is_filled_in_by_what_people_read(
    session: Session, hands: Hands
) -> None:
    stage = Stage(session)
    await stage.slash("ana", "post", place="general")

    form = await stage.press("ana", "Open form")
    await stage.fill(form, mood="Good", note="well", ask=["Get in touch"])
    await stage.choose("ana", "Pick two", "Walk")

    assert hands.seen("ana")[-2]["content"].startswith("mood=2 note=well ask=['contact']")
    assert hands.seen("ana")[-1]["content"] == "chosen=['Walk']"
    assert stage.read("ana", r"note=\w+") == "note=well"


async def test_the_story_says_what_it_did_not_find(session: Session) -> None:
    stage = Stage(session)
    await stage.slash("ana", "post", place="general")
    form = await stage.press("ana", "Open form")

    with pytest.raises(StoryError, match="the form has mood"):
        await stage.fill(form, colour="blue")
    with pytest.raises(StoryError, match="no choice 'Fly'"):
        await stage.choose("ana", "Pick two", "Fly")
    with pytest.raises(StoryError, match="sees no place"):
        await stage.say("ana", "nowhere", "hello")
    with pytest.raises(StoryError, match="did not answer"):
        await stage.press("ana", "Fail")
    with pytest.raises(StoryError, match="not available"):
        await stage.slash("ana", "admin", place="general")


def test_the_story_ends_now_and_begins_four_days_before() -> None:
    times = Times(present=datetime(2026, 3, 9, 15, 0, tzinfo=UTC))

    assert times.start == datetime(2026, 3, 5, 20, 20, tzinfo=UTC)
    moments = [times.of(scene) for scene in STORY_SCENES]
    assert moments == sorted(moments)
    assert times.start <= moments[0]
    assert moments[-1] < times.present


def test_the_demos_data_are_gone_afterwards(settings: Settings) -> None:
    with throw_away(settings) as own:
        own.data_dir.mkdir(parents=True)
        own.database_file.touch()
        assert own.database_file.is_relative_to(settings.data_dir)

    assert list(settings.data_dir.iterdir()) == []


async def test_the_demo_prints_its_address_and_stops_in_order(settings: Settings) -> None:
    out = io.StringIO()
    console = Console(file=out, width=200)
    running = asyncio.create_task(
        serve(settings, port=0, open_browser=False, opener=open_sample, console=console)
    )
    async with asyncio.timeout(60):
        while not (address := re.search(r"http://127\.0\.0\.1:\d+/", out.getvalue())):
            await asyncio.wait([running], timeout=0.02)
        async with aiohttp.ClientSession() as client, client.get(address.group()) as page:
            assert page.status == 200
        signal.raise_signal(signal.SIGTERM)
        await running

    assert list(settings.data_dir.iterdir()) == []
