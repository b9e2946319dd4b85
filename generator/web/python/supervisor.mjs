/**
 * The page's side of the engine: starts the worker, watches it, and asks it one thing at a time.
 *
 * The page owns all state. A worker is thrown away as soon as it is in doubt, and the newest request is
 * asked again of the next one.
 *
 * @typedef {import("./worker.mjs").Manifest & {kit: string, offline?: string, proofread?: import("../proofreader/worker.mjs").Manifest}} Manifest
 * @typedef {import("./worker.mjs").FromWorker} FromWorker
 * @typedef {"idle" | "loading" | "ready" | "failed"} State
 * @typedef {"" | "unsupported" | "missing" | "blocked" | "damaged" | "slow" | "crashed" | "renewed"} Reason
 * @typedef {{id: number, text: string, resolve: (reply: object | null) => void}} Request
 */

import { isOutdated, reload } from "./build.mjs";

/** How long, in milliseconds, loading may go without any progress: Pyodide does not report its own faults. */
const LOADING_LIMIT = 14_000;
/** How long, in milliseconds, one answer may take. */
const ANSWER_LIMIT = 5_000;
/** After how many milliseconds without an answer a person is told that it takes longer. */
const LATE = 2_000;
/** How often a worker that died at work is replaced before a person is told. */
const RESTARTS = 2;
/** What may be wrong when the files that this page names are no longer published. */
const GONE = new Set(["missing", "blocked", "damaged"]);

/** What answers from a worker: Python, or the proofreader. Dispatches `change` whenever `state` changes, `late` whenever `late` does. */
export class Engine extends EventTarget {
  /** @type {Manifest} */ #manifest;
  /** @type {string} */ #base;
  /** @type {State} */ #state = "idle";
  /** @type {Reason} */ #reason = "";
  /** @type {Worker | null} */ #worker = null;
  /** @type {Request | null} */ #newest = null;
  /** The id of the request that the worker is busy with, or 0. */
  #asked = 0;
  #ids = 0;
  #limits;
  #restarts = 0;
  /** Whether files are asked of the site itself: a cache may hold what was wrong with them. @type {"default" | "reload"} */
  #cache = "default";
  /** The worker's own file, once it is known to be the one that the page was built with. @type {string | null} */
  #code = null;
  /** Ends what loading waits for. */
  #trying = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #waiting;
  #late = false;

  /**
   * @param {object} manifest what the page was built with, see build_engine in generator/pages/image
   * @param {string | URL} base the URL of the folder assets/engine/
   * @param {{loading: number, answer: number}} limits in milliseconds: without progress in loading, and for one answer
   */
  constructor(manifest, base, limits = { loading: LOADING_LIMIT, answer: ANSWER_LIMIT }) {
    super();
    this.#limits = limits;
    this.#manifest = /** @type {Manifest} */ (manifest);
    this.#base = String(base);
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /** Why the state is `failed`. @returns {Reason} */
  get reason() {
    return this.#reason;
  }

  /** Whether an answer is taking long. */
  get late() {
    return this.#late;
  }

  /** Start the engine, unless it was started before. */
  start() {
    if (this.#state === "idle") void this.#load();
  }

  /** Start again after a failure. */
  retry() {
    if (this.#state !== "failed") return;
    if (this.#reason === "renewed") {
      void reload();
      return;
    }
    this.#restarts = 0;
    this.#cache = "reload";
    this.#code = null;
    void this.#load();
  }

  /**
   * Ask the engine; it is started if need be.
   *
   * @param {object} request for `handle` in generator/bridge.py
   * @returns {Promise<any>} its reply; null once a newer request has taken this one's place. While the
   *   engine has failed the request waits: a retry answers it.
   */
  ask(request) {
    this.#newest?.resolve(null);
    return new Promise((resolve) => {
      this.#newest = { id: ++this.#ids, text: JSON.stringify(request), resolve };
      this.start();
      this.#next();
    });
  }

  /** Send the newest request, if the worker is free for it. */
  #next() {
    if (this.#state !== "ready" || this.#asked || !this.#newest) return;
    const { id, text } = this.#newest;
    this.#asked = id;
    this.#worker?.postMessage({ type: "ask", id, request: text });
    this.#watch(this.#limits.answer, () => this.#restart());
    this.#waiting = setTimeout(() => this.#setLate(true), LATE);
  }

  get #url() {
    return new URL(this.#manifest.worker.url, this.#base).href;
  }

  async #load() {
    this.#trying = new AbortController();
    const { signal } = this.#trying;
    this.#become("loading");
    this.#watch(this.#limits.loading, () => this.fail("slow"));
    if (!("WebAssembly" in self && "DecompressionStream" in self)) return this.fail("unsupported");
    this.#code ??= await this.#fetchCode(signal);
    if (signal.aborted || !this.#code) return;
    let modules = false;
    try {
      this.#worker = new Worker(this.#guarded(this.#code), {
        // Read only by browsers that know module workers.
        get type() {
          modules = true;
          return /** @type {const} */ ("module");
        },
      });
    } catch {
      return this.fail(typeof Worker === "undefined" ? "unsupported" : "blocked");
    }
    if (!modules) return this.fail("unsupported");
    this.#worker.onmessage = ({ data }) => this.#hear(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      if (this.#state === "loading") this.fail("missing");
      else this.#restart();
    };
    this.#worker.postMessage({ type: "start", base: this.#base, manifest: this.#manifest, cache: this.#cache });
  }

  /** @param {FromWorker} message */
  #hear(message) {
    if (message.type === "loading") {
      this.#watch(this.#limits.loading, () => this.fail("slow"));
    } else if (message.type === "ready") {
      this.#watch(0);
      this.#cache = "default";
      this.#become("ready");
      this.#next();
    } else if (message.type === "failed") {
      if (this.#state === "loading") this.fail(message.reason, message.detail);
      else this.#restart(message.detail);
    } else if (message.id === this.#asked) {
      this.#asked = 0;
      this.#setLate(false);
      this.#restarts = 0;
      this.#watch(0);
      if (this.#newest?.id === message.id) {
        this.#newest.resolve(JSON.parse(message.reply));
        this.#newest = null;
      }
      this.#next();
    }
  }

  /** Replace a worker that has died or hangs. @param {string} [detail] */
  #restart(detail) {
    if (this.#restarts === RESTARTS) return this.fail("crashed", detail);
    this.#restarts += 1;
    this.#stop();
    void this.#load();
  }

  /** Stop, and say so. @param {Reason} reason @param {string} [detail] for the console */
  async fail(reason, detail) {
    if (detail) console.warn(`The engine stopped (${reason}). ${detail}`);
    this.#stop();
    this.#reason = GONE.has(reason) && (await isOutdated()) ? "renewed" : reason;
    this.#become("failed");
  }

  #stop() {
    this.#watch(0);
    this.#setLate(false);
    this.#trying.abort();
    this.#worker?.terminate();
    this.#worker = null;
    this.#asked = 0;
  }

  /** @param {boolean} late */
  #setLate(late) {
    clearTimeout(this.#waiting);
    if (late === this.#late) return;
    this.#late = late;
    this.dispatchEvent(new Event("late"));
  }

  /** @param {State} state */
  #become(state) {
    if (state !== "failed") this.#reason = "";
    this.#state = state;
    this.dispatchEvent(new Event("change"));
  }

  /** Run `late` after `limit` milliseconds unless called again before; 0 watches nothing. @param {number} limit @param {() => void} [late] */
  #watch(limit, late) {
    clearTimeout(this.#timer);
    if (late) this.#timer = setTimeout(late, limit);
  }

  /**
   * Fetch the worker's file and see that it is the one that the page was built with.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<string | null>} null when it is not, or not there; why has been said then
   */
  async #fetchCode(signal) {
    try {
      const response = await fetch(this.#url, { cache: this.#cache, signal });
      const { ok, status, headers } = response;
      if (status === 404 || status === 410) throw new Error(`status ${status}`);
      if (!ok || headers.get("content-type")?.startsWith("text/html")) {
        void this.fail("blocked", `${this.#url}: status ${status}`);
        return null;
      }
      const code = await response.arrayBuffer();
      if ((await sha256(code)) === this.#manifest.worker.sha256) return new TextDecoder().decode(code);
      if (!signal.aborted) void this.fail("damaged", `${this.#url}: not the file that this page was built with`);
    } catch (error) {
      if (!signal.aborted) void this.fail("missing", `${this.#url}: ${error}`);
    }
    return null;
  }

  /**
   * Return the URL to make the worker from.
   *
   * A page's policy in a meta element does not reach a worker that is loaded from a URL, but a blob worker
   * inherits it. Once our service worker controls the page it adds a policy to the worker's own response, and a
   * blob worker would (in Firefox) go round the service worker and not start offline.
   *
   * @param {string} code what the file holds; the service worker has it checked too
   */
  #guarded(code) {
    const { offline } = this.#manifest;
    const controller = navigator.serviceWorker?.controller?.scriptURL;
    if (offline && controller === new URL(offline, this.#base).href) return this.#url;
    return URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  }
}

/** @param {ArrayBuffer} bytes */
async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
