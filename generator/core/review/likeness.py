"""How alike two emails are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, NamedTuple

from generator.core.message import Message


class Pair(NamedTuple):
    """Two emails, by their place in the list, and how alike they are: 0 to 1."""

    first: int
    second: int
    similarity: float


Part = tuple[str, bool]
"""Words of a text, and whether another text has others in their place."""

MOST_WORDS: Final = 1_000
"""So many words of two texts are compared: no note is longer."""

_UNIT: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|\\w+(?:['’]\\w+)*"
)


@lru_cache(maxsize=32)  # while one note is typed, the others of its panel stay as they are
def shingles(body: str) -> frozenset[tuple[str, ...]]:
    """Return every run of three words of a body.

    Notes from one template share most of their words. Runs of words tell a note with a detail of its own
    (each changed word breaks three runs) from one in which only the name is new.
    """
    words = _UNIT.findall(body.casefold())
    if len(words) < 3:
        return frozenset({tuple(words)}) if words else frozenset()
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def overlap(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """Return the share of runs that both have, of all that they have: 0 to 1."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def compare(messages: Sequence[Message], threshold: float) -> list[Pair]:
    """Return the pairs of ``messages`` that are at least ``threshold`` (0 to 1) alike, in order.

    A site's own threshold is :attr:`Checks.alike`. The similarity is the share of three-word runs that two
    bodies have in common, of all that they have.
    """
    if len(messages) < 2:
        return []
    runs = [shingles(message.body) for message in messages]
    pairs: list[Pair] = []
    for second in range(len(runs)):
        for first in range(second):
            similarity = overlap(runs[first], runs[second])
            if similarity >= threshold:
                pairs.append(Pair(first, second, similarity))
    return sorted(pairs)


def differences(one: str, other: str) -> tuple[list[Part], list[Part]]:
    """Return two texts in parts: which words they have in common, and in which they differ."""
    here, there = (re.findall(r"\s+|\S+\s*", text)[:MOST_WORDS] for text in (one, other))
    same = SequenceMatcher(a=here, b=there, autojunk=False).get_matching_blocks()
    return (
        _parts(one, here, [(block.a, block.a + block.size) for block in same]),
        _parts(other, there, [(block.b, block.b + block.size) for block in same]),
    )


def _parts(text: str, words: list[str], same: list[tuple[int, int]]) -> list[Part]:
    parts: list[Part] = []
    end = 0
    for begin, following in same:
        differs, common = "".join(words[end:begin]), "".join(words[begin:following])
        # What stands behind the last word of a passage is no difference.
        bare = differs.rstrip()
        parts += [(bare, True), (differs[len(bare) :] + common, False)]
        end = following
    rest = text[len("".join(words)) :]
    return [part for part in (*parts, (rest, False)) if part[0]]
