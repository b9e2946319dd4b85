/** The people of a panel: what was typed for each, and whose email is shown. */

import { put } from "../dom.mjs";
import * as visit from "../visit.mjs";

/** @typedef {import("../host.mjs").Field} Field */
/** @typedef {Map<string, string>} Values what was typed for one person, by field key */

export class People {
  #fields;
  #texts;
  #word;
  #keeps;
  /** @type {Values[]} */
  #all = [new Map()];
  current = 0;

  /**
   * @param {Field[]} fields of the form
   * @param {(key: string) => string} word
   * @param {string[]} texts what emails changed by hand are kept under: each person has their own
   * @param {boolean} keeps whether what they say is kept for this visit
   */
  constructor(fields, word, texts, keeps) {
    /** What each person has an answer of their own for, their name first. */
    this.#fields = fields.filter(({ each }) => each).sort((one, other) => Number(other.person) - Number(one.person));
    this.#texts = texts;
    this.#word = word;
    this.#keeps = keeps;
  }

  /** All that is kept for each person. */
  get #keys() {
    return [...this.#fields.map(({ key }) => key), ...this.#own];
  }

  /** What is kept for each person and is no answer. */
  get #own() {
    return [...this.#texts, visit.ADDRESS, visit.SENT];
  }

  /** What is kept of a person, such as what their email was changed to by hand; empty if it was not. @param {string} text what it is kept under @param {number} [index] */
  own(text, index = this.current) {
    return this.#all[index]?.get(text) ?? "";
  }

  /** Note it for the person whose email is shown. @param {string} text what it is kept under @param {string} value */
  noteOwn(text, value) {
    this.#all[this.current]?.set(text, value);
    if (this.#keeps) visit.setAnswer(text, value, this.current);
  }

  /** What is kept of the other people. @param {string} text what it is kept under */
  othersOwn(text) {
    return this.#all.flatMap((_, index) => (index === this.current ? [] : [this.own(text, index)]));
  }

  get fields() {
    return this.#fields;
  }

  get count() {
    return this.#all.length;
  }

  /** Whether there is room for one more. */
  get full() {
    return this.count >= visit.MOST_PEOPLE;
  }

  /** What was typed for the person whose email is shown. @param {Field} field */
  answer(field) {
    return this.#all[this.current]?.get(field.key) ?? "";
  }

  /** Note what was typed for the person whose email is shown. @param {Field} field @param {string} value */
  note(field, value) {
    this.#all[this.current]?.set(field.key, value);
  }

  /** What a person is called: by the field of their name, else by number. @param {number} index */
  name(index) {
    const key = this.#fields.find(({ person }) => person)?.key ?? "";
    return this.#all[index]?.get(key)?.trim() || put(this.#word("person"), { number: index + 1 });
  }

  /**
   * The values for the email to each other person: what is theirs, and what all have in common.
   *
   * @param {Values} values those of the email that is shown
   */
  others(values) {
    const common = new Map(values);
    for (const key of this.#keys) common.delete(key);
    const theirs = (/** @type {Values} */ own) => [...own].filter(([key]) => !this.#own.includes(key));
    return this.#all.filter((_, index) => index !== this.current).map((own) => Object.fromEntries([...common, ...theirs(own)]));
  }

  add() {
    this.#all.push(new Map());
    this.current = this.count - 1;
    this.#keep();
  }

  /** @returns {() => void} undoes it */
  remove() {
    const index = this.current;
    const removed = this.#all.splice(index, 1);
    this.current = Math.min(index, this.count - 1);
    this.#keep();
    return () => {
      if (this.full) return;
      this.current = Math.min(index, this.count);
      this.#all.splice(this.current, 0, ...removed);
      this.#keep();
    };
  }

  /** Take in what the visit knows; the first person's answers are in the form. @param {(field: Field) => string} first */
  recall(first) {
    this.#resize();
    for (const key of this.#keys) {
      const field = this.#fields.find((one) => one.key === key);
      this.#all.forEach((values, person) => {
        const value = person === 0 && field ? first(field) : visit.answer(key, person);
        if (value) values.set(key, value);
      });
    }
  }

  /** Take in what changed elsewhere. @param {visit.Changed} changed */
  refill(changed) {
    if (changed.people()) this.#resize();
    for (const key of this.#keys) {
      this.#all.forEach((values, person) => {
        if (changed.answer(key, person)) values.set(key, visit.answer(key, person) ?? "");
      });
    }
  }

  /** Have as many people as the visit says, and begin with the first. */
  #resize() {
    const count = visit.people();
    this.#all.length = Math.min(this.count, count);
    while (this.count < count) this.#all.push(new Map());
    this.current = 0;
  }

  #keep() {
    visit.setPeople(this.count);
    for (const key of this.#keys) {
      this.#all.forEach((values, person) => visit.setAnswer(key, values.get(key) ?? "", person));
    }
  }
}
