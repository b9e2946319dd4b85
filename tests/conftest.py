"""Fixtures that all tests share."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def build(
    target: Path, *, config: Path = ROOT / "mkdocs.yml", address: str = ""
) -> subprocess.CompletedProcess[str]:
    """Build a site into ``target`` as `make build` does, to be served at ``address``."""
    # Never with --quiet: MkDocs counts the warnings that it logs, and would log none.
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config), "-d", str(target)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "SITE_URL": address}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="session")
def port() -> int:
    """Where the built site is served. Known before it is built: instant navigation needs the address."""
    return free_port()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, port: int) -> Path:
    """The built site."""
    target = tmp_path_factory.mktemp("site")
    result = build(target, address=f"http://127.0.0.1:{port}/")
    assert result.returncode == 0, result.stderr
    return target


#: The folder that the fork is served under, as on GitHub Pages.
SUB_PATH = "/some/fork"

FORK_PAGES = {
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
    shutil.copy(DOCS / "assets" / "favicon.svg", docs / "assets")
    for name, text in pages.items():
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text(text, encoding="utf-8")
    config = folder / "mkdocs.yml"
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^(nav|watch):\n(?:[ -].*\n)*", "", text)
    text = text.replace("generator/pages/", f"{ROOT.as_posix()}/generator/pages/").replace(
        "Follow-Up Kit", "Careers Office"
    )
    config.write_text(text, encoding="utf-8")
    return config


@pytest.fixture(scope="session")
def fork_port() -> int:
    """Where the fork is served."""
    return free_port()


@pytest.fixture(scope="session")
def fork_site(tmp_path_factory: pytest.TempPathFactory, fork_port: int) -> Path:
    """The built site of a fork: own name, own pages, nothing of ours but the data and the engine."""
    config = make_fork(tmp_path_factory.mktemp("fork"))
    result = build(config.parent / "site", config=config, address=f"http://127.0.0.1:{fork_port}{SUB_PATH}/")
    assert result.returncode == 0, result.stderr
    return config.parent / "site"


#: What two builds of one site have: a start page with a form, one more form, and a page that is only read.
BUILD_PAGES = {
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


def make_builds(folder: Path, address: str) -> tuple[Path, Path]:
    """Build a site twice for ``address``: as it is, and with other words, pages, scripts and another engine."""
    config = make_fork(folder, BUILD_PAGES)
    # A machinery of its own: the second build has another one.
    shutil.copytree(ROOT / "generator", folder / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements-pyodide.txt", folder)
    for name in ("node_modules", ".cache"):
        (folder / name).symlink_to(ROOT / name)
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(f"{ROOT.as_posix()}/generator/", "generator/"), encoding="utf-8")
    sites = folder / "first", folder / "second"
    _must_build(sites[0], config, address)
    for path in (folder / "docs").glob("*.md"):
        path.write_text(
            path.read_text(encoding="utf-8").replace("first build", "second build"), encoding="utf-8"
        )
    for name in ("python/worker.mjs", "dom.mjs", "theme.css"):
        with (folder / "generator" / "web" / name).open("a", encoding="utf-8") as file:
            file.write("\n/* of the second build */\n")
    fields = folder / "docs" / "_data" / "fields.yml"
    fields.write_text(SECOND_FIELD, encoding="utf-8")
    _must_build(sites[1], config, address)
    return sites


#: A field that only the second build knows: with it the engine's memory is another one.
SECOND_FIELD = """
Second build:
  hint: Asked by no email.
  example: two
"""


def _must_build(target: Path, config: Path, address: str) -> None:
    result = build(target, config=config, address=address)
    assert result.returncode == 0, result.stderr


@pytest.fixture(scope="session")
def builds_port() -> int:
    """Where the two builds of one site are served, one after the other."""
    return free_port()


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory, builds_port: int) -> tuple[Path, Path]:
    """Two builds of one site: the older and the newer."""
    return make_builds(tmp_path_factory.mktemp("builds"), f"http://127.0.0.1:{builds_port}/")
