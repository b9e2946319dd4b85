"""The service worker of a built site: what it keeps, and under which name."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import jinja2

from generator.pages.assets import WEB
from generator.pages.policy import integrity

#: How many bytes of pages and pictures are kept on a reader's device, at most. Pages with a form come first.
PAGES_LIMIT: Final = 7_000_000

#: What every page of the theme asks for, of Material or of Zensical.
_SHARED: Final = (
    "assets/javascripts/**/*.js",
    "assets/stylesheets/*.css",
    "assets/stylesheets/classic/*.css",
    "assets/favicon.*",
    "assets/icon-*.png",
    "manifest.webmanifest",
    "search/search_index.json",
    "search.json",
    "sitemap.xml",
    "offline.html",
)
_BUILD: Final = "/** @type {Build | null} */ (null)"
_FORM: Final = "<email-form"
_PICTURE: Final = re.compile(r'<img\b[^>]*?\ssrc="([^"]+)"')
#: Stands for the pages that are not kept: the name of its template, and of its file in the site.
_PAGE: Final = "offline.html"
#: Files that no host has a reason to change.
_SEALED: Final = re.compile(r"assets/(?:engine|kit|javascripts|stylesheets)/")
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
        files = [*dict.fromkeys(_files(site, engine))]

        def seal(name: str) -> str:
            return integrity((site / name).read_bytes())

        # Pages are named by their address; the site's root is the empty one.
        build = {
            "id": _digest(site, files),
            "files": {
                name.removesuffix("index.html"): seal(name) if _SEALED.match(name) else ""
                for name in files
                if not name.endswith(_PACKED)
            },
            "packed": {name: seal(name) for name in files if name.endswith(_PACKED)},
        }
        if code.count(_BUILD) != 1:
            raise ValueError(f"{source} must hold '{_BUILD}' once")
        code = code.replace(_BUILD, json.dumps(build))
    (site / "offline.mjs").write_text(code, encoding="utf-8")


def write_offline_page(
    site: Path,
    words: Mapping[str, str],
    *,
    name: str,
    language: str,
    style: str,
    ways: Sequence[Mapping[str, str]] = (),
) -> None:
    """Write the page that stands for those that are not kept.

    Args:
        site: the folder of the built site.
        words: what the site says.
        name: the site's name.
        language: of the words, such as "en".
        style: the site name of the page's style sheet.
        ways: what may have happened: words, address and anchor of the page that it leads to.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(WEB),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    page = environment.get_template(_PAGE).render(
        words=words, name=name, language=language, style=style, ways=ways
    )
    (site / _PAGE).write_text(page.lstrip(), encoding="utf-8")


def _files(site: Path, engine: Iterable[str]) -> Iterator[str]:
    """Yield the names of the files to keep, some twice: the engine, what every page needs, and the pages."""
    # Only the slow start needs the first two, and only those who ask for it the proofreader.
    left_out = ("assets/engine/library.", "assets/engine/configuration.", "assets/proofread/")
    yield from sorted(name for name in engine if not name.startswith(left_out))
    for pattern in _SHARED:
        yield from sorted(
            path.relative_to(site).as_posix() for path in site.glob(pattern) if "lunr" not in path.parts
        )
    left = PAGES_LIMIT
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("index.html"))}
    for path, content in sorted(pages.items(), key=lambda page: _FORM not in page[1]):
        files = [path, *_pictures(site, path, content)]
        size = sum(file.stat().st_size for file in files)
        if size <= left:
            left -= size
            yield from (file.relative_to(site).as_posix() for file in files)


def _pictures(site: Path, page: Path, content: str) -> Iterator[Path]:
    """Yield the site's own pictures that a page shows."""
    for source in _PICTURE.findall(content):
        path = (page.parent / unquote(urlsplit(html.unescape(source)).path)).resolve()
        if path.is_file() and path.is_relative_to(site.resolve()):
            yield site / path.relative_to(site.resolve())


def _digest(site: Path, files: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for name in files:
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256((site / name).read_bytes()).digest())
    return digest.hexdigest()[:16]
