"""The sites of the tests: the small one in ``tests/site``, and the smaller ones that tests write themselves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

from generator.core.words import put
from generator.pages.data import Data, read_data
from generator.pages.source import Email, read_content

ROOT: Final = Path(__file__).resolve().parents[2]

#: The site that the tests are about.
SITE: Final = ROOT / "tests" / "site"

#: Its pages, by their addresses.
START: Final = "/"
ALL: Final = "/write/"
LIST: Final = "/emails/"
OLD: Final = "/old/"
THANKS: Final = "/emails/thank-you/"
PANEL: Final = "/emails/panel/"
ASK: Final = "/emails/check-in/"
ACCEPT: Final = "/emails/accept/"
NOTE: Final = "/emails/linkedin-note/"
CHECK: Final = "/check/"
GUIDE: Final = "/guide/"
WHY: Final = "/guide/why/"
PRIVACY: Final = "/privacy/"


@cache
def site_data() -> Data:
    """Return what the test site says: the kit's English, in part said otherwise."""
    data = read_data(SITE / "docs" / "_data", SITE)
    assert not data.problems, data.problems
    return data


def say(key: str, **parts: object) -> str:
    """Return the test site's words for ``key``, with the ``parts`` that they name filled in."""
    return put(site_data().words[key], {name: str(value) for name, value in parts.items()})


def emails(page: str) -> tuple[Email, ...]:
    """Return the emails of a page of the test site, by its address."""
    name = f"{page.strip('/') or 'index'}.md"
    return read_content(SITE / "docs", [SITE / "docs" / name]).pages[f"docs/{name}"]


def build(target: Path, *, config: Path, address: str = "") -> subprocess.CompletedProcess[str]:
    """Build a site into ``target`` as `make build` does, to be served at ``address``."""
    # Never with --quiet: MkDocs counts the warnings that it logs, and would log none.
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config), "-d", str(target)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "SITE_URL": address}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def must_build(target: Path, config: Path, address: str) -> None:
    """Build a site that is sound."""
    result = build(target, config=config, address=address)
    assert result.returncode == 0, result.stderr


#: The folder that the fork is served under, as on GitHub Pages.
SUB_PATH: Final = "/some/fork"

FORK_PAGES: Final = {
    "index.md": """# Our careers office

Welcome.
""",
    "two.md": """# Two emails

```email
Name: First
Subject: To [Company]

Dear [Company]
```

Text between.

```email
Name: Second
Subject: To [Company]

Hello [Company]
```
""",
}


def make_fork(folder: Path, pages: dict[str, str] = FORK_PAGES) -> Path:
    """Write a fork of the kit with its own pages into ``folder``; return its mkdocs.yml."""
    docs = folder / "docs"
    (docs / "_data").mkdir(parents=True)
    (docs / "assets").mkdir()
    shutil.copy(SITE / "docs" / "assets" / "favicon.svg", docs / "assets")
    for name, text in pages.items():
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text(text, encoding="utf-8")
    config = folder / "mkdocs.yml"
    text = (SITE / "mkdocs.yml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^nav:\n(?:[ -].*\n)*", "", text)
    text = text.replace("../../generator/", f"{ROOT.as_posix()}/generator/").replace(
        "Test Site", "Careers Office"
    )
    config.write_text(text, encoding="utf-8")
    return config


#: What two builds of one site have: a start page with a form, one more form, and a page that is only read.
BUILD_PAGES: Final = {
    "index.md": """# Write

```email
Name: Note
Subject: To [Company]

Dear [Company]

Words of the first build.

[[About [a point to add].]]
```

See [another form](two.md) and [the guide](guide.md).
""",
    "two.md": """# Two

```email
Name: Second
Subject: Second to [Company]

Hello [Company]

Also of the first build.
```

[Back](index.md)
""",
    "guide.md": "# The guide\n\nA page to read, of the first build. [Write](index.md)\n",
}

#: What happened, on that site.
BUILD_WAYS: Final = "ways:\n  Write a note: index.md\n  Read: guide.md\n"

#: A field that only the second build knows: with it the engine's memory is another one.
SECOND_FIELD: Final = """
Second build:
  hint: Asked by no email.
  example: two
"""


def make_builds(folder: Path, address: str) -> tuple[Path, Path]:
    """Build a site twice for ``address``: as it is, and with other words, pages, scripts and another engine."""
    config = make_fork(folder, BUILD_PAGES)
    (folder / "docs" / "_data" / "site.yml").write_text(BUILD_WAYS, encoding="utf-8")
    # A machinery of its own: the second build has another one.
    shutil.copytree(ROOT / "generator", folder / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements-pyodide.txt", folder)
    for name in ("node_modules", ".cache"):
        (folder / name).symlink_to(ROOT / name)
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(f"{ROOT.as_posix()}/generator/", "generator/"), encoding="utf-8")
    sites = folder / "first", folder / "second"
    must_build(sites[0], config, address)
    for path in (folder / "docs").glob("*.md"):
        path.write_text(
            path.read_text(encoding="utf-8").replace("first build", "second build"), encoding="utf-8"
        )
    for name in ("python/worker.mjs", "dom.mjs", "theme.css"):
        with (folder / "generator" / "web" / name).open("a", encoding="utf-8") as file:
            file.write("\n/* of the second build */\n")
    fields = folder / "docs" / "_data" / "fields.yml"
    fields.write_text(SECOND_FIELD, encoding="utf-8")
    must_build(sites[1], config, address)
    return sites
