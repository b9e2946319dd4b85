/**
 * What was typed during this visit, by field key: one entry feeds every email. The tab's own storage keeps it over
 * reloads, for a day. If the person wants this device to remember it, it also lies in one entry of localStorage, for
 * a week.
 *
 * Any text is a key. What is about one of several people has the field's key, "#" and a number. What is no field
 * begins with "#".
 *
 * @typedef {object} Entry
 * @property {string} value
 * @property {boolean} link it came from a link, and nobody has edited it since
 *
 * @typedef {object} Saved what the device remembers
 * @property {number} version
 * @property {number} saved when, in milliseconds since 1970
 * @property {{ key: string, value: string, group: string, link: boolean }[]} entries
 *
 * @typedef {object} More what the tab keeps besides
 * @property {[string, string[]][]} companies see {@link earlier}
 * @property {[string, string][]} wordings see {@link wording}
 * @property {boolean} remembering the person wants the device to remember, whatever another tab has done
 * @property {boolean} declined
 * @property {number} device when what this tab last read or wrote on the device was saved; 0 if there was nothing
 *
 * @typedef {{ kind: "changed", raw: string, saved: Saved } | { kind: "erased" }} Conflict what another tab did
 * @typedef {(changed: (key: string) => boolean) => void} Listener
 */

const VERSION = 1;
const DAY = 24 * 60 * 60 * 1000;
const WEEK = 7 * DAY;
/** Milliseconds without a change until it is written. */
const WAIT = 300;
/** Characters and entries of what is kept. Other sites of the same host may write into its place. */
const LARGEST = 1_000_000;
const MOST = 2_000;
/** How many people one email may go to. */
export const MOST_PEOPLE = 20;
// Sites that share a host share its storage.
const NAME = `follow-up-kit ${new URL("../../../", import.meta.url).pathname}`;

let entries = /** @type {Map<string, Entry>} */ (new Map());
/** The group of every field that some page of this visit asks for. */
const groups = /** @type {Map<string, string>} */ (new Map());
/** What company fields held in earlier emails of this visit. */
let companies = /** @type {Map<string, string[]>} */ (new Map());
/** The wording that was chosen, by form. */
let wordings = /** @type {Map<string, string>} */ (new Map());

let available = true;
let remembering = false;
/** What storage held when this tab last read or wrote it. */
let known = /** @type {string | null} */ (null);
/** What the tab's storage held when this page last read or wrote it. */
let kept = /** @type {string | null} */ (null);
let conflict = /** @type {Conflict | null} */ (null);
/** The person does not want what other tabs remember. */
let declined = false;
/** Why nothing is remembered although it was asked for. */
let problem = /** @type {"" | "full" | "blocked"} */ ("");
let timer = 0;

const events = new EventTarget();

/** @param {string} key */
export function get(key) {
  return entries.get(key)?.value;
}

/** @param {string} key */
export function has(key) {
  return entries.has(key);
}

/**
 * Note what the person typed.
 *
 * @param {string} key
 * @param {string} value
 */
export function set(key, value) {
  entries.set(key, { value, link: false });
  saveSoon();
}

/** @param {string} key */
export function linked(key) {
  return entries.get(key)?.link ?? false;
}

/** How many people the emails go to. What is remembered may say anything. */
export function people() {
  const count = Math.trunc(Number(get("#people")));
  return Math.min(Math.max(count || 1, 1), MOST_PEOPLE);
}

/** The wording that was chosen in this tab. @param {string} form */
export function wording(form) {
  return wordings.get(form) ?? "";
}

/**
 * Note which wording was chosen.
 *
 * @param {string} form its page and its name
 * @param {string} name
 */
export function choose(form, name) {
  wordings.set(form, name);
  saveSoon();
}

/**
 * Say which group fields belong to.
 *
 * @param {Iterable<{ key: string, group: string }>} fields
 */
export function describe(fields) {
  for (const { key, group } of fields) groups.set(key, group);
}

/**
 * Hear of values that changed other than by typing on this page.
 *
 * @param {Listener} listener gets a function that says of a key whether its value may be another one now
 * @param {AbortSignal} signal ends it
 */
export function subscribe(listener, signal) {
  events.addEventListener("values", (event) => listener(/** @type {CustomEvent} */ (event).detail), { signal });
}

/**
 * Hear that {@link state} changed.
 *
 * @param {() => void} listener
 * @param {AbortSignal} signal ends it
 */
export function watch(listener, signal) {
  events.addEventListener("state", listener, { signal });
}

/** @returns {{ available: boolean, remembering: boolean, problem: "" | "full" | "blocked", conflict: "" | Conflict["kind"] }} */
export function state() {
  return { available, remembering, problem, conflict: conflict?.kind ?? "" };
}

/** What company fields held in earlier emails of this visit, such as `{Company: ["Old Co"]}`. */
export function earlier() {
  return Object.fromEntries(companies);
}

/**
 * Take in the words of a link. What the person typed stays, and a field that they emptied stays empty.
 *
 * @param {Map<string, string>} values
 * @returns {number} of how many fields the person's own words stayed
 */
export function fill(values) {
  const changed = new Set();
  let stayed = 0;
  for (const [key, value] of values) {
    const entry = entries.get(key);
    if (entry && !entry.link) {
      if (entry.value.trim() && entry.value !== value) stayed += 1;
    } else if (entry?.value !== value) {
      entries.set(key, { value, link: true });
      changed.add(key);
    }
  }
  if (changed.size) {
    tell((key) => changed.has(key));
    saveSoon();
  }
  return stayed;
}

/**
 * Write what is typed to the tab's storage at once, such as before the page is loaded anew.
 *
 * @returns {boolean} whether it will be there after a reload
 */
export function keepNow() {
  if (timer) saveNow();
  return saveTab();
}

/**
 * Forget everything, here and on the device.
 *
 * @returns {() => void} undoes it
 */
export function clear() {
  const undo = keep();
  entries = new Map();
  companies = new Map();
  wordings = new Map();
  declined = false;
  erase();
  tell(() => true);
  return undo;
}

/**
 * Forget all but what is the writer's own.
 *
 * @param {Iterable<string>} companyKeys the fields that hold a company's name
 * @returns {() => void} undoes it
 */
export function another(companyKeys) {
  const undo = keep();
  companies = new Map(companies);
  for (const key of companyKeys) {
    const name = get(key)?.trim();
    const names = companies.get(key) ?? [];
    if (name && !names.includes(name)) companies.set(key, [...names, name]);
  }
  entries = new Map([...entries].filter(([key]) => groupOf(key) === "you"));
  tell((key) => groupOf(key) !== "you");
  saveNow();
  return undo;
}

/**
 * Start or stop remembering.
 *
 * @param {boolean} on
 */
export function remember(on) {
  problem = "";
  if (on) {
    declined = false;
    remembering = true;
    saveNow();
  } else erase();
  tell();
}

/** End the conflict with another tab: take what it did, or keep what is here. @param {"theirs" | "mine"} choice */
export function settle(choice) {
  const settled = conflict;
  conflict = null;
  if (settled?.kind === "changed") {
    if (choice === "theirs") adopt(settled.raw, settled.saved);
    else if (remembering) {
      known = settled.raw;
      saveNow();
    } else declined = true;
  } else if (settled && choice === "theirs") {
    entries = new Map();
    tell(() => true);
  }
  saveTab();
  tell();
}

/** @param {string} key */
function groupOf(key) {
  return groups.get(key) ?? groups.get(key.replace(/#[^#]*$/, "")) ?? "";
}

/** @param {((key: string) => boolean)} [changed] of values; without it, only the state changed */
function tell(changed) {
  if (changed) events.dispatchEvent(new CustomEvent("values", { detail: changed }));
  else events.dispatchEvent(new Event("state"));
}

/** Return a function that brings back what there is now; what is typed by then stays. */
function keep() {
  const before = { entries, companies, wordings, remembering };
  return () => {
    const typed = [...entries].filter(([, entry]) => entry.value.trim());
    entries = new Map([...before.entries, ...typed]);
    companies = before.companies;
    wordings = before.wordings;
    if (before.remembering) remembering = true;
    tell(() => true);
    saveNow();
    tell();
  };
}

function blank() {
  return said([...entries].map(([key, { value }]) => ({ key, value }))).size === 0;
}

/** What of it is words. One person is what every email begins with. @param {{ key: string, value: string }[]} all */
function said(all) {
  return new Map(
    all.filter(({ key, value }) => value.trim() && !(key === "#people" && value === "1")).map(({ key, value }) => [key, value]),
  );
}

/** Whether the same words are here. @param {Saved} saved */
function same(saved) {
  const theirs = said(saved.entries);
  const mine = said([...entries].map(([key, { value }]) => ({ key, value })));
  return theirs.size === mine.size && [...mine].every(([key, value]) => theirs.get(key) === value);
}

/** Take the place of what is here. @param {Saved} saved */
function takeIn(saved) {
  entries = new Map(saved.entries.map(({ key, value, link }) => [key, { value, link: link === true }]));
  // A group that a page of this visit has named is newer.
  for (const { key, group } of saved.entries) if (!groupOf(key)) groups.set(key, group);
}

// ---- the tab ----

/**
 * Keep what is typed for the next page of this tab. Where that cannot be done, the form works without: nobody is told.
 *
 * @returns {boolean} whether all that is typed is kept
 */
function saveTab() {
  const any = entries.size > 0 || companies.size > 0 || wordings.size > 0;
  try {
    const more = /** @type {More} */ ({
      companies: [...companies],
      wordings: [...wordings],
      remembering: remembering || conflict?.kind === "erased",
      declined,
      device: parse(known, WEEK)?.saved ?? 0,
    });
    const text = any ? written(more) : null;
    if (text === null) window.sessionStorage.removeItem(NAME);
    else window.sessionStorage.setItem(NAME, text);
    kept = text;
    return true;
  } catch {
    return !any;
  }
}

/**
 * Take in what an earlier page of this tab has kept.
 *
 * @returns {number} when what that page knew of the device was saved; 0 if it knew nothing
 */
function recallTab() {
  let raw = null;
  try {
    raw = window.sessionStorage.getItem(NAME);
  } catch {
    return 0;
  }
  if (raw === kept) return 0;
  const saved = /** @type {(Saved & Partial<More>) | null} */ (parse(raw, DAY));
  kept = raw;
  takeIn(saved ?? { version: VERSION, saved: 0, entries: [] });
  companies = new Map(pairs(saved?.companies, (names) => Array.isArray(names) && names.every((name) => typeof name === "string")));
  wordings = new Map(pairs(saved?.wordings, (name) => typeof name === "string"));
  remembering = saved?.remembering === true;
  declined = saved?.declined === true;
  conflict = null;
  if (!saved) saveTab();
  tell(() => true);
  return Number(saved?.device) || 0;
}

/**
 * What of a list is a pair of a text and something sound.
 *
 * @template T
 * @param {[string, T][] | undefined} list
 * @param {(second: unknown) => boolean} sound
 * @returns {[string, T][]}
 */
function pairs(list, sound) {
  if (!Array.isArray(list)) return [];
  return list.slice(0, MOST).filter((pair) => Array.isArray(pair) && typeof pair[0] === "string" && sound(pair[1]));
}

// ---- the device ----

/** @returns {Storage} */
function storage() {
  // A browser that blocks it raises an error here, or has none.
  const store = window.localStorage;
  if (!store) throw new DOMException("no storage", "SecurityError");
  return store;
}

/**
 * Do something with storage, or say why it cannot be done.
 *
 * @template T
 * @param {(store: Storage) => T} work
 * @returns {T | undefined}
 */
function attempt(work) {
  try {
    return work(storage());
  } catch (error) {
    const name = error instanceof Error || error instanceof DOMException ? error.name : "";
    fail(name.includes("Quota") || name.includes("QUOTA") ? "full" : "blocked");
    return undefined;
  }
}

/** Stop remembering: an older state must not stay behind unseen. @param {"full" | "blocked"} reason */
function fail(reason) {
  problem = reason;
  remembering = false;
  conflict = null;
  known = null;
  clearTimeout(timer);
  timer = 0;
  try {
    storage().removeItem(NAME);
  } catch {
    // Where nothing can be removed, nothing could be written.
  }
  tell();
}

function erase() {
  clearTimeout(timer);
  timer = 0;
  remembering = false;
  conflict = null;
  known = null;
  if (available) attempt((store) => store.removeItem(NAME));
  saveTab();
  tell();
}

/**
 * Read what storage holds. What is too old, too large or cannot be read is nothing.
 *
 * @param {string | null} raw
 * @param {number} longest how old it may be, in milliseconds
 * @returns {Saved | null}
 */
function parse(raw, longest) {
  try {
    if (raw === null || raw.length > LARGEST) return null;
    const saved = JSON.parse(raw);
    const age = Date.now() - saved.saved;
    // A clock that was set back must not keep it for years.
    if (saved.version !== VERSION || !(age < longest && age > -DAY) || saved.entries.length > MOST) return null;
    const whole = saved.entries.every(
      (/** @type {Record<string, unknown>} */ { key, value, group }) => [key, value, group].every((text) => typeof text === "string"),
    );
    return whole ? saved : null;
  } catch {
    return null;
  }
}

/**
 * Write what is typed in the form that {@link parse} reads.
 *
 * @param {object} more
 * @throws {DOMException} when it is too large to be read again
 */
function written(more = {}) {
  const saved = {
    version: VERSION,
    saved: Date.now(),
    entries: [...entries].map(([key, { value, link }]) => ({ key, value, group: groupOf(key), link })),
    ...more,
  };
  const text = JSON.stringify(saved);
  if (text.length > LARGEST || entries.size > MOST) throw new DOMException("too large", "QuotaExceededError");
  return text;
}

function saveSoon() {
  clearTimeout(timer);
  timer = window.setTimeout(saveNow, WAIT);
}

function saveNow() {
  clearTimeout(timer);
  timer = 0;
  saveDevice();
  saveTab();
}

function saveDevice() {
  if (!remembering) return;
  attempt((store) => {
    const raw = store.getItem(NAME);
    if (raw !== known) meet(raw);
    // What another tab has written is not overwritten before the person has chosen.
    if (conflict || !remembering) return;
    const text = written();
    store.setItem(NAME, text);
    known = text;
  });
}

/** Take in what the device remembers. @param {string} raw @param {Saved} saved */
function adopt(raw, saved) {
  takeIn(saved);
  known = raw;
  remembering = true;
  declined = false;
  tell(() => true);
  tell();
}

/** Another tab has written or erased: never let that change typed words by itself. @param {string | null} raw */
function meet(raw) {
  const saved = parse(raw, WEEK);
  if (!saved || raw === null) {
    if (raw !== null) attempt((store) => store.removeItem(NAME));
    if (remembering) {
      remembering = false;
      conflict = blank() ? null : { kind: "erased" };
      known = null;
    } else if (conflict?.kind === "changed") conflict = null;
    tell();
    return;
  }
  if (same(saved)) {
    known = raw;
    remembering = true;
    conflict = null;
  } else if (blank()) {
    conflict = null;
    adopt(raw, saved);
  } else if (remembering || !declined) conflict = { kind: "changed", raw, saved };
  tell();
}

/** See whether another tab wrote while this page could not hear of it. */
function look() {
  const raw = attempt((store) => store.getItem(NAME)) ?? null;
  if (raw !== known) meet(raw);
}

/** Take in what this tab has kept, and then what the device remembers: of two words for one field, the tab's are newer. */
function arrive() {
  const device = recallTab();
  try {
    const raw = storage().getItem(NAME);
    const saved = parse(raw, WEEK);
    if (saved && saved.saved === device && !blank()) {
      // No other tab has written since, and this one may have been dropped before it could.
      known = raw;
      remembering = true;
      if (!same(saved)) saveSoon();
      tell();
    } else if (raw !== known || (remembering && raw === null)) meet(raw);
  } catch {
    available = false;
    remembering = false;
  }
}

arrive();
window.addEventListener("storage", (event) => {
  if (available && (event.key === NAME || event.key === null)) look();
});
// Another page of this tab, or another tab, may have changed what storage holds.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) arrive();
});
// Only what has changed: the day and the week count from the last change.
const saveRest = () => {
  if (timer) saveNow();
};
window.addEventListener("pagehide", saveRest);
document.addEventListener("visibilitychange", saveRest);
