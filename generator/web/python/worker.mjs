/**
 * The engine's worker: starts Python, then answers one request after another.
 *
 * Strings cross the boundary, nothing else. Messages in: `start` once, then `ask`. Messages out: `loading`
 * while bytes arrive, `ready` or `failed`, then a `reply` to each `ask`. Files are fetched here and
 * compared with the SHA-256 values that the page was built with; Pyodide gets them from us and asks the
 * network for nothing.
 *
 * @typedef {import("../sealed.mjs").File} File
 * @typedef {import("../sealed.mjs").Fault} Fault
 * @typedef {{runtime: string, lock: object, worker: File, loader: File, glue: File, wasm: File,
 *   library: File, configuration: File,
 *   snapshot: File & {header: number, pages: number[], initial: number}}} Manifest
 * @typedef {{type: "start", base: string, manifest: Manifest, cache: RequestCache} | {type: "ask", id: number, request: string}} ToWorker
 * @typedef {{type: "loading"} | {type: "ready"} | {type: "failed", reason: Fault, detail: string}
 *   | {type: "reply", id: number, reply: string}} FromWorker
 */

import { LoadError, checked, cutOff, fetchBytes, importModule, request } from "../sealed.mjs";

/** WebAssembly's unit of memory, in bytes. */
const PAGE = 65_536;

/** An archive without members: its end record. */
const EMPTY_ZIP = new Uint8Array(22);
EMPTY_ZIP.set([0x50, 0x4b, 5, 6]);

/** How files are fetched. @type {import("../sealed.mjs").Options} */
const options = { cache: "default", progress: () => tell({ type: "loading" }) };

/** @type {(request: string) => string} */
let handle;

/** @param {FromWorker} message */
const tell = (message) => self.postMessage(message);

/** @param {unknown} error @param {Fault} otherwise */
function fail(error, otherwise) {
  const reason = error instanceof LoadError ? error.reason : otherwise;
  tell({ type: "failed", reason, detail: String(error) });
}

self.addEventListener("message", async ({ data }) => {
  /** @type {ToWorker} */
  const message = data;
  if (message.type === "start") {
    try {
      options.cache = message.cache;
      handle = await start(message.manifest, message.base);
      cutOff();
      tell({ type: "ready" });
    } catch (error) {
      fail(error, "crashed");
    }
    return;
  }
  try {
    tell({ type: "reply", id: message.id, reply: handle(message.request) });
  } catch (error) {
    // `handle` never raises: Python itself has died and answers no more.
    fail(error, "crashed");
  }
});

/**
 * Start Python, from the memory snapshot if at all possible.
 *
 * @param {Manifest} manifest
 * @param {string} base the URL that the manifest's names are relative to
 * @returns {Promise<(request: string) => string>} the function that answers requests
 */
async function start(manifest, base) {
  const modules = Promise.all([importModule(manifest.loader, base, options), importModule(manifest.glue, base, options)]);
  const wasm = fetchWasm(manifest.wasm, base);
  const snapshot = fetchSnapshot(manifest.snapshot, base);
  for (const promise of [wasm, snapshot, modules]) promise.catch(() => {}); // awaited below, in turn
  try {
    // Python is in the snapshot, with all that our package imports and the site's data: neither is fetched.
    return await boot(manifest, base, modules, wasm, EMPTY_ZIP, snapshot);
  } catch (error) {
    // The snapshot interface is young. Whatever is wrong with it, there is a slower way to the same place;
    // and if it was another file that failed, it fails here again.
    console.warn(`Python starts without its snapshot. ${error}`);
    const configuration = fetchBytes(manifest.configuration, base, options);
    configuration.catch(() => {}); // awaited below
    const answer = await boot(manifest, base, modules, wasm, fetchBytes(manifest.library, base, options));
    const reply = JSON.parse(answer(new TextDecoder().decode(await configuration)));
    if (reply.type !== "configured") throw new LoadError("damaged", reply.message);
    return answer;
  }
}

/**
 * @param {Manifest} manifest
 * @param {string} base
 * @param {Promise<[{loadPyodide: Function}, {default: Function}]>} modules
 * @param {Promise<WebAssembly.Module>} wasm
 * @param {Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>} library
 * @param {Promise<Uint8Array<ArrayBuffer>>} [snapshot] the packed pages of one
 */
async function boot(manifest, base, modules, wasm, library, snapshot) {
  // Pyodide looks at no more than its length before the WebAssembly is there: so it prepares itself meanwhile.
  const image = snapshot && new Uint8Array(imageLength(manifest.snapshot));
  const [{ loadPyodide }, { default: createPyodideModule }] = await modules;
  const indexURL = new URL(manifest.runtime, base).href;
  const stdLibURL = new URL(manifest.library.url, base).href;
  // Pyodide asks for two files by these means; both are on their way already.
  self.fetch = async (url) => new Response(String(url) === stdLibURL ? await library : null);
  const instantiated = new Promise((resolve, reject) => {
    WebAssembly.instantiateStreaming = async (_, imports) => {
      try {
        const [module, packed] = await Promise.all([wasm, snapshot]);
        const instance = await WebAssembly.instantiate(module, imports);
        if (image && packed) {
          spread(packed, manifest.snapshot, image);
          complete(image, manifest.snapshot, /** @type {WebAssembly.Memory} */ (instance.exports.memory));
        }
        resolve(instance);
        return { module, instance };
      } catch (error) {
        reject(error);
        throw error;
      }
    };
  });
  const loading = loadPyodide({
    indexURL,
    packageBaseUrl: indexURL,
    stdLibURL,
    lockFileContents: manifest.lock,
    createPyodideModule,
    // Python sees nothing of JavaScript: no `fetch`, no `self` (see also cutOff).
    jsglobals: {},
    env: { PYTHONHASHSEED: "0" },
    _loadSnapshot: image,
  });
  loading.catch(() => {}); // awaited after what may have caused it
  // loadPyodide never settles when a file of its own fails, so the files are awaited beside it.
  await Promise.all([library, instantiated]);
  const pyodide = await loading;
  const answer = pyodide.pyimport("generator.bridge").handle;
  for (const name of ["js", "pyodide_js"]) pyodide.unregisterJsModule(name);
  const imported = pyodide.pyimport("sys").modules;
  for (const name of ["js", "pyodide_js", "pyodide_js._api"]) imported.pop(name, null);
  // A snapshot would hold the state that random numbers come from.
  if (imported.has("random")) imported.get("random").seed();
  JSON.parse(answer("{}")); // proves that Python works before anyone relies on it
  return answer;
}

/** @param {Manifest["snapshot"]} file */
const imageLength = ({ header, pages }) => header + PAGE * (pages[pages.length - 1] + 1);

/**
 * Spread the pages of a snapshot over the memory that they come from (see makeSnapshot in generator/pages/image/snapshot.mjs).
 *
 * @param {Uint8Array<ArrayBuffer>} packed the snapshot's header and those of its pages that are not all zeros
 * @param {Manifest["snapshot"]} file
 * @param {Uint8Array<ArrayBuffer>} image where to put them
 */
function spread(packed, { header, pages }, image) {
  image.set(packed.subarray(0, header));
  pages.forEach((page, index) => {
    const start = header + PAGE * index;
    image.set(packed.subarray(start, start + PAGE), header + PAGE * page);
  });
}

/**
 * Add what the WebAssembly file has put into memory: the snapshot is stored without it.
 *
 * @param {Uint8Array<ArrayBuffer>} image @param {Manifest["snapshot"]} file @param {WebAssembly.Memory} memory
 */
function complete(image, { header, initial }, memory) {
  const missing = image.length - header - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  const from = new Uint32Array(memory.buffer, 0, initial / 4);
  const to = new Uint32Array(image.buffer, header, initial / 4);
  for (let index = 0; index < from.length; index += 1) to[index] ^= from[index];
}

/**
 * Fetch a packed file and unpack it while it arrives.
 *
 * @param {File} file @param {string} base
 * @returns {Promise<[Response, Promise<unknown>]>} its content, not to be used before the promise beside it is
 *   kept: that these are the bytes that the page was built with
 */
async function fetchPacked(file, base) {
  const response = await request(file, base, options);
  // The service worker has checked and unpacked it. From such a response a browser keeps what it compiles.
  if (response.headers.has("x-unpacked")) return [response, Promise.resolve()];
  const [toCheck, toUnpack] = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body).tee();
  const unpacked = toUnpack.pipeThrough(new DecompressionStream("gzip"));
  const headers = { "content-type": "application/wasm" };
  return [new Response(unpacked, { headers }), checked(toCheck, file, options)];
}

/** @param {File} file @param {string} base */
async function fetchSnapshot(file, base) {
  const [content, verified] = await fetchPacked(file, base);
  const unpacked = content.arrayBuffer();
  unpacked.catch(() => {}); // reported below, after what may have caused it
  await verified;
  return new Uint8Array(await unpacked);
}

/**
 * Compile the WebAssembly while it arrives; where a server names it wrongly, once it is there.
 *
 * @param {File} file @param {string} base
 * @returns {Promise<WebAssembly.Module>}
 */
async function fetchWasm(file, base) {
  const [content, verified] = await fetchPacked(file, base);
  const compiled = WebAssembly.compileStreaming(content);
  compiled.catch(() => {}); // reported below, after what may have caused it
  await verified;
  try {
    return await compiled;
  } catch (error) {
    // The bytes are right, so it is the browser that will not have them: too old, or told not to.
    const reason = /content.security|CSP|unsafe-eval/i.test(String(error)) ? "blocked" : "unsupported";
    throw new LoadError(reason, `${file.url}: ${error}`);
  }
}
