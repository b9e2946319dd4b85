"""The data of the review: rules, situations, limits and phrase lists, checked when they are read.

What a rule looks for is code (``review.py``). What it says, how grave it is, where it holds and which
words it knows is data (``docs/_data/checks.yml``), so that a site in another language, or with other
opinions, changes no Python.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple, TypeVar, get_args

from generator.core.fields import field_key, number_range
from generator.core.problem import suggest

Level = Literal["blocks", "warns", "tells", "good"]

LEVELS: Final[tuple[Level, ...]] = get_args(Level)

#: The name of every rule, in the order in which findings at one place are listed.
RULES: Final = (
    "missing",
    "leftover-placeholder",
    "brackets-in-name",
    "example-kept",
    "wrong-company",
    "other-company",
    "name-spelled-two-ways",
    "greeting-name",
    "good-greeting",
    "no-name-greeting",
    "name-in-lower-case",
    "more-than-a-name",
    "honorific",
    "far-too-long",
    "too-long",
    "too-short",
    "too-many-characters",
    "over-free-limit",
    "good-length",
    "too-many-paragraphs",
    "long-paragraph",
    "thanks-come-late",
    "good-thanks",
    "no-interest",
    "no-next-step",
    "good-next-step",
    "many-questions",
    "must-say",
    "vague-detail",
    "short-detail",
    "repeated-detail",
    "good-detail",
    "subject-too-long",
    "subject-says-little",
    "good-subject",
    "same-as-another",
    "one-address",
    "link-too-long",
    "stock-phrase",
    "apology",
    "attachment-mentioned",
    "chat-words",
    "pressure",
    "flattery",
    "reconsider",
    "pay",
    "attach-it",
    "sounds-generated",
    "many-exclamation-marks",
    "emoji",
    "lower-case-i",
    "doubled-word",
    "repeated-words",
    "capital-in-sentence",
    "double-punctuation",
    "not-plain-text",
    "pasted-email",
    "hidden-characters",
    "look-alike-letters",
    "removed-characters",
)

#: Lists with which a whole value, line or word is compared; they are not searched for in running text.
COMPARED_LISTS: Final = (
    "greeting",
    "sign-off",
    "abbreviations",
    "honorific",
    "titles",
    "bare-subject",
    "vague-detail",
    "not-company",
    "doubled-ok",
    "gap",
    "small-words",
)
_SEARCHED_LISTS: Final = (
    "leftover",
    "thanks",
    "interest",
    "next-step",
    "no-name-greeting",
    "generated",
    "enthusiasm",
    "offer",
    "stock-phrase",
    "apology",
    "attachment",
    "chat-words",
    "pressure",
    "flattery",
    "reconsider",
    "pay",
    "accepts",
    "declines",
    "withdraws",
    "date",
    "company-before",
)
#: The name of every phrase list that the data may hold.
PHRASE_LISTS: Final = (*COMPARED_LISTS, *_SEARCHED_LISTS, *(f"{name}-except" for name in _SEARCHED_LISTS))

#: What 'must-say' may name besides a phrase list.
SPECIAL_SAYINGS: Final = ("date", "start", "pay", "position")

WORD: Final = re.compile(r"\w+(?:['’]\w+)*")

Token = tuple[int, int, str]


@lru_cache(maxsize=512)  # most of what is compared is compared again at the next key
def fold(text: str) -> str:
    """Return ``text`` as it is compared: case and the shape of apostrophes do not matter."""
    folded = _folded(text)
    return " ".join(
        WORD.findall(folded) if len(folded) == len(text) else [word for _, _, word in words_of(text)]
    )


def words_of(text: str) -> list[Token]:
    """Return every word of ``text``: start, end, and the word as it is compared."""
    folded = _folded(text)
    if len(folded) == len(text):
        return [(match.start(), match.end(), match[0]) for match in WORD.finditer(folded)]
    # A letter such as 'ß' grew, so each word is folded by itself to keep the offsets.
    return [(match.start(), match.end(), _folded(match[0])) for match in WORD.finditer(text)]


def _folded(text: str) -> str:
    return text.casefold().replace("’", "'")


class Source(NamedTuple):
    """Where a piece of advice comes from; ``url`` is empty for our own."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one rule is used: its level, its words, its source, and whether every situation uses it."""

    name: str
    level: Level
    message: str
    source: Source | None = None
    always: bool = True


@dataclass(frozen=True, slots=True)
class Situation:
    """What is special about one kind of email."""

    words: tuple[int, int] | None = None
    characters: tuple[int, int] | None = None
    add: frozenset[str] = frozenset()
    leave_out: frozenset[str] = frozenset()
    must_say: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrase lists of one language.

    ``singles`` and ``longer`` are the index of the lists that are searched for in running text: the lists
    that have a word as a phrase, and, by first and second word, the phrases of more than one word.
    """

    lists: Mapping[str, frozenset[str]]
    singles: Mapping[str, tuple[str, ...]]
    longer: Mapping[str, Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]]

    @classmethod
    def of(cls, lists: Mapping[str, Sequence[str]]) -> Phrases:
        """Index ``lists`` (name of the list to phrases)."""
        folded = {name: frozenset(map(fold, phrases)) for name, phrases in lists.items()}
        singles: dict[str, list[str]] = defaultdict(list)
        longer: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = defaultdict(lambda: defaultdict(list))
        for name in sorted(folded.keys() - COMPARED_LISTS):
            for phrase in folded[name]:
                words = tuple(phrase.split())
                if len(words) == 1:
                    singles[phrase].append(name)
                elif words:
                    longer[words[0]][words[1]].append((words, name))
        return cls(
            folded,
            {word: tuple(names) for word, names in singles.items()},
            {
                # The longest first: of 'next step' and 'next step you named' the longer one is meant.
                first: {second: tuple(sorted(found, key=_longest_first)) for second, found in by_second.items()}
                for first, by_second in longer.items()
            },
        )


def _longest_first(entry: tuple[tuple[str, ...], str]) -> tuple[int, tuple[str, ...], str]:
    return -len(entry[0]), *entry


LIMITS: Final[Mapping[str, int]] = {
    "link": 1600,
    "subject": 60,
    "most-words": 250,
    "slack": 10,
    "paragraphs": 4,
    "sentences": 3,
    "detail-words": 4,
    "exclamation-marks": 1,
    "questions": 1,
    "signs": 2,
    "alike": 80,
}
ROLES: Final = ("company", "position", "own-name", "recipient", "detail", "start", "pay")

_NO_PHRASES: Final = Phrases({}, {}, {})
NO_SITUATION: Final = Situation()
FACT: Final = re.compile(r"\{(\w+)\}")
_NO_FACTS: Final[frozenset[str]] = frozenset()
_RANGE_FACTS: Final = frozenset({"count", "least", "most"})
#: Which facts a rule gives to its message. A rule that is not named here gives the words it is about.
FACTS_OF: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(
        ("example-kept", "wrong-company", "other-company", "name-spelled-two-ways", "greeting-name", "missing"),
        frozenset({"words", "name"}),
    ),
    **dict.fromkeys(("too-long", "too-short", "good-length"), _RANGE_FACTS),
    **dict.fromkeys(
        ("too-many-characters", "too-many-paragraphs", "link-too-long", "far-too-long"),
        frozenset({"count", "most"}),
    ),
    **dict.fromkeys(
        ("long-paragraph", "many-questions", "subject-too-long"), frozenset({"words", "count", "most"})
    ),
    **dict.fromkeys(("good-thanks", "good-next-step", "no-next-step", "no-interest"), _NO_FACTS),
    **dict.fromkeys(("must-say", "one-address"), frozenset({"name"})),
    "over-free-limit": frozenset({"count", "least"}),
    "same-as-another": frozenset({"count"}),
    "removed-characters": frozenset({"count", "name"}),
}
_WORDS_ALONE: Final = frozenset({"words"})


@dataclass(frozen=True, slots=True)
class Checks:
    """All data of the review. Make it with :meth:`from_data`."""

    rules: Mapping[str, Rule]
    situations: Mapping[str, Situation]
    limits: Mapping[str, int]
    roles: Mapping[str, frozenset[str]]
    phrases: Mapping[str, Phrases]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Checks:
        """Check and take over what ``checks.yml`` holds.

        Raises:
            ChecksError: with all mistakes of the data.
        """
        reader = _Reader()
        top = reader.mapping(data, (), ("limits", "fields", "sources", "rules", "situations", "phrases"))
        sources = reader.sources(top.get("sources", {}))
        phrases = reader.phrases(top.get("phrases", {}))
        checks = cls(
            rules=reader.rules(top.get("rules", {}), sources),
            situations=reader.situations(top.get("situations", {}), phrases),
            limits=reader.limits(top.get("limits", {})),
            roles=reader.roles(top.get("fields", {})),
            phrases=phrases,
        )
        if reader.mistakes:
            raise ChecksError(tuple(reader.mistakes))
        return checks

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
            or _NO_PHRASES
        )

    def active(self, situation: Situation) -> dict[str, Rule]:
        """Return the rules to use for a situation."""
        return {
            name: rule
            for name, rule in self.rules.items()
            if (rule.always or name in situation.add) and name not in situation.leave_out
        }


class MistakeError(ValueError):
    """One mistake of the data: ``place`` has the names that lead to it, the outermost first."""

    def __init__(self, place: tuple[str, ...], what: str, mend: str) -> None:
        self.place, self.what, self.mend = place, what, mend
        super().__init__(f"{' → '.join(place) or 'checks'}: {what} — {mend}")


class ChecksError(ValueError):
    """Data that cannot be used; ``mistakes`` has everything that is wrong with it."""

    def __init__(self, mistakes: tuple[MistakeError, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(map(str, mistakes)))


_Place = tuple[str, ...]
_Value = TypeVar("_Value")


class _Reader:
    """Reads the data to its end, whatever is wrong with it, and collects every mistake."""

    def __init__(self) -> None:
        self.mistakes: list[MistakeError] = []

    def take(self, otherwise: _Value, read: Callable[..., _Value], *arguments: Any) -> _Value:
        """Return what ``read`` makes of ``arguments``; where that is a mistake, note it and go on."""
        try:
            return read(*arguments)
        except MistakeError as mistake:
            self.mistakes.append(mistake)
            return otherwise

    def mapping(self, value: Any, place: _Place, keys: Iterable[str] | None = None) -> dict[str, Any]:
        """Return the entries of a mapping whose names may stand there."""
        if not isinstance(value, Mapping):
            what = f"{_kind(value)} stands where names with values belong"
            self.mistakes.append(MistakeError(place, what, "write 'name: value' lines"))
            return {}
        known = None if keys is None else list(keys)
        entries: dict[str, Any] = {}
        for key, one in value.items():
            if not isinstance(key, str):
                self.mistakes.append(MistakeError(place, f"the name {key!r} is not text", "put it in quotes"))
            elif known is not None and key not in known:
                self.mistakes.append(MistakeError((*place, key), f"unknown name '{key}'", suggest(key, known)))
            else:
                entries[key] = one
        return entries

    def texts(self, value: Any, place: _Place) -> tuple[str, ...]:
        nothing: tuple[str, ...] = ()
        return self.take(nothing, _texts, value, place)

    def limits(self, data: Any) -> dict[str, int]:
        given = self.mapping(data, ("limits",), LIMITS)
        return {**LIMITS, **{name: self.take(0, _count, one, ("limits", name)) for name, one in given.items()}}

    def roles(self, data: Any) -> dict[str, frozenset[str]]:
        given = self.mapping(data, ("fields",), ROLES)
        return {
            role: frozenset(map(field_key, self.texts(given.get(role, ()), ("fields", role)))) for role in ROLES
        }

    def sources(self, data: Any) -> dict[str, Source]:
        sources: dict[str, Source] = {}
        for key, value in self.mapping(data, ("sources",)).items():
            place = ("sources", key)
            entry = self.mapping(value, place, ("name", "url"))
            sources[key] = Source(
                self.take("", _text, entry.get("name"), (*place, "name")),
                self.take("", _address, entry.get("url", ""), (*place, "url")),
            )
        return sources

    def rules(self, data: Any, sources: Mapping[str, Source]) -> dict[str, Rule]:
        rules: dict[str, Rule] = {}
        given = self.mapping(data, ("rules",), RULES)
        for name in RULES:  # in the code's order, so that the file's order changes nothing
            if name not in given:
                continue
            place = ("rules", name)
            entry = self.mapping(given[name], place, ("level", "message", "source", "only-where-added"))
            source: Source | None = None
            if entry.get("source") is not None:
                named = (entry["source"], sources, (*place, "source"), "source")
                source = sources.get(self.take("", _one_of, *named))
            added = self.take(False, _flag, entry.get("only-where-added", False), (*place, "only-where-added"))
            rules[name] = Rule(
                name,
                self.take("tells", _level, entry.get("level"), (*place, "level"), name),
                self.take("", _message, entry.get("message"), (*place, "message"), name),
                source,
                not added,
            )
        return rules

    def situations(self, data: Any, phrases: Mapping[str, Phrases]) -> dict[str, Situation]:
        sayable = {*SPECIAL_SAYINGS, *(name for language in phrases.values() for name in language.lists)}
        situations: dict[str, Situation] = {}
        for slug, value in self.mapping(data, ("situations",)).items():
            place = ("situations", slug)
            entry = self.mapping(value, place, ("words", "characters", "add", "leave-out", "must-say"))
            sayings = self.mapping(entry.get("must-say", {}), (*place, "must-say"), sorted(sayable))
            situations[slug] = Situation(
                words=self.take(None, _pair, entry.get("words"), (*place, "words")),
                characters=self.take(None, _pair, entry.get("characters"), (*place, "characters")),
                add=self.switches(entry.get("add", ()), (*place, "add")),
                leave_out=self.switches(entry.get("leave-out", ()), (*place, "leave-out")),
                must_say=tuple(
                    (key, self.take("", _text, sayings[key], (*place, "must-say", key)))
                    for key in sorted(sayings)
                ),
            )
        return situations

    def switches(self, value: Any, place: _Place) -> frozenset[str]:
        names = self.texts(value, place)
        return frozenset(self.take("", _one_of, name, RULES, place, "rule") for name in names)

    def phrases(self, data: Any) -> dict[str, Phrases]:
        languages: dict[str, Phrases] = {}
        for language, value in self.mapping(data, ("phrases",)).items():
            place = ("phrases", language)
            lists = self.mapping(value, place, PHRASE_LISTS)
            languages[language] = Phrases.of(
                {name: self.texts(lists[name], (*place, name)) for name in sorted(lists)}
            )
        return languages


def _kind(value: Any) -> str:
    kinds = {
        str: "text",
        bool: "yes or no",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a mapping",
    }
    return kinds.get(type(value), "nothing" if value is None else type(value).__name__)


def _text(value: Any, place: _Place) -> str:
    if not isinstance(value, str) or not value.strip():
        raise MistakeError(
            place, f"{_kind(value)} stands where text belongs", "write text, in quotes if need be"
        )
    return value


def _flag(value: Any, place: _Place) -> bool:
    if not isinstance(value, bool):
        raise MistakeError(place, f"{_kind(value)} stands where yes or no belongs", "write true or false")
    return value


def _count(value: Any, place: _Place) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise MistakeError(place, f"{value!r} is not a whole number", "write one such as 60")
    return value


def _texts(value: Any, place: _Place) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise MistakeError(
            place, f"{_kind(value)} stands where a list belongs", "write '[one, two]' or '- one' lines"
        )
    for number, item in enumerate(value, 1):
        if isinstance(item, bool):
            # YAML reads an unquoted yes, no, on or off as a truth value.
            what = f"number {number} of the list is yes or no where text belongs"
            raise MistakeError(place, what, "put it in quotes")
        if not isinstance(item, str) or not item.strip():
            what = f"number {number} of the list is {_kind(item)} where text belongs"
            raise MistakeError(place, what, "write text, in quotes if need be")
    return tuple(value)


def _pair(value: Any, place: _Place) -> tuple[int, int] | None:
    if value is None:
        return None
    found = number_range(value) if isinstance(value, str) else None
    if found is None:
        raise MistakeError(place, f"{value!r} is not a range", "write the least and the most: '80-150'")
    return found


def _one_of(value: Any, choices: Iterable[str], place: _Place, what: str) -> str:
    known = list(choices)
    text = _text(value, place)
    if text not in known:
        raise MistakeError(place, f"unknown {what} '{text}'", suggest(text, known))
    return text


def _address(value: Any, place: _Place) -> str:
    if value == "":
        return ""
    url = _text(value, place)
    if not url.startswith("https://"):
        raise MistakeError(place, f"'{url}' is not a web address", "begin it with https://")
    return url


def _level(value: Any, place: _Place, rule: str) -> Level:
    level = next(known for known in LEVELS if known == _one_of(value, LEVELS, place, "level"))
    if rule == "sounds-generated" and level != "tells":
        # Nobody can prove who wrote a text: this rule must never hold anyone back.
        raise MistakeError(place, f"'{level}' is more than this rule can prove", "write 'tells'")
    return level


def _message(value: Any, place: _Place, rule: str) -> str:
    message = _text(value, place)
    known = FACTS_OF.get(rule, _WORDS_ALONE)
    for fact in FACT.findall(message):
        if fact not in known:
            mend = suggest(fact, sorted(known)) if known else "leave it out: this rule has none"
            raise MistakeError(place, f"this rule has no fact '{fact}'", mend)
    return message
