"""Takes a picture of every state of the desk, on a phone and on a desk, in light and in dark. Run it with ``make pictures``.

The states are reached as a person reaches them, in the built site. The pictures and one page that shows them all go to
``.cache/pictures``. ``--readme`` makes one of them the picture in the README.
"""

from __future__ import annotations

import argparse
import html
import re
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal, NamedTuple

from playwright.sync_api import BrowserContext, Error, Page, sync_playwright

from generator.pages.data import read_data
from tests.browser.conftest import ANSWERS
from tests.tools.find_browser import installed_chromium
from tests.tools.serve import free_port, serving
from tests.tools.site import NOTE, PANEL, ROOT, THANKS, WHY, must_build

TARGET: Final = ROOT / ".cache" / "pictures"
README: Final = ROOT / "docs" / "assets" / "screenshot.png"
WORDS: Final = read_data(ROOT / "docs" / "_data", ROOT).words


class Look(NamedTuple):
    """A screen, in CSS pixels, and its colors."""

    name: str
    size: tuple[int, int]
    scheme: Literal["light", "dark"]


LOOKS: Final = (
    Look("phone-light", (390, 664), "light"),
    Look("phone-dark", (390, 664), "dark"),
    Look("desk-light", (1280, 800), "light"),
    Look("desk-dark", (1280, 800), "dark"),
)


class State(NamedTuple):
    """One state: the page that it is on, what a person does there, and how the browser is made for it."""

    page: str
    act: Callable[[Page], object] = id
    setup: Callable[[BrowserContext], object] = id
    options: dict[str, object] = {}  # noqa: RUF012  # nobody changes it


def in_turn(*acts: Callable[[Page], object]) -> Callable[[Page], object]:
    """Return one act that is all of these."""

    def act(page: Page) -> None:
        for one in acts:
            one(page)

    return act


def filled(answers: dict[str, str]) -> Callable[[Page], object]:
    return lambda page: ready(page, answers)


def search(page: Page) -> None:
    page.locator("[for=__search]").first.click()
    page.keyboard.type("rejection")
    page.wait_for_timeout(1500)


def with_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 330})
    ready(page, {"Company": "Northwind"})


def remember(page: Page) -> None:
    ready(page)
    page.locator("kit-memory input").first.click()


def fill(page: Page, answers: dict[str, str] = ANSWERS) -> None:
    for name, value in answers.items():
        field = page.locator(f'.ef-field [data-field="{name}"]').first
        if field.is_visible():
            field.fill(value)


def ready(page: Page, answers: dict[str, str] = ANSWERS) -> None:
    page.locator("email-form").first.hover()
    fill(page, answers)
    page.locator("email-form[data-state=ready]").first.wait_for()
    page.wait_for_timeout(1500)  # what the review says comes when typing rests


def see(page: Page) -> None:
    """Show a phone the email; a desk shows it anyhow."""
    with suppress(Error):
        page.get_by_role("link", name=WORDS["show_email"]).click(timeout=500)


def press(key: str, answers: dict[str, str] = ANSWERS) -> Callable[[Page], object]:
    def act(page: Page) -> None:
        ready(page, answers)
        see(page)
        page.get_by_role("button", name=WORDS[key]).or_(page.get_by_role("link", name=WORDS[key])).first.click()
        page.wait_for_timeout(400)

    return act


def changed(page: Page) -> None:
    press("own_start")(page)
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type("\n\nP.S. The drawing by the door made me smile.")
    page.wait_for_timeout(1500)


def asked_back(page: Page) -> None:
    changed(page)
    page.get_by_role("button", name=WORDS["back_to_questions"]).click()


def remarks(page: Page) -> None:
    ready(page, ANSWERS | FAULTY)
    see(page)
    page.locator(".ef-review").evaluate("(review) => review.scrollIntoView({ block: 'center' })")


def opened(selector: str) -> Callable[[Page], object]:
    def act(page: Page) -> None:
        ready(page)
        page.locator(selector).first.click()
        page.locator(selector).first.evaluate("(one) => one.scrollIntoView({ block: 'start' })")
        page.wait_for_timeout(400)

    return act


def paste(text: str) -> Callable[[Page], object]:
    """Return what pastes a text where one's own draft goes, or at the end of what is changed."""

    def act(page: Page) -> None:
        page.locator("email-form[data-state=ready]").first.wait_for()
        page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
        page.locator("[data-part=body]").first.click()
        page.keyboard.press("ControlOrMeta+v")
        page.wait_for_timeout(2500)

    return act


def proofread(page: Page) -> None:
    ready(page, ANSWERS | {"relevant skills or experience": "four yeers of triage"})
    see(page)
    page.locator("[data-proofread]").first.click()
    page.locator("[data-rule=proofreading]").first.wait_for()
    page.locator(".ef-review").evaluate("(review) => review.scrollIntoView({ block: 'center' })")


def remembered(page: Page) -> None:
    remember(page)
    page.wait_for_timeout(600)
    page.reload()
    ready(page, {})


def offline(page: Page) -> None:
    ready(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_timeout(2500)
    page.context.set_offline(True)
    page.reload()
    ready(page)


def reminded(page: Page) -> None:
    press("copy_email")(page)
    with suppress(Error):
        page.locator("[data-part=next-ways] button").first.click(timeout=2000)
    page.locator("[data-part=next]").first.evaluate("(one) => one.scrollIntoView({ block: 'center' })")
    page.wait_for_timeout(600)


def alike(page: Page) -> None:
    people(page)
    for name in ("Mr. Wong", "Ms. Grant"):
        with suppress(Error):
            page.get_by_role("button", name=name).first.click(timeout=1000)
        fill(page, ANSWERS | {"Interviewer's Name": name})
    page.wait_for_timeout(1200)
    see(page)
    with suppress(Error):
        page.locator("[data-part=alike] summary").first.click(timeout=2000)
    page.locator(".ef-review").evaluate("(review) => review.scrollIntoView({ block: 'start' })")


def printed(page: Page) -> None:
    ready(page)
    page.locator(".ef-paper").first.evaluate("(paper) => paper.toggleAttribute('data-print', true)")
    page.emulate_media(media="print")


def people(page: Page) -> None:
    ready(page)
    for name in ("Mr. Wong", "Dr. Adeyemi"):
        page.get_by_role("button", name=WORDS["add_person"]).first.click()
        page.keyboard.type(name)
    page.wait_for_timeout(600)


def refuse(pattern: str) -> Callable[[BrowserContext], object]:
    return lambda context: context.route(re.compile(pattern), lambda route: route.abort())


def unstored(context: BrowserContext) -> None:
    context.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"
    )


FAULTY: Final = {
    "a project or aspect discussed": "The new triage desk.",
    "relevant skills or experience": "four years of of triage, i am a hard worker",
    "Company": "northwind clinic",
}
BAD: Final = """Subject: Thank you!!

Dear [Interviewer's Name],

I hope this email finds you well. I wanted to express my sincere gratitude for the opportunity to interview. Your \
insightful perspective on your innovative culture reinforced my enthusiasm, and my unique blend of skills aligns \
perfectly with your needs.

I really need this job because my rent is due. Please let me know today what the salary will be.

Best regards,
Amara"""
GOOD: Final = """To: jordan@northwind.example
Subject: Thank you: Pediatric Nurse role

Dear Ms. Lee,

Thank you for showing me the triage desk on Tuesday. A corner where parents can wait with their child is something I \
have wished for on every ward I have worked on.

I have done four years of triage, and I would like to do that work with you at Northwind Clinic.

Best regards,
Amara Obi"""
LONG_WORD: Final = {"Company": "Donaudampfschifffahrt" * 10}
RTL: Final = {"Interviewer's Name": "נועה לוי", "Your Name": "أحمد", "Company": "شركة الأمل"}

STATES: Final[dict[str, State]] = {
    "empty": State("/"),
    "typing before it is ready": State(
        "/", lambda page: fill(page, {"Company": "Northwind"}), refuse(r"/never/")
    ),
    "one of seven filled": State("/", lambda page: ready(page, {"Company": "Northwind Clinic"})),
    "all filled": State("/", ready),
    "the email": State("/", in_turn(ready, see)),
    "a gap at Copy": State("/", press("copy_email", ANSWERS | {"Company": ""})),
    "remarks": State(THANKS, remarks),
    "remarks at questions": State(THANKS, lambda page: ready(page, ANSWERS | FAULTY)),
    "copied": State("/", press("copy_email")),
    "more ways to send": State("/", opened(".ef-send > summary")),
    "link too long": State(
        "/", press("copy_email", ANSWERS | {"relevant skills or experience": "years of work " * 200})
    ),
    "engine failed": State(
        "/", lambda page: page.locator("[data-state=failed]").wait_for(), refuse(r"/wasm\.\w+\.bin$")
    ),
    "no script": State("/", options={"java_script_enabled": False}),
    "storage blocked": State(
        "/",
        remember,
        unstored,
    ),
    "text changed": State("/", changed),
    "back asked": State("/", asked_back),
    "a word of 200 characters": State("/", in_turn(filled(ANSWERS | LONG_WORD), see)),
    "right-to-left words": State("/", in_turn(filled(ANSWERS | RTL), see)),
    "a book is pasted": State("/", in_turn(press("own_start"), paste("word " * 200_000))),
    "three people": State(PANEL, people),
    "alike notes": State(PANEL, alike),
    "a note over its limit": State(
        NOTE, in_turn(filled(ANSWERS | {"the topic in a few words": "the work " * 30}), see)
    ),
    "filled by a link": State(f"{THANKS}#email=short&Company=Northwind&Position=Nurse", ready),
    "remembered": State("/", remembered),
    "proofread": State("/", proofread),
    "reminders added": State("/", reminded),
    "offline": State("/", offline),
    "print": State("/", printed),
    "a draft to check": State("/check/"),
    "a bad draft": State("/check/", paste(BAD)),
    "a good draft": State("/check/", paste(GOOD)),
    "dates": State(THANKS, opened("send-plan summary")),
    "chooser": State("/emails/"),
    "chooser open": State("/emails/", lambda page: page.locator("details > summary").first.click()),
    "reading": State(WHY),
    "search": State(WHY, search),
    "not found": State("/404.html"),
    "forced colors": State("/", ready, options={"forced_colors": "active"}),
    "keyboard open": State(THANKS, with_keyboard),
}


def take(wanted: list[str], target: Path = TARGET) -> list[Path]:
    """Take the pictures of the states whose name holds one of ``wanted``, or of all."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    taken = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site, port = Path(folder) / "site", free_port()
        must_build(site, ROOT / "mkdocs.yml", f"http://127.0.0.1:{port}/")
        with serving(site, port) as address:
            browser = playwright.chromium.launch(executable_path=installed_chromium(), args=["--no-sandbox"])
            for name, state in STATES.items():
                if wanted and not any(one in name for one in wanted):
                    continue
                for look in LOOKS:
                    width, height = look.size
                    context = browser.new_context(
                        **{  # type: ignore[arg-type]  # each state has options of its own
                            "viewport": {"width": width, "height": height},
                            "color_scheme": look.scheme,
                            "reduced_motion": "reduce",
                            "permissions": ["clipboard-read", "clipboard-write"],
                        }
                        | state.options
                    )
                    state.setup(context)
                    page = context.new_page()
                    page.goto(address + state.page)
                    path = target / f"{name.replace(' ', '-').lower()}.{look.name}.png"
                    try:
                        state.act(page)
                    except Error as error:
                        print(f"{path.name}: {error.message.splitlines()[0]}")
                    page.screenshot(path=path)
                    taken.append(path)
                    context.close()
    write_sheet(taken, target)
    return taken


def write_sheet(pictures: list[Path], target: Path) -> None:
    """Write a page that shows them all, a row a state."""
    rows: dict[str, list[Path]] = {}
    for path in pictures:
        rows.setdefault(path.name.partition(".")[0], []).append(path)
    body = "".join(
        f"<h2>{html.escape(name)}</h2><p>"
        + "".join(f'<img src="{path.name}" alt="{html.escape(path.stem)}" height="500"> ' for path in paths)
        for name, paths in rows.items()
    )
    (target / "index.html").write_text(
        f'<!doctype html><meta charset="utf-8"><title>Pictures</title>{body}', encoding="utf-8"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.pictures", description=__doc__)
    parser.add_argument("states", nargs="*", help="only states whose name holds one of these words")
    parser.add_argument("--readme", action="store_true", help="put the first screen into the README")
    options = parser.parse_args()
    pictures = take(options.states)
    if options.readme:
        shutil.copy(TARGET / "all-filled.desk-light.png", README)
    print(f"{len(pictures)} pictures: {TARGET / 'index.html'}")


if __name__ == "__main__":
    main()
