/** The email on the page, word for word: the author's, the typed ones, and the gaps. */

import { find, findAll, holds, make, put, rangeOf } from "../dom.mjs";

/** @typedef {import("../python/client.mjs").Draft} Draft */
/** @typedef {import("../python/client.mjs").Segment} Segment */
/** @typedef {import("../python/client.mjs").Part} Part */

/** How many UTF-16 units of an email the page shows: laying out much more takes a browser half a minute. */
export const VIEW = 20_000;

export class ShownEmail {
  #element;
  #fieldOf;
  #word;

  /**
   * @param {HTMLElement} element
   * @param {object} around
   * @param {(segment: Segment) => import("../host.mjs").Field | undefined} around.fieldOf
   * @param {(key: string) => string} around.word
   */
  constructor(element, { fieldOf, word }) {
    this.#element = element;
    this.#fieldOf = fieldOf;
    this.#word = word;
  }

  get title() {
    return find(this.#element, ".ef-title");
  }

  get paper() {
    return find(this.#element, ".ef-paper");
  }

  /** @param {Part} part */
  #part(part) {
    return find(this.#element, `[data-part=${part}]`);
  }

  /**
   * @param {Part} part
   * @param {Segment[]} segments
   */
  paint(part, segments) {
    const target = this.#part(part);
    let room = VIEW;
    let cut = false;
    const nodes = segments.flatMap((segment) => {
      const [kind, whole] = segment;
      cut ||= whole.length > room;
      if (room <= 0) return [];
      // No half of a character at the end.
      const text = whole.length > room ? whole.slice(0, room).replace(/[\ud800-\udbff]$/, "") : whole;
      room -= whole.length;
      if (kind === "text") return document.createTextNode(text);
      const field = this.#fieldOf(segment);
      const attributes = { class: `ef-${kind}`, "data-key": field?.key ?? "" };
      if (kind === "missing" && field) return make("a", { ...attributes, href: `#${field.id}` }, text);
      return make("span", attributes, text);
    });
    target.toggleAttribute("data-cut", cut);
    find(this.#element, "[data-part=cut]").hidden = !this.paper.querySelector("[data-cut]");
    // What stands there already stays, and with it what a person has selected.
    if (!holds(target, nodes)) target.replaceChildren(...nodes);
  }

  /** Show more of what is filled already without waiting for Python. @param {Map<string, string>} values */
  echo(values) {
    for (const span of findAll(this.#element, ".ef-filled")) {
      const value = values.get(span.dataset.key ?? "");
      if (value?.trim() && value.length < VIEW && span.textContent !== value) span.textContent = value;
    }
  }

  /** Say how long a note is, and may be. @param {Draft["characters"]} characters */
  count(characters) {
    const element = find(this.#element, "[data-part=count]");
    element.hidden = !characters;
    if (!characters) return;
    const over = characters.count > characters.most;
    element.toggleAttribute("data-over", over);
    element.textContent = put(this.#word(over ? "count_over" : "count"), characters);
  }

  /** Select words and bring them into view. @param {Part} part @param {number} start @param {number} end */
  select(part, start, end) {
    const element = this.#part(part);
    const range = this.range(part, start, end);
    const selection = window.getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
    (range.startContainer.parentElement ?? element).scrollIntoView({ block: "center" });
  }

  /** Where words stand. @param {Part} part @param {number} start @param {number} end */
  range(part, start, end) {
    const element = this.#part(part);
    const shown = element.textContent?.length ?? 0;
    return rangeOf(element, Math.min(start, shown), Math.min(end, shown));
  }

  /** Select all, for those who must copy by themselves. @param {Part} part */
  selectAll(part) {
    window.getSelection()?.selectAllChildren(this.#part(part));
  }
}
