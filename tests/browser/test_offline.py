"""The service worker: the forms work without a network, and no page ever meets files of another build."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from generator.pages.offline import write_offline
from tests.browser.conftest import PATIENCE, compiled_again
from tests.browser.probe import reseal
from tests.tools.host import hosting
from tests.tools.serve import free_port
from tests.tools.site import PANEL, ROOT, THANKS

pytestmark = pytest.mark.own_context

FORM = THANKS
SOURCE = ROOT / "generator" / "web" / "offline.mjs"
FIELD = "email-form input[type=text], email-form textarea"


@pytest.fixture(autouse=True)
def only_here(watch: Any) -> None:
    watch.own.append("http://127.0.0.1:")


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    """A site that a test may change."""
    return Path(shutil.copytree(site, tmp_path / "site"))


@pytest.fixture
def own_port() -> int:
    return free_port()


@contextmanager
def served(folder: Path, port: int) -> Iterator[str]:
    # Files that were written within one second differ all the same.
    with hosting(folder, port, max_age=None) as host:
        yield host.address


def use_form(page: Page, address: str, path: str = FORM, name: str = "Ann") -> None:
    """Open a form, type, and wait for Python's answer."""
    page.goto(address + path)
    write(page, name)


def write(page: Page, name: str) -> None:
    """Type into the form that is open, and wait for Python's answer."""
    page.locator(FIELD).first.fill(name)
    expect(page.locator("email-form").first).to_have_attribute("data-state", "ready")
    expect(page.get_by_role("region", name="Your email").locator("[data-part=body]").first).to_contain_text(
        name
    )


def kept(page: Page) -> None:
    """Wait until the service worker has everything."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def update(page: Page) -> None:
    """Have the browser look for a new build, and wait until it has one or has given up."""
    page.evaluate(
        """async () => {
            const registration = await navigator.serviceWorker.getRegistration();
            await registration.update().catch(() => null);
            while (registration.installing) await new Promise((done) => setTimeout(done, 50));
        }"""
    )


def caches(page: Page) -> list[str]:
    return list(page.evaluate("caches.keys()"))


def deploy(site: Path, version: str) -> None:
    """Publish another build: a new worker file, pages that name it, and their service worker."""
    (old,) = (site / "assets" / "engine").glob("worker.*.mjs")
    new = old.with_name(f"worker.{version}0000000000.mjs")
    before = old.read_bytes()
    new.write_bytes(before + f"\n// build {version}\n".encode())
    old.unlink()
    reseal(site, before, new.read_bytes())
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8").replace(old.name, new.name)
        page.write_text(re.sub(r"<title>(?:v\d )?", f"<title>{version} ", text), encoding="utf-8")
    engine = [
        path.relative_to(site).as_posix() for path in (site / "assets" / "engine").rglob("*") if path.is_file()
    ]
    kit = [path.relative_to(site).as_posix() for path in (site / "assets" / "kit").rglob("*") if path.is_file()]
    write_offline(site, SOURCE, engine + kit)


def worker_name(page: Page) -> str:
    """Return the file that this page's worker came from."""
    urls = page.evaluate(
        "performance.getEntriesByType('resource').map((entry) => entry.name).concat([...document.querySelectorAll('email-form')].map((form) => JSON.parse(form.dataset.form).engine.worker.url))"
    )
    return str(next(url for url in urls if "worker." in url and "search" not in url))


@pytest.mark.allow_errors
def test_every_form_works_without_a_network_after_one_visit(page: Page, copy: Path, own_port: int) -> None:
    with served(copy, own_port) as address:
        use_form(page, address)
        # What comes from the service worker can be compiled as it is, and so be kept compiled.
        assert page.evaluate(
            """async (wasm) => {
                const response = await fetch(wasm);
                const module = await WebAssembly.compileStreaming(response.clone());
                return response.headers.has("x-unpacked") && module instanceof WebAssembly.Module;
            }""",
            compiled_again(page),
        )
    # Nobody serves the site any more.
    use_form(page, address, name="Bea")
    use_form(page, address, PANEL, name="Cem")


@pytest.mark.allow_errors
@pytest.mark.long
def test_the_page_that_is_open_goes_on_without_a_network(page: Page, server: str) -> None:
    use_form(page, server)
    kept(page)
    page.evaluate("window.stillHere = true")
    page.context.set_offline(True)
    page.get_by_role("link", name="panel page").click()
    expect(page).to_have_title(re.compile("panel"))
    write(page, "Dan")
    assert page.evaluate("window.stillHere")


@pytest.mark.long
def test_a_page_without_a_form_installs_nothing(page: Page, copy: Path, own_port: int, watch: Any) -> None:
    with served(copy, own_port) as address:
        page.goto(f"{address}/guide/")
        page.wait_for_timeout(1500)
        assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
        assert not [url for url in watch.requests if "/engine/" in url]
        page.goto("about:blank")


@pytest.mark.long
def test_the_site_may_lie_in_a_folder(page: Page, fork: str) -> None:
    page.goto(f"{fork}/two/")
    page.locator(FIELD).first.fill("Acme")
    expect(page.locator("email-form").first).to_have_attribute("data-state", "ready")
    kept(page)
    assert page.evaluate("navigator.serviceWorker.ready.then((one) => one.scope)") == f"{fork}/"


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_new_build_waits_and_nothing_typed_is_lost(page: Page, copy: Path, own_port: int) -> None:
    with served(copy, own_port) as address:
        use_form(page, address)
        kept(page)
        page.goto(address + FORM)
        use_form(page, address, name="typed before the update")
        (first,) = caches(page)
        for version in ("v2", "v3"):
            deploy(copy, version)
            update(page)
            # The open page goes on with what it has.
            assert first in caches(page)
            assert page.locator(FIELD).first.input_value() == "typed before the update"
            # A second page gets the new build from the network, whole.
            other = page.context.new_page()
            use_form(other, address, name="in the new page")
            assert other.title().startswith(version)
            assert f"worker.{version}" in worker_name(other)
            other.close()
        page.locator(FIELD).first.fill("typed after the update")
        expect(page.get_by_role("region", name="Your email").locator("[data-part=body]").first).to_contain_text(
            "typed after the update"
        )
    # Without a network the old page is whole too: it is the old build's, worker included.
    reopened = page.context.new_page()
    use_form(reopened, address, name="offline")
    assert not reopened.title().startswith("v")
    reopened.close()


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_new_build_takes_over_when_the_last_page_is_closed(page: Page, copy: Path, own_port: int) -> None:
    context: BrowserContext = page.context
    with served(copy, own_port) as address:
        use_form(page, address)
        kept(page)
        (first,) = caches(page)
        use_form(page, address)
        deploy(copy, "v2")
        update(page)
        assert len(caches(page)) == 2
        page.goto("about:blank")
        page.wait_for_timeout(500)
        second = context.new_page()
        use_form(second, address)
        second.wait_for_timeout(1000)
        assert first not in caches(second)
    use_form(second, address, name="offline")
    assert second.title().startswith("v2")


@pytest.mark.allow_errors
@pytest.mark.long
@pytest.mark.parametrize("builds", [2, 10])
def test_many_builds_under_one_open_page_leave_two_on_the_device(
    page: Page, copy: Path, own_port: int, builds: int
) -> None:
    with served(copy, own_port) as address:
        use_form(page, address)
        kept(page)
        (first,) = caches(page)
        use_form(page, address, name="typed before the updates")
        newest = ""
        for number in range(builds):
            deploy(copy, f"v{number}")
            update(page)
            two = caches(page)
            # A browser may tell of an update before it begins to install it.
            for _ in range(PATIENCE // 50):
                if len(two) == 2 and newest not in two:
                    break
                page.wait_for_timeout(50)
                two = caches(page)
            assert len(two) == 2
            assert first in two
            assert newest not in two
            (newest,) = {*two} - {first}
    # The page that is open goes on with its own.
    other = page.context.new_page()
    use_form(other, address, name="offline")
    assert not other.title().startswith("v")
    other.close()


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_build_that_does_not_arrive_leaves_nothing_of_it_on_the_device(
    page: Page, copy: Path, own_port: int
) -> None:
    with served(copy, own_port) as address:
        use_form(page, address)
        kept(page)
        before = caches(page)
        use_form(page, address)
        deploy(copy, "v2")
        lose(next((copy / "assets" / "engine").glob("worker.v2*")))
        update(page)
        assert caches(page) == before


def lose(file: Path) -> None:
    file.unlink()


def damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


@pytest.mark.allow_errors
@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("worker.v2*", lose),
        ("wasm.*", damage),
        ("snapshot.*", damage),
        ("pyodide-*/*.asm.mjs", damage),
        ("../kit/*/visit.mjs", damage),
    ],
)
def test_a_build_that_does_not_arrive_whole_is_not_kept(
    page: Page, copy: Path, own_port: int, name: str, harm: Callable[[Path], None]
) -> None:
    with served(copy, own_port) as address:
        use_form(page, address)
        kept(page)
        (first,) = caches(page)
        use_form(page, address)
        deploy(copy, "v2")
        harm(next((copy / "assets" / "engine").glob(name)))
        update(page)
    use_form(page, address, name="offline")
    assert not page.title().startswith("v2")
    assert first in caches(page)


@pytest.mark.long
def test_it_can_be_switched_off(page: Page, copy: Path, own_port: int) -> None:
    with served(copy, own_port) as address:
        use_form(page, address)
        kept(page)
        write_offline(copy, SOURCE, None)
        for file in copy.rglob("*.html"):
            text = file.read_text(encoding="utf-8")
            file.write_text(re.sub(r", ?&#34;offline&#34;: ?&#34;[^&]*&#34;", "", text), encoding="utf-8")
        update(page)
        for _ in range(50):
            if not caches(page):
                break
            page.wait_for_timeout(100)
        assert caches(page) == []
        assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
        page.goto("about:blank")
