/**
 * <email-form>: brings a server-rendered sample email to life.
 *
 * Owns the page: fields, focus, preview, clipboard. What the email says is Python's alone: until the engine has
 * answered, the preview only mirrors what is typed, and nothing is copied from the mirror.
 */

import * as client from "./client.mjs";
import * as visit from "./visit.mjs";

/** @typedef {["text" | "filled" | "missing", string, string]} Segment kind, text, field name */
/** @typedef {{ text: string } | { key: string, name: string } | { passage: Part[] }} Part a piece of the sample */
/** @typedef {"subject" | "body"} Side */
/** @typedef {{ key: string, name: string, id: string }} Field */
/** @typedef {{ name: string, template: string, fields: string[] }} Wording */
/** @typedef {{ wordings: Wording[], fields: Field[], words: Record<string, string>, engine: import("./worker.mjs").Manifest | null }} Data */
/**
 * @typedef {object} Draft what Python made of the template and the typed values
 * @property {"draft"} type
 * @property {string} subject
 * @property {string} body
 * @property {string} html
 * @property {string[]} missing
 * @property {Record<Side, Segment[]>} segments
 * @property {{ field: string, count: number }[]} removed
 */

/**
 * Put `{parts}` into a text of the interface.
 *
 * @param {string} text
 * @param {Record<string, string | number>} parts
 */
function put(text, parts) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in parts ? String(parts[name]) : whole));
}

/**
 * Read the sample back from the page: what the server wrote is the only copy of it.
 *
 * @param {Element} element
 * @returns {Part[]}
 */
function readParts(element) {
  return [...element.childNodes].map((node) => {
    if (!(node instanceof HTMLElement)) return { text: node.textContent ?? "" };
    if (node.dataset.key !== undefined) return { key: node.dataset.key, name: node.dataset.name ?? "" };
    return { passage: readParts(node) };
  });
}

/**
 * Follow typing without Python: raw values in the sample's slots.
 *
 * @param {Part[]} parts
 * @param {Map<string, string>} values
 * @returns {Segment[]}
 */
function mirror(parts, values) {
  return parts.flatMap((part) => {
    if ("text" in part) return [/** @type {Segment} */ (["text", part.text, ""])];
    if ("passage" in part) return mirror(part.passage, values);
    const value = values.get(part.key) ?? "";
    return [/** @type {Segment} */ (value.trim() ? ["filled", value, part.name] : ["missing", `[${part.name}]`, part.name])];
  });
}

class EmailForm extends HTMLElement {
  /** @type {Data | null} */
  #data = null;
  /** @type {Record<Side, Part[]>[]} the sample of each wording */
  #samples = [];
  #wording = 0;
  /** Counts changes, so that an answer to an older state is known as such. */
  #version = 0;
  /** @type {Draft | null} */
  #draft = null;
  #draftVersion = -1;
  /** The version for which the person was told what is missing. */
  #warnedVersion = -1;
  /** @type {(() => void)[]} called when the draft is up to date or the engine has failed */
  #settled = [];
  #connection = new AbortController();

  connectedCallback() {
    this.#data ??= this.#read();
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    client.connect(this.#data.engine, () => this.#showState(), signal);
    for (const kind of ["pointerover", "focusin", "touchstart"]) {
      this.addEventListener(kind, () => client.start(), { once: true, passive: true, signal });
    }
    const form = this.#part("form");
    form.addEventListener("submit", (event) => event.preventDefault(), { signal });
    form.addEventListener("input", (event) => this.#typed(event), { signal });
    form.addEventListener("change", (event) => this.#typed(event), { signal });
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    for (const radio of this.querySelectorAll(".ef-wordings input")) {
      radio.addEventListener("change", () => this.#switch(Number(/** @type {HTMLInputElement} */ (radio).value)), { signal });
    }
    // Back and reload may bring typed text back without any event.
    window.addEventListener("pageshow", () => this.#changed(), { signal });
    visit.subscribe((changed) => this.#refill(changed), signal);
    this.#recall();
    const checked = /** @type {HTMLInputElement | null} */ (this.querySelector(".ef-wordings input:checked"));
    this.#switch(Number(checked?.value ?? 0));
    this.#showState();
    if (this.dataset.early !== undefined) this.#startWhenIdle();
  }

  disconnectedCallback() {
    this.#connection.abort();
    client.leave(this);
  }

  /** @returns {Data} */
  #read() {
    const data = JSON.parse(this.dataset.form ?? "null");
    this.#samples = [{ subject: readParts(this.#part("[data-part=subject]")), body: readParts(this.#part("[data-part=body]")) }];
    for (const other of this.querySelectorAll("[data-wording]")) {
      this.#samples.push({
        subject: readParts(this.#part("[data-sample=subject]", other)),
        body: readParts(this.#part("[data-sample=body]", other)),
      });
    }
    return data;
  }

  /**
   * @param {string} selector
   * @param {Element} within
   * @returns {HTMLElement}
   */
  #part(selector, within = this) {
    const element = within.querySelector(selector);
    if (!(element instanceof HTMLElement)) throw new Error(`<email-form id="${this.id}"> lacks "${selector}"`);
    return element;
  }

  /** @param {string} key */
  #word(key) {
    return this.#data?.words[key] ?? "";
  }

  /** @param {string} id */
  #control(id) {
    return /** @type {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} */ (this.#part(`[name="${id}"]`));
  }

  #values() {
    return new Map((this.#data?.fields ?? []).map((field) => [field.key, this.#control(field.id).value]));
  }

  /** Put in what was typed on an earlier page of this visit. */
  #recall() {
    for (const field of this.#data?.fields ?? []) {
      const control = this.#control(field.id);
      if (!control.value) control.value = visit.get(field.key) ?? "";
      // Typed before this script ran, or brought back by the browser.
      else if (!visit.has(field.key)) visit.set(field.key, control.value);
    }
  }

  /**
   * Put in values that changed elsewhere: in another tab, by a link, by a button.
   *
   * @param {(key: string) => boolean} changed
   */
  #refill(changed) {
    for (const field of this.#data?.fields ?? []) {
      if (!changed(field.key)) continue;
      this.#control(field.id).value = visit.get(field.key) ?? "";
      this.#mark(field, "");
    }
    this.#changed();
  }

  #startWhenIdle() {
    const connection = /** @type {{ saveData?: boolean } | undefined} */ (Reflect.get(navigator, "connection"));
    if (connection?.saveData) return;
    const start = () => {
      if (!this.#connection.signal.aborted) client.start();
    };
    if ("requestIdleCallback" in window) window.requestIdleCallback(start);
    else setTimeout(start, 200);
  }

  /** @param {Event} event */
  #typed(event) {
    const control = /** @type {HTMLInputElement} */ (event.target);
    const field = this.#data?.fields.find(({ id }) => id === control.name);
    if (!field) return;
    visit.set(field.key, control.value);
    this.#mark(field, "");
    client.start();
    this.#changed();
  }

  /** @param {number} index */
  #switch(index) {
    this.#wording = index;
    const shown = new Set(this.#data?.wordings[index]?.fields);
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".ef-field"))) {
      element.hidden = !shown.has(element.dataset.key ?? "");
    }
    for (const [number, facts] of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".ef-facts")).entries()) {
      facts.hidden = number !== index;
    }
    for (const set of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(".ef-questions fieldset"))) {
      set.hidden = !set.querySelector(".ef-field:not([hidden])");
    }
    this.#changed();
  }

  /** Something changed: show it at once, and have Python say what the email is now. */
  #changed() {
    this.#version += 1;
    this.#part("[data-part=problem]").replaceChildren();
    if (client.state() !== "ready") {
      const values = this.#values();
      for (const side of /** @type {Side[]} */ (["subject", "body"])) {
        const parts = this.#samples[this.#wording]?.[side] ?? [];
        this.#paint(side, mirror(parts, values));
      }
    }
    if (["ready", "loading"].includes(client.state())) this.#queue();
  }

  #queue() {
    void client.queue(this);
  }

  /** Ask Python for the draft of what is typed now. */
  async ask() {
    const version = this.#version;
    const reply = /** @type {Draft | null} */ (
      await client.request({
        type: "fill",
        template: this.#data?.wordings[this.#wording]?.template,
        values: Object.fromEntries(this.#values()),
      })
    );
    if (!reply || version !== this.#version) return;
    this.#draft = reply;
    this.#draftVersion = version;
    this.#paint("subject", reply.segments.subject);
    this.#paint("body", reply.segments.body);
    const [removed] = reply.removed;
    if (removed) this.#say(put(this.#word("removed"), removed));
    this.#settle();
  }

  #settle() {
    for (const resolve of this.#settled.splice(0)) resolve();
  }

  /**
   * @param {Side} side
   * @param {Segment[]} segments
   */
  #paint(side, segments) {
    const nodes = segments.map(([kind, text, name]) => {
      if (kind === "text") return document.createTextNode(text);
      const element = document.createElement(kind === "missing" ? "a" : "span");
      element.className = `ef-${kind}`;
      element.textContent = text;
      const field = this.#data?.fields.find((one) => one.name === name);
      if (element instanceof HTMLAnchorElement && field) element.href = `#${field.id}`;
      return element;
    });
    this.#part(`[data-part=${side}]`).replaceChildren(...nodes);
  }

  #showState() {
    const state = client.state();
    if (this.dataset.state === "loading" && state !== "loading") this.#say("");
    this.dataset.state = state;
    const failure = this.#part("[data-part=failure]");
    failure.replaceChildren();
    if (state === "loading") this.#say(this.#word("loading"));
    if (state === "ready" && this.#draftVersion !== this.#version) this.#queue();
    if (state !== "failed") return;
    const words = document.createElement("p");
    const reason = this.#word(`failed_${client.reason()}`);
    words.textContent = `${this.#word("failed")} ${reason}`;
    const retry = document.createElement("button");
    retry.type = "button";
    retry.className = "md-button";
    retry.dataset.retry = "";
    retry.textContent = this.#word("retry");
    failure.replaceChildren(words, retry);
    this.#settle();
  }

  /** @param {string} text */
  #say(text) {
    this.#part("[data-part=status]").textContent = text;
  }

  /** @param {Event} event */
  #clicked(event) {
    const target = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("a, button"));
    if (!target) return;
    if (target.dataset.copy) {
      // The second half of a double click is no deliberate second press.
      if (/** @type {MouseEvent} */ (event).detail < 2) void this.#copy(target);
    } else if (target.dataset.retry !== undefined) {
      client.retry();
      this.#part("[data-part=status]").focus();
    } else if (target instanceof HTMLAnchorElement) {
      const id = target.hash.slice(1);
      const destination = id ? this.querySelector(`[id="${id}"]`) : null;
      if (!(destination instanceof HTMLElement)) return;
      event.preventDefault();
      event.stopPropagation(); // Material would make a history entry of it
      this.#goTo(destination);
    }
  }

  /** @param {HTMLElement} element */
  #goTo(element) {
    // The label belongs in view, not only the field under it.
    (element.closest(".ef-field") ?? element).scrollIntoView({ block: "start" });
    element.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} button */
  async #copy(button) {
    const side = button.dataset.copy === "subject" ? "subject" : "body";
    client.start();
    const waits = this.#draftVersion !== this.#version;
    if (waits) {
      if (client.state() !== "ready") this.#say(this.#word("copy_waits"));
      this.#queue();
      await new Promise((resolve) => this.#settled.push(() => resolve(undefined)));
    }
    const draft = this.#draft;
    if (!draft || this.#draftVersion !== this.#version) return;
    const missing = [...new Set(draft.segments[side].filter(([kind]) => kind === "missing").map(([, , name]) => name))];
    if (missing.length && this.#warnedVersion !== this.#version) {
      this.#warnedVersion = this.#version;
      this.#warn(missing, button);
      return;
    }
    this.#part("[data-part=problem]").replaceChildren();
    const done = await this.#write(draft, side);
    if (done) this.#say(this.#word(side === "body" ? "copied_email" : "copied_subject"));
    // A browser lets a page copy only shortly after a press: after a long wait it takes another one.
    else this.#say(this.#word(waits ? "copy_ready" : "copy_failed"));
  }

  /**
   * Put the text on the clipboard, as plain text and as HTML.
   *
   * @param {Draft} draft
   * @param {Side} side
   */
  async #write(draft, side) {
    const text = draft[side];
    const plain = new Blob([text], { type: "text/plain" });
    try {
      if (side === "subject") await navigator.clipboard.writeText(text);
      else await navigator.clipboard.write([new ClipboardItem({ "text/plain": plain, "text/html": new Blob([draft.html], { type: "text/html" }) })]);
      return true;
    } catch {
      // Refused, or not there at all (a page without https): mark the text, so that one more key copies it.
      window.getSelection()?.selectAllChildren(this.#part(`[data-part=${side}]`));
      return false;
    }
  }

  /**
   * Say what is still missing, with a link to each field.
   *
   * @param {string[]} missing
   * @param {HTMLElement} button
   */
  #warn(missing, button) {
    const title = document.createElement("p");
    title.className = "ef-problem-title";
    title.textContent = this.#word("missing_title");
    const list = document.createElement("ul");
    for (const name of missing) {
      const field = this.#data?.fields.find((one) => one.name === name);
      if (!field) continue;
      const link = document.createElement("a");
      link.href = `#${field.id}`;
      link.textContent = put(this.#word("missing_one"), { name });
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
      this.#mark(field, put(this.#word("missing_one"), { name }));
    }
    const again = document.createElement("p");
    again.textContent = put(this.#word("missing_again"), { button: button.textContent?.trim() ?? "" });
    const box = this.#part("[data-part=problem]");
    box.replaceChildren(title, list, again);
    box.tabIndex = -1;
    box.focus();
  }

  /**
   * Show or take away the message at a field.
   *
   * @param {Field} field
   * @param {string} message
   */
  #mark(field, message) {
    const control = this.#control(field.id);
    const error = this.#part(`[id="${field.id}-error"]`);
    error.hidden = !message;
    error.textContent = message;
    if (message) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    const hint = this.querySelector(`[id="${field.id}-hint"]`);
    const described = [hint?.id, message && error.id].filter(Boolean).join(" ");
    if (described) control.setAttribute("aria-describedby", described);
    else control.removeAttribute("aria-describedby");
  }
}

/**
 * Keep Material's single keys (n, p, comma, dot: next and previous page) from leaving a page with a form.
 * WCAG 2.2, 2.1.4; typed text would be lost.
 */
window.addEventListener(
  "keydown",
  (event) => {
    const inField = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (inField || event.ctrlKey || event.metaKey || event.altKey || !document.querySelector("email-form")) return;
    if (["n", "p", ",", "."].includes(event.key)) event.stopImmediatePropagation();
  },
  { capture: true },
);

customElements.define("email-form", EmailForm);
