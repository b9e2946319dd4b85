/** The review beside the email: what is good, what to mend, and why. Which findings there are is Python's. */

import { holds, make, put } from "../dom.mjs";

/**
 * @typedef {object} Finding
 * @property {string} rule
 * @property {"blocks" | "warns" | "tells" | "good"} level
 * @property {string} message
 * @property {"" | "subject" | "body"} part
 * @property {number} start
 * @property {number} end
 * @property {string | null} mend what to put in place of the words
 * @property {{ name: string, url: string } | null} source
 */

/**
 * Return the findings that the list shows. A missing word is a chip in the email already.
 *
 * @param {Finding[]} findings
 */
export function listed(findings) {
  return findings.filter(({ rule }) => rule !== "missing");
}

/**
 * Fill the list.
 *
 * @param {HTMLElement} target
 * @param {Finding[]} findings
 * @param {(key: string) => string} word
 */
export function showFindings(target, findings, word) {
  // Which other email is the same is shown beside this list.
  const shown = listed(findings).filter(({ rule }) => rule !== "same-as-another");
  const mend = shown.filter(({ level }) => level !== "good");
  const good = shown.filter(({ level }) => level === "good");
  const open = target.querySelector("details")?.open ?? false;
  const nodes = [];
  if (mend.length) nodes.push(make("ul", { class: "ef-findings" }, ...mend.map((finding) => item(finding, findings.indexOf(finding), word))));
  if (good.length) {
    const list = make("ul", { class: "ef-findings" }, ...good.map((finding) => item(finding, findings.indexOf(finding), word)));
    const details = make("details", {}, make("summary", {}, put(word("level_good"), { count: good.length })), list);
    details.open = open;
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
 * @param {(key: string) => string} word
 */
function item(finding, index, word) {
  const level = finding.level === "good" ? [] : [make("b", {}, `${word(`level_${finding.level}`)}: `)];
  const line = make("p", {}, ...level, finding.message);
  const actions = [];
  if (finding.part) actions.push(make("button", { type: "button", "data-show": String(index) }, word("show_words")));
  if (finding.mend !== null) {
    const text = finding.mend ? put(word("mend_with"), { words: finding.mend.trim() }) : word("mend_remove");
    actions.push(make("button", { type: "button", "data-mend": String(index) }, text));
  }
  if (finding.source && finding.level !== "good") actions.push(source(finding.source, word));
  return make("li", { class: `ef-finding ef-${finding.level}` }, line, ...(actions.length ? [make("p", { class: "ef-finding-actions" }, ...actions)] : []));
}

/**
 * @param {{ name: string, url: string }} one
 * @param {(key: string) => string} word
 */
function source(one, word) {
  const [before = "", after = ""] = word("source").split("{name}");
  const name = one.url ? make("a", { href: one.url, rel: "noopener noreferrer external", target: "_blank" }, one.name) : one.name;
  return make("span", { class: "ef-source" }, before, name, after);
}
