"""MkDocs adapter: puts the engine into a site without an install step, and calls what does the work."""

from __future__ import annotations

import hashlib
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "generator" / "web"
#: Files of WEB that pages do not load: they have places of their own in the site.
WORKERS = ("worker.mjs", "proofread-worker.mjs", "offline.mjs")

#: Files of WEB that pages load by name.
SCRIPTS = ("theme.mjs", "email-form.mjs", "plan.mjs", "memory.mjs")

log = logging.getLogger("mkdocs.hooks.generator")

# What the events of one build share. MkDocs makes the events plain functions.
_build: dict[str, Any] = {}


def on_startup(command: str, **_: Any) -> None:
    """Note whether the site is published or served for its author, and from what day its content is."""
    _build["serving"] = command == "serve"
    if str(ROOT) not in sys.path:  # a hook finds only its own folder
        sys.path.insert(0, str(ROOT))
    from generator.pages.builds import content_time

    # MkDocs writes it into the site map. With the clock's time, no two builds would be the same.
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(content_time(Path.cwd())))


@event_priority(100)  # before the theme's own plugins, which fail with a traceback where we have a message
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add the Markdown extension, the style sheet and the script."""
    # MkDocs reloads nothing that a hook imports: dropping it lets `mkdocs serve` follow edits of the engine.
    for name in [name for name in sys.modules if name.split(".")[0] == "generator"]:
        del sys.modules[name]
    from generator.core.problem import listing
    from generator.pages.engine import EngineError, build_engine
    from generator.pages.extension import EmailExtension
    from generator.pages.policy import integrity
    from generator.pages.proofread import build_proofreader
    from generator.pages.source import read_content

    # All content is checked first, so that a strict build with a mistake in it publishes nothing.
    content = read_content(Path(config.docs_dir), settings=Path(config.config_file_path))
    # Without sound data no form can be rendered; a page's own mistakes are shown on that page.
    problems = content.problems if config.strict else content.fatal
    for said in listing(content.problems):
        log.log(logging.ERROR if problems else logging.WARNING, "%s", said)
    if problems:
        raise Abort(f"{len(problems)} problem(s) in the content: nothing was built.")
    if not config.site_url:
        # No warning: at home, and on a host that tells the address later, that is as it should be.
        log.info(
            "The site has no address yet (SITE_URL): each link loads a whole page, and what is typed into a "
            'form has to be kept across it. See "Use another host" in docs/fork/index.md.'
        )
    try:
        engine = build_engine(ROOT, ROOT / ".cache", log.info, content.data.setup)
        proofreader = None
        # The checker knows English only.
        if config.extra.get("proofread", True) and str(config.theme.get("language", "en")).startswith("en"):
            proofreader = build_proofreader(ROOT, ROOT / ".cache", log.info)
    except EngineError as error:
        raise Abort(str(error)) from None
    extension = EmailExtension(docs=config.docs_dir)
    extension.data, extension.content, extension.checked = content.data, content, True
    # A preview changes all the time: there is nothing to keep.
    offline = config.extra.get("offline", True) and not _build.get("serving")
    extension.engine = {**engine.manifest, **({"offline": "../../offline.mjs"} if offline else {})}
    if proofreader:
        extension.engine["proofread"] = proofreader.manifest
    config.markdown_extensions.append(extension)  # type: ignore[arg-type]  # MkDocs passes it on as it is
    scripts = [path for path in sorted(WEB.iterdir()) if path.name not in WORKERS]
    # One hash for all: the modules import each other by their plain names.
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in scripts)).hexdigest()[:12]
    folder = f"assets/kit/{digest}"
    # A page that is put into another by navigation says so which scripts it was built for.
    extension.engine["kit"] = f"../kit/{digest}/"
    # What those import, and the worker: the theme names them at the beginning of a page.
    config.extra["modules"] = [
        f"{folder}/{path.name}" for path in scripts if path.suffix == ".mjs" and path.name not in SCRIPTS
    ]
    config.extra["integrity"] = {
        f"{folder}/{path.name}": integrity(path.read_bytes()) for path in scripts if path.suffix == ".mjs"
    }
    config.extra["worker"] = f"assets/engine/{engine.manifest['worker']['url']}"
    for name in SCRIPTS:
        script = ExtraScriptValue(f"{folder}/{name}")
        script.type = "module"
        config.extra_javascript.append(script)
    styles = ("theme.css", "email-form.css", "plan.css", "memory.css")
    config.extra_css += [f"{folder}/{name}" for name in styles]
    files = {**engine.files, **{f"{folder}/{path.name}": path for path in scripts}}
    files |= proofreader.files if proofreader else {}
    _build.update(extension=extension, files=files, offline=offline)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the engine's files to the site, and the licenses of what others made."""
    from generator.pages.licenses import NAME, licenses

    for uri, path in _build["files"].items():
        files.append(File.generated(config, uri, abs_src_path=str(path)))
    text = licenses(ROOT, proofreader="proofread" in _build["extension"].engine)
    files.append(File.generated(config, NAME, content=text))
    return files


def on_nav(nav: Navigation, config: MkDocsConfig, **_: Any) -> Navigation:
    """Tell the extension the order of the pages."""
    docs = Path(config.docs_dir).name
    _build["extension"].order = [f"{docs}/{page.file.src_uri}" for page in nav.pages]
    return nav


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """Tell the extension which page comes next, for its messages."""
    from generator.pages.blocks import scan
    from generator.pages.source import situation_of

    extension = _build["extension"]
    source = page.file.content_string
    docs = Path(config.docs_dir)
    extension.path = f"{docs.name}/{page.file.src_uri}"
    extension.first_line = source[: source.find(markdown)].count("\n") + 1 if markdown else 1
    extension.early = page.meta.get("engine") == "early"
    extension.situation = situation_of(page.file.src_uri, page.meta.get("situation"))
    extension.language = config.theme.get("language", "en")
    if any(block.kind in ("email", "emails") for block in scan(markdown.split("\n")).blocks):
        # The form needs the room of the table of contents.
        page.meta.setdefault("hide", []).append("toc")
    return markdown


def on_post_build(config: MkDocsConfig) -> None:
    """Give every page its policy, and the site its service worker."""
    from generator.pages.builds import write_builds
    from generator.pages.offline import write_offline, write_offline_page
    from generator.pages.policy import PolicyError, protect

    site = Path(config.site_dir)
    if _build["offline"]:
        words = _build["extension"].data.words
        style = next(name for name in _build["files"] if name.endswith("/offline.css"))
        language = str(config.theme.get("language", "en"))
        write_offline_page(site, words, name=config.site_name, language=language, style=style)
    if not _build.get("serving"):  # live reload is an inline script
        try:
            protect(site)
        except PolicyError as error:
            raise Abort(str(error)) from None
        write_builds(site)
    # Written in any case: without a build in it, the service worker removes an older one.
    write_offline(site, WEB / "offline.mjs", [*_build["files"]] if _build["offline"] else None)
