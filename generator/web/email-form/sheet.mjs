/** On a phone the email lies over the page as a sheet. The browser's Back takes it away, as its own way back does. */

import { NARROW } from "./peek.mjs";

export class Sheet {
  #form;
  #email;
  /** @type {HTMLElement[]} what lies under the sheet, and is out of reach */
  #under = [];
  /** @type {HTMLElement | null} what had the focus */
  #from = null;
  /** @type {(() => void)[]} called when it is away */
  #closed = [];

  /** @param {HTMLElement} form the whole form @param {HTMLElement} email what becomes the sheet */
  constructor(form, email) {
    this.#form = form;
    this.#email = email;
  }

  /** @param {AbortSignal} signal */
  connect(signal) {
    // Who hears of Back before Material, and tells: generator/pages/theme/partials/watch.js.
    this.#form.addEventListener("back", () => this.#hide(), { signal });
    matchMedia(NARROW).addEventListener("change", ({ matches }) => {
      if (!matches) void this.close();
    }, { signal });
    signal.addEventListener("abort", () => this.#hide());
    this.#email.addEventListener("keydown", ({ key, defaultPrevented }) => {
      if (key === "Escape" && this.isOpen && !defaultPrevented) void this.close();
    }, { signal });
  }

  get isOpen() {
    return this.#form.hasAttribute("data-sheet");
  }

  /** Whether the screen is one for sheets; then it opens. */
  open() {
    if (!matchMedia(NARROW).matches || this.#form.hasAttribute("data-draft")) return false;
    if (this.isOpen) return true;
    this.#from = /** @type {HTMLElement | null} */ (document.activeElement);
    this.#form.dataset.sheet = location.pathname;
    for (let element = this.#email; element !== document.body && element.parentElement; element = element.parentElement) {
      for (const other of element.parentElement.children) {
        if (other === element || !(other instanceof HTMLElement) || other.inert) continue;
        other.inert = true;
        this.#under.push(other);
      }
    }
    history.pushState(history.state, "");
    this.#email.scrollTop = 0;
    return true;
  }

  /** Take it away; what comes after has the page where it was. */
  async close() {
    if (!this.isOpen) return;
    await new Promise((resolve) => {
      this.#closed.push(() => requestAnimationFrame(resolve));
      history.back();
    });
  }

  /** Follow a link to a part of the form, which may lie on the sheet or under it. @param {Event} event @param {HTMLAnchorElement} link */
  follow(event, link) {
    const id = link.hash.slice(1);
    const destination = id ? this.#form.querySelector(`[id="${id}"]`) : null;
    if (!(destination instanceof HTMLElement)) return;
    event.preventDefault();
    event.stopPropagation(); // Material would make a history entry of it
    if (destination.matches(".ef-title") && this.open()) destination.focus();
    else if (this.#email.contains(destination)) this.#go(destination);
    else void this.close().then(() => this.#go(destination));
  }

  /** @param {HTMLElement} destination */
  #go(destination) {
    // The label belongs in view, not only the field under it.
    (destination.closest(".ef-field") ?? destination).scrollIntoView({ block: "start" });
    destination.focus({ preventScroll: true });
  }

  #hide() {
    if (!this.isOpen) return;
    delete this.#form.dataset.sheet;
    for (const element of this.#under.splice(0)) element.inert = false;
    this.#from?.focus({ preventScroll: true });
    for (const closed of this.#closed.splice(0)) closed();
  }
}
