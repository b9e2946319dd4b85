"""How many taps, how much scrolling and how many bytes an email takes on a phone. Run it with ``-s`` to see the figures.

The limits are what is reached now: whoever adds a step sees it here. Pixels have a little room, for other fonts.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from generator.pages.data import read_data
from tests.browser.conftest import ANSWERS, browser_type_launch_args
from tests.browser.test_reading import asked
from tests.tools.serve import serving
from tests.tools.site import ROOT
from tests.tools.thumb import PHONE_CONTEXT, Thumb

# The same browser as everywhere.
__all__ = ["browser_type_launch_args"]

pytestmark = pytest.mark.original

WORDS: Final = read_data(ROOT / "docs" / "_data", ROOT).words


@pytest.fixture(scope="module")
def phone(browser: Browser, content_site: Path) -> Iterator[BrowserContext]:
    """A phone; its browser has compiled once what the next pages need."""
    with serving(content_site, under="/kit") as root:
        context = browser.new_context(**PHONE_CONTEXT, base_url=f"{root}/")
        context.new_page().goto("./404.html")
        yield context
        context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Iterator[Page]:
    one = phone.new_page()
    yield one
    one.close()


# ---- where things are ----

#: The top of the first question: its label, or the heading of a panel's rows where that asks it.
FIRST: Final = """() => Math.round([...document.querySelectorAll(".ef-questions :is(.ef-group, label)")]
    .map((one) => one.getBoundingClientRect()).find(({ height }) => height > 4).top + scrollY)"""

#: How many pixels of each page may be above its first question.
ABOVE: Final = {
    "": 430,
    "emails/thank-you/": 410,
    "emails/rejection-reply/": 420,
    "emails/panel/": 410,
}


def test_the_first_question_is_on_the_first_screen(page: Page) -> None:
    above = {}
    for path in ABOVE:
        page.goto(f"./{path}")
        above[path] = page.evaluate(FIRST)
    print("\n\nPixels above the first question, and limit\n")
    for path, limit in ABOVE.items():
        print(f"/{path:28}{above[path]:5}{limit:6}")
    assert not {path: pixels for path, pixels in above.items() if pixels > ABOVE[path]}


# ---- what an email takes ----

PANEL: Final = {
    "Ms. Grant": ("how you plan the shifts", "two years of running group labs"),
    "Mr. Park": ("the new library corner", "a year of work as a reading coach"),
    "Dr. Ellis": ("the exchange with Lyon", "five summers of leading trips abroad"),
}


def see_and_copy(thumb: Thumb) -> None:
    """Copy the email with its subject, from the last question on."""
    page = thumb.page
    page.locator("email-form[data-state=ready]").wait_for()
    thumb.tap(page.get_by_role("link", name=WORDS["show_email"]), WORDS["show_email"])
    for key, copied in (("copy_subject", "copied_subject"), ("copy_email", "copied_email")):
        thumb.tap(page.get_by_role("button", name=WORDS[key], exact=True), WORDS[key])
        expect(page.locator("[data-part=status]")).to_have_text(WORDS[copied])


def thank_you(thumb: Thumb) -> None:
    thumb.page.goto("./")
    thumb.answer(ANSWERS)
    see_and_copy(thumb)


def they_said_no(thumb: Thumb) -> None:
    page = thumb.page
    page.goto("./")
    way = page.locator(".kit-ways").get_by_role("link").filter(has_text=re.compile("said no"))
    thumb.tap(way, "They said no")
    page.wait_for_url("**/rejection-reply/")
    thumb.answer(ANSWERS | {"Recruiter's Name": "Ms. Whitman"})
    see_and_copy(thumb)


def panel(thumb: Thumb) -> None:
    page = thumb.page
    page.goto("./emails/panel/")
    for number, (name, (detail, skill)) in enumerate(PANEL.items()):
        if number:
            thumb.tap(page.get_by_role("button", name=WORDS["add_person"]), WORDS["add_person"])
        theirs = {"a project or aspect discussed": detail, "relevant skills or experience": skill}
        thumb.answer({"Interviewer's Name": name} | theirs)
    thumb.answer({name: ANSWERS[name] for name in ("Position", "Company", "Your Name")})
    page.locator("email-form[data-state=ready]").wait_for()
    for number, name in enumerate(PANEL):
        send = WORDS["person_send_to"].replace("{name}", name)
        thumb.tap(page.get_by_role("link", name=send), send)
        expect(page.locator("[data-person=sent]")).to_have_count(number + 1)


class Count(NamedTuple):
    taps: int
    scrolls: int
    pixels: int


class Task(NamedTuple):
    act: Callable[[Thumb], None]
    limit: Count
    target: str


TASKS: Final[dict[str, Task]] = {
    "a thank-you, copied with its subject": Task(thank_you, Count(4, 1, 150), "9 taps, 400 px"),
    "“They said no”, from the start page": Task(they_said_no, Count(5, 2, 100), "8 taps, 600 px"),
    "a panel of three, sent one by one": Task(panel, Count(6, 1, 550), "16 taps, 2 scrolls"),
}


@pytest.mark.long
def test_an_email_takes_few_taps(phone: BrowserContext) -> None:
    reached, logs = {}, []
    lines = [f"{'':40}{'taps':>5}{'no next key':>13}{'scrolls':>9}{'px':>6}   limit           target"]
    for name, (act, limit, target) in TASKS.items():
        page = phone.new_page()
        thumb = Thumb(page)
        act(thumb)
        page.close()
        reached[name] = Count(thumb.taps, thumb.scrolls, thumb.pixels)
        figures = f"{thumb.taps:5}{thumb.taps + thumb.keys:13}{thumb.scrolls:9}{thumb.pixels:6}"
        lines.append(f"{name:40}{figures}   {'/'.join(map(str, limit)):14}  {target}")
        logs.append(f"{name}: {', '.join(thumb.log)}")
    print("\n\nWhat an email takes on a phone\n\n" + "\n".join(lines) + "\n\n" + "\n".join(logs))
    for name, count in reached.items():
        assert all(one <= most for one, most in zip(count, TASKS[name].limit, strict=True)), (name, count)


# ---- what a page costs ----

#: All files of a page of the guide, packed as hosts pack them.
MOST: Final = 120_000


def test_a_page_of_the_guide_is_small(page: Page, content_site: Path) -> None:
    longest = max((content_site / "guide").rglob("index.html"), key=lambda path: path.stat().st_size)
    sizes = {}
    for name in asked(page, f"./{longest.parent.relative_to(content_site).as_posix()}/"):
        path = content_site / name.removeprefix("kit/")
        sizes[name] = len(gzip.compress((path / "index.html" if path.is_dir() else path).read_bytes(), mtime=0))
    print(f"\n\nBytes of the longest page of the guide: {sum(sizes.values()):,}, limit {MOST:,}")
    assert sum(sizes.values()) <= MOST, sorted(sizes.items(), key=lambda one: -one[1])
