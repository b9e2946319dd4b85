"""What is wrong in a file, where, and how to mend it."""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

AROUND: Final = 120
"""How many characters of a line are quoted around the place that is wrong."""

_UNSHOWN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_ALIKE_ON_A_LINE: Final = 3
_IN_ONE_FILE: Final = 20
_IN_ALL: Final = 100


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in one file, worded for the person who must mend it.

    Lines and columns count from 1; a column counts characters, not bytes.
    """

    path: str
    line: int
    column: int
    what: str
    mend: str
    source_line: str = ""

    def __str__(self) -> str:
        """``path:line:column: what — how to mend it``, then the line with a caret under the place."""
        # What is wrong may quote the file, and a mend may list every name that works.
        what, mend = shorten(_shown(self.what), 400), shorten(_shown(self.mend), 4000)
        head = f"{_shown(self.path)}:{self.line}:{self.column}: {what} — {mend}"
        if not self.source_line.strip():
            return head
        start = max(0, self.column - 1 - AROUND // 2)
        end = start + AROUND
        before, after = "…" if start else "", "…" if end < len(self.source_line) else ""
        quoted = _shown(self.source_line[start:end].removesuffix("\r"))
        # Tabs are repeated so that the caret stays under its character whatever a tab's width is.
        until = before + quoted[: self.column - 1 - start]
        indent = "".join("\t" if character == "\t" else " " for character in until)
        return f"{head}\n    {before}{quoted}{after}\n    {indent}^"


def listing(problems: Sequence[Problem]) -> list[str]:
    """Return the problems as texts: the first of each file, and how many more there are.

    One slip can make thousands of problems, and nobody mends more than a few at a time.
    """
    shown, others = first_of(problems)
    return [*map(str, shown), *others]


def first_of(problems: Sequence[Problem]) -> tuple[list[Problem], list[str]]:
    """Return the first problems of each file, and how many more there are, as texts."""
    shown: list[Problem] = []
    said: list[str] = []
    listed: Counter[str] = Counter()
    left: Counter[str] = Counter()
    alike: Counter[tuple[str, int, str]] = Counter()
    for problem in problems:
        kind = (problem.path, problem.line, problem.what)
        alike[kind] += 1
        if alike[kind] <= _ALIKE_ON_A_LINE and listed[problem.path] < _IN_ONE_FILE and len(shown) < _IN_ALL:
            listed[problem.path] += 1
            shown.append(problem)
        else:
            left[problem.path] += 1
    for path, count in left.most_common(_IN_ONE_FILE):
        said.append(f"{_shown(path)}: {count} more like these — mend those above first")
    if others := left.total() - sum(count for _, count in left.most_common(_IN_ONE_FILE)):
        said.append(f"{others} more in other files")
    return shown, said


def shorten(text: str, most: int = 60) -> str:
    """Return ``text`` with at most ``most`` characters; an ellipsis stands for the others."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _shown(text: str) -> str:
    """Return ``text`` on one line: what would move a terminal's cursor is shown as a box."""
    if text.isprintable():
        return text
    return "".join("\ufffd" if unicodedata.category(one) in _UNSHOWN and one != "\t" else one for one in text)


def nearest(word: str, choices: Iterable[str], *, cutoff: float = 0.75) -> str | None:
    """Return the choice that ``word`` is probably a misspelling of, or None.

    ``cutoff`` is the least similarity, from 0 to 1 (see :func:`difflib.get_close_matches`).
    """
    by_folded = {choice.casefold(): choice for choice in choices}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=cutoff)
    return by_folded[close[0]] if close else None


def suggest(word: str, choices: Iterable[str]) -> str:
    """Return how to mend an unknown ``word``: the nearest choice, or all of them."""
    known = list(choices)
    near = nearest(word, known)
    return f"did you mean '{near}'?" if near else f"use one of: {', '.join(known)}"
