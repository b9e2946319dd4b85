"""The site itself, built as it is published."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from generator.pages.settings import site_name
from tests.conftest import once
from tests.tools import prose
from tests.tools.site import must_build

#: Below a folder: there a link from the root would be dead.
SITE: Final = "https://example.org/kit/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what only the original content promises where it is another's."""
    whose = prose.style()["site"]
    if whose and site_name(prose.ROOT / "mkdocs.yml") == whose:
        return
    for item in items:
        if item.get_closest_marker("original"):
            item.add_marker(pytest.mark.skip(reason="only the Follow-Up Kit itself promises this"))


@pytest.fixture(scope="session")
def content_site(shared: dict[str, str]) -> Path:
    """Build the site once."""
    config = prose.ROOT / "mkdocs.yml"
    return (
        once(Path(shared["folder"]) / "content", lambda folder: must_build(folder / "built", config, SITE))
        / "built"
    )
