/** What the controls of a form hold, to be put back when a clearing is undone. */

const CONTROLS = ":is(.ef-field, .ef-to) :is(input, textarea, select)";

/** @param {HTMLElement} form @returns {Map<HTMLElement, string>} what each control holds */
export function held(form) {
  const controls = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(CONTROLS));
  return new Map([...controls].map((control) => [control, control.value]));
}

/** Put in what a form held before. @param {HTMLElement} form @param {Map<HTMLElement, string>} values */
export function restore(form, values) {
  for (const control of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(CONTROLS))) {
    const value = values.get(control);
    if (value === undefined || control.value === value) continue;
    control.value = value;
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
