/**
 * Proofreading, for those who ask for it: spelling and grammar of the email that Python made, without a network.
 *
 * Nothing is loaded before the button is pressed. Then the checker lives as long as the visit and checks every email.
 */

import { put } from "../dom.mjs";
import { Supervisor } from "../python/supervisor.mjs";

/** @typedef {import("../email-form/review.mjs").Finding} Finding */
/** @typedef {import("./worker.mjs").Remark} Remark */
/** @typedef {import("../email-form/email-form.mjs").Draft} Draft */
/** @typedef {import("../email-form/email-form.mjs").Field} Field */
/** @typedef {import("../email-form/email-form.mjs").Side} Side */

/** How long, in milliseconds, typing must rest before the email is checked. */
const REST = 600;
/** The checker does much at once, and phones are slow: how long loading may stand still, and an answer may take. */
const LIMITS = { loading: 60_000, answer: 20_000 };
/** What Harper remarks beyond spelling and grammar is taste, or the review says it already. */
const IGNORED = new Set(["Enhancement", "Formatting", "Readability", "Redundancy", "Regionalism", "Repetition", "Style"]);
/** Kinds of fields whose words no dictionary holds. */
const NAMES = new Set(["name", "email"]);
const SIDES = /** @type {Side[]} */ (["subject", "body"]);

/** @type {Supervisor | null} */
let checker = null;

export class Proofreader {
  /** @type {Finding[]} what the list shows */
  findings = [];
  /** @type {Draft | null} */
  #draft = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;
  #box;
  #button;
  #label;
  #names;
  #word;
  #changed;

  /**
   * @param {HTMLElement} box what holds the button
   * @param {object} site
   * @param {import("../python/supervisor.mjs").Manifest} site.manifest
   * @param {Field[]} site.fields
   * @param {(key: string) => string} site.word
   * @param {() => void} changed called when there are other findings
   * @param {AbortSignal} signal ends it
   */
  constructor(box, { manifest, fields, word }, changed, signal) {
    this.#box = box;
    this.#button = /** @type {HTMLElement} */ (box.querySelector("[data-proofread]"));
    this.#label = this.#button.textContent ?? "";
    this.#names = new Set(fields.filter(({ kind }) => NAMES.has(kind)).map(({ name }) => name));
    this.#word = word;
    this.#changed = changed;
    const files = { ...manifest.proofread, offline: manifest.offline };
    checker ??= new Supervisor(files, new URL("../../../proofread/", import.meta.url), LIMITS);
    checker.addEventListener("change", () => this.#showState(), { signal });
    signal.addEventListener("abort", () => {
      clearTimeout(this.#resting);
      this.#draft = null;
    });
    this.#showState();
  }

  press() {
    if (checker?.state === "failed") void checker.retry();
    else checker?.start();
    if (checker?.state === "ready") void this.#check();
  }

  /** Take the newest draft. @param {Draft} draft */
  read(draft) {
    const old = this.#draft;
    this.#draft = draft;
    if (old) this.findings = this.findings.flatMap((finding) => carry(finding, old, draft));
    clearTimeout(this.#resting);
    if (checker?.state !== "idle") this.#resting = setTimeout(() => void this.#check(), REST);
  }

  async #check() {
    const draft = this.#draft;
    if (!draft || checker?.state !== "ready") return;
    const { subject, body } = draft;
    // There may be a newer draft when its turn has come: a page may have several forms.
    const make = () => (draft === this.#draft ? { texts: { subject, body } } : null);
    const remarks = /** @type {Record<Side, Remark[]> | null} */ (await checker.ask(make, this));
    if (!remarks || draft !== this.#draft) return;
    const found = SIDES.flatMap((side) => judge(remarks[side], side, draft, this.#names, this.#word));
    this.#say(found.length ? put(this.#word("proof_some"), { count: found.length }) : this.#word("proof_none"));
    if (JSON.stringify(found) === JSON.stringify(this.findings)) return;
    this.findings = found;
    this.#changed();
  }

  #showState() {
    const state = checker?.state;
    const renewed = checker?.reason === "renewed";
    this.#button.textContent = state === "failed" ? this.#word(renewed ? "renew" : "retry") : this.#label;
    for (const cost of this.#box.querySelectorAll("[data-cost]")) /** @type {HTMLElement} */ (cost).hidden = state === "ready";
    if (state === "loading") this.#say(this.#word("proof_loading"));
    else if (state === "failed") this.#say(this.#word(renewed ? "failed_renewed" : "proof_failed"));
    else if (state === "ready") void this.#check();
  }

  /** @param {string} text */
  #say(text) {
    const status = /** @type {HTMLElement} */ (this.#box.querySelector("[role=status]"));
    if (status.textContent !== text) status.textContent = text;
  }
}

/**
 * Make findings of the remarks that are about what was typed, and that are no matter of names.
 *
 * @param {Remark[]} remarks
 * @param {Side} part
 * @param {Draft} draft
 * @param {Set<string>} names
 * @param {(key: string) => string} word
 * @returns {Finding[]}
 */
function judge(remarks, part, draft, names, word) {
  let position = 0;
  const typed = draft.segments[part].flatMap(([kind, text, name]) => {
    const start = position;
    position += text.length;
    return kind === "filled" && !names.has(name) ? [{ start, end: position }] : [];
  });
  return remarks.flatMap(({ kind, start, end, message, mend }) => {
    const words = draft[part].slice(start, end);
    if (IGNORED.has(kind) || !typed.some((one) => start < one.end && end > one.start)) return [];
    if (kind === "Spelling" && /\p{Lu}/u.test(words)) return [];
    // "Sam" is somebody, not an abbreviation.
    if (kind === "Capitalization" && /^\p{Lu}/u.test(words)) return [];
    const inside = typed.some((one) => start >= one.start && end <= one.end);
    return [
      {
        rule: "proofreading",
        level: "tells",
        message: put(word("proof_finding"), { words, message: message.replace(/`([^`]*)`/g, "“$1”") }),
        part,
        start,
        end,
        mend: inside ? mend : null,
        source: null,
      },
    ];
  });
}

/**
 * Keep a finding until the next check, if its words still stand where they stood: before or after what was changed.
 *
 * @param {Finding} finding @param {Draft} old @param {Draft} now @returns {Finding[]}
 */
function carry(finding, old, now) {
  const part = /** @type {Side} */ (finding.part);
  const words = old[part].slice(finding.start, finding.end);
  for (const move of [0, now[part].length - old[part].length]) {
    const start = finding.start + move;
    if (now[part].slice(start, start + words.length) === words) return [{ ...finding, start, end: start + words.length }];
  }
  return [];
}
