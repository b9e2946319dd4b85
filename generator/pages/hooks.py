"""MkDocs adapter: puts the kit into a site without an install step, and calls what does the work."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files, InclusionLevel

# What the events of one build share. MkDocs makes the events plain functions.
_build: dict[str, Any] = {"serving": False}


def on_startup(command: str, **_: Any) -> None:
    """Note whether the site is published or served for its author."""
    _build["serving"] = command == "serve"
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # a hook finds only its own folder


@event_priority(100)  # before the theme's own plugins, which fail with a traceback where we have a message
def on_config(config: MkDocsConfig) -> None:
    """Check the content, and give the pages all that they need."""
    # MkDocs reloads nothing that a hook imports: dropping it lets `mkdocs serve` follow edits of the engine.
    for name in [name for name in sys.modules if name.split(".")[0] == "generator"]:
        del sys.modules[name]
    from generator.pages.extension import EmailExtension, Site
    from generator.pages.prepare import prepare

    site = prepare(Path(config.config_file_path), strict=config.strict, serving=_build["serving"])
    _build["site"], config.nav, config.copyright = site, site.nav or config.nav, site.footer
    config.markdown_extensions.append(EmailExtension(Site.of(site)))  # type: ignore[arg-type]


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Take out the pages that are left out; add those that lead on, and a file that is written at the end."""
    for file in [file for file in files if file.src_uri in _build["site"].left_out]:
        files.remove(file)
    for name, text in {**_build["site"].leading_on, "LICENSES.txt": ""}.items():
        files.append(File.generated(config, name, content=text, inclusion=InclusionLevel.NOT_IN_NAV))


def on_post_build(config: MkDocsConfig) -> None:
    """Finish what MkDocs has written."""
    from generator.pages.finish import finish

    finish(Path(config.site_dir), _build["site"])
