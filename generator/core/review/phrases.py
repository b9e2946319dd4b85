"""Words and phrases: how a text is cut into words, and the phrase lists that are looked for in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrase lists of one language.

    ``singles`` and ``longer`` are the index of the lists that are looked for in running text: the lists
    that have a word as a phrase, and, by first and second word, the phrases of more than one word.
    """

    lists: Mapping[str, frozenset[str]]
    singles: Mapping[str, tuple[str, ...]]
    longer: Mapping[str, Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]]

    @classmethod
    def of(cls, lists: Mapping[str, Sequence[str]], found: Collection[str]) -> Phrases:
        """Index ``lists`` (name of the list to phrases); those in ``found`` are looked for in running text."""
        folded = {name: frozenset(map(fold, phrases)) for name, phrases in lists.items()}
        singles: dict[str, list[str]] = defaultdict(list)
        longer: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = defaultdict(lambda: defaultdict(list))
        for name in sorted(folded.keys() & found):
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


NO_PHRASES: Final = Phrases({}, {}, {})
