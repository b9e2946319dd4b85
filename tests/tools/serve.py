"""A plain local server of built files."""

from __future__ import annotations

import functools
import gzip
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder below the path ``under``, until it is ``gone``."""

    under = ""
    gone = False
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def do_GET(self) -> None:
        # A browser keeps a spare connection, and its thread outlives the server.
        if not self.gone:
            super().do_GET()

    def translate_path(self, path: str) -> str:
        if not path.startswith(self.under):
            return os.devnull
        return super().translate_path(path.removeprefix(self.under) or "/")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        pass

    def handle(self) -> None:
        # The browser may leave before an answer is whole.
        with suppress(ConnectionResetError, BrokenPipeError):
            super().handle()


class Packing(Handler):
    """Packs what is text and keeps connections, as hosts do."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.partition("?")[0].endswith("/"):
            path /= "index.html"
        kind = self.guess_type(str(path))
        if self.gone or not path.is_file() or not kind.endswith(_TEXTS):
            super().do_GET()
            return
        body = _packed(path, path.stat().st_mtime_ns)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)


#: How the types of text end.
_TEXTS = ("html", "css", "javascript", "json", "xml", "plain", "wasm")


@functools.cache
def _packed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def serving(folder: Path, port: int = 0, under: str = "", *, pack: bool = False) -> Iterator[str]:
    """Serve ``folder``, which may come later, at a port, below the path ``under``; gives the address."""
    handler = type("Handler", (Packing if pack else Handler,), {"under": under})
    with ThreadingHTTPServer(("127.0.0.1", port), functools.partial(handler, directory=str(folder))) as httpd:
        httpd.daemon_threads = True
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}{under}"
        handler.gone = True  # type: ignore[attr-defined]
        httpd.shutdown()
