/**
 * The service worker: the forms work without a network after one visit, and Python's worker gets a policy.
 *
 * It is installed once Python has started on some page, so those who only read pay nothing for it. Pages come
 * from the network, and from here when there is none, or the host is slow or broken. Files whose names carry their hash come from here
 * first, and what the site has packed lies here unpacked: a second start has less to do. A new build fills a cache
 * of its own, all of it or nothing, and takes over when the last page of the old build is closed: no page ever meets
 * files of another build, none is reloaded, nothing typed is lost.
 *
 * The build writes what it holds into BUILD. Without that, this file removes itself and its caches from every
 * browser that has it: to switch it off, set `extra: offline: false` in mkdocs.yml and publish.
 *
 * @typedef {{id: string, files: Record<string, string>, packed: Record<string, string>}} Build name of the build; what
 *   to keep, relative to this file; and what to keep unpacked, each with the hash that it is known by
 * @typedef {Event & {request: Request, waitUntil: (work: Promise<unknown>) => void,
 *   respondWith: (response: Promise<Response>) => void}} WorkerEvent
 * @typedef {{registration: ServiceWorkerRegistration, skipWaiting: () => Promise<void>,
 *   clients: {claim: () => Promise<void>},
 *   addEventListener: (type: string, listener: (event: WorkerEvent) => void) => void}} Scope
 */

/** How long, in milliseconds, the host may take for what is also kept here. */
const PATIENCE = 3_500;
/** The page that stands for those that are not kept. */
const OFFLINE = "offline.html";

const BUILD = /** @type {Build | null} */ (null);

const worker = /** @type {Scope} */ (/** @type {unknown} */ (self));
const scope = worker.registration.scope;
// Sites that share a host share its caches.
const prefix = `follow-up-kit ${scope} `;
const name = prefix + BUILD?.id;

worker.addEventListener("install", (event) => {
  if (BUILD === null) {
    worker.skipWaiting();
    return;
  }
  event.waitUntil(keep(BUILD));
});

/** The names of our caches, the oldest first: when more than one is there, that one is in use. */
async function ours() {
  return (await caches.keys()).filter((key) => key.startsWith(prefix));
}

/** Keep this build, or nothing of it; and of builds that came before, the one in use. @param {Build} build */
async function keep(build) {
  const known = await caches.has(name);
  try {
    await fill(build);
  } catch (error) {
    if (!known) await caches.delete(name);
    throw error;
  }
  for (const key of (await ours()).slice(1)) if (key !== name) await caches.delete(key);
}

/** @param {Build} build */
async function fill({ files, packed }) {
  const cache = await caches.open(name);
  await Promise.all(Object.entries(files).map(async ([file, digest]) => cache.put(new URL(file, scope), await get(file, digest))));
  for (const [file, digest] of Object.entries(packed)) {
    const { body } = await get(file, digest);
    const headers = { "content-type": "application/wasm", "x-unpacked": "gzip" };
    await cache.put(new URL(file, scope), new Response(body?.pipeThrough(new DecompressionStream("gzip")), { headers }));
  }
}

/**
 * Fetch a file of this build.
 *
 * @param {string} file @param {string} integrity empty for what a host may change, such as a page
 */
async function get(file, integrity) {
  const address = new URL(file, scope);
  // The browser's cache may hold an older build's, where the name has no hash; and what it has may be damaged.
  const anew = () => fetch(address, { integrity, cache: "reload" });
  const response = await (integrity ? fetch(address, { integrity }).catch(anew) : anew());
  if (!response.ok) throw new TypeError(`${file}: status ${response.status}`);
  return response;
}

worker.addEventListener("activate", (event) => {
  event.waitUntil(clean());
});

async function clean() {
  for (const key of await ours()) {
    // A later one is just being filled for a newer build.
    if (BUILD !== null && key === name) break;
    await caches.delete(key);
  }
  if (BUILD === null) await worker.registration.unregister();
  // Pages that no service worker has yet: the one whose form is in use goes on without a network from here on.
  else await worker.clients.claim();
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (BUILD === null || request.method !== "GET" || !request.url.startsWith(scope)) return;
  const path = request.url.slice(scope.length).replace(/[?#].*/, "");
  event.respondWith(hashed(path) ? keptFirst(request, path) : networkFirst(request));
});

/** @param {string} path */
function hashed(path) {
  return /^assets\/(engine|kit|proofread|javascripts|stylesheets)\//.test(path);
}

/** @param {Request} request @param {string} path */
async function keptFirst(request, path) {
  const cache = await caches.open(name);
  const response = (await cache.match(request)) ?? (await fetch(request));
  const [, folder] = /^assets\/(engine|proofread)\/worker\.\w+\.mjs$/.exec(path) ?? [];
  if (!folder || !response.ok) return response;
  // A page's policy in a meta element does not reach a worker that is loaded from a URL. This one does. Firefox takes a
  // response that was made here, such as an unpacked file, for one that came from this file's own address.
  const headers = new Headers(response.headers);
  headers.set(
    "Content-Security-Policy",
    `default-src 'none'; script-src ${scope}assets/${folder}/ 'wasm-unsafe-eval'; connect-src ${scope}assets/${folder}/ ${new URL("offline.mjs", scope).href}`,
  );
  return new Response(response.body, { status: response.status, headers });
}

/** @param {Request} request */
async function networkFirst(request) {
  // Asked of the server each time: the browser's own cache may hold a page whose files it does not hold.
  const answer = fetch(request, { cache: "no-cache" });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const first = await Promise.race([answer, late]).catch(() => null);
  if (first instanceof Response && first.status < 500) return first;
  const cache = await caches.open(name);
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept) return kept;
  // Nothing is kept, so the network's answer is waited for, however late it comes.
  return request.mode === "navigate" ? answer.catch(() => explain(cache)) : answer;
}

/** Say that a page is not kept. @param {Cache} cache */
async function explain(cache) {
  const page = await cache.match(OFFLINE);
  if (!page) return Response.error();
  // It is shown at the address that was asked for, however deep that lies.
  const text = (await page.text()).replaceAll('"./', `"${scope}`);
  return new Response(text, { status: 503, headers: { "content-type": "text/html; charset=utf-8" } });
}
