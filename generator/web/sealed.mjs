/**
 * Files that are what the page was built with, or are not used; and an end to the network.
 *
 * Both workers need this before anything else. An import would cost them a round trip more, and a worker that is made
 * from a blob has no address to import from: so the build writes this file into theirs, in the place of the import.
 *
 * @typedef {{url: string, sha256: string, bytes: number}} File
 * @typedef {"missing" | "blocked" | "damaged" | "unsupported" | "crashed"} Fault
 * @typedef {object} Options
 * @property {RequestCache} [cache] whether the browser's cache is trusted: it may hold what was wrong with the try before
 * @property {AbortSignal} [signal] ends it
 * @property {() => void} [progress] called now and then while bytes arrive
 */

/** What code can reach a network or the disk by. */
const NETWORK = [
  "fetch",
  "XMLHttpRequest",
  "WebSocket",
  "WebSocketStream",
  "WebTransport",
  "EventSource",
  "Worker",
  "importScripts",
  "caches",
  "indexedDB",
];

/** The network, for as long as there is one; a worker may put something else in the place of `fetch`. */
const network = globalThis.fetch.bind(globalThis);

/** A reason for not starting that a page can put into words. */
export class LoadError extends Error {
  /** @param {Fault} reason @param {string} detail */
  constructor(reason, detail) {
    super(detail);
    this.reason = reason;
  }
}

/**
 * Ask for a file; what it holds is not checked yet.
 *
 * @param {File} file @param {string} base the URL that its name is relative to @param {Options} [options]
 */
export async function request(file, base, { cache, signal } = {}) {
  const response = await network(new URL(file.url, base), { cache, signal }).catch((error) => {
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

/**
 * Read a stream to its end and return its bytes if they are those that the page was built with.
 *
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream @param {File} file @param {Options} [options]
 */
export async function checked(stream, file, { progress } = {}) {
  const bytes = new Uint8Array(file.bytes);
  let length = 0;
  try {
    const reader = stream.getReader();
    let told = 0;
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      if (Date.now() - told > 1_000) {
        told = Date.now();
        progress?.();
      }
      if (length + chunk.value.length <= bytes.length) bytes.set(chunk.value, length);
      length += chunk.value.length;
    }
  } catch (error) {
    throw new LoadError("missing", `${file.url}: ${error}`);
  }
  // Of what is too long only the beginning was kept, and that might be the right file.
  if (length !== file.bytes) throw damaged(file);
  await verify(bytes, file);
  return bytes;
}

/**
 * Fetch a file and return its bytes if they are those that the page was built with.
 *
 * @param {File} file @param {string} base @param {Options} [options]
 */
export async function fetchBytes(file, base, options) {
  const { body } = await request(file, base, options);
  return checked(/** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (body), file, options);
}

/**
 * Import a module that is what the page was built with.
 *
 * @param {File} file @param {string} base @param {Options} [options]
 */
export async function importModule(file, base, options) {
  // An import can neither be checked nor told to go round the browser's cache. So the file is fetched and checked
  // before, and the import gets what lies in the cache since.
  await fetchBytes(file, base, options);
  try {
    return await import(new URL(file.url, base).href);
  } catch (error) {
    // The network's faults are TypeErrors here; a cut file does not parse.
    throw new LoadError(error instanceof SyntaxError ? "damaged" : "missing", `${file.url}: ${error}`);
  }
}

/** Take the means to reach a network away from a worker: from here on it computes, and that is all. */
export function cutOff() {
  for (const name of NETWORK) {
    for (let owner = globalThis; owner; owner = Object.getPrototypeOf(owner)) {
      Reflect.deleteProperty(owner, name);
    }
  }
}

/**
 * See that bytes are those that the page was built with.
 *
 * @param {BufferSource} bytes @param {File} file
 */
export async function verify(bytes, file) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== file.sha256) throw damaged(file);
}

/** @param {File} file */
const damaged = ({ url }) => new LoadError("damaged", `${url}: not the file that this page was built with`);
