"""Publishing with MkDocs: what a build needs before its pages are read, and does when all are written."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File, InclusionLevel

from generator.core.problem import listing
from generator.pages.assets import WEB, Kit, read_kit
from generator.pages.blocks import CHECK, scan
from generator.pages.builds import write_builds
from generator.pages.extension import EmailExtension
from generator.pages.image import Engine, EngineError, build_engine
from generator.pages.install import ICONS, MANIFEST, TOUCH_ICON, manifest
from generator.pages.licenses import NAME, licenses
from generator.pages.look import written
from generator.pages.offline import write_offline, write_offline_page
from generator.pages.policy import PolicyError, protect
from generator.pages.proofread import build_proofreader
from generator.pages.publisher import footer
from generator.pages.source import Content, read_content, situation_of
from generator.pages.ways import leading_on, with_situations

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).resolve().parents[2]

log = logging.getLogger("mkdocs.hooks.generator")


@dataclass(frozen=True, slots=True)
class Publication:
    """One build of a site.

    ``serving``: the site is a preview for its author. ``offline``: it works without a network.
    """

    config: MkDocsConfig
    extension: EmailExtension
    kit: Kit
    engine: Engine
    proofreader: Engine | None
    serving: bool
    offline: bool

    @property
    def files(self) -> dict[str, Path]:
        """All that is published beside the pages, by its name in the site."""
        proofreader = self.proofreader.files if self.proofreader else {}
        return {**self.engine.files, **self.kit.files, **proofreader}

    def add_files(self, files: Files) -> None:
        """Add the engine and the scripts to the site, and the licenses of what others made."""
        self._settle_pages(files)
        self._tell_addresses(files)
        for uri, path in self.files.items():
            files.append(File.generated(self.config, uri, abs_src_path=str(path)))
        text = licenses(ROOT, proofreader=self.proofreader is not None)
        files.append(File.generated(self.config, NAME, content=text))
        self._add_manifest(files)

    def _settle_pages(self, files: Files) -> None:
        """Take out the pages that are left out; leave one that leads on under each name that a page had."""
        content = self.extension.content
        if content is None:
            return
        for file in [file for file in files.documentation_pages() if file.src_uri in content.left_out]:
            files.remove(file)
        for old, new in content.renamed.items():
            text = leading_on(old, new, content.data.words)
            files.append(File.generated(self.config, old, content=text, inclusion=InclusionLevel.NOT_IN_NAV))

    def _add_manifest(self, files: Files) -> None:
        """Add what a device needs to put the site on its home screen."""
        icons = [icon for icon in ICONS if files.get_file_from_path(icon.path)]
        paper = {scheme: written(said["paper"]) for scheme, said in self.extension.data.colors.items()}
        self.config.extra["paper"] = paper
        self.config.extra["touch_icon"] = TOUCH_ICON if files.get_file_from_path(TOUCH_ICON) else None
        text = manifest(
            self.config.site_name,
            str(self.config.site_description or ""),
            language=_language(self.config),
            color=paper["light"],
            icons=icons,
        )
        files.append(File.generated(self.config, MANIFEST, content=text))

    def _tell_addresses(self, files: Files) -> None:
        """Tell the theme where the pages are that it leads to."""
        content = self.extension.content
        if content is None:
            return
        extra = self.config.extra
        extra["words"] = content.data.words
        extra["addresses"] = {file.src_uri: file.url for file in files.documentation_pages()}
        emails = [one.page for one in content.listed]
        emails += [path.partition("/")[2] for path in content.pages]
        named = {situation_of(page): extra["addresses"].get(page) for page in dict.fromkeys(emails)}
        named |= {situation_of(old): extra["addresses"].get(new) for old, new in content.renamed.items()}
        extra["emails"] = {name: address for name, address in named.items() if address}
        extra["ways"] = [
            {"words": way.words, "address": extra["addresses"][way.page], "anchor": way.anchor}
            for way in content.data.ways
            if way.page in extra["addresses"]
        ]

    def order(self, nav: Navigation) -> None:
        """Tell the extension the order of the pages."""
        docs = Path(self.config.docs_dir).name
        self.extension.order = [f"{docs}/{page.file.src_uri}" for page in nav.pages]

    def turn_to(self, page: Page, markdown: str) -> None:
        """Tell the extension which page comes next, for its messages."""
        extension = self.extension
        source = page.file.content_string
        extension.path = f"{Path(self.config.docs_dir).name}/{page.file.src_uri}"
        extension.first_line = source[: source.find(markdown)].count("\n") + 1 if markdown else 1
        extension.early = page.meta.get("engine") == "early"
        known = extension.content.situations if extension.content else {}
        extension.situation = known.get(extension.path, situation_of(page.file.src_uri))
        extension.language = _language(self.config)
        if any(block.kind in ("email", "emails", CHECK) for block in scan(markdown.split("\n")).blocks):
            # The form needs the room of the table of contents.
            page.meta.setdefault("hide", []).append("toc")

    def finish(self) -> None:
        """Give every page its policy, and the site its service worker."""
        site = Path(self.config.site_dir)
        if self.offline:
            write_offline_page(
                site,
                self.extension.data.words,
                name=self.config.site_name,
                language=_language(self.config),
                style=self.kit.offline_style,
                ways=self.config.extra.get("ways", ()),
            )
        if not self.serving:  # live reload is an inline script
            try:
                protect(site, self.extension.data.allow)
            except PolicyError as error:
                raise Abort(str(error)) from None
            write_builds(site)
        # Written in any case: without a build in it, the service worker removes an older one.
        write_offline(site, WEB / "offline.mjs", self.files if self.offline else None)


def prepare(config: MkDocsConfig, *, serving: bool) -> Publication:
    """Check the content, make the engine, and tell MkDocs what goes into every page.

    Raises:
        Abort: when the content has mistakes, or the engine cannot be made.
    """
    # All content is checked first, so that a strict build with a mistake in it publishes nothing.
    content = _checked(config)
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
        if config.extra.get("proofread", True) and _language(config).startswith("en"):
            proofreader = build_proofreader(ROOT, ROOT / ".cache", log.info)
    except EngineError as error:
        raise Abort(str(error)) from None
    kit = read_kit(ROOT / ".cache", content.data.colors)
    # A preview changes all the time: there is nothing to keep.
    offline = bool(config.extra.get("offline", True)) and not serving
    extension = EmailExtension(docs=config.docs_dir)
    extension.data, extension.content, extension.checked = content.data, content, True
    extension.engine = {
        **engine.manifest,
        **({"offline": "../../offline.mjs"} if offline else {}),
        **({"proofread": proofreader.manifest} if proofreader else {}),
        # A page that is put into another by navigation says so which scripts it was built for.
        "kit": f"../kit/{kit.digest}/",
    }
    if config.nav is not None:
        config.nav = with_situations(config.nav, content)
    config.copyright = footer(content.data, config.copyright or "")
    config.markdown_extensions.append(extension)  # type: ignore[arg-type]  # MkDocs passes it on as it is
    _announce(kit, engine, config)
    return Publication(config, extension, kit, engine, proofreader, serving, offline)


def _checked(config: MkDocsConfig) -> Content:
    """Read all content; say what is wrong with it, and stop where nothing sound can be built."""
    content = read_content(Path(config.docs_dir), settings=Path(config.config_file_path))
    # Without sound data no form can be rendered; a page's own mistakes are shown on that page.
    problems = content.problems if config.strict else content.fatal
    for said in listing(content.problems):
        log.log(logging.ERROR if problems else logging.WARNING, "%s", said)
    if problems:
        raise Abort(f"{len(problems)} problem(s) in the content: nothing was built.")
    return content


def _announce(kit: Kit, engine: Engine, config: MkDocsConfig) -> None:
    """Have pages load the scripts and the style sheet, and name at their beginning what those will ask for."""
    config.extra["modules"] = kit.imported
    config.extra["integrity"] = kit.integrity
    config.extra["worker"] = f"assets/engine/{engine.manifest['worker']['url']}"
    config.extra["form_scripts"] = kit.scripts
    theme = ExtraScriptValue(kit.theme)
    theme.type = "module"
    config.extra_javascript.append(theme)
    config.extra_css.append(kit.style)


def _language(config: MkDocsConfig) -> str:
    return str(config.theme.get("language", "en"))
