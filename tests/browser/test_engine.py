"""The engine in a real browser: it starts, and whatever goes wrong ends in a state with a reason."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from generator.bridge import handle
from tests.browser.probe import ask, fill, make_engine, make_probing_site, outcome, python
from tests.tools.serve import free_port, serving
from tests.tools.site import THANKS

FORM = THANKS
WASM = re.compile(r"/wasm\.\w+\.bin$")
SNAPSHOT = re.compile(r"/snapshot\.\w+\.bin$")
LIBRARY = re.compile(r"/library\.\w+\.zip$")
LOADER = re.compile(r"/pyodide\.mjs$")
GLUE = re.compile(r"/pyodide\.asm\.mjs$")
WORKER = re.compile(r"/worker\.\w+\.mjs$")

#: Every fault of loading ends within this many seconds.
LIMIT = 15.0


def status(code: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=code, body="no", content_type="text/plain")


def html(route: Route) -> None:
    route.fulfill(status=200, body="<h1>Blocked by your network</h1>", content_type="text/html")


def truncated(route: Route) -> None:
    response = route.fetch()
    route.fulfill(response=response, body=response.body()[:1_000_000])


def changed(route: Route) -> None:
    response = route.fetch()
    body = bytearray(response.body())
    body[len(body) // 2] ^= 1
    route.fulfill(response=response, body=bytes(body))


def pretending(route: Route) -> None:
    """Send code that would say that all is well, if it were run."""
    route.fulfill(status=200, body='self.postMessage({ type: "ready" });', content_type="text/javascript")


def stalled(route: Route) -> None:
    """Neither answer nor refuse."""


def as_text(route: Route) -> None:
    response = route.fetch()
    route.fulfill(response=response, headers=response.headers | {"content-type": "text/plain"})


FAULTS = [
    pytest.param(WASM, status(404), "failed missing", id="wasm-404"),
    pytest.param(WASM, status(403), "failed blocked", id="wasm-403"),
    pytest.param(WASM, html, "failed blocked", id="wasm-is-html"),
    pytest.param(WASM, truncated, "failed damaged", id="wasm-truncated"),
    pytest.param(WASM, changed, "failed damaged", id="wasm-changed"),
    pytest.param(WASM, lambda route: route.abort(), "failed missing", id="wasm-unreachable"),
    pytest.param(WASM, stalled, "failed slow", id="wasm-stalled"),
    pytest.param(WASM, as_text, "ready", id="wasm-of-another-type"),
    pytest.param(WORKER, changed, "failed damaged", id="worker-changed"),
    pytest.param(LOADER, changed, "failed damaged", id="loader-changed"),
    pytest.param(GLUE, changed, "failed damaged", id="glue-changed"),
    pytest.param(LOADER, pretending, "failed damaged", id="loader-exchanged"),
    pytest.param(LOADER, status(404), "failed missing", id="loader-404"),
    pytest.param(GLUE, status(404), "failed missing", id="glue-404"),
    pytest.param(GLUE, stalled, "failed slow", id="glue-stalled"),
    pytest.param(WORKER, status(404), "failed missing", id="worker-404"),
    pytest.param(WORKER, stalled, "failed slow", id="worker-stalled"),
    pytest.param(SNAPSHOT, status(404), "ready", id="snapshot-404"),
    pytest.param(SNAPSHOT, changed, "ready", id="snapshot-changed"),
    pytest.param(re.compile("snapshot|library"), status(404), "failed missing", id="snapshot-and-library-404"),
]


def reply_here(request: dict[str, Any]) -> Any:
    return json.loads(handle(json.dumps(request)))


def test_it_starts_from_the_snapshot_alone(page: Page, watch: Any) -> None:
    page.goto(FORM)
    make_engine(page)
    assert ask(page, fill("Ann")) == reply_here(fill("Ann"))
    assert page.evaluate("window.states") == ["loading", "ready"]
    names = [url.rsplit("/", 1)[1] for url in watch.requests if "/engine/" in url]
    assert any(SNAPSHOT.search(f"/{name}") for name in names)
    assert not any(LIBRARY.search(f"/{name}") for name in names)


@pytest.mark.allow_errors
@pytest.mark.parametrize(("file", "fault", "expected"), FAULTS)
@pytest.mark.long
def test_a_fault_of_loading_ends_in_a_state(page: Page, file: Any, fault: Any, expected: str) -> None:
    page.goto(FORM)
    page.context.route(file, fault)
    make_engine(page)
    start = time.monotonic()
    assert outcome(page) == expected
    if expected != "ready":
        assert time.monotonic() - start < LIMIT
        page.context.unroute(file)
        page.evaluate("window.engine.retry()")
    # By whatever way: the answer is the same.
    assert ask(page, fill("Ann")) == reply_here(fill("Ann"))


@pytest.mark.allow_errors
@pytest.mark.parametrize("missing", ["WebAssembly", "DecompressionStream", "Worker"])
@pytest.mark.long
def test_an_old_browser_is_told_so(page: Page, missing: str) -> None:
    page.add_init_script(f"delete self.{missing}")
    page.goto(FORM)
    make_engine(page)
    assert outcome(page) == "failed unsupported"


@pytest.mark.allow_errors
@pytest.mark.parametrize("what", ["version", "magic", "length"])
@pytest.mark.long
def test_a_snapshot_of_another_version_is_not_used(page: Page, site: Path, what: str) -> None:
    (path,) = (site / "assets" / "engine").glob("snapshot.*.bin")
    content = bytearray(gzip.decompress(path.read_bytes()))
    if what == "version":
        content[16:48] = bytes(32)
    elif what == "magic":
        content[0:4] = b"none"
    else:
        del content[-70_000:]
    packed = gzip.compress(bytes(content), 1)
    page.goto(FORM)
    page.context.route(SNAPSHOT, lambda route: route.fulfill(body=packed))
    # The page was built with it, so its hash is right.
    change = {"sha256": hashlib.sha256(packed).hexdigest(), "bytes": len(packed)}
    make_engine(page, {"snapshot": change})
    assert ask(page, fill("Ann")) == reply_here(fill("Ann"))
    assert page.evaluate("window.states") == ["loading", "ready"]


@pytest.fixture(scope="module")
def probing(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose worker runs the Python of a test."""
    folder = tmp_path_factory.mktemp("probing") / "site"
    make_probing_site(site, folder, "http://127.0.0.1:9", cut_off=True)
    with serving(folder, free_port()) as address:
        yield address


@pytest.fixture
def engine(page: Page, probing: str, request: pytest.FixtureRequest) -> Page:
    """A page of the probing site with a ready engine."""
    request.getfixturevalue("watch").own.append(probing)
    page.goto(probing + FORM)
    make_engine(page)
    assert outcome(page) == "ready"
    return page


def test_the_newest_request_wins(engine: Page) -> None:
    names = [f"Person {number}" for number in range(50)]
    replies = engine.evaluate(
        "(requests) => Promise.all(requests.map((request) => window.engine.ask(request)))",
        [fill(name) for name in names],
    )
    assert replies[:-1] == [None] * 49
    assert replies[-1]["subject"] == "To Person 49"


@pytest.mark.long
def test_running_out_of_memory_is_an_error_and_no_end(engine: Page) -> None:
    reply = ask(engine, python("kept = []\nwhile True: kept.append(bytearray(50_000_000))"))
    assert reply["type"] == "error"
    assert ask(engine, fill("Ann"))["subject"] == "To Ann"


@pytest.mark.long
def test_endless_recursion_is_an_error_and_no_end(engine: Page) -> None:
    reply = ask(engine, python("def f(): return f()\nf()"))
    assert reply["name"] == "RecursionError"
    assert ask(engine, fill("Ann"))["subject"] == "To Ann"


def ask_and_forget(page: Page, request: dict[str, Any]) -> None:
    page.evaluate("(request) => { window.engine.ask(request); }", request)


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_hang_is_ended_and_the_newest_request_answered(engine: Page) -> None:
    ask_and_forget(engine, python("while True: pass"))
    assert ask(engine, fill("Ann"))["subject"] == "To Ann"
    assert engine.evaluate("window.states") == ["loading", "ready", "loading", "ready"]


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_stack_overflow_of_wasm_is_survived(engine: Page) -> None:
    code = "import sys\nsys.setrecursionlimit(10**8)\nx = []\nfor _ in range(10**6): x = [x]\nvalue = repr(x)"
    ask_and_forget(engine, python(code))
    assert ask(engine, fill("Ann"))["subject"] == "To Ann"


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_request_that_kills_every_worker_ends_in_failed(engine: Page) -> None:
    ask_and_forget(engine, python("import os; os.abort()"))
    engine.evaluate(
        """() => new Promise((done) => {
            const look = () => window.engine.state === "failed" && done();
            window.engine.addEventListener("change", look);
            look();
        })"""
    )
    states = engine.evaluate("window.states")
    assert states == ["loading", "ready"] * 3 + ["failed crashed"]
    # The person types on and presses the button: a new worker answers the new request.
    ask_and_forget(engine, fill("Ann"))
    engine.evaluate("window.engine.retry()")
    assert ask(engine, fill("Bea"))["subject"] == "To Bea"


@pytest.mark.long
def test_python_does_not_repeat_its_random_numbers(engine: Page) -> None:
    numbers = python("import os; value = os.urandom(16)")
    first = ask(engine, numbers)["value"]
    make_engine(engine)
    assert ask(engine, numbers)["value"] != first
