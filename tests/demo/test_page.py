"""The main job in a browser, with the real bot: what a stranger would do first."""

import re
from collections.abc import AsyncIterator

import pytest

from bot.app import open_app
from bot.clock import system_clock
from bot.config import Settings
from bot.demo.session import Session, open_session
from bot.demo.story import Times, play_story
from tests.demo.browser import Screen, needs_chromium, open_screen

CODE = re.compile(r"[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}")


@pytest.fixture
async def story(settings: Settings) -> AsyncIterator[Session]:
    """The real bot with its story played."""
    times = Times(present=system_clock())
    async with open_session(settings, opener=open_app, start=times.start) as session:
        await play_story(session, times)
        yield session


@pytest.fixture
async def screen(story: Session, chromium: str) -> AsyncIterator[Screen]:
    """The page; it must not have complained in the end."""
    async with open_screen(story, chromium) as screen:
        yield screen


async def joins(screen: Screen) -> None:
    """Eli, who stood outside, goes through the three screens with the code the page names."""
    page = screen.page
    found = CODE.search(await page.inner_text("#panel"))
    assert found is not None
    await page.click(".hint:has-text('Join as a visitor')")
    await page.wait_for_selector('[data-key="eli"][aria-pressed="true"]')
    assert await page.locator(".place", has_text="community-room").count() == 0
    await screen.press("Join")
    await screen.press("I am 18 or older")
    await screen.fill(Code=found.group())
    await screen.press("Type my place")
    await screen.fill(A_big_city_near_you="Chicago")
    await screen.press("Yes, each day")
    await screen.press("Continue")
    await screen.press("A direct message")
    await screen.sees("One test note")
    await screen.go("Interlude")
    await screen.press("Open")
    await screen.sees("You are in")
    await screen.press("More")
    await screen.press("Rooms")
    await screen.choose("Pick a room", "community-room")
    await screen.press("Come in")
    await screen.press("I agree. Let me in")
    await page.locator(".place", has_text="community-room").wait_for()


async def answers(screen: Screen) -> None:
    """Ana answers today's check-in and looks back on a picture with words."""
    await screen.become("ana")
    await screen.go("start")
    await screen.press("Check in")
    await screen.fill("Good", "Mostly")
    await screen.sees("Your check-in for today is kept.")
    await screen.press("Look back")
    picture = screen.page.locator(".figure img")
    await picture.wait_for()
    assert "You checked in on" in (await picture.get_attribute("alt") or "")


async def raises_concern(screen: Screen) -> None:
    """Dee raises a concern about a message, unseen by others."""
    page = screen.page
    await screen.become("dee")
    await screen.go("community-room")
    await page.locator(".message", has_text="Dishes, badly").click(button="right")
    await page.click(".popover .choice:has-text('Raise a concern')")
    await screen.fill("Something else", In_your_own_words="A made-up worry for the test.")
    await screen.sees("Your concern is with the team")
    await screen.become("ben")
    await screen.go("community-room")
    assert await page.locator(".log", has_text="Your concern").count() == 0


async def claims(screen: Screen) -> None:
    """Theo takes the newest case."""
    await screen.become("theo")
    await screen.go("team")
    await screen.press("I have it")
    await screen.page.locator(".card", has_text="@Theo has it").last.wait_for()


async def asks_for_help(screen: Screen) -> None:
    """Dee types /crisis and reads who to call."""
    await screen.become("dee")
    await screen.go("community-room")
    await screen.command("crisis")
    await screen.sees("Call 988")
    await screen.sees("Only you can see this")


async def restarts(screen: Screen) -> None:
    """The bot restarts; the card from before is still answered."""
    await screen.page.click("[data-control=restart]")
    await screen.page.wait_for_selector(".toast:has-text('started again')")
    await screen.become("theo")
    await screen.go("team")
    await screen.press("Contacted")
    await screen.page.locator(".card", has_text="@Theo has it and wrote").last.wait_for()


@needs_chromium
async def test_the_main_job_in_a_browser(screen: Screen, story: Session) -> None:
    assert list(story.troubles) == []

    await joins(screen)
    await answers(screen)
    await raises_concern(screen)
    await claims(screen)
    await asks_for_help(screen)
    await restarts(screen)

    assert list(story.troubles) == []


@needs_chromium
async def test_a_day_later_the_next_check_in_has_come(screen: Screen) -> None:
    page = screen.page
    await screen.become("ana")
    await screen.go("your own space")
    before = await page.locator(".log .message", has_text="You have a note").count()

    await page.click("[data-control=morning]")
    await page.wait_for_selector("body:not(.moving)")
    for _ in range(12):
        await page.wait_for_selector("[data-control=hour]:enabled")
        await page.click("[data-control=hour]")

    await page.wait_for_function(
        "before => [...document.querySelectorAll('.log .message')]"
        ".filter((one) => one.textContent.includes('You have a note')).length > before",
        arg=before,
    )
