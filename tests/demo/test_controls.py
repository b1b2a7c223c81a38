"""The page in a browser, by mouse and by keyboard, wide and narrow."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.server import PAGE
from bot.demo.session import Session
from tests.demo.browser import NARROW, WIDE, Screen, needs_chromium, open_screen
from tests.demo.conftest import Hands


@pytest.fixture
async def screen(
    session: Session, chromium: str, request: pytest.FixtureRequest
) -> AsyncIterator[Screen]:
    """The page of the sample bot; a test may ask for a size."""
    size = getattr(request, "param", WIDE)
    async with open_screen(session, chromium, size=size) as screen:
        yield screen


@needs_chromium
async def test_everything_works_by_keyboard_alone(screen: Screen, hands: Hands) -> None:
    page = screen.page
    await page.focus("#composer-text")

    await page.keyboard.type("/po")
    await page.wait_for_selector(".choice.active:has-text('/post')")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".card")
    await page.keyboard.press("Shift+Tab")  # the attach button
    await page.locator("[data-custom=pick]").focus()
    await page.keyboard.press("ArrowDown")
    await page.wait_for_selector(".popover")
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await screen.sees("chosen=['Walk', 'Rest']")
    await page.locator("[data-custom=open]").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_selector("dialog.form")
    await page.keyboard.press("Space")
    await page.keyboard.press("Tab")
    await page.keyboard.type("well")
    await page.keyboard.press("Enter")
    await screen.sees("mood=1 note=well")

    assert hands.seen("ben")[-1]["components"]


@needs_chromium
async def test_escape_closes_the_innermost_thing_only(screen: Screen) -> None:
    page = screen.page
    await screen.command("post")
    await screen.press("Open form")
    await page.click("dialog .select")
    await page.wait_for_selector(".popover")

    await page.keyboard.press("Escape")
    await page.locator(".popover").wait_for(state="detached")
    assert await page.locator("dialog.form").count() == 1

    await page.keyboard.press("Escape")
    await page.locator("dialog.form").wait_for(state="detached")
    assert await page.evaluate("document.activeElement.id") == "composer-text"


@needs_chromium
async def test_a_typed_form_is_not_thrown_away_by_one_escape(screen: Screen) -> None:
    page = screen.page
    await screen.command("post")
    await screen.press("Open form")
    await page.fill("dialog input[type=text]", "do not lose me")

    await page.keyboard.press("Escape")

    await page.wait_for_selector(".form-fault:has-text('not sent')")
    assert await page.input_value("dialog input[type=text]") == "do not lose me"


@needs_chromium
async def test_live_updates_leave_alone_what_is_being_typed(screen: Screen, hands: Hands) -> None:
    page = screen.page
    await screen.command("post")
    await page.fill("#composer-text", "half a sent")
    await screen.press("Open form")
    await page.fill("dialog input[type=text]", "half a word")

    for number in range(3):
        await hands.do("ben", "send", text=f"meanwhile {number}")
    await screen.sees("meanwhile 2")

    assert await page.input_value("dialog input[type=text]") == "half a word"
    assert await page.evaluate("document.activeElement.value") == "half a word"
    assert await page.input_value("#composer-text") == "half a sent"


@needs_chromium
async def test_a_draft_stays_with_its_person_and_place(screen: Screen) -> None:
    page = screen.page
    await page.fill("#composer-text", "from Ana")

    await screen.become("ben")
    assert await page.input_value("#composer-text") == ""
    await screen.become("ana")

    assert await page.input_value("#composer-text") == "from Ana"


@needs_chromium
async def test_a_form_with_a_missing_answer_says_so_and_stays(screen: Screen) -> None:
    page = screen.page
    await screen.command("post")
    await screen.press("Open form")

    await page.click("dialog button[type=submit]")

    await page.wait_for_selector(".field-error:has-text('fill this in')")
    await screen.fill("Good", Anything_to_add="thanks")
    await screen.sees("mood=2 note=thanks")


@needs_chromium
async def test_what_people_write_never_becomes_markup(screen: Screen, hands: Hands) -> None:
    page = screen.page
    evil = (
        "<img src=x onerror='window.hacked=1'> <script>window.hacked=1</script> "
        "[click](javascript:window.hacked=1) <javascript:alert(1)> **<b>bold</b>** "
        "`<i>` ||<u>hidden</u>|| > not a quote"
    )

    await hands.do("ben", "send", text=evil)
    await hands.do("ben", "send", text="# A title\n- one\n  - two\n1. first\n> said\n-# small")
    await screen.sees("A title")

    message = page.locator(".message .md").first
    assert await message.locator("img, script, a, b, i").count() == 0
    assert await message.locator("strong").inner_text() == "<b>bold</b>"
    assert await page.evaluate("window.hacked") is None
    other = page.locator(".message .md").nth(1)
    assert await other.locator("ul ul li").inner_text() == "two"
    assert await other.locator("[role=heading]").inner_text() == "A title"
    assert await other.locator("blockquote").inner_text() == "said"


@needs_chromium
async def test_a_command_asks_for_its_options_and_suggests(screen: Screen) -> None:
    page = screen.page
    await screen.command("zone")
    await page.get_by_label("zone").first.fill("mad")
    await page.wait_for_selector(".suggesting .choice:has-text('Europe/Madrid')")

    await page.keyboard.press("Enter")
    await page.get_by_label("count").fill("4")
    await page.click(".command-form button[type=submit]")

    await screen.sees("Europe/Madrid 4 None")


@needs_chromium
async def test_menus_open_from_a_message(screen: Screen, hands: Hands) -> None:
    page = screen.page
    await hands.do("ben", "send", text="a hard line")
    await screen.sees("a hard line")

    await page.locator(".message", has_text="a hard line").click(button="right")
    await page.click(".popover .choice:has-text('Raise a concern')")

    await screen.sees("About a hard line")
    await screen.sees("Only you can see this")
    await page.click("text=Dismiss")
    await page.locator(".only-you").wait_for(state="detached")


@needs_chromium
@pytest.mark.parametrize("screen", [WIDE, NARROW], indirect=True)
async def test_nothing_runs_over_the_edge(screen: Screen) -> None:
    page = screen.page
    await screen.command("post")
    await page.wait_for_selector(".card img")

    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width == await page.evaluate("innerWidth")
    assert await page.get_attribute(".card img", "alt") == "A chart"


@needs_chromium
@pytest.mark.parametrize("screen", [NARROW], indirect=True)
async def test_a_narrow_page_keeps_its_channels_in_a_drawer(screen: Screen) -> None:
    page = screen.page
    assert not await page.locator("#places").is_visible()

    await page.click("#open-drawer")
    await page.locator(".place", has_text="Interlude").click()
    await page.wait_for_selector("#place-name:has-text('Interlude')")
    await page.locator("#places").wait_for(state="hidden")

    await page.click("#open-controls")
    assert await page.locator("[data-control=week]").is_visible()


# Contrast, from the colours themselves

PAIRS = [
    ("text", "bg"),
    ("text", "side"),
    ("text", "raised"),
    ("text", "chosen"),
    ("text", "rung"),
    ("text", "only-you"),
    ("text", "button"),
    ("muted", "bg"),
    ("muted", "side"),
    ("muted", "raised"),
    ("muted", "sunk"),
    ("muted", "only-you"),
    ("muted", "rung"),
    ("link", "bg"),
    ("link", "raised"),
    ("link", "only-you"),
    ("on-accent", "accent"),
    ("mention-text", "mention"),
    ("stage-text", "stage-chip"),
    ("stage-muted", "stage"),
    ("stage-muted", "stage-chip"),
]


def colours(path: Path) -> dict[str, dict[str, str]]:
    """Read the named colours of both schemes."""
    text = path.read_text("utf-8")
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text.split("@media")[0]))
    dark = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text.split("@media")[1]))
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_words_stand_out_from_their_ground(scheme: str, front: str, back: str) -> None:
    known = colours(PAGE / "page.css")[scheme]
    bright, dim = sorted((luminance(known[front]), luminance(known[back])), reverse=True)

    assert (bright + 0.05) / (dim + 0.05) >= 4.5
