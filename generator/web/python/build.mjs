/**
 * Which build of the site this page is of, and how to go on when there is a newer one.
 *
 * Pages, scripts and engine of one build belong together. A page may be of an older one: it was open when the site was
 * published anew, or it came from the browser's cache. Then files that it names may be gone, and only the page as it is
 * published now names others.
 */

import { NAME } from "../device/storage.mjs";
import * as visit from "../visit.mjs";

/** @typedef {import("./supervisor.mjs").Manifest} Manifest */
/**
 * @typedef {object} Note what this tab remembers from the page before it was loaded anew
 * @property {string[]} tried the builds for which it was
 * @property {Place | null} place where the person was writing
 * @typedef {{ form: string, key: string, start?: number | null, end?: number | null }} Place
 */

/** How long, in milliseconds, the site may take to say what it has published. */
const PATIENCE = 5_000;
/** Controls that words are typed into. */
const CONTROL = ":is(input, textarea, select)";
const NOTE = `${NAME} build`;

/** The build that the scripts of this page are of, as its first form named it. */
let own = "";

/** @param {Manifest} manifest it names the scripts and every file of the engine, by their content */
const mark = (manifest) => JSON.stringify(manifest);

/**
 * Whether a page that navigation has put in is of the same build as the scripts that run.
 *
 * @param {Manifest} manifest what that page was built with
 */
export function isOurs(manifest) {
  own ||= mark(manifest);
  return own === mark(manifest);
}

/**
 * After a file did not arrive as it should: if the site was published anew, go on with that.
 *
 * @returns {Promise<boolean>} true if it was, and the person must say when; nothing comes while the page loads anew
 */
export async function isOutdated() {
  const published = await look();
  return published !== null && !isOurs(published) && !(await renew(published));
}

/**
 * Load the page anew, with all that is typed. Done once for each build, so that two caches at odds cannot make a page
 * load for ever, and never when words would be lost.
 *
 * @param {Manifest} manifest of the other build
 * @returns {Promise<boolean>} false if it was not done; true never comes, as the page is left
 */
export async function renew(manifest) {
  const { tried } = read();
  if (tried.includes(mark(manifest)) || !visit.keepNow()) return false;
  if (!write({ tried: [...tried, mark(manifest)], place: null })) return false;
  return reload();
}

/** Where a browser can: ends a request that takes too long. */
const limit = () => AbortSignal.timeout?.(PATIENCE);

/** Load the page as it is published now, and never out of a cache. @returns {Promise<never>} */
export async function reload() {
  await fetch(location.href, { cache: "reload", signal: limit() })
    .then((response) => response.text())
    .catch(() => {});
  visit.keepNow(); // what was typed meanwhile
  const note = () => write({ ...read(), place: place() });
  note();
  // Until the page is gone, people type on.
  window.addEventListener("pagehide", note, { once: true });
  location.reload();
  return new Promise(() => {});
}

/** Ask the site which build it has published. @returns {Promise<Manifest | null>} null if it does not say */
async function look() {
  try {
    const response = await fetch(location.href, { cache: "no-store", signal: limit() });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    // A page without a form may be anybody's: networks answer with pages of their own.
    return JSON.parse(page.querySelector("email-form")?.getAttribute("data-form") ?? "null")?.engine ?? null;
  } catch {
    return null;
  }
}

/** @returns {Note} */
function read() {
  try {
    return JSON.parse(sessionStorage.getItem(NOTE) ?? "");
  } catch {
    return { tried: [], place: null };
  }
}

/** @param {Note} note @returns {boolean} whether it is kept */
function write(note) {
  try {
    sessionStorage.setItem(NOTE, JSON.stringify(note));
    return true;
  } catch {
    return false;
  }
}

/** Where the person is writing. @returns {Place | null} */
function place() {
  const control = /** @type {HTMLInputElement | null} */ (document.activeElement);
  const field = /** @type {HTMLElement | null | undefined} */ (control?.closest(".ef-field[data-key]"));
  const form = field?.closest("email-form")?.id;
  if (!control || !field || !form) return null;
  return { form, key: field.dataset.key ?? "", start: control.selectionStart, end: control.selectionEnd };
}

/** Bring the person back to where they were writing. */
function goBack() {
  const note = read();
  if (!note.place) return;
  write({ ...note, place: null });
  const { form, key, start, end } = note.place;
  const field = `[id="${CSS.escape(form)}"] .ef-field[data-key="${CSS.escape(key)}"]`;
  const control = /** @type {HTMLInputElement | null} */ (document.querySelector(`${field} ${CONTROL}`));
  if (!control || document.activeElement !== document.body) return;
  control.focus();
  if (typeof start === "number") control.setSelectionRange(start, end ?? start);
}

void customElements.whenDefined("email-form").then(goBack);
