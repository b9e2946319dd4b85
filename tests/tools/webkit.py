"""A WebKit to test in: the one of GTK, driven over WebDriver, on a screen that nobody sees.

Safari's engine is what every browser on an iPhone has, and Playwright's build of it is not to be had everywhere. Debian
has this one: ``apt-get install webkit2gtk-driver xvfb``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tests.tools.serve import free_port

PACKAGES: Final = ("webkit2gtk-driver", "xvfb")
#: Seconds after which an installation, and each wait for the browser, is given up.
PATIENCE: Final = 240
SOON: Final = 60

#: What WebDriver calls an element's number.
_ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"


def mini_browser() -> str | None:
    """Return the path of the browser that comes with WebKit, or None."""
    folders = (Path("/usr/lib"), Path("/usr/lib64"), Path("/usr/libexec"))
    patterns = ("webkit2gtk-4.*/MiniBrowser", "*/webkit2gtk-4.*/MiniBrowser")
    found = [path for folder in folders for pattern in patterns for path in folder.glob(pattern)]
    return str(max(found)) if found else None


def missing() -> str:
    """Say what is missing for a test in WebKit; empty if nothing is."""
    programs = [name for name in ("WebKitWebDriver", "Xvfb") if not shutil.which(name)]
    return ", ".join([*programs, *([] if mini_browser() else ["MiniBrowser"])])


def install() -> None:
    """Install WebKit where that needs no password."""
    if missing() and shutil.which("apt-get") and os.geteuid() == 0:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (("update", "-qq"), ("install", "-y", "-qq", "--no-install-recommends", *PACKAGES)):
            with suppress(subprocess.TimeoutExpired):
                subprocess.run(
                    ["apt-get", *command], env=environment, capture_output=True, timeout=PATIENCE, check=False
                )


class Window:
    """A browser's window."""

    def __init__(self, driver: str) -> None:
        options = {"binary": mini_browser(), "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self._session = f"{driver}/session"
        made = self._ask("POST", "", {"capabilities": wanted})
        self._session += f"/{made['sessionId']}"
        self.version = f"{made['capabilities']['browserName']} {made['capabilities']['browserVersion']}"

    def _ask(self, method: str, path: str, said: dict[str, Any] | None = None) -> Any:
        body = None if said is None else json.dumps(said).encode()
        request = Request(self._session + path, body, {"Content-Type": "application/json"}, method=method)
        try:
            with urlopen(request, timeout=SOON) as reply:
                return json.load(reply)["value"]
        except HTTPError as error:
            raise AssertionError(f"{method} {path}: {json.load(error)['value']}") from None

    def close(self) -> None:
        self._ask("DELETE", "")

    def resize(self, width: int, height: int) -> None:
        """Make the window so large that its page has this size."""
        for _ in range(2):
            outside = self._ask("GET", "/window/rect")
            inside = self.run("return [innerWidth, innerHeight]")
            new = (outside["width"] + width - inside[0], outside["height"] + height - inside[1])
            self._ask("POST", "/window/rect", {"width": new[0], "height": new[1]})
            with suppress(AssertionError):
                self.wait(f"return innerWidth === {width} && innerHeight === {height}", seconds=2)
                return

    def open(self, address: str) -> None:
        self._ask("POST", "/url", {"url": address})

    def back(self) -> None:
        self._ask("POST", "/back", {})

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function in the page; return what it returns."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": arguments})

    def wait(self, script: str, *arguments: Any, seconds: float = SOON) -> Any:
        """Wait until a script returns something; return that."""
        limit = time.monotonic() + seconds
        while not (found := self.run(script, *arguments)):
            assert time.monotonic() < limit, f"waited in vain for: {script}"
            time.sleep(0.05)
        return found

    def _find(self, selector: str) -> str:
        # An XPath begins with a slash, and can look for a button by what it says.
        using = "xpath" if selector.startswith("/") else "css selector"
        return str(self._ask("POST", "/element", {"using": using, "value": selector})[_ELEMENT])

    def click(self, selector: str) -> None:
        self._ask("POST", f"/element/{self._find(selector)}/click", {})

    def type(self, selector: str, text: str) -> None:
        """Type into an element, behind what stands there."""
        self._ask("POST", f"/element/{self._find(selector)}/value", {"text": text})

    def text(self, selector: str) -> str:
        """Return all the text in an element, also what is out of sight."""
        return str(self._ask("GET", f"/element/{self._find(selector)}/property/textContent"))


@contextmanager
def _screen() -> Iterator[str]:
    """A screen that nobody sees; gives its name."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        assert number, "Xvfb does not start"
        yield f":{number}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def webkit() -> Iterator[Window]:
    """A fresh WebKit."""
    port = free_port()
    with _screen() as screen:
        environment = os.environ | {"DISPLAY": screen, "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1"}
        driver = subprocess.Popen(
            ["WebKitWebDriver", f"--port={port}", "--host=127.0.0.1"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            window = Window(address)
            yield window
            window.close()
        finally:
            driver.terminate()
            driver.wait()


def _wait_for(address: str) -> None:
    """Wait until the driver listens."""
    limit = time.monotonic() + SOON
    while True:
        try:
            with urlopen(f"{address}/status", timeout=SOON):
                return
        except URLError:
            assert time.monotonic() < limit, "WebKitWebDriver does not start"
            time.sleep(0.05)
