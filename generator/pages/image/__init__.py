"""The engine's files: Pyodide and our own package, made ready for the browser.

:func:`build_engine` takes Pyodide as npm ships it, leaves out what is not used here, byte-compiles the
standard library and the pure part of this package with Pyodide's own Python, keeps the memory of a Python
that has read the site's data, and names every file by its content. The results are cached: the base depends
on nothing but the pinned Pyodide, the pinned compiler and our sources, the memory on the base and the data.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from generator.pages.assets import standalone

FOLDER: Final = "assets/engine/"
"""Where the files go in the site."""

_HERE: Final = Path(__file__).parent

# What a snapshot begins with, as Pyodide writes it: 0x706e7300, the lowest byte first.
_MAGIC: Final = b"\0snp"

# Modules that Python itself imports only when they are first needed. From the snapshot there is no later.
_LATE: Final = ("encodings.punycode",)

# What Python has done before its memory is kept: after that, the first request is no slower than others.
_WARM_UP: Final = (
    {
        "type": "fill",
        "template": "Subject: [A]\n\nDear [B],\n\n[[About [C]. ]]Text.\n\n[D]\n",
        "values": {"A": "a", "B": "b\x00", "D": "d"},
    },
    {"type": "fill", "template": "Subjekt: [", "values": {}},
    {
        "type": "file",
        "ending": "eml",
        "template": "Subject: s\n\n[A]",
        "values": {"A": "ä"},
        "to": "a@b.example",
    },
    {
        "type": "plan",
        "interview": "2026-05-12T10:00",
        "promised": "2026-05-20",
        "now": "2026-05-12T12:00",
        "stamp": "2026-05-12T10:00:00+00:00",
        "seed": "0",
    },
)


class EngineError(Exception):
    """The engine cannot be built; the message says what is missing and how to mend it."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine's files: ``files`` maps names in the site to files on disk.

    ``manifest`` is what a page must tell the worker: names relative to :data:`FOLDER`, with the SHA-256
    and the size of each, so that a page only ever runs the files it was built with.
    """

    files: Mapping[str, Path]
    manifest: Mapping[str, Any]


def build_engine(
    root: Path, cache: Path, report: Callable[[str], None], configuration: Mapping[str, Any] | None = None
) -> Engine:
    """Return the engine's files, building those that the cache does not hold.

    Args:
        root: the repository.
        cache: a folder to keep results in, such as ``root / ".kit-cache"``.
        configuration: the site's data, which ``generator.bridge`` is told first; see ``configure`` there.
        report: is told, a line at a time, what takes long.

    Raises:
        EngineError: when something is missing or a tool fails.
    """
    pyodide = root / "node_modules" / "pyodide"
    if not (pyodide / "package.json").is_file():
        raise EngineError(f"Pyodide is not installed in {pyodide} — run 'make setup'")
    base = cache / "engine" / _key(_ingredients(root, pyodide))
    if not base.is_dir():
        report("Building the Python engine (once for each change of its sources, about 20 seconds) …")
        _make(base, partial(_make_base, root, cache, pyodide))
    setup = json.dumps({"type": "configure", **(configuration or {})})
    image = cache / "engine" / _key([base.name.encode(), setup.encode()])
    if not image.is_dir():
        report("Telling the Python engine what docs/_data says (once for each change, about 5 seconds) …")
        _make(image, partial(_make_image, root, pyodide, base, setup))
    return _collect(root, cache, pyodide, base, image)


def _make(folder: Path, make: Callable[[Path], None]) -> None:
    """Have a folder made, all of it or nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        unfinished = Path(work) / "folder"
        unfinished.mkdir()
        make(unfinished)
        _move(unfinished, folder)


def _ingredients(root: Path, pyodide: Path) -> Iterator[bytes]:
    """Yield everything that the image depends on."""
    yield (pyodide / "package.json").read_bytes()
    for path in (root / "requirements-pyodide.txt", Path(__file__), *sorted(_HERE.glob("*.mjs"))):
        yield path.read_bytes()
    for name, path in _sources(root):
        yield name.encode()
        yield path.read_bytes()


def _sources(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the modules of this package that run in the browser, and their files."""
    package = root / "generator"
    for path in (package / "__init__.py", package / "bridge.py", *sorted((package / "core").rglob("*.py"))):
        yield path.relative_to(root).as_posix(), path


def _make_base(root: Path, cache: Path, pyodide: Path, work: Path) -> None:
    """Make what all sites have in common in the folder ``work``: Pyodide and the byte-compiled library."""
    compiler = _compiler(root, cache)
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    # Only the part that names the version: no package is ever loaded.
    _write_json(work / "lock.json", {"info": lock["info"], "packages": {}})
    with zipfile.ZipFile(pyodide / "python_stdlib.zip") as stdlib:
        members = {name: stdlib.read(name) for name in stdlib.namelist() if not name.endswith("/")}
    members.update((name, path.read_bytes()) for name, path in _sources(root))
    with zipfile.ZipFile(work / "library.zip", "w") as library:
        for name in sorted(members):
            library.writestr(name, members[name])
    _run_node("base", pyodide, work, compiler)


def _make_image(root: Path, pyodide: Path, base: Path, setup: str, work: Path) -> None:
    """Make the memory of a Python that knows this site's data in the folder ``work``."""
    (work / "configuration.json").write_text(setup, encoding="utf-8")
    modules = [
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name, _ in _sources(root)
    ]
    warmup = {"modules": [*_LATE, *modules], "requests": [setup, *map(json.dumps, _WARM_UP)]}
    _write_json(work / "warmup.json", warmup)
    _run_node("snapshot", pyodide, work, base)
    _check_snapshot(work / "snapshot.bin")


def _check_snapshot(path: Path) -> None:
    """Raise an error unless a snapshot has the form that the worker puts together again."""
    with gzip.open(path) as snapshot:
        begin = snapshot.read(len(_MAGIC))
    if begin != _MAGIC:
        # The build would take other bytes for the header, and every visit would fall back to the slow start.
        raise EngineError(
            f"Pyodide's memory snapshot begins with {begin!r} and not with {_MAGIC!r}: its form has changed. "
            "Read makeMemorySnapshot in the new Pyodide, then adapt generator/pages/image/snapshot.mjs and "
            "generator/web/python/worker.mjs"
        )


def _run_node(step: str, pyodide: Path, work: Path, other: Path) -> None:
    """Run a step of image.mjs."""
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    if node is None:
        raise EngineError("Node is not installed — run 'make setup'")
    _run([node, str(_HERE / "image.mjs"), step, str(pyodide), str(work), str(other)], "building the engine")


def _compiler(root: Path, cache: Path) -> Path:
    """Return the folder that holds pyodide-build, installed for Pyodide's Python."""
    requirements = root / "requirements-pyodide.txt"
    folder = cache / f"pyodide-build-{_key([requirements.read_bytes()])}"
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(dir=cache) as work:
            target = Path(work) / "packages"
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            # Pip checks the host's version whatever --python-version says; the lock was made for 3.14.
            pip += ["--target", str(target), "--python-version", "3.14", "--ignore-requires-python"]
            pip += ["--only-binary=:all:", "--no-deps", "--no-compile", "--require-hashes"]
            _run([*pip, "-r", str(requirements)], "installing pyodide-build")
            _move(target, folder)
    return folder


def _move(folder: Path, to: Path) -> None:
    """Move a finished folder to its place; leave what another process has put there meanwhile."""
    try:
        folder.rename(to)
    except OSError:
        if not to.is_dir():
            raise


def _collect(root: Path, cache: Path, pyodide: Path, base: Path, image: Path) -> Engine:
    """Name all files by their content and describe them."""
    files: dict[str, Path] = {}

    def add(name: str, path: Path) -> dict[str, Any]:
        content = path.read_bytes()
        files[FOLDER + name] = path
        return {"url": name, "sha256": _sha256(content), "bytes": len(content)}

    def hashed(path: Path) -> str:
        return f"{path.stem}.{_key([path.read_bytes()])}{path.suffix}"

    worker = standalone(root / "generator" / "web" / "python" / "worker.mjs", cache)
    wasm, library = base / "wasm.bin", base / "library.zip"
    snapshot, configuration = image / "snapshot.bin", image / "configuration.json"
    version = json.loads((pyodide / "package.json").read_text(encoding="utf-8"))["version"]
    # Pyodide finds its files by fixed names in one folder, so it is the folder that carries the hash.
    loader, glue = pyodide / "pyodide.mjs", base / "pyodide.asm.mjs"
    runtime = f"pyodide-{version}-{_key(path.read_bytes() for path in (loader, glue))}/"
    manifest = {
        "runtime": runtime,
        "lock": _read_json(base / "lock.json"),
        "worker": add(f"worker.{_key([worker.read_bytes()])}.mjs", worker),
        "loader": add(runtime + loader.name, loader),
        "glue": add(runtime + glue.name, glue),
        "wasm": add(hashed(wasm), wasm),
        "library": add(hashed(library), library),
        "snapshot": add(hashed(snapshot), snapshot) | _read_json(image / "snapshot.json"),
        "configuration": add(hashed(configuration), configuration),
    }
    return Engine(files, manifest)


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


def _run(command: list[str], doing: str) -> None:
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        output = (result.stdout + result.stderr)[-4000:].strip()
        raise EngineError(f"{doing} failed — run 'make setup' and try again. The output was:\n{output}")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _key(parts: Iterable[bytes]) -> str:
    """Return a short name for all of ``parts`` together."""
    # Hashes of a fixed length are joined, so no two different lists give the same text.
    return _sha256("".join(map(_sha256, parts)).encode())[:16]
