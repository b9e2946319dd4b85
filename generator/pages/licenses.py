"""The licenses of what is published with a site, in one file beside it."""

from __future__ import annotations

import json
import platform
import sysconfig
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

import jinja2

#: The file's name in the site, and its template's.
NAME: Final = "LICENSES.txt"


def licenses(root: Path, *, proofreader: bool, builder: str = "") -> str:
    """Return who made what is published with a site, and under which license.

    The licenses' texts come from the installed packages, so they are those of what is published.

    Args:
        root: the repository.
        proofreader: whether Harper is published too.
        builder: what the pages say that they were built with. Zensical has a theme of its own.

    Raises:
        PackageNotFoundError: when the theme is not installed.
    """
    modules = root / "node_modules"
    zensical = builder.startswith("zensical")
    theme = distribution("zensical" if zensical else "mkdocs-material")
    templates = Path(str(theme.locate_file("zensical/templates" if zensical else "material/templates")))
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=False,  # noqa: S701 - plain text
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(NAME).render(
        kit=_text(root / "LICENSE"),
        pyodide=_version(modules / "pyodide"),
        python=json.loads(_text(modules / "pyodide" / "pyodide-lock.json"))["info"]["python"],
        cpython=_text(Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"),
        host=platform.python_version(),
        theme=f"{'Zensical' if zensical else 'Material for MkDocs'} {theme.version}",
        theme_license=theme.read_text("licenses/LICENSE.md" if zensical else "licenses/LICENSE") or "",
        zensical_scripts=_text(templates / "assets" / "javascripts" / "LICENSE") if zensical else "",
        icons=_text(templates / ".icons" / "material" / "LICENSE"),
        harper=_version(modules / "harper.js") if proofreader else "",
        harper_license=_text(modules / "harper.js" / "LICENSE") if proofreader else "",
    )


def _version(package: Path) -> str:
    return str(json.loads(_text(package / "package.json"))["version"])


def _text(path: Path) -> str:
    """Return a file's text; empty where an installation came without it."""
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""
