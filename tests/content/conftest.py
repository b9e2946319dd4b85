"""The site itself, built as it is published."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.conftest import once
from tests.tools import prose
from tests.tools.site import must_build

#: Below a folder: there a link from the root would be dead.
SITE: Final = "https://example.org/kit/"


@pytest.fixture(scope="session")
def content_site(shared: dict[str, str]) -> Path:
    """Build the site once."""
    config = prose.ROOT / "mkdocs.yml"
    return (
        once(Path(shared["folder"]) / "content", lambda folder: must_build(folder / "built", config, SITE))
        / "built"
    )
