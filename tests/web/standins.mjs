/** What a module of the page needs of a browser: as little as it takes, so that a test sees the module alone. */

/** One kind of storage; `refuse` makes it raise errors, as a browser does that blocks it or has no room. */
export class Storage {
  /** @type {Map<string, string>} */
  #entries = new Map();
  /** @type {string} the name of the error */
  refuse = "";

  #open() {
    if (this.refuse) throw new DOMException("refused", this.refuse);
    return this.#entries;
  }

  /** @param {string} name */
  getItem(name) {
    return this.#open().get(name) ?? null;
  }

  /** @param {string} name @param {string} text */
  setItem(name, text) {
    this.#open().set(name, text);
  }

  /** @param {string} name */
  removeItem(name) {
    this.#open().delete(name);
  }

  /** All that is kept, read. */
  get contents() {
    return [...this.#entries.values()].map((text) => JSON.parse(text));
  }
}

export const sessionStorage = new Storage();
export const localStorage = new Storage();

const page = Object.assign(new EventTarget(), {
  sessionStorage,
  localStorage,
  setTimeout: globalThis.setTimeout,
});

Object.assign(globalThis, {
  window: page,
  document: new EventTarget(),
  self: globalThis,
  customElements: { whenDefined: () => new Promise(() => {}) },
});
if (!("navigator" in globalThis)) Object.assign(globalThis, { navigator: {} });

/** Have the page do what a browser tells it. @param {string} kind */
export function happens(kind) {
  page.dispatchEvent(new Event(kind));
}
