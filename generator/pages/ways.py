"""Ways to the emails, made from what the pages say of themselves: a situation that is added is one file.

A page asks for them with an empty block: ``ways`` (what may have happened, one press each), ``chooser`` (a few
questions that open) or ``situations`` (the whole list). What comes out is Markdown, so that links are checked
and resolved as everywhere.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from markupsafe import Markup

from generator.pages.data import Data, Way
from generator.pages.form import Situations
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
        words = _text(way.words)
        here = way.page == page and not way.anchor
        yield f"- **{words}**" if here else f"- [{words}]({_link(page, way)})"
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
                yield f"- [{_text(one.when)}]({_relative(page, one.page)})"
            yield ""
        yield from (raw("</details>"), "")
    yield raw("</div>")


def _situations(content: Content, page: str, _raw: Raw) -> Iterator[str]:
    for group, title in _groups(content.data):
        listed = _of(content, group)
        if listed:
            yield from (f"## {_text(title)}", "")
            for one in listed:
                yield f"- [{_text(one.title)}]({_relative(page, one.page)}): {_text(one.line)}"
            yield ""


def check_link(content: Content, page: str, raw: Raw) -> list[str]:
    """Return Markdown that leads from ``page`` to the form for a draft of one's own, where the site has one."""
    if not content.check or page == content.check:
        return []
    words = content.data.words
    link = f"[{_text(words['check_link'])}]({_relative(page, content.check)})"
    return [
        "",
        raw('<div class="kit-check-link" data-search-exclude>'),
        "",
        f"{_text(words['check_ask'])} {link}",
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

    What the navigation names already stays where it is.
    """
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


def _link(page: str, way: Way) -> str:
    return _relative(page, way.page) + (f"#{way.anchor}" if way.anchor else "")


def _relative(page: str, target: str) -> str:
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


def _text(words: str) -> str:
    """Return words as Markdown that shows just them."""
    return "".join(f"\\{sign}" if sign in r"\`*_[]<>" else sign for sign in words)
