"""The registry: a rule is defined, declared and known by being written down with :func:`rule`.

A rule looks at what a person typed and never blames them for the author's words: a finding about words
overlaps something typed, and a finding about the whole email waits until nothing is missing. It yields
hits; what it says, how grave it is and where it holds is data (``generator/english/rules.yml``).

A rule that only looks for phrases is no code at all: in the data, it has ``phrases``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from generator.core.review.case import Case
from generator.core.review.part import PartName


class Hit(NamedTuple):
    """What a rule found, before it is worded."""

    rule: str
    part: PartName = ""
    start: int = 0
    end: int = 0
    mend: str | None = None
    facts: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Definition:
    """A function that looks for something, and all that its rules take from the data.

    Attributes:
        names: the rules whose hits it yields.
        find: the function.
        facts: for each of the names, what its message may use in {braces}.
        limits: the numbers that it asks for.
        finds: the phrase lists that it looks for in running text.
        compares: the lists with which it compares a whole value, line or word.
        terms: the words that its messages use for what cannot be quoted, such as a tab.
        at_any_length: it looks at an email that is too long to be looked at in full, too.
        untouched: it looks at an email into which nothing was typed yet, too.
    """

    names: tuple[str, ...]
    find: Callable[[Case], Iterator[Hit]]
    facts: Mapping[str, frozenset[str]]
    limits: tuple[str, ...]
    finds: tuple[str, ...]
    compares: tuple[str, ...]
    terms: tuple[str, ...]
    at_any_length: bool
    untouched: bool


DEFINITIONS: Final[list[Definition]] = []
"""Every rule that is code, in the order in which findings at one place are listed."""

WORDS_ALONE: Final = frozenset({"words"})
"""The facts of a rule that declares none: the words that it is about."""


def rule(
    *names: str,
    facts: Iterable[str] | Mapping[str, Iterable[str]] = ("words",),
    limits: Iterable[str] = (),
    finds: Iterable[str] = (),
    compares: Iterable[str] = (),
    terms: Iterable[str] = (),
    at_any_length: bool = False,
    untouched: bool = False,
) -> Callable[[Callable[[Case], Iterator[Hit]]], Callable[[Case], Iterator[Hit]]]:
    """Define the rules ``names`` by the function below; for the arguments see :class:`Definition`.

    ``facts`` holds for all names, or is a mapping for those whose facts are not just the words they are about.
    """
    own: Any = facts if isinstance(facts, Mapping) else dict.fromkeys(names, facts)

    def define(find: Callable[[Case], Iterator[Hit]]) -> Callable[[Case], Iterator[Hit]]:
        declared = {name: frozenset(own.get(name, WORDS_ALONE)) for name in names}
        definition = Definition(
            names,
            find,
            declared,
            tuple(limits),
            tuple(finds),
            tuple(compares),
            tuple(terms),
            at_any_length,
            untouched,
        )
        DEFINITIONS.append(definition)
        return find

    return define


def rule_names() -> list[str]:
    """Return the name of every rule that is code, in order."""
    return [name for one in DEFINITIONS for name in one.names]


def facts_of(name: str) -> frozenset[str]:
    """Return what the message of the rule ``name`` may use in {braces}."""
    return next((one.facts[name] for one in DEFINITIONS if name in one.names), WORDS_ALONE)
