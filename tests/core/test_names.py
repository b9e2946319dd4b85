"""Real names of companies, jobs and people in each email of the test site: no remark may stop or warn about one."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.pages.source import read_content
from tests.tools.names import LISTS, SAMPLE, Wording, blamed, names, sample, wordings


@pytest.fixture(scope="module")
def own(site_config: Path) -> tuple[Wording, ...]:
    return wordings(read_content(site_config.parent / "docs"))


@pytest.mark.parametrize("name", LISTS)
def test_the_lists_are_long_and_of_all_scripts(name: str) -> None:
    found = names(name)
    assert len(found) >= 1500
    assert found == sorted(set(found))
    text = "".join(found)
    # Cyrillic, Greek, Hebrew, Arabic, Georgian, Thai, Japanese or Chinese, Korean.
    for letter_range in ("а-я", "α-ω", "א-ת", "ء-ي", "ა-ჰ", "ก-ฮ", "一-龥", "가-힣"):
        first, _, last = letter_range.partition("-")
        assert any(first <= letter <= last for letter in text), letter_range


@pytest.mark.parametrize("name", LISTS)
def test_no_remark_stops_or_warns_about_a_name_of_the_sample(name: str, own: tuple[Wording, ...]) -> None:
    results = [blamed(wording, LISTS[name], sample(name)) for wording in own]
    assert sum(count for count, _ in results) > SAMPLE * 5
    assert not [line for _, wrong in results for line in wrong]


@pytest.mark.long
@pytest.mark.parametrize("name", LISTS)
def test_no_remark_stops_or_warns_about_any_name(name: str, own: tuple[Wording, ...]) -> None:
    results = [blamed(wording, LISTS[name], names(name)) for wording in own]
    wrong = [line for _, lines in results for line in lines]
    assert not wrong, "\n".join(wrong[:50])
