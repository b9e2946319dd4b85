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


#: How many phrases one line of a list may stand for.
MOST_VARIANTS: Final = 400

_PIECE: Final = re.compile(r"[()|]|\{(?P<list>[^{}()|\s]*)\}|[^\s()|{}]+|[{}]")


class PhraseError(ValueError):
    """A line of a list that stands for no phrase; ``mend`` says how to write it."""

    def __init__(self, what: str, mend: str) -> None:
        self.what, self.mend = what, mend
        super().__init__(f"{what}: {mend}")


def variants(line: str) -> list[tuple[str, ...]]:
    """Return every phrase that a line of a list stands for, as the keys of its words.

    ``(a|the|)`` is a choice, also of nothing; ``{boss}`` is any word of the list 'boss'; ``*`` is any one word. A
    comma after a word lets one stand in the text there.

    Raises:
        PhraseError: where the line is not well formed.
    """
    stack: list[list[list[tuple[str, ...]]]] = []  # for each open choice: its finished alternatives
    lines: list[list[tuple[str, ...]]] = [[()]]  # for each open choice, and all: what it says so far

    def say(*keys: str) -> None:
        lines[-1] = [(*one, *keys) for one in lines[-1]]

    comma = ""
    for match in _PIECE.finditer(line):
        piece = match[0]
        if piece == "(":
            stack.append([])
            lines.append([()])
        elif piece in ("|", ")"):
            if not stack:
                raise PhraseError(f"'{piece}' without a '('", "write a choice as (one|another)")
            stack[-1].append(lines[-1])
            lines[-1] = [()]
            if piece == ")":
                lines.pop()
                choices = [one for alternative in stack.pop() for one in alternative]
                lines[-1] = [(*one, *choice) for one in lines[-1] for choice in choices]
        elif match["list"] is not None:
            if not match["list"]:
                raise PhraseError("'{}' names no list", "write the name of a list: {boss}")
            say(f"{comma}{{{match['list']}}}")
            comma = ""
        elif piece in ("{", "}"):
            raise PhraseError(f"'{piece}' alone", "write the name of a list in braces: {boss}")
        else:
            words = ["*"] if piece in ("*", "*,") else fold(piece).split()
            for word in words:
                say(f"{comma}{word}")
                comma = ""
            comma = "," if piece.endswith(",") else comma
        if len(lines[-1]) > MOST_VARIANTS:
            raise PhraseError(f"it stands for more than {MOST_VARIANTS} phrases", "write it in two lines")
    if stack:
        raise PhraseError("'(' is not closed", "add the ')'")
    return [one for one in dict.fromkeys(lines[0]) if one]


def lists_in(line: str) -> set[str]:
    """Return the names of the lists that a line takes its words from."""
    return {match["list"] for match in _PIECE.finditer(line) if match["list"]}


@dataclass(slots=True)
class Node:
    """A place in the tree of all phrases: what may come next, and which lists end here."""

    next: dict[str, Node] = field(default_factory=dict)
    ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrase lists of one language.

    ``lists`` has those with which a whole value, line or word is compared. ``root`` is the tree of those that are
    looked for in running text, and ``classes`` says by which other keys a word is known in it.
    """

    lists: Mapping[str, frozenset[str]]
    root: Node
    classes: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, lists: Mapping[str, Sequence[str]], found: Collection[str]) -> Phrases:
        """Index ``lists`` (name of the list to phrases); those in ``found`` are looked for in running text."""
        root = Node()
        used: set[str] = set()
        for name in sorted(lists.keys() & found):
            for line in lists[name]:
                used |= lists_in(line)
                for keys in variants(line):
                    node = root
                    for key in keys:
                        node = node.next.setdefault(key, Node())
                    if name not in node.ends:
                        node.ends = (*node.ends, name)
        classes: dict[str, list[str]] = defaultdict(list)
        for name in sorted(used):
            for word in lists.get(name, ()):
                classes[fold(word)].append(f"{{{name}}}")
        return cls(
            {name: frozenset(map(fold, phrases)) for name, phrases in lists.items()},
            root,
            {word: tuple(keys) for word, keys in classes.items()},
        )


NO_PHRASES: Final = Phrases({}, Node(), {})
