/**
 * Links that carry words: `#email=warm&Position=Data%20Analyst`. What comes in a link was written by anybody.
 *
 * The browser sends nothing after the `#` to a server.
 */

/** Characters of one value, and of all values of a link. */
export const VALUE_LIMIT = 500;
export const TOTAL_LIMIT = 4_000;
/** A program that took a link for HTML has written its ampersands out. An answer's own is in percent signs. */
const AMPERSAND = /&(?:(?:amp|#0*38|#x0*26);)+/gi;
/** Characters that are looked at: enough for all values when every character is written in percent signs. */
const LOOKED_AT = 100_000;

/**
 * Read the words of a link.
 *
 * @param {string} fragment what follows the `#`, or begins with it
 * @param {Iterable<string>} keys the fields that there are
 * @returns {{ email: string, values: Map<string, string>, unknown: number }} and how many answers no field is there for
 */
export function decode(fragment, keys) {
  const known = new Set(keys);
  const values = /** @type {Map<string, string>} */ (new Map());
  let email = "";
  let left = TOTAL_LIMIT;
  let unknown = 0;
  for (const pair of fragment.replace(/^#/, "").slice(0, LOOKED_AT).replace(AMPERSAND, "&").split("&")) {
    const at = pair.indexOf("=");
    if (at < 1) continue;
    const key = fieldKey(text(pair.slice(0, at)));
    const value = shorten(text(pair.slice(at + 1)), Math.min(VALUE_LIMIT, left));
    if (key === "email") email ||= value;
    else if (value && known.has(key) && !values.has(key)) {
      values.set(key, value);
      left -= value.length;
    } else if (value && !known.has(key)) unknown += 1;
  }
  return { email, values, unknown };
}

/**
 * Make the part of a link that carries words.
 *
 * @param {string} email the wording that is shown; may be empty
 * @param {Map<string, string>} values
 * @returns {{ fragment: string, taken: number, left: number }} how many values are in it, and how many did not fit
 */
export function encode(email, values) {
  const pairs = email ? [`email=${quote(email)}`] : [];
  let space = TOTAL_LIMIT;
  let taken = 0;
  for (const [key, raw] of values) {
    const value = clean(raw);
    if (value.length > Math.min(VALUE_LIMIT, space)) continue;
    pairs.push(`${quote(key)}=${quote(value)}`);
    space -= value.length;
    taken += 1;
  }
  return { fragment: pairs.join("&"), taken, left: values.size - taken };
}

/** Programs that make links clickable stop at some signs that a link may hold. @param {string} value */
function quote(value) {
  return encodeURIComponent(value).replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** What stands for other characters becomes them; what only looks like it stays. @param {string} part */
function text(part) {
  const decoded = part.replace(/(?:%[0-9a-f]{2})+/gi, (codes) => {
    try {
      return decodeURIComponent(codes);
    } catch {
      return codes;
    }
  });
  return clean(decoded);
}

/** One line of visible text: no control characters, none that turn the direction of what follows. @param {string} value */
function clean(value) {
  return value
    .toWellFormed()
    .replace(/[\t\n\v\f\r\x85\u2028\u2029]+/g, " ")
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/gu, "")
    .trim();
}

/** @param {string} value @param {number} most */
function shorten(value, most) {
  if (value.length <= most) return value;
  // No half of a character at the end.
  return value.slice(0, most).replace(/[\ud800-\udbff]$/, "").trimEnd();
}

/** Two spellings of one field: see field_key in generator/core/fields.py. @param {string} name */
function fieldKey(name) {
  return name.trim().replace(/\s+/g, " ").replaceAll("’", "'").normalize("NFC");
}
