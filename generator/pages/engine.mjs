/**
 * Turns Python sources into what the browser loads, with Pyodide's own Python, run by Node.
 *
 *     node engine.mjs base <folder of the npm package pyodide> <work folder> <folder of pyodide-build>
 *
 * expects `library.zip` (sources) and `lock.json` in the work folder. Byte-compiles the archive in place: the
 * host's Python cannot do it, for Pyodide refuses the byte code of any other version. Writes `pyodide.asm.mjs`
 * and `pyodide.asm.wasm`, the part of Pyodide that is used here, `wasm.bin`, the latter gzipped, and
 * `small.zip`, what the snapshot needs of the library.
 *
 *     node engine.mjs snapshot <folder of the npm package pyodide> <work folder> <that of the base>
 *
 * expects `warmup.json` (modules to import and requests to answer) in the work folder. Writes `snapshot.bin`,
 * the memory of a Python that has imported our package and answered those requests, gzipped;
 * `snapshot.json` says how to put it together again.
 */

import binaryen from "binaryen";
import { createRequire } from "node:module";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";

// Node would quote the line of the fault, and Pyodide's one line is a megabyte long.
process.on("uncaughtException", (error) => {
  console.error(error.message);
  process.exit(1);
});

/** WebAssembly's unit of memory, in bytes. */
const PAGE = 65_536;

const [step, pyodideFolder, workFolder, otherFolder] = process.argv.slice(2);
const baseFolder = step === "base" ? workFolder : otherFolder;
const { loadPyodide } = await import(pathToFileURL(join(pyodideFolder, "pyodide.mjs")).href);

/** @param {string} path */
const readJSON = async (path) => JSON.parse(await readFile(path, "utf8"));
const options = {
  indexURL: pyodideFolder + sep,
  lockFileContents: await readJSON(join(baseFolder, "lock.json")),
  _sysExecutable: "python",
  // With SOURCE_DATE_EPOCH (here 1980, the first date of a zip), archives and byte code hold no dates.
  env: { PYTHONHASHSEED: "0", SOURCE_DATE_EPOCH: "315532800", LANG: "C.UTF-8" },
};

/**
 * What stands in the snapshot for modules that Pyodide imports as it starts but that our package never uses: an
 * event loop, with all that it pulls in, and the installer of packages: a third of the snapshot. They
 * keep the JavaScript objects that a snapshot must have, in the order that Pyodide expects.
 */
const STANDINS = {
  "asyncio/__init__.py": "def get_event_loop(): raise RuntimeError('there is no event loop')\n",
  "pyodide/webloop.py": `
from pyodide_js._api import scheduleCallback

def _initialize_event_loop():
    from pyodide_js._api import config
`,
  "pyodide/_package_loader.py": `
from pyodide_js import loadedPackages

class Folder:
    def __init__(self, path):
        self.path = path

    def __str__(self):
        return self.path

SITE_PACKAGES = Folder("/lib/python3.14/site-packages")
DSO_DIR = Folder("/usr/lib")

def init_loaded_packages():
    pass
`,
};

freezeTheWorld();
await (step === "base" ? makeBase() : makeSnapshot());
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
  await trim();
  pack(tools, "pyodide.asm.wasm", "wasm.bin");
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

/**
 * Take out of Pyodide what is there for extension modules, none of which is ever loaded: all functions and
 * variables of Python are exported, 8,560 of them, and each start gives most of them a name in JavaScript.
 */
async function trim() {
  const glue = await readFile(join(pyodideFolder, "pyodide.asm.mjs"), "utf8");
  const loader = await readFile(join(pyodideFolder, "pyodide.mjs"), "utf8");
  const counts = new Map();
  for (const [word] of (glue + loader).matchAll(/[\w$]+/g)) counts.set(word, 1 + (counts.get(word) ?? 0));
  const unused = new Set();
  const assigned = /(?<=[{;])(\w+)=Module\["\1"\]=wasmExports\["(\w+)"\](?:\.value>>>0)?(?:;|(?=\}))/g;
  const short = glue
    .replace(assigned, (statement, name, exported) => {
      // Once where it is declared and twice here: nobody reads it.
      if (counts.get(name) > 3 || counts.get(exported) > 1) return statement;
      unused.add(name);
      return "";
    })
    .replace(/(?<=\bvar )_\w+(?:,_\w+){999,}/, (names) => names.split(",").filter((name) => !unused.has(name)).join(","));
  await writeFile(join(workFolder, "pyodide.asm.mjs"), short);
  const used = new Set(Array.from(short.matchAll(/wasmExports(?:\["|\.)(\w+)/g), ([, name]) => name));
  const module = binaryen.readBinary(await readFile(join(pyodideFolder, "pyodide.asm.wasm")));
  for (let index = module.getNumExports() - 1; index >= 0; index -= 1) {
    const { name, kind } = binaryen.getExportInfo(module.getExportByIndex(index));
    const data = kind === binaryen.ExternalFunction || kind === binaryen.ExternalGlobal;
    if (data && !used.has(name)) module.removeExport(name);
  }
  module.runPasses(["remove-unused-module-elements"]);
  await writeFile(join(workFolder, "pyodide.asm.wasm"), module.emitBinary());
}

/**
 * Start Python from the byte-compiled library, let it work, and write its memory to `snapshot.bin`; to
 * `snapshot.json` the length of Pyodide's header, the numbers of the pages that follow it, and how much of the
 * memory the WebAssembly file fills.
 */
async function makeSnapshot() {
  const { modules, requests } = await readJSON(join(workFolder, "warmup.json"));
  const wasm = await readFile(join(baseFolder, "pyodide.asm.wasm"));
  let initial = new Uint8Array();
  const { instantiate } = WebAssembly;
  // @ts-expect-error: only one of its two forms is used
  WebAssembly.instantiate = async (source, imports) => {
    const main = imports !== undefined && "GOT.func" in imports;
    const result = /** @type {any} */ (await instantiate(main ? wasm : source, imports));
    if (main) initial = new Uint8Array(result.instance.exports.memory.buffer).slice();
    return result;
  };
  const pyodide = await loadPyodide({
    ...options,
    createPyodideModule: (await import(pathToFileURL(join(baseFolder, "pyodide.asm.mjs")).href)).default,
    stdLibURL: join(baseFolder, "small.zip"),
    jsglobals: {},
    _makeSnapshot: true,
  });
  pyodide.globals.set("modules", pyodide.toPy(modules));
  pyodide.globals.set("requests", pyodide.toPy(requests));
  pyodide.runPython(`
import functools, gc, importlib, sys, zipimport

for name in modules:
    importlib.import_module(name)
for request in requests:
    sys.modules["generator.bridge"].handle(request)

# Nothing of the warm-up stays, nor what was known of the archive: the restored Python has none.
for object in gc.get_objects():
    if isinstance(object, functools._lru_cache_wrapper) and object.__module__.startswith("generator"):
        object.cache_clear()
del modules, requests, name, request, object
zipimport._zip_directory_cache.clear()
sys.path_importer_cache.clear()
sys._clear_internal_caches()
gc.collect()
`);
  wipeFreeMemory(pyodide._module);
  const snapshot = pyodide.makeMemorySnapshot();
  const header = new Uint32Array(snapshot.buffer)[1];
  const memory = snapshot.subarray(header);
  // What the WebAssembly file brings along is not shipped again: against it, it is all zeros. Nor are
  // pages of zeros.
  initial.forEach((byte, index) => (memory[index] ^= byte));
  const pages = [];
  const parts = [snapshot.subarray(0, header)];
  for (let page = 0; page * PAGE < memory.length; page += 1) {
    const content = memory.subarray(page * PAGE, (page + 1) * PAGE);
    if (content.some((byte) => byte !== 0)) {
      pages.push(page);
      parts.push(content);
    }
  }
  const end = initial.findLastIndex((byte) => byte !== 0) + 1;
  await writeFile(join(workFolder, "snapshot"), parts);
  await writeFile(join(workFolder, "snapshot.json"), JSON.stringify({ header, pages, initial: Math.ceil(end / 4) * 4 }));
  pyodide.mountNodeFS("/work", workFolder);
  pack(pyodide, "snapshot", "snapshot.bin");
  await rm(join(workFolder, "snapshot"));
}

/**
 * Fill the memory that is free with zeros: it holds remains of what was there before.
 *
 * @param {any} module
 */
function wipeFreeMemory(module) {
  const end = () => module.HEAPU32[module._emscripten_get_sbrk_ptr() >>> 2];
  const held = [];
  for (let size = 1 << 20; size >= 8; size >>= 1) {
    // Once the heap has to grow there is no free block of this size left.
    for (let grown = false; !grown; ) {
      const before = end();
      const address = module._malloc(size);
      module.HEAPU8.fill(0, address, address + size);
      held.push(address);
      grown = end() !== before;
    }
  }
  held.forEach((address) => module._free(address));
}
