"""Draws what has to be a PNG: ``docs/_data/social.svg`` for link previews, and the icons for home screens.

The icons are made from the logo. A browser draws all of them, the one that the tests use; the results are kept
in the repository: ``make social``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from generator.pages.data import read_data
from generator.pages.install import ICONS
from generator.pages.look import written

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
DRAWING = DOCS / "_data" / "social.svg"
PICTURE = DOCS / "assets" / "social.png"
LOGO = DOCS / "assets" / "logo.svg"
#: How much of a maskable icon's side the logo takes: its corners stay in the circle that every device shows.
MASKED = 0.56


def draw(browser: str | None = None) -> list[Path]:
    """Draw all pictures with the browser at the path ``browser``, or with Playwright's own."""
    from playwright.sync_api import sync_playwright

    paper = written(read_data(DOCS / "_data", ROOT).colors["light"]["paper"])
    drawn = [PICTURE]
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = window.new_page(viewport={"width": 1200, "height": 630})
        page.goto(DRAWING.as_uri())
        page.screenshot(path=PICTURE)
        page = window.new_page()
        for icon in ICONS:
            whole = icon.purpose == "any"
            side = icon.size if whole else round(icon.size * MASKED)
            page.set_viewport_size({"width": icon.size, "height": icon.size})
            page.set_content(
                f'<body style="margin: 0; height: {icon.size}px; display: grid; place-items: center; '
                f'background: {"none" if whole else paper}">{LOGO.read_text(encoding="utf-8")}'
                f"<style>svg {{ width: {side}px; height: {side}px }}</style>"
            )
            drawn.append(DOCS / icon.path)
            page.screenshot(path=drawn[-1], omit_background=True)
        window.close()
    return drawn


if __name__ == "__main__":
    print(*draw(*sys.argv[1:2]), sep="\n")
