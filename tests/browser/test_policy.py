"""Nothing leaves the device: everything is tried from page, worker and Python; at a second server nothing arrives."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.conftest import compiled_again
from tests.browser.probe import (
    NOT_COVERED,
    PAGE_WAYS_OUT,
    PYTHON_WAYS_OUT,
    WAYS_OUT,
    ask,
    fill,
    make_engine,
    make_probing_site,
    outcome,
    python,
)
from tests.tools.find_browser import installed_firefox
from tests.tools.serve import free_port, serving
from tests.tools.site import ROOT, THANKS

FORM = THANKS


class Evil:
    """Listens on a port and notes the first line of everything that connects, even if it says nothing."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                connection.settimeout(2)
                with connection, suppress(OSError):
                    line = connection.recv(1000).split(b"\r\n")[0].decode(errors="replace")
                    self.seen.append(line or "(connected)")
                    connection.sendall(
                        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n"
                    )

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def evil() -> Iterator[Evil]:
    server = Evil()
    yield server
    server.close()


@pytest.fixture(scope="module", params=["chromium", pytest.param("firefox", marks=pytest.mark.long)])
def any_browser(request: pytest.FixtureRequest, playwright: Playwright, browser: Browser) -> Iterator[Browser]:
    """Chromium, and Firefox where the machine has one."""
    if request.param == "chromium":
        yield browser
    elif path := installed_firefox():
        firefox = playwright.firefox.launch(channel="moz-firefox", executable_path=path)
        yield firefox
        firefox.close()
    else:
        pytest.skip("no Firefox on this machine")


@pytest.fixture(scope="module", params=["cut-off", "policy-alone"])
def probing(
    request: pytest.FixtureRequest, site: Path, tmp_path_factory: pytest.TempPathFactory, evil: Evil
) -> Iterator[str]:
    """A site whose worker tries the ways out; once as it is, once with nothing but the policy to hold it."""
    folder = tmp_path_factory.mktemp("probing") / "site"
    make_probing_site(site, folder, evil.address, cut_off=request.param == "cut-off")
    with serving(folder, free_port()) as address:
        yield address


@pytest.fixture
def context_of(any_browser: Browser) -> Iterator[BrowserContext]:
    context = any_browser.new_context()
    yield context
    context.close()


def ready(page: Page, address: str) -> None:
    page.goto(address + FORM)
    make_engine(page)
    assert outcome(page) == "ready"


def controlled(page: Page, address: str) -> None:
    """Come back once the service worker is there."""
    page.locator("email-form").first.hover()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(address + FORM)
    assert page.evaluate("navigator.serviceWorker.controller?.scriptURL") == f"{address}/offline.mjs"


def try_everything(page: Page, evil: Evil) -> None:
    for name in WAYS_OUT:
        ask(page, {"javascript": name})
    for code in PYTHON_WAYS_OUT:
        reply = ask(page, python(code.replace("EVIL", evil.address).replace("PORT", str(evil.port))))
        assert reply["type"] == "error" or "webbrowser" in code, code
    assert ask(page, fill("Ann"))["subject"] == "To Ann"
    page.wait_for_timeout(1500)


@pytest.mark.allow_errors
@pytest.mark.parametrize("visit", ["first", "later"])
@pytest.mark.long
def test_nothing_leaves_the_worker(context_of: BrowserContext, probing: str, evil: Evil, visit: str) -> None:
    page = context_of.new_page()
    ready(page, probing)
    if visit == "later":
        controlled(page, probing)
        make_engine(page)
        assert outcome(page) == "ready"
        assert any("/worker." in worker.url for worker in page.workers)
    else:
        assert any(worker.url.startswith("blob:") for worker in page.workers)
    evil.seen.clear()
    try_everything(page, evil)
    assert evil.seen == []


@pytest.mark.allow_errors
def test_nothing_leaves_the_page(context_of: BrowserContext, server: str, evil: Evil) -> None:
    page = context_of.new_page()
    page.goto(server + FORM)
    evil.seen.clear()
    for code in PAGE_WAYS_OUT.values():
        attempt = code.replace("EVIL", evil.address)
        page.evaluate(
            f"() => Promise.race([(async () => {attempt})().catch(() => {{}}), new Promise((done) => setTimeout(done, 1000))])"
            ".then(() => true, () => true)"
        )
    page.wait_for_timeout(1000)
    assert evil.seen == []


@pytest.mark.parametrize("name", NOT_COVERED)
def test_what_no_policy_covers_is_named(name: str) -> None:
    """A page may always be left; who reads what is promised must find that there."""
    words = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert f"`{name}`" in words


def test_the_second_server_would_notice(page: Page, evil: Evil, server: str) -> None:
    """Without a policy the attempts do arrive: the tests above are worth something."""
    context = page.context.browser.new_context(bypass_csp=True)  # type: ignore[union-attr]
    open_page = context.new_page()
    open_page.goto(server + FORM)
    evil.seen.clear()
    open_page.evaluate(f"fetch('{evil.address}/fetch', {{mode: 'no-cors'}}).then(() => true)")
    assert evil.seen == ["GET /fetch HTTP/1.1"]
    # And so does what was taken away from our pages.
    evil.seen.clear()
    open_page.goto("about:blank")
    open_page.evaluate(f"() => {{ {PAGE_WAYS_OUT['webrtc'].replace('EVIL', evil.address)} }}")
    for _ in range(100):
        if evil.seen:
            break
        open_page.wait_for_timeout(100)
    assert evil.seen
    context.close()


@pytest.mark.long
def test_no_request_at_all_while_typing(context_of: BrowserContext, server: str) -> None:
    page = context_of.new_page()
    page.goto(server + FORM)
    field = page.locator("email-form input[type=text], email-form textarea").first
    field.fill("a")
    expect(page.locator("email-form").first).to_have_attribute("data-state", "ready")
    compiled_again(page)
    requests: list[str] = []
    context_of.on("request", lambda one: requests.append(one.url))
    preview = page.get_by_role("region", name="Your email").locator("[data-part=body]").first
    for words in ("one answer", "another answer", "a third answer"):
        field.fill(words)
        expect(preview).to_contain_text(words)
    page.wait_for_timeout(500)
    assert requests == []
