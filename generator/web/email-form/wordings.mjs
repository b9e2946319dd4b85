/** Which of an email's wordings is shown: what was chosen here, earlier in this visit, or by a link. */

import * as visit from "../visit.mjs";

/** @typedef {import("../host.mjs").Wording} Wording */

export class Wordings {
  #form;
  #all;

  /** @param {HTMLElement} form the whole form @param {Wording[]} all */
  constructor(form, all) {
    this.#form = form;
    this.#all = all;
  }

  /** What the chosen wording is kept under. */
  get place() {
    return `${location.pathname}#${this.#form.id}`;
  }

  /** What the text of the wording that is shown is kept under. */
  get text() {
    return this.texts[this.index] ?? "";
  }

  /** What the texts of the wordings are kept under, where somebody changes them by hand. */
  get texts() {
    return this.#all.map((wording) => `text of ${this.place} ${this.#nameOf(wording)}`);
  }

  /** The number of the wording that is chosen; -1 where there is nothing to choose from. */
  get #checked() {
    const option = /** @type {HTMLInputElement | null} */ (this.#form.querySelector(".ef-wordings :checked"));
    return Number(option?.value ?? -1);
  }

  get index() {
    return Math.max(this.#checked, 0);
  }

  get shown() {
    const wording = /** @type {Wording} */ (this.#all[this.index]);
    const asked = /** @type {HTMLSelectElement | null} */ (this.#form.querySelector("[data-part=situation]"));
    return asked ? { ...wording, situation: asked.value } : wording;
  }

  /** Whether a control asks what a draft of one's own is for. @param {Element} control */
  asks(control) {
    return control.matches("[data-part=situation]");
  }

  /** What a link calls the wording that is shown; empty where there is only one. */
  get name() {
    const chosen = this.#all[this.#checked];
    return chosen ? this.#nameOf(chosen) : "";
  }

  /** @param {Element} control */
  owns(control) {
    return control.matches(".ef-wordings *");
  }

  /** Keep the choice for this visit. */
  keep() {
    visit.choose(this.place, this.name);
  }

  /** Show what was chosen earlier in this visit. */
  recall() {
    this.choose(visit.wording(this.place));
  }

  /** Show the wording of this name; the name of a page is its first. @param {string} name */
  choose(name) {
    const sought = name.toLowerCase();
    /** @param {(wording: Wording) => string} called */
    const find = (called) => this.#all.findIndex((wording) => called(wording).toLowerCase() === sought);
    const exact = find((wording) => this.#nameOf(wording));
    const index = sought ? (exact < 0 ? find(({ situation }) => situation) : exact) : -1;
    const option = this.#form.querySelector(`.ef-wordings [value="${index}"]`);
    if (option instanceof HTMLInputElement && !option.checked) option.checked = true;
    else if (option instanceof HTMLOptionElement && !option.selected) option.selected = true;
    else return;
    option.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** A wording is called by itself, and by the page of its email where the form has several. @param {Wording} wording */
  #nameOf({ name, situation }) {
    const several = new Set(this.#all.map((one) => one.situation)).size > 1;
    return several ? [situation, name].filter(Boolean).join("/") : name;
  }
}
