"""Checks ``mkdocs.yml`` where MkDocs and its theme would fail with a traceback, or say nothing at all.

The file is read as nodes that know their position. Nothing of it is run or imported.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from pathspec.gitignore import GitIgnoreSpec

from generator.core.problem import Problem, nearest, shorten, suggest
from generator.pages.elsewhere import Allowed, is_allowed
from generator.pages.foreign import REMEDY, allowing, is_foreign
from generator.pages.links import PAGES
from generator.pages.schema import MKDOCS_TAGS, YamlFile, text_of, value_of

#: What MkDocs leaves out by itself, and the folder of the data.
_EXCLUDED: Final = (".*", "/templates/", "_data/")
# Names are theirs who write the style sheet for it.
_OWN_COLOR: Final = "custom"
_COUNTING: Final = (
    "remove it: the pages would not run it; a counter of a host that you allow goes under 'extra_javascript'"
)
#: Where the file may ask for something that counts visitors, or asks them whether it may.
_COUNTERS: Final = (("", "google_analytics"), ("extra", "analytics"), ("extra", "consent"))


def check_settings(path: Path, shown: str, docs: Path, allowed: Allowed) -> tuple[list[Problem], GitIgnoreSpec]:
    """Return all problems of the site's own file, and which files below ``docs`` it leaves out.

    Args:
        path: ``mkdocs.yml``.
        shown: how problems name it.
        docs: the content folder.
        allowed: the hosts from which the site's own data lets something in.
    """
    problems: list[Problem] = []
    file = YamlFile.read(path, shown, problems, tags=MKDOCS_TAGS)
    excluded = list(_EXCLUDED)
    if file is not None and [*file.entries(file.root, "the file")]:
        _Settings(file, path.parent, docs, allowed).check()
        excluded += (text_of(value_of(file.root, "exclude_docs")) or "").splitlines()
    try:
        return problems, GitIgnoreSpec.from_lines(excluded)
    except ValueError:  # MkDocs says so
        return problems, GitIgnoreSpec.from_lines(_EXCLUDED)


def site_name(path: Path) -> str:
    """Return what the site's own file calls the site; empty where it does not say."""
    file = YamlFile.read(path, path.name, [], tags=MKDOCS_TAGS)
    return text_of(value_of(file.root, "site_name")) or "" if file else ""


class _Settings:
    def __init__(self, file: YamlFile, base: Path, docs: Path, allowed: Allowed) -> None:
        self.file, self.docs, self.allowed = file, docs, allowed
        self.theme = value_of(file.root, "theme")
        own = text_of(value_of(self.theme, "custom_dir"))
        self.folders = [*([base / own] if own else []), *theme_folders()]

    def check(self) -> None:
        name = text_of(self.theme) or text_of(value_of(self.theme, "name"))
        if name == "material" and theme_folders():
            self._colors()
            self._language()
            self._icons()
            self._font()
        for key in ("logo", "favicon"):
            self._local_file(value_of(self.theme, key), key)
        for key in ("extra_css", "extra_javascript"):
            for item in getattr(value_of(self.file.root, key), "value", ()):
                self._local_file(value_of(item, "path") if isinstance(item, yaml.MappingNode) else item, key)
        self._pages(value_of(self.file.root, "nav"))
        for parent, name in _COUNTERS:
            part = value_of(self.file.root, parent) if parent else self.file.root
            for key in (
                [key for key, _ in part.value if key.value == name]
                if isinstance(part, yaml.MappingNode)
                else ()
            ):
                self.file.report(key, f"'{name}' loads a counter from another site", _COUNTING)

    def _colors(self) -> None:
        palettes = value_of(self.theme, "palette")
        for palette in palettes.value if isinstance(palettes, yaml.SequenceNode) else [palettes]:
            for key in ("scheme", "primary", "accent"):
                node = value_of(palette, key)
                name = text_of(node)
                known = theme_colors(key)
                if node is None or name is None or name.replace(" ", "-") in (*known, _OWN_COLOR):
                    continue
                what = f"'{shorten(name)}' is no {'scheme' if key == 'scheme' else f'{key} color'} of the theme"
                self.file.report(node, what, suggest(name, [one.replace("-", " ") for one in known]))

    def _language(self) -> None:
        node = value_of(self.theme, "language")
        name = text_of(node)
        found = sorted({path.stem for one in self.folders for path in one.glob("partials/languages/*.html")})
        if node is not None and name is None and getattr(node, "value", "").casefold() == "no":
            # YAML takes an unquoted 'no' for a truth value.
            self.file.report(
                node, "'no' is no language of the theme", "did you mean 'nb' (Bokmål) or 'nn' (Nynorsk)?"
            )
        elif node is not None and name is not None and name not in found:
            self.file.report(node, f"'{shorten(name)}' is no language of the theme", suggest(name, found))

    def _icons(self) -> None:
        places = [
            value_of(self.theme, "icon"),
            *(value_of(palette, "toggle") for palette in _items(value_of(self.theme, "palette"))),
            *_items(value_of(value_of(self.file.root, "extra"), "social")),
        ]
        for place in filter(None, places):
            everywhere = place is places[0]
            for node in _leaves(place) if everywhere else filter(None, [value_of(place, "icon")]):
                check_icon(self.file, node, self.folders)

    def _font(self) -> None:
        node = value_of(self.theme, "font")
        if node is None and value_of(self.file.root, "INHERIT") is None and self.theme is not None:
            what = "without 'font: false' the theme loads its fonts from another site"
            self.file.report(self.theme, what, "add 'font: false' under 'theme:'")
        elif node is not None and getattr(node, "value", "") not in ("false", "no", "off", "False"):
            what = "the theme would load this font from another site, and the pages load nothing from elsewhere"
            self.file.report(node, what, "write 'font: false'; the fonts of the reader's device are used")

    def _local_file(self, node: yaml.Node | None, key: str) -> None:
        name = text_of(node)
        if node is None or name is None:
            return
        if is_foreign(name):
            kind = "analytics" if key == "extra_javascript" else ""
            if not is_allowed(name, kind, self.allowed):
                mend = REMEDY + (allowing(name, kind, self.allowed) if kind else "")
                self.file.report(node, f"'{key}' names a file of another site", mend)
        elif not any((folder / name.lstrip("/")).is_file() for folder in (self.docs, *self.folders)):
            files = [
                path.relative_to(self.docs).as_posix()
                for path in self.docs.rglob(f"*{Path(name).suffix}")
                if path.is_file() and not path.is_relative_to(self.docs / "_data")
            ]
            near = nearest(name, files, cutoff=0.6)
            mend = (
                f"did you mean '{near}'?" if near else f"put the file into {self.docs.name}/, or mend the name"
            )
            self.file.report(node, f"there is no file '{shorten(name)}' in {self.docs.name}/", mend)

    def _pages(self, nav: yaml.Node | None) -> None:
        """Report each page of the navigation that is not there."""
        for item in _items(nav):
            for node in [value for _, value in item.value] if isinstance(item, yaml.MappingNode) else [item]:
                page = text_of(node)
                if isinstance(node, yaml.SequenceNode):
                    self._pages(node)
                elif page and page.endswith(PAGES) and "://" not in page and not (self.docs / page).is_file():
                    pages = [path.relative_to(self.docs).as_posix() for path in self.docs.rglob("*.md")]
                    near = nearest(page, pages, cutoff=0.8)
                    mend = f"did you mean '{near}'?" if near else "take the line out, or mend the name"
                    self.file.report(node, f"there is no page '{shorten(page)}'", mend)


def check_icon(file: YamlFile, node: yaml.Node, folders: Sequence[Path] = ()) -> None:
    """Report an icon that the theme does not have."""
    name = text_of(node)
    folders = folders or theme_folders()
    if name and folders and not any((folder / ".icons" / f"{name}.svg").is_file() for folder in folders):
        near = nearest(name, theme_icons(name.partition("/")[0]), cutoff=0.6)
        mend = f"did you mean '{near}'?" if near else "write it as 'material/email', without an ending"
        file.report(node, f"there is no icon '{shorten(name)}'", mend)


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else [node] if node is not None else []


def _leaves(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _leaves(value)
    else:
        yield node


@cache
def theme_folders() -> tuple[Path, ...]:
    """Return the folder of the theme's templates; nothing where the theme is not installed."""
    spec = importlib.util.find_spec("material")
    return tuple(Path(place) / "templates" for place in (spec and spec.submodule_search_locations) or ())


@cache
def theme_colors(key: str) -> tuple[str, ...]:
    """Return the names that the theme's style sheets have for ``scheme``, ``primary`` or ``accent``."""
    sheets = [sheet for folder in theme_folders() for sheet in folder.glob("assets/stylesheets/*.css")]
    found = {
        name
        for sheet in sheets
        for name in re.findall(rf"data-md-color-{key}=([a-z-]+)", sheet.read_text(encoding="utf-8"))
    }
    return tuple(sorted(found))


@cache
def theme_icons(family: str) -> tuple[str, ...]:
    """Return the icons of one family, such as ``material``; of all where there is no such family."""
    roots = [folder / ".icons" for folder in theme_folders()]
    within = family if any((root / family).is_dir() for root in roots) and family else "."
    return tuple(
        path.relative_to(root).with_suffix("").as_posix()
        for root in roots
        for path in sorted((root / within).rglob("*.svg"))
    )
