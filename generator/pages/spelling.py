"""Spelling and grammar of what a site says, checked with Harper: the proofreader that its readers have, too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from generator.core.problem import Problem, suggest
from generator.pages.prose import Block

if TYPE_CHECKING:
    from harper import Linter

#: With fewer texts than these, starting more processes costs more than it saves.
_MANY: Final = 20


@dataclass(frozen=True, slots=True)
class Text:
    """A page, or one email: its prose, and for a page the lines of its file."""

    path: str
    blocks: tuple[Block, ...]
    lines: tuple[str, ...]


def check_spelling(
    texts: Sequence[Text], grammar: Mapping[str, Any], known: Iterable[str], shown: str
) -> tuple[list[Problem], list[Problem]]:
    """Return what is wrong with the settings, and what the grammar checker finds.

    Args:
        texts: what is checked.
        grammar: that part of ``style.yml``.
        known: words that are right.
        shown: how problems name ``style.yml``.
    """
    make = partial(_Checker, grammar, tuple(sorted(set(known))))
    checker = make()
    unknown = [rule for rule in grammar["rules_off"] if rule not in checker.rules]
    if unknown:
        what = "the grammar checker has no rule '{}'"
        return [Problem(shown, 1, 1, what.format(rule), suggest(rule, checker.rules)) for rule in unknown], []
    if len(texts) < _MANY:
        return [], [problem for text in texts for problem in checker.check(text)]
    with ProcessPoolExecutor(initializer=_start, initargs=(make,)) as pool:
        return [], [problem for found in pool.map(_check, texts, chunksize=8) for problem in found]


class _Checker:
    def __init__(self, grammar: Mapping[str, Any], known: Sequence[str]) -> None:
        from harper import Dialect, Language, Linter  # the package is large, and few commands need it

        self.accepted = [re.compile(re.escape(phrase), re.IGNORECASE) for phrase in grammar["accepted"]]
        self.linter: Linter = Linter(Dialect[grammar["dialect"].upper()])
        self.language = Language.PLAINTEXT
        config = self.linter.get_lint_config()
        self.rules: tuple[str, ...] = tuple(config)
        self.linter.set_lint_config(config | {rule: False for rule in grammar["rules_off"] if rule in config})
        self.linter.import_words([*known])

    def check(self, text: Text) -> list[Problem]:
        whole, starts = "", []
        for block in text.blocks:
            starts.append(len(whole))
            # Items and cells may begin small.
            small = block.kind in ("item", "cell")
            whole += (block.text[:1].upper() + block.text[1:] if small else block.text) + "\n\n"
        problems = []
        for rule, position, what, word in self._lint(whole):
            number = text.blocks[max(index for index, begin in enumerate(starts) if begin <= position)].line
            line = text.lines[number - 1] if text.lines else ""
            problems.append(Problem(text.path, number, max(0, line.find(word)) + 1, what, _mend(rule), line))
        return problems

    def _lint(self, text: str) -> Iterator[tuple[str, int, str, str]]:
        accepted = [match.span() for phrase in self.accepted for match in phrase.finditer(text)]
        for rule, lints in self.linter.organized_lints(text, language=self.language).items():
            for lint in lints:
                if any(begin <= lint.span.start and lint.span.end <= end for begin, end in accepted):
                    continue
                near = text[max(0, lint.span.start - 30) : lint.span.end + 30].replace("\n", " ")
                instead = [one.replacement_text for one in lint.suggestions if one.replacement_text][:3]
                hint = f" Perhaps: {', '.join(instead)}." if instead else ""
                word = lint.problem_text.strip()
                yield rule, lint.span.start, f"'{word}' in “…{near}…”: {lint.message}{hint}", word


_checkers: list[_Checker] = []
"""The one of this process."""


def _start(make: partial[_Checker]) -> None:
    _checkers[:] = [make()]


def _check(text: Text) -> list[Problem]:
    return _checkers[0].check(text)


def _mend(rule: str) -> str:
    if rule == "SpellCheck":
        return "mend it, or add the word to docs/_data/words.txt"
    return f"mend it, or add the phrase to 'accepted' in docs/_data/style.yml ({rule})"
