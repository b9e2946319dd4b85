"""MkDocs adapter: puts the engine into a site without an install step. All work is done elsewhere."""

from __future__ import annotations

import hashlib
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "generator" / "web"

log = logging.getLogger("mkdocs.hooks.generator")

# What the events of one build share. MkDocs makes the events plain functions.
_build: dict[str, Any] = {}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add the Markdown extension, the style sheet and the script."""
    # A hook finds only its own folder. And MkDocs reloads nothing that a hook imports: dropping it
    # lets `mkdocs serve` follow edits of the engine.
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    for name in [name for name in sys.modules if name.split(".")[0] == "generator"]:
        del sys.modules[name]
    from generator.pages.engine import build_engine
    from generator.pages.extension import EmailExtension

    engine = build_engine(ROOT, ROOT / ".cache", log.info)
    extension = EmailExtension(docs=config.docs_dir)
    extension.engine = engine.manifest
    config.markdown_extensions.append(extension)  # type: ignore[arg-type]  # MkDocs passes it on as it is
    scripts = [path for path in sorted(WEB.iterdir()) if path.suffix in (".mjs", ".css")]
    # One hash for all: the modules import each other by their plain names.
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in scripts)).hexdigest()[:12]
    folder = f"assets/kit/{digest}"
    for name in ("theme.mjs", "email-form.mjs"):
        script = ExtraScriptValue(f"{folder}/{name}")
        script.type = "module"
        config.extra_javascript.append(script)
    config.extra_css += [f"{folder}/theme.css", f"{folder}/email-form.css"]
    files = {**engine.files, **{f"{folder}/{path.name}": path for path in scripts}}
    _build.update(extension=extension, files=files)
    return config


def on_pre_build(config: MkDocsConfig) -> None:
    """Check all content first, so that a strict build with a mistake in it publishes nothing."""
    from generator.pages.source import read_content

    content = read_content(Path(config.docs_dir))
    _build["extension"].data = content.data
    # Without sound data no form can be rendered; a page's own mistakes are shown on that page.
    problems = content.problems if config.strict else content.data.problems
    for problem in problems:
        log.error("%s", problem)
    if problems:
        raise Abort(f"{len(problems)} problem(s) in the content: nothing was built.")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the engine's files to the site."""
    for uri, path in _build["files"].items():
        files.append(File.generated(config, uri, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """Tell the extension which page comes next, for its messages."""
    extension = _build["extension"]
    source = page.file.content_string
    docs = Path(config.docs_dir)
    extension.path = f"{docs.name}/{page.file.src_uri}"
    extension.first_line = source[: source.find(markdown)].count("\n") + 1 if markdown else 1
    extension.early = page.meta.get("engine") == "early"
    return markdown
