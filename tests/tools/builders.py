"""The builders of a site: an environment that has all of them, and how each builds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.tools.site import ROOT, SITE

#: What each runs, as `make build` does: {} stands for the folder with the site's own file.
BUILDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "mkdocs": ("mkdocs build --strict -f {}/mkdocs.yml",),
    "properdocs": ("properdocs build --strict -f {}/mkdocs.yml",),
    "zensical": (
        "generator prepare -f {}/mkdocs.yml",
        "zensical build --clean --strict -f {}/mkdocs.prepared.yml",
        "generator finish {}/site -f {}/mkdocs.yml",
    ),
}


def install_builders(folder: Path) -> None:
    """Install the locked builders into a new environment."""
    venv.create(folder, with_pip=True)
    locked = ["--require-hashes", "--no-deps", "-r", str(ROOT / "requirements-builders.txt")]
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *locked]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, (
        f"the builders of requirements-builders.txt cannot be installed:\n{result.stderr}"
    )


def copy_site(folder: Path) -> Path:
    """Copy the test site into ``folder``, to be built there."""
    shutil.copytree(SITE, folder, dirs_exist_ok=True)
    settings = folder / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("../../generator/", f"{ROOT.as_posix()}/generator/"), encoding="utf-8")
    return folder


def leave_out_and_rename(folder: Path) -> None:
    """Leave two pages of a copied site out, give one a new name, and say who publishes it."""
    docs = folder / "docs"
    with (docs / "_data" / "site.yml").open("a", encoding="utf-8") as file:
        file.write("\nleave_out: [check-in, guide/why.md]\norganization: Test Office\n")
    text = (docs / "emails" / "panel.md").read_text(encoding="utf-8")
    (docs / "emails" / "panel.md").unlink()
    text = text.replace("---\n", "---\nformerly: emails/panel.md\n", 1)
    (docs / "emails" / "several.md").write_text(text, encoding="utf-8")
    with (docs / "guide" / "index.md").open("a", encoding="utf-8") as file:
        file.write(
            "\nSee [*several*](../emails/panel.md#thanks-to-a-panel), [the wait](../emails/check-in.md).\n"
        )


def build_with(builder: str, python: Path, folder: Path, address: str) -> None:
    """Build the site that was copied into ``folder``, to be served at ``address``."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))  # Node.js is there
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "SITE_URL": address, "PATH": path}
    for step in BUILDERS[builder]:
        command = [str(python), "-m", *step.format(folder, folder).split()]
        result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 0, f"{step}\n{result.stdout}\n{result.stderr}"
