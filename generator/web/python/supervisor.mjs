/**
 * The page's side of a worker: starts it, watches it, and asks it one thing at a time.
 *
 * The page owns all state, and the only queue. A worker is thrown away as soon as it is in doubt, and what it was
 * busy with is asked again of the next one.
 *
 * @typedef {import("./worker.mjs").Manifest & {kit: string, offline?: string, proofread?: {worker: File}}} Manifest what the page was built with; `proofread` is for another worker
 * @typedef {import("../sealed.mjs").File} File
 * @typedef {import("./worker.mjs").FromWorker} FromWorker
 * @typedef {"idle" | "loading" | "ready" | "failed"} State
 * @typedef {"" | "unsupported" | "missing" | "blocked" | "damaged" | "slow" | "crashed" | "renewed"} Reason
 * @typedef {() => object | null} Make makes a request when its turn has come; null if there is nothing to ask any more
 * @typedef {{id: number, asker: object, make: Make, resolve: (reply: object | null) => void}} Request
 */

import { LoadError, request, verify } from "../sealed.mjs";
import { isOutdated, reload } from "./build.mjs";

/** How long, in milliseconds, loading may go without any progress: Pyodide does not report its own faults, and an old
 * phone compiles for a long time without a word. */
const LOADING_LIMIT = 25_000;
/** How long, in milliseconds, one answer may take. */
const ANSWER_LIMIT = 5_000;
/** After how many milliseconds without an answer a person is told that it takes longer. */
const LATE = 2_000;
/** How often a worker that died at work is replaced before a person is told. */
const RESTARTS = 2;
/** What may be wrong when the files that this page names are no longer published. */
const GONE = new Set(["missing", "blocked", "damaged"]);

/** What answers from a worker: Python, or the proofreader. Dispatches `change` whenever `state` changes, `late` whenever `late` does. */
export class Supervisor extends EventTarget {
  /** @type {Manifest} */ #manifest;
  /** @type {string} */ #base;
  /** @type {State} */ #state = "idle";
  /** @type {Reason} */ #reason = "";
  /** @type {Worker | null} */ #worker = null;
  /** What waits for its answer, that which the worker is busy with first. @type {Request[]} */
  #queue = [];
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
   * Ask the worker; it is started if need be.
   *
   * @param {object | Make} request for `handle` in generator/bridge.py, or for the proofreader's worker
   * @param {object} asker who asks: a newer request of the same one makes an older one pointless
   * @returns {Promise<any>} the reply; null if it is not wanted any more. While the worker has failed the request
   *   waits: a retry answers it.
   */
  ask(request, asker = this) {
    this.leave(asker);
    const make = typeof request === "function" ? /** @type {Make} */ (request) : () => request;
    return new Promise((resolve) => {
      this.#queue.push({ id: ++this.#ids, asker, make, resolve });
      this.start();
      this.#next();
    });
  }

  /** Give up what somebody asked. @param {object} asker */
  leave(asker) {
    this.#answer(this.#queue.find((one) => one.asker === asker), null);
  }

  /** @param {Request | undefined} request @param {object | null} reply */
  #answer(request, reply) {
    if (!request) return;
    this.#queue.splice(this.#queue.indexOf(request), 1);
    request.resolve(reply);
  }

  /** Send what is next in the queue, if the worker is free for it. */
  #next() {
    if (this.#state !== "ready" || this.#asked) return;
    for (let [first] = this.#queue; first; [first] = this.#queue) {
      const request = first.make();
      if (request) return this.#send(first.id, request);
      this.#answer(first, null);
    }
  }

  /** @param {number} id @param {object} request */
  #send(id, request) {
    this.#asked = id;
    this.#worker?.postMessage({ type: "ask", id, request: JSON.stringify(request) });
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
      this.#answer(this.#queue.find(({ id }) => id === message.id), JSON.parse(message.reply));
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
    const { worker } = this.#manifest;
    try {
      const response = await request(worker, this.#base, { cache: this.#cache, signal });
      const code = await response.arrayBuffer();
      await verify(code, worker);
      return new TextDecoder().decode(code);
    } catch (error) {
      if (!signal.aborted) void this.fail(error instanceof LoadError ? error.reason : "missing", String(error));
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
