/**
 * <kit-memory>: the controls under the questions. Remember what is typed, clear it, begin an email for another
 * company, and pass words on in a link. What is remembered, and how, is in visit.mjs.
 */

import { copy } from "../device/handoff.mjs";
import { find, make, put, say } from "../dom.mjs";
import { hostOf } from "../host.mjs";
import * as visit from "../visit.mjs";
import { decode, encode } from "./prefill.mjs";

/** @typedef {import("../host.mjs").Host} Host */

class KitMemory extends HTMLElement {
  #host = /** @type {Host} */ ({});
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
    this.#host = hostOf(this);
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    visit.watch(() => this.#show(), signal);
    visit.subscribe(() => this.#show(), signal);
    this.#host.events.addEventListener("typed", () => this.#typed(), { signal });
    // What is ticked here is no answer to a question of the form.
    for (const kind of ["input", "change"]) this.addEventListener(kind, (event) => event.stopPropagation(), { signal });
    this.addEventListener("change", (event) => this.#ticked(event), { signal });
    for (const one of [this, this.#host.notice]) one.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.#find("question").addEventListener("keydown", (event) => this.#escape(event), { signal });
    window.addEventListener("hashchange", () => this.#prefill(), { signal });
    // Whoever comes back to a page that was left must not find there what was cleared.
    window.addEventListener("pagehide", () => this.#offerUndo(null), { signal });
    this.#prefill();
    this.#show();
  }

  disconnectedCallback() {
    this.#connection.abort();
    this.#undo = null;
  }

  get #fields() {
    return this.#host.data.fields;
  }

  /** @param {string} key */
  #word(key) {
    return this.#host.word(key);
  }

  /** @param {string} name */
  #find(name) {
    return find(this, `[data-part="${name}"]`);
  }

  /** @param {string} name @returns {HTMLElement} */
  #button(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-do="${name}"]`));
  }

  // ---- what is shown ----

  #typed() {
    this.#chosen = "";
    this.#missed = "";
    this.#show();
  }

  #show() {
    const { available, remembering, problem, conflict } = visit.state();
    this.#find("remember").hidden = !available;
    /** @type {HTMLInputElement} */ (this.#button("remember")).checked = remembering;
    const why = available ? problem : "blocked";
    say(this.#find("reason"), this.#word({ "": "", full: "remember_full", blocked: "remember_blocked" }[why]));
    for (const { key } of this.#fields) {
      // Of several people, the form shows one at a time.
      const linked = visit.linked(key) && this.#host.answer(key) === visit.answer(key);
      this.#host.label(key, linked ? this.#word("link_mark") : "");
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
    const { notice } = this.#host;
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

  /** @param {string} text */
  #say(text) {
    this.#find("done").textContent = text;
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
        this.#host.notice.tabIndex = -1;
        this.#host.notice.focus();
        break;
      default:
    }
  }

  /** @param {boolean} open */
  #ask(open) {
    this.#find("question").hidden = !open;
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
    this.#find("done").focus();
  }

  #takeBack() {
    const undo = this.#undo;
    this.#offerUndo(null);
    undo?.();
    this.#say(this.#word("undone"));
    this.#find("done").focus();
  }

  // ---- links that carry words ----

  /** Words in the address would be back after a reload. */
  #forgetAddress() {
    if (location.hash.includes("=")) history.replaceState(history.state, "", location.pathname + location.search);
  }

  #prefill() {
    if (!location.hash.includes("=")) return;
    const { email, values, unknown } = decode(location.hash, this.#fields.map(({ key }) => key));
    for (const [key, value] of values) if (!this.#host.takes(key, value)) values.delete(key);
    const stayed = visit.fill(values);
    const count = [...values.keys()].filter((key) => visit.linked(key)).length;
    this.#link = count ? put(this.#word("link_filled"), { count }) : "";
    this.#missed = !values.size && unknown ? this.#word("link_nothing") : "";
    if (count && stayed) this.#link += ` ${put(this.#word("link_stayed"), { count: stayed })}`;
    this.#host.choose(email);
    this.#show();
  }

  async #copyLink() {
    const values = this.#host.asked();
    // What is the writer's own is nobody else's answer.
    for (const { key, group } of this.#fields) if (group === "you" || !values.get(key)?.trim()) values.delete(key);
    const { fragment, taken, left } = encode(this.#host.chosen(), values);
    if (!taken) {
      this.#say(this.#word("copy_link_empty"));
      return;
    }
    const link = `${location.origin}${location.pathname}#${fragment}`;
    const cut = left ? ` ${put(this.#word("copy_link_cut"), { count: left })}` : "";
    const done = await copy(link);
    this.#say(done ? put(this.#word("copy_link_done"), { count: taken }) + cut : `${this.#word("copy_link_failed")} ${link}${cut}`);
  }
}

customElements.define("kit-memory", KitMemory);
