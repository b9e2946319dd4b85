"""Fixtures of the browser tests: the built site, served by a plain local server, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    WebError,
    expect,
)

from tests.tools.find_browser import installed_chromium
from tests.tools.host import Host, hosting
from tests.tools.serve import free_port
from tests.tools.site import START, say

#: Milliseconds to wait for what must come. Generous: the tests say what happens, never how fast.
PATIENCE = 30_000

#: Answers to the seven questions of the plain emails, in the order in which the form asks.
ANSWERS = {
    "a project or aspect discussed": "the new triage desk that lets parents wait with their child",
    "relevant skills or experience": "four years of triage work on a busy children's ward",
    "the specific field": "children's emergency care",
    "Position": "Pediatric Nurse",
    "Interviewer's Name": "Jordan Lee",
    "Company": "Northwind Clinic",
    "Your Name": "Amara Obi",
}

expect.set_options(timeout=PATIENCE)

Scheme = Literal["light", "dark"]

#: Every pair of color scheme and screen, in CSS pixels. One is enough for a normal run.
each_screen = pytest.mark.parametrize(
    ("scheme", "size"),
    [
        pytest.param("dark", (390, 844), id="phone-dark"),
        pytest.param("light", (1280, 900), id="desk-light", marks=pytest.mark.long),
        pytest.param("dark", (1280, 900), id="desk-dark", marks=pytest.mark.long),
        pytest.param("light", (390, 844), id="phone-light", marks=pytest.mark.long),
    ],
)


def set_screen(page: Page, scheme: Scheme, size: tuple[int, int]) -> None:
    """Show ``page`` in a color scheme and a size, without movement."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": size[0], "height": size[1]})


@pytest.fixture(scope="session")
def server(site: Path, shared: dict[str, str]) -> str:
    """The address of the server that serves the built test site."""
    assert site.is_dir()
    return shared["site"]


@pytest.fixture(scope="session")
def fork(fork_site: Path, shared: dict[str, str]) -> str:
    """The address of the server that serves somebody's fork, under a sub-path."""
    assert fork_site.is_dir()
    return shared["fork"]


@pytest.fixture(scope="session")
def base_url(server: str) -> str:
    return server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = dict(browser_type_launch_args)
    if path := installed_chromium():
        arguments["executable_path"] = path
    # Chromium's own sandbox does not start as root, nor in most containers. And a page that a test closes after two
    # seconds is not worth the second of work that V8's optimizing compiler would put into its WebAssembly.
    arguments["args"] = [*arguments.get("args", []), "--no-sandbox", "--js-flags=--liftoff-only"]
    return arguments


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"permissions": ["clipboard-read", "clipboard-write"]}


@pytest.fixture(scope="session")
def kept(
    browser: Browser, browser_context_args: dict[str, Any], shared: dict[str, str]
) -> Iterator[BrowserContext]:
    """One context for most tests of a process: a browser that has compiled Python once need not do so for each test.

    Its first page only stands by: without one, the process that knows what was compiled would end with each test.
    """
    context = browser.new_context(**browser_context_args)
    context.new_page().goto(f"{shared['fork']}/nothing")  # the same host, but another origin than the site's
    yield context
    context.close()


@pytest.fixture
def context(
    kept: BrowserContext, new_context: Callable[[], BrowserContext], request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    """A context as empty as a new one; a new one for tests of service workers, and where other settings are wanted."""
    if any(request.node.get_closest_marker(name) for name in ("own_context", "browser_context_args")):
        yield new_context()
        return
    visited: set[str] = set()
    note = lambda one: visited.add("/".join(one.url.split("/")[:3]))  # noqa: E731
    kept.on("request", note)
    yield kept
    kept.remove_listener("request", note)
    kept.unroute_all()
    kept.set_offline(False)
    first, *others = kept.pages
    for page in others:
        page.close()
    session = kept.new_cdp_session(first)
    for origin in visited:
        session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    session.detach()


def compiled_again(page: Page) -> str:
    """Wait until the first visit asks nothing more: the service worker has all, and the page has compiled it anew.

    Returns:
        The address of Python's WebAssembly.
    """
    address = page.evaluate(
        """async () => {
            for (let tries = 0; tries < 600; tries += 1) {
                const asked = performance.getEntriesByType("resource").map(({ name }) => name);
                const found = asked.find((name) => name.includes("/engine/wasm."));
                if (found) return found;
                await new Promise((done) => setTimeout(done, 50));
            }
        }"""
    )
    assert address, "no service worker took the page over"
    return str(address)


@dataclass
class Watch:
    """What went wrong in a context, and every request that it made."""

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)  # addresses that requests may go to


@pytest.fixture(autouse=True)
def watch(context: BrowserContext, server: str, request: pytest.FixtureRequest) -> Iterator[Watch]:
    """Fail the test on a console error, a page error or a request to anybody else."""
    seen = Watch(own=[server, "blob:", "data:"])

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            seen.errors.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def on_request(one: Request) -> None:
        seen.requests.append(one.url)

    def on_error(error: WebError) -> None:
        seen.errors.append(f"page error: {error.error}")

    listeners = {"console": on_console, "weberror": on_error, "request": on_request}
    for event, listener in listeners.items():
        context.on(event, listener)  # type: ignore[call-overload]
    yield seen
    for event, listener in listeners.items():
        context.remove_listener(event, listener)
    if "fork" in request.fixturenames:
        seen.own.append(request.getfixturevalue("fork"))
    foreign = [url for url in seen.requests if not url.startswith(tuple(seen.own))]
    assert not foreign, f"requests to others: {foreign}"
    if request.node.get_closest_marker("allow_errors") is None:
        assert not seen.errors, "\n".join(seen.errors)


@pytest.fixture
def host(builds: tuple[Path, Path], watch: Watch) -> Iterator[Host]:
    """A host of a small site, which a test may break: it serves the older of two builds, and lets browsers keep it."""
    with hosting(builds[0], free_port()) as one:
        watch.own.append(f"{one.address}/")
        yield one


@pytest.fixture
def open_form(page: Page) -> Callable[..., Page]:
    """Open a page of the site and wait until its form's engine is ready."""

    def open_page(path: str = START, *, ready: bool = True) -> Page:
        page.goto(path)
        if ready:
            page.locator("email-form").first.hover()
            # An expectation looks again only after ever longer pauses.
            page.locator("email-form[data-state=ready]").first.wait_for()
        return page

    return open_page


def question(page: Page, name: str) -> Locator:
    """Return the control of the question for a placeholder."""
    return page.locator(f'.ef-field [data-field="{name}"]')


def people(page: Page) -> Locator:
    """Return the rows of a panel's people."""
    return page.get_by_role("group", name=say("people")).get_by_role("listitem")


def names(page: Page) -> list[str]:
    """Return what stands as the name in each row: the one whose email is shown can be typed into."""
    return [
        row.get_by_role("textbox").first.input_value()
        if row.get_by_role("textbox").count()
        else row.get_by_role("button").first.inner_text()
        for row in people(page).all()
    ]


def more_ways(page: Page) -> None:
    """Open what stands behind the first buttons."""
    page.locator("summary").filter(has_text=say("send_title")).first.click()


def fill(page: Page, answers: dict[str, str]) -> None:
    """Answer the questions of the form by their placeholders."""
    for name, value in answers.items():
        question(page, name).fill(value)


def email(page: Page) -> tuple[str, str]:
    """Return subject and body as the preview shows them."""
    region = page.get_by_role("region", name=say("your_email"))
    return (
        region.locator("[data-part=subject]").text_content() or "",
        region.locator("[data-part=body]").text_content() or "",
    )


def clipboard(page: Page, kind: str = "text/plain") -> str:
    """Return what lies on the clipboard."""
    read = """async (kind) => {
        const [item] = await navigator.clipboard.read();
        return item.types.includes(kind) ? (await item.getType(kind)).text() : null;
    }"""
    return str(page.evaluate(read, kind))
