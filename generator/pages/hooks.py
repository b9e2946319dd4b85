"""MkDocs adapter: puts the kit into a site without an install step, and calls what does the work."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.plugins import event_priority

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

# What the events of one build share. MkDocs makes the events plain functions.
_build: dict[str, Any] = {}


def on_startup(command: str, **_: Any) -> None:
    """Note whether the site is published or served for its author, and from what day its content is."""
    _build["serving"] = command == "serve"
    root = str(Path(__file__).resolve().parents[2])
    if root not in sys.path:  # a hook finds only its own folder
        sys.path.insert(0, root)
    from generator.pages.builds import content_time

    # MkDocs writes it into the site map. With the clock's time, no two builds would be the same.
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(content_time(Path.cwd())))


@event_priority(100)  # before the theme's own plugins, which fail with a traceback where we have a message
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Check the content and make all that its pages need."""
    # MkDocs reloads nothing that a hook imports: dropping it lets `mkdocs serve` follow edits of the engine.
    for name in [name for name in sys.modules if name.split(".")[0] == "generator"]:
        del sys.modules[name]
    from generator.pages.publish import prepare

    _build["publication"] = prepare(config, serving=_build.get("serving", False))
    return config


def on_files(files: Files, **_: Any) -> Files:
    """Add what is published beside the pages."""
    _build["publication"].add_files(files)
    return files


def on_nav(nav: Navigation, **_: Any) -> Navigation:
    """Pass the order of the pages on."""
    _build["publication"].order(nav)
    return nav


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Say which page comes next."""
    _build["publication"].turn_to(page, markdown)
    return markdown


def on_post_build(**_: Any) -> None:
    """Finish what MkDocs has written."""
    _build["publication"].finish()
