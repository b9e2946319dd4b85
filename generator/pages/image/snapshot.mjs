import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** WebAssembly's unit of memory, in bytes. */
const PAGE = 65_536;

/**
 * Start Python from the byte-compiled library, let it work, and write its memory to `snapshot`; to
 * `snapshot.json` the length of Pyodide's header, the numbers of the pages that follow it, and how much of the
 * memory the WebAssembly file fills.
 *
 * @param {Function} loadPyodide @param {object} options @param {string} baseFolder @param {string} workFolder
 * @returns {Promise<any>} the Python that did it
 */
export async function makeSnapshot(loadPyodide, options, baseFolder, workFolder) {
  const { modules, requests } = JSON.parse(await readFile(join(workFolder, "warmup.json"), "utf8"));
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
  return pyodide;
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
