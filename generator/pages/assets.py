"""What of ``generator/web`` a site publishes: where each file goes, what pages load, which hash it has."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generator.pages.look import Rgb, style_sheet
from generator.pages.policy import integrity

#: A folder for each component: its template, its style sheet and its script.
WEB: Final = Path(__file__).resolve().parents[1] / "web"

#: What every page loads by name.
THEME: Final = "theme.mjs"
#: What a page with a form loads by name. An element's script runs after that of the element around it.
#: To a page that is only read they come with the first form that navigation brings: see ``theme.mjs``.
SCRIPTS: Final = (
    "email-form/email-form.mjs",
    "send-plan/send-plan.mjs",
    "kit-memory/kit-memory.mjs",
    "proofreader/proofreader.mjs",
)
#: What becomes the one style sheet of every page, in this order.
STYLES: Final = (
    "theme.css",
    "email-form/email-form.css",
    "send-plan/send-plan.css",
    "kit-memory/kit-memory.css",
)
STYLE: Final = "kit.css"
#: The page that stands for those that are not kept has a style sheet of its own.
OFFLINE_STYLE: Final = "offline.css"
#: Where the dark look holds: where the reader chose it, and on that page where the device asks for it.
_DARK: Final = '[data-md-color-scheme="slate"] { % }'
_DEVICE: Final = "@media (prefers-color-scheme: dark) { :root { % } }"
#: Code that runs beside the page. It has places of its own in the site.
WORKERS: Final = ("python/worker.mjs", "proofreader/worker.mjs", "offline.mjs")

#: What both workers need first of all: how files are checked, and how the network is given up.
SEALED: Final = WEB / "sealed.mjs"
_COMMENT: Final = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_IMPORT: Final = re.compile(r'(?m)^import (?P<what>\{[^}]*\}|\* as \w+) from "(?P<where>\.[^"]+)";\n')
_TOP_LEVEL: Final = re.compile(r"(?m)^(?:async )?(?:function|class|const|let) (\w+)")


@dataclass(frozen=True, slots=True)
class Kit:
    """The scripts and the style sheet of all pages; every name is one in the site."""

    digest: str
    """Changes when any file of the kit does: the modules import each other by their plain names."""
    files: Mapping[str, Path]

    @property
    def folder(self) -> str:
        """Where the files go."""
        return f"assets/kit/{self.digest}"

    @property
    def scripts(self) -> list[str]:
        """What a page with a form loads by name."""
        return [f"{self.folder}/{name}" for name in SCRIPTS]

    @property
    def theme(self) -> str:
        """What every page loads by name."""
        return f"{self.folder}/{THEME}"

    @property
    def imported(self) -> list[str]:
        """What those import. A page names them at its beginning, so that no browser has to find them out."""
        return [name for name in self._modules if name not in (self.theme, *self.scripts)]

    @property
    def style(self) -> str:
        """The style sheet of every page."""
        return f"{self.folder}/{STYLE}"

    @property
    def offline_style(self) -> str:
        """The style sheet of the page that stands for those that are not kept."""
        return f"{self.folder}/{OFFLINE_STYLE}"

    @property
    def integrity(self) -> dict[str, str]:
        """The hash of each script, as browsers take it: one that is not its own does not run."""
        return {name: integrity(self.files[name].read_bytes()) for name in self._modules}

    @property
    def _modules(self) -> list[str]:
        return [name for name in self.files if name.endswith(".mjs")]


def join(script: Path, within: Collection[Path]) -> str:
    """Return a script's code with that of imported files written into it: each file more is slow to load.

    Args:
        script: the script, in a folder of ``web``.
        within: the files whose code comes in. Any other stays imported.

    Raises:
        ValueError: when two of the files use one name at their top level.
    """
    codes: dict[Path, str] = {}
    imports: dict[str, set[str]] = {}

    def add(path: Path) -> None:
        code = path.read_text(encoding="utf-8")
        for found in _IMPORT.finditer(code):
            source = (path.parent / found["where"]).resolve()
            if source not in within:
                wanted = re.findall(r"\* as \w+|\w+", found["what"])
                imports.setdefault(found["where"], set()).update(wanted)
            elif source not in codes:
                add(source)
        codes[path.resolve()] = re.sub("(?m)^export ", "", _IMPORT.sub("", code))

    add(script)
    names = Counter(name for code in codes.values() for name in _TOP_LEVEL.findall(code))
    if twice := [name for name, uses in names.items() if uses > 1]:
        raise ValueError(
            f"{script.name} and what comes with it use one name for two things: {', '.join(twice)}"
        )
    lines = []
    for where, wanted in sorted(imports.items()):
        named = ", ".join(sorted(what for what in wanted if not what.startswith("*")))
        lines += [f'import {what} from "{where}";\n' for what in sorted(wanted) if what.startswith("*")]
        lines += [f'import {{ {named} }} from "{where}";\n'] if named else []
    return "".join([*lines, *codes.values()])


def standalone(script: Path, cache: Path) -> Path:
    """Return a file that holds a worker's script with :data:`SEALED` written into it.

    Args:
        script: the script, in a folder of ``web``.
        cache: a folder to keep results in.

    Raises:
        ValueError: when the script imports anything else.
    """
    code = join(script, [(script.parents[1] / SEALED.name).resolve()])
    if re.search(r"(?m)^(import|export)\b", code):
        raise ValueError(f"{script} must import {SEALED.name}, and nothing else")
    return _written(cache / "workers", script.parent.name, ".mjs", code)


def _written(folder: Path, name: str, ending: str, text: str) -> Path:
    """Return a file of ``folder`` that holds ``text``, named by it."""
    content = text.encode()
    path = folder / f"{name}.{hashlib.sha256(content).hexdigest()[:16]}{ending}"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(content)
        unfinished.replace(path)
    return path


def read_kit(cache: Path, colors: Mapping[str, Mapping[str, Rgb]]) -> Kit:
    """Return the files of :data:`WEB` that pages load, under the names that they get in the site.

    Args:
        cache: a folder to keep results in.
        colors: what the site says of its look, as ``Data`` has it.
    """
    names = sorted(
        path.relative_to(WEB).as_posix() for path in WEB.rglob("*") if path.suffix in (".mjs", ".css")
    )
    paths = {name: WEB / name for name in names if name not in (*WORKERS, *STYLES, OFFLINE_STYLE)}
    # A component has its folder to itself, and is sent as one script.
    for name in SCRIPTS:
        pieces = [*(WEB / name).parent.glob("*.mjs")]
        code = join(WEB / name, pieces)
        for piece in pieces:
            paths.pop(piece.relative_to(WEB).as_posix(), None)
        paths[name] = _written(cache / "scripts", (WEB / name).stem, ".mjs", code)
    # Each style sheet that a page names is a file more to wait for before anything shows.
    sheet = "".join(_COMMENT.sub("", (WEB / name).read_text(encoding="utf-8")) for name in STYLES)
    alone = (WEB / OFFLINE_STYLE).read_text(encoding="utf-8")
    paths[STYLE] = _written(cache / "styles", "kit", ".css", style_sheet(colors, _DARK) + sheet)
    paths[OFFLINE_STYLE] = _written(cache / "styles", "offline", ".css", style_sheet(colors, _DEVICE) + alone)
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in paths.values())).hexdigest()[:12]
    return Kit(digest, {f"assets/kit/{digest}/{name}": path for name, path in paths.items()})
