"""How prose is counted."""

from __future__ import annotations

import pytest

from tests.tools import prose


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("a", 1), ("the", 1), ("named", 1), ("wanted", 2), ("notes", 1), ("email", 2), ("people", 2),
        ("interview", 3), ("company", 3), ("careful", 2), ("something", 2), ("quiet", 2), ("saying", 2),
        ("question", 2), ("situation", 4), ("opportunity", 5), ("sentences", 3), ("table", 2), ("evidence", 3),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_people_say_them(word: str, count: int) -> None:
    assert prose.syllables(word) == count


def test_reading_ease_tells_plain_from_hard() -> None:
    plain = "You met. Say thank you. Do it today."
    hard = "Post-interview correspondence demonstrates professionalism and communicates enthusiasm effectively."
    assert prose.ease(plain).score > 90
    assert prose.ease(hard).score < 10
    assert prose.ease("# Heading\n\n| a | table |\n| --- | --- |\n\n```\ncode\n```\n").words == 0
