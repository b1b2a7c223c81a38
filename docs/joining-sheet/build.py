#!/usr/bin/env python3
"""Print the joining sheets: one PDF and one picture for each language, beside this folder.

Needs Chromium, and Pillow, which comes with matplotlib. Run it after every change of a sheet.
"""

import subprocess
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
CHROMIUM = "/usr/bin/chromium"
WIDTH, HEIGHT = 794, 1055
"""The page, 210 by 279 mm, in CSS pixels."""
SCALE = 2
COLOURS = 128
"""The sheet looks the same with these; its picture is a third of the size."""


def chromium(*arguments: str, page: str) -> None:
    """Open a page without a window and without the network."""
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(  # noqa: S603 - fixed program, our own files
            [
                CHROMIUM,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                f"--user-data-dir={profile}",
                *arguments,
                page,
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )


def build(sheet: Path) -> None:
    """Write the PDF and the picture of one sheet."""
    stem = HERE.parent / f"joining-sheet-{sheet.stem}"
    picture = stem.with_suffix(".png")
    chromium(
        "--no-pdf-header-footer",
        f"--print-to-pdf={stem.with_suffix('.pdf')}",
        page=sheet.as_uri(),
    )
    chromium(
        f"--screenshot={picture}",
        f"--window-size={WIDTH},{HEIGHT}",
        f"--force-device-scale-factor={SCALE}",
        page=f"{sheet.as_uri()}#sheet",
    )
    with Image.open(picture) as shot:
        small = shot.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
    small.save(picture, optimize=True)


if __name__ == "__main__":
    for sheet in sorted(HERE.glob("*.html")):
        build(sheet)
