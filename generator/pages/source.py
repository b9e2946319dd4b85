"""Reads the content: the pages' email blocks and the shared data, collecting every problem."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Final

import yaml
from markdown.extensions.toc import slugify
from pathspec.gitignore import GitIgnoreSpec

from generator.core.fields import Field, field_key
from generator.core.problem import Problem, nearest, shorten, suggest
from generator.core.template import Template, TemplateError
from generator.pages.blocks import CHECK, REFERENCE, Block, scan
from generator.pages.data import Data, Said, judge_roles, read_data
from generator.pages.foreign import find_foreign
from generator.pages.links import PAGES, find_links
from generator.pages.reference import unknown_table
from generator.pages.schema import YamlFile, read_text, text_of, value_of
from generator.pages.settings import check_icon, check_settings

_DASHES: Final = re.compile(r"(?:-{3}|\.{3})[ \t]*")
# MkDocs takes such lines at the top of a page as facts about it, and shows none of them.
_BARE_FACT: Final = re.compile(r" {0,3}([\w-]+):")
_TEXTS: Final = ("title", "description", "situation", "when", "line", "moved", "formerly")
_FACTS: Final = (*_TEXTS, "engine", "hide", "group", "place")
_HIDEABLE: Final = ("toc", "navigation", "footer", "path", "tags", "feedback")


@dataclass(frozen=True)
class Email:
    """One email of a page: its wordings, and the example it is shown filled with."""

    wordings: tuple[Template, ...]
    example: dict[str, str] | None
    blocks: tuple[Block, ...]
    situations: tuple[str, ...] = ()
    """For an email that is put together from several pages: which page each wording comes from."""
    draft: bool = False
    """Whether people bring a draft of their own; the placeholders are what it is checked with."""

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


@dataclass(frozen=True, slots=True)
class Listed:
    """A page as the lists of emails have it: what its front matter says.

    ``when``: what has happened, as people would say it. ``line``: what the email is for.
    """

    page: str
    title: str
    group: str
    when: str
    line: str
    place: int


@dataclass(frozen=True, slots=True)
class Read:
    """A page as it was read; ``first_line``: the line below what stands between dashes at its top, from 1."""

    text: str
    first_line: int


@dataclass
class Content:
    """Everything that was read: data, the emails of each page, and all problems."""

    data: Data
    read: dict[str, Read] = field(default_factory=dict)
    """Every page that was read, by its path."""
    pages: dict[str, tuple[Email, ...]] = field(default_factory=dict)
    situations: dict[str, str] = field(default_factory=dict)
    """Which checks the emails of a page have, by the page's path: see :func:`situation_of`."""
    listed: list[Listed] = field(default_factory=list)
    """The pages that belong to a group, in the order in which they are listed."""
    lists: list[str] = field(default_factory=list)
    """The pages that list them, by their paths below the content folder."""
    left_out: set[str] = field(default_factory=set)
    """The pages that are in the folder and not published, by their paths below it."""
    renamed: dict[str, str] = field(default_factory=dict)
    """What pages were called before, and what they are called now: paths below the content folder."""
    check: str = ""
    """The page that takes a draft of one's own, by its path below the content folder."""
    problems: list[Problem] = field(default_factory=list)
    """What is wrong, so that the site cannot be published."""
    advice: list[Problem] = field(default_factory=list)
    """What should be better, and stops nobody."""
    fatal: list[Problem] = field(default_factory=list)
    """Those of the problems with which no page can be built, not even to show what is wrong with it."""

    def now(self, page: str, anchor: str = "") -> str | None:
        """Return the path of the page that a link to ``page`` leads to: its own, or its new one.

        None if it is left out, or if ``anchor`` is a group in a list of emails and nothing is left in it.
        """
        page = self.renamed.get(page, page)
        return None if page in self.left_out or (page in self.lists and anchor in self._empty()) else page

    def _empty(self) -> set[str]:
        full = {one.group for one in self.listed}
        groups = {group: title for names in self.data.questions.values() for group, title in names.items()}
        return {slugify(title, "-") for group, title in groups.items() if group not in full}


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
        self.sound = True  # every email of the page could be read

    def read(self) -> tuple[Email, ...]:
        groups: dict[str, tuple[list[Template], list[Block]]] = {}
        examples: dict[str, dict[str, str]] = {}
        last = ""
        page = scan(self.lines, self.first_line)
        self.sound = not page.mistakes
        for mistake in page.mistakes:
            self._problem(mistake.line, mistake.what, mistake.mend, mistake.column)
        for block in page.blocks:
            if block.kind == "email":
                try:
                    template = _parse(block.text, self.path, first_line=self.first_line + block.start + 1)
                except TemplateError as error:
                    self.problems.extend(error.problems)
                    self.sound, last = False, ""
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
            elif block.kind == CHECK:
                for name, line in _asked(block):
                    if field_key(name) not in self.known:
                        what = f"there is no field '{name}'"
                        self._problem(line, what, suggest(field_key(name), sorted(self.known)))
            elif block.kind == REFERENCE and (wrong := unknown_table(block.text)):
                self._problem(block.start + 1, *wrong)
            elif block.kind == "example":
                values = self._example(block, groups[last][0] if last else [])
                if last:
                    examples[last] = values
                    groups[last][1].append(block)
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
                if self.sound:
                    self._problem(
                        block.start, "an example without an email", "put it under the email that it fills"
                    )
                break
            if not colon or not value.strip():
                self._problem(number, "this is no example value", "write 'Placeholder: value'")
            elif key not in names and not self.sound:
                pass  # it may stand in the email that could not be read
            elif key not in names:
                self._problem(number, f"the email has no [{name.strip()}]", suggest(key, names.values()))
            elif key in values:
                self._problem(number, f"'{name.strip()}' stands here twice", "keep one of the two lines")
            else:
                values[key] = value.strip()
        return values


def draft_form(block: Block, known: Collection[str]) -> Email:
    """Return the form for a draft of one's own; its block names the fields that the draft is checked with."""
    names = [name for name, _ in _asked(block) if field_key(name) in known]
    template = Template.parse("Subject: -\n\n" + " ".join(f"[{name}]" for name in names))
    return Email((template,), None, (block,), draft=True)


def _asked(block: Block) -> list[tuple[str, int]]:
    """Return the names in the lines of a block, each with its line in the page, from 0."""
    lines = enumerate(block.text.split("\n"), block.start + 1)
    return [(line.strip(), number) for number, line in lines if line.strip()]


def situation_of(page: str, named: object = None) -> str:
    """Return which situation the emails of ``page`` belong to: what its front matter says, or its name."""
    if named:
        return str(named)
    path = PurePosixPath(page)
    # The page of a folder has the folder's name, as in its address.
    return path.parent.name if path.stem in ("index", "README") and path.parent.name else path.stem


def read_content(docs: Path, only: Iterable[Path] = (), settings: Path | None = None) -> Content:
    """Read the content below ``docs``, or only the pages and folders named, with every problem of it.

    Args:
        docs: the content folder.
        only: pages, folders, and the site's own file, to read instead of all.
        settings: the site's own file, ``mkdocs.yml``, to read with all content.

    Raises:
        FileNotFoundError: when a path named does not exist.
    """
    return _ContentReader(docs).read(list(only), settings)


class _ContentReader:
    def __init__(self, docs: Path) -> None:
        self.docs, self.base = docs, docs.parent
        self.content = Content(read_data(docs / "_data", self.base))
        self.problems = self.content.problems
        self.files = [self._below(page) for page in self._pages([docs] if docs.is_dir() else [])]
        self.unknown: list[tuple[Problem, str]] = []
        self.moved: list[tuple[str, Said]] = []
        self.former: list[Said] = []
        self.blocks: set[str] = set()
        self.links: list[tuple[str, Problem]] = []

    def read(self, only: Sequence[Path], settings: Path | None) -> Content:
        content = self.content
        excluded = GitIgnoreSpec([])
        for file in [path for path in only if path.suffix == ".yml" and path.parent.name != "_data"] or (
            [] if only or settings is None else [settings]
        ):
            problems, excluded = check_settings(file, self._path(file), self.docs, content.data.allow)
            content.fatal.extend(problems)
        settled = len(content.fatal)
        pages = self._pages([path for path in only if path.suffix != ".yml"] if only else [self.docs])
        pages = [page for page in pages if not excluded.match_file(self._below(page))]
        self._leave_out()
        used: set[str] = set()
        for page in pages:
            # Whoever names a page wants to know about it.
            left_out = self._below(page) in content.left_out and page not in only
            used.update(_names_in(page) if left_out else self._page(page))
        self._addresses(page for page in pages if self._below(page) not in content.left_out)
        groups = [group for names in content.data.questions.values() for group in names]
        content.listed.sort(key=lambda one: (groups.index(one.group), one.place, one.when))
        if not only:
            self._renamed()
            self._ways()
            self._dead_links()
            self._missing_blocks()
            # Else a placeholder may stand where nothing could be read.
            if not (self.problems or content.data.problems or content.fatal[settled:]):
                wrong, advice = judge_roles(content.data, used, self.unknown)
                self.problems.extend(wrong)
                content.advice.extend(advice)
            for sheet in sorted(self.docs.rglob("*.css")):
                if text := read_text(sheet, self._path(sheet), self.problems):
                    self._foreign(text.split("\n"), self._path(sheet), style=True)
        content.fatal.extend(content.data.problems)
        self.problems.extend(content.fatal)
        self.problems.sort()
        content.advice.sort()
        return content

    def _path(self, path: Path) -> str:
        return path.relative_to(self.base).as_posix() if path.is_relative_to(self.base) else path.as_posix()

    def _below(self, path: Path) -> str:
        return path.relative_to(self.docs).as_posix() if path.is_relative_to(self.docs) else path.name

    def _pages(self, only: Iterable[Path]) -> list[Path]:
        pages: set[Path] = set()
        for path in only:
            if path.is_dir():
                below = [page for page in path.rglob("*") if page.suffix.lower() in PAGES and page.is_file()]
                pages.update(page for page in below if not re.search(r"(^|/)(\.|_data/)", self._below(page)))
            elif path.is_file():
                pages.add(path)
            else:
                raise FileNotFoundError(f"there is no file or folder '{path}'")
        return sorted(pages)

    def _page(self, page: Path) -> Iterator[str]:
        """Read one page; yield the keys of its placeholders."""
        path = self._path(page)
        if page.suffix != page.suffix.lower():
            mend = f"rename it to '{page.stem}{page.suffix.lower()}'"
            self._problem(path, f"'{page.suffix}' is no ending of a page, so nobody would see it", mend)
            return
        text = read_text(page, path, self.content.fatal)
        if text is None:
            return
        lines = text.split("\n")
        facts, start = read_front_matter(lines, path, self.problems)
        body = lines[start:]
        if not any(map(str.strip, body)) and not (facts and value_of(facts.root, "template")):
            self._problem(path, "the page is empty", "write something on it, or delete it")
            return
        self.content.read[path] = Read(text, start + 1)
        emails, problems = read_page(body, path, self.content.data.fields, first_line=start + 1)
        self.problems.extend(problems)
        page_read = scan(body)
        self._foreign(page_read.prose, path, start)
        kinds = {block.kind for block in page_read.blocks}
        self.blocks |= kinds
        if "situations" in kinds:
            self.content.lists.append(self._below(page))
        if CHECK in kinds:
            self.content.check = self._below(page)
        for line, column, target in find_links(page_read.prose, self._below(page)):
            place = Problem(path, start + line + 1, column + 1, "", "", body[line])
            self.links.append((target, place))
        self._listed(page, facts, body)
        moved, former = self._said(facts, "moved"), self._said(facts, "formerly")
        if moved:
            self.moved.append((self._below(page), moved))
        if former:
            self.former.append(former)
            self.content.renamed[former.text] = self._below(page)
        named = value_of(facts.root, "situation") if facts else None
        situation = situation_of(former.text if former else self._below(page), text_of(named))
        known = self.content.data.situations
        if facts and named and situation not in known and (near := nearest(situation, known)):
            facts.report(named, f"there is no situation '{shorten(situation)}'", f"did you mean '{near}'?")
        self.content.situations[path] = situation
        if emails:
            self.content.pages[path] = emails
        for one in {
            one.key: one for email in emails for template in email.wordings for one in template.fields
        }.values():
            if one.key not in self.content.data.fields:
                self._unknown(path, lines, one.name)
            yield one.key

    def _listed(self, page: Path, facts: YamlFile | None, body: Sequence[str]) -> None:
        """Note what the front matter of a page says about its place in the lists of emails."""
        node = value_of(facts.root, "group") if facts else None
        if facts is None or node is None:
            return
        said = {key: text_of(value_of(facts.root, key)) or "" for key in _TEXTS}
        group = facts.text(node, "group")
        groups = [name for names in self.content.data.questions.values() for name in names]
        if group is not None and group not in groups:
            if self.content.data.problems:  # the groups may stand where nothing could be read
                return
            mend = suggest(group, groups) if groups else "name it under 'questions' in _data/site.yml"
            facts.report(node, f"there is no group '{shorten(group)}'", mend)
        elif group is not None and not said["when"]:
            mend = "add 'when:' with what has happened, as people would say it"
            facts.report(node, "a page of a group needs words that lead to it", mend)
        elif group is not None:
            heading = next((line[2:].strip() for line in body if line.startswith("# ")), "")
            place = place_of(value_of(facts.root, "place"))
            title = heading or said["title"] or page.stem
            line = said["line"] or said["description"]
            self.content.listed.append(Listed(self._below(page), title, group, said["when"], line, place))

    @staticmethod
    def _said(facts: YamlFile | None, key: str) -> Said | None:
        node = value_of(facts.root, key) if facts else None
        text = text_of(node)
        return Said(text, facts, node) if facts and node is not None and text else None

    def _leave_out(self) -> None:
        """Take in which pages are not published; report each name that no page has."""
        names = [page.removeprefix("emails/").removesuffix(".md") for page in self.files]
        for said in self.content.data.leave_out:
            page = said.text if said.text.endswith(PAGES) else f"emails/{said.text}.md"
            if page == "index.md":
                mend = "take it out of the list, and change what stands on it"
                said.file.report(said.node, "a site has to have its start page", mend)
            elif page in self.files:
                self.content.left_out.add(page)
            else:
                near = nearest(said.text, [*names, *self.files])
                mend = f"did you mean '{near}'?" if near else "write it as coffee-chat or guide/by-country.md"
                said.file.report(said.node, f"there is no page '{shorten(said.text)}'", mend)

    def _renamed(self) -> None:
        """Report each former name that cannot be one."""
        seen: set[str] = set()
        for said in self.former:
            if not said.text.endswith(PAGES):
                said.file.report(
                    said.node, "this is not the path of a page", "write it as 'emails/old-name.md'"
                )
            elif said.text in seen:
                what = f"another page was formerly '{shorten(said.text)}', too"
                said.file.report(said.node, what, "keep one of the two lines")
            elif (self.docs / said.text).is_file() and said.text not in self.content.left_out:
                what = f"there still is a page '{shorten(said.text)}'"
                said.file.report(said.node, what, "delete it, or leave it out in _data/site.yml")
            seen.add(said.text)

    def _ways(self) -> None:
        """Report each way that leads to no page; leave out what leads to a page that is left out."""
        content = self.content
        ways = []
        for way in content.data.ways:
            if page := content.now(way.page, way.anchor):
                self._lead(page, Said(way.page, way.file, way.node))
                ways.append(replace(way, page=page))
        content.data.ways[:] = ways
        for old, said in self.moved:
            if page := content.now(said.text):
                self._lead(page, said)
            else:
                content.left_out.add(old)

    def _lead(self, page: str, said: Said) -> None:
        if page not in self.files:
            near = nearest(page, self.files, cutoff=0.6)
            mend = f"did you mean '{near}'?" if near else "write it as 'emails/index.md'"
            said.file.report(said.node, f"there is no page '{shorten(page)}'", mend)

    def _dead_links(self) -> None:
        """Report each link to a page that is not there."""
        for target, place in self.links:
            page = self.content.now(target)
            if page is not None and page not in self.files:
                near = nearest(page, self.files, cutoff=0.9)
                mend = f"did you mean '{near}'?" if near else "link to another page, or take the link out"
                self.problems.append(replace(place, what=f"there is no page '{shorten(page)}'", mend=mend))

    def _missing_blocks(self) -> None:
        """Report what is said in the data for a page that does not tell it."""
        for block, said in self.content.data.asks.items():
            if block not in self.blocks:
                what = f"no page tells people what '{said.text}' says"
                mend = f"put the block '{block}' on the privacy page: ```{block} on a line, and ``` on the next"
                # What people are promised there would not be true any more.
                (self.problems if block == "elsewhere" else self.content.advice).append(
                    said.file.problem(said.node, what, mend)
                )

    def _unknown(self, path: str, lines: Sequence[str], name: str) -> None:
        number = next((number for number, line in enumerate(lines) if f"[{name}]" in line), 0)
        column = lines[number].find(f"[{name}]") + 1
        what = f"[{name}] is described nowhere, so the review does not know what it holds"
        self.unknown.append((Problem(path, number + 1, max(1, column), what, "", lines[number]), name))

    def _problem(self, path: str, what: str, mend: str) -> None:
        self.problems.append(Problem(path, 1, 1, what, mend))

    def _foreign(self, lines: Sequence[str], path: str, start: int = 0, *, style: bool = False) -> None:
        for line, column, what, mend in find_foreign(lines, self.content.data.allow, style=style):
            self.problems.append(Problem(path, start + line + 1, column + 1, what, mend, lines[line]))

    def _addresses(self, pages: Iterable[Path]) -> None:
        """Report each page whose address another one has, also where only capitals differ."""
        first: dict[str, Path] = {}
        for page in sorted(pages, key=lambda page: (page.stem == "README", page)):
            path = PurePosixPath(self._below(page))
            whole = path.stem not in ("index", "README")
            address = str(path.with_suffix("") if whole else path.parent)
            other = first.setdefault(address.casefold(), page)
            if other != page:
                what = f"this page has the same address as {self._path(other)}"
                if self._below(other).casefold() == str(path).casefold():
                    what += ": many computers do not tell their capitals apart"
                self._problem(self._path(page), what, "rename one of them, or delete it")


def _names_in(page: Path) -> set[str]:
    """Return the keys of what may be the placeholders of a page, whatever is wrong with it."""
    text = page.read_text(encoding="utf-8", errors="replace")
    return {field_key(name) for name in re.findall(r"\[([^\[\]\n]{1,100})\]", text)}


def place_of(node: yaml.Node | None) -> int:
    """Return the number that says where a page stands among others; a large one where it does not say."""
    if node is None:
        return 1_000_000
    text = node.value if isinstance(node, yaml.ScalarNode) else ""
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else 0


def read_front_matter(lines: Sequence[str], path: str, problems: list[Problem]) -> tuple[YamlFile | None, int]:
    """Return the facts that stand between dashes at the top of a page, and the line, from 0, after them."""

    def problem(what: str, mend: str, line: int = 0) -> tuple[None, int]:
        problems.append(Problem(path, line + 1, 1, what, mend, lines[line]))
        return None, 0

    top = next((number for number, line in enumerate(lines) if line.strip()), 0)
    below = _BARE_FACT.match("".join(lines[top + 1 : top + 2]))
    if lines[top].strip() != "---" or (top and not below):
        if below and below[1] in _FACTS:
            what = "the facts about the page do not begin with three dashes"
            return problem(what, "write '---' on a line of its own above them, and nothing else", top)
        if top == 0 and (fact := _BARE_FACT.match(lines[0])):
            what = f"a page that begins with '{shorten(fact[1])}:' loses its first lines"
            return problem(what, "put a heading above, or facts about the page between lines of three dashes")
        return None, 0
    if top or lines[0].startswith(" "):
        return problem("the facts about the page are not at its top", "begin them on the first line", top)
    end = next((number for number in range(1, len(lines)) if _DASHES.fullmatch(lines[number])), None)
    if end is None:
        return problem(
            "the facts about the page have no end",
            "put '---' on a line of its own under them; for a line across the page write '***'",
        )
    before = len(problems)
    file = YamlFile(path, "\n".join(lines[1:end]), problems, first_line=2)
    if file.root is None and len(problems) == before:
        problem("nothing stands between the dashes", "write 'title: …' between them, or remove both")
    for key, key_node, node in file.entries(file.root, "the part between the dashes"):
        if key in _TEXTS:
            file.text(node, key)
        elif key == "place" and not place_of(node):
            file.report(node, "'place' is not a whole number", "write one such as 10; the least comes first")
        elif key == "engine":
            file.one_of(node, key, ("early",))
        elif key == "hide" and not isinstance(node, yaml.SequenceNode):
            file.report(node, "'hide' is not a list", "write 'hide: [toc]'")
        elif key == "hide":
            for item in node.value:
                file.one_of(item, key, _HIDEABLE)
        elif key == "icon":
            check_icon(file, node)
        elif key not in _FACTS and (near := nearest(key, _FACTS, cutoff=0.85)):
            file.report(key_node, f"unknown key '{key}'", f"did you mean '{near}'?")
    return file, end + 1


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
                situation = content.situations.get(path, "")
                wordings.setdefault((template.name, template.wording), (template, situation))
    names = {name for name, wording in wordings if wording}
    kept = [found for (name, wording), found in wordings.items() if wording or name not in names]
    if not kept:
        return None
    return Email(tuple(template for template, _ in kept), None, (), tuple(situation for _, situation in kept))
