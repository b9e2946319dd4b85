"""The site is published anew, or its host fails, while somebody writes: nothing is lost, and it goes on when it can."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.tools.host import Fault, Host, cut, flipped, hang, html, status
from tests.tools.site import say

Builds = tuple[Path, Path]


pytestmark = pytest.mark.own_context


def company(page: Page) -> Locator:
    return page.get_by_label("Company").first


def body(page: Page) -> Locator:
    return page.get_by_role("region", name="Your email").locator("[data-part=body]").first


def expect_email(page: Page, name: str) -> None:
    """Wait until Python has put a name into the email."""
    expect(page.locator("email-form").first).to_have_attribute("data-state", "ready")
    expect(body(page)).to_contain_text(f" {name}")
    expect(company(page)).to_have_value(name)


def script(page: Page) -> str:
    """Return the address of the form's script: which build runs here."""
    return str(page.locator('script[src*="/email-form.mjs"]').first.evaluate("(script) => script.src"))


def kit(build: Path) -> str:
    (folder,) = (build / "assets" / "kit").iterdir()
    return folder.name


def kept(page: Page) -> None:
    """Wait until the service worker has everything."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


# ---- the site is published anew ----


@pytest.mark.allow_errors
def test_a_form_that_was_open_goes_on_with_the_new_build(page: Page, host: Host, builds: Builds) -> None:
    page.goto(f"{host.address}/")
    page.locator("email-form:defined").wait_for()
    page.wait_for_load_state("networkidle")
    host.deploy(builds[1])
    company(page).fill("Acme")
    expect(body(page)).to_contain_text("Words of the second build")
    expect_email(page, "Acme")
    expect(company(page)).to_be_focused()
    page.keyboard.type(" Inc")
    expect_email(page, "Acme Inc")
    assert kit(builds[1]) in script(page)


@pytest.mark.allow_errors
@pytest.mark.long
def test_an_old_page_from_the_cache_goes_on_with_the_new_build(
    context: BrowserContext, host: Host, builds: Builds
) -> None:
    first = context.new_page()
    first.goto(f"{host.address}/")
    first.wait_for_load_state("networkidle")
    first.close()
    host.deploy(builds[1])
    page = context.new_page()
    page.goto(f"{host.address}/")
    assert kit(builds[0]) in script(page)
    company(page).fill("Acme")
    expect(body(page)).to_contain_text("Words of the second build")
    expect_email(page, "Acme")


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_page_that_can_keep_nothing_says_so_and_stays(page: Page, host: Host, builds: Builds) -> None:
    page.add_init_script(
        "for (const name of ['sessionStorage', 'localStorage']) Object.defineProperty(window, name,"
        " { get() { throw new DOMException('blocked', 'SecurityError'); } });"
    )
    page.goto(f"{host.address}/")
    page.wait_for_load_state("networkidle")
    host.deploy(builds[1])
    company(page).fill("Acme")
    expect(page.get_by_text("This site was just published anew")).to_be_visible()
    expect(body(page)).to_contain_text("Dear Acme")
    expect(body(page)).to_contain_text("Words of the first build")
    page.get_by_role("button", name="Open the new version").click()
    expect(body(page)).to_contain_text("Words of the second build")
    company(page).fill("Acme")
    expect_email(page, "Acme")


@pytest.mark.allow_errors
@pytest.mark.long
def test_two_caches_at_odds_do_not_make_a_page_load_for_ever(page: Page, host: Host, builds: Builds) -> None:
    """Who opens the page gets the old one for ever, and who asks what is published hears of the new one."""
    old, new = ((build / "index.html").read_bytes() for build in builds)
    loads: list[str] = []

    def answer(route: Route) -> None:
        if route.request.is_navigation_request():
            loads.append(route.request.url)
            route.fulfill(body=old, content_type="text/html")
        else:
            route.fulfill(body=new, content_type="text/html")

    page.context.route(f"{host.address}/", answer)
    page.goto(f"{host.address}/")
    host.fault(r"/assets/engine/", status(404))
    company(page).fill("Acme")
    expect(page.get_by_text("This site was just published anew")).to_be_visible()
    expect(company(page)).to_have_value("Acme")
    assert len(loads) == 2
    host.mend()


@pytest.mark.allow_errors
@pytest.mark.long
def test_what_is_missing_from_the_same_build_is_told_and_tried_again(page: Page, host: Host) -> None:
    """Nothing is loaded anew as long as the page is the one that is published."""
    host.fault(r"/assets/engine/worker", status(404))
    page.goto(f"{host.address}/")
    page.evaluate("window.stillHere = true")
    company(page).fill("Acme")
    expect(page.get_by_text("A file did not arrive")).to_be_visible()
    host.mend()
    page.get_by_role("button", name="Try again").click()
    expect_email(page, "Acme")
    assert page.evaluate("window.stillHere")


@pytest.mark.long
def test_navigation_to_a_page_of_another_build_loads_it_whole(page: Page, host: Host, builds: Builds) -> None:
    page.goto(f"{host.address}/")
    company(page).fill("Acme")
    expect_email(page, "Acme")
    page.evaluate("window.stillHere = true")
    host.deploy(builds[1])
    # A page that is only read may come into the old one.
    page.locator("article").get_by_role("link", name="the guide").click()
    expect(page.get_by_text("of the second build")).to_be_visible()
    assert page.evaluate("window.stillHere")
    page.get_by_role("link", name="Two", exact=True).first.click()
    expect(body(page)).to_contain_text("Also of the second build")
    page.wait_for_function("() => !window.stillHere")  # as text, the page's policy would forbid it
    page.wait_for_function("() => customElements.get('email-form')")
    company(page).hover()
    expect_email(page, "Acme")
    assert kit(builds[1]) in script(page)
    workers = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert not [name for name in workers if kit(builds[0]) in name]


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_proofreader_that_is_gone_is_found_in_the_new_build(page: Page, host: Host, builds: Builds) -> None:
    page.goto(f"{host.address}/")
    company(page).fill("Acme")
    expect_email(page, "Acme")
    host.deploy(builds[1])
    host.fault("/assets/proofread/", status(404))
    page.get_by_role("button", name="Proofread").click()
    expect(body(page)).to_contain_text("Words of the second build")
    expect(company(page)).to_have_value("Acme")


# ---- a host that lies for a while ----

ENGINE = {
    "worker": r"/engine/worker\.",
    "loader": r"/pyodide\.mjs$",
    "glue": r"/pyodide\.asm\.mjs$",
    "wasm": r"/engine/wasm\.",
    "snapshot": r"/engine/snapshot\.",
    "library": r"/engine/(snapshot|library)\.",
}
FAULTS: dict[str, Fault] = {
    "404": status(404),
    "503": status(503),
    "html": html,
    "cut": cut,
    "flipped": flipped,
    "hang": hang,
}
#: What people meet most.
QUICK = {("wasm", "html"), ("glue", "cut")}
LIES = [
    pytest.param(pattern, fault, id=f"{file}-{name}", marks=[] if (file, name) in QUICK else [pytest.mark.long])
    for file, pattern in ENGINE.items()
    for name, fault in FAULTS.items()
]


@pytest.mark.allow_errors
@pytest.mark.parametrize(("pattern", "fault"), LIES)
def test_try_again_works_as_soon_as_the_fault_is_gone(
    page: Page, host: Host, pattern: str, fault: Fault
) -> None:
    """Whatever was wrong, the browser keeps it for ten minutes. Trying again goes round that."""
    host.fault(pattern, fault)
    page.goto(f"{host.address}/")
    company(page).fill("Acme")
    form = page.locator("email-form").first
    # Without its snapshot Python starts all the same, only slower.
    expect(form).to_have_attribute("data-state", re.compile("failed|ready"))
    host.mend()
    if form.get_attribute("data-state") == "failed":
        expect(body(page)).to_contain_text("Dear Acme")
        page.get_by_role("button", name="Try again").click()
    expect_email(page, "Acme")


@pytest.mark.allow_errors
@pytest.mark.parametrize(
    ("file", "fault"),
    [("wasm", html), *(pytest.param(file, cut, marks=pytest.mark.long) for file in ("worker", "glue", "wasm"))],
)
@pytest.mark.long
def test_the_proofreader_starts_as_soon_as_the_fault_is_gone(
    page: Page, host: Host, file: str, fault: Fault
) -> None:
    host.fault(rf"/proofread/{file}\.", fault)
    page.goto(f"{host.address}/")
    company(page).fill("Acme")
    page.get_by_role("button", name="Proofread").click()
    expect(page.get_by_text("The grammar checker could not be loaded")).to_be_visible()
    host.mend()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("The grammar checker found nothing in your words")).to_be_visible()
    expect_email(page, "Acme")


@pytest.mark.allow_errors
@pytest.mark.long
def test_what_a_browser_has_of_a_damaged_file_is_not_what_a_device_keeps(page: Page, host: Host) -> None:
    host.fault(ENGINE["snapshot"], flipped)
    page.goto(f"{host.address}/")
    company(page).fill("Acme")
    expect_email(page, "Acme")
    host.mend()
    kept(page)
    page.context.set_offline(True)
    page.goto(f"{host.address}/two/")
    company(page).fill("Bee")
    expect_email(page, "Bee")


# ---- a host that is down, and a device that has kept the site ----


@pytest.fixture
def keeper(page: Page, host: Host) -> Page:
    """A page of a browser that has kept the site."""
    page.goto(f"{host.address}/")
    company(page).fill("Acme")
    expect_email(page, "Acme")
    kept(page)
    page.goto("about:blank")
    return page


@pytest.mark.allow_errors
@pytest.mark.long
def test_the_kept_page_stands_in_at_once_for_a_broken_host(keeper: Page, host: Host) -> None:
    host.fault("", status(503))
    begin = time.monotonic()
    keeper.goto(f"{host.address}/two/")
    assert time.monotonic() - begin < 3
    company(keeper).fill("Acme")
    expect_email(keeper, "Acme")


@pytest.mark.allow_errors
@pytest.mark.long
def test_what_is_no_more_is_not_taken_from_what_is_kept(keeper: Page, host: Host) -> None:
    host.fault("^/two/$", status(404))
    answer = keeper.goto(f"{host.address}/two/")
    assert answer
    assert answer.status == 404


@pytest.mark.allow_errors
@pytest.mark.long
def test_the_kept_page_stands_in_for_a_host_that_hangs(keeper: Page, host: Host) -> None:
    host.fault("", hang)
    begin = time.monotonic()
    keeper.goto(f"{host.address}/two/", wait_until="commit")
    assert 3 < time.monotonic() - begin < 6
    company(keeper).fill("Acme")
    expect_email(keeper, "Acme")


@pytest.mark.allow_errors
@pytest.mark.long
def test_without_a_network_every_page_opens_or_says_that_it_is_not_there(keeper: Page, host: Host) -> None:
    keeper.context.set_offline(True)
    keeper.goto(f"{host.address}/guide/")
    expect(keeper.get_by_text("A page to read, of the first build")).to_be_visible()
    keeper.goto(f"{host.address}/not/there/at-all/")
    expect(keeper.get_by_role("heading", name="This page is not on your device")).to_be_visible()
    assert keeper.url.endswith("/not/there/at-all/")
    # It is dressed, whatever its address is.
    assert "sans-serif" in keeper.evaluate("getComputedStyle(document.body).fontFamily")
    keeper.get_by_role("link", name="Go to the start page").click()
    company(keeper).fill("Acme")
    expect_email(keeper, "Acme")


@pytest.mark.allow_errors
@pytest.mark.long
def test_the_page_that_was_not_there_opens_when_the_network_is_back(keeper: Page, host: Host) -> None:
    host.fault("", status(503))
    keeper.context.set_offline(True)
    keeper.goto(f"{host.address}/?not=kept#at all")  # the start page is, whatever is asked of it
    expect(company(keeper)).to_be_visible()
    keeper.goto(f"{host.address}/404.html")
    expect(keeper.get_by_role("heading", name="This page is not on your device")).to_be_visible()
    keeper.context.set_offline(False)
    host.mend()
    keeper.get_by_role("link", name="Try again").click()
    expect(keeper.get_by_role("heading", name=say("lost_title"))).to_be_visible()
