"""Python-Markdown extension: a fenced ``email`` block becomes a sample and a form.

Works wherever Python-Markdown does: MkDocs, ProperDocs, Zensical. Configuration::

    markdown_extensions:
      - generator.pages.extension:
          docs: docs        # the folder that holds _data/
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from generator.core.problem import listing
from generator.pages.blocks import CHECK, MADE, REFERENCE, Block, scan
from generator.pages.data import Data, read_data
from generator.pages.form import Situations, render_example, render_form, render_problems
from generator.pages.links import anchor_of, link_to, target_of
from generator.pages.publisher import PUBLISHER
from generator.pages.reference import render_reference, unknown_table
from generator.pages.source import (
    Content,
    Email,
    all_emails,
    draft_form,
    read_content,
    read_page,
)
from generator.pages.ways import check_link, render, situations

log = logging.getLogger("mkdocs.generator")

# Above every reader of fenced code (25), so that an email is never taken for code.
_PRIORITY = 28

# Below what reads attribute lists (8); above the table of contents (5), and what makes addresses of paths (0).
_LINKS_PRIORITY = 6


class EmailExtension(Extension):
    """Puts the forms in. The attributes say which page is being read and change from page to page.

    ``checked``: what is wrong with the pages was said before.
    """

    def __init__(self, **options: Any) -> None:
        self.config = {"docs": ["docs", "The folder that holds _data/"]}
        super().__init__(**options)
        self.path = "<page>"
        self.first_line = 1
        self.early = False
        self.situation = ""
        self.language = "en"
        self.engine: Mapping[str, Any] | None = None
        self.order: list[str] = []
        self.content: Content | None = None
        self.checked = False
        self._data: Data | None = None

    @property
    def data(self) -> Data:
        """The shared data, read once."""
        if self._data is None:
            docs = Path(self.getConfig("docs"))
            self._data = read_data(docs / "_data", docs.parent)
        return self._data

    @data.setter
    def data(self, data: Data) -> None:
        self._data = data

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
        content, page = self.extension.content, self.extension.path.partition("/")[2]
        for link in [*root.iter("a")] if content else ():
            address = link.get("href", "")
            target = target_of(address, page)
            now = content.now(target, anchor_of(address)) if content and target else target
            if now is None:
                link.tag = "span"
                link.attrib.clear()
            elif now != target:
                link.set("href", link_to(now, page, anchor_of(address)))


class _EmailPreprocessor(Preprocessor):
    def __init__(self, md: Markdown, extension: EmailExtension) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, lines: list[str]) -> list[str]:
        extension = self.extension
        emails, problems = read_page(
            lines, extension.path, extension.data.fields, first_line=extension.first_line
        )
        for problem in () if extension.checked else listing(problems):
            log.warning("%s", problem)
        html: dict[int, str] = {}
        markdown: dict[int, list[str]] = {}
        blocks: list[Block] = [block for email in emails for block in email.blocks]
        for number, email in enumerate(emails, 1):
            html |= self._render(email, number)
        if emails and (link := check_link(self._content(), self._page, self.md.htmlStash.store)):
            markdown[emails[0].blocks[0].start] = link
        for block in scan(lines).blocks:
            if block.kind == "emails" and (every := self._every_email()):
                blocks.append(block)
                html[block.start] = self._form(every, len(emails) + 1)
            elif block.kind == CHECK:
                blocks.append(block)
                email = draft_form(block, extension.data.fields)
                html[block.start] = self._form(email, len(emails) + 1, situations(self._content()))
            elif block.kind == REFERENCE and not unknown_table(block.text):
                blocks.append(block)
                html[block.start] = render_reference(block.text, extension.data)
            elif block.kind in MADE:
                blocks.append(block)
                markdown[block.start] = self._made(block.kind)
        if problems:
            # In the place of the first email, where the author looks; a strict build fails anyway.
            first = min(html, default=0)
            html[first] = render_problems(problems, extension.data) + html.get(first, "")
            if not blocks:
                lines = ["", *lines]
                blocks = [Block("problem", "", 0, 1)]
        return self._replace(lines, blocks, html, markdown)

    def _made(self, kind: str) -> list[str]:
        if kind in PUBLISHER:
            return ["", *PUBLISHER[kind](self.extension.data), ""]
        return render(kind, self._content(), self._page, self.md.htmlStash.store)

    def _render(self, email: Email, number: int) -> dict[int, str]:
        """Return the HTML of an email by the line on which the block that it replaces begins."""
        html = {email.blocks[0].start: self._form(email, number)}
        for block in email.blocks:
            if block.kind == "example":
                html[block.start] = render_example(email, self.extension.data, self.extension.situation)
        return html

    @property
    def _page(self) -> str:
        """The page by its path below the content folder."""
        return self.extension.path.partition("/")[2]

    def _form(self, email: Email, number: int, situations: Situations = ()) -> str:
        extension = self.extension
        return render_form(
            email,
            extension.data,
            number=number,
            engine=extension.engine,
            early=extension.early,
            situation=extension.situation,
            language=extension.language,
            situations=situations,
        )

    def _content(self) -> Content:
        extension = self.extension
        if extension.content is None:
            extension.content = read_content(Path(extension.getConfig("docs")))
        return extension.content

    def _every_email(self) -> Email | None:
        return all_emails(self._content(), self.extension.order)

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
                out += ["", self.md.htmlStash.store(html[block.start]), ""]
            out += markdown.get(block.start, [])
            position = block.end
        return out + lines[position:]


def makeExtension(**options: Any) -> EmailExtension:  # noqa: N802  # the name that Python-Markdown looks for
    """Return the extension."""
    return EmailExtension(**options)
