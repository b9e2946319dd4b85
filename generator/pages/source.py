"""Reads the content: the pages' email blocks and the shared data, collecting every problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from generator.core.fields import Field, field_key
from generator.core.problem import Problem, nearest, suggest
from generator.core.template import Template, TemplateError
from generator.pages.data import Data, read_data

_FENCE: Final = re.compile(r"(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)$")
_KINDS: Final = ("email", "example", "emails")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page. Lines are indices from 0; the fences are ``start`` and ``end - 1``."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Email:
    """One email of a page: its wordings, and the example it is shown filled with."""

    wordings: tuple[Template, ...]
    example: dict[str, str] | None
    blocks: tuple[Block, ...]
    situations: tuple[str, ...] = ()
    """For an email that is put together from several pages: which page each wording comes from."""

    @property
    def name(self) -> str:
        """What the email is called."""
        return self.wordings[0].name

    def fields(self, shared: dict[str, Field]) -> tuple[Field, ...]:
        """All fields of all wordings, described by the shared data, in order of appearance."""
        found: dict[str, Field] = {}
        for template in self.wordings:
            for one in template.fields:
                described = one.described_by(shared.get(one.key))
                if one.key not in found or described.required:
                    found[one.key] = described
        return tuple(found.values())


@dataclass
class Content:
    """Everything that was read: data, the emails of each page, and all problems."""

    data: Data
    pages: dict[str, tuple[Email, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def find_blocks(lines: Sequence[str]) -> list[Block]:
    """Return the ``email``, ``example`` and ``emails`` blocks of a page, also those that are indented.

    Other fenced blocks are passed over whole: what stands in them is shown, not used.
    """
    blocks = []
    opening: re.Match[str] | None = None
    start = 0
    for number, line in enumerate(lines):
        match = _FENCE.match(line)
        if opening is None:
            if match:
                opening, start = match, number
        elif (
            match
            and not match["info"].strip()
            and match["fence"][0] == opening["fence"][0]
            and len(match["fence"]) >= len(opening["fence"])
        ):
            kind = opening["info"].strip()
            if kind in _KINDS:
                indent = "indented " if opening["indent"] else ""
                blocks.append(Block(indent + kind, "\n".join(lines[start + 1 : number]), start, number + 1))
            opening = None
    if opening is not None and opening["info"].strip() in _KINDS:
        blocks.append(Block("unclosed " + opening["info"].strip(), "", start, len(lines)))
    return blocks


def read_page(
    lines: Sequence[str], path: str, shared: dict[str, Field], *, first_line: int = 1
) -> tuple[tuple[Email, ...], tuple[Problem, ...]]:
    """Return the emails of a page and all problems of its blocks.

    Args:
        lines: the page's Markdown.
        path: the page's path as its author knows it.
        shared: the fields of ``fields.yml`` by key.
        first_line: the line of the file on which ``lines`` begin.
    """
    reader = _PageReader(lines, path, shared, first_line)
    return reader.read(), tuple(reader.problems)


# A build reads a page twice: once to check all content, once to render it.
_parse: Final = lru_cache(maxsize=4096)(Template.parse)


class _PageReader:
    def __init__(self, lines: Sequence[str], path: str, known: Iterable[str], first_line: int) -> None:
        self.lines, self.path, self.known, self.first_line = lines, path, known, first_line
        self.problems: list[Problem] = []

    def read(self) -> tuple[Email, ...]:
        groups: dict[str, tuple[list[Template], list[Block]]] = {}
        examples: dict[str, dict[str, str]] = {}
        last = ""
        for block in find_blocks(self.lines):
            if block.kind == "email":
                try:
                    template = _parse(block.text, self.path, first_line=self.first_line + block.start + 1)
                except TemplateError as error:
                    self.problems.extend(error.problems)
                    last = ""
                    continue
                self._names(template, block)
                last = template.headers.get("Name") or f"\n{block.start}"  # without a name: an email of its own
                templates, blocks = groups.setdefault(last, ([], []))
                if any(other.wording == template.wording for other in templates):
                    self._problem(
                        block.start,
                        f"the wording '{template.wording}' of '{last}' stands here twice",
                        "give each block of one name a 'Wording:' of its own",
                    )
                    continue
                templates.append(template)
                blocks.append(block)
            elif block.kind == "example":
                values = self._example(block, groups[last][0] if last else [])
                if last:
                    examples[last] = values
                    groups[last][1].append(block)
            elif block.kind == "emails":
                pass  # stands for all emails of the site: see all_emails
            elif block.kind.startswith("unclosed"):
                self._problem(block.start, "this block is not closed", "end it with a line of its own: ```")
            else:
                self._problem(
                    block.start, "an email block that is indented", "begin it at the left margin of the page"
                )
        return tuple(
            Email(tuple(templates), examples.get(name), tuple(blocks))
            for name, (templates, blocks) in groups.items()
        )

    def _problem(self, line: int, what: str, mend: str, column: int = 0) -> None:
        self.problems.append(
            Problem(self.path, self.first_line + line, column + 1, what, mend, self.lines[line])
        )

    def _names(self, template: Template, block: Block) -> None:
        """Report a placeholder that is not in the shared data but nearly spelled like one that is."""
        for one in template.fields:
            if one.key in self.known:
                continue
            near = nearest(one.key, self.known, cutoff=0.88)
            if near is None:
                continue
            line = next((i for i in range(block.start, block.end) if one.name in self.lines[i]), block.start)
            self._problem(
                line,
                f"[{one.name}] is nearly [{near}]",
                f"did you mean '{near}'? If not, add '{one.name}:' to _data/fields.yml",
                max(0, self.lines[line].find(one.name) - 1),
            )

    def _example(self, block: Block, templates: Iterable[Template]) -> dict[str, str]:
        names = {one.key: one.name for template in templates for one in template.fields}
        values: dict[str, str] = {}
        for number in range(block.start + 1, block.end - 1):
            line = self.lines[number]
            if not line.strip():
                continue
            name, colon, value = line.partition(":")
            key = field_key(name)
            if not names:
                self._problem(
                    block.start, "an example without an email", "put it under the email that it fills"
                )
                break
            if not colon or not value.strip():
                self._problem(number, "this is no example value", "write 'Placeholder: value'")
            elif key not in names:
                self._problem(number, f"the email has no [{name.strip()}]", suggest(key, names.values()))
            elif key in values:
                self._problem(number, f"'{name.strip()}' stands here twice", "keep one of the two lines")
            else:
                values[key] = value.strip()
        return values


def read_content(docs: Path, only: Iterable[Path] = ()) -> Content:
    """Read the content below ``docs``, or only the pages and folders named, with every problem of it.

    Raises:
        FileNotFoundError: when a path named does not exist.
    """
    base = docs.parent
    content = Content(read_data(docs / "_data", base))
    content.problems.extend(content.data.problems)
    for page in _pages(docs, only):
        path = page.relative_to(base).as_posix() if page.is_relative_to(base) else page.as_posix()
        try:
            text = page.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            content.problems.append(Problem(path, 1, 1, "the file is not UTF-8 text", "save it as UTF-8"))
            continue
        emails, problems = read_page(text.split("\n"), path, content.data.fields)
        content.problems.extend(problems)
        if emails:
            content.pages[path] = emails
    content.problems.sort()
    return content


def all_emails(content: Content, order: Sequence[str] = ()) -> Email | None:
    """Return one email whose wordings are those of all situations, or None where there are none.

    Args:
        content: all content.
        order: the pages in the order of the navigation; others follow. A page whose emails stand on another
            page too (the home page, say) counts once.
    """
    ranks = {path: rank for rank, path in enumerate(order)}
    wordings: dict[tuple[str, str], tuple[Template, str]] = {}
    for path in sorted(
        content.pages, key=lambda path: (Path(path).stem == "index", ranks.get(path, len(ranks)))
    ):
        for email in content.pages[path]:
            for template in email.wordings:
                wordings.setdefault((template.name, template.wording), (template, Path(path).stem))
    names = {name for name, wording in wordings if wording}
    kept = [found for (name, wording), found in wordings.items() if wording or name not in names]
    if not kept:
        return None
    return Email(tuple(template for template, _ in kept), None, (), tuple(situation for _, situation in kept))


def _pages(docs: Path, only: Iterable[Path]) -> list[Path]:
    pages: set[Path] = set()
    for path in list(only) or [docs]:
        if path.is_dir():
            pages.update(path.rglob("*.md"))
        elif path.is_file():
            pages.add(path)
        else:
            raise FileNotFoundError(f"there is no file or folder '{path}'")
    return sorted(pages)
