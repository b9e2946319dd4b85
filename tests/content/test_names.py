"""Real names of companies, jobs and people in every wording: no remark may stop or warn about one as typed.

The whole lists are gone through by ``pytest -m long tests/content/test_names.py``; a sample of each is in every run.
"""

from __future__ import annotations

import pytest

from generator.pages.source import read_content
from tests.tools.names import LISTS, SAMPLE, Wording, blamed, names, sample, wordings
from tests.tools.prose import DOCS

# Where an email sets a narrow limit, a long name may well break it: that is its author's own choice.
pytestmark = pytest.mark.original

WORDINGS = wordings(read_content(DOCS))


@pytest.mark.parametrize("name", LISTS)
def test_no_remark_stops_or_warns_about_a_name_of_the_sample(name: str) -> None:
    results = [blamed(wording, LISTS[name], sample(name)) for wording in WORDINGS]
    assert sum(count for count, _ in results) > SAMPLE * 30
    assert not [line for _, wrong in results for line in wrong]


@pytest.mark.long
@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.title)
def test_no_remark_stops_or_warns_about_any_name(name: str, wording: Wording) -> None:
    _, wrong = blamed(wording, LISTS[name], names(name))
    assert not wrong, "\n".join(wrong[:50])
