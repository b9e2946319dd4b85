/**
 * What this browser keeps: an entry of the tab's own storage, and one that all tabs share. Both hold the same form of
 * what was typed; what is too old, too large or cannot be read is nothing.
 *
 * @typedef {object} Entry
 * @property {string} value
 * @property {boolean} link it came from a link, and nobody has edited it since
 *
 * @typedef {object} Saved
 * @property {number} version
 * @property {number} saved when, in milliseconds since 1970
 * @property {{ key: string, value: string, group: string, link: boolean }[]} entries
 */

const VERSION = 1;
export const DAY = 24 * 60 * 60 * 1000;
export const WEEK = 7 * DAY;
/** Characters and entries of what is kept. Other sites of the same host may write into its place. */
const LARGEST = 1_000_000;
const MOST = 2_000;
/** What our entries are called: sites that share a host share its storage. */
export const NAME = `follow-up-kit ${new URL("../../../../", import.meta.url).pathname}`;

/** An entry of one kind of storage. A browser that blocks it, or has none, raises an error at each use. */
class Place {
  #storage;

  /** @param {() => Storage | null | undefined} storage */
  constructor(storage) {
    this.#storage = () => {
      const found = storage();
      if (!found) throw new DOMException("no storage", "SecurityError");
      return found;
    };
  }

  read() {
    return this.#storage().getItem(NAME);
  }

  /** @param {string} text */
  write(text) {
    this.#storage().setItem(NAME, text);
  }

  remove() {
    this.#storage().removeItem(NAME);
  }
}

/** Lives as long as the tab, over reloads. */
export const tab = new Place(() => window.sessionStorage);
/** Lives until it is removed, for all tabs. */
export const device = new Place(() => window.localStorage);

/** Why storage could not be used. @param {unknown} error @returns {"full" | "blocked"} */
export function reasonOf(error) {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return /quota/i.test(name) ? "full" : "blocked";
}

/**
 * Read what an entry holds.
 *
 * @param {string | null} raw
 * @param {number} longest how old it may be, in milliseconds
 * @returns {Saved | null}
 */
export function parse(raw, longest) {
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
 * Write entries in the form that {@link parse} reads.
 *
 * @param {Map<string, Entry>} entries
 * @param {(key: string) => string} groupOf
 * @param {object} [more]
 * @throws {DOMException} when it is too large to be read again
 */
export function written(entries, groupOf, more = {}) {
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

/**
 * What of a list is a pair of a text and something sound: anybody may have written it.
 *
 * @template T
 * @param {[string, T][] | undefined} list
 * @param {(second: unknown) => boolean} sound
 * @returns {[string, T][]}
 */
export function pairs(list, sound) {
  if (!Array.isArray(list)) return [];
  return list.slice(0, MOST).filter((pair) => Array.isArray(pair) && typeof pair[0] === "string" && sound(pair[1]));
}
