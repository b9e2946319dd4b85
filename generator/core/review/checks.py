"""The data of the review: rules, situations, limits and phrase lists.

What a rule looks for is code (``rules/``). What it says, how grave it is, where it holds and which words it
knows is data, so that a site in another language, or with other opinions, changes no Python. The data is
checked once, when a site is built; what is read here has passed that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple, get_args

from generator.core.review.phrases import NO_PHRASES, Phrases

Level = Literal["blocks", "warns", "tells", "good"]

LEVELS: Final[tuple[Level, ...]] = get_args(Level)

#: What 'must-say' may name besides a phrase list.
SPECIAL_SAYINGS: Final = ("date", "start", "pay", "position")


class Source(NamedTuple):
    """Where a piece of advice comes from; ``url`` is empty for our own."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one rule is used: its level, its words, its source, and whether every situation uses it.

    ``phrases`` is the list of phrases for which the rule looks; empty for a rule that is code. ``terms`` are
    words that its message uses for what cannot be quoted. ``why`` it matters is one sentence; what it is, and a
    bad and a good line stand in the guide.
    """

    name: str
    level: Level
    message: str
    source: Source | None = None
    always: bool = True
    phrases: str = ""
    why: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is special about one kind of email."""

    words: tuple[int, int] | None = None
    characters: tuple[int, int] | None = None
    add: frozenset[str] = frozenset()
    leave_out: frozenset[str] = frozenset()
    must_say: tuple[tuple[str, str], ...] = ()


NO_SITUATION: Final = Situation()


@dataclass(frozen=True, slots=True)
class Checks:
    """All data of the review. ``roles`` says which fields hold what: 'company' to keys of fields."""

    rules: Mapping[str, Rule]
    situations: Mapping[str, Situation]
    limits: Mapping[str, int]
    roles: Mapping[str, frozenset[str]]
    phrases: Mapping[str, Phrases]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Checks:
        """Take over what the build has read and checked (``generator/pages/data.py``): plain JSON."""
        rules = {
            name: Rule(
                **{**entry, "name": name, "source": Source(*entry["source"]) if entry["source"] else None}
            )
            for name, entry in data["rules"].items()
        }
        situations = {
            name: Situation(
                words=_pair(entry["words"]),
                characters=_pair(entry["characters"]),
                add=frozenset(entry["add"]),
                leave_out=frozenset(entry["leave_out"]),
                must_say=tuple((saying, words) for saying, words in entry["must_say"]),
            )
            for name, entry in data["situations"].items()
        }
        sought = {*data["sought"], *(f"{name}-except" for name in data["sought"])}
        return cls(
            rules,
            situations,
            data["limits"],
            {role: frozenset(keys) for role, keys in data["roles"].items()},
            {language: Phrases.of(lists, sought) for language, lists in data["phrases"].items()},
        )

    @property
    def link_limit(self) -> int:
        """How many characters a link to a mail program may have."""
        return self.limits["link"]

    @property
    def alike(self) -> float:
        """From which share of common words on two emails count as the same, 0 to 1."""
        return self.limits["alike"] / 100

    def for_language(self, language: str) -> Phrases:
        """Return the phrase lists of ``language`` ('en', 'fr-CA' …); empty ones where there are none."""
        return (
            self.phrases.get(language)
            or self.phrases.get(language.replace("_", "-").partition("-")[0].lower())
            or NO_PHRASES
        )

    def active(self, situation: Situation) -> dict[str, Rule]:
        """Return the rules to use for a situation."""
        return {
            name: rule
            for name, rule in self.rules.items()
            if (rule.always or name in situation.add) and name not in situation.leave_out
        }


def _pair(value: Any) -> tuple[int, int] | None:
    return (value[0], value[1]) if value else None
