"""What is wrong in a file, where, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


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
        head = f"{self.path}:{self.line}:{self.column}: {self.what} — {self.mend}"
        if not self.source_line.strip():
            return head
        # Tabs are repeated so that the caret stays under its character whatever a tab's width is.
        before = self.source_line[: self.column - 1]
        indent = "".join("\t" if character == "\t" else " " for character in before)
        return f"{head}\n    {self.source_line}\n    {indent}^"


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
