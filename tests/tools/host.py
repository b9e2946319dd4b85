"""A host that does what a test tells it: it publishes another build, hangs, or answers with something else.

It has the habits of GitHub Pages: an ETag for each file, ``404.html`` for what is missing, and, if a test wants it, the
same ``Cache-Control`` on everything.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import unquote

#: The address that a site is built for when it is not known who will serve it: a host puts its own in its place.
ANYWHERE: Final = "http://anywhere.example"

_TYPES: Final = {".mjs": "text/javascript", ".js": "text/javascript", ".bin": "application/octet-stream"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the host is about to send."""

    status: int
    kind: str
    body: bytes


#: Makes another answer of the right one; None for no answer at all, however long one waits.
Fault = Callable[[Answer], Answer | None]


def hang(_: Answer) -> None:
    """Take the request and never answer."""


def status(code: int) -> Fault:
    """Return the fault that answers with a status and a line of text."""
    return lambda _: Answer(code, "text/plain", b"no")


def html(_: Answer) -> Answer:
    """Answer with a page, as the filters of companies and schools do."""
    return Answer(200, "text/html", b"<!doctype html><title>Blocked</title><h1>Blocked by your network</h1>")


def cut(answer: Answer) -> Answer:
    """Send the first half as if it were all."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def flipped(answer: Answer) -> Answer:
    """Change one bit in the middle."""
    body = bytearray(answer.body)
    body[len(body) // 2] ^= 1
    return replace(answer, body=bytes(body))


@dataclass
class Host:
    """What is served, and how. All of it may be changed at any time.

    Attributes:
        folder: the build that is published now.
        address: where, without a slash at its end.
        max_age: for how many seconds a browser may keep any answer; None leaves that to the browser.
        requests: the path of every request that came, such as "/two/".
    """

    folder: Path
    address: str
    max_age: int | None
    requests: list[str] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)
    _faults: list[tuple[re.Pattern[str], Fault]] = field(default_factory=list)

    def deploy(self, folder: Path) -> None:
        """Publish another build in the place of this one, all at once."""
        self.folder = folder

    def fault(self, pattern: str, fault: Fault) -> None:
        """Break every file whose path ``pattern`` is found in: a regular expression, such as r"/wasm\\.". The newest wins."""
        self._faults.insert(0, (re.compile(pattern), fault))

    def mend(self) -> None:
        """End all faults. Who waits for an answer waits on."""
        self._faults.clear()

    def answer(self, path: str) -> Answer | None:
        """Return what to send for a path of the site."""
        right = self._right(path)
        for pattern, fault in self._faults:
            if pattern.search(path):
                return fault(right)
        return right

    def _right(self, path: str) -> Answer:
        root = self.folder
        file = root / unquote(path).lstrip("/")
        if file.is_dir():
            if not path.endswith("/"):
                return Answer(301, "text/plain", f"{path}/".encode())
            file /= "index.html"
        found = file.is_file()
        if not found:
            file = root / "404.html"
        kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        body = file.read_bytes() if file.is_file() else b"not found"
        if file.suffix in (".html", ".xml"):
            body = body.replace(ANYWHERE.encode(), self.address.encode())
        return Answer(200 if found else 404, kind, body)


class _Handler(BaseHTTPRequestHandler):
    host: Host
    under: str

    def do_GET(self) -> None:
        host = self.host
        path = self.path.partition("?")[0]
        inside = path.removeprefix(self.under)
        host.requests.append(inside)
        answer = host.answer(inside) if path.startswith(self.under) else Answer(404, "text/plain", b"")
        if answer is None:
            host.closed.wait()
            return
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
        if answer.status == 200 and tag in self.headers.get("If-None-Match", ""):
            answer = Answer(304, answer.kind, b"")
        with suppress(ConnectionError):  # the browser may leave before an answer is whole
            self._send(answer, tag)

    def _send(self, answer: Answer, tag: str) -> None:
        self.send_response(answer.status)
        if answer.status == 301:
            self.send_header("Location", self.under + answer.body.decode())
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("ETag", tag)
        if self.host.max_age is not None:
            self.send_header("Cache-Control", f"max-age={self.host.max_age}")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        pass

    def handle(self) -> None:
        # A browser keeps a spare connection, and its thread outlives the server.
        with suppress(ConnectionError):
            if not self.host.closed.is_set():
                super().handle()


@contextmanager
def hosting(folder: Path, port: int, under: str = "", max_age: int | None = 600) -> Iterator[Host]:
    """Serve ``folder`` at a port of this machine, below the path ``under``."""
    host = Host(folder, f"http://127.0.0.1:{port}{under}", max_age)
    handler = type("Handler", (_Handler,), {"host": host, "under": under})
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as httpd:
        httpd.daemon_threads = True
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield host
        host.closed.set()
        httpd.shutdown()
