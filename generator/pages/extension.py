"""Python-Markdown extension: a fenced ``email`` block becomes a sample and a form.

Works wherever Python-Markdown does: MkDocs, ProperDocs, Zensical. Without an engine::

    markdown_extensions:
      - generator.pages.extension:
          docs: docs        # the folder that holds _data/

With one: ``python -m generator prepare`` writes a file for the builder, which has ``prepared`` for ``docs``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import Registry

from generator.core.problem import listing
from generator.pages.blocks import CHECK, MADE, REFERENCE, Block, scan
from generator.pages.data import Data
from generator.pages.form import Situations, render_example, render_form, render_problems
from generator.pages.links import anchor_of, link_to, target_of
from generator.pages.prepare import Prepared, read_prepared
from generator.pages.publisher import PUBLISHER
from generator.pages.reference import render_reference, unknown_table
from generator.pages.source import (
    Content,
    Email,
    all_emails,
    draft_form,
    read_content,
    read_page,
    situation_of,
)
from generator.pages.ways import Raw, check_link, render, situations

log = logging.getLogger("mkdocs.generator")

# Above every reader of fenced code (25), so that an email is never taken for code.
_PRIORITY = 28

# Below what reads attribute lists (8); above the table of contents (5), and what makes addresses of paths (0).
_LINKS_PRIORITY = 6


@dataclass(frozen=True)
class Site:
    """What all pages share.

    Attributes:
        docs: the content folder.
        content: what it holds.
        engine: what a form tells its script; None where the site is built without an engine.
        order: the pages in the order of the navigation.
        language: the language of the site.
        checked: what is wrong with the pages was said before.
    """

    docs: Path
    content: Content
    engine: Mapping[str, Any] | None = None
    order: Sequence[str] = ()
    language: str = "en"
    checked: bool = False

    @classmethod
    def of(cls, prepared: Prepared) -> Site:
        """Return what the pages of a prepared site share."""
        content = prepared.content or read_content(Path(prepared.docs), settings=Path(prepared.settings))
        return cls(
            Path(prepared.docs), content, prepared.engine, prepared.order, prepared.language, checked=True
        )


class Page(NamedTuple):
    """The page that is being read: its path below the content folder, and what it says of itself."""

    path: str
    meta: MutableMapping[str, Any]


def _page_of(md: Markdown) -> Page | None:
    return _page_of_mkdocs(md) or _page_of_zensical(md)


def _page_of_mkdocs(md: Markdown) -> Page | None:
    """MkDocs and ProperDocs give the page to what resolves its links."""
    file = getattr(_registered(md.treeprocessors, "relpath"), "file", None)
    return Page(file.src_uri, file.page.meta) if file else None


def _page_of_zensical(md: Markdown) -> Page | None:
    """Zensical has an extension of its own that tells the page to others."""
    page = getattr(_registered(md.preprocessors, "rendering_context"), "page", None)
    return Page(page.path, page.meta) if page else None


def _registered(registry: Registry[Any], name: str) -> Any:
    return registry[name] if name in registry else None  # noqa: SIM401  # it has no get


class EmailExtension(Extension):
    """Puts the forms in."""

    def __init__(self, site: Site | None = None, **options: Any) -> None:
        self.config = {
            "docs": ["docs", "The folder that holds _data/"],
            "prepared": ["", "What 'python -m generator prepare' has written"],
        }
        super().__init__(**options)
        self._site = site

    @cached_property
    def site(self) -> Site:
        """What all pages share."""
        if self._site:
            return self._site
        # Zensical makes an extension for each page, and reads several pages at a time.
        with _reading:
            return _read(self.getConfig("docs"), self.getConfig("prepared"))

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Python-Markdown's name
        """Register with ``md``."""
        md.block_level_elements.append("email-form")
        md.preprocessors.register(_EmailPreprocessor(md, self), "email", _PRIORITY)
        md.treeprocessors.register(_LinkTreeprocessor(md, self), "email-links", _LINKS_PRIORITY)


class _LinkTreeprocessor(Treeprocessor):
    """Leads links to the new name of a page, and makes plain text of those to a page that is left out."""

    def __init__(self, md: Markdown, extension: EmailExtension) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, root: Element) -> None:
        page = _page_of(self.md)
        if page is None:
            return
        for link in [*root.iter("a")]:
            address = link.get("href", "")
            target = target_of(address, page.path)
            if not target:
                continue
            now = self.extension.site.content.now(target, anchor_of(address))
            if now is None:
                link.tag = "span"
                link.attrib.clear()
            elif now != target:
                link.set("href", link_to(now, page.path, anchor_of(address)))


_reading = Lock()


@lru_cache(maxsize=1)
def _read(docs: str, prepared: str) -> Site:
    if prepared:
        return Site.of(read_prepared(Path(prepared)))
    return Site(Path(docs), read_content(Path(docs)))


class _EmailPreprocessor(Preprocessor):
    def __init__(self, md: Markdown, extension: EmailExtension) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, lines: list[str]) -> list[str]:
        return _Reader(self.extension.site, _page_of(self.md), self.md.htmlStash.store).read(lines)


class _Reader:
    """Reads one page; ``raw`` keeps HTML out of Markdown's reach."""

    def __init__(self, site: Site, page: Page | None, raw: Raw) -> None:
        self.site, self.raw = site, raw
        self.page = page or Page("<page>", {})
        self.path = f"{site.docs.name}/{page.path}" if page else "<page>"
        known = site.content.situations
        self.situation = known.get(self.path, situation_of(page.path)) if page else ""

    @property
    def data(self) -> Data:
        return self.site.content.data

    def read(self, lines: list[str]) -> list[str]:
        """Return the page's lines with HTML in the place of its blocks."""
        emails, problems = read_page(lines, self.path, self.data.fields, first_line=self._first_line(lines))
        for problem in () if self.site.checked else listing(problems):
            log.warning("%s", problem)
        html: dict[int, str] = {}
        markdown: dict[int, list[str]] = {}
        blocks: list[Block] = [block for email in emails for block in email.blocks]
        for number, email in enumerate(emails, 1):
            html |= self._render(email, number)
        if emails and (link := check_link(self.site.content, self.page.path, self.raw)):
            markdown[emails[0].blocks[0].start] = link
        for block in scan(lines).blocks:
            if block.kind == "emails" and (every := all_emails(self.site.content, self.site.order)):
                blocks.append(block)
                html[block.start] = self._form(every, len(emails) + 1)
            elif block.kind == CHECK:
                blocks.append(block)
                email = draft_form(block, self.data.fields)
                html[block.start] = self._form(email, len(emails) + 1, situations(self.site.content))
            elif block.kind == REFERENCE and not unknown_table(block.text):
                blocks.append(block)
                html[block.start] = render_reference(block.text, self.data)
            elif block.kind in MADE:
                blocks.append(block)
                markdown[block.start] = self._made(block.kind)
        if any(block.kind in ("email", "emails", CHECK) for block in blocks):
            # The form needs the room of the table of contents.
            self.page.meta.setdefault("hide", []).append("toc")
        if problems:
            # In the place of the first email, where the author looks; a strict build fails anyway.
            first = min(html, default=0)
            html[first] = render_problems(problems, self.data) + html.get(first, "")
            if not blocks:
                lines = ["", *lines]
                blocks = [Block("problem", "", 0, 1)]
        return self._replace(lines, blocks, html, markdown)

    def _first_line(self, lines: Sequence[str]) -> int:
        """Return the line of the page's file on which ``lines`` begin: its front matter is above."""
        source = self.site.docs / self.page.path
        if not source.is_file():
            return 1
        # Python-Markdown has put two empty lines below.
        return max(1, len(source.read_text(encoding="utf-8-sig").split("\n")) - len(lines) + 3)

    def _made(self, kind: str) -> list[str]:
        if kind in PUBLISHER:
            return ["", *PUBLISHER[kind](self.data), ""]
        return render(kind, self.site.content, self.page.path, self.raw)

    def _render(self, email: Email, number: int) -> dict[int, str]:
        """Return the HTML of an email by the line on which the block that it replaces begins."""
        html = {email.blocks[0].start: self._form(email, number)}
        for block in email.blocks:
            if block.kind == "example":
                html[block.start] = render_example(email, self.data, self.situation)
        return html

    def _form(self, email: Email, number: int, situations: Situations = ()) -> str:
        return render_form(
            email,
            self.data,
            number=number,
            engine=self.site.engine,
            early=self.page.meta.get("engine") == "early",
            situation=self.situation,
            language=self.site.language,
            situations=situations,
        )

    def _replace(
        self,
        lines: list[str],
        blocks: list[Block],
        html: Mapping[int, str],
        markdown: Mapping[int, list[str]],
    ) -> list[str]:
        out: list[str] = []
        position = 0
        for block in sorted(blocks, key=lambda block: block.start):
            out += lines[position : block.start]
            if block.start in html:
                out += ["", self.raw(html[block.start]), ""]
            out += markdown.get(block.start, [])
            position = block.end
        return out + lines[position:]


def makeExtension(**options: Any) -> EmailExtension:  # noqa: N802  # the name that Python-Markdown looks for
    """Return the extension."""
    return EmailExtension(**options)
