"""Fields: what the form asks for, one for each placeholder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal, get_args

Group = Literal["talk", "them", "you"]

#: The order in which the form asks: what was said is forgotten first.
GROUPS: Final[tuple[Group, ...]] = get_args(Group)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field of one kind is: its control, and what that tells keyboards, checkers and autofill.

    Attributes:
        meaning: what authors are told of it.
        control: the HTML element, or the type of the ``input``; ``line`` is one line that grows with its words.
        is_name: words in it are a name, no prose.
        autocapitalize: phones put a capital at the start of each answer unless told not to, and most answers
            go into the middle of a sentence.
        spellcheck: whether browsers may mark its words as misspelled.
        autocomplete: what the browser's own autofill may help with, where it is the writer's (WCAG 2.2, 1.3.5).
    """

    meaning: str
    control: Literal["text", "line", "email", "textarea", "select"] = "text"
    is_name: bool = False
    autocapitalize: str = "none"
    spellcheck: bool = False
    autocomplete: str = ""


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "name": Kind(
            "the name of a person, a company or a job",
            is_name=True,
            autocapitalize="words",
            autocomplete="name",
        ),
        "text": Kind("one line inside a sentence", "line", spellcheck=True),
        "paragraph": Kind("several sentences", "textarea", autocapitalize="sentences", spellcheck=True),
        "choice": Kind("one of several answers, which 'choices' lists", "select", spellcheck=True),
        "date": Kind("a date, as it stands in the sentence"),
        "email": Kind("an email address", "email", is_name=True, autocomplete="email"),
    }
)

ROLES: Final = ("company", "position", "own-name", "recipient", "detail", "start", "pay")
"""What the review knows a field by; one of them may stand at several fields."""

MAX_NAME: Final = 60
"""The longest placeholder name, in characters. A longer one is most likely an unclosed bracket."""

_PUNCTUATION: Final = frozenset(" '’-‐,/")
# Persian and several Indic scripts need the two joiners inside a word.
_JOINERS: Final = frozenset("\u200c\u200d")
_RANGE: Final = re.compile(r"([0-9]{1,6})\s*[-–]\s*([0-9]{1,6})")
_ASCII_NAME: Final = re.compile(r"[A-Za-z0-9 ',/-]+")


def tidy_name(name: str) -> str:
    """Return a placeholder's name without surrounding or repeated white space."""
    return " ".join(name.split())


def field_key(name: str) -> str:
    """Return what makes two spellings the same field: straight and curly apostrophes are one."""
    return unicodedata.normalize("NFC", tidy_name(name).replace("’", "'"))


def number_range(text: str) -> tuple[int, int] | None:
    """Return the least and the most that ``text`` names, such as ``80-150`` or ``4–25``, or None."""
    match = _RANGE.fullmatch(text.strip())
    if match is None or int(match[1]) > int(match[2]):
        return None
    return int(match[1]), int(match[2])


def bad_name_character(name: str) -> int | None:
    """Return the index of the first character that a placeholder's name may not hold, or None."""
    if _ASCII_NAME.fullmatch(name):
        return None
    for index, character in enumerate(name):
        if character in _PUNCTUATION or character in _JOINERS:
            continue
        if unicodedata.category(character)[0] not in "LMN":
            return index
    return None


@dataclass(frozen=True, slots=True)
class Field:
    """One question of the form.

    ``name`` is the placeholder as its author wrote it; ``ask`` is the question, and without one the name is.
    ``required`` is False for a placeholder that occurs only in optional passages. ``words`` advises on the
    length of an answer: the least and the most words. ``role`` is one of :data:`ROLES`.
    """

    name: str
    required: bool = True
    group: Group = "talk"
    kind: str = "text"
    ask: str = ""
    hint: str = ""
    example: str = ""
    each: Literal["", "interviewer"] = ""
    words: tuple[int, int] | None = None
    choices: tuple[str, ...] = ()
    role: str = ""

    @property
    def key(self) -> str:
        """The field's identity: see :func:`field_key`."""
        return field_key(self.name)

    @property
    def question(self) -> str:
        """What the form asks: the shared data's question, or the placeholder's name."""
        return self.ask or self.name[:1].upper() + self.name[1:]

    def described_by(self, shared: Field | None) -> Field:
        """Return this field with the hint, example, kind … that the shared data has for it."""
        if shared is None:
            return self
        return replace(shared, name=self.name, required=self.required and shared.required)
