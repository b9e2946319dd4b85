"""The builds of a site before this one: what a page that is still open somewhere may ask for.

A page names the files that it was built with. When the site is published anew, that page may be open in a
browser, or lie in one's cache. So each build lists its files, and those of a few builds before it are published
with it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

#: Where a site lists its builds, the newest first: the SHA-256 value of each file, by its name in the site.
LIST: Final = "assets/builds.json"

#: How many builds before the newest are kept.
EARLIER: Final = 3

#: Files whose names change with their content. Debuggers alone ask for source maps.
_NAME: Final = re.compile(
    r"assets/(?:engine|kit|proofread|javascripts|stylesheets)(?:/[\w-][\w.-]*)+(?<!\.map)", re.ASCII
)
#: Seconds until a site that does not answer is given up.
_PATIENCE: Final = 30
#: No file of a site is larger, in bytes.
_LARGEST: Final = 50_000_000

Build = dict[str, str]


def content_time(folder: Path) -> int:
    """Return when content was last changed, in seconds since 1970: the time of the newest commit.

    Outside of a repository it is that of the newest file.
    """
    git = shutil.which("git")
    if git:
        command = [git, "-C", str(folder), "log", "-1", "--format=%ct"]
        result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if result.returncode == 0 and result.stdout.strip():
            return int(result.stdout)
    files = [folder / "mkdocs.yml", *(folder / "docs").rglob("*")]
    return max((int(path.stat().st_mtime) for path in files if path.is_file()), default=0)


def write_builds(site: Path) -> None:
    """Write the list of a site that has just been built: this build alone."""
    files = (path for path in sorted((site / "assets").rglob("*")) if path.is_file())
    names = ((path.relative_to(site).as_posix(), path) for path in files)
    build = {name: _sha256(path.read_bytes()) for name, path in names if _NAME.fullmatch(name)}
    _write(site, [build])


def keep_builds(site: Path, source: str, report: Callable[[str], None], *, earlier: int = EARLIER) -> None:
    """Take what pages of earlier builds may ask for from the site that is published now.

    What cannot be had, or is not what its build says, is left out: a site is published all the same.

    Args:
        site: the folder of the new build.
        source: the folder of the published site, or its address.
        report: is told, a line at a time, what was taken and what was left out.
        earlier: how many builds are kept beside the new one.

    Raises:
        FileNotFoundError: when ``site`` lists no build.
        ValueError: when ``source`` is neither a folder nor an address of the web.
    """
    (new, *_) = json.loads((site / LIST).read_text(encoding="utf-8"))
    read = _reader(source)
    try:
        published = [*_builds(read(LIST))]
    except (OSError, ValueError, RecursionError) as error:
        report(f"No earlier build is kept: {source} has no list of builds ({error}).")
        return
    builds: list[Build] = [new]
    for build in published:
        if build not in builds and len(builds) <= earlier:
            builds.append(build)
    for build in builds[1:]:
        for name in [name for name in build if not (site / name).exists()]:
            try:
                content = read(name)
                if _sha256(content) != build[name]:
                    raise ValueError("it is not the file that its build lists")
                (site / name).parent.mkdir(parents=True, exist_ok=True)
                (site / name).write_bytes(content)
            except (OSError, ValueError) as error:
                report(f"{name}: left out ({error})")
    _write(site, [new, *(_held(site, build) for build in builds[1:])])
    report(f"Earlier builds that are kept: {len(builds) - 1}.")


def _held(site: Path, build: Build) -> Build:
    """Return what a site really has of a build."""
    files = {name: site / name for name in build if (site / name).is_file()}
    return {name: build[name] for name, path in files.items() if _sha256(path.read_bytes()) == build[name]}


def _builds(content: bytes) -> Iterator[Build]:
    """Yield the builds of a list, with only such names in them as a build gives its files."""
    listed: Any = json.loads(content)
    if not isinstance(listed, list) or not all(isinstance(build, dict) for build in listed):
        raise ValueError("it is no list of builds")
    for build in listed:
        yield {name: str(digest) for name, digest in build.items() if _NAME.fullmatch(name)}


def _reader(source: str) -> Callable[[str], bytes]:
    """Return what reads a file of a site by its name."""
    if re.match("https?://", source):
        return lambda name: _download(f"{source.rstrip('/')}/{quote(name)}")
    folder = Path(source)
    if not folder.is_dir():
        raise ValueError(f"'{source}' is neither a folder nor an address that begins with https://")
    return lambda name: (folder / name).read_bytes()


def _download(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"Cache-Control": "no-cache"})  # noqa: S310  # see _reader
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
            content: bytes = answer.read(_LARGEST + 1)
    except HTTPException as error:
        raise OSError(f"{type(error).__name__}: {error}") from None
    if len(content) > _LARGEST:
        raise ValueError(f"more than {_LARGEST:,} bytes")
    return content


def _write(site: Path, builds: list[Build]) -> None:
    text = json.dumps(builds, indent=1, sort_keys=True)
    (site / LIST).write_text(f"{text}\n", encoding="utf-8")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
