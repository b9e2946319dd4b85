"""What a phone has left above its keyboard, and a screen whose colors the person sets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.tools.site import LIST, PANEL, START, THANKS

pytestmark = pytest.mark.long

#: A phone with its keyboard up, in CSS pixels.
LEFT = ViewportSize(width=390, height=330)

#: Which parts of the question that has the focus are out of sight, or have something over them at a corner.
COVERED = """async () => {
    for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
    const control = document.activeElement;
    const box = control.closest(".ef-field");
    if (!box) return null;
    const named = box.matches(".ef-person .ef-field:first-child");
    const parts = {
        question: named ? box.closest(".ef-people").querySelector(".ef-group") : box.querySelector("label"),
        sentence: box.querySelector(".ef-hint"),
        input: control,
    };
    const covered = [];
    for (const [name, part] of Object.entries(parts)) {
        // Text is as wide as its lines, and a corner that is round is not there.
        const range = document.createRange();
        if (part) range.selectNodeContents(part);
        const boxes = part === control ? [part.getBoundingClientRect()] : part ? [...range.getClientRects()] : [];
        const inset = part === control ? 4 : 1;
        for (const { left, right, top, bottom } of boxes) {
            for (const [x, y] of [[left, top], [right, top], [left, bottom], [right, bottom]]) {
                const hit = document.elementFromPoint(x + (x === left ? inset : -inset), y + (y === top ? inset : -inset));
                if (!hit || !(part.contains(hit) || hit.contains(part))) covered.push(`${name} (${Math.round(x)}, ${Math.round(y)}): ${hit?.className ?? "out of sight"}`);
            }
        }
    }
    return [control.dataset.field, covered];
}"""


@pytest.mark.parametrize("path", [START, THANKS, PANEL])
@pytest.mark.parametrize("key", ["Enter", "Shift+Tab"])
def test_what_is_answered_is_in_view_above_the_keyboard(
    page: Page, open_form: Callable[..., Page], path: str, key: str
) -> None:
    page.set_viewport_size(LEFT)
    open_form(path)
    controls = page.locator(".ef-field [data-field]:visible")
    controls.nth(0 if key == "Enter" else -1).focus()
    covered: dict[str, list[str]] = {}
    for _ in range(40):
        if found := page.evaluate(COVERED):
            page.keyboard.type("x")
            # Neither when it gets the focus nor when it is typed into.
            covered[found[0]] = found[1] + page.evaluate(COVERED)[1]
        if len(covered) == controls.count():
            break
        page.keyboard.press(key)
    assert len(covered) == controls.count()
    assert not {name: parts for name, parts in covered.items() if parts}


def test_a_keyboard_leaves_the_bar_in_view(page: Page) -> None:
    page.goto(START)
    viewport = page.locator("meta[name=viewport]")
    assert "interactive-widget=resizes-content" in (viewport.get_attribute("content") or "")


#: What color and how wide a border an element, or what stands before or after it, has.
DRAWN = """([selector, which]) => {
    const style = getComputedStyle(document.querySelector(selector), which);
    return [style.backgroundColor, style.borderTopWidth];
}"""


def test_forced_colors_keep_every_mark(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(THANKS)
    text = page.evaluate("getComputedStyle(document.querySelector('.ef-private')).color")
    for selector, which in ((".ef-private", "::before"), (".ef-send > summary", "::before")):
        assert page.evaluate(DRAWN, [selector, which])[0] == text, selector
    chosen, other = (
        page.evaluate(DRAWN, [f".ef-wordings input{state} + span", None])[1]
        for state in (":checked", ":not(:checked)")
    )
    assert chosen != other
    page.goto(LIST)
    assert page.evaluate(DRAWN, [".kit-chooser summary", "::after"])[0] == text
