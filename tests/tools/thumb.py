"""Uses a page on a phone as a thumb does, and counts what that takes.

A tap reaches only what is wholly in view with nothing over it; before that the page must be scrolled, and nothing scrolls
by itself but what the page itself does. What is typed costs nothing, and nor does the keyboard's key for the next question.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Locator, Page

#: The screen that a browser leaves of a common phone, in CSS pixels.
PHONE: Final = (390, 664)

#: How a browser shows a page there.
PHONE_CONTEXT: Final[dict[str, Any]] = {
    "viewport": {"width": PHONE[0], "height": PHONE[1]},
    "has_touch": True,
    "is_mobile": True,
    "reduced_motion": "reduce",
    "permissions": ["clipboard-read", "clipboard-write"],
}

#: Whether a thumb can touch the whole of an element: the middles of its edges, as its corners are round.
TOUCHABLE: Final = """(element) => {
    const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
    if (!width || !height) return false;
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    return [[x, y], [left + 1, y], [right - 1, y], [x, top + 1], [x, bottom - 1]].every(([x, y]) => {
        const hit = document.elementFromPoint(x, y);
        return Boolean(hit) && element.contains(hit);
    });
}"""

#: Scrolls, in small steps and no further than needed, until an element can be touched; gives the pixels, or -1.
_REACH: Final = f"""async (element) => {{
    const touchable = {TOUCHABLE};
    const root = document.scrollingElement;
    const scroller = (overflow, whole, seen) => {{
        for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) {{
            if (/auto|scroll/.test(getComputedStyle(one)[overflow]) && one[whole] > one[seen]) return one;
        }}
        return root;
    }};
    const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    let pixels = 0;
    while (!touchable(element)) {{
        const {{ left, right, top, bottom }} = element.getBoundingClientRect();
        const across = right > innerWidth || left < 0;
        const one = across ? scroller("overflowX", "scrollWidth", "clientWidth") : scroller("overflowY", "scrollHeight", "clientHeight");
        const before = one.scrollLeft + one.scrollTop;
        const [start, end, size] = across ? [left, right, innerWidth] : [top, bottom, innerHeight];
        // As far as it is outside; what covers it then is left behind in small steps.
        const step = start < 0 ? Math.min(start, -4) : end > size ? Math.max(end - size, 4) : start + end < size ? -4 : 4;
        one.scrollBy({{ [across ? "left" : "top"]: step, behavior: "instant" }});
        await painted();
        const moved = Math.abs(one.scrollLeft + one.scrollTop - before);
        if (!moved) return -1;
        pixels += moved;
    }}
    return Math.round(pixels);
}}"""


@dataclass
class Thumb:
    """Touches a page and counts.

    Attributes:
        taps: on controls of the page.
        scrolls: before a tap, because its control was not wholly in view.
        pixels: of all scrolls.
        keys: presses of the keyboard's key for the next question: without it, each would be one tap more.
        log: each tap, with what had to be scrolled for it.
    """

    page: Page
    taps: int = 0
    scrolls: int = 0
    pixels: int = 0
    keys: int = 0
    log: list[str] = field(default_factory=list)

    def reach(self, control: Locator) -> int:
        """Scroll until all of ``control`` can be touched; return the pixels."""
        control.wait_for()
        # A page that has just changed is touched when it stands still.
        self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        pixels = int(control.evaluate(_REACH))
        assert pixels >= 0, f"no scrolling brings {control} into reach"
        self.scrolls += pixels > 0
        self.pixels += pixels
        return pixels

    def tap(self, control: Locator, name: str) -> None:
        """Touch a control."""
        pixels = self.reach(control)
        box = control.bounding_box()
        assert box
        self.taps += 1
        self.log.append(f"{name} (+{pixels} px)" if pixels else name)
        self.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def answer(self, answers: dict[str, str]) -> None:
        """Type the answers that are asked for, in the order of the form; the keyboard's own key leads on where it can."""
        asked = self.page.locator(".ef-field [data-field]:visible").evaluate_all(
            "(controls) => controls.map(({ dataset }) => dataset.field)"
        )
        pressed = False
        for name in (name for name in asked if name in answers):
            control = self.page.locator(f'.ef-field [data-field="{name}"]')
            value = answers[name]
            if control.evaluate("(control) => control === document.activeElement"):
                self.keys += pressed
            else:
                self.tap(control, name)
            self.page.keyboard.insert_text(value)
            assert control.input_value() == value, f"the keyboard wrote elsewhere than into “{name}”"
            if pressed := control.evaluate("(control) => control.matches('input, [data-line]')"):
                self.page.keyboard.press("Enter")
