"""Links from one page to another, as authors write them: to the file, by its path from the page's folder."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from urllib.parse import quote, unquote, urlsplit

#: What MkDocs takes for a page. It tells capitals apart.
PAGES: Final = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")

_INLINE: Final = re.compile(r"\]\(\s*<?([^\s()<>]{1,2000})")
_DEFINITION: Final = re.compile(r"(?m)^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*<?([^\s<>]{1,2000})")


class Link(NamedTuple):
    """A link to a page: its line and column, from 0, and the page that it leads to."""

    line: int
    column: int
    page: str


def find_links(lines: Sequence[str], page: str) -> Iterator[Link]:
    """Yield the links of ``page`` to other pages; ``lines`` are its lines without code and comments."""
    for number, line in enumerate(lines):
        for pattern in (_INLINE, _DEFINITION):
            for match in pattern.finditer(line):
                if target := target_of(match[1], page):
                    yield Link(number, match.start(1), target)


def target_of(address: str, page: str) -> str:
    """Return the page, by its path below the content folder, to which a link on ``page`` leads; or nothing."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or parts.path.startswith("/") or not parts.path.endswith(PAGES):
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path)))


def anchor_of(address: str) -> str:
    """Return the place on a page to which a link leads; or nothing."""
    return unquote(address.partition("#")[2])


def link_to(target: str, page: str, anchor: str = "") -> str:
    """Return the link that leads from ``page`` to ``target``, both by their paths below the content folder."""
    path = posixpath.relpath(target, posixpath.dirname(page) or ".")
    return quote(path) + (f"#{quote(anchor)}" if anchor else "")
