"""The prose of a page: taken out of the Markdown as a reader sees it, and counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["meta", "heading", "paragraph", "item", "cell", "email"]

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


def front_matter(text: str) -> tuple[str, int]:
    """Return what stands between the dashes at the top of a page, and the number of lines that it takes."""
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
    head, skip = front_matter(text)
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
