"""Measures the site against the obvious alternatives and prints Markdown tables. Run it with ``make bench``.

All variants take turns within one run, after one round that does not count: what disturbs the machine disturbs all
of them alike. Read the ratios; the times are this machine's.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final, TypeAlias
from urllib.request import Request, urlopen

from playwright.sync_api import BrowserContext, Locator, Page, Playwright, sync_playwright

from generator.core.template import Template
from tests.browser.conftest import ANSWERS
from tests.browser.conftest import fill as fill_form
from tests.browser.probe import ask, fill, make_engine, make_probing_site, outcome
from tests.tools.bench.lighthouse import CATEGORIES, Lighthouse
from tests.tools.find_browser import installed_chromium, installed_firefox
from tests.tools.serve import Handler, free_port, serving
from tests.tools.site import ROOT, build, make_fork

BENCH: Final = ROOT / ".kit-cache" / "bench"
RIVALS: Final = {"@pyscript/core": "0.7.31", "@micropython/micropython-webassembly-pyscript": "1.27.0"}
FORM: Final = "/emails/thank-you/"
READING: Final = "/guide/"
#: What Lighthouse looks at.
LOOKED_AT: Final = ("/guide/why/", FORM, "/")
OURS: Final = "our page"
A_DETAIL: Final = "we spoke about the new desk and how the team would use it each day " * 14

_PAGES: Final = {
    "bare.html": '<script type="module">new Worker("bare.mjs", {type: "module"}).onmessage = () => '
    "document.documentElement.dataset.answer = performance.now();</script>",
    "bare.mjs": 'import { loadPyodide } from "./npm/pyodide.mjs";\n'
    'postMessage((await loadPyodide()).runPython("1 + 1"));',
    "pyscript.html": '<script type="module" src="pyscript/core.js"></script>'
    '<script type="py" config=\'{"interpreter": "/npm/pyodide.mjs"}\'>\n'
    "from pyscript import window\n"
    "window.document.documentElement.dataset.answer = window.performance.now()\n</script>",
    "micropython.html": '<script type="module" src="pyscript/core.js"></script>'
    '<script type="mpy" config=\'{"interpreter": "/micropython/micropython.mjs"}\'>\n'
    "from pyscript import window\n"
    "window.document.documentElement.dataset.answer = window.performance.now()\n</script>",
    "compile.html": '<script type="module">await WebAssembly.compileStreaming(fetch("npm/pyodide.asm.wasm"));'
    "document.documentElement.dataset.answer = performance.now();</script>",
}

#: Notes when Python's first answer is there, and tells it in the page's title, which can be read from outside.
_OBSERVE: Final = """
new MutationObserver((_, observer) => {
    const { dataset } = document.documentElement;
    if (document.querySelector("email-form[data-state=ready]")) dataset.answer ??= performance.now();
    if (!dataset.answer) return;
    observer.disconnect();
    document.title = `answer ${dataset.answer}`;
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-state", "data-answer"] });
"""
_LATENCY: Final = """() => {
    window.latencies = [];
    let typed = 0;
    document.addEventListener("keydown", (event) => { typed = event.timeStamp; }, true);
    new MutationObserver(() => {
        if (!typed) return;
        const since = typed;
        typed = 0;
        requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => window.latencies.push(performance.now() - since);
            port2.postMessage(0);
        });
    }).observe(document.querySelector("email-form [data-part=body]"), { subtree: true, childList: true, characterData: true });
}"""

_PAINTED: Final = """([count, rest]) => new Promise((done, fail) => {
    const look = () => (window.latencies.length > count ? setTimeout(done, rest) : setTimeout(look, 5));
    look();
    setTimeout(() => fail(new Error(`the preview stood still at key press ${count}`)), 10_000);
})"""

#: Keeps the engine's worker and the page's newest question to it.
_KEEP_WORKER: Final = """
window.Worker = class extends Worker {
    postMessage(...given) {
        Object.assign(window, { asked: given[0], worker: this });
        super.postMessage(...given);
    }
};
"""

#: Asks that question again with one letter more each time, as typing does, and notes how long each answer takes.
#: No key is pressed: Chromium holds messages back until it has painted what a key press has changed.
_ASK: Final = """async ([field, letters]) => {
    const request = JSON.parse(window.asked.request);
    const times = [];
    for (const letter of letters) {
        request.values[field] += letter;
        const asked = performance.now();
        const answered = new Promise((done) => window.worker.addEventListener("message", done, { once: true }));
        window.worker.postMessage({ type: "ask", id: -1, request: JSON.stringify(request) });
        await answered;
        times.push(performance.now() - asked);
    }
    return times;
}"""

#: The least that a page can do at a key: one text shows what was typed.
_EMPTY: Final = """<!doctype html><meta charset="utf-8"><title>Empty handler</title>
<email-form data-state="ready"><input type="text"><p data-part="body"></p></email-form>
<script>
const [input, shown] = document.querySelectorAll("input, p");
input.addEventListener("input", () => { shown.textContent = input.value; });
</script>"""
WARM_UP: Final = 20


def log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def in_turn(variants: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Run every variant once a round; the first round warms up."""
    results: dict[str, list[float]] = {name: [] for name in variants}
    for number in range(rounds + 1):
        for name, run in variants.items():
            value = run()
            log(f"  round {number}: {name}: {value:.0f}")
            if number:
                results[name].append(value)
    return results


def compare(results: dict[str, list[float]], base: str, unit: str) -> str:
    reference = statistics.median(results[base])
    return table(
        ("", f"median {unit}", "least", "most", f"of {base}"),
        [
            (
                name,
                f"{statistics.median(values):.0f}",
                f"{min(values):.0f}",
                f"{max(values):.0f}",
                f"{statistics.median(values) / reference:.2f}",
            )
            for name, values in results.items()
        ],
    )


@contextmanager
def chromium(playwright: Playwright) -> Iterator[BrowserContext]:
    """A fresh Chromium with a disk cache, as people have it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as fresh:
        context = playwright.chromium.launch_persistent_context(
            fresh, executable_path=installed_chromium(whole=True), args=["--no-sandbox"]
        )
        yield context
        context.close()


@contextmanager
def firefox(playwright: Playwright) -> Iterator[BrowserContext]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as fresh:
        context = playwright.firefox.launch_persistent_context(
            fresh, channel="moz-firefox", executable_path=installed_firefox()
        )
        yield context
        context.close()


class Alone:
    """A Chromium that nobody looks into: Playwright halts and fills every worker before it may start."""

    def __init__(self, process: subprocess.Popen[bytes], profile: Path) -> None:
        port = profile / "DevToolsActivePort"

        def listening() -> str:
            assert process.poll() is None, "Chromium does not start"
            return port.read_text(encoding="ascii") if port.is_file() else ""

        self.address = f"http://127.0.0.1:{until(listening).split()[0]}"
        # It has only just been launched: its own window loads too, and would take the processors from the page.
        time.sleep(2)

    def answered(self, address: str) -> float:
        """Open a page; return the milliseconds from the start of the navigation to Python's first answer."""
        target = self._ask(f"/json/new?{address}", "PUT")["id"]

        def answer() -> str:
            title = next(page["title"] for page in self._ask("/json/list") if page["id"] == target)
            return str(title) if title.startswith("answer ") else ""

        return float(until(answer).split()[1])

    def _ask(self, path: str, method: str = "GET") -> Any:
        with urlopen(Request(self.address + path, method=method)) as reply:
            return json.load(reply)


def until(there: Callable[[], str]) -> str:
    """Return what ``there`` gives as soon as that is not empty."""
    for _ in range(1200):
        if found := there():
            return found
        time.sleep(0.1)
    raise TimeoutError("waited for two minutes")


@contextmanager
def chromium_alone(playwright: Playwright) -> Iterator[Alone]:
    program = installed_chromium(whole=True) or playwright.chromium.executable_path
    options = ("--headless=new", "--no-sandbox", "--no-first-run", "--disable-background-networking")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [program, *options, f"--user-data-dir={profile}", "--remote-debugging-port=0", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield Alone(process, Path(profile))
        finally:
            process.terminate()
            process.wait()


def observed(folder: Path, page: str) -> None:
    """Have a page tell when Python's first answer is there."""
    (folder / "observe.js").write_text(_OBSERVE, encoding="utf-8")
    path = folder / page
    text = path.read_text(encoding="utf-8")
    # After the policy, which lets a page run what its own server has.
    path.write_text(text.replace("<title>", '<script src="observe.js"></script><title>', 1), encoding="utf-8")


@contextmanager
def commit_served(commit: str, folder: Path, *, pack: bool = False) -> Iterator[tuple[Path, str]]:
    """Build the site of an older commit, with the packages of today, and serve it."""
    tree = folder / "tree"
    subprocess.run(["git", "worktree", "add", "--quiet", "--detach", tree, commit], cwd=ROOT, check=True)
    try:
        (tree / "node_modules").symlink_to(ROOT / "node_modules")
        site, port = folder / "site", free_port()
        log(f"Building commit {commit} …")
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(site)]
        environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "SITE_URL": f"http://127.0.0.1:{port}/"}
        subprocess.run(command, cwd=tree, env=environment, capture_output=True, check=True)
        with serving(site, port, pack=pack) as address:
            yield site, address
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=True)


#: Folder and address of a site, by what its rows are called.
Served: TypeAlias = dict[str, tuple[Path, str]]


def start_up(playwright: Playwright, served: Served, rivals: str, rounds: int) -> Iterator[str]:
    for site, _ in served.values():
        observed(site, "index.html")

    def cold(address: str) -> float:
        with chromium_alone(playwright) as browser:
            return browser.answered(address)

    def cold_firefox(address: str) -> float:
        with firefox(playwright) as context:
            page = context.new_page()
            page.wait_for_timeout(2000)
            page.goto(address)
            page.locator("html[data-answer]").wait_for(state="attached", timeout=120_000)
            return float(page.evaluate("Number(document.documentElement.dataset.answer)"))

    def later(address: str, visits: int) -> float:
        with chromium_alone(playwright) as browser:
            for _ in range(visits):
                browser.answered(f"{address}/")
                use(playwright, browser)
            return browser.answered(f"{address}/")

    yield "## From navigation to Python's first answer, Chromium\n"
    variants: dict[str, Callable[[], float]] = {
        "loadPyodide() as npm ships it": lambda: cold(f"{rivals}/bare.html"),
        **{
            f"{name}, first visit": functools.partial(cold, f"{address}/")
            for name, (_, address) in served.items()
        },
        "our page, second visit": lambda: later(served[OURS][1], 1),
        "our page, third visit": lambda: later(served[OURS][1], 2),
        "PyScript on Pyodide": lambda: cold(f"{rivals}/pyscript.html"),
        "PyScript on MicroPython": lambda: cold(f"{rivals}/micropython.html"),
        "compiling Pyodide's WebAssembly alone": lambda: cold(f"{rivals}/compile.html"),
    }
    yield compare(in_turn(variants, rounds), "loadPyodide() as npm ships it", "ms")
    if installed_firefox():
        yield "## The same in Firefox\n"
        variants = {
            "loadPyodide() as npm ships it": lambda: cold_firefox(f"{rivals}/bare.html"),
            "our page, first visit": lambda: cold_firefox(f"{served[OURS][1]}/"),
        }
        yield compare(in_turn(variants, rounds), "loadPyodide() as npm ships it", "ms")


def use(playwright: Playwright, browser: Alone) -> None:
    """Write an email on the page that is open, and close it; meanwhile the browser keeps what it has compiled."""
    visitor = playwright.chromium.connect_over_cdp(browser.address)
    page = next(page for page in visitor.contexts[0].pages if page.url != "about:blank")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    fill_form(page, ANSWERS)
    asked(page, "Company").press_sequentially(typing(100))
    page.wait_for_timeout(3000)
    page.close()
    visitor.close()
    time.sleep(1)


def long_email() -> str:
    """Return a page with an email of 2,000 characters and 20 fields."""
    sentence = (
        "About [field {}] I would like to say a few more words, which is why this line goes on for a while. "
    )
    body = "\n\n".join(sentence.format(number) for number in range(1, 21))
    return f"---\nengine: early\n---\n# Long\n\n```email\nName: Long\nSubject: About [field 1]\n\n{body[:2000].rstrip()}\n```\n"


def key_presses(playwright: Playwright, served: Served, work: Path, presses: int, rounds: int) -> Iterator[str]:
    long_port = free_port()
    config = make_fork(work / "fork", {"index.md": long_email()})
    result = build(work / "long", config=config, address=f"http://127.0.0.1:{long_port}/")
    assert result.returncode == 0, result.stderr
    (work / "long" / "empty.html").write_text(_EMPTY, encoding="utf-8")
    rows = []
    with serving(work / "long", long_port) as address:
        for name, path in (("an empty handler", "/empty.html"), ("the mirror", "/"), ("Python", "/")):
            with chromium(playwright) as context:
                if name == "the mirror":
                    context.route(re.compile(r"/wasm\.\w+\.bin$"), lambda route: route.abort())
                page = context.new_page()
                page.goto(address + path)
                state = "failed" if name == "the mirror" else "ready"
                page.locator(f"email-form[data-state={state}]").wait_for(timeout=60_000)
                page.locator("email-form :is(input[type=text], textarea)").first.focus()
                rows.append((name, *quantiles(press(page, presses))))
    yield "## From key press to painted preview, 2,000 characters, 20 fields (ms)\n"
    yield table(("preview by", "presses", "p50", "p95", "p99"), rows)

    with ExitStack() as stack:
        # One visitor a site, and a stretch of each in turn.
        pages = {name: writing(stack, playwright, address) for name, (_, address) in served.items()}
        painted: dict[str, list[float]] = {name: [] for name in pages}
        answers: dict[str, list[float]] = {name: [] for name in pages}
        for _ in range(rounds):
            for name, page in pages.items():
                page.bring_to_front()
                painted[name] += press(page, presses // rounds)
                answers[name] += page.evaluate(
                    _ASK, ["relevant skills or experience", typing(presses // rounds)]
                )
    yield "## The thank-you email with some 300 words, every rule of the review on (ms)\n"
    yield table(
        ("", "presses", "p50", "p95", "p99"),
        [(f"Python's answer, {name}", *quantiles(values)) for name, values in answers.items()]
        + [
            (f"from key press to painted preview, {name}", *quantiles(values))
            for name, values in painted.items()
        ],
    )


def writing(stack: ExitStack, playwright: Playwright, site: str) -> Page:
    """Open the thank-you email and fill it in, ready to type into one of its questions."""
    context = stack.enter_context(chromium(playwright))
    context.add_init_script(_KEEP_WORKER)
    page = context.new_page()
    page.goto(site + FORM)
    page.locator("email-form").hover()
    page.locator("email-form[data-state=ready]").wait_for(timeout=60_000)
    for name, value in (ANSWERS | {"a project or aspect discussed": A_DETAIL}).items():
        asked(page, name).fill(value)
    asked(page, "relevant skills or experience").focus()
    return page


def asked(page: Page, name: str) -> Locator:
    """Return the input for a placeholder; an older page has its name for a label."""
    return page.locator(f'[data-field="{name}"]').or_(page.get_by_label(name)).first


def typing(presses: int) -> str:
    return ("abcdefgh " * presses)[:presses]


def press(page: Page, presses: int) -> list[float]:
    """Press keys in the focused field and return how long each took to be painted, in milliseconds."""
    page.evaluate(_LATENCY)
    # Nobody types in step with the screen: the rest after each press takes it anywhere between two frames.
    rests = random.Random(1)
    for number, letter in enumerate(typing(WARM_UP + presses)):
        page.keyboard.press(letter)
        # One press at a time: a newer request would take the place of this one.
        page.evaluate(_PAINTED, [number, rests.uniform(20, 60)])
    return list(page.evaluate(f"window.latencies.slice({WARM_UP})"))


def quantiles(values: list[float]) -> tuple[str, ...]:
    cuts = statistics.quantiles(values, n=100)
    return f"{len(values):,}", *(f"{cuts[percent - 1]:.1f}" for percent in (50, 95, 99))


class _Counting(Handler):
    sent: list[str] = []  # noqa: RUF012  # shared on purpose

    def do_GET(self) -> None:  # noqa: N802  # the base class's name
        self.sent.append(self.path.partition("?")[0])
        super().do_GET()


def transferred(playwright: Playwright, site: Path, port: int) -> Iterator[str]:
    yield "## Bytes on the wire, gzipped where that is less\n"
    handler = functools.partial(_Counting, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as httpd:
        httpd.daemon_threads = True
        Thread(target=httpd.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{port}"
        with chromium(playwright) as context:
            page = context.new_page()
            for name, path, uses in (
                ("a reading page", READING, False),
                ("the first page with a form", FORM, True),
                ("the same, second visit", FORM, True),
            ):
                _Counting.sent.clear()
                page.goto(address + path)
                if uses:
                    page.locator("email-form input[type=text], email-form textarea").first.fill("Ann")
                    page.locator("email-form[data-state=ready]").wait_for(timeout=60_000)
                at_ready = [*_Counting.sent]
                page.wait_for_timeout(3000)
                rows, total, engine = [], 0, 0
                for file in dict.fromkeys(at_ready):
                    size = wire_size(site, file)
                    total += size
                    engine += size if "/engine/" in file else 0
                    if size > 20_000:
                        rows.append((file, f"{size:,}"))
                later = sum(
                    wire_size(site, file) for file in set(_Counting.sent[len(at_ready) :]) - set(at_ready)
                )
                rows += [
                    ("all files until ready", f"{total:,}"),
                    ("of that, the engine", f"{engine:,}"),
                    ("kept for offline use afterwards", f"{later:,}"),
                ]
                yield f"### {name}\n"
                yield table(("file", "bytes"), rows)
        httpd.shutdown()


def wire_size(site: Path, path: str) -> int:
    file = site / path.lstrip("/")
    if file.is_dir():
        file /= "index.html"
    content = file.read_bytes() if file.is_file() else b""
    return min(len(content), len(gzip.compress(content, 6)))


def heap(playwright: Playwright, site: Path, work: Path) -> Iterator[str]:
    make_probing_site(site, work / "probing", "http://127.0.0.1:9", cut_off=True)
    rows = []
    with serving(work / "probing", free_port()) as address, chromium(playwright) as context:
        page = context.new_page()
        page.goto(address + FORM)
        make_engine(page)
        assert outcome(page) == "ready"
        done = 0
        for count in (10, 10_000):
            page.evaluate(
                "async ([count, request]) => { for (let i = 0; i < count; i++) { request.values.Name = `Ann ${i}`; await window.engine.ask(request); } }",
                [count - done, fill("Ann")],
            )
            done = count
            rows.append((f"{count:,}", f"{int(ask(page, {'memory': True})['value']):,}"))
    yield "## WebAssembly memory after renders (bytes)\n"
    yield table(("renders", "bytes"), rows)


def builds(work: Path, sizes: tuple[int, ...], rounds: int) -> Iterator[str]:
    yield "## mkdocs build: pages with an email, and the same as plain Markdown (s)\n"
    body = "Dear [Name],\n\nthank you for [the topic]. [[And for [a favor].]] " + "More words follow. " * 30
    rows = []
    for size in sizes:
        variants: dict[str, Callable[[], float]] = {}
        for kind, fence in (
            ("email", "```email\nName: {0}\nSubject: To [Name] {0}\n\n{1}\n```"),
            ("plain", "```\n{0}\n\n{1}\n```"),
        ):
            pages = {f"p{n}.md": f"# Page {n}\n\n{fence.format(n, body)}\n" for n in range(size)}
            config = make_fork(work / f"{kind}-{size}", {"index.md": "# Home\n"} | pages)
            variants[kind] = functools.partial(timed_build, config, work / f"site-{kind}-{size}")
        results = in_turn(variants, rounds)
        email, plain = (statistics.median(results[kind]) / 1000 for kind in ("email", "plain"))
        rows.append((size, f"{email:.2f}", f"{plain:.2f}", f"{email / plain:.2f}"))
    yield table(("pages", "email", "plain", "ratio"), rows)


def timed_build(config: Path, target: Path) -> float:
    start = time.perf_counter()
    result = build(target, config=config)
    assert result.returncode == 0, result.stderr
    return (time.perf_counter() - start) * 1000


def core(rounds: int) -> Iterator[str]:
    rows = []
    for size in (1_000, 10_000, 100_000):
        paragraph = "Dear [Name], thank you for [the topic], which I liked. [[And for [a favor].]]\n\n"
        text = "Subject: To [Name]\n\n" + paragraph * (size // len(paragraph))
        values = {"Name": "Ann", "the topic": "the talk"}
        template = Template.parse(text)
        parse, filling = [], []
        for _ in range(rounds * 4):
            start = time.perf_counter()
            Template.parse(text)
            middle = time.perf_counter()
            template.fill(values)
            parse.append((middle - start) * 1000)
            filling.append((time.perf_counter() - middle) * 1000)
        rows.append((f"{len(text):,}", f"{statistics.median(parse):.2f}", f"{statistics.median(filling):.2f}"))
    yield "## Parse and fill a template (ms, this machine's Python)\n"
    yield table(("characters", "parse", "fill"), rows)


def lighthouse(playwright: Playwright, work: Path, beside: str | None, rounds: int) -> Iterator[str]:
    """Have Lighthouse judge pages as a phone loads them, from a host that packs."""
    program = Lighthouse(
        BENCH / "lighthouse", installed_chromium(whole=True) or playwright.chromium.executable_path
    )
    port = free_port()
    result = build(work / "packed", config=ROOT / "mkdocs.yml", address=f"http://127.0.0.1:{port}/")
    assert result.returncode == 0, result.stderr
    scores: dict[tuple[str, str], list[dict[str, float]]] = {}
    found: dict[tuple[str, str], set[str]] = {}
    with ExitStack() as stack:
        sites = {OURS: stack.enter_context(serving(work / "packed", port, pack=True))}
        if beside:
            old = commit_served(beside, work / "packed beside", pack=True)
            sites[f"at {beside}"] = stack.enter_context(old)[1]
        for number in range(1, rounds + 1):
            for path in LOOKED_AT:
                for name, address in sites.items():
                    judged = program.judge(address + path)
                    log(f"  round {number}: {path} {name}: {judged.scores}")
                    scores.setdefault((path, name), []).append(judged.scores)
                    found.setdefault((path, name), set()).update(judged.faults)
    yield f"## Lighthouse {program.version}, mobile, median of {rounds} (least to most)\n"
    yield table(
        ("page", "", *CATEGORIES, "first paint ms", "largest ms", "blocked ms", "machine"),
        [
            (path, name, *(spread([one[key] for one in all_scores]) for key in all_scores[0]))
            for (path, name), all_scores in scores.items()
        ],
    )
    for (path, name), faults in found.items():
        if faults:
            yield f"{path}, {name}: {', '.join(sorted(faults))}\n"


def spread(values: list[float]) -> str:
    """Return the median, and how far the values lie apart if they do."""
    middle, least, most = (f"{value:.0f}" for value in (statistics.median(values), min(values), max(values)))
    return middle if least == most else f"{middle} ({least} to {most})"


def rivals_folder() -> Path:
    """Return a folder with a page for each alternative."""
    BENCH.mkdir(parents=True, exist_ok=True)
    (BENCH / "package.json").write_text(json.dumps({"private": True, "dependencies": RIVALS}), encoding="utf-8")
    if not (BENCH / "node_modules").is_dir():
        log("Installing PyScript from npm …")
        npm = Path(sys.executable).parent / "npm"
        subprocess.run([npm, "install", "--no-audit", "--no-fund", "--silent"], cwd=BENCH, check=True)
    folder = BENCH / "pages"
    folder.mkdir(exist_ok=True)
    for name, text in _PAGES.items():
        prefix = '<!doctype html><meta charset="utf-8"><title>Bench</title>' if name.endswith("html") else ""
        (folder / name).write_text(prefix + text, encoding="utf-8")
        if prefix:
            observed(folder, name)
    modules = BENCH / "node_modules"
    for link, target in (
        ("npm", ROOT / "node_modules" / "pyodide"),
        ("pyscript", modules / "@pyscript" / "core" / "dist"),
        ("micropython", modules / "@micropython" / "micropython-webassembly-pyscript"),
    ):
        (folder / link).unlink(missing_ok=True)
        (folder / link).symlink_to(target)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count, after one that does not")
    parser.add_argument("--presses", type=int, default=300, help="key presses to measure")
    parser.add_argument(
        "--pages", type=int, nargs="*", default=[10, 100, 1000], help="sizes of the sites to build"
    )
    parser.add_argument(
        "--only", nargs="*", default=[], help="start, keys, bytes, heap, builds, core, lighthouse"
    )
    parser.add_argument(
        "--beside", metavar="COMMIT", help="an older state of the site that takes turns with this one"
    )
    options = parser.parse_args()

    def wanted(name: str) -> bool:
        return not options.only or name in options.only

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, ExitStack() as stack:
        work = Path(folder)
        port = free_port()
        site = work / "site"
        result = build(config=ROOT / "mkdocs.yml", target=site, address=f"http://127.0.0.1:{port}/")
        assert result.returncode == 0, result.stderr
        if wanted("bytes"):
            for text in transferred(playwright, site, port):
                print(text, flush=True)
        address = stack.enter_context(serving(site, port))
        served: Served = {OURS: (site, address)}
        if options.beside and (wanted("start") or wanted("keys")):
            served[f"at {options.beside}"] = stack.enter_context(commit_served(options.beside, work / "beside"))
        if wanted("start"):
            rivals = stack.enter_context(serving(rivals_folder(), free_port()))
            for text in start_up(playwright, served, rivals, options.rounds):
                print(text, flush=True)
        parts: dict[str, Callable[[], Iterator[str]]] = {
            "keys": lambda: key_presses(playwright, served, work, options.presses, options.rounds),
            "heap": lambda: heap(playwright, site, work),
            "core": lambda: core(options.rounds),
            "builds": lambda: builds(work, tuple(options.pages), options.rounds),
            "lighthouse": lambda: lighthouse(playwright, work, options.beside, options.rounds),
        }
        for name, part in parts.items():
            if wanted(name):
                for text in part():
                    print(text, flush=True)


if __name__ == "__main__":
    main()
