/** The questions: what their controls hold, which are asked, and what is said at one of them. */

import { find, findAll, make } from "../dom.mjs";
import { NARROW } from "./peek.mjs";

/** @typedef {import("../host.mjs").Field} Field */
/** @typedef {import("../python/client.mjs").Segment} Segment */
/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control */

/** Whether a control takes one line. @param {HTMLElement} control */
const isLine = (control) => control instanceof HTMLInputElement || control.dataset.line !== undefined;

/** How long an answer grows with its words. */
const GROWS = 3_000;

/** @param {HTMLElement & { value: string }} control @param {number} more characters that are about to come */
const fit = (control, more = 0) => control.toggleAttribute("data-long", control.value.length + more > GROWS);

export class Questions {
  #element;

  /** @param {HTMLElement} element the form of the questions @param {Field[]} fields */
  constructor(element, fields) {
    this.#element = element;
    this.fields = fields;
  }

  /** @param {AbortSignal} signal */
  connect(signal) {
    this.#element.addEventListener("submit", (event) => event.preventDefault(), { signal });
    this.#element.addEventListener("keydown", (event) => this.#enter(event), { signal });
    // A browser brings only the input into view, or no more than its cursor.
    this.#element.addEventListener("focusin", ({ target }) => {
      if (matchMedia(NARROW).matches) /** @type {Element} */ (target).closest(".ef-field")?.scrollIntoView({ block: "nearest" });
    }, { signal });
    this.#element.addEventListener("beforeinput", ({ data, target }) => {
      if (target instanceof HTMLTextAreaElement) fit(target, data?.length);
    }, { signal });
    // Before the form hears of it.
    this.#element.addEventListener("input", ({ target }) => this.#join(target), { signal, capture: true });
  }

  /** Where something may be said above the questions. */
  get notice() {
    return find(this.#element, "[data-part=notice]");
  }

  // --- Fields ---

  /** @param {string} key */
  find(key) {
    return this.fields.find((field) => field.key === key);
  }

  /** The field that words of an email come from. @param {Segment} segment */
  fieldOf([, , key]) {
    return key ? this.find(key) : undefined;
  }

  /** The field of a control. @param {Control} control */
  fieldAt(control) {
    return this.fields.find(({ id }) => id === control.name);
  }

  /** @param {Field} field */
  control({ id }) {
    return /** @type {Control} */ (find(this.#element, `[name="${id}"]`));
  }

  /** A question with all that belongs to it. @param {Field} field */
  box(field) {
    return /** @type {HTMLElement} */ (this.control(field).closest(".ef-field"));
  }

  // --- Answers ---

  values() {
    return new Map(this.fields.map((field) => [field.key, this.control(field).value]));
  }

  /** @param {string} key */
  answer(key) {
    const field = this.find(key);
    return field ? this.control(field).value : "";
  }

  /** The answers to what is asked now. */
  asked() {
    const asked = this.fields.filter((field) => !this.control(field).closest("[hidden]"));
    return new Map(asked.map((field) => [field.key, this.control(field).value]));
  }

  /** Put an answer in, not typed here. @param {Field} field @param {string} value */
  put(field, value) {
    const control = this.control(field);
    control.value = value;
    fit(control);
    this.mark(field, "");
  }

  /** Whether a question can hold a value: a list takes only what it offers. @param {string} key @param {string} value */
  takes(key, value) {
    const field = this.find(key);
    if (!field) return false;
    const control = this.control(field);
    return !(control instanceof HTMLSelectElement) || [...control.options].some((option) => option.value === value);
  }

  /**
   * Put a finding's words right, in the answer that they come from.
   *
   * @param {Segment[]} segments of the part of the email that it is about
   * @param {import("../python/client.mjs").Finding} finding
   * @returns {boolean} whether that could be done
   */
  mend(segments, finding) {
    let position = 0;
    for (const segment of segments) {
      const [kind, text] = segment;
      const start = finding.start - position;
      position += text.length;
      if (start < 0 || start >= text.length || kind !== "filled") continue;
      const field = this.fieldOf(segment);
      if (!field) return false;
      const control = this.control(field);
      control.value = text.slice(0, start) + finding.mend + text.slice(start + finding.end - finding.start);
      control.dispatchEvent(new Event("input", { bubbles: true }));
      return true;
    }
    return false;
  }

  // --- What is shown ---

  /** Ask these and no others. @param {string[]} keys */
  ask(keys) {
    const shown = new Set(keys);
    for (const element of findAll(this.#element, ".ef-field[data-key]")) element.hidden = !shown.has(element.dataset.key ?? "");
    for (const set of findAll(this.#element, "fieldset")) set.hidden = !set.querySelector(".ef-field:not([hidden])");
    const controls = this.#controls();
    for (const control of controls) control.enterKeyHint = control === controls.at(-1) ? "done" : "next";
  }

  /**
   * Show or take away the message at a field.
   *
   * @param {Field} field
   * @param {string} message
   */
  mark(field, message) {
    const control = this.control(field);
    const error = find(this.#element, `[id="${field.id}-error"]`);
    error.hidden = !message;
    error.textContent = message;
    if (message) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    const hint = this.#element.querySelector(`[id="${field.id}-hint"]`);
    const described = [hint?.id, message && error.id, `${field.id}-remark`].filter(Boolean).join(" ");
    control.setAttribute("aria-describedby", described);
  }

  /** Say below questions what the review found in their answers. @param {import("./review.mjs").Remark[]} remarks */
  remark(remarks) {
    for (const field of this.fields) {
      const place = find(this.#element, `[id="${field.id}-remark"]`);
      const remark = remarks.find(({ key }) => key === field.key);
      if (place.dataset.text === (remark?.text ?? "")) continue;
      place.dataset.text = remark?.text ?? "";
      place.hidden = !remark;
      place.textContent = remark?.text ?? "";
      if (!remark?.fix) continue;
      const button = make("button", { type: "button" }, remark.fix.label);
      button.addEventListener("click", () => {
        remark.fix?.press();
        this.control(field).focus();
      });
      place.append(" ", button);
    }
  }

  /** Put something behind a question; nothing takes it away. @param {string} key @param {string} text */
  label(key, text) {
    const label = this.#element.querySelector(`label[for="${this.find(key)?.id}"]`);
    const old = label?.querySelector(".km-linked");
    if (!label || Boolean(text) === Boolean(old)) return;
    old?.remove();
    if (text) label.append(" ", make("span", { class: "km-linked" }, `(${text})`));
  }

  /** The controls of the questions that are asked, in their order. */
  #controls() {
    const all = /** @type {NodeListOf<HTMLInputElement>} */ (
      this.#element.querySelectorAll(".ef-field[data-key] :is(input, textarea, select)")
    );
    return [...all].filter((control) => !control.closest("[hidden]"));
  }

  /** A line that was pasted with breaks in it is one line again, as in a field of one line. @param {EventTarget | null} target */
  #join(target) {
    if (!(target instanceof HTMLTextAreaElement)) return;
    fit(target);
    if (!isLine(target) || !/[\r\n]/.test(target.value)) return;
    const { value, selectionEnd } = target;
    const joined = (/** @type {string} */ text) => text.split(/[\r\n]+/).map((line) => line.trim()).join(" ");
    target.value = joined(value);
    const place = joined(value.slice(0, selectionEnd)).length;
    target.setSelectionRange(place, place);
  }

  /** What the key says on a phone: the next question, or done. @param {KeyboardEvent} event */
  #enter(event) {
    const { target } = event;
    if (event.key !== "Enter" || event.isComposing || !(target instanceof HTMLElement) || !isLine(target)) return;
    const controls = this.#controls();
    const index = controls.indexOf(/** @type {HTMLInputElement} */ (target));
    if (index < 0) return;
    event.preventDefault();
    const next = controls[index + 1];
    if (next) next.focus();
    else target.blur();
  }
}
