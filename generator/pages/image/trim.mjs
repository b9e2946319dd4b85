import binaryen from "binaryen";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Take out of Pyodide what is there for extension modules, none of which is ever loaded: all functions and
 * variables of Python are exported, 8,560 of them, and each start gives most of them a name in JavaScript.
 *
 * @param {string} pyodideFolder @param {string} workFolder where what is left is written
 */
export async function trim(pyodideFolder, workFolder) {
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
