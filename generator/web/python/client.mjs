/**
 * One engine for all elements of all pages of a visit: it outlives the pages that instant navigation swaps.
 */

import { isOurs, renew } from "./build.mjs";
import { Supervisor } from "./supervisor.mjs";

/** @typedef {import("./supervisor.mjs").Manifest} Manifest */
/** @typedef {["text" | "filled" | "missing", string, string]} Segment kind, text, key of the field */
/** @typedef {"subject" | "body"} Part */
/** @typedef {{ subject: string, body: string }} Message */
/**
 * @typedef {object} Finding
 * @property {string} rule
 * @property {"blocks" | "warns" | "tells" | "good"} level
 * @property {string} message
 * @property {"" | Part} part
 * @property {number} start
 * @property {number} end
 * @property {string | null} mend what to put in place of the words
 * @property {string} why
 * @property {{ name: string, url: string } | null} source
 */
/** @typedef {{ url: string, length: number, limit: number, without_to: boolean }} Link */
/**
 * @typedef {object} Draft what Python made of a template and the typed values: see generator/bridge.py
 * @property {"draft"} type
 * @property {string} subject
 * @property {string} body
 * @property {string} html
 * @property {string[]} missing the keys of fields
 * @property {Record<Part, Segment[]>} segments
 * @property {{ count: number, most: number } | null} characters of a note that goes into a site's own box
 * @property {{ field: string, count: number }[]} removed
 * @property {Finding[]} findings
 * @property {Record<string, Link>} links
 * @property {string} address what is wrong with the address
 * @property {(Message & { missing: string[], mail: string })[]} others the emails to the other people
 * @property {{ other: number, percent: number, parts: [string, boolean][][] }[]} alike
 */

/** @typedef {{ type: "read", subject: string, body: string, text: string, to: string }} Read a pasted email, taken apart */

/** How long, in milliseconds, until all is kept for a visit without a network: the first words come first. */
const KEEP_AFTER = 3_000;

const BASE = new URL("../../../engine/", import.meta.url);

/** @type {Supervisor | null} */
let engine = null;
let kept = false;

/**
 * Make the engine, unless it is there already.
 *
 * @param {Manifest | null} manifest what the page was built with; null if it was built without an engine
 * @param {() => void} changed called whenever the engine's state changes
 * @param {AbortSignal} signal ends the calls
 */
export function connect(manifest, changed, signal) {
  if (!manifest) return;
  if (!engine) {
    engine = new Supervisor(manifest, BASE);
    engine.addEventListener("change", () => keep(manifest));
  }
  for (const kind of ["change", "late"]) engine.addEventListener(kind, changed, { signal });
  // Navigation without a load has put a page of another build among the scripts of this one.
  if (!isOurs(manifest)) void renew(manifest).then(() => engine?.fail("renewed"));
}

/**
 * Have the service worker installed, once Python has worked for a while.
 *
 * @param {Manifest} manifest
 */
function keep({ offline, wasm }) {
  const { serviceWorker } = navigator;
  if (kept || !offline || !serviceWorker || state() !== "ready") return;
  kept = true;
  // A browser may keep what it compiles for the next visit, but only of a file as it is, and the service worker alone
  // has ours unpacked. Where code is kept it costs little: the same code is running.
  const compile = () => WebAssembly.compileStreaming(fetch(new URL(wasm.url, BASE))).catch(() => {});
  serviceWorker.addEventListener("controllerchange", compile, { once: true });
  // A browser or a person may well forbid it; all else works without.
  setTimeout(() => serviceWorker.register(new URL(offline, BASE)).catch(() => {}), KEEP_AFTER);
}

/** @returns {import("./supervisor.mjs").State} */
export function state() {
  return engine?.state ?? "failed";
}

/** Why the engine failed. */
export function reason() {
  return engine?.reason || "unsupported";
}

/** Whether an answer is taking long. */
export function late() {
  return engine?.late ?? false;
}

export function start() {
  engine?.start();
}

/** Start on a page that is made for writing, without standing in anybody's way. @param {AbortSignal} signal takes it back */
export function startEarly(signal) {
  const connection = /** @type {{ saveData?: boolean } | undefined} */ (Reflect.get(navigator, "connection"));
  if (connection?.saveData) return;
  const begin = () => {
    if (!signal.aborted) start();
  };
  // What a service worker has comes from the device and takes nothing from the page's own files.
  if (navigator.serviceWorker?.controller) begin();
  else if ("requestIdleCallback" in window) window.requestIdleCallback(begin);
  else setTimeout(begin, 200);
}

export function retry() {
  engine?.retry();
}

/**
 * Ask Python. It takes one request at a time, so a request is made when its turn has come, of what holds by then.
 *
 * @param {import("./supervisor.mjs").Make} make see generator/bridge.py for what may be asked
 * @param {object} [asker] who asks: a newer request of the same one makes an older one pointless
 * @returns {Promise<any>} the reply; null if it is not wanted any more
 */
export async function ask(make, asker = {}) {
  const reply = await engine?.ask(make, asker);
  if (reply?.type === "error") {
    // A fault of our own. It is told like any other, and what is typed stays.
    void engine?.fail("crashed", `${reply.name}: ${reply.message}`);
    return null;
  }
  return reply ?? null;
}

/** Give up what somebody asked. @param {object} asker */
export function leave(asker) {
  engine?.leave(asker);
}
