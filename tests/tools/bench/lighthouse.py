"""Lighthouse, which is large: only the bench installs it, in a folder of its own, as ``package-lock.json`` beside this says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

HERE: Final = Path(__file__).parent
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
#: Milliseconds that say why the performance is what it is.
TIMES: Final = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time")


class Judged(NamedTuple):
    """What Lighthouse says about one page.

    Attributes:
        scores: of each category, up to 100, and the times.
        faults: what costs points other than for speed.
    """

    scores: dict[str, float]
    faults: set[str]


class Lighthouse:
    """The program, installed."""

    def __init__(self, folder: Path, chromium: str) -> None:
        """Install it into ``folder`` where the lock file is not the one that is installed."""
        self._folder = folder
        self._chromium = chromium
        node = Path(sys.executable).parent
        self._node = node / "node"
        lock, done = HERE / "package-lock.json", folder / "done"
        if not done.is_file() or done.read_bytes() != lock.read_bytes():
            print("Installing Lighthouse from npm …", file=sys.stderr, flush=True)
            folder.mkdir(parents=True, exist_ok=True)
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, folder)
            command = [str(node / "npm"), "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run(command, cwd=folder, check=True)
            shutil.copy(lock, done)
        self.version = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"][
            "lighthouse"
        ]

    def judge(self, address: str) -> Judged:
        """Have a page judged as a phone loads it."""
        command = [
            str(self._node),
            str(self._folder / "node_modules" / "lighthouse" / "cli" / "index.js"),
            address,
            "--quiet",
            "--no-enable-error-reporting",
            "--output=json",
            "--output-path=stdout",
            f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless=new --no-sandbox --no-first-run",
        ]
        environment = os.environ | {"CHROME_PATH": self._chromium}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        audits = report["audits"]
        scores = {name: report["categories"][name]["score"] * 100 for name in CATEGORIES}
        times = {name: audits[name]["numericValue"] for name in TIMES}
        faults = {
            f"{name} {one['id']}"
            for name in CATEGORIES[1:]
            for one in report["categories"][name]["auditRefs"]
            if one["weight"] and audits[one["id"]]["score"] not in (1, None)
        }
        # How fast the machine was just then: a busy one is not the page's fault.
        return Judged(scores | times | {"machine": report["environment"]["benchmarkIndex"]}, faults)
