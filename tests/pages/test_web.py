"""What holds of the page's own code, and of what the build makes of it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from posixpath import normpath

import pytest

from generator.pages.assets import SCRIPTS, STYLE, STYLES, THEME, WEB, WORKERS, join, read_kit, standalone
from generator.pages.image import EngineError, _check_snapshot
from tests.tools.site import ROOT, site_data

#: Elements of the page. Each has a folder of its own name, but for the proofreader.
COMPONENTS = {
    "email-form": "email-form",
    "kit-memory": "kit-memory",
    "send-plan": "send-plan",
    "proofreader": "kit-proofreader",
}
#: What all components may import.
SHARED = {"python", "device", "visit.mjs", "dom.mjs", "host.mjs", "sealed.mjs"}

MODULES = sorted(WEB.rglob("*.mjs"))
PAGE_CODE = [*MODULES, ROOT / "generator" / "pages" / "theme" / "partials" / "watch.js"]


def name_of(path: Path) -> str:
    return path.relative_to(WEB).as_posix()


# ---- who may import whom ----


def imports(name: str, code: str) -> set[str]:
    """Return what a module of ``web`` imports, types too, by the first part of its place there."""
    found = re.findall(r"""(?:\bfrom|\bimport\(|^import)\s*["'](\.[^"']+)["']""", code, re.MULTILINE)
    return {PurePosixPath(normpath(f"{PurePosixPath(name).parent}/{one}")).parts[0] for one in found}


def strangers(name: str, code: str) -> set[str]:
    """Return what a module imports and may not."""
    own = PurePosixPath(name).parts[0]
    return imports(name, code) - SHARED - {own}


@pytest.mark.parametrize("name", [*map(name_of, MODULES)])
def test_a_component_knows_no_other(name: str) -> None:
    code = (WEB / name).read_text(encoding="utf-8")
    assert not strangers(name, code)
    own = COMPONENTS.get(PurePosixPath(name).parts[0])
    others = {element for element in COMPONENTS.values() if element != own}
    # Only what loads pages anew has to know a form when it sees one.
    if own or name in ("visit.mjs", "dom.mjs", "host.mjs"):
        assert not {one for one in others if re.search(rf"""["'`](?:[^"'`\n]* )?{one}\b""", uncommented(code))}


@pytest.mark.parametrize(
    ("name", "code", "found"),
    [
        ("send-plan/x.mjs", 'import { make } from "../dom.mjs";', set()),
        ("send-plan/x.mjs", 'import "./y.mjs";\nimport {\n  a,\n} from "../python/client.mjs";', set()),
        ("send-plan/x.mjs", 'import { a } from "../email-form/a.mjs";', {"email-form"}),
        ("send-plan/x.mjs", '/** @typedef {import("../kit-memory/a.mjs").A} A */', {"kit-memory"}),
        ("send-plan/x.mjs", 'import "../proofreader/proofreader.mjs";', {"proofreader"}),
        ("visit.mjs", 'import { a } from "./send-plan/a.mjs";', {"send-plan"}),
        ("python/client.mjs", 'await import("../send-plan/a.mjs");', {"send-plan"}),
    ],
)
def test_an_import_of_a_sibling_is_found(name: str, code: str, found: set[str]) -> None:
    assert strangers(name, code) == found


def test_every_folder_is_a_component_or_shared() -> None:
    folders = {PurePosixPath(name_of(path)).parts[0] for path in MODULES if path.parent != WEB}
    assert folders == {*COMPONENTS, "python", "device"}
    for folder in COMPONENTS:
        assert (WEB / folder / f"{folder}.html").is_file()
        assert f"{folder}/{folder}.mjs" in SCRIPTS


def test_a_script_can_be_held_in_mind() -> None:
    sizes = {name_of(path): path.stat().st_size for path in MODULES}
    assert not {name: size for name, size in sizes.items() if size > 18_000}


# ---- no text for readers ----

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
    |(?P<regex>(?<=[(,=:\[!&|?]|\s)\s*/(?![*/\s])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*(?=[\s,;.)\]]))
    |(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)""",
    re.DOTALL | re.VERBOSE,
)
_SENTENCE = re.compile(r"\b[A-Z][\w’']*,? +[a-zA-Z]\w*")
#: What a program says to those who mend it.
_TO_PROGRAMMERS = re.compile(r"""(?:console\.\w+|Error|\bfail)\((?:\s*["'\w]+,)?\s*$""")
#: Where a literal goes into the page; see masked().
_SHOWN = re.compile(
    r"""\.(?:textContent|innerText|title|ariaLabel|placeholder|alt)\s*\+?=\s*"T"
    |\b(?:say|append|prepend|replaceChildren|createTextNode)\((?:[^()"]|"")*"T"
    |\bmake\("T?",\s*(?:\{[^{}]*\}|[\w.]+),\s*"T\"""",
    re.VERBOSE,
)


def uncommented(code: str) -> str:
    return _TOKEN.sub(lambda match: "" if match["comment"] else match[0], code)


def masked(code: str) -> str:
    """Return code without comments, and with "T" for each literal that holds a word and "" for the others."""

    def mask(match: re.Match[str]) -> str:
        if match["text"]:
            return '"T"' if re.search(r"[^\W\d_]{2}", re.sub(r"\$\{[^}]*\}", "", match["text"])) else '""'
        return "" if match["comment"] else match[0]

    return _TOKEN.sub(mask, code)


def texts(code: str) -> Iterator[str]:
    """Yield what looks like words for readers: sentences, and any literal that is put into the page."""
    for match in _TOKEN.finditer(code):
        if match["text"] and not _TO_PROGRAMMERS.search(uncommented(code[: match.start()])[-80:]):
            said = re.sub(r"\$\{[^}]*\}", "…", match["text"][1:-1])
            if _SENTENCE.search(said):
                yield said
    yield from (match[0] for match in _SHOWN.finditer(masked(code)))


@pytest.mark.parametrize("path", PAGE_CODE, ids=lambda path: path.name)
def test_no_script_holds_words_for_readers(path: Path) -> None:
    assert not [*texts(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    "code",
    [
        'this.#say("Nothing to fix");',
        "const label = 'Copy email';",
        "element.textContent = `Dear ${name}, thank you`;",
        'element.textContent = "copied";',
        'make("p", {}, "no network");',
        'make("p", { class: "x" }, "Retry");',
        'box.append("done");',
        'button.ariaLabel = "menu";',
        'say(status, done ? "" : "not yet");',
        'const quote = /["]/; const words = "Not yet ready";',
    ],
)
def test_words_for_readers_are_found(code: str) -> None:
    assert [*texts(code)]


@pytest.mark.parametrize(
    "code",
    [
        "// It says “Copy email” to whoever reads this.",
        'console.warn("The engine stopped");',
        'throw new LoadError("missing", "Nothing came back");',
        'element.textContent = this.#word("copied");',
        'make("p", { class: "ef-problem title" }, word("retry"));',
        'headers.set("Content-Security-Policy", policy);',
        'label.append(" ", make("span", {}, text));',
    ],
)
def test_what_is_no_word_for_readers_is_left_alone(code: str) -> None:
    assert not [*texts(code)]


# ---- what the build makes of it ----


def test_every_web_file_has_its_place(tmp_path: Path) -> None:
    kit = read_kit(tmp_path, site_data().colors)
    published = {name.removeprefix(f"{kit.folder}/") for name in kit.files}
    files = {name_of(path) for path in WEB.rglob("*") if path.suffix in (".mjs", ".css")}
    # A component is sent as one script.
    pieces = {name for name in files if name.endswith(".mjs") and name.partition("/")[0] in COMPONENTS}
    assert published == (files - {*WORKERS, *STYLES} - pieces) | {STYLE, *SCRIPTS}
    assert published >= {*SCRIPTS}
    assert {kit.theme, *kit.scripts, *kit.imported} == set(kit.integrity)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_components_script_holds_its_folder(name: str, tmp_path: Path) -> None:
    kit = read_kit(tmp_path, site_data().colors)
    code = kit.files[f"{kit.folder}/{name}"].read_text(encoding="utf-8")
    assert not re.search(r'(?m)^(?:import .* from "\./|export\b)', code)
    for piece in (WEB / name).parent.glob("*.mjs"):
        if piece.name != "worker.mjs":
            *_, last = (line for line in piece.read_text(encoding="utf-8").splitlines() if len(line) > 9)
            assert last in code, piece


def test_files_that_come_together_use_a_name_once(tmp_path: Path) -> None:
    (tmp_path / "a.mjs").write_text('import { b } from "./b.mjs";\nconst LIMIT = b;\n', encoding="utf-8")
    (tmp_path / "b.mjs").write_text("const LIMIT = 1;\nexport const b = LIMIT;\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.mjs and what comes with it use one name for two things: LIMIT"):
        join(tmp_path / "a.mjs", [*tmp_path.iterdir()])


def test_pages_without_a_form_know_what_a_form_needs() -> None:
    named = re.search(r"(?m)^const FORM = \[(.*)\];$", (WEB / THEME).read_text(encoding="utf-8"))
    assert named
    assert [f"{name}.mjs" for name in re.findall('"([^"]+)"', named[1])] == [*SCRIPTS]


def test_the_one_style_sheet_holds_that_of_every_component(tmp_path: Path) -> None:
    kit = read_kit(tmp_path, site_data().colors)
    sheet = kit.files[kit.style].read_text(encoding="utf-8")
    assert "/*" not in sheet
    assert sheet.startswith(":root { --kit-paper: #")
    assert sheet.count("{") == sheet.count("}")
    for name in STYLES:
        *_, last = (line for line in (WEB / name).read_text(encoding="utf-8").splitlines() if "{" in line)
        assert last in sheet, name


@pytest.mark.parametrize("name", WORKERS[:2])
def test_a_worker_asks_for_no_file_of_ours(name: str, tmp_path: Path) -> None:
    """It runs from a blob, and each file more would cost a round trip at the start."""
    code = standalone(WEB / name, tmp_path).read_text(encoding="utf-8")
    assert not re.search(r"(?m)^(?:import|export)\b", code)
    assert code.count("function cutOff()") == 1


def test_a_worker_that_imports_more_is_no_worker(tmp_path: Path) -> None:
    (tmp_path / "python").mkdir()
    (tmp_path / "sealed.mjs").write_text("export const a = 1;\n", encoding="utf-8")
    worker = tmp_path / "python" / "worker.mjs"
    worker.write_text('import { a } from "../sealed.mjs";\na;\n', encoding="utf-8")
    assert standalone(worker, tmp_path).read_text(encoding="utf-8") == "const a = 1;\na;\n"
    worker.write_text('import { a } from "../sealed.mjs";\nimport "../dom.mjs";\n', encoding="utf-8")
    with pytest.raises(ValueError, match="and nothing else"):
        standalone(worker, tmp_path)


def test_a_snapshot_of_another_form_is_not_shipped(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.bin"
    path.write_bytes(gzip.compress(b"\0snp and so on"))
    _check_snapshot(path)
    path.write_bytes(gzip.compress(b"\0sn2 and so on"))
    with pytest.raises(EngineError, match="its form has changed"):
        _check_snapshot(path)
