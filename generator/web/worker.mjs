/**
 * The engine's worker: starts Python, then answers one request after another.
 *
 * Strings cross the boundary, nothing else. Messages in: `start` once, then `ask`. Messages out: `loading`
 * whenever bytes arrive, `ready` or `failed`, then a `reply` to each `ask`. Files are fetched here and
 * compared with the SHA-256 values that the page was built with; Pyodide gets them from us and asks the
 * network for nothing.
 *
 * @typedef {{url: string, sha256: string, bytes: number}} File
 * @typedef {{runtime: string, lock: object, worker: File, loader: File, glue: File, wasm: File,
 *   library: File}} Manifest
 * @typedef {"missing" | "blocked" | "damaged" | "unsupported" | "crashed"} Fault
 * @typedef {{type: "start", base: string, manifest: Manifest} | {type: "ask", id: number, request: string}} ToWorker
 * @typedef {{type: "loading"} | {type: "ready"} | {type: "failed", reason: Fault, detail: string}
 *   | {type: "reply", id: number, reply: string}} FromWorker
 */

/** A reason for not starting that a page can put into words. */
class LoadError extends Error {
  /** @param {Fault} reason @param {string} detail */
  constructor(reason, detail) {
    super(detail);
    this.reason = reason;
  }
}

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
 * Start Python.
 *
 * @param {Manifest} manifest
 * @param {string} base the URL that the manifest's names are relative to
 * @returns {Promise<(request: string) => string>} the function that answers requests
 */
async function start(manifest, base) {
  const wasm = fetchWasm(manifest.wasm, base);
  const library = fetchBytes(manifest.library, base);
  const runtime = new URL(manifest.runtime, base).href;
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all([
    importModule(manifest.loader, base),
    importModule(manifest.glue, base),
  ]);

  // Pyodide asks for two files by these means; both are on their way already.
  const stdLibURL = new URL(manifest.library.url, base).href;
  self.fetch = async (url) => new Response(String(url) === stdLibURL ? await library : null);
  const instantiated = new Promise((resolve, reject) => {
    WebAssembly.instantiateStreaming = async (_, imports) => {
      try {
        const module = await wasm;
        const instance = await WebAssembly.instantiate(module, imports);
        resolve(instance);
        return { module, instance };
      } catch (error) {
        reject(error);
        throw error;
      }
    };
  });
  const loading = loadPyodide({
    indexURL: runtime,
    packageBaseUrl: runtime,
    stdLibURL,
    lockFileContents: manifest.lock,
    createPyodideModule,
    // Python sees nothing of JavaScript: no `fetch`, no `self` (see also cutOff).
    jsglobals: {},
    env: { PYTHONHASHSEED: "0" },
  });
  // loadPyodide never settles when a file of its own fails, so the files are awaited beside it.
  await Promise.all([library, instantiated]);
  const pyodide = await loading;
  const answer = pyodide.pyimport("generator.bridge").handle;
  for (const name of ["js", "pyodide_js"]) pyodide.unregisterJsModule(name);
  return answer;
}

/** Take the means to reach a network away from this worker: from here on it computes, and that is all. */
function cutOff() {
  const names = "fetch XMLHttpRequest WebSocket WebSocketStream WebTransport EventSource Worker importScripts caches indexedDB";
  for (const name of names.split(" ")) {
    for (let owner = self; owner; owner = Object.getPrototypeOf(owner)) {
      Reflect.deleteProperty(owner, name);
    }
  }
}

/** @param {File} file @param {string} base */
async function importModule(file, base) {
  try {
    return await import(new URL(file.url, base).href);
  } catch (error) {
    // The network's faults are TypeErrors here; a cut file does not parse.
    throw new LoadError(error instanceof SyntaxError ? "damaged" : "missing", `${file.url}: ${error}`);
  }
}

/** @param {File} file @param {string} base */
async function request(file, base) {
  const response = await fetch(new URL(file.url, base)).catch((error) => {
    throw new LoadError("missing", `${file.url}: ${error}`);
  });
  if (response.status === 404 || response.status === 410) {
    throw new LoadError("missing", `${file.url}: status ${response.status}`);
  }
  // Filters in schools and companies answer with a page of their own.
  if (!response.ok || response.headers.get("content-type")?.startsWith("text/html")) {
    throw new LoadError("blocked", `${file.url}: status ${response.status}`);
  }
  return response;
}

/** @param {File} file @param {string} base */
async function fetchBytes(file, base) {
  return checked(await request(file, base), file);
}

/**
 * Compile the WebAssembly while it arrives; where a server names it wrongly, once it is there.
 *
 * @param {File} file @param {string} base
 * @returns {Promise<WebAssembly.Module>}
 */
async function fetchWasm(file, base) {
  const response = await request(file, base);
  const streams = response.headers.get("content-type") === "application/wasm";
  const verified = checked(response.clone(), file);
  const compiled = streams ? WebAssembly.compileStreaming(response) : verified.then(WebAssembly.compile);
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

/**
 * Read a response to its end and return its bytes if they are those that the page was built with.
 *
 * @param {Response} response @param {File} file
 */
async function checked(response, file) {
  const bytes = new Uint8Array(file.bytes);
  let length = 0;
  try {
    const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      tell({ type: "loading" });
      if (length + chunk.value.length <= bytes.length) bytes.set(chunk.value, length);
      length += chunk.value.length;
    }
  } catch (error) {
    throw new LoadError("missing", `${file.url}: ${error}`);
  }
  if (length !== file.bytes || (await sha256(bytes)) !== file.sha256) {
    throw new LoadError("damaged", `${file.url}: not the file that this page was built with`);
  }
  return bytes;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
