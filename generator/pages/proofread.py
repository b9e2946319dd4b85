"""The proofreader's files: Harper, a grammar checker for English, as npm ships it, packed for the browser."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from generator.pages.assets import standalone
from generator.pages.image import Engine, EngineError

FOLDER: Final = "assets/proofread/"
"""Where the files go in the site. They are apart from the engine's, because nothing loads them unasked."""


def build_proofreader(root: Path, cache: Path, report: Callable[[str], None]) -> Engine:
    """Return the proofreader's files; the manifest's names are relative to :data:`FOLDER`.

    Args:
        root: the repository.
        cache: a folder to keep the packed file in, such as ``root / ".kit-cache"``.
        report: is told, a line at a time, what takes long.

    Raises:
        EngineError: when Harper is not installed or is not made of the files that we know.
    """
    package = root / "node_modules" / "harper.js"
    # The whole checker without what editors need besides. Its script finds it by an address that we give.
    wasm = package / "dist" / "harper_wasm_slim_bg.wasm"
    scripts = [*package.glob("dist/BinaryModule-*.js")]
    if not wasm.is_file() or len(scripts) != 1:
        raise EngineError(f"Harper is not installed in {package} — run 'make setup'")
    sources = {
        "worker.mjs": standalone(root / "generator" / "web" / "proofreader" / "worker.mjs", cache),
        "glue.mjs": scripts[0],
        "wasm.bin": _packed(wasm, package / "package.json", cache / "proofread", report),
    }
    files: dict[str, Path] = {}
    manifest: dict[str, object] = {}
    for name, path in sources.items():
        stem, _, ending = name.partition(".")
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        url = f"{stem}.{digest[:16]}.{ending}"
        files[FOLDER + url] = path
        manifest[stem] = {"url": url, "sha256": digest, "bytes": len(content)}
    return Engine(files, manifest)


def _packed(path: Path, package: Path, cache: Path, report: Callable[[str], None]) -> Path:
    """Return ``path`` in gzip's format, from the cache if it holds that of the same package."""
    key = hashlib.sha256(package.read_bytes()).hexdigest()[:16]
    packed = cache / f"{key}.bin"
    if not packed.is_file():
        report("Packing the grammar checker (once for each version of it, a few seconds) …")
        cache.mkdir(parents=True, exist_ok=True)
        unfinished = cache / f"{key}.{os.getpid()}"
        unfinished.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
        unfinished.replace(packed)
    return packed
