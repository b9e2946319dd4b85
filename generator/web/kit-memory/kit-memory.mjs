/**
 * <kit-memory>: the controls under the questions. Remember what is typed, clear it, begin an email for another
 * company, and pass words on in a link. What is remembered, and how, is in visit.mjs.
 */

import { make, put } from "../dom.mjs";
import { decode, encode } from "./prefill.mjs";
import * as visit from "../visit.mjs";

/** @typedef {{ key: string, name: string, id: string, group: string }} Field */
/** @typedef {{ name: string, situation: string }} Wording */
/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control */

class KitMemory extends HTMLElement {
  #fields = /** @type {Field[]} */ ([]);
  #wordings = /** @type {Wording[]} */ ([]);
  #words = /** @type {Record<string, string>} */ ({});
  /** Takes the last clearing back; gone when the page is left. */
  #undo = /** @type {(() => void) | null} */ (null);
  /** What the notice above the questions says now: it is said once. */
  #said = "";
  /** What a link has done to this form. */
  #link = "";
  /** Said of a link that nothing could be taken from; until the next key. */
  #missed = "";
  /** What the person chose when another tab had changed things; until the next key. */
  #chosen = "";
  #connection = new AbortController();

  connectedCallback() {
    const form = this.#form();
    const data = JSON.parse(form.dataset.form ?? "null");
    this.#fields = data.fields;
    this.#wordings = data.wordings;
    this.#words = data.words;
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    visit.describe(this.#fields);
    visit.watch(() => this.#show(), signal);
    visit.subscribe(() => this.#show(), signal);
    // The form notes first what was typed: its own listener is further in.
    for (const kind of ["input", "change"]) form.addEventListener(kind, (event) => this.#typed(event), { signal });
    form.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.addEventListener("change", (event) => this.#ticked(event), { signal });
    form.addEventListener("change", (event) => this.#switched(event), { signal });
    this.#part("question").addEventListener("keydown", (event) => this.#escape(event), { signal });
    window.addEventListener("hashchange", () => this.#prefill(), { signal });
    // Whoever comes back to a page that was left must not find there what was cleared.
    window.addEventListener("pagehide", () => this.#offerUndo(null), { signal });
    this.#choose(visit.wording(this.#place));
    this.#prefill();
    this.#show();
  }

  disconnectedCallback() {
    this.#connection.abort();
    this.#undo = null;
  }

  /** @returns {HTMLElement} */
  #form() {
    const form = this.closest("email-form");
    if (!(form instanceof HTMLElement)) throw new Error("<kit-memory> stands outside of an <email-form>");
    return form;
  }

  /** What the chosen wording is kept under. */
  get #place() {
    return `${location.pathname}#${this.#form().id}`;
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    const part = this.querySelector(`[data-part="${name}"]`) ?? this.#form().querySelector(`[data-part="${name}"]`);
    if (!(part instanceof HTMLElement)) throw new Error(`<kit-memory> lacks "${name}"`);
    return part;
  }

  /** @param {string} name @returns {HTMLElement} */
  #button(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-do="${name}"]`));
  }

  /** @param {string} key */
  #word(key) {
    return this.#words[key] ?? "";
  }

  /** @param {Field} field */
  #control(field) {
    return /** @type {Control | null} */ (this.#form().querySelector(`[name="${field.id}"]`));
  }

  // ---- what is shown ----

  /** @param {Event} event */
  #typed(event) {
    if (this.contains(/** @type {Node} */ (event.target))) return;
    this.#chosen = "";
    this.#missed = "";
    this.#show();
  }

  #show() {
    const { available, remembering, problem, conflict } = visit.state();
    this.#part("remember").hidden = !available;
    /** @type {HTMLInputElement} */ (this.#button("remember")).checked = remembering;
    const why = available ? problem : "blocked";
    const reason = this.#word({ "": "", full: "remember_full", blocked: "remember_blocked" }[why]);
    if (this.#part("reason").textContent !== reason) this.#part("reason").textContent = reason;
    for (const field of this.#fields) {
      // Of several people, the form shows one at a time.
      this.#mark(field, visit.linked(field.key) && this.#control(field)?.value === visit.answer(field.key));
    }
    if (!this.#fields.some(({ key }) => visit.linked(key))) this.#link = "";
    this.#notice(conflict);
  }

  /**
   * Say above the questions what another tab or a link did.
   *
   * @param {"" | "changed" | "erased"} conflict
   */
  #notice(conflict) {
    const { remembering } = visit.state();
    const changed = [this.#word("other_tab"), remembering ? this.#word("other_tab_waits") : ""].join(" ").trim();
    const question = { "": "", changed, erased: this.#word("other_tab_erased") }[conflict];
    const texts = question ? [question] : [this.#chosen, this.#link, this.#missed].filter(Boolean);
    const notice = this.#part("notice");
    if (texts.join("\n") === this.#said) return;
    this.#said = texts.join("\n");
    notice.classList.toggle("km-choice", question !== "");
    notice.replaceChildren(...texts.map((text) => make("p", {}, text)));
    if (!question) return;
    /** @param {string} action @param {string} word */
    const button = (action, word) => make("button", { type: "button", "data-do": action }, this.#word(word));
    const theirs = button("theirs", conflict === "changed" ? "use_that" : "erase_too");
    notice.append(make("div", { class: "km-buttons" }, theirs, button("mine", "keep_mine")));
  }

  /** Show at a field that a link filled it in. @param {Field} field @param {boolean} linked */
  #mark(field, linked) {
    const label = this.#form().querySelector(`label[for="${field.id}"]`);
    const old = label?.querySelector(".km-linked");
    if (!label || linked === Boolean(old)) return;
    old?.remove();
    if (!linked) return;
    label.append(" ", make("span", { class: "km-linked" }, `(${this.#word("link_mark")})`));
  }

  /** @param {string} text */
  #say(text) {
    this.#part("done").textContent = text;
  }

  /** @param {(() => void) | null} undo */
  #offerUndo(undo) {
    this.#undo = undo;
    this.#button("undo").hidden = !undo;
  }

  // ---- what is pressed ----

  /** @param {Event} event */
  #ticked(event) {
    const box = /** @type {HTMLInputElement} */ (event.target);
    if (box.dataset.do !== "remember") return;
    this.#say("");
    visit.remember(box.checked);
    if (!box.checked && !visit.state().problem) this.#say(this.#word("remember_off"));
  }

  /** @param {Event} event */
  #switched(event) {
    if (!(/** @type {Element} */ (event.target).matches(".ef-wordings *"))) return;
    const wording = this.#shown();
    if (wording) visit.choose(this.#place, this.#name(wording));
  }

  /** @param {Event} event */
  #clicked(event) {
    const button = /** @type {Element} */ (event.target).closest("button");
    switch (button?.dataset.do) {
      case "clear":
        this.#ask(true);
        break;
      case "clear-no":
        this.#ask(false);
        break;
      case "clear-yes":
        this.#ask(false);
        this.#wipe(() => visit.clear(), "cleared");
        break;
      case "another":
        this.#wipe(() => visit.another(JSON.parse(this.dataset.companies ?? "[]")), "another_done");
        break;
      case "undo":
        this.#takeBack();
        break;
      case "link":
        void this.#copyLink();
        break;
      case "theirs":
      case "mine":
        this.#chosen = this.#word(button.dataset.do === "mine" ? "kept_mine" : "used_that");
        visit.settle(button.dataset.do);
        // The button is gone: the focus goes where the question was.
        this.#part("notice").tabIndex = -1;
        this.#part("notice").focus();
        break;
      default:
    }
  }

  /** @param {boolean} open */
  #ask(open) {
    this.#part("question").hidden = !open;
    this.#say("");
    this.#button(open ? "clear-no" : "clear").focus();
  }

  /** @param {KeyboardEvent} event */
  #escape(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#ask(false);
  }

  /**
   * Take words away, in a way that can be undone.
   *
   * @param {() => () => void} work
   * @param {string} word what to say afterwards
   */
  #wipe(work, word) {
    const undo = work();
    this.#forgetAddress();
    this.#offerUndo(undo);
    const { problem } = visit.state();
    this.#say(problem ? "" : this.#word(word));
    this.#part("done").focus();
  }

  #takeBack() {
    const undo = this.#undo;
    this.#offerUndo(null);
    undo?.();
    this.#say(this.#word("undone"));
    this.#part("done").focus();
  }

  // ---- links that carry words ----

  /** Words in the address would be back after a reload. */
  #forgetAddress() {
    if (location.hash.includes("=")) history.replaceState(history.state, "", location.pathname + location.search);
  }

  #prefill() {
    if (!location.hash.includes("=")) return;
    const { email, values, unknown } = decode(location.hash, this.#fields.map(({ key }) => key));
    for (const field of this.#fields) {
      const control = this.#control(field);
      const value = values.get(field.key);
      // A list takes only what it offers.
      if (value !== undefined && control instanceof HTMLSelectElement) {
        if (![...control.options].some((option) => option.value === value)) values.delete(field.key);
      }
    }
    const stayed = visit.fill(values);
    const count = [...values.keys()].filter((key) => visit.linked(key)).length;
    this.#link = count ? put(this.#word("link_filled"), { count }) : "";
    this.#missed = !values.size && unknown ? this.#word("link_nothing") : "";
    if (count && stayed) this.#link += ` ${put(this.#word("link_stayed"), { count: stayed })}`;
    this.#choose(email);
    this.#show();
  }

  /** What a link calls a wording: by itself, and by the page of its email where the form has several. @param {Wording} wording */
  #name({ name, situation }) {
    const several = new Set(this.#wordings.map((one) => one.situation)).size > 1;
    return several ? [situation, name].filter(Boolean).join("/") : name;
  }

  /** Show the wording that a link names; the name of a page is its first. @param {string} name */
  #choose(name) {
    const sought = name.toLowerCase();
    /** @param {(wording: Wording) => string} called */
    const find = (called) => this.#wordings.findIndex((wording) => called(wording).toLowerCase() === sought);
    const exact = find((wording) => this.#name(wording));
    const index = sought ? (exact < 0 ? find(({ situation }) => situation) : exact) : -1;
    const option = this.#form().querySelector(`.ef-wordings [value="${index}"]`);
    if (option instanceof HTMLInputElement && !option.checked) option.checked = true;
    else if (option instanceof HTMLOptionElement && !option.selected) option.selected = true;
    else return;
    option.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** The wording that is shown, where the form has several. */
  #shown() {
    const checked = /** @type {HTMLInputElement | null} */ (this.#form().querySelector(".ef-wordings :checked"));
    return this.#wordings[Number(checked?.value ?? -1)];
  }

  async #copyLink() {
    const values = /** @type {Map<string, string>} */ (new Map());
    for (const field of this.#fields) {
      const control = this.#control(field);
      if (field.group === "you" || !control?.value.trim() || control.closest("[hidden]")) continue;
      values.set(field.key, control.value);
    }
    const wording = this.#shown();
    const { fragment, taken, left } = encode(wording ? this.#name(wording) : "", values);
    if (!taken) {
      this.#say(this.#word("copy_link_empty"));
      return;
    }
    const link = `${location.origin}${location.pathname}#${fragment}`;
    const cut = left ? ` ${put(this.#word("copy_link_cut"), { count: left })}` : "";
    try {
      await navigator.clipboard.writeText(link);
      this.#say(put(this.#word("copy_link_done"), { count: taken }) + cut);
    } catch {
      this.#say(`${this.#word("copy_link_failed")} ${link}${cut}`);
    }
  }
}

customElements.define("kit-memory", KitMemory);
