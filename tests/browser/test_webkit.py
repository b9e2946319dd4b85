"""The main way through the form in WebKit, the engine of every browser on an iPhone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import ANSWERS
from tests.conftest import once
from tests.tools.site import START, say
from tests.tools.webkit import PACKAGES, Window, install, missing, webkit

pytestmark = pytest.mark.long

#: Whether Python has started or given up.
ENDED = (
    "return ['ready', 'failed'].find((state) => state === document.querySelector('email-form').dataset.state)"
)
SAYS = "return document.querySelector(arguments[0]).textContent.includes(arguments[1])"
#: Whether a thumb can touch an element: what lies at its middle is in it.
SHOWN = """
const element = document.querySelector(arguments[0]);
const { left, right, top, bottom } = element.getBoundingClientRect();
const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
return Boolean(hit) && element.contains(hit);
"""
#: Whether a finger can push an element's content sideways.
SIDEWAYS = """
const element = document.querySelector(arguments[0]);
return getComputedStyle(element).overflowX !== "hidden" && element.scrollWidth > element.clientWidth;
"""
#: What goes wrong in the page without anybody seeing it.
WATCH = """
window.wrong = [];
for (const kind of ["error", "unhandledrejection"]) addEventListener(kind, ({ message, reason }) => window.wrong.push(String(message ?? reason)));
"""
CONTROL = "\ue009"
END = "\ue010"


@pytest.fixture(autouse=True)
def watch() -> None:
    """No Chromium is needed here."""


@pytest.fixture
def window(server: str, shared: dict[str, str]) -> Iterator[Window]:
    once(Path(shared["folder"]) / "webkit", lambda _: install())
    if lacking := missing():
        pytest.skip(f"{lacking} is missing. On Debian and Ubuntu: apt-get install {' '.join(PACKAGES)}")
    with webkit() as one:
        one.open(f"{server}{START}")
        one.run(WATCH)
        yield one
        assert one.run("return window.wrong") == []


def button(key: str) -> str:
    return f"//*[self::button or self::a][normalize-space()='{say(key)}'][not(ancestor::*[@hidden])]"


def fill(window: Window) -> None:
    for name, value in ANSWERS.items():
        window.type(f'.ef-field [data-field="{name}"]', value)
    # On a busy machine WebKit may take longer to compile Python than a page waits for it. People try again.
    for _ in range(5):
        if window.wait(ENDED) == "ready":
            break
        window.click("[data-retry]")
    window.wait(SAYS, ".ef-review-state", say("review_none"))


def test_an_email_is_written_copied_and_changed(window: Window) -> None:
    window.resize(1280, 900)
    fill(window)
    body = window.text("[data-part=body]")
    assert all(value in body for value in ANSWERS.values())
    assert ANSWERS["Position"] in window.text("[data-part=subject]")
    assert not window.run("return document.querySelectorAll('.ef-email .ef-missing').length")

    window.click(button("copy_email"))
    window.wait(SAYS, "[data-part=status]", say("copied_email"))

    window.click(button("own_start"))
    editor = "[data-part=body] [contenteditable], [data-part=body][contenteditable]"
    # The whole text, and for it what was copied: the same.
    window.type(editor, f"{CONTROL}a")
    window.type(editor, f"{CONTROL}v")
    assert window.text("[data-part=body]").strip() == body.strip()
    window.type(editor, f"{CONTROL}{END}")
    window.type(editor, " P.S. I found the keys.")
    window.wait(SAYS, "[data-part=body]", "P.S. I found the keys.")
    link = "return decodeURIComponent(document.querySelector('[data-link=mail]').href).includes(arguments[0])"
    window.wait(link, "P.S. I found the keys.")


def test_on_a_narrow_window_the_email_is_a_sheet(window: Window) -> None:
    window.resize(500, 700)
    fill(window)
    window.click(button("show_email"))
    assert window.wait("return document.querySelector('email-form[data-sheet]') !== null")
    for shown in (".ef-subject", "[data-copy=email]", ".ef-back"):
        assert window.wait(SHOWN, shown)
    assert not window.run(SIDEWAYS, ".ef-columns > .ef-email")
    window.click(button("copy_email"))
    window.wait(SAYS, "[data-part=status]", say("copied_email"))
    assert window.wait(SHOWN, "[data-part=status]")
    window.back()
    assert window.wait("return document.querySelector('email-form[data-sheet]') === null")
    assert window.wait(SHOWN, ".ef-peek .md-button")
