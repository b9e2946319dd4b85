"""The house rules of a site (``docs/_data/style.yml``): what makes a text better, and stops nobody.

What can be judged on one page is judged here. What is about all pages together is tested in ``tests/content``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from generator.core.problem import Problem
from generator.core.template import Slot, Template
from generator.pages.prose import Block, blocks, ease, front_matter, words
from generator.pages.schema import YamlFile, text_of, value_of
from generator.pages.settings import site_name
from generator.pages.source import Content, Email
from generator.pages.spelling import Text, check_spelling
from generator.pages.style import read_style

#: A page of a form alone has nothing to measure.
_FEW_WORDS: Final = 20
_ADDRESS: Final = re.compile(r"\]\((https?://[^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Filled:
    """A wording of an email, filled with its example; ``line`` is where it begins on its page, from 1."""

    page: str
    line: int
    email: Email
    template: Template
    subject: str
    body: str
    shortest: str
    """The body without its optional passages."""

    @property
    def name(self) -> str:
        """Where it stands."""
        return f"{self.page}:{self.template.wording or self.template.name}"


def filled(content: Content) -> Iterator[Filled]:
    """Yield every wording of every email, filled as ``python -m generator fill --example`` fills it."""
    for page, emails in content.pages.items():
        for email in emails:
            values = {one.key: one.example for one in email.fields(content.data.fields)} | (email.example or {})
            starts = [block.start for block in email.blocks if block.kind == "email"]
            for template, start in zip(email.wordings, starts, strict=True):
                needed = {part.key for part in template.subject + template.body if isinstance(part, Slot)}
                # A passage that holds a field asked for anyway cannot be left out.
                least = {key: value for key, value in values.items() if key in needed}
                draft, shortest = template.fill(values), template.fill(least)
                line = content.read[page].first_line + start
                yield Filled(page, line, email, template, draft.subject, draft.body, shortest.body)


def has_house_rules(content: Content, style: Mapping[str, Any], settings: Path) -> bool:
    """Whether the house rules hold: where the site says so, and on the site whose rules they are."""
    if content.data.house_rules is not None:
        return content.data.house_rules
    return bool(style["site"]) and site_name(settings) == style["site"]


def check_house(content: Content, docs: Path, settings: Path) -> tuple[list[Problem], list[Problem]]:
    """Return what is wrong with the house rules themselves, and what they find in the pages that were read."""
    wrong: list[Problem] = []
    shown = f"{docs.name}/_data/style.yml"
    style = read_style(docs / "_data" / "style.yml", shown, wrong)
    if content.data.house_rules is False:
        return [], []
    if wrong or not has_house_rules(content, style, settings):
        return wrong, []
    emails = [*filled(content)]
    found = [problem for path in content.read for problem in _Page(path, content, style).check()]
    found += [problem for one in emails for problem in _email(one, content, style)]
    if content.read and style["grammar"]["dialect"] != "none":
        texts = [
            Text(path, tuple(blocks(read.text)), tuple(read.text.split("\n")))
            for path, read in content.read.items()
        ]
        texts += [
            Text(one.page, (Block("email", one.line, f"{one.subject}.\n\n{one.body}"),), ()) for one in emails
        ]
        known = docs / "_data" / "words.txt"
        names = known.read_text(encoding="utf-8", errors="replace").split() if known.is_file() else []
        mistakes, slips = check_spelling(texts, style["grammar"], [*names, *_names(emails, content)], shown)
        wrong += mistakes
        found += slips
    return wrong, sorted(found)


def _names(emails: Iterable[Filled], content: Content) -> Iterator[str]:
    """Yield the names in the examples: they need no entry among the words that are known."""
    for one in emails:
        for field in one.email.fields(content.data.fields):
            if field.kind == "name":
                yield from words((one.email.example or {}).get(field.key, "") + " " + field.example)


class _Page:
    """A page, and what a house asks of it."""

    def __init__(self, path: str, content: Content, style: Mapping[str, Any]) -> None:
        self.path, self.style, self.text = path, style, content.read[path].text
        self.below = path.partition("/")[2]
        self.emails = content.pages.get(path, ())
        self.blocks = [*blocks(self.text)]
        head, _ = front_matter(self.text)
        self.facts = YamlFile(path, head, [], first_line=2)

    def check(self) -> Iterator[Problem]:
        yield from self._facts()
        yield from self._words()
        yield from self._addresses()
        if self.emails and value_of(self.facts.root, "group"):
            yield from self._sections()

    def _problem(self, what: str, mend: str, line: int = 1) -> Problem:
        return Problem(self.path, line, 1, what, mend)

    def _facts(self) -> Iterator[Problem]:
        least, most = self.style["description"]["least"], self.style["description"]["most"]
        if not least:
            return
        if not text_of(value_of(self.facts.root, "title")):
            yield self._problem("the page has no title", "add 'title:' to the lines at its top")
        node = value_of(self.facts.root, "description")
        length = len(text_of(node) or "")
        if not least <= length <= most:
            what = f"the description has {length} characters"
            mend = f"write {least} to {most}: they fit a search result"
            yield self.facts.problem(node, what, mend) if node else self._problem(what, mend)

    def _words(self) -> Iterator[Problem]:
        count = ease(self.text)
        if count.words >= _FEW_WORDS and count.score < self.style["reading_ease"]:
            what = f"its reading ease is {count.score:.0f}, and {self.style['reading_ease']} is wanted"
            yield self._problem(what, "write shorter sentences and shorter words")
        for block in self.blocks:
            for word in _avoided(block.text, self.style):
                yield self._problem(f"'{word}' is a word that this house avoids", "say it plainly", block.line)
        limits = [most for begin, most in self.style["length"].items() if self.below.startswith(begin)]
        length = sum(len(words(block.text)) for block in self.blocks if block.kind != "meta")
        if limits and self.below not in self.style["length_free"] and length > min(limits):
            what = f"the page has {length} words, and {min(limits)} are the most"
            yield self._problem(what, "cut it, or move a part to a page of its own")

    def _addresses(self) -> Iterator[Problem]:
        for number, line in enumerate(self.text.split("\n"), 1):
            for match in _ADDRESS.finditer(line):
                host = urlsplit(match[1]).hostname or ""
                if any(host == bad or host.endswith(f".{bad}") for bad in self.style["never_cite"]):
                    what = f"'{host}' is not to be cited"
                    yield Problem(self.path, number, match.start(1) + 1, what, "find a better source", line)

    def _sections(self) -> Iterator[Problem]:
        wanted = self.style["sections"]
        found = re.findall(r"(?m)^## (.+?)\s*$", self.text)
        if [section for section in found if section in wanted] != wanted:
            yield self._problem("its sections are not those of this house", f"have these: {', '.join(wanted)}")
        for email in self.emails:
            if len(email.wordings) < self.style["wordings"]:
                what = f"'{email.name.strip()}' has {len(email.wordings)} wording, not {self.style['wordings']}"
                yield self._problem(what, "add a block with the same 'Name:' and another 'Wording:'")
            if not email.example and wanted:
                yield self._problem("its email has no filled example", "put a block 'example' under it")


def _email(one: Filled, content: Content, style: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what a house asks of an email that is filled with its example."""

    def problem(what: str, mend: str) -> Problem:
        return Problem(one.page, one.line, 1, what, mend)

    for word in _avoided(f"{one.subject}\n{one.body}", style):
        yield problem(f"'{word}' is a word that this house avoids", "say it plainly")
    values = {slot.key: slot.name for slot in one.template.fields} | (one.email.example or {})
    long = {"position": "x" * style["long_title"], "own-name": "y" * style["long_name"]}
    roles = {key: field.role for key, field in content.data.fields.items()}
    stretched = {key: long.get(roles.get(key, "")) or value for key, value in values.items()}
    for subject, with_what in (
        (one.subject, ""),
        (one.template.fill(stretched).subject, " with a long title and name"),
    ):
        if len(subject) > style["subject"]:
            yield problem(
                f"its subject has {len(subject)} characters{with_what}", f"have at most {style['subject']}"
            )
            break
    most = style["characters"].get(one.page.partition("/")[2], {}).get(one.template.wording)
    if most and len(one.body) > most:
        yield problem(f"the filled text has {len(one.body)} characters", f"have at most {most}")


def _avoided(text: str, style: Mapping[str, Any]) -> Iterator[str]:
    for word in style["avoid"]:
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE):
            yield word
