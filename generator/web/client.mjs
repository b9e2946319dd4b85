/**
 * One engine for all elements of all pages of a visit: it outlives the pages that instant navigation swaps.
 */

import { Engine } from "./engine.mjs";

/** @typedef {import("./worker.mjs").Manifest} Manifest */
/**
 * @typedef {object} Asker something that wants answers
 * @property {() => Promise<void>} ask called when its turn has come; puts what holds by then to {@link request}
 */

/** @type {Engine | null} */
let engine = null;
const waiting = /** @type {Set<Asker>} */ (new Set());
let answering = false;

/**
 * Make the engine, unless it is there already.
 *
 * @param {Manifest | null} manifest what the page was built with; null if it was built without an engine
 * @param {() => void} changed called whenever the engine's state changes
 * @param {AbortSignal} signal ends the calls
 */
export function connect(manifest, changed, signal) {
  if (!manifest) return;
  engine ??= new Engine(manifest, new URL("../../engine/", import.meta.url));
  engine.addEventListener("change", changed, { signal });
}

/** @returns {import("./engine.mjs").State} */
export function state() {
  return engine?.state ?? "failed";
}

/** Why the engine failed. */
export function reason() {
  return engine?.reason || "unsupported";
}

export function start() {
  engine?.start();
}

export function retry() {
  engine?.retry();
}

/**
 * Put an asker into the queue. The engine takes one request at a time, and a newer one of the same asker makes
 * the older one pointless: so each is asked for its request only when its turn has come.
 *
 * @param {Asker} asker
 */
export async function queue(asker) {
  if (!engine) return;
  waiting.add(asker);
  if (answering) return;
  answering = true;
  try {
    for (const next of waiting) {
      waiting.delete(next);
      await next.ask();
    }
  } finally {
    answering = false;
  }
}

/** @param {Asker} asker */
export function leave(asker) {
  waiting.delete(asker);
}

/**
 * Ask Python. Only for use in an asker's `ask`.
 *
 * @param {object} request see generator/bridge.py
 * @returns {Promise<any>} its reply, or null
 */
export async function request(request) {
  const reply = await engine?.ask(request);
  if (reply?.type === "error") {
    // A fault of our own. It is told like any other, and what is typed stays.
    engine?.fail("crashed", `${reply.name}: ${reply.message}`);
    return null;
  }
  return reply ?? null;
}
