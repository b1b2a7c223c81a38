"""A headless Chromium for the tests of the page, and short ways to use it."""

import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from bot.demo.server import start_site
from bot.demo.session import Session

CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)
MISSING = "NO CHROMIUM: the demo's page is NOT tested. On Debian: apt-get install chromium"
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason=MISSING)
WAIT_MS = 15_000
START_SECONDS = 30
WIDE = (1280, 800)
NARROW = (390, 844)


@contextmanager
def run_chromium(home: Path) -> Iterator[str]:
    """Start one Chromium without a window for all tests, and give its address."""
    assert CHROMIUM is not None
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    flags += ["--remote-debugging-port=0", f"--user-data-dir={home}", "--no-first-run"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen([CHROMIUM, *flags], stdout=quiet, stderr=quiet) as process:
        port = home / "DevToolsActivePort"
        deadline = time.monotonic() + START_SECONDS
        while not (port.exists() and port.read_text().strip()):
            assert time.monotonic() < deadline, "Chromium did not start"
            assert process.poll() is None, "Chromium ended at its start"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port.read_text().split()[0]}"
        process.terminate()


@asynccontextmanager
async def open_screen(
    session: Session, chromium: str, *, size: tuple[int, int] = WIDE
) -> AsyncIterator["Screen"]:
    """Serve a session and show it; the page must not have complained at the end."""
    runner, port = await start_site(session, 0)
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.connect_over_cdp(chromium)
            context = await browser.new_context(viewport={"width": size[0], "height": size[1]})
            screen = Screen(await context.new_page())
            await screen.open(f"http://127.0.0.1:{port}/")
            yield screen
            session.closing = True
            session.tick()
            await context.close()
    finally:
        await runner.cleanup()
    assert screen.complaints == []


class Screen:
    """A page in the browser; whatever it complains about is kept."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda line: (
                self.complaints.append(line.text) if line.type in ("error", "warning") else None
            ),
        )

    async def open(self, address: str) -> None:
        """Show the demo and wait until it can be used."""
        await self.page.goto(address)
        await self.page.wait_for_selector("#place-name")
        await self.page.wait_for_selector("[data-control=restart]:enabled", state="attached")

    async def become(self, key: str) -> None:
        """Take another persona's place."""
        await self.page.click(f'[data-key="{key}"]')
        await self.page.wait_for_selector(f'[data-key="{key}"][aria-pressed="true"]')

    async def go(self, name: str) -> None:
        """Open a place by its name."""
        await self.page.locator(".place", has_text=name).first.click()
        await self.page.wait_for_selector(f'.place[aria-current]:has-text("{name}")')

    async def command(self, name: str) -> None:
        """Type a slash command and send it."""
        text = self.page.locator("#composer-text")
        await text.fill(f"/{name}")
        await self.page.wait_for_selector(".command-list:not([hidden]) .choice")
        await text.press("Enter")

    async def press(self, label: str) -> None:
        """Press the newest button of a message with this label."""
        await self.page.locator(".log button.button:enabled", has_text=label).last.click()

    async def choose(self, label: str, option: str) -> None:
        """Choose from the newest select with this label."""
        await self.page.get_by_role("button", name=f"{label}: choose").last.click()
        await self.page.get_by_role("option").filter(has_text=option).first.click()

    async def sees(self, text: str) -> None:
        """Wait until a text is among the messages."""
        await self.page.locator(".log", has_text=text).wait_for()

    async def fill(self, *options: str, **texts: str) -> None:
        """Fill in the open form: options by what they say, fields by their label; send it."""
        form = self.page.locator("dialog.form")
        await form.wait_for()
        for option in options:
            await form.locator(".option", has_text=option).first.click()
        for label, text in texts.items():
            await form.get_by_role("textbox", name=label.replace("_", " ")).fill(text)
        await form.locator("button[type=submit]").click()
        await form.wait_for(state="detached")
