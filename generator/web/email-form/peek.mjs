/** What a phone shows at its lower edge: the sentence that is being written, and how much is filled in. */

import { find, make, put } from "../dom.mjs";

/** @typedef {import("../python/client.mjs").Segment} Segment */

/** Where the style sheet shows it. */
export const NARROW = "(max-width: 59.99em)";

/** How much of an answer is shown: a phone has room for two lines. */
const MOST = 200;

/** A sentence begins behind these and ends with them. */
const BREAK = /[.!?…](?=\s|$)|\n/;

export class Peek {
  #element;
  #around;

  /**
   * @param {HTMLElement} element
   * @param {object} around
   * @param {(key: string) => string} around.word
   * @param {HTMLElement} around.form of the questions
   * @param {HTMLElement} around.email that is shown
   */
  constructor(element, around) {
    this.#element = element;
    this.#around = around;
  }

  /** @param {AbortSignal} signal */
  connect(signal) {
    // Away from the questions, and beside the email itself, it would only take room.
    const { email, form } = this.#around;
    const seen = new Map([[form, true], [email, false]]);
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) seen.set(/** @type {HTMLElement} */ (target), isIntersecting);
      this.#element.toggleAttribute("data-away", !seen.get(form) || Boolean(seen.get(email)));
    }, { rootMargin: "0px 0px -40%" });
    for (const one of seen.keys()) observer.observe(one);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /**
   * @param {() => Segment[]} body what is typed, in the sample
   * @param {string} key of the question that has the focus
   * @param {Map<string, string>} asked the answers; none when the email is the person's own text
   */
  show(body, key, asked) {
    if (!matchMedia(NARROW).matches) return; // no work for what nobody sees, at every key
    if (!asked.size) return this.#say(this.#around.word("own_progress"), []);
    const filled = [...asked.values()].filter((value) => value.trim()).length;
    const words = sentence(body(), key).map(([kind, text]) => (kind === "text" ? text : make("span", { class: `ef-${kind}` }, text.slice(0, MOST))));
    this.#say(put(this.#around.word("progress"), { count: filled, all: asked.size }), words);
  }

  /** @param {string} progress @param {(Node | string)[]} words */
  #say(progress, words) {
    find(this.#element, "[data-part=progress]").textContent = progress;
    find(this.#element, "[data-part=peek]").replaceChildren(...words);
  }
}

/** The sentence in which an answer stands for the first time. @param {Segment[]} segments @param {string} key @returns {Segment[]} */
export function sentence(segments, key) {
  const index = segments.findIndex(([kind, , field]) => kind !== "text" && field === key);
  const own = segments[index];
  if (!key || !own) return [];
  /** @type {Segment[]} */
  const before = [];
  for (const [kind, text, field] of segments.slice(0, index).reverse()) {
    const start = kind === "text" ? lastBreak(text) : 0;
    before.unshift([kind, text.slice(start).replace(/^\s+/, start ? "" : "$&"), field]);
    if (start) break;
  }
  /** @type {Segment[]} */
  const after = [];
  for (const [kind, text, field] of segments.slice(index + 1)) {
    const end = kind === "text" ? text.search(BREAK) : -1;
    after.push([kind, end < 0 ? text : text.slice(0, end + 1).trimEnd(), field]);
    if (end >= 0) break;
  }
  return [...before, own, ...after];
}

/** Where the last sentence of a text begins; 0 if it begins before. @param {string} text */
function lastBreak(text) {
  const breaks = [...text.matchAll(new RegExp(BREAK, "g"))];
  const last = breaks.at(-1);
  return last ? last.index + last[0].length : 0;
}
