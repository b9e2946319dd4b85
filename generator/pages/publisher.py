"""Who publishes a site and what it loads from elsewhere: for the foot of its pages and for its privacy page."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from markupsafe import Markup, escape

from generator.core.words import put
from generator.pages.data import Data
from generator.pages.elsewhere import KINDS


def footer(data: Data, own: str) -> str:
    """Return the lines at the foot of each page, as HTML: the site's ``own`` one, and what its data says."""
    lines = [own] if own else []
    if data.organization:
        lines.append(escape(put(data.words["site_published"], {"organization": data.organization})))
    if data.contact:
        text = data.contact if "@" in data.contact else data.words["site_contact"]
        lines.append(_link(text, _address(data.contact)))
    lines += [_link(words, address) for words, address in data.credits.items()]
    return " · ".join(lines)


def _link(words: str, address: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, words)


def _address(contact: str) -> str:
    return contact if contact.startswith("https://") else f"mailto:{contact}"


def _publisher(data: Data) -> Iterator[str]:
    """Yield the Markdown that says who publishes the site; nothing where nobody says it."""
    if not (data.organization or data.contact or data.privacy):
        return
    yield from (f"## {data.words['site_publisher']}", "")
    if data.organization:
        yield from (put(data.words["site_answers"], {"organization": plain(data.organization)}), "")
    if data.contact:
        shown = data.contact.partition("://")[2] or data.contact
        link = f"[{plain(shown)}](<{_address(data.contact)}>)"
        yield from (put(data.words["site_reach"], {"contact": link}), "")
    yield data.privacy


def _elsewhere(data: Data) -> Iterator[str]:
    """Yield the Markdown that says what is loaded from other sites: an honest line for each kind."""
    if not data.allow:
        yield data.words["site_nothing"]
        return
    for kind in KINDS:
        if hosts := data.allow.get(kind):
            named = ", ".join(f"`{host}`" for host in hosts)
            yield f"- {put(data.words[f'allowed_{kind}'], {'hosts': named})}"
    yield from ("", data.words["site_rest"])


#: What fills a block of a page, by its word.
PUBLISHER: Final[Mapping[str, Callable[[Data], Iterator[str]]]] = {
    "publisher": _publisher,
    "elsewhere": _elsewhere,
}


def plain(words: str) -> str:
    """Return words as Markdown that shows just them."""
    marked = "".join(f"\\{sign}" if sign in r"\`*_[]" else sign for sign in words)
    return html.escape(marked, quote=False)
