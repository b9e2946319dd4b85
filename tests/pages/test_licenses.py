"""What others made and this site publishes is named, with its license, in one file."""

from __future__ import annotations

import json
import re
from importlib.metadata import distribution
from pathlib import Path

from generator.pages.licenses import NAME

_PACKAGE = re.compile(r"node_modules/((?:@[^/]+/)?[^/]+)/")


def test_every_folder_of_others_work_is_named(site: Path) -> None:
    text = (site / NAME).read_text(encoding="utf-8")
    folders = {path.name for path in (site / "assets").iterdir() if path.is_dir()} - {"kit", "images"}
    assert folders
    for folder in folders:
        assert f"assets/{folder}/" in text
    for name in ("Pyodide 3", "CPython 3", "Material for MkDocs 9", "Material Design Icons", "Harper 2"):
        assert f"== {name}" in text
    # Changed, and how to have the source (section 3.2 of the Mozilla Public License 2.0).
    assert "Mozilla Public License 2.0" in text
    assert "It was changed" in text
    assert "https://github.com/pyodide/pyodide" in text
    # The texts themselves, as installed.
    for words in ("Permission is hereby granted", "PYTHON SOFTWARE FOUNDATION LICENSE", "Apache License"):
        assert words in text


def test_what_the_theme_is_made_of_is_named(site: Path) -> None:
    """The theme's own maps say which packages are in its scripts and style sheets."""
    text = (site / NAME).read_text(encoding="utf-8")
    assets = Path(str(distribution("mkdocs-material").locate_file("material/templates/assets")))
    packages: set[str] = set()
    for path in assets.rglob("*.map"):
        packages |= set(_PACKAGE.findall(json.dumps(json.loads(path.read_text(encoding="utf-8"))["sources"])))
    assert {"rxjs", "lunr"} <= packages
    assert {name for name in packages if f"- {name}, by " not in text} == set()
