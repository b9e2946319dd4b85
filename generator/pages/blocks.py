"""Finds the email blocks of a page, and what only looks like one.

Code, quotes and comments are told apart as the page's readers will see them: an email that stands in a longer
fence is shown, one in a comment is no email, and one that nobody would see as a form is a mistake.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile
from typing import Final, NamedTuple

from generator.core.problem import nearest, shorten
from generator.core.template import HEADERS

KINDS: Final = ("email", "example", "emails")
#: A block that is no email: a table of what can be said otherwise.
REFERENCE: Final = "reference"
#: Blocks that are made of what the site says: ways to its emails (``ways.py``), who publishes it and what
#: it loads from elsewhere (``publisher.py``).
MADE: Final = ("ways", "chooser", "situations", "publisher", "elsewhere")
#: A block that is a form for a draft of one's own: its lines are the names to ask for.
CHECK: Final = "check"

_FENCE: Final = re.compile(r"(?P<prefix>[ \t>]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)$")
_NEARLY_FENCE: Final = re.compile(
    r"(?P<prefix>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(?P<fence>[`'\"´‘’“”]+|~{2,})"
    r"[ \t]*(?P<info>[^`'\"´‘’“”~]*)$"
)
_WORD: Final = re.compile(r"[^\w]*([^\s={}:,]+)")
_ONE_WORD: Final = re.compile(r"[^\w]*[\w-]+[^\w]*")
_HEADING: Final = re.compile(r" {0,3}#{1,6}\s")
# Below these, a deep indentation continues what they began; elsewhere it makes code.
_CONTAINER: Final = re.compile(r"\s*(?:[-*+]|\d+[.)]|!!!|\?\?\?\+?|===|:|\[\^)\s*")
_TICKS_OR_COMMENT: Final = re.compile(r"`+|<!--")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page. Lines are indices from 0; the fences are ``start`` and ``end - 1``."""

    kind: str
    text: str
    start: int
    end: int


class Mistake(NamedTuple):
    """What is wrong at a line and column of the page, both from 0, and how to mend it."""

    line: int
    column: int
    what: str
    mend: str


@dataclass
class Page:
    """The blocks of a page, its mistakes, and its ``prose``: the lines without code, comments and emails.

    What is left out of the prose is spaces there, so that every place stays where it is.
    """

    prose: list[str]
    blocks: list[Block] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


def scan(lines: Sequence[str], first_line: int = 1) -> Page:
    """Return what stands on a page; ``first_line`` is the line of its file on which ``lines`` begin."""
    return _Scanner(lines, first_line).scan()


@lru_cache(maxsize=1024)
def _means_email(info: str) -> bool:
    """Whether the words behind a fence are, or were meant to be, those of an email block."""
    match = _WORD.match(info)
    word = "".join(filter(str.isalnum, match[1].casefold())) if match else ""
    return len(word) < 20 and nearest(word, KINDS, cutoff=0.8) is not None


class _Scanner:
    def __init__(self, lines: Sequence[str], first_line: int) -> None:
        self.lines, self.first_line = [*lines], first_line
        self.fences = {number: match for number, line in enumerate(lines) if (match := _FENCE.match(line))}
        self.numbers = [*self.fences]
        self.ends_of_comments = [number for number, line in enumerate(lines) if "-->" in line]
        self.page = Page([*lines])
        self.ended: int | None = None  # where the last email or example ended, until a heading comes

    def scan(self) -> Page:
        number = 0
        container = code = False
        while number < len(self.lines):
            line = self.lines[number]
            if number in self.fences:
                number = self._fence(number)
            elif match := self._looks_like_email(number):
                number = self._other_email(number, match)
            else:
                if _HEADING.match(line):
                    self.ended = None
                if line.strip():
                    indented = line.startswith(("    ", "\t"))
                    before = number == 0 or not self.lines[number - 1].strip()
                    code = indented and not container and (code or before)
                    if not indented:
                        container = bool(_CONTAINER.match(line)) or (container and line.startswith(" "))
                if code:
                    self.page.prose[number] = ""
                    number += 1
                else:
                    number = self._text(number)
        return self.page

    def _mistake(self, line: int, what: str, mend: str, column: int = 0) -> None:
        self.page.mistakes.append(Mistake(line, column, what, mend))

    def _shown(self, number: int) -> str:
        return f"line {self.first_line + number}"

    def _blank(self, start: int, end: int) -> int:
        self.page.prose[start:end] = [""] * (end - start)
        return end

    # ---- fences ----

    def _later_fences(self, number: int) -> Iterator[tuple[int, re.Match[str]]]:
        for index in range(bisect_right(self.numbers, number), len(self.numbers)):
            later = self.numbers[index]
            if later in self.fences:
                yield later, self.fences[later]

    def _fence(self, number: int) -> int:
        """Read the block that a fence opens; return the line on which to go on."""
        match = self.fences[number]
        info = match["info"].strip()
        if info in (*KINDS, REFERENCE, CHECK, *MADE) and not match["prefix"]:
            return self._email(number, info)
        if _means_email(info):
            return self._other_email(number, match)
        if not match["prefix"] and (near := nearest(info, (CHECK, *MADE), cutoff=0.8)):
            self._mistake(number, f"'{shorten(info)}' is no block of this kit", f"did you mean '{near}'?")
        if not info and not match["prefix"] and self.ended is not None:
            return self._bare_after_email(number, match["fence"], self.ended)
        return self._code(number)

    def _email(self, number: int, kind: str) -> int:
        fence = self.fences[number]["fence"]
        close = f"end it with a line of its own: {fence}"
        for later, match in self._later_fences(number):
            info, same = match["info"].strip(), match["fence"].startswith(fence)
            if _means_email(info) and not match["prefix"]:
                self._mistake(
                    number, f"this block is not closed before another begins on {self._shown(later)}", close
                )
                return self._blank(number, later)
            if not same or ">" in match["prefix"]:
                continue
            if info:
                what = f"this block is not closed before another begins on {self._shown(later)}"
                mend = f"{close}; if that line belongs to the email, open and close it with {fence}{fence[0]}"
                self._mistake(number, what, mend)
                self.ended = None
                return self._blank(number, later)
            text = "\n".join(self.lines[number + 1 : later])
            self.page.blocks.append(Block(kind, text, number, later + 1))
            self.ended = later if kind in KINDS else None
            return self._blank(number, later + 1)
        self._mistake(number, "this block is not closed", close)
        return self._blank(number, len(self.lines))

    def _bare_after_email(self, number: int, fence: str, ended: int) -> int:
        """Report a fence without a word below an email, as when the email itself holds such a line."""
        if ended >= 0:
            self._mistake(
                ended,
                f"the email ends here, but {self._shown(number)} has a {fence} again",
                f"if both belong to the email, open and close it with {fence}{fence[0]}; "
                f"a block of another kind needs its word, such as {fence}text",
            )
        self.ended = -1  # said
        return self._blank(number, number + 1)

    def _code(self, number: int) -> int:
        opening = self.fences[number]
        fence, depth = opening["fence"], opening["prefix"].count(">")
        end = len(self.lines)
        if depth:  # a quote that ends, ends what stands in it
            quoted = re.compile(r"[ \t]*>")
            end = next((n for n in range(number + 1, end) if not quoted.match(self.lines[n])), end)
        for later, match in self._later_fences(number):
            if later >= end:
                break
            info, same = match["info"].strip(), match["fence"].startswith(fence)
            if same and not info:
                self.ended = None
                if not depth and not opening["info"].strip() and self._holds_email(number + 1, later):
                    what = "this looks like an email, but the word is missing"
                    self._mistake(number, what, f"write {fence}email, or {fence}text to show it as it is")
                return self._blank(number, later + 1)
            if same and not depth and _means_email(info):
                self._mistake(
                    number,
                    f"this block is not closed before the email on {self._shown(later)}",
                    f"end it with a line of its own: {fence}; one that shows an email needs {fence}{fence[0]}",
                )
                return self._blank(number, later)
        if depth:
            return self._blank(number, end)
        if not self.page.mistakes:  # most often the rest of an earlier one
            self._mistake(number, "this block is not closed", f"end it with a line of its own: {fence}")
        # Nothing below closes a fence like this one: none of them is one.
        self._forget(fence)
        return number + 1

    def _holds_email(self, start: int, end: int) -> bool:
        """Whether these lines begin as a template does, and have a placeholder."""
        names = [line.partition(":")[0] for line in takewhile(str.strip, self.lines[start:end])]
        return (
            "Subject" in names and {*names} <= {*HEADERS} and any("[" in line for line in self.lines[start:end])
        )

    def _forget(self, fence: str) -> None:
        def kept(match: re.Match[str]) -> bool:
            return not match["fence"].startswith(fence) or _means_email(match["info"])

        self.fences = {number: match for number, match in self.fences.items() if kept(match)}
        self.numbers = [*self.fences]

    # ---- what only looks like an email ----

    def _looks_like_email(self, number: int) -> re.Match[str] | None:
        match = _NEARLY_FENCE.match(self.lines[number])
        if match is None or not _means_email(match["info"]):
            return None
        if len(match["fence"]) >= 3 and match["fence"][0] in "`~":
            return match  # in a list
        if not _ONE_WORD.fullmatch(match["info"]):
            return None
        below = self.lines[number + 1] if number + 1 < len(self.lines) else ""
        header = below.lstrip(" \t>").partition(":")[0].strip().capitalize() in HEADERS and ":" in below
        return match if header or match["fence"] == "``" else None

    def _other_email(self, number: int, match: re.Match[str]) -> int:
        prefix, info = match["prefix"], match["info"].strip()
        margin = "begin it at the left margin of the page"
        if ">" in prefix:
            self._mistake(number, "an email block in a quote", margin)
        elif prefix.strip():
            self._mistake(number, "an email block in a list", margin)
        elif prefix:
            self._mistake(number, "an email block that is indented", margin)
        else:
            word = _WORD.match(info)
            kind = nearest(word[1], KINDS, cutoff=0.5) if word else None
            begun = shorten(self.lines[number].strip())
            self._mistake(
                number,
                f"'{begun}' does not begin an email block",
                f"write three backticks and the word, nothing else: ```{kind or 'email'}",
            )
        for later, end in self._later_fences(number):
            if end["info"].strip():
                break
            return self._blank(number, later + 1)
        return self._blank(number, number + 1)

    # ---- text ----

    def _text(self, number: int) -> int:
        """Leave code and comments out of a line of prose; return the line on which to go on."""
        line = self.lines[number]
        position = 0
        kept: list[str] = []
        while match := _TICKS_OR_COMMENT.search(line, position):
            if match[0] == "<!--":
                end = line.find("-->", match.end())
                if end < 0:
                    return self._comment(number, match.start(), kept, position)
                end += 3
            else:
                end = self._end_of_code(line, match)
            kept += [line[position : match.start()], " " * (end - match.start())]
            position = end
        self.page.prose[number] = "".join((*kept, line[position:]))
        return number + 1

    def _comment(self, number: int, column: int, kept: list[str], position: int) -> int:
        line = self.lines[number]
        self.page.prose[number] = "".join((*kept, line[position:column]))
        index = bisect_right(self.ends_of_comments, number)
        if index == len(self.ends_of_comments):
            self._mistake(number, "this comment is not closed", "end it with -->", column)
            return number + 1
        last = self.ends_of_comments[index]
        if line[:column].strip() and not all(map(str.strip, self.lines[number:last])):
            what = "a comment with an empty line in it begins within a line, where it is shown as text"
            self._mistake(number, what, "begin it on a line of its own", column)
        self._blank(number + 1, last)
        end = self.lines[last].index("-->") + 3
        # The rest of that line is prose; no fence begins in it.
        self.lines[last] = " " * end + self.lines[last][end:]
        self.fences.pop(last, None)
        return self._text(last)

    @staticmethod
    def _end_of_code(line: str, opening: re.Match[str]) -> int:
        """Return where the code ends that a run of backticks opens; where the run ends when it opens none."""
        for match in re.finditer("`+", line[opening.end() :]):
            if len(match[0]) == len(opening[0]):
                return opening.end() + match.end()
        return opening.end()
