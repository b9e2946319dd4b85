/**
 * The proofreader's worker: loads the grammar checker Harper, then checks one email after another.
 *
 * It follows the protocol of the engine's worker (see python/worker.mjs), so the page drives both in the same way
 * (see supervisor.mjs). A request is `{texts}`, texts by name; the reply holds the remarks on each by the same name.
 *
 * @typedef {import("../sealed.mjs").File} File
 * @typedef {{worker: File, glue: File, wasm: File}} Manifest
 * @typedef {object} Remark
 * @property {string} kind Harper's name for what is wrong, such as "Spelling"
 * @property {number} start in UTF-16 units, like `end`
 * @property {number} end
 * @property {string} message
 * @property {string | null} mend what to put in place of the words
 */

import { LoadError, cutOff, fetchBytes, importModule } from "../sealed.mjs";

/** @type {any} Harper's own module */
let harper;
/** @type {any} */
let linter;
/** @type {any} knows the other spellings; made when the first word is in doubt */
let british;
/** @type {(dialect: number) => Promise<any>} */
let makeLinter;

/** How files are fetched. @type {import("../sealed.mjs").Options} */
const options = { cache: "default", progress: () => tell({ type: "loading" }) };

/** @param {import("../python/worker.mjs").FromWorker} message */
const tell = (message) => self.postMessage(message);

self.addEventListener("message", async ({ data }) => {
  try {
    if (data.type === "start") {
      options.cache = data.cache;
      await start(data.manifest, data.base);
      tell({ type: "ready" });
    } else {
      const texts = /** @type {[string, string][]} */ (Object.entries(JSON.parse(data.request).texts));
      const remarks = [];
      for (const [name, text] of texts) remarks.push([name, await check(text)]);
      tell({ type: "reply", id: data.id, reply: JSON.stringify(Object.fromEntries(remarks)) });
    }
  } catch (error) {
    tell({ type: "failed", reason: error instanceof LoadError ? error.reason : "crashed", detail: String(error) });
  }
});

/** @param {Manifest} manifest @param {string} base the URL that the manifest's names are relative to */
async function start(manifest, base) {
  const wasm = await fetchBytes(manifest.wasm, base, options);
  harper = await importModule(manifest.glue, base, options);
  tell({ type: "loading" });
  // Harper asks for its file by an address. It gets what was checked, and from here on nothing reaches a network.
  cutOff();
  const unpacked = new Blob([wasm]).stream().pipeThrough(new DecompressionStream("gzip"));
  self.fetch = async () => new Response(unpacked, { headers: { "content-type": "application/wasm" } });
  const binary = harper.BinaryModuleImpl.create(new URL(manifest.wasm.url, base), "slim");
  await binary.setup();
  tell({ type: "loading" });
  makeLinter = (dialect) => binary.createLinter(dialect);
  linter = await makeLinter(harper.Dialect.American);
}

/** @param {string} text @returns {Promise<Remark[]>} */
async function check(text) {
  const remarks = [];
  for (const lint of run(linter, text)) {
    const words = lint.get_problem_text();
    if (lint.lint_kind() === "Spelling" && (await isBritish(words))) continue;
    const { start, end } = lint.span();
    remarks.push({ kind: lint.lint_kind(), start, end, message: lint.message(), mend: mend(words, lint.suggestions()[0]) });
  }
  return remarks;
}

/** @param {any} linter @param {string} text @returns {any[]} */
const run = (linter, text) => linter.lint(text, harper.Language.Plain, false, undefined, true, false);

/** Whether a word is right outside America: nobody is told to write "color". @param {string} word */
async function isBritish(word) {
  british ??= await makeLinter(harper.Dialect.British);
  return !run(british, word).some((lint) => lint.lint_kind() === "Spelling");
}

/** @param {string} words @param {any} suggestion @returns {string | null} */
function mend(words, suggestion) {
  if (!suggestion) return null;
  const { Remove, InsertAfter } = harper.SuggestionKind;
  if (suggestion.kind() === Remove) return "";
  const text = suggestion.get_replacement_text();
  return suggestion.kind() === InsertAfter ? words + text : text;
}
