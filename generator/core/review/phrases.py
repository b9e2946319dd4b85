"""Words and phrases: how a text is cut into words, and the phrase lists that are looked for in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

WORD: Final = re.compile(r"\w+(?:['’]\w+)*")

Token = tuple[int, int, str]
"""A word of a text: start, end, and the word as it is compared."""

# Scripts that put no space between words: Thai, Lao, Burmese, Khmer, kana and Chinese characters.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)


@lru_cache(maxsize=512)  # most of what is compared is compared again at the next key
def fold(text: str) -> str:
    """Return ``text`` as it is compared: case and the shape of apostrophes do not matter."""
    folded = _folded(text)
    return " ".join(
        WORD.findall(folded) if len(folded) == len(text) else [word for _, _, word in words_of(text)]
    )


def words_of(text: str) -> list[Token]:
    """Return every word of ``text``."""
    folded = _folded(text)
    if len(folded) == len(text):
        return [(match.start(), match.end(), match[0]) for match in WORD.finditer(folded)]
    # A letter such as 'ß' grew, so each word is folded by itself to keep the offsets.
    return [(match.start(), match.end(), _folded(match[0])) for match in WORD.finditer(text)]


def _folded(text: str) -> str:
    return text.casefold().replace("’", "'")


def countable(text: str) -> bool:
    """Whether counting words says anything about the length of ``text``."""
    return len(_UNSPACED.findall(text)) * 10 < len(text)


def short(text: str) -> str:
    """Return ``text`` on one line, cut in the middle of nothing worse than a long quotation."""
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57].rstrip()}…"


_PIECE: Final = re.compile(r"[()|]|\{(?P<list>[^{}()|\s]*)\}|[^\s()|{}]+|[{}]")


class PhraseError(ValueError):
    """A line of a list that stands for no phrase; ``mend`` says how to write it."""

    def __init__(self, what: str, mend: str) -> None:
        self.what, self.mend = what, mend
        super().__init__(f"{what}: {mend}")


@dataclass(slots=True, eq=False)
class Node:
    """A place in the phrases: what may come next, and which lists end here."""

    next: dict[str, list[Node]] = field(default_factory=dict)
    ends: set[str] = field(default_factory=set)


def add_line(root: Node, line: str, name: str) -> None:
    """Add the phrases for which a ``line`` of the list ``name`` stands.

    ``(a|the|)`` is a choice, also of nothing; ``{boss}`` is any one of the list 'boss'; ``*`` is any one
    word. A comma after a word lets one stand in the text there.

    Raises:
        PhraseError: where the line is not well formed.
    """
    here = [root]  # the places at which what was read so far may have ended
    # for each open choice: where it begins, where it may end, and the comma before it
    opened: list[tuple[list[Node], list[Node], str]] = []
    comma = ""

    def say(key: str) -> list[Node]:
        node = Node()
        for one in here:
            one.next.setdefault(comma + key, []).append(node)
        return [node]

    for match in _PIECE.finditer(line):
        piece = match[0]
        if piece == "(":
            opened.append((here, [], comma))
        elif piece in ("|", ")"):
            if not opened:
                raise PhraseError(f"'{piece}' without a '('", "write a choice as (one|another)")
            begins, ends, before = opened[-1]
            ends += [one for one in here if one not in ends]
            here, comma = begins, before
            if piece == ")":
                here, comma = opened.pop()[1], ""
        elif match["list"] is not None:
            if not match["list"]:
                raise PhraseError("'{}' names no list", "write the name of a list: {boss}")
            here = say(f"{{{match['list']}}}")
            comma = ""
        elif piece in ("{", "}"):
            raise PhraseError(f"'{piece}' alone", "write the name of a list in braces: {boss}")
        else:
            for word in ["*"] if piece in ("*", "*,") else fold(piece).split():
                here = say(word)
                comma = ""
            comma = "," if piece.endswith(",") else comma
    if opened:
        raise PhraseError("'(' is not closed", "add the ')'")
    for one in here:
        if one is not root:
            one.ends.add(name)


def lists_in(line: str) -> set[str]:
    """Return the names of the lists that a line takes its words from."""
    return {match["list"] for match in _PIECE.finditer(line) if match["list"]}


# Between the words of one phrase stands white space, a hyphen, a slash, or a full stop without space.
_PHRASE_GAP: Final = re.compile(r"\s+|\.?\s?[-‐‑/]\s?|\.")


# Where a phrase says so, a comma.
_COMMA_GAP: Final = re.compile(r"\s?,\s{0,2}")

#: How many sentences are remembered, and how long one of them may be.
_MOST_BLOCKS: Final = 200
_LONGEST_BLOCK: Final = 1_000

Match = tuple[str, int, int]
"""What was found in a text: the name of a list, and where its phrase begins and ends."""


class State:
    """Several places at once: where the words read so far may stand.

    What may come after is worked out when it is asked for, and kept.
    """

    __slots__ = ("_after", "_nodes", "_states", "ends")

    def __init__(self, nodes: Sequence[Node], states: dict[tuple[int, ...], State]) -> None:
        self.ends = tuple(sorted({name for node in nodes for name in node.ends}))
        self._states = states
        self._nodes = nodes  # kept, because their identities tell states apart
        self._after: dict[str, list[Node] | State] = {}
        for node in nodes:
            for key, further in node.next.items():
                self._after[key] = [*self._after.get(key, ()), *further]  # type: ignore[misc]

    def __contains__(self, key: str) -> bool:
        """Whether ``key`` may come next."""
        return key in self._after

    def after(self, key: str) -> State | None:
        """Return where one stands when ``key`` comes next."""
        found = self._after.get(key)
        if found.__class__ is list:
            identity = tuple(sorted(map(id, found)))
            if identity not in self._states:
                self._states[identity] = State(found, self._states)
            found = self._after[key] = self._states[identity]
        return found  # type: ignore[return-value]

    @property
    def goes_on(self) -> bool:
        """Whether anything may come next."""
        return bool(self._after)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrase lists of one language.

    ``lists`` has those with which a whole value, line or word is compared. ``root`` is where the search begins
    for those that are looked for in running text; ``classes`` says by which other keys a word is known there,
    and ``runs``, by its first word, several words that are known by one.
    """

    lists: Mapping[str, frozenset[str]]
    root: State = field(default_factory=lambda: State((), {}), compare=False)
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    runs: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]] = field(default_factory=dict)

    _read: dict[str, tuple[list[Token], list[Match]]] = field(default_factory=dict, compare=False, repr=False)

    def read(self, text: str) -> tuple[list[Token], list[Match]]:
        """Return the words of a sentence and the phrases in it: one pass over the words."""
        known = self._read.get(text)
        if known is None:
            words = words_of(text)
            known = words, _matches(text, words, self)
            if len(self._read) >= _MOST_BLOCKS:
                self._read.pop(next(iter(self._read)))
            if len(text) <= _LONGEST_BLOCK:
                self._read[text] = known
        return known

    @classmethod
    def of(cls, lists: Mapping[str, Sequence[str]], found: Collection[str]) -> Phrases:
        """Index ``lists`` (name of the list to phrases); those in ``found`` are looked for in running text."""
        root = Node()
        used: set[str] = set()
        for name in sorted(lists.keys() & found):
            for line in lists[name]:
                used |= lists_in(line)
                add_line(root, line, name)
        classes: dict[str, list[str]] = defaultdict(list)
        runs: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for name in sorted(used):
            for member in lists.get(name, ()):
                first, *rest = fold(member).split()
                if rest:
                    runs[first].append((tuple(rest), f"{{{name}}}"))
                else:
                    classes[first].append(f"{{{name}}}")
        return cls(
            {name: frozenset(map(fold, phrases)) for name, phrases in lists.items()},
            State((root,), {}),
            {word: tuple(keys) for word, keys in classes.items()},
            {word: tuple(known) for word, known in runs.items()},
        )


def _matches(text: str, words: Sequence[Token], phrases: Phrases) -> list[Match]:
    """Return what the lists of ``phrases`` hold of ``text``: at each word the longest phrase of each list."""
    found: list[Match] = []
    first, classes, runs = phrases.root, phrases.classes, phrases.runs
    if not first.goes_on:
        return found
    for number, (start, _, word) in enumerate(words):
        if word not in first and word not in classes and word not in runs:
            continue
        longest: dict[str, int] = {}
        for key, last in _keys(text, words, number, phrases):
            if (state := first.after(key)) is not None:
                _follow(text, words, state, last, phrases, longest)
        found += [(name, start, words[last][1]) for name, last in longest.items()]
    return found


def _keys(text: str, words: Sequence[Token], number: int, phrases: Phrases) -> list[tuple[str, int]]:
    """Return by which keys the words from ``number`` on may be known, and how far each goes."""
    word = words[number][2]
    keys = [(word, number), *((key, number) for key in phrases.classes.get(word, ()))]
    for rest, key in phrases.runs.get(word, ()):
        last = number + len(rest)
        if last < len(words) and all(
            words[number + 1 + at][2] == one
            and _PHRASE_GAP.fullmatch(text, words[number + at][1], words[number + 1 + at][0])
            for at, one in enumerate(rest)
        ):
            keys.append((key, last))
    return keys


def _follow(
    text: str, words: Sequence[Token], state: State, number: int, phrases: Phrases, longest: dict[str, int]
) -> None:
    """Note for each list how far its longest phrase goes that is at ``state`` with the word ``number``."""
    todo = [(state, number)]
    while todo:
        state, number = todo.pop()
        for name in state.ends:
            longest[name] = max(longest.get(name, number), number)
        after = number + 1
        if after == len(words) or not state.goes_on:
            continue
        end, start = words[number][1], words[after][0]
        comma = ""
        if text[end:start] != " " and not _PHRASE_GAP.fullmatch(text, end, start):
            if not _COMMA_GAP.fullmatch(text, end, start):
                continue
            comma = ","
        for key, last in _keys(text, words, after, phrases):
            if (further := state.after(comma + key)) is not None:
                todo.append((further, last))
        if (further := state.after(f"{comma}*")) is not None:
            todo.append((further, after))


NO_PHRASES: Final = Phrases({})
