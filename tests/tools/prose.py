"""The prose of the content: taken out of the Markdown, counted, and checked for spelling and grammar.

``python -m tests.tools.prose`` checks spelling and grammar and prints each page's words and reading ease
with ``--table``. Limits, words and rules are data: ``docs/_data/style.yml`` and ``words.txt``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from harper import Dialect, Language, Linter

from generator.core.problem import Problem
from generator.core.template import Passage, Slot, Template
from generator.pages.source import Content, Email, read_content

ROOT: Final = Path(__file__).resolve().parents[2]
DOCS: Final = ROOT / "docs"

Kind = Literal["meta", "heading", "paragraph", "item", "cell"]

_FENCE: Final = re.compile(r"\s*(`{3,}|~{3,})")
_NOTE: Final = re.compile(r'\s*(?:!!!|\?\?\?\+?)\s+[\w ]+?(?:"(?P<title>[^"]*)")?\s*$')
_ITEM: Final = re.compile(r"\s*(?:[-*+]|\d+\.)\s+(?P<text>.*)")
_HEADING: Final = re.compile(r"(#+)\s+(?P<text>.*?)(?:\s*\{[^}]*\})?\s*$")
_LINK: Final = re.compile(r"!?\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<address>[^)\s]*)\)")
_CODE: Final = re.compile(r"(?<![`\\])(`+)(?!`)(?P<text>.+?)(?<!`)\1(?!`)")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_END: Final = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)")
_ABBREVIATIONS: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Inc|vs|e\.g|i\.e|a\.m|p\.m)\.", re.IGNORECASE)

_VOWELS: Final = re.compile(r"[aeiouy]+")
# An e that is not heard: careful, lonely, something; made, named, names.
_SILENT_INSIDE: Final = re.compile(
    r"(?<=[^aeiouyl])e(?=(?:ly|ful|less|ment|where|times|thing)$)|(?<=ev)e(?=r)"  # codespell:ignore ment
)
_SILENT_END: Final = re.compile(
    r"(?<![^aeiouy]l)(?:(?<![aeiouy])e|(?<![aeiouydt])ed|(?<![aeiouyscgzx])(?<![sc]h)es)$"
)
# Vowels that stand together and are heard apart: period, idea, situation, quiet, saying, create.
_TWO_VOWELS: Final = re.compile(
    r"ia(?!l|n\b|ge)|ea$|crea(?=t)|io(?!n|us)|(?<![tcsgx])io(?=us)|[^q]ua(?=l|t)|ui(?=et)"
    r"|eo$|(?<!t)ie(?=n[ct])|iu|[aeiouy]ing$|[ao]ye|sm$"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of prose as a reader sees it, and the line of the file on which it begins."""

    kind: Kind
    line: int
    text: str


#: What holds where the content sets no limit of its own: nothing is asked for, and spelling is not checked.
NO_LIMITS: Final[dict[str, Any]] = {
    "description": {"least": 0, "most": 100_000},
    "reading_ease": 0,
    "avoid": [],
    "subject": 100_000,
    "long_title": 0,
    "long_name": 0,
    "repeated": {"words": 0, "pages": 0},
    "characters": {},
    "wordings": 1,
    "sections": [],
    "sources": "",
    "never_cite": [],
    "search": {},
    "grammar": {"dialect": "none", "rules_off": {}, "accepted": []},
}


@cache
def style() -> dict[str, Any]:
    """Return the limits and switches of the text checks, as far as the content sets them."""
    file = DOCS / "_data" / "style.yml"
    own = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}) if file.is_file() else {}
    return NO_LIMITS | own | {key: NO_LIMITS[key] | (own.get(key) or {}) for key in ("description", "grammar")}


@cache
def pages() -> tuple[Path, ...]:
    """Return every page of the content."""
    return tuple(sorted(path for path in DOCS.rglob("*.md") if "_data" not in path.parts))


def meta(page: Path) -> dict[str, Any]:
    """Return the front matter of a page."""
    head, _ = _split(page.read_text(encoding="utf-8-sig"))
    return dict(yaml.safe_load(head) or {})


def _split(text: str) -> tuple[str, int]:
    """Return the front matter and the number of lines that it takes."""
    match = re.match(r"---\n(.*?)^---\s*\n", text, re.DOTALL | re.MULTILINE)
    return (match[1], match[0].count("\n")) if match else ("", 0)


def plain(text: str) -> str:
    """Return a line of Markdown as a reader sees it."""
    parts: list[str] = []
    for position, part in enumerate(re.split(r"((?<![`\\])`[^`]+`)", text)):
        if position % 2:
            # A name of something: quoted, except within a quotation. What no one would say aloud is "this".
            name = part.strip("`[]") if re.fullmatch(r"`\[?[A-Za-z'’ ]{4,}\]?`", part) else "this"
            parts.append(name if "".join(parts).count('"') % 2 else f'"{name}"')
            continue
        part = _LINK.sub(_link_text, part)
        part = re.sub(r"(?<!\\)\*+|(?<![\w\\])_+(?=\w)|(?<=\w)_+(?!\w)", "", part)
        parts.append(re.sub(r"\\([^\w\s])", r"\1", part))
    return "".join(parts).strip()


def _link_text(match: re.Match[str]) -> str:
    # A title that is a question ends no sentence when the sentence goes on after it.
    going_on = re.match(r"\s+[a-z]", match.string[match.end() :])
    return match["text"].rstrip("?!.") if going_on else match["text"]


def blocks(text: str) -> Iterator[Block]:
    """Yield the prose of a page, without code, emails and addresses."""
    head, skip = _split(text)
    for number, line in enumerate(head.split("\n"), 2):
        if match := re.match(r"(?:title|description): *(.+)", line):
            yield Block("meta", number, match[1].strip("\"' "))
    fence = ""
    pending: list[str] = []
    kind: Kind = "paragraph"
    start = 0

    def finish() -> Iterator[Block]:
        if pending:
            yield Block(kind, start, plain(" ".join(pending)))
            pending.clear()

    for number, raw in enumerate(text.split("\n")[skip:], skip + 1):
        if match := _FENCE.match(raw):
            yield from finish()
            if not fence:
                fence = match[1]
            elif raw.strip().startswith(fence):
                fence = ""
            continue
        if fence:
            continue
        line = raw.strip()
        while line.startswith(">"):
            line = line[1:].lstrip()
        if not line or line.startswith("<!--"):
            yield from finish()
        elif match := _HEADING.match(line):
            yield from finish()
            yield Block("heading", number, plain(match["text"]))
        elif match := _NOTE.match(line):
            yield from finish()
            if match["title"]:
                yield Block("heading", number, plain(match["title"]))
        elif line.startswith("|"):
            yield from finish()
            if not re.fullmatch(r"[|:\-\s]+", line):
                for cell in re.split(r"(?<!\\)\|", line.strip("|")):
                    if cell.strip():
                        yield Block("cell", number, plain(cell))
        elif match := _ITEM.match(line):
            yield from finish()
            pending, kind, start = [match["text"]], "item", number
        elif pending:
            pending.append(line)
        else:
            pending, kind, start = [line], "paragraph", number
    yield from finish()


def words(text: str) -> list[str]:
    """Return the words of a text; figures are none."""
    return _WORD.findall(text)


def syllables(word: str) -> int:
    """Return a count of an English word's syllables: groups of vowels, with the usual exceptions."""
    word = re.sub(r"[^a-z]", "", word.lower())
    stem = _SILENT_INSIDE.sub("", word)
    ended = _SILENT_END.sub("", stem)
    if _VOWELS.search(ended):
        stem = ended
    return max(1, len(_VOWELS.findall(stem)) + len(_TWO_VOWELS.findall(stem)))


@dataclass(frozen=True, slots=True)
class Ease:
    """How hard a text is to read: Flesch's formula, and what goes into it."""

    words: int
    sentences: int
    syllables: int

    @property
    def score(self) -> float:
        """Flesch reading ease: 60 to 70 is what people of 13 to 15 read with ease."""
        if not self.words:
            return 100.0
        return 206.835 - 1.015 * self.words / self.sentences - 84.6 * self.syllables / self.words


def ease(text: str) -> Ease:
    """Count a page: its paragraphs and lists. Tables and headings are no sentences."""
    found: list[str] = []
    sentences = 0
    for block in blocks(text):
        if block.kind not in ("paragraph", "item"):
            continue
        own = words(block.text)
        if own:
            found += own
            ends = _SENTENCE_END.findall(_ABBREVIATIONS.sub("", block.text))
            closed = bool(re.search(r"[.!?…][\"'”’)\]]*$", block.text))
            sentences += max(1, len(ends) + (not closed))
    return Ease(len(found), max(1, sentences), sum(map(syllables, found)))


@dataclass(frozen=True, slots=True)
class Filled:
    """A wording of an email, filled with its example."""

    page: str
    email: Email
    template: Template
    subject: str
    body: str
    shortest: str  # the body without its optional passages

    @property
    def name(self) -> str:
        """Where it stands."""
        return f"{self.page}:{self.template.wording or self.template.name}"


@cache
def content() -> Content:
    """Return what the pages hold, read once."""
    return read_content(DOCS)


@cache
def filled() -> tuple[Filled, ...]:
    """Return every wording of every email, filled as ``python -m generator fill --example`` fills it."""
    found = []
    for page, emails in content().pages.items():
        for email in emails:
            values = {one.key: one.example for one in email.fields(content().data.fields)} | (
                email.example or {}
            )
            for template in email.wordings:
                parts = template.subject + template.body
                needed = {part.key for part in parts if isinstance(part, Slot)}
                # A passage that holds a field asked for anyway cannot be left out.
                least = {key: value for key, value in values.items() if key in needed}
                draft, shortest = template.fill(values), template.fill(least)
                found.append(Filled(page, email, template, draft.subject, draft.body, shortest.body))
    return tuple(found)


def passages(template: Template) -> bool:
    """Return whether an email has optional passages."""
    return any(isinstance(part, Passage) for part in template.body)


@cache
def _linter() -> Linter:
    grammar = style()["grammar"]
    linter = Linter(Dialect[grammar["dialect"].upper()])
    config = linter.get_lint_config()
    unknown = sorted(set(grammar["rules_off"]) - set(config))
    if unknown:
        sys.exit(f"docs/_data/style.yml: the grammar checker has no rule {', '.join(unknown)}")
    linter.set_lint_config(config | dict.fromkeys(grammar["rules_off"], False))
    file = DOCS / "_data" / "words.txt"
    known = file.read_text(encoding="utf-8").split() if file.is_file() else []
    # The names of the people in the examples need no entry.
    for one in filled():
        for field in one.email.fields(read_content_fields()):
            if field.kind == "name":
                known += words((one.email.example or {}).get(field.key, "") + " " + field.example)
    linter.import_words(sorted(set(known)))
    return linter


@cache
def read_content_fields() -> dict[str, Any]:
    """Return the shared fields."""
    return dict(read_content(DOCS, [DOCS / "_data"]).data.fields)


def check() -> list[Problem]:
    """Return what the grammar checker finds in all pages and all filled emails."""
    with ProcessPoolExecutor() as pool:
        found = [*pool.map(_check_page, pages()), *pool.map(_check_email, filled(), chunksize=8)]
    return sorted(chain.from_iterable(found))


def _check_page(page: Path) -> list[Problem]:
    path = page.relative_to(ROOT).as_posix()
    source = page.read_text(encoding="utf-8-sig")
    found = list(blocks(source))
    text, starts = "", []
    for block in found:
        starts.append(len(text))
        # Items and cells may begin small.
        small = block.kind in ("item", "cell")
        text += (block.text[:1].upper() + block.text[1:] if small else block.text) + "\n\n"
    problems = []
    for rule, position, what, word in _lint(text):
        at = max(index for index, begin in enumerate(starts) if begin <= position)
        line = source.split("\n")[found[at].line - 1]
        column = max(0, line.find(word)) + 1
        problems.append(Problem(path, found[at].line, column, what, _mend(rule), line))
    return problems


def _check_email(one: Filled) -> list[Problem]:
    found = _lint(f"{one.subject}.\n\n{one.body}")
    return [Problem(one.name, 1, 1, what, _mend(rule)) for rule, _, what, _word in found]


def _lint(text: str) -> Iterator[tuple[str, int, str, str]]:
    accepted = [
        match.span()
        for phrase in style()["grammar"]["accepted"]
        for match in re.finditer(re.escape(phrase), text, re.IGNORECASE)
    ]
    for rule, lints in _linter().organized_lints(text, language=Language.PLAINTEXT).items():
        for lint in lints:
            if any(begin <= lint.span.start and lint.span.end <= end for begin, end in accepted):
                continue
            near = text[max(0, lint.span.start - 30) : lint.span.end + 30].replace("\n", " ")
            instead = [one.replacement_text for one in lint.suggestions if one.replacement_text][:3]
            hint = f" Perhaps: {', '.join(instead)}." if instead else ""
            what = f"'{lint.problem_text.strip()}' in “…{near}…”: {lint.message}{hint}"
            yield rule, lint.span.start, what, lint.problem_text.strip()


def _mend(rule: str) -> str:
    if rule == "SpellCheck":
        return "mend it, or add the word to docs/_data/words.txt"
    return f"mend it, or add the phrase to 'accepted' in docs/_data/style.yml ({rule})"


def main() -> int:
    """Print the problems, or the table."""
    if "--table" in sys.argv[1:]:
        for page in pages():
            count = ease(page.read_text(encoding="utf-8-sig"))
            length = count.words / count.sentences
            print(f"{page.relative_to(DOCS).as_posix():<34}{count.words:>6}{length:>6.1f}{count.score:>6.1f}")
        return 0
    if style()["grammar"]["dialect"] == "none":
        return 0
    problems = check()
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} problem(s)", file=sys.stderr)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
