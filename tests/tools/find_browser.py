"""Finds the Chromium that the browser tests drive; ``--install`` brings one when there is none.

In this order: one that is installed, Playwright's own, the system's package manager where that is allowed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

#: Chromium without windows of its own. It starts faster, but now and then its frames stand still: the last choice.
SHELL = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
#: Seconds after which a download is given up.
PATIENCE = 240


def installed_chromium(*, whole: bool = False) -> str | None:
    """Return the path of a Chromium or Chrome of this machine, or None.

    Args:
        whole: with all that people have and tests seldom need, such as settings and sessions on the disk.
    """
    names = NAMES if whole else (*NAMES, SHELL)
    found = next(filter(None, map(shutil.which, names)), None)
    return found or next((path for path in APPLICATIONS if Path(path).is_file()), None)


def installed_firefox() -> str | None:
    """Return the path of a Firefox of this machine, or None. Only some tests use it."""
    return next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)


def playwright_chromium() -> str | None:
    """Return the path of the Chromium that Playwright downloaded, or None."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def _run(*command: str, patience: int = PATIENCE) -> bool:
    print("+", *command, flush=True)
    try:
        return subprocess.run(command, timeout=patience, check=False).returncode == 0
    except (subprocess.TimeoutExpired, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return False


def install() -> str | None:
    """Try to install a Chromium; return its path, or None."""
    if _run(sys.executable, "-m", "playwright", "install", "chromium") and (path := playwright_chromium()):
        return path
    # Only where no password would be asked for, and only on a system that has the package.
    if shutil.which("apt-get") and os.geteuid() == 0:
        _run("apt-get", "update", "-qq")
        for package in ("chromium", SHELL):
            if _run("apt-get", "install", "-y", "-qq", package, patience=3 * PATIENCE):
                break
    return installed_chromium()


def main() -> int:
    """Say which browser the tests will use; with ``--install`` bring one first if need be."""
    path = installed_chromium() or playwright_chromium()
    if path is None and "--install" in sys.argv[1:]:
        path = install()
    if path is None:
        print(
            "No Chromium or Chrome was found, and none could be installed.\n"
            "Install one with your system's package manager (Debian: apt-get install chromium),\n"
            "or run: .venv/bin/playwright install --with-deps chromium",
            file=sys.stderr,
        )
        return 1
    print(f"Browser for the tests: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
