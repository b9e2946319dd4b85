"""The service worker of a built site: what it keeps, and under which name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from generator.pages.policy import integrity

#: How many bytes of pages are kept on a reader's device, at most. The first pages that have a form come first.
PAGES_LIMIT: Final = 4_000_000

#: What every page of the theme asks for.
_SHARED: Final = (
    "assets/javascripts/**/*.js",
    "assets/stylesheets/*.css",
    "assets/favicon.*",
    "search/search_index.json",
    "sitemap.xml",
)
_BUILD: Final = "/** @type {Build | null} */ (null)"
_FORM: Final = "<email-form"
#: How the names of gzipped files end.
_PACKED: Final = ".bin"


def write_offline(site: Path, source: Path, engine: Iterable[str] | None) -> None:
    """Write the service worker into a built site.

    Args:
        site: the folder of the built site.
        source: the service worker, without a build in it.
        engine: the site names of the engine's files; None for a service worker that removes itself.
    """
    code = source.read_text(encoding="utf-8")
    if engine is not None:
        files = [*_files(site, engine)]
        # Pages are named by their address; the site's root is the empty one.
        build = {
            "id": _digest(site, files),
            "files": [name.removesuffix("index.html") for name in files if not name.endswith(_PACKED)],
            "packed": {name: integrity((site / name).read_bytes()) for name in files if name.endswith(_PACKED)},
        }
        if code.count(_BUILD) != 1:
            raise ValueError(f"{source} must hold '{_BUILD}' once")
        code = code.replace(_BUILD, json.dumps(build))
    (site / "offline.mjs").write_text(code, encoding="utf-8")


def _files(site: Path, engine: Iterable[str]) -> Iterator[str]:
    """Yield the names of the files to keep: the engine, what every page needs, and pages with a form."""
    # Only the slow start needs the first two, and only those who ask for it the proofreader.
    left_out = ("assets/engine/library.", "assets/engine/configuration.", "assets/proofread/")
    yield from sorted(name for name in engine if not name.startswith(left_out))
    for pattern in _SHARED:
        yield from sorted(
            path.relative_to(site).as_posix() for path in site.glob(pattern) if "lunr" not in path.parts
        )
    left = PAGES_LIMIT
    for path in sorted(site.rglob("index.html")):
        content = path.read_text(encoding="utf-8")
        left -= len(content)
        if left < 0:
            return
        if _FORM in content:
            yield path.relative_to(site).as_posix()


def _digest(site: Path, files: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for name in files:
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256((site / name).read_bytes()).digest())
    return digest.hexdigest()[:16]
