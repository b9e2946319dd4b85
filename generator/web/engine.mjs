/**
 * The page's side of the engine: starts the worker, watches it, and asks it one thing at a time.
 *
 * The page owns all state. A worker is thrown away as soon as it is in doubt, and the newest request is
 * asked again of the next one.
 *
 * @typedef {import("./worker.mjs").Manifest & {kit: string, offline?: string, proofread?: import("./proofread-worker.mjs").Manifest}} Manifest
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
/** How often a worker that died at work is replaced before a person is told. */
const RESTARTS = 2;
/** What may be wrong when the files that this page names are no longer published. */
const GONE = new Set(["missing", "blocked", "damaged"]);

/** What answers from a worker: Python, or the proofreader. Dispatches `change` whenever `state` changes. */
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
  /** Ends what retry waits for. */
  #trying = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /**
   * @param {object} manifest what the page was built with, see build_engine in generator/pages/engine.py
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

  /** Start the engine, unless it was started before. */
  start() {
    if (this.#state === "idle") this.#load();
  }

  /** Start again after a failure. */
  async retry() {
    if (this.#state !== "failed") return;
    if (this.#reason === "renewed") return reload();
    this.#restarts = 0;
    this.#cache = "reload";
    this.#trying = new AbortController();
    const { signal } = this.#trying;
    this.#become("loading");
    this.#watch(this.#limits.loading, () => this.fail("slow"));
    // No worker can be told how to fetch its own file, so the browser's copy of it is replaced before.
    await fetch(this.#url, { cache: this.#cache, signal })
      .then((response) => response.text())
      .catch(() => {});
    if (!signal.aborted) this.#load();
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
  }

  get #url() {
    return new URL(this.#manifest.worker.url, this.#base).href;
  }

  #load() {
    if (this.#state !== "loading") this.#become("loading");
    this.#watch(this.#limits.loading, () => this.fail("slow"));
    let modules = false;
    try {
      if (!("WebAssembly" in self && "DecompressionStream" in self)) return this.fail("unsupported");
      this.#worker = new Worker(this.#guarded(this.#url), {
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
    this.#load();
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
    this.#trying.abort();
    this.#worker?.terminate();
    this.#worker = null;
    this.#asked = 0;
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
   * Return the URL to make the worker from.
   *
   * A page's policy in a meta element does not reach a worker that is loaded from a URL, but a blob worker
   * inherits it. Once our service worker controls the page it adds a policy to the worker's own response, and a
   * blob worker would (in Firefox) go round the service worker and not start offline.
   *
   * @param {string} url
   */
  #guarded(url) {
    const { offline } = this.#manifest;
    const controller = navigator.serviceWorker?.controller?.scriptURL;
    if (offline && controller === new URL(offline, this.#base).href) return url;
    return URL.createObjectURL(new Blob([`import ${JSON.stringify(url)};`], { type: "text/javascript" }));
  }
}
