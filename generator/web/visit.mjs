/**
 * What was typed during this visit: one answer feeds every email. The tab's own storage keeps it over reloads, for a
 * day. If the person wants this device to remember it, it also lies in one entry of localStorage, for a week.
 *
 * Any text is the key of a field. An answer about one of several people lies under the field's key, "#" and a number;
 * what is no field under a name that begins with "#". Nobody outside of this file knows of that.
 *
 * @typedef {import("./device/storage.mjs").Entry} Entry
 * @typedef {import("./device/storage.mjs").Saved} Saved
 *
 * @typedef {object} More what the tab keeps besides
 * @property {[string, string[]][]} companies see {@link earlier}
 * @property {[string, string][]} wordings see {@link wording}
 * @property {boolean} remembering the person wants the device to remember, whatever another tab has done
 * @property {boolean} declined
 * @property {number} device when what this tab last read or wrote on the device was saved; 0 if there was nothing
 *
 * @typedef {{ kind: "changed", raw: string, saved: Saved } | { kind: "erased" }} Conflict what another tab did
 * @typedef {"interview" | "time" | "promised"} Day a date or a time that the plan asks for
 *
 * @typedef {object} Changed says what may have another value now
 * @property {(key: string, person?: number) => boolean} answer
 * @property {() => boolean} people
 *
 * @typedef {object} Form a form of the page: it may hold other words in a field than another form beside it
 * @property {() => Map<HTMLElement, string>} values
 * @property {(values: Map<HTMLElement, string>) => void} restore
 */

import { DAY, WEEK, device, NAME, pairs, parse, reasonOf, tab, written } from "./device/storage.mjs";

/** Milliseconds without a change until it is written. */
const WAIT = 300;
/** How many people one email may go to. */
export const MOST_PEOPLE = 20;
const PEOPLE = "#people";
/** What is kept for each person besides their answers: their address, and where their email was handed over. */
export const ADDRESS = "#address";
export const SENT = "#sent";

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
/** The forms of the page that is shown. */
const forms = /** @type {Set<Form>} */ (new Set());

/** Where an answer lies. @param {string} key @param {number} person counted from 0 */
const placeOf = (key, person) => (person > 0 ? `${key}#${person + 1}` : key);

/** @param {string} place */
const get = (place) => entries.get(place)?.value;

/** @param {string} place @param {string} value */
function set(place, value) {
  entries.set(place, { value, link: false });
  saveSoon();
}

/** What was typed into a field, undefined if nothing ever was. @param {string} key @param {number} [person] */
export function answer(key, person = 0) {
  return get(placeOf(key, person));
}

/** Note what the person typed into a field. @param {string} key @param {string} value @param {number} [person] */
export function setAnswer(key, value, person = 0) {
  set(placeOf(key, person), value);
}

/** A date of this visit: one answer feeds the plan of every email. @param {Day} name */
export function day(name) {
  return get(`#${name}`) ?? "";
}

/** @param {Day} name @param {string} value */
export function setDay(name, value) {
  set(`#${name}`, value);
  events.dispatchEvent(new Event("days"));
}

/** Whether an answer came from a link, and nobody has edited it since. @param {string} key */
export function linked(key) {
  return entries.get(key)?.link ?? false;
}

/** How many people the emails go to. What is remembered may say anything. */
export function people() {
  const count = Math.trunc(Number(get(PEOPLE)));
  return Math.min(Math.max(count || 1, 1), MOST_PEOPLE);
}

/** @param {number} count */
export function setPeople(count) {
  set(PEOPLE, String(count));
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
 * @param {(changed: Changed) => void} listener
 * @param {AbortSignal} signal ends it
 */
export function subscribe(listener, signal) {
  events.addEventListener("values", (event) => listener(/** @type {CustomEvent} */ (event).detail), { signal });
}

/**
 * Hear of days that changed in any way.
 *
 * @param {() => void} listener
 * @param {AbortSignal} signal ends it
 */
export function subscribeToDays(listener, signal) {
  for (const kind of ["days", "values"]) events.addEventListener(kind, listener, { signal });
}

/**
 * Have what a form holds brought back with the rest when a clearing is undone.
 *
 * @param {Form} form
 * @param {AbortSignal} signal ends it
 */
export function join(form, signal) {
  forms.add(form);
  signal.addEventListener("abort", () => forms.delete(form));
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
    const name = answer(key)?.trim();
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

/** @param {((place: string) => boolean)} [changed] of values; without it, only the state changed */
function tell(changed) {
  if (!changed) {
    events.dispatchEvent(new Event("state"));
    return;
  }
  /** @type {Changed} */
  const detail = {
    answer: (key, person = 0) => changed(placeOf(key, person)),
    people: () => changed(PEOPLE),
  };
  events.dispatchEvent(new CustomEvent("values", { detail }));
}

/** Return a function that brings back what there is now; what is typed by then stays. */
function keep() {
  const before = { entries, companies, wordings, remembering };
  const held = [...forms].map((form) => ({ form, values: form.values() }));
  return () => {
    const now = held.map(({ form, values }) => ({ form, values: new Map([...values, ...spoken(form.values())]) }));
    const typed = [...entries].filter(([, entry]) => entry.value.trim());
    entries = new Map([...before.entries, ...typed]);
    companies = before.companies;
    wordings = before.wordings;
    if (before.remembering) remembering = true;
    tell(() => true);
    saveNow();
    tell();
    // A form that is alone holds what lies here; one of several people would be shown another's answers.
    if (held.length > 1 && people() === 1) for (const { form, values } of now) form.restore(values);
  };
}

/** @param {Map<HTMLElement, string>} values */
const spoken = (values) => [...values].filter(([, value]) => value.trim());

function blank() {
  return said([...entries].map(([key, { value }]) => ({ key, value }))).size === 0;
}

/** What of it is words. One person is what every email begins with. @param {{ key: string, value: string }[]} all */
function said(all) {
  return new Map(
    all.filter(({ key, value }) => value.trim() && !(key === PEOPLE && value === "1")).map(({ key, value }) => [key, value]),
  );
}

/** Whether the same words are here. @param {Saved} saved */
function same(saved) {
  const theirs = said(saved.entries);
  const mine = said([...entries].map(([key, { value }]) => ({ key, value })));
  return theirs.size === mine.size && [...mine].every(([key, value]) => theirs.get(key) === value);
}

/** Take the place of what is here. @param {Saved["entries"]} saved */
function takeIn(saved) {
  entries = new Map(saved.map(({ key, value, link }) => [key, { value, link: link === true }]));
  // A group that a page of this visit has named is newer.
  for (const { key, group } of saved) if (!groupOf(key)) groups.set(key, group);
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
    const text = any ? written(entries, groupOf, more) : null;
    if (text === null) tab.remove();
    else tab.write(text);
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
    raw = tab.read();
  } catch {
    return 0;
  }
  if (raw === kept) return 0;
  const saved = /** @type {(Saved & Partial<More>) | null} */ (parse(raw, DAY));
  kept = raw;
  takeIn(saved?.entries ?? []);
  companies = new Map(pairs(saved?.companies, (names) => Array.isArray(names) && names.every((name) => typeof name === "string")));
  wordings = new Map(pairs(saved?.wordings, (name) => typeof name === "string"));
  remembering = saved?.remembering === true;
  declined = saved?.declined === true;
  conflict = null;
  if (!saved) saveTab();
  tell(() => true);
  return Number(saved?.device) || 0;
}

// ---- the device ----

/**
 * Do something with storage, or say why it cannot be done.
 *
 * @template T
 * @param {() => T} work
 * @returns {T | undefined}
 */
function attempt(work) {
  try {
    return work();
  } catch (error) {
    fail(reasonOf(error));
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
    device.remove();
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
  if (available) attempt(() => device.remove());
  saveTab();
  tell();
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
  attempt(() => {
    const raw = device.read();
    if (raw !== known) meet(raw);
    // What another tab has written is not overwritten before the person has chosen.
    if (conflict || !remembering) return;
    const text = written(entries, groupOf);
    device.write(text);
    known = text;
  });
}

/** Take in what the device remembers. @param {string} raw @param {Saved} saved */
function adopt(raw, saved) {
  takeIn(saved.entries);
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
    if (raw !== null) attempt(() => device.remove());
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
  const raw = attempt(() => device.read()) ?? null;
  if (raw !== known) meet(raw);
}

/** Take in what this tab has kept, and then what the device remembers: of two words for one field, the tab's are newer. */
function arrive() {
  const lastSeen = recallTab();
  try {
    const raw = device.read();
    const saved = parse(raw, WEEK);
    if (saved && saved.saved === lastSeen && !blank()) {
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
