"""Finds what a page would load from another site, or run: its policy leaves that blank in every browser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from generator.core.problem import shorten
from generator.pages.elsewhere import Allowed, host_of, is_allowed

REMEDY: Final = "put the file into docs/ and name it from there, or link to it"
_BLANK: Final = "pages load nothing from elsewhere, so its place would stay blank"
_FRAME: Final = "link to it instead"
_FILE: Final = "put it into a file in docs/ and list that under {} in mkdocs.yml"

_FOREIGN: Final = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_TAG: Final = re.compile(r"<([a-z][a-z0-9-]*)\b([^<>]*)", re.IGNORECASE)
# The name may not begin within a longer one: else each letter of a long word would be tried.
_ATTRIBUTE: Final = re.compile(r"""(?<![\w:-])([\w:-]++)\s*+=\s*+("[^"]*"|'[^']*'|[^\s"'<>]++)""")
_PICTURE: Final = re.compile(r"!\[[^\]\n]{0,400}\](?:\(\s*<?([^\s)>]{1,2000})|\[([^\]\n]{1,200})\])?")
_DEFINITION: Final = re.compile(r" {0,3}\[([^\]\n]{1,200})\]:\s*<?(\S+)")
_SHEET: Final = re.compile(
    r"""(?:@import\s+(?:url\()?|url\()\s*["']?((?:https?:)?//[^\s"')]{1,2000})""", re.IGNORECASE
)
_BRACES: Final = re.compile(r"\{:?\s[^{}\n]*\}|\{:[^{}\n]*\}")

_FRAMES: Final = frozenset({"iframe", "embed", "object", "frame"})
_LOADS: Final = {
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "script": ("src",),
    "link": ("href",),
    "image": ("href", "xlink:href"),
}
_NAMES: Final = {"img": "picture", "image": "picture", "source": "file", "track": "file", "link": "style sheet"}
# A link element may also only name a page.
_LOADING_LINKS: Final = ("stylesheet", "icon", "preload", "modulepreload", "prefetch")

#: As what each of them is allowed; a counter is a script.
_ALLOWED_AS: Final = {"img": "pictures", "image": "pictures", "script": "analytics"}

Found = tuple[int, int, str, str]


def is_foreign(address: str) -> bool:
    """Whether ``address`` is one of another site."""
    return _FOREIGN.match(address) is not None


def allowing(address: str, kind: str, allowed: Allowed) -> str:
    """Return the end of a mend: how the site's own data would let ``address`` in."""
    host = host_of(address)
    if host in allowed.get(kind, ()):
        return "; or write its address with https://"
    return f"; to allow it, add '{host}' to '{kind}:' under 'allow:' in _data/site.yml" if host else ""


def find_foreign(lines: Sequence[str], allowed: Allowed, *, style: bool = False) -> Iterator[Found]:
    """Yield line and column, both from 0, of what a page may not load or run, what is wrong, and the mend.

    Args:
        lines: a page's lines without its code and comments.
        allowed: the hosts from which the site's own data lets something in.
        style: whether they are a style sheet's.
    """
    text = "\n".join(lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    row = 0
    finders = (
        (_sheets(text),)
        if style
        else (_pictures(lines, text, allowed), _tags(text, allowed), _attribute_lists(text))
    )
    for position, what, mend in sorted(found for finder in finders for found in finder):
        while starts[row + 1] <= position:
            row += 1
        yield row, position - starts[row], what, mend


def _foreign(name: str, address: str) -> str:
    return f"a {name} from another site ({shorten(address.strip())}): {_BLANK}"


def _pictures(lines: Sequence[str], text: str, allowed: Allowed) -> Iterator[tuple[int, str, str]]:
    named = {
        match[1].casefold(): match[2]
        for line in lines
        if (match := _DEFINITION.match(line)) and is_foreign(match[2])
    }
    for match in _PICTURE.finditer(text):
        address = match[1] or named.get((match[2] or match[0][2:-1]).casefold(), "")
        if is_foreign(address) and not is_allowed(address, "pictures", allowed):
            yield match.start(), _foreign("picture", address), REMEDY + allowing(address, "pictures", allowed)


def _sheets(text: str) -> Iterator[tuple[int, str, str]]:
    for match in _SHEET.finditer(text):
        yield match.start(), _foreign("font or file", match[1]), REMEDY


def _tags(text: str, allowed: Allowed) -> Iterator[tuple[int, str, str]]:
    for tag in _TAG.finditer(text):
        name = tag[1].lower()
        attributes = {one[1].lower(): one[2].strip("\"'") for one in _ATTRIBUTE.finditer(tag[2])}
        if name in _FRAMES:
            address = attributes.get("src", "")
            if name != "iframe" or not is_allowed(address, "frames", allowed):
                mend = _FRAME + (allowing(address, "frames", allowed) if name == "iframe" else "")
                yield tag.start(), f"a frame (<{name}>): {_BLANK}", mend
            yield from _code(tag.start(), attributes)
            continue
        loaded = next(
            (attributes[key] for key in _LOADS.get(name, ()) if is_foreign(attributes.get(key, ""))), None
        )
        if name == "link" and not set(attributes.get("rel", "").lower().split()) & set(_LOADING_LINKS):
            loaded = None
        kind = _ALLOWED_AS.get(name, "")
        if loaded is not None and not is_allowed(loaded, kind, allowed):
            mend = REMEDY + (allowing(loaded, kind, allowed) if kind else "")
            yield tag.start(), _foreign(_NAMES.get(name, name), loaded), mend
        elif name == "script" and "src" not in attributes and "json" not in attributes.get("type", ""):
            yield (
                tag.start(),
                "a script in the page: its policy would not run it",
                _FILE.format("extra_javascript"),
            )
        elif name == "style":
            yield (
                tag.start(),
                "a style sheet in the page: its policy would ignore it",
                _FILE.format("extra_css"),
            )
        yield from _code(tag.start(), attributes)


def _attribute_lists(text: str) -> Iterator[tuple[int, str, str]]:
    for braces in _BRACES.finditer(text):
        yield from _code(braces.start(), {one[1].lower(): one[2] for one in _ATTRIBUTE.finditer(braces[0])})


def _code(position: int, attributes: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    for name in attributes:
        if name == "style" or re.fullmatch("on[a-z]+", name):
            where = "extra_css" if name == "style" else "extra_javascript"
            yield position, f"the attribute '{name}': the page's policy would ignore it", _FILE.format(where)
