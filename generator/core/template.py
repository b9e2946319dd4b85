"""Email templates: parse once into pieces, fill in one pass.

The format, in full::

    Name: Thank-you after an interview
    Subject: Thank you for the [Position] interview

    Dear [Interviewer's Name],

    Text with a [placeholder]. [[One optional sentence about [a point to add].]]

Header lines, an empty line, the body. ``[Placeholder]`` is a field. ``[[optional passage]]`` holds at
least one placeholder and is left out while all of them are empty. ``\\[`` and ``\\]`` are brackets.
Nothing else is special. A value is text: whatever a person types is never parsed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from generator.core.fields import MAX_NAME, Field, bad_name_character, field_key, number_range, tidy_name
from generator.core.message import Message, clean, one_line
from generator.core.problem import Problem, listing, shorten, suggest
from generator.core.schedule import SendError, parse_send

HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Name": "what the email is called; blocks with the same name are one email in several wordings",
        "Wording": "what this wording is called on the switch, such as 'warm' or 'short'",
        "To": "who gets it; 'each interviewer': one for each person of a panel",
        "Send": "when to send it, such as 'within 24 hours of the interview'",
        "Words": "how long the finished email should be, the least and the most: 80-150",
        "Characters": "for a note that goes into a site's own box: the most characters that the box takes",
        "Subject": "the subject; the only line that must be there; it may hold brackets",
    }
)
"""Every line that may stand above an email, and what it means."""

_MARK: Final = re.compile(r"\\[\[\]]|\[\[|\[(?:(?P<name>[^\[\]\n]*)\])?|\]")
_LIMIT: Final = re.compile("[1-9][0-9]{0,5}")
_CLOSING: Final = tuple(".,;:!?)")


class TemplateError(ValueError):
    """A template that cannot be used; ``problems`` has everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(listing(problems)))


@dataclass(frozen=True, slots=True)
class Text:
    """Words that the template's author wrote."""

    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder: ``name`` as written, ``key`` shared by all spellings of the same field."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Passage:
    """An optional passage: left out while every slot in it is empty."""

    pieces: tuple[Text | Slot, ...]


Piece = Text | Slot | Passage


class Segment(NamedTuple):
    """A run of a draft: the author's text, what a person filled in, or a placeholder still missing in brackets.

    ``key`` is that of the field; the author's text has none.
    """

    kind: Literal["text", "filled", "missing"]
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """Characters of one field that no email can carry and that were taken out."""

    field: str
    count: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A template filled with values. Placeholders still missing stand in the text in brackets."""

    subject_segments: tuple[Segment, ...]
    body_segments: tuple[Segment, ...]
    removed: tuple[Removed, ...] = ()

    @property
    def subject(self) -> str:
        """The subject, one line."""
        return "".join(segment.text for segment in self.subject_segments)

    @property
    def body(self) -> str:
        """The body; lines end in a line feed, the last one does not."""
        return "".join(segment.text for segment in self.body_segments)

    @property
    def message(self) -> Message:
        """The draft as a message."""
        return Message(self.subject, self.body)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the placeholders that still stand in the text, in order, each once."""
        segments = self.subject_segments + self.body_segments
        # Of two spellings of one field, the one that comes first.
        names = {one.key: one.text[1:-1] for one in reversed(segments) if one.kind == "missing"}
        return tuple(names[key] for key in dict.fromkeys(one.key for one in segments if one.key in names))


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed email template. Make one with :meth:`parse`."""

    headers: Mapping[str, str]
    subject: tuple[Piece, ...]
    body: tuple[Piece, ...]
    source: str = field(default="", compare=False)

    @classmethod
    def parse(cls, text: str, source: str = "<template>", *, first_line: int = 1) -> Template:
        """Parse ``text``.

        Args:
            text: the whole template.
            source: the path to name in messages.
            first_line: the line of ``source`` on which ``text`` begins, from 1.

        Raises:
            TemplateError: with all problems of the template.
        """
        return _Parser(text, source, first_line).parse()

    @property
    def name(self) -> str:
        """What the email is called: its ``Name``, else its subject as written."""
        return self.headers.get("Name") or self.headers["Subject"]

    @property
    def wording(self) -> str:
        """The ``Wording`` header: which of several wordings of one email this is."""
        return self.headers.get("Wording", "")

    @property
    def words(self) -> tuple[int, int] | None:
        """The least and the most words that the filled body should have."""
        return number_range(self.headers.get("Words", ""))

    @property
    def characters(self) -> int | None:
        """The most characters that the filled body may have, where the box that it goes into counts them."""
        limit = self.headers.get("Characters")
        return int(limit) if limit else None

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields in order of appearance: subject first, each once."""
        required: dict[str, bool] = {}
        names: dict[str, str] = {}
        for slot, optional in _slots(self.subject + self.body):
            names.setdefault(slot.key, slot.name)
            required[slot.key] = required.get(slot.key, False) or not optional
        return tuple(Field(name, required=required[key]) for key, name in names.items())

    def fill(self, values: Mapping[str, str]) -> Draft:
        """Return the email with ``values`` (placeholder name to text) put in, in one pass.

        A value that is empty or only white space counts as not given. Names that the template does
        not have are ignored: one set of values serves many templates.
        """
        names = {slot.key: slot.name for slot, _ in _slots(self.subject + self.body)}
        cleaned: dict[str, str] = {}
        removed: list[Removed] = []
        for name, value in values.items():
            key = field_key(name)
            if key not in names:
                continue
            text, count = clean(value)
            if count:
                removed.append(Removed(names[key], count))
            if text.strip():
                cleaned[key] = text
        in_subject = {key: one_line(text) for key, text in cleaned.items()}
        return Draft(
            tuple(_render(self.subject, in_subject)), tuple(_render(self.body, cleaned)), tuple(removed)
        )


def _slots(pieces: tuple[Piece, ...]) -> Iterator[tuple[Slot, bool]]:
    """Yield every slot and whether it stands in an optional passage."""
    for piece in pieces:
        if isinstance(piece, Slot):
            yield piece, False
        elif isinstance(piece, Passage):
            yield from ((inner, True) for inner in piece.pieces if isinstance(inner, Slot))


def _expand(pieces: tuple[Piece, ...], values: Mapping[str, str]) -> Iterator[Segment | None]:
    """Yield the segments of a draft; None stands where an optional passage was left out."""
    for piece in pieces:
        if isinstance(piece, Text):
            yield Segment("text", piece.text)
        elif isinstance(piece, Slot):
            value = values.get(piece.key)
            yield (
                Segment("missing", f"[{piece.name}]", piece.key)
                if value is None
                else Segment("filled", value, piece.key)
            )
        elif any(inner.key in values for inner in piece.pieces if isinstance(inner, Slot)):
            yield from _expand(piece.pieces, values)
        else:
            yield None


def _render(pieces: tuple[Piece, ...], values: Mapping[str, str]) -> list[Segment]:
    """Return the draft's segments, with the white space of left-out passages mended."""
    out: list[Segment] = []
    gap = False

    def author_text_before() -> str:
        """Take the author's text at the end of ``out``, back to something visible."""
        taken: list[str] = []
        while out and out[-1].kind == "text" and not (taken and taken[-1].strip()):
            taken.append(out.pop().text)
        return "".join(reversed(taken))

    for segment in _expand(pieces, values):
        if segment is None:
            gap = True
        elif segment.kind != "text":
            out.append(segment)
            gap = False
        elif gap:
            at_start = not out
            left, right = _close_gap(author_text_before(), segment.text, at_start=at_start, at_end=False)
            out.extend(Segment("text", text) for text in (left, right) if text)
            # Nothing kept yet: the gap at the very start still lies open.
            gap = not out
        else:
            out.append(segment)
    if gap and out:
        left, _ = _close_gap(author_text_before(), "", at_start=False, at_end=True)
        if left:
            out.append(Segment("text", left))
    return out


def _close_gap(left: str, right: str, *, at_start: bool, at_end: bool) -> tuple[str, str]:
    """Return the author's text on both sides of a left-out passage without the space it needed.

    Alone in its paragraph or on its line, the passage takes that with it; inside a line it takes one
    space. What a person typed is never among ``left`` and ``right``.
    """
    trimmed_left, trimmed_right = left.rstrip(" \t"), right.lstrip(" \t")
    starts_line = at_start or trimmed_left.endswith("\n")
    ends_line = at_end or trimmed_right.startswith("\n")
    if starts_line and ends_line:
        above, below = trimmed_left.rstrip("\n"), trimmed_right.lstrip("\n")
        breaks = max(len(trimmed_left) - len(above), len(trimmed_right) - len(below))
        return above + "\n" * (0 if at_start or at_end else breaks), below
    if starts_line:
        return left, trimmed_right
    if ends_line or (trimmed_left != left and (trimmed_right != right or right.startswith(_CLOSING))):
        return trimmed_left, right
    return left, right


_Report = Callable[[int, str, str], None]


class _Parser:
    """Reads one template and collects every problem instead of stopping at the first."""

    def __init__(self, text: str, source: str, first_line: int) -> None:
        self.lines = clean(text)[0].split("\n")
        self.source = source
        self.first_line = first_line
        self.problems: list[Problem] = []
        self.spellings: dict[str, Slot] = {}  # letters and digits of a name -> its first slot
        self.slots: dict[str, Slot] = {}  # what stood between the brackets -> slot

    def parse(self) -> Template:
        headers, subject, body_start = self._headers()
        body = "\n".join(self.lines[body_start:])
        first = len(body) - len(body.lstrip("\n"))
        body_pieces = self._pieces(body.strip("\n"), body_start + first, 0)
        if not body.strip():
            self._problem(body_start, 0, "the email has no body", "write the text under an empty line")
        if self.problems:
            raise TemplateError(tuple(sorted(self.problems)))
        return Template(headers, subject, body_pieces, self.source)

    def _problem(self, line: int, column: int, what: str, mend: str) -> None:
        """Note a problem at a line and column of the template, both from 0."""
        line = min(line, len(self.lines) - 1)
        self.problems.append(
            Problem(self.source, self.first_line + line, column + 1, what, mend, self.lines[line])
        )

    def _headers(self) -> tuple[dict[str, str], tuple[Piece, ...], int]:
        """Read the header lines; return them, the subject's pieces and the first line of the body."""
        known = {header.lower(): header for header in HEADERS}
        headers: dict[str, str] = {}
        subject: tuple[Piece, ...] = ()
        start = next((i for i, line in enumerate(self.lines) if line.strip()), 0)
        number = start
        while number < len(self.lines) and self.lines[number].strip():
            line = self.lines[number]
            # At the first colon: a pattern would try every run of spaces again from each of its spaces.
            written, colon, rest = line.partition(":")
            if not colon or not written.strip() or written[0].isspace() or {*written} & {"[", "]"}:
                self._problem(
                    number,
                    0,
                    "this is not a header line",
                    "write 'Subject: …' first, then an empty line, then the email",
                )
                break
            name, value = known.get(written.rstrip().lower()), rest.strip()
            if name is None:
                what = f"unknown header '{shorten(written.rstrip())}'"
                self._problem(number, 0, what, suggest(written.rstrip(), list(HEADERS)))
            elif name in headers:
                self._problem(number, 0, f"repeated header '{name}'", "keep one of the two lines")
            elif not value:
                self._problem(number, 0, f"the header '{name}' is empty", "write its text after the colon")
                headers[name] = ""
            else:
                headers[name] = value
                column = line.index(value, len(written) + 1)
                if name == "Subject":
                    subject = self._pieces(value, number, column)
                elif name == "Characters":
                    self._characters(value, number, column)
                elif name == "Words":
                    self._words(value, number, column)
                elif name == "Send":
                    self._send(value, number, column)
            number += 1
        if "Subject" not in headers:
            self._problem(start, 0, "the email has no subject", "add a line 'Subject: …' at its top")
        return headers, subject, number

    def _characters(self, value: str, line: int, column: int) -> None:
        if not _LIMIT.fullmatch(value):
            self._problem(
                line,
                column,
                f"'{value}' is not a number of characters",
                "write the most that may be there: 'Characters: 200'",
            )

    def _words(self, value: str, line: int, column: int) -> None:
        if number_range(value) is None:
            self._problem(
                line,
                column,
                f"'{shorten(value)}' is not a range of words",
                "write the least and the most: 'Words: 80-150'",
            )

    def _send(self, value: str, line: int, column: int) -> None:
        try:
            parse_send(value)
        except SendError as error:
            self._problem(line, column, error.what, error.mend)

    def _pieces(self, text: str, line: int, column: int) -> tuple[Piece, ...]:
        """Parse text that begins at ``line`` and ``column`` (from 0) of the template."""
        starts = [0, *(match.end() for match in re.finditer("\n", text))]

        def problem(position: int, what: str, mend: str) -> None:
            row = bisect_right(starts, position) - 1
            self._problem(line + row, position - starts[row] + (column if row == 0 else 0), what, mend)

        outer: list[Piece] = []
        inner: list[Text | Slot] = []
        add: Callable[[Text | Slot], None] = outer.append
        opened: int | None = None  # where the optional passage that is open begins
        nested = 0  # passages wrongly opened inside it
        literal: list[str] = []

        def flush() -> None:
            if words := "".join(literal):
                add(Text(words))
            literal.clear()

        position = 0
        while match := _MARK.search(text, position):
            literal.append(text[position : match.start()])
            position = match.end()
            mark = match[0]
            if mark.startswith("\\"):
                literal.append(mark[1])
            elif mark == "[[":
                if opened is not None:
                    problem(
                        match.start(),
                        "an optional passage inside another",
                        "close the first one with ']]' before it",
                    )
                    nested += 1
                    continue
                flush()
                opened, inner = match.start(), []
                add = inner.append
            elif mark == "[":
                problem(
                    match.start(),
                    "this bracket is not closed",
                    "add the ']', or write '\\[' for a bracket in the text",
                )
            elif mark != "]":
                flush()
                slot = self.slots.get(match["name"]) or self._slot(match["name"], match.start(), problem)
                if slot is not None:
                    add(slot)
            elif opened is not None and text.startswith("]]", match.start()):
                position += 1
                if nested:
                    nested -= 1
                    continue
                flush()
                if not any(isinstance(piece, Slot) for piece in inner):
                    problem(
                        opened,
                        "an optional passage without a placeholder",
                        "put a [placeholder] in it; for a plain placeholder use single brackets",
                    )
                outer.append(Passage(tuple(inner)))
                add, opened = outer.append, None
            else:
                problem(
                    match.start(),
                    "this bracket closes nothing",
                    "remove it, or write '\\]' for a bracket in the text",
                )
        literal.append(text[position:])
        if opened is not None:
            problem(opened, "this optional passage is not closed", "add ']]' at its end")
        flush()
        return tuple(outer)

    def _slot(self, raw: str, position: int, problem: _Report) -> Slot | None:
        name = tidy_name(raw)
        key = field_key(name)
        bad = bad_name_character(raw)
        folded = "".join(filter(str.isalnum, key)).casefold()
        if not name:
            problem(position, "an empty placeholder", "write a name between the brackets")
        elif bad is not None:
            problem(
                position + 1 + bad,
                f"a placeholder may not hold '{raw[bad]}'",
                "use letters, digits, spaces, apostrophes, hyphens, commas and slashes; "
                "for brackets in the text write '\\[' and '\\]'",
            )
        elif not any(map(str.isalnum, name)):
            problem(position, f"the placeholder '{name}' has no letter", "name it in plain words")
        elif len(name) > MAX_NAME:
            problem(
                position,
                f"a placeholder of {len(name)} characters",
                f"use at most {MAX_NAME}; the longer explanation belongs in its hint",
            )
        elif (first := self.spellings.setdefault(folded, Slot(name, key))).key != key:
            problem(
                position,
                f"[{name}] is nearly [{first.name}]",
                f"did you mean '{first.name}'? Spell one field one way",
            )
        else:
            return self.slots.setdefault(raw, Slot(name, key))
        return None
