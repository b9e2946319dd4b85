"""Ways to the emails, made from what the pages say of themselves: a situation that is added is one file.

A page asks for them with an empty block: ``ways`` (what may have happened, one press each), ``chooser`` (a few
questions that open) or ``situations`` (the whole list). What comes out is Markdown, so that links are checked
and resolved as everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from generator.pages.data import Data
from generator.pages.form import Situations
from generator.pages.links import link_to
from generator.pages.publisher import plain
from generator.pages.source import Content, Listed

Raw = Callable[[str], str]
"""Takes HTML and returns what stands for it in Markdown."""


def render(kind: str, content: Content, page: str, raw: Raw) -> list[str]:
    """Return the lines of Markdown for which a block asks.

    Args:
        kind: the block's word.
        content: all content.
        page: the page that the block stands on, by its path below the content folder.
        raw: keeps HTML out of Markdown's reach.
    """
    return ["", *_KINDS[kind](content, page, raw), ""]


def _ways(content: Content, page: str, raw: Raw) -> Iterator[str]:
    yield from (raw('<div class="kit-ways">'), "")
    for way in content.data.ways:
        words = plain(way.words)
        here = way.page == page and not way.anchor
        yield f"- **{words}**" if here else f"- [{words}]({link_to(way.page, page, way.anchor)})"
    yield from ("", raw("</div>"))


def _chooser(content: Content, page: str, raw: Raw) -> Iterator[str]:
    yield from (raw('<div class="kit-chooser">'), "")
    for question, groups in content.data.questions.items():
        found = {title: _of(content, group) for group, title in groups.items()}
        if not any(found.values()):
            continue
        summary = Markup('<details name="kit-chooser"><summary>{}</summary>').format(question)
        yield from (raw(summary), "")
        for title, listed in found.items():
            if len(found) > 1 and listed:
                yield from (raw(Markup("<p><strong>{}</strong></p>").format(title)), "")
            for one in listed:
                yield f"- [{plain(one.when)}]({link_to(one.page, page)})"
            yield ""
        yield from (raw("</details>"), "")
    yield raw("</div>")


def _situations(content: Content, page: str, _raw: Raw) -> Iterator[str]:
    for group, title in _groups(content.data):
        listed = _of(content, group)
        if listed:
            yield from (f"## {plain(title)}", "")
            for one in listed:
                yield f"- [{plain(one.title)}]({link_to(one.page, page)}): {plain(one.line)}"
            yield ""


def check_link(content: Content, page: str, raw: Raw) -> list[str]:
    """Return Markdown that leads from ``page`` to the form for a draft of one's own, where the site has one."""
    if not content.check or page == content.check:
        return []
    words = content.data.words
    link = f"[{plain(words['check_link'])}]({link_to(content.check, page)})"
    return [
        "",
        raw('<div class="kit-check-link" data-search-exclude>'),
        "",
        f"{plain(words['check_ask'])} {link}",
        "",
        raw("</div>"),
        "",
    ]


def situations(content: Content) -> Situations:
    """Return what a draft of one's own may be for: the listed pages by their groups."""
    found = []
    for group, title in _groups(content.data):
        names = [
            (name, one.title)
            for one in _of(content, group)
            if (
                name := next((n for path, n in content.situations.items() if path.endswith(f"/{one.page}")), "")
            )
        ]
        if names:
            found.append((title, names))
    return found


_KINDS: Final[dict[str, Callable[[Content, str, Raw], Iterator[str]]]] = {
    "ways": _ways,
    "chooser": _chooser,
    "situations": _situations,
}


def with_situations(nav: list[Any], content: Content) -> list[Any]:
    """Return a navigation in which the listed pages follow the page that lists them, in their groups.

    What the navigation names already stays where it is, and what is left out is not in it.
    """
    nav = _published(nav, content)
    named = set(pages_of(nav))
    parts = []
    for group, title in _groups(content.data):
        pages = [one.page for one in _of(content, group) if one.page not in named]
        if pages:
            parts.append({title: pages})

    def extended(items: list[Any]) -> list[Any]:
        inside = [
            {title: extended(below) if isinstance(below, list) else below for title, below in item.items()}
            if isinstance(item, dict)
            else item
            for item in items
        ]
        return [*inside, *parts] if any(page in items for page in content.lists) else inside

    return extended(nav)


def leading_on(old: str, new: str, words: Mapping[str, str]) -> str:
    """Return the Markdown of what stands under the ``old`` name of a page and leads to its ``new`` one."""
    title = words["site_moved"]
    facts = {"title": title, "moved": new, "search": {"exclude": True}}
    link = f"[{plain(words['site_moved_on'])}]({link_to(new, old)})"
    return f"---\n{json.dumps(facts)}\n---\n# {plain(title)}\n\n{link}\n"


def _published(nav: list[Any], content: Content) -> list[Any]:
    """Return a navigation without the pages that are left out, and without parts that were only about them."""
    items = []
    for item in nav:
        for title, one in item.items() if isinstance(item, dict) else [(None, item)]:
            kept = _published(one, content) if isinstance(one, list) else one
            if kept and (isinstance(kept, list) or kept not in content.left_out):
                items.append(kept if title is None else {title: kept})
    return items


def pages_of(nav: Sequence[Any]) -> Iterator[str]:
    """Yield the pages that a navigation names, and what else it leads to."""
    for item in nav:
        for one in item.values() if isinstance(item, dict) else [item]:
            if isinstance(one, list):
                yield from pages_of(one)
            else:
                yield str(one)


def _groups(data: Data) -> Iterator[tuple[str, str]]:
    for groups in data.questions.values():
        yield from groups.items()


def _of(content: Content, group: str) -> list[Listed]:
    return [one for one in content.listed if one.group == group]
