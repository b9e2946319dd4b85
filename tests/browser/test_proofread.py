"""Proofreading: nothing of it is loaded unasked, and then it finds and mends what was typed, and only that."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import ANSWERS, PATIENCE, Watch, email, fill, question
from tests.browser.test_accessibility import violations
from tests.tools.serve import free_port, serving
from tests.tools.site import START, THANKS, WHY, build, make_fork, say

Open = Callable[..., Page]

SKILLS = "relevant skills or experience"
#: Loading a grammar checker takes seconds where several tests share a processor.
LONG = 4 * PATIENCE

FLAWED = ANSWERS | {
    SKILLS: "😊 four years of teh work that I has went through",
    "Interviewer's Name": "qwertly Okafor",
    "the specific field": "Kwertly care of colour and color",
}


def button(page: Page) -> Locator:
    return page.locator("[data-proofread]")


def remarks(page: Page) -> Locator:
    """Return what the proofreader says in the list."""
    return page.locator("[data-part=findings]").get_by_role("listitem").filter(has_text=re.compile(": “"))


def status(page: Page) -> Locator:
    return page.locator("[data-part=proof]").get_by_role("status")


def proofread(page: Page) -> None:
    """Press the button and wait for the remarks."""
    button(page).click()
    expect(status(page)).to_contain_text(re.compile("found nothing|remarks in the list"), timeout=LONG)


def loaded(watch: Watch) -> list[str]:
    return [url for url in watch.requests if "/assets/proofread/" in url]


def test_it_finds_and_mends_what_was_typed_and_nothing_else(open_form: Open, watch: Watch) -> None:
    page = open_form(START)
    page.evaluate("""() => {
        window.violations = [];
        document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.blockedURI));
    }""")
    fill(page, FLAWED)
    expect(page.locator("[data-part=body]")).to_contain_text("I has went through")
    expect(page.locator("[data-part=proof]")).to_contain_text("about 8 MB, once. Nothing you type is sent.")
    assert loaded(watch) == []
    assert violations(page) == []

    proofread(page)
    assert {url.rsplit("/")[-1].split(".")[0] for url in loaded(watch)} == {"worker", "glue", "wasm"}
    # Neither the name, nor what is spelled with a capital, nor either way to write "color".
    expect(remarks(page)).to_have_text([re.compile("“teh”"), re.compile("“has”"), re.compile("“went”")])
    assert violations(page) == []

    typo = remarks(page).filter(has_text="“teh”")
    typo.get_by_role("button", name=say("show_words")).click()
    assert page.evaluate("getSelection().toString()") == "teh"
    typo.get_by_role("button", name="Change to “the”").click()
    expect(question(page, SKILLS)).to_have_value("😊 four years of the work that I has went through")
    expect(remarks(page)).to_have_text([re.compile("“has”"), re.compile("“went”")])
    assert "years of the work" in email(page)[1]

    fill(page, {SKILLS: "four years of triage work on a busy ward"})
    expect(status(page)).to_contain_text("found nothing")
    expect(remarks(page)).to_have_count(0)
    fill(page, {SKILLS: "four years of triage work on a bussy ward"})
    expect(remarks(page)).to_have_text([re.compile("“bussy”")])
    assert page.evaluate("window.violations") == []


@pytest.mark.long
def test_it_stays_on_for_the_visit(open_form: Open, watch: Watch) -> None:
    page = open_form(THANKS)
    fill(page, FLAWED)
    proofread(page)
    requests = len(loaded(watch))
    page.get_by_role("link", name=re.compile("^Next")).click()
    expect(page).not_to_have_url(re.compile("thank-you"))
    expect(page.locator("email-form")).to_have_count(1)
    page.locator(".ef-field:visible input, .ef-field:visible textarea").first.fill("what your bussy team does")
    expect(remarks(page).filter(has_text="“bussy”")).to_have_count(1, timeout=LONG)
    assert len(loaded(watch)) == requests


@pytest.mark.long
def test_those_who_do_not_ask_load_nothing(page: Page, open_form: Open, site: Path, watch: Watch) -> None:
    page.goto(WHY)
    page.wait_for_load_state("networkidle")
    open_form(THANKS)
    fill(page, ANSWERS)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    assert loaded(watch) == []
    kept = (site / "offline.mjs").read_text(encoding="utf-8")
    assert "assets/engine/" in kept
    assert '"assets/proofread/' not in kept


@pytest.mark.allow_errors
@pytest.mark.parametrize("fault", ["missing", "blocked", "damaged"])
@pytest.mark.long
def test_a_failure_is_told_and_mended_by_another_press(open_form: Open, fault: str) -> None:
    page = open_form(THANKS)

    def answer(route: Route) -> None:
        if fault == "missing":
            route.fulfill(status=404)
        elif fault == "blocked":
            route.abort()
        else:
            route.fulfill(status=200, body=b"Log in to this network first.")

    page.context.route("**/proofread/wasm.*", answer)
    fill(page, FLAWED)
    button(page).click()
    expect(status(page)).to_contain_text("could not be loaded", timeout=LONG)
    expect(button(page)).to_have_text("Try again")
    assert violations(page) == []
    # Nothing else has come to harm.
    page.get_by_role("button", name=say("copy_email")).click()
    expect(page.get_by_role("status").filter(has_text="The email is copied")).to_be_visible()
    page.context.unroute("**/proofread/wasm.*")
    proofread(page)
    expect(button(page)).to_have_text("Proofread")
    expect(remarks(page).filter(has_text="“teh”")).to_have_count(1)


@pytest.mark.allow_errors
@pytest.mark.long
def test_it_works_on_a_later_visit_too(page: Page, site: Path, tmp_path: Path, watch: Watch) -> None:
    """There the service worker is in charge, which gives the worker its policy."""
    watch.own.append("http://127.0.0.1:")
    copy = shutil.copytree(site, tmp_path / "site")
    with serving(copy, free_port()) as address:
        for _ in range(2):
            page.goto(f"{address}/emails/thank-you/")
            fill(page, FLAWED)
            expect(page.locator("email-form")).to_have_attribute("data-state", "ready")
            page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        assert page.evaluate("navigator.serviceWorker.controller !== null")
        proofread(page)
        expect(remarks(page).filter(has_text="“teh”")).to_have_count(1)
        assert any("/proofread/worker." in worker.url for worker in page.workers)
        page.goto("about:blank")
    assert not [error for error in watch.errors if "Security Policy" in error]


@pytest.mark.parametrize(
    "change", [("language: en", "language: de"), ("extra:\n", "extra:\n  proofread: false\n")]
)
@pytest.mark.long
def test_a_site_may_be_without_it(tmp_path: Path, change: tuple[str, str]) -> None:
    config = make_fork(tmp_path)
    text = config.read_text(encoding="utf-8")
    assert change[0] in text
    config.write_text(text.replace(*change, 1), encoding="utf-8")
    result = build(tmp_path / "site", config=config)
    assert result.returncode == 0, result.stderr
    assert not (tmp_path / "site" / "assets" / "proofread").exists()
    assert "data-proofread" not in (tmp_path / "site" / "two" / "index.html").read_text(encoding="utf-8")
