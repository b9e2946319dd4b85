/**
 * <email-form>: brings a server-rendered sample email to life.
 *
 * Composes the parts of the form and hands each what it may call; none of them knows this element. What the email
 * says, and every remark about it, is Python's alone: until that has answered, the shown email only mirrors what is
 * typed, and nothing is handed over from the mirror.
 */

import { find, findAll, make, put } from "../dom.mjs";
import { provide } from "../host.mjs";
import * as client from "../python/client.mjs";
import * as visit from "../visit.mjs";
import { Peek } from "./peek.mjs";
import { People } from "./people.mjs";
import { Questions } from "./questions.mjs";
import { Review } from "./review.mjs";
import { mirror, readPieces } from "./sample.mjs";
import { Sending } from "./sending.mjs";
import { ShownEmail } from "./shown-email.mjs";
import { Stops } from "./stops.mjs";
import { Tabs } from "./tabs.mjs";
import { Wordings } from "./wordings.mjs";

/** @typedef {import("../host.mjs").Data} Data */
/** @typedef {import("../python/client.mjs").Draft} Draft */
/** @typedef {import("../python/client.mjs").Finding} Finding */
/** @typedef {import("../python/client.mjs").Part} Part */

const PARTS = /** @type {Part[]} */ (["subject", "body"]);

class EmailForm extends HTMLElement {
  /** What was made of the server's words, once. @type {ReturnType<EmailForm["compose"]> | null} */
  #composed = null;
  /** Counts changes, so that an answer to an older state is known as such. */
  #version = 0;
  /** @type {Draft | null} */
  #draft = null;
  #draftVersion = -1;
  /** @type {(() => void)[]} called when the draft is up to date or the engine has failed */
  #settled = [];
  #events = new EventTarget();
  #connection = new AbortController();

  connectedCallback() {
    const { data, peek, questions, review, sending, tabs, wordings } = this.#components;
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    client.connect(data.engine, () => this.#showState(), signal);
    for (const kind of ["pointerover", "focusin", "touchstart"]) {
      this.addEventListener(kind, () => client.start(), { once: true, passive: true, signal });
    }
    for (const kind of ["input", "change"]) this.addEventListener(kind, (event) => this.#typed(event), { signal });
    for (const one of [questions, tabs, review, sending, peek]) one.connect(signal);
    this.addEventListener("focusin", () => this.#showPeek(), { signal });
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    // Back and reload may bring typed text back without any event.
    window.addEventListener("pageshow", () => this.#changed(), { signal });
    visit.describe(data.fields);
    visit.subscribe((changed) => this.#refill(changed), signal);
    visit.join({ values: () => this.#held(), restore: (values) => this.#restore(values) }, signal);
    provide(this, this.#host, signal);
    this.#recall();
    wordings.recall();
    this.#switch();
    this.#showState();
    if (this.dataset.early !== undefined) this.#startEarly();
  }

  disconnectedCallback() {
    this.#connection.abort();
    client.leave(this);
  }

  get #components() {
    return (this.#composed ??= this.compose());
  }

  /** Make the components of the form, and hand each what it may call. */
  compose() {
    const data = /** @type {Data} */ (JSON.parse(this.dataset.form ?? "null"));
    /** @param {Element} within @param {string} attribute */
    const sample = (within, attribute) => ({
      subject: readPieces(find(within, `[${attribute}=subject]`)),
      body: readPieces(find(within, `[${attribute}=body]`)),
    });
    const samples = [sample(this, "data-part"), ...[...findAll(this, "[data-wording]")].map((other) => sample(other, "data-sample"))];
    // Whoever has the form reads one wording at a time.
    this.querySelector(".ef-others")?.remove();

    const word = this.#word;
    const element = find(this, ".ef-columns > .ef-email");
    const wordings = new Wordings(this, data.wordings);
    const questions = new Questions(find(this, ".ef-questions"), data.fields);
    const people = new People(data.fields, word);
    const tabs = new Tabs(find(this, ".ef-people"), find(this, ".ef-columns"), { people, word, turned: () => this.#turned() });
    const email = new ShownEmail(element, { fieldOf: (segment) => questions.fieldOf(segment), word });
    const review = new Review(find(element, ".ef-review"), {
      word,
      nameOf: (other) => people.name(other < people.current ? other : other + 1),
      show: ({ part, start, end }) => {
        if (part && this.#current) email.select(part, start, end);
      },
      mend: (finding) => this.#mend(finding),
    });
    const stops = new Stops(find(element, "[data-part=problem]"), { word, questions, people, title: email.title });
    const sending = new Sending(element, {
      word,
      say: (text) => this.#say(text),
      email,
      stops,
      version: () => this.#version,
      draft: () => this.#current,
      settled: () => this.#settledDraft(),
      mirror: (part) => this.#mirror(part),
      request: () => this.#request(),
      handed: () => this.#tell("handed"),
    });
    const peek = new Peek(find(this, ".ef-peek"), { word, form: find(this, ".ef-questions"), email: element });
    return { data, samples, wordings, questions, people, tabs, email, review, stops, sending, peek };
  }

  /** What the elements within the form may call. @returns {import("../host.mjs").Host} */
  get #host() {
    const { data, questions, review, wordings } = this.#components;
    return {
      data,
      word: this.#word,
      events: this.#events,
      notice: questions.notice,
      next: find(this, "[data-part=next]"),
      wording: () => wordings.index,
      choose: (name) => wordings.choose(name),
      chosen: () => wordings.name,
      answer: (key) => questions.answer(key),
      asked: () => questions.asked(),
      takes: (key, value) => questions.takes(key, value),
      label: (key, text) => questions.label(key, text),
      fieldOf: (segment) => questions.fieldOf(segment),
      draft: () => this.#draft,
      remark: (findings) => review.remark(findings, this.#draft),
    };
  }

  /** @param {string} key */
  #word = (key) => this.#components.data.words[key] ?? "";

  // --- What is typed ---

  get #address() {
    return /** @type {HTMLInputElement} */ (find(this, "[data-part=address]"));
  }

  /** Put in what was typed on an earlier page of this visit. */
  #recall() {
    const { people, questions } = this.#components;
    this.#address.value ||= visit.address();
    for (const field of questions.fields) {
      const control = questions.control(field);
      if (!control.value) questions.put(field, visit.answer(field.key) ?? "");
      // Typed before this script ran, or brought back by the browser.
      else if (visit.answer(field.key) === undefined) visit.setAnswer(field.key, control.value);
    }
    // Who came near the form before this script ran has told nobody.
    if (this.contains(document.activeElement)) client.start();
    people.recall((field) => questions.control(field).value);
  }

  /**
   * Put in values that changed elsewhere: in another tab, by a link, by a button.
   *
   * @param {visit.Changed} changed
   */
  #refill(changed) {
    const { people, questions } = this.#components;
    people.refill(changed);
    for (const field of questions.fields) {
      if (field.each) questions.put(field, people.answer(field));
      else if (changed.answer(field.key)) questions.put(field, visit.answer(field.key) ?? "");
    }
    if (changed.address()) this.#address.value = visit.address();
    this.#showPeople();
    this.#changed();
  }

  /** What each control of this form holds. */
  #held() {
    const controls = /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll(":is(.ef-field, .ef-to) :is(input, textarea, select)"));
    return new Map([...controls].map((control) => [control, control.value]));
  }

  /** Put in what this form held before it was cleared. @param {Map<HTMLElement, string>} values */
  #restore(values) {
    for (const control of this.#held().keys()) {
      const value = values.get(control);
      if (value === undefined || control.value === value) continue;
      control.value = value;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  #startEarly() {
    const connection = /** @type {{ saveData?: boolean } | undefined} */ (Reflect.get(navigator, "connection"));
    if (connection?.saveData) return;
    const start = () => {
      if (!this.#connection.signal.aborted) client.start();
    };
    // What a service worker has comes from the device and takes nothing from the page's own files.
    if (navigator.serviceWorker?.controller) start();
    else if ("requestIdleCallback" in window) window.requestIdleCallback(start);
    else setTimeout(start, 200);
  }

  /** @param {Event} event */
  #typed(event) {
    const control = /** @type {HTMLInputElement} */ (event.target);
    if (!this.#components.wordings.owns(control)) this.#note(control, event.type);
    else if (event.type === "change") {
      this.#components.wordings.keep();
      this.#switch();
    }
    this.#tell("typed");
  }

  /** Note what was typed into a control. @param {HTMLInputElement} control @param {string} type of the event */
  #note(control, type) {
    const { people, questions } = this.#components;
    const field = questions.fieldAt(control);
    if (field) {
      const person = field.each ? people.current : 0;
      // Leaving a field tells again what its input has told.
      if (type === "change" && visit.answer(field.key, person) === control.value) return;
      if (field.each) people.note(field, control.value);
      visit.setAnswer(field.key, control.value, person);
      questions.mark(field, "");
      if (field.person) this.#showPeople();
    } else {
      if (type === "change" || control !== this.#address) return;
      visit.setAddress(control.value);
    }
    client.start();
    this.#changed();
  }

  /** Show the wording that is chosen, and the questions that it asks. */
  #switch() {
    const { people, questions, tabs, wordings } = this.#components;
    const { each, fields, note } = wordings.shown;
    for (const [number, facts] of findAll(this, ".ef-facts").entries()) facts.hidden = number !== wordings.index;
    questions.ask(fields);
    if (note !== this.hasAttribute("data-note")) {
      this.toggleAttribute("data-note", note);
      this.#components.email.title.textContent = this.#word(note ? "your_note" : "your_email");
      find(this, "[data-copy=email]").textContent = this.#word(note ? "copy_note" : "copy_email");
    }
    if (!each && people.current) tabs.turn(0);
    this.#showPeople();
    this.#changed();
    this.#tell("wording");
  }

  #showPeople() {
    const { people, sending, tabs, wordings } = this.#components;
    const { each } = wordings.shown;
    tabs.show(each);
    sending.offerAll(each && people.count > 1);
  }

  /** Another person's email is to be shown. */
  #turned() {
    const { people, questions } = this.#components;
    for (const field of people.fields) questions.put(field, people.answer(field));
    this.#showPeople();
    this.#changed();
  }

  /** @param {string} kind */
  #tell(kind) {
    this.#events.dispatchEvent(new Event(kind));
  }

  // --- From typing to draft ---

  /** The draft of what is typed now. */
  get #current() {
    return this.#draftVersion === this.#version ? this.#draft : null;
  }

  /** Something changed: show it at once, and have Python say what the email is now. */
  #changed() {
    const { email, questions, stops } = this.#components;
    this.#version += 1;
    stops.clear();
    if (client.state() === "ready") email.echo(questions.values());
    else this.#paintMirror();
    this.#showPeek();
    if (["ready", "loading"].includes(client.state())) void this.#ask();
  }

  /** The email without Python: what is typed, in the sample. @param {Part} part */
  #mirror(part) {
    const { questions, samples, wordings } = this.#components;
    return mirror(samples[wordings.index]?.[part] ?? [], questions.values(), client.state() !== "failed");
  }

  /** Show a phone the sentence that is being written. */
  #showPeek() {
    const { peek, questions } = this.#components;
    const focused = /** @type {HTMLInputElement | null} */ (this.contains(document.activeElement) ? document.activeElement : null);
    peek.show(() => this.#mirror("body"), (focused && questions.fieldAt(focused)?.key) ?? "", questions.asked());
  }

  #paintMirror() {
    const { email } = this.#components;
    for (const part of PARTS) email.paint(part, this.#mirror(part));
    email.count(null);
  }

  /** What Python is asked for this email. */
  #request() {
    const { data, people, questions, wordings } = this.#components;
    const { each, situation, template } = wordings.shown;
    const values = questions.values();
    return {
      template,
      values: Object.fromEntries(values),
      situation,
      language: data.language,
      to: this.#address.value,
      people: each ? people.others(values) : [],
      earlier: visit.earlier(),
    };
  }

  /** Ask Python for the draft of what is typed now. */
  async #ask() {
    let version = -1;
    const make = () => {
      version = this.#version;
      return { type: "fill", ...this.#request() };
    };
    const reply = /** @type {Draft | null} */ (await client.ask(make, this));
    if (!reply || version !== this.#version) return;
    const { email, review, sending } = this.#components;
    this.#draft = reply;
    this.#draftVersion = version;
    for (const part of PARTS) email.paint(part, reply.segments[part]);
    email.count(reply.characters);
    this.#tell("draft");
    review.show(reply);
    sending.show(reply);
    const [removed] = reply.removed;
    if (removed) this.#say(put(this.#word("removed"), removed));
    this.#settle();
  }

  #settle() {
    for (const resolve of this.#settled.splice(0)) resolve();
  }

  /** Wait for the draft of what is typed now. @returns {Promise<Draft | null>} null if there is none to be had */
  async #settledDraft() {
    client.start();
    if (!this.#current) {
      if (client.state() !== "ready") this.#say(this.#word("copy_waits"));
      void this.#ask();
      await new Promise((resolve) => this.#settled.push(() => resolve(undefined)));
    }
    return this.#current;
  }

  #showState() {
    const { data, sending } = this.#components;
    const state = client.state();
    const status = find(this, "[data-part=status]");
    if (client.late()) this.#say(this.#word("working"));
    else if (status.textContent === this.#word("working")) this.#say("");
    if (this.dataset.state === "loading" && state !== "loading") this.#say("");
    this.dataset.state = state;
    const failure = find(this, "[data-part=failure]");
    failure.replaceChildren();
    if (state === "loading") this.#say(this.#word("loading"));
    if (state === "ready" && !this.#current) void this.#ask();
    if (state !== "failed") return;
    sending.giveUp();
    this.#paintMirror();
    const words = `${this.#word("failed")} ${this.#word(`failed_${client.reason()}`)}`;
    const label = this.#word(client.reason() === "renewed" ? "renew" : "retry");
    const retry = make("button", { type: "button", class: "md-button", "data-retry": "" }, label);
    // Without an engine in the build there is nothing to try again.
    failure.replaceChildren(make("p", {}, words), ...(data.engine ? [retry] : []));
    this.#settle();
  }

  /** @param {string} text */
  #say(text) {
    find(this, "[data-part=status]").textContent = text;
  }

  // --- Buttons and links ---

  /** @param {Event} event */
  #clicked(event) {
    const target = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("a, button"));
    if (target?.dataset.retry !== undefined) client.retry();
    if (!(target instanceof HTMLAnchorElement) || target.dataset.link) return;
    if (target.dataset.person) this.#components.tabs.turn(Number(target.dataset.person));
    this.#follow(event, target);
  }

  /** Follow a link to a part of this form. @param {Event} event @param {HTMLAnchorElement} link */
  #follow(event, link) {
    const id = link.hash.slice(1);
    const destination = id ? this.querySelector(`[id="${id}"]`) : null;
    if (!(destination instanceof HTMLElement)) return;
    event.preventDefault();
    event.stopPropagation(); // Material would make a history entry of it
    // The label belongs in view, not only the field under it.
    (destination.closest(".ef-field") ?? destination).scrollIntoView({ block: "start" });
    destination.focus({ preventScroll: true });
  }

  /** Put a finding's words right, in the field that they come from. @param {Finding} finding */
  #mend(finding) {
    const draft = this.#current;
    if (!draft || !finding.part || finding.mend === null) return false;
    const { questions } = this.#components;
    let position = 0;
    for (const segment of draft.segments[finding.part]) {
      const [kind, text] = segment;
      const start = finding.start - position;
      position += text.length;
      if (start < 0 || start >= text.length || kind !== "filled") continue;
      const field = questions.fieldOf(segment);
      if (!field) return false;
      const control = questions.control(field);
      control.value = text.slice(0, start) + finding.mend + text.slice(start + finding.end - finding.start);
      control.dispatchEvent(new Event("input", { bubbles: true }));
      this.#say("");
      return true;
    }
    return false;
  }
}

customElements.define("email-form", EmailForm);
