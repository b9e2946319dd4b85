"""After a builder has run: its pages get what the theme does not write, and the site the files beside them.

The builder's templates know nothing of it, so that they may be those of any builder, and a fork's own.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError
from pathlib import Path, PurePosixPath
from typing import Any, Final

import jinja2

from generator.pages.assets import WEB
from generator.pages.builds import write_builds
from generator.pages.form import THEME
from generator.pages.install import ICONS, MANIFEST, TOUCH_ICON, manifest
from generator.pages.licenses import NAME, licenses
from generator.pages.offline import write_offline, write_offline_page
from generator.pages.policy import ZENSICAL_STYLE, PolicyError, protect
from generator.pages.prepare import BUILDER_SETTINGS, INDEXES, ROOT, BuildError, Prepared

_FORM: Final = "<email-form"
_MODULE: Final = 'type="module"'
#: What the theme tells its own script, on each page that it writes.
_CONFIG: Final = re.compile(r'<script id="__config" type="application/json">(.*?)</script>', re.DOTALL)
_TITLE: Final = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_ABOUT: Final = re.compile(r'<meta name="description" content="([^"]*)">')
_CANONICAL: Final = re.compile(r'<link rel="canonical" href="([^"]*)">')
_GENERATOR: Final = re.compile(r'<meta name="generator" content="([^"]*)">')
_STYLE: Final = re.compile(r'<link rel="stylesheet"[^>]*>')
_LOADED: Final = re.compile(r'<script\b[^>]*?\ssrc="([^"]+)"[^>]*>')
_PART: Final = re.compile(r'<h2\b[^>]*?\sid="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
_NO_TEXT: Final = re.compile(r'<a class="headerlink".*?</a>|<[^>]*>', re.DOTALL)
#: What the theme says of an address that is not there.
_LOST: Final = "<h1>404 - Not found</h1>"
#: Material gives its search dialog no name. Its field has one.
_NAMELESS: Final = 'data-md-component="search" role="dialog">'
_FIELD_NAME: Final = re.compile(r'<input\b[^>]*?\sname="query" aria-label=("[^"]*")')
#: In each page's size for phones: what is fixed to the lower edge is to be seen above the keyboard, too.
_SCALE: Final = "initial-scale=1"


def finish(site: Path, prepared: Prepared) -> None:
    """Do what is left to do for a site that a builder has written.

    Args:
        site: the folder of the built site.
        prepared: what it was built with.

    Raises:
        BuildError: when a page lacks its form, is finished already, or holds what its policy does not allow.
    """
    files = {page: file for page in prepared.pages if (file := _file(site, page))}
    _check_forms(site, prepared, files)
    for name, path in prepared.files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, site / name)
    frame = _Frame(site, prepared, files)
    builder = ""
    for page in sorted(site.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        # Other pages are not the theme's, but files of the site's own.
        if config := _CONFIG.search(text):
            builder = builder or _found(_GENERATOR, text)
            page.write_text(frame.around(page, text, config), encoding="utf-8")
    _write_beside(site, prepared, frame, builder)


def _file(site: Path, page: str) -> Path | None:
    """Return the file that a builder has made of a page; None where it has made none."""
    path = PurePosixPath(page).with_suffix("")
    if path.name in INDEXES:
        path = path.parent
    folder, file = site / path / "index.html", site / f"{path}.html"
    return folder if folder.is_file() else file if file.is_file() else None


def _address(site: Path, file: Path) -> str:
    """Return the address of a page, as seen from the site's root."""
    return file.relative_to(site).as_posix().removesuffix("index.html")


def _check_forms(site: Path, prepared: Prepared, files: Mapping[str, Path]) -> None:
    problems = []
    for page in (page for page, facts in prepared.pages.items() if facts["form"]):
        file = files.get(page)
        text = file.read_text(encoding="utf-8") if file else ""
        if file is None:
            found = f"there is no page made of it in '{site}'"
        elif _FORM not in text:
            found = f"'{file}' has no form"
        elif not _CONFIG.search(text):
            found = f"'{file}' is no page of the Material theme, or a plugin has changed it"
        else:
            continue
        problems.append(f"{Path(prepared.docs).name}/{page}: it has an email, and {found}")
    if problems:
        raise BuildError(
            "\n".join(problems)
            + "\nThe builder must run the kit's Markdown extension on the content that was prepared. Run "
            f"'python -m generator prepare' again, and have the builder read its '{BUILDER_SETTINGS}'."
        )


def _write_beside(site: Path, prepared: Prepared, frame: _Frame, builder: str) -> None:
    """Write what stands beside the pages: for devices, readers without a network, lawyers, and later builds."""
    try:
        text = licenses(ROOT, proofreader=prepared.proofreader, builder=builder)
    except PackageNotFoundError as error:
        raise BuildError(
            f"The site was built with '{builder}', and '{error.name}' is not installed here. Run this with the "
            "Python that ran the builder."
        ) from None
    (site / NAME).write_text(text, encoding="utf-8")
    text = manifest(
        prepared.name,
        prepared.description,
        language=prepared.language,
        color=prepared.paper["light"],
        icons=[icon for icon in ICONS if (site / icon.path).is_file()],
    )
    (site / MANIFEST).write_text(text, encoding="utf-8")
    if prepared.offline:
        write_offline_page(
            site,
            prepared.words,
            name=prepared.name,
            language=prepared.language,
            style=prepared.frame.offline_style,
            ways=frame.ways,
        )
    if not prepared.serving:  # live reload is an inline script
        try:
            protect(site, [ZENSICAL_STYLE] if builder.startswith("zensical") else [], prepared.allow)
        except PolicyError as error:
            raise BuildError(str(error)) from None
        write_builds(site)
    # Written in any case: without a build in it, the service worker removes an older one.
    write_offline(site, WEB / "offline.mjs", prepared.files if prepared.offline else None)


class _Frame:
    """Puts around each page what the theme does not write."""

    def __init__(self, site: Path, prepared: Prepared, files: Mapping[str, Path]) -> None:
        self.site, self.prepared, self.kit = site, prepared, prepared.frame
        self.sources = {file: page for page, file in files.items()}
        self.addresses = {page: _address(site, file) for page, file in files.items()}
        self.ways = [
            {**way, "address": self.addresses[way["page"]]}
            for way in prepared.ways
            if way["page"] in self.addresses
        ]
        self.integrity = self.kit.integrity
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(THEME), autoescape=True, undefined=jinja2.StrictUndefined
        )
        self.template = environment.get_template("page.html")

    def around(self, path: Path, text: str, config: re.Match[str]) -> str:
        """Return the text of a page with all that belongs around it: ``config`` is what its script reads."""
        if f"{self.kit.folder}/" in text:
            raise BuildError(f"'{path}' is finished already: remove '{self.site}', and build the site anew.")
        places = {
            "scripts": text.rfind("</body>"),
            "head": text.find("</head>"),
            "styles": max((style.end() for style in _STYLE.finditer(text)), default=-1),
            "top": text.find("<title>"),
        }
        if -1 in places.values():
            raise BuildError(
                f"'{path}' lacks a title, a style sheet, or the end of its head or body, and the kit must put "
                "something beside each. Look for a template of your own or a plugin that leaves it out."
            )
        context = self.template.new_context(self._known(path, text, config))
        blocks = {name: "".join(block(context)) for name, block in self.template.blocks.items()}
        for name, place in places.items():  # from the end to the beginning
            text = text[:place] + blocks[name] + text[place:]
        if path == self.site / "404.html" and _LOST in text:
            text = text.replace(_LOST, blocks["lost"])
            text = _TITLE.sub(lambda _: blocks["lost_title"], text, count=1)
        if _NAMELESS in text and (field := _FIELD_NAME.search(text)):
            text = text.replace(_NAMELESS, f"{_NAMELESS[:-1]} aria-label={field[1]}>")
        return text.replace(_SCALE, f"{_SCALE},interactive-widget=resizes-content", 1)

    def _known(self, path: Path, text: str, config: re.Match[str]) -> dict[str, Any]:
        """Return what the template takes for a page."""
        base = json.loads(config[1])["base"]

        def url(name: str) -> str:
            return (name or "./") if base == "." else f"{base.rstrip('/')}/{name}"

        source = self.sources.get(path)
        facts = self.prepared.pages[source] if source else {}
        form = _FORM in text
        scripts = [self.kit.theme, *(self.kit.scripts if form else ())]
        preloads = [*(self.kit.imported if form else ())]
        if facts.get("engine") == "early":
            preloads.append(f"assets/engine/{self.prepared.engine['worker']['url']}")
        moved = self.addresses.get(facts.get("moved", ""))
        emails = self.prepared.emails.items() if moved is not None else ()
        loaded = [(html.unescape(tag[1]), _MODULE in tag[0]) for tag in _LOADED.finditer(text, config.end())]
        return {
            "url": url,
            "site": self.prepared,
            "style": self.kit.style,
            "scripts": scripts,
            "loaded": [*loaded, *((url(name), True) for name in scripts)],
            "preloads": preloads,
            "integrity": {_specifier(url(name)): value for name, value in self.integrity.items()},
            "touch_icon": TOUCH_ICON if (self.site / TOUCH_ICON).is_file() else None,
            "moved": moved,
            "emails": [(name, url(self.addresses[page])) for name, page in emails if page in self.addresses],
            "ways": self.ways,
            "page": self._about(source, facts, path, text) if source else None,
        }

    def _about(self, source: str, facts: Mapping[str, Any], path: Path, text: str) -> dict[str, Any]:
        """Return what search engines and link previews are told of a page."""
        name = self.prepared.name
        title = facts.get("title") or _found(_TITLE, text).removesuffix(f" - {name}")
        about, address = _found(_ABOUT, text), _found(_CANONICAL, text)
        maker = {"@type": "Organization", "name": name}
        home = path == self.site / "index.html"
        data: dict[str, Any] = {}
        if home:
            data = {"@type": "WebSite", "name": name, "description": about}
        elif count := facts.get("how_to_steps"):
            steps = [
                {"@type": "HowToStep", "position": number, "name": part, "url": f"{address}#{anchor}"}
                for number, (anchor, part) in enumerate(_parts(text)[:count], 1)
            ]
            data = {"@type": "HowTo", "name": title, "description": about, "step": steps}
        elif source.startswith("guide/") and PurePosixPath(source).stem not in INDEXES:
            data = {"@type": "Article", "headline": title, "description": about}
            data |= {"author": maker, "publisher": maker}
        if data:
            data |= {"@context": "https://schema.org", "inLanguage": self.prepared.language}
            data |= {"isAccessibleForFree": True, **({"url": address} if address else {})}
        root = address.removesuffix(self.addresses[source])
        return {"home": home, "title": title, "about": about, "address": address, "root": root, "data": data}


def _found(pattern: re.Pattern[str], text: str) -> str:
    """Return the text that a page has where ``pattern`` looks; nothing where it has none."""
    match = pattern.search(text)
    return html.unescape(match[1]) if match else ""


def _parts(text: str) -> list[tuple[str, str]]:
    """Return the anchor and the heading of each part of a page."""
    return [(anchor, html.unescape(_NO_TEXT.sub("", inner)).strip()) for anchor, inner in _PART.findall(text)]


def _specifier(address: str) -> str:
    """Return an address as an import map takes it: it never begins with a bare name."""
    return address if address.startswith((".", "/")) or ":" in address else f"./{address}"
