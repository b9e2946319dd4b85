/** What stands against handing an email over: said once, with a link to each place; a second press goes on. */

import { make, put } from "../dom.mjs";
import { listed } from "./review.mjs";

/** @typedef {import("../host.mjs").Field} Field */
/** @typedef {import("../python/client.mjs").Draft} Draft */
/** @typedef {import("../python/client.mjs").Segment} Segment */
/** @typedef {import("../python/client.mjs").Part} Part */
/** @typedef {{ words: string, field?: Field, person?: number }} Stop why an email should not leave yet, and where to mend it */
/** @typedef {{ missing: string[], blocking: string[] }} Lacks what is missing in one person's email, and what blocks it */

export class Stops {
  #box;
  #around;
  /** For which version of the email the person was told. */
  #told = -1;
  /** What the window is called while something stands against the email. */
  #title = "";
  #before = "";

  /**
   * @param {HTMLElement} box where it is said
   * @param {object} around
   * @param {(key: string) => string} around.word
   * @param {import("./questions.mjs").Questions} around.questions
   * @param {import("./people.mjs").People} around.people
   * @param {HTMLElement} around.title of the email
   */
  constructor(box, around) {
    this.#box = box;
    this.#around = around;
  }

  clear() {
    this.#box.replaceChildren();
    if (document.title === this.#title) document.title = this.#before;
    this.#title = "";
  }

  /** The gaps of an email. @param {Segment[]} segments @returns {Stop[]} */
  gaps(segments) {
    const fields = segments.flatMap((segment) => (segment[0] === "missing" ? (this.#around.questions.fieldOf(segment) ?? []) : []));
    return [...new Set(fields)].map((field) => ({ words: put(this.#around.word("missing_one"), { name: field.label }), field }));
  }

  /** What stands against an email. @param {Draft} draft @param {Part[]} parts those that leave @returns {Stop[]} */
  of(draft, parts) {
    const blocking = listed(draft.findings).filter(({ level, part }) => level === "blocks" && (!part || parts.includes(part)));
    return [...this.gaps(parts.flatMap((part) => draft.segments[part])), ...blocking.map(({ message }) => ({ words: message }))];
  }

  /**
   * What stands against all emails of a panel: a gap in one that is not shown counts as well.
   *
   * @param {Draft} draft the one that is shown
   * @param {Lacks[]} others
   * @returns {Stop[]}
   */
  ofAll(draft, others) {
    const { people, questions, word } = this.#around;
    const blocking = listed(draft.findings).flatMap(({ level, message }) => (level === "blocks" ? [message] : []));
    const all = [...others];
    all.splice(people.current, 0, { missing: draft.missing, blocking });
    return all.flatMap((lacks, person) => {
      const called = people.name(person);
      const fields = lacks.missing.flatMap((name) => questions.find(name) ?? []);
      const gaps = fields.map((field) => ({ words: put(word("missing_person"), { person: called, name: field.label }), field, person }));
      const rest = lacks.blocking.map((message) => ({ words: put(word("problem_person"), { person: called, message }), person }));
      return [...gaps, ...rest];
    });
  }

  /**
   * Whether to go on: without stops, or when they were told already.
   *
   * @param {Stop[]} stops
   * @param {HTMLElement} button that was pressed
   * @param {number} version of the email
   */
  pass(stops, button, version) {
    if (stops.length && this.#told !== version) {
      this.#told = version;
      this.#tell(stops, button);
      return false;
    }
    this.clear();
    return true;
  }

  /** @param {Stop[]} stops @param {HTMLElement} button */
  #tell(stops, button) {
    const { people, questions, title, word } = this.#around;
    const items = stops.map(({ words, field, person }) => {
      if (field && (person === undefined || person === people.current)) questions.mark(field, put(word("missing_one"), { name: field.label }));
      if (!field && person === undefined) return make("li", {}, words);
      const link = make("a", { href: `#${field?.id ?? title.id}` }, words);
      if (person !== undefined) link.dataset.person = String(person);
      return make("li", {}, link);
    });
    const label = button.textContent?.trim() ?? "";
    const again = button.dataset.copy ? "missing_again" : "problem_again";
    this.#box.replaceChildren(
      make("p", { class: "ef-problem-title" }, word(stops.every(({ field }) => field) ? "missing_title" : "problem_title")),
      make("ul", {}, ...items),
      make("p", {}, put(word(again), { button: label })),
    );
    if (document.title !== this.#title) this.#before = document.title;
    document.title = this.#title = put(word("title_error"), { title: this.#before });
    this.#box.tabIndex = -1;
    this.#box.focus();
  }
}
