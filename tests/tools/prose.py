"""The prose of this project's own content, for the tests of it: read once.

``python -m tests.tools.prose`` checks spelling, grammar and the other house rules, and prints each page's words and
reading ease with ``--table``. Limits, words and rules are data: ``docs/_data/style.yml`` and ``words.txt``.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from generator.__main__ import main as generator
from generator.core.template import Passage, Template
from generator.pages import house
from generator.pages.house import Filled
from generator.pages.prose import blocks, ease, front_matter, plain, syllables, words
from generator.pages.source import Content, read_content
from generator.pages.style import read_style

__all__ = [
    "DOCS",
    "ROOT",
    "Filled",
    "blocks",
    "content",
    "ease",
    "filled",
    "meta",
    "pages",
    "passages",
    "plain",
    "style",
    "syllables",
    "words",
]

ROOT: Final = Path(__file__).resolve().parents[2]
DOCS: Final = ROOT / "docs"


@cache
def style() -> dict[str, Any]:
    """Return the limits and switches of the text checks, as far as the content sets them."""
    return read_style(DOCS / "_data" / "style.yml", "docs/_data/style.yml", [])


@cache
def content() -> Content:
    """Return what the pages hold, read once."""
    return read_content(DOCS)


@cache
def pages() -> tuple[Path, ...]:
    """Return every page of the content that is published."""
    return tuple(
        ROOT / path for path in sorted(content().read) if path.partition("/")[2] not in content().left_out
    )


def meta(page: Path) -> dict[str, Any]:
    """Return the front matter of a page."""
    head, _ = front_matter(page.read_text(encoding="utf-8-sig"))
    return dict(yaml.safe_load(head) or {})


@cache
def filled() -> tuple[Filled, ...]:
    """Return every wording of every email, filled as ``python -m generator fill --example`` fills it."""
    return tuple(house.filled(content()))


def passages(template: Template) -> bool:
    """Return whether an email has optional passages."""
    return any(isinstance(part, Passage) for part in template.body)


def main() -> int:
    """Print the problems, or the table."""
    if "--table" not in sys.argv[1:]:
        return generator(["check", "--strict", "--docs", str(DOCS)])
    for page in pages():
        count = ease(page.read_text(encoding="utf-8-sig"))
        length = count.words / count.sentences
        print(f"{page.relative_to(DOCS).as_posix():<34}{count.words:>6}{length:>6.1f}{count.score:>6.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
