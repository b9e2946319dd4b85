"""The body in its parts: greeting, paragraphs with their sentences, close."""

from __future__ import annotations

import re
from typing import Final

from generator.core.review.part import Part
from generator.core.review.phrases import Phrases, fold

#: The lists with which lines and words are compared here.
COMPARES: Final = ("greeting", "sign-off", "abbreviations")

BLANK: Final = re.compile(r"\n[^\S\n]*\n\s*")


# One character class in front lets the scan run over plain text quickly.
_SENTENCE_END: Final = re.compile(r"[.!?…。！？]+[\"'”’)\]]*")


_LAST_WORD: Final = re.compile(r"[\w.]+\Z")


class Layout:
    """The body in its parts: greeting, paragraphs, close."""

    __slots__ = ("close", "greeting", "paragraphs", "sentences", "signature")

    def __init__(self, part: Part, phrases: Phrases) -> None:
        text = part.text
        blocks: list[tuple[int, int]] = []
        position = len(text) - len(text.lstrip())
        end = len(text.rstrip())
        while position < end:
            gap = BLANK.search(text, position, end)
            stop = gap.start() if gap else end
            blocks.append((position, stop))
            position = gap.end() if gap else end
        self.greeting: tuple[int, int] | None = None
        if blocks:
            start, stop = blocks[0]
            line_end = text.find("\n", start, stop)
            first = (start, line_end if line_end >= 0 else stop)
            if _is_greeting(text[first[0] : first[1]], phrases):
                self.greeting = first
                blocks[0] = (first[1] + 1, stop)
                if blocks[0][0] >= stop:
                    del blocks[0]
        #: where the line of the close begins, if there is one
        self.close: int | None = None
        self.paragraphs = self._without_close(text, blocks, phrases)
        #: where what stands under the name begins, if something does
        self.signature = None if self.close is None else _signature(text, self.close, end)
        abbreviations = phrases.lists.get("abbreviations", frozenset())
        self.sentences = [_sentences(part, start, stop, abbreviations) for start, stop in self.paragraphs]

    def _without_close(
        self, text: str, blocks: list[tuple[int, int]], phrases: Phrases
    ) -> list[tuple[int, int]]:
        """Return the paragraphs before the close and the name under it."""
        for number in range(len(blocks) - 1, max(len(blocks) - 5, -1), -1):
            start, stop = blocks[number]
            line_start = start
            while line_start < stop:
                line_end = text.find("\n", line_start, stop)
                line_end = stop if line_end < 0 else line_end
                if _is_close(text[line_start:line_end], phrases):
                    self.close = line_start
                    kept = blocks[:number]
                    return [*kept, (start, line_start - 1)] if line_start > start else kept
                line_start = line_end + 1
        if len(blocks) > 1:
            last = text[slice(*blocks[-1])].strip()
            if len(last) <= 40 and not last.endswith(tuple(".!?…。！？")) and "\n" not in last:
                self.close = blocks[-1][0]
                return blocks[:-1]  # a name alone
        return blocks


def _signature(text: str, close: int, end: int) -> int | None:
    """Return where the lines under the close and the name begin: a title, a number, an address.

    What reads like a sentence is none of these, so then the writer wrote it.
    """
    lines = 0
    since: int | None = None
    position = close
    while position < end:
        line_end = text.find("\n", position, end)
        line_end = end if line_end < 0 else line_end
        line = text[position:line_end].strip()
        lines += bool(line)
        if line and lines > 2:
            since = position if since is None else since
            if len(line) > 80 or line[-1] in "?!" or (line[-1] in ".…" and len(line.split()) > 4):
                return None
        position = line_end + 1
    return since


def _is_greeting(line: str, phrases: Phrases) -> bool:
    line = line.strip()
    if not line or len(line) > 160:
        return False
    words = fold(line).split()
    greets = phrases.lists.get("greeting", frozenset())
    known = bool(words) and (words[0] in greets or " ".join(words[:2]) in greets)
    if len(line) > 80:
        return known and line[-1] in ",:"  # a whole panel is greeted in one line
    if known:
        return line[-1] in ",:!，、：" or len(words) <= 4
    return line[-1] in ",，、：" and len(words) <= 6


def _is_close(line: str, phrases: Phrases) -> bool:
    line = line.strip()
    if not line or len(line) > 40:
        return False
    folded = fold(line)
    if folded in phrases.lists.get("sign-off", frozenset()):
        return True
    return line[-1] in ",，" and len(folded.split()) <= 4


def _sentences(part: Part, start: int, stop: int, abbreviations: frozenset[str]) -> list[tuple[int, int]]:
    text = part.text
    found: list[tuple[int, int]] = []
    begin = start
    for match in _SENTENCE_END.finditer(text, start, stop):
        after = text[match.end() : match.end() + 1]
        if after and not after.isspace() and match[0][0] not in "。！？":
            continue  # 4.50, a.m., example.org
        if part.in_name(match.start(), match.start() + 1):
            continue  # Yahoo!, s.c.
        if match[0] == ".":
            word = _LAST_WORD.search(text[max(begin, match.start() - 12) : match.start()])
            if word and (word[0].casefold() in abbreviations or (len(word[0]) == 1 and word[0].isupper())):
                continue
        found.append((begin, match.end()))
        begin = match.end()
    if text[begin:stop].strip():
        found.append((begin, stop))
    return found
