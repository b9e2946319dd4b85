/**
 * Turns Python sources into what the browser loads, with Pyodide's own Python, run by Node.
 *
 *     node image.mjs base <folder of the npm package pyodide> <work folder> <folder of pyodide-build>
 *
 * expects `library.zip` (sources) and `lock.json` in the work folder. Byte-compiles the archive in place: the
 * host's Python cannot do it, for Pyodide refuses the byte code of any other version. Writes `pyodide.asm.mjs`
 * and `pyodide.asm.wasm`, the part of Pyodide that is used here, `wasm.bin`, the latter gzipped, and
 * `small.zip`, what the snapshot needs of the library.
 *
 *     node image.mjs snapshot <folder of the npm package pyodide> <work folder> <that of the base>
 *
 * expects `warmup.json` (modules to import and requests to answer) in the work folder. Writes `snapshot.bin`,
 * the memory of a Python that has imported our package and answered those requests, gzipped;
 * `snapshot.json` says how to put it together again.
 */

import { createRequire } from "node:module";
import { readFile, rm } from "node:fs/promises";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { makeSnapshot } from "./snapshot.mjs";
import { STANDINS } from "./standins.mjs";
import { trim } from "./trim.mjs";

// Node would quote the line of the fault, and Pyodide's one line is a megabyte long.
process.on("uncaughtException", (error) => {
  console.error(error.message);
  process.exit(1);
});

const [step, pyodideFolder, workFolder, otherFolder] = process.argv.slice(2);
const baseFolder = step === "base" ? workFolder : otherFolder;
const { loadPyodide } = await import(pathToFileURL(join(pyodideFolder, "pyodide.mjs")).href);

const options = {
  indexURL: pyodideFolder + sep,
  lockFileContents: JSON.parse(await readFile(join(baseFolder, "lock.json"), "utf8")),
  _sysExecutable: "python",
  // With SOURCE_DATE_EPOCH (here 1980, the first date of a zip), archives and byte code hold no dates.
  env: { PYTHONHASHSEED: "0", SOURCE_DATE_EPOCH: "315532800", LANG: "C.UTF-8" },
};

freezeTheWorld();
await (step === "base" ? makeBase() : keepMemory());
process.exit();

async function makeBase() {
  const tools = await loadPyodide({
    ...options,
    // Byte code without docstrings, assertions and columns: a quarter less to load and to keep.
    args: ["-OO", "-X", "no_debug_ranges"],
  });
  tools.mountNodeFS("/compiler", otherFolder);
  tools.mountNodeFS("/work", workFolder);
  tools.globals.set("STANDINS", tools.toPy(STANDINS));
  tools.runPython(`
import sys, zipfile
from pathlib import Path

sys.path.append("/compiler")

from pyodide_build._py_compile import _py_compile_archive

work = Path("/work")
_py_compile_archive(work / "library.zip", keep=False, verbose=False, compression_level=9)
with zipfile.ZipFile(work / "library.zip") as library, zipfile.ZipFile(work / "small.zip", "w") as small:
    for name in library.namelist():
        module = name.removesuffix("c")
        if not name.startswith("asyncio/") and module not in STANDINS:
            small.writestr(name, library.read(name))
    for name, source in STANDINS.items():
        small.writestr(name, source)
`);
  await trim(pyodideFolder, workFolder);
  pack(tools, "pyodide.asm.wasm", "wasm.bin");
}

async function keepMemory() {
  const pyodide = await makeSnapshot(loadPyodide, options, baseFolder, workFolder);
  pyodide.mountNodeFS("/work", workFolder);
  pack(pyodide, "snapshot", "snapshot.bin");
  await rm(join(workFolder, "snapshot"));
}

/**
 * Pack a file of the work folder here, because few static hosts compress such files; with this Python's zlib,
 * which is pinned, and not with that of whatever Node runs this; and not named .gz, which some hosts would unpack
 * on the way.
 *
 * @param {any} pyodide with the work folder mounted @param {string} name @param {string} packed
 */
function pack(pyodide, name, packed) {
  pyodide.runPython(`
import gzip
from pathlib import Path

Path("/work/${packed}").write_bytes(gzip.compress(Path("/work/${name}").read_bytes(), 9, mtime=0))
`);
}

/** Make this process the same on every machine and on every day: what Python sees ends up in its memory. */
function freezeTheWorld() {
  Date.now = () => 315_532_800_000;
  performance.now = () => 0;
  const crypto = createRequire(import.meta.url)("node:crypto");
  crypto.randomFillSync = (/** @type {Uint8Array} */ view) => view.fill(0);
  Object.defineProperty(globalThis, "navigator", { value: { userAgent: "Node.js", language: "C" } });
}
