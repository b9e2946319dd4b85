/** The review beside the email: what is good, what to mend, and why. Which findings there are is Python's. */

import { find, holds, make, put, say } from "../dom.mjs";
import { sideBySide } from "./alike.mjs";

/** @typedef {import("../python/client.mjs").Draft} Draft */
/** @typedef {import("../python/client.mjs").Finding} Finding */

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
  /** @type {Draft | null} */
  #draft = null;
  /** @type {Finding[]} what others found */
  #remarks = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;

  /**
   * @param {HTMLElement} element
   * @param {object} around
   * @param {(key: string) => string} around.word
   * @param {(other: number) => string} around.nameOf what one of the other people is called
   * @param {(finding: Finding) => void} around.show called to show the words that a finding means
   * @param {(finding: Finding) => boolean} around.mend called to put them right; says whether it could be done
   */
  constructor(element, { word, nameOf, show, mend }) {
    this.#element = element;
    this.#word = word;
    this.#nameOf = nameOf;
    this.#show = show;
    this.#mend = mend;
  }

  /** @param {AbortSignal} signal */
  connect(signal) {
    this.#element.addEventListener("click", (event) => this.#pressed(event), { signal });
    signal.addEventListener("abort", () => clearTimeout(this.#resting));
  }

  /** All findings, in the order that the list's buttons count them: Python's, then those of others. */
  get #findings() {
    return [...(this.#draft?.findings ?? []), ...this.#remarks];
  }

  /** @param {Event} event */
  #pressed(event) {
    const { mend, show } = /** @type {Element} */ (event.target).closest("button")?.dataset ?? {};
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
    const worth = listed(draft.findings).filter(({ level }) => level === "blocks" || level === "warns");
    const count = worth.length + this.#remarks.length;
    const typed = draft.segments.body.some(([kind]) => kind === "filled");
    const said = count ? put(this.#word("review_some"), { count }) : typed ? this.#word("review_none") : "";
    say(find(this.#element, "[data-part=review-state]"), said);
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
    const mend = shown.filter(({ level }) => level !== "good");
    const good = shown.filter(({ level }) => level === "good");
    /** @param {Finding[]} some */
    const list = (some) => make("ul", { class: "ef-findings" }, ...some.map((finding) => this.#item(finding, findings.indexOf(finding))));
    const nodes = [];
    if (mend.length) nodes.push(list(mend));
    if (good.length) {
      const details = make("details", {}, make("summary", {}, put(this.#word("level_good"), { count: good.length })), list(good));
      details.open = target.querySelector("details")?.open ?? false;
      nodes.push(details);
    }
    if (holds(target, nodes)) return;
    // A list may change under somebody's hands: they stay at the same button.
    const focused = [...target.querySelectorAll("button")].findIndex((one) => one === document.activeElement);
    target.replaceChildren(...nodes);
    if (focused >= 0) target.querySelectorAll("button")[focused]?.focus({ preventScroll: true });
  }

  /**
   * @param {Finding} finding
   * @param {number} index its place among all findings
   */
  #item(finding, index) {
    const level = this.#word(`level_${finding.level}`);
    const line = make("p", {}, ...(finding.level === "good" ? [] : [make("b", {}, `${level}: `)]), finding.message);
    const actions = [];
    if (finding.part) actions.push(make("button", { type: "button", "data-show": String(index) }, this.#word("show_words")));
    if (finding.mend !== null) {
      const text = finding.mend ? put(this.#word("mend_with"), { words: finding.mend.trim() }) : this.#word("mend_remove");
      actions.push(make("button", { type: "button", "data-mend": String(index) }, text));
    }
    if (finding.source && finding.level !== "good") actions.push(this.#source(finding.source));
    return make("li", { class: `ef-finding ef-${finding.level}` }, line, ...(actions.length ? [make("p", { class: "ef-finding-actions" }, ...actions)] : []));
  }

  /** @param {{ name: string, url: string }} one */
  #source(one) {
    const [before = "", after = ""] = this.#word("source").split("{name}");
    const name = one.url ? make("a", { href: one.url, rel: "noopener noreferrer external", target: "_blank" }, one.name) : one.name;
    return make("span", { class: "ef-source" }, before, name, after);
  }
}
