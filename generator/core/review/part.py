"""The subject or the body of a draft, cut into words, and what is known about each stretch of it."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal

from generator.core.pasted import OWN
from generator.core.review.phrases import Phrases, Token
from generator.core.template import Segment

PartName = Literal["", "subject", "body"]
"""What a finding is about: the subject, the body, or (empty) the email as a whole."""

# No phrase goes on after these marks.
_ENDS: Final = re.compile(r"[.!?…;:](?=\s)")


_NO_BORDER: Final = (sys.maxsize, sys.maxsize, "")


#: Phrases that stand where a name belongs, so they are looked for in names.
_OF_NAMES: Final = frozenset({"no-name-greeting", "two-titles", "over-familiar"})


class Part:
    """The subject or the body, with what is known about each stretch of it."""

    __slots__ = (
        "matches",
        "name",
        "names",
        "prose",
        "segments",
        "signature",
        "starts",
        "text",
        "typed",
        "words",
    )

    def __init__(
        self,
        name: PartName,
        segments: Sequence[Segment],
        phrases: Phrases,
        is_name: Callable[[str], bool],
        *,
        look: bool,
        known: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.name = name
        self.segments = segments
        self.text = "".join(segment.text for segment in segments)
        self.starts: list[int] = []
        position = 0
        for segment in segments:
            self.starts.append(position)
            position += len(segment.text)
        #: start, end and field's key of everything typed
        self.typed = [
            (start, start + len(segment.text), segment.key)
            for start, segment in zip(self.starts, segments, strict=True)
            if segment.kind == "filled" and segment.text
        ]
        #: The typed stretches that are a name. A rule about words looks neither into one nor across its border:
        #: what a name is made of is nobody's slip.
        self.names = [stretch for stretch in self.typed if is_name(stretch[2])]
        #: the other typed stretches
        self.prose = (
            [stretch for stretch in self.typed if stretch not in self.names] if self.names else self.typed
        )
        # In a text of one's own, a name that is known is a name, too.
        own = [(start, end) for start, end, key in self.typed if key == OWN] if look and known else ()
        if own:
            self.names = sorted([*self.names, *_known_names(self.text, own, known)])
        #: From here on stands what a mail program adds under the name: nobody typed it for this email.
        self.signature = len(self.text)
        self.words: list[Token] = []
        self.matches = self._find(phrases) if look else {}

    def _find(self, phrases: Phrases) -> Mapping[str, list[tuple[int, int]]]:
        """Return, for each phrase list, where its phrases stand, and note the words on the way.

        No phrase goes on in the next sentence. While one of them is typed, the others stay as they are.
        """
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        borders = iter((*self.names, _NO_BORDER))
        since, upto, _ = next(borders)
        text, words = self.text, self.words
        position = 0
        while position < len(text):
            end = _ENDS.search(text, position)
            after = end.end() if end else len(text)
            tokens, matches = phrases.read(text[position:after])
            words += [(start + position, stop + position, word) for start, stop, word in tokens]
            for name, start, stop in matches:
                start, stop = start + position, stop + position
                while upto <= start:
                    since, upto, _ = next(borders)
                # A phrase looks neither into a name nor across its border.
                if name in _OF_NAMES or not (since < stop and start < upto):
                    _add(found[name], start, stop)
            position = after
        return found

    def leave_alone(self, start: int) -> None:
        """Let nothing from ``start`` on, in a writer's own text, count as typed: it is a signature."""
        self.signature = start
        for stretches in (self.typed, self.prose, self.names):
            stretches[:] = [(since, min(upto, start), key) for since, upto, key in stretches if since < start]

    def segment_at(self, position: int) -> int:
        """Return the index of the segment in which ``position`` lies."""
        return bisect_right(self.starts, position) - 1

    def is_typed(self, start: int, end: int) -> bool:
        """Whether anything between ``start`` and ``end`` was typed."""
        if start >= self.signature:
            return False
        for number in range(max(self.segment_at(start), 0), len(self.segments)):
            if self.starts[number] >= end:
                return False
            segment = self.segments[number]
            if segment.kind == "filled" and self.starts[number] + len(segment.text) > start:
                return True
        return False

    def field_of(self, start: int, end: int) -> str | None:
        """Return the key of the field in which all of ``start`` to ``end`` was typed, or None."""
        number = self.segment_at(start)
        if number < 0 or start >= self.signature:
            return None
        segment = self.segments[number]
        inside = segment.kind == "filled" and end <= self.starts[number] + len(segment.text)
        return segment.key if inside else None

    def in_name(self, start: int, end: int) -> bool:
        """Whether anything between ``start`` and ``end`` belongs to a name."""
        return _meets(self.names, start, end)

    def prose_finds(self, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], int]]:
        """Yield what ``pattern`` finds in each typed stretch that is no name, and where that stretch begins."""
        return self._finds(pattern, self.prose, names=False)

    def typed_finds(self, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], int]]:
        """The same for every typed stretch, names too."""
        return self._finds(pattern, self.typed, names=True)

    def _finds(
        self, pattern: re.Pattern[str], stretches: Iterable[tuple[int, int, str]], *, names: bool
    ) -> Iterator[tuple[re.Match[str], int]]:
        for start, end, key in stretches:
            for match in pattern.finditer(self.text[start:end]):
                if names or key != OWN or not self.in_name(start + match.start(), start + match.end()):
                    yield match, start

    def phrases(self, name: str) -> Iterator[tuple[int, int]]:
        """Yield where phrases of a list stand that are typed at least in part and not excepted."""
        excepted = self.matches.get(f"{name}-except", ())
        for start, end in self.matches.get(name, ()):
            if self.is_typed(start, end) and not _meets(excepted, start, end):
                yield start, end


def _meets(spans: Sequence[tuple[int, ...] | tuple[int, int, str]], start: int, end: int) -> bool:
    """Whether one of ``spans``, which are in order and apart, has something of ``start`` to ``end``."""
    number = bisect_left(spans, (end,)) - 1
    return number >= 0 and spans[number][1] > start


def _known_names(
    text: str, own: Iterable[tuple[int, int]], known: Iterable[tuple[str, str]]
) -> Iterator[tuple[int, int, str]]:
    """Yield where the known names stand in a writer's own text, the longest first, none inside another."""
    keys = {name: key for name, key in known if name}
    if not keys:
        return
    longest = sorted(keys, key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest)) + r")(?!\w)")
    for start, end in own:
        for match in pattern.finditer(text, start, end):
            yield match.start(), match.end(), keys[match[0]]


def _add(spans: list[tuple[int, int]], start: int, end: int) -> None:
    """Add a span unless it begins inside the last one: the longest phrase at a place comes first."""
    if not spans or spans[-1][1] <= start:
        spans.append((start, end))
