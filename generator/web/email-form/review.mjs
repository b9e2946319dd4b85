/** The review beside the email: what is good, what to mend, and why. Which findings there are is Python's. */

import { find, holds, make, put, say } from "../dom.mjs";
import { sideBySide } from "./alike.mjs";

/** @typedef {import("../python/client.mjs").Draft} Draft */
/** @typedef {import("../python/client.mjs").Finding} Finding */
/** @typedef {{ key: string, text: string, fix: { label: string, press: () => void } | null }} Remark what is said at a question */

/** How long, in milliseconds, typing must rest before the state of the review is read out. */
const REST = 1_000;

/**
 * Return the findings that the list shows. A missing word is a chip in the email already.
 *
 * @param {Finding[]} findings
 */
export function listed(findings) {
  return findings.filter(({ rule }) => rule !== "missing");
}

export class Review {
  #element;
  #word;
  #nameOf;
  #show;
  #mend;
  #at;
  /** @type {Draft | null} */
  #draft = null;
  /** @type {Finding[]} what others found */
  #remarks = [];
  /** @type {Set<string>} the rules whose reason is shown */
  #asked = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;

  /**
   * @param {HTMLElement} element
   * @param {object} around
   * @param {(key: string) => string} around.word
   * @param {(other: number) => string} around.nameOf what one of the other people is called
   * @param {(finding: Finding) => void} around.show called to show the words that a finding means
   * @param {(finding: Finding) => boolean} around.mend called to put them right; says whether it could be done
   * @param {(remarks: Remark[]) => void} around.at called with what is to stand at questions
   */
  constructor(element, { word, nameOf, show, mend, at }) {
    this.#element = element;
    this.#word = word;
    this.#nameOf = nameOf;
    this.#show = show;
    this.#mend = mend;
    this.#at = at;
  }

  /** @param {AbortSignal} signal */
  connect(signal) {
    this.#element.addEventListener("click", (event) => this.#pressed(event), { signal });
    signal.addEventListener("abort", () => clearTimeout(this.#resting));
  }

  /** All findings, in the order that the list's buttons count them: Python's, then those of others, which may know a fix for the same words. */
  get #findings() {
    /** @param {Finding} one */
    const better = ({ level, mend, part, start, end }) => level === "tells" && mend === null && this.#remarks.some((other) => other.part === part && other.start === start && other.end === end);
    return [...(this.#draft?.findings ?? []).filter((one) => !better(one)), ...this.#remarks];
  }

  /** @param {Event} event */
  #pressed(event) {
    const { mend, show, why } = /** @type {Element} */ (event.target).closest("button")?.dataset ?? {};
    if (why) {
      if (!this.#asked.delete(why)) this.#asked.add(why);
      return this.#showFindings();
    }
    const finding = this.#findings[Number(mend ?? show)];
    if (!finding?.part) return;
    if (mend === undefined) this.#show(finding);
    else if (this.#mend(finding)) find(this.#element, ".ef-review-title").focus();
  }

  /** Take what others found in an email. @param {Finding[]} remarks @param {Draft | null} draft */
  remark(remarks, draft) {
    this.#remarks = remarks;
    if (draft) this.show(draft);
  }

  /** @param {Draft} draft */
  show(draft) {
    this.#draft = draft;
    this.#showFindings();
    this.#showAlike(draft);
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#sayState(draft), REST);
  }

  /** @param {Draft} draft */
  #sayState(draft) {
    const worth = listed(this.#findings).filter(({ level, rule }) => ["blocks", "warns"].includes(level) || rule === "proofreading");
    const typed = draft.segments.body.some(([kind]) => kind === "filled");
    const [first] = worth;
    const mend = first?.part && first.mend ? { words: draft[first.part].slice(first.start, first.end).trim(), mend: first.mend.trim() } : null;
    const one = mend?.words && mend.mend ? put(this.#word("review_one_mend"), mend) : this.#word("review_one");
    const some = worth.length > 1 ? put(this.#word("review_some"), { count: worth.length }) : one;
    say(find(this.#element, "[data-part=review-state]"), worth.length ? some : typed ? this.#rest(draft) : "");
    this.#remarkAt(worth, draft);
  }

  /** What there is to say without a remark. @param {Draft} draft */
  #rest({ missing: { length: count } }) {
    return count > 1 ? put(this.#word("person_gaps"), { count }) : this.#word(count ? "person_gap" : "review_none");
  }

  /** Hand each remark to the question that its words come from. @param {Finding[]} worth @param {Draft} draft */
  #remarkAt(worth, draft) {
    /** @type {Map<string, Finding>} */
    const remarks = new Map();
    for (const finding of worth) {
      let end = 0;
      const [, , key = ""] = (finding.part && draft.segments[finding.part].find(([, text]) => (end += text.length) > finding.start)) || [];
      if (key && !remarks.has(key)) remarks.set(key, finding);
    }
    this.#at([...remarks].map(([key, finding]) => ({ key, text: finding.message, fix: this.#fix(finding) })));
  }

  /** Show which other email is the same, beside this one. @param {Draft} draft */
  #showAlike(draft) {
    const place = find(this.#element, "[data-part=alike]");
    const alike = draft.alike.map((one) => sideBySide(one, this.#nameOf(one.other), this.#word));
    if (holds(place, alike)) return;
    const open = [...place.querySelectorAll("details")].map((one) => one.open);
    place.replaceChildren(...alike);
    for (const [index, one] of place.querySelectorAll("details").entries()) one.open = open[index] ?? false;
  }

  #showFindings() {
    const target = find(this.#element, "[data-part=findings]");
    const findings = this.#findings;
    // Which other email is the same is shown beside this list.
    const shown = listed(findings).filter(({ rule }) => rule !== "same-as-another");
    const nodes = shown.length ? [make("ul", { class: "ef-findings" }, ...shown.map((one) => this.#item(one, findings.indexOf(one))))] : [];
    if (holds(target, nodes)) return;
    // A list may change under somebody's hands: they stay at the same button.
    const focused = [...target.querySelectorAll("button")].findIndex((one) => one === document.activeElement);
    target.replaceChildren(...nodes);
    if (focused >= 0) target.querySelectorAll("button")[focused]?.focus({ preventScroll: true });
  }

  /** What puts a finding's words right; null where only the writer can tell. @param {Finding} finding */
  #fix(finding) {
    if (finding.mend === null) return null;
    const label = finding.mend ? put(this.#word("mend_with"), { words: finding.mend.trim() }) : this.#word("mend_remove");
    return { label, press: () => this.#mend(finding) };
  }

  /**
   * @param {Finding} finding
   * @param {number} index its place among all findings
   */
  #item(finding, index) {
    const { level, message, part, rule, source, why } = finding;
    const label = make("b", level === "blocks" ? {} : { class: "ef-unseen" }, `${this.#word(`level_${level}`)}:`);
    const fix = this.#fix(finding);
    const reason = level === "good" ? [] : [...(why ? [`${why} `] : []), ...(source ? [this.#source(source)] : [])];
    const asked = this.#asked.has(rule);
    const actions = [
      ...(fix ? [make("button", { type: "button", "data-mend": String(index) }, fix.label)] : []),
      ...(part ? [make("button", { type: "button", "data-show": String(index) }, this.#word("show_words"))] : []),
      ...(reason.length ? [make("button", { type: "button", "data-why": rule, "aria-expanded": String(asked) }, this.#word("why"))] : []),
    ];
    const line = make("p", {}, label, " ", message, ...actions.flatMap((action) => [" ", action]));
    const because = asked && reason.length ? [make("p", { class: "ef-why" }, ...reason)] : [];
    return make("li", { class: `ef-finding ef-${level}`, "data-rule": rule, "data-level": level }, line, ...because);
  }

  /** @param {{ name: string, url: string }} one */
  #source(one) {
    const [before = "", after = ""] = this.#word("source").split("{name}");
    const name = one.url ? make("a", { href: one.url, rel: "noopener noreferrer external", target: "_blank" }, one.name) : one.name;
    return make("span", { class: "ef-source" }, before, name, after);
  }
}
