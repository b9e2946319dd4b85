/**
 * Turns Python sources into what the browser loads, with Pyodide's own Python, run by Node.
 *
 *     node engine.mjs <folder of the npm package pyodide> <folder of pyodide-build> <work folder>
 *
 * Expects `library.zip` (sources) and `lock.json` in the work folder and byte-compiles the archive in
 * place. The host's Python cannot do it: Pyodide refuses the byte code of any other version.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// Node would quote the line of the fault, and Pyodide's one line is a megabyte long.
process.on("uncaughtException", (error) => {
  console.error(error.message);
  process.exit(1);
});

const [pyodideFolder, compilerFolder, workFolder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(pyodideFolder, "pyodide.mjs")).href);

const pyodide = await loadPyodide({
  lockFileContents: JSON.parse(await readFile(join(workFolder, "lock.json"), "utf8")),
  // Byte code compiled under -OO carries neither docstrings nor assertions: less to load and to keep.
  args: ["-OO"],
  // With SOURCE_DATE_EPOCH (here 1980, the first date of a zip), py_compile stores hashes, not dates.
  env: { PYTHONHASHSEED: "0", SOURCE_DATE_EPOCH: "315532800" },
});
pyodide.mountNodeFS("/compiler", compilerFolder);
pyodide.mountNodeFS("/work", workFolder);
pyodide.runPython(`
import sys
sys.path.append("/compiler")

from pathlib import Path
from pyodide_build._py_compile import _py_compile_archive

_py_compile_archive(Path("/work/library.zip"), verbose=False)
`);
