"""Draws ``docs/_data/social.svg`` as the PNG that link previews need: ``make social``.

The picture has no words in it, so that it fits every name and language. A browser draws it, the one
that the tests use; the result is kept in the repository.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DRAWING = ROOT / "docs" / "_data" / "social.svg"
PICTURE = ROOT / "docs" / "assets" / "social.png"


def draw(browser: str | None = None) -> Path:
    """Draw the picture with the browser at the path ``browser``, or with Playwright's own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = window.new_page(viewport={"width": 1200, "height": 630})
        page.goto(DRAWING.as_uri())
        page.screenshot(path=PICTURE)
        window.close()
    return PICTURE


if __name__ == "__main__":
    print(draw(*sys.argv[1:2]))
