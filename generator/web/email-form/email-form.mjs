/**
 * <email-form>: brings a server-rendered sample email to life.
 *
 * Composes the parts of the form and hands each what it may call; none of them knows this element. What the email
 * says, and every remark about it, is Python's alone: until that has answered, the shown email only mirrors what is
 * typed, and nothing is handed over from the mirror.
 */

import { find, findAll, put } from "../dom.mjs";
import { provide } from "../host.mjs";
import * as client from "../python/client.mjs";
import * as visit from "../visit.mjs";
import { Panel } from "./panel.mjs";
import { Peek } from "./peek.mjs";
import { whyFailed } from "./failure.mjs";
import { held, restore } from "./held.mjs";
import { OwnText, readOwn } from "./own-text.mjs";
import { EMPTY, takeApart } from "./pasted.mjs";
import { People } from "./people.mjs";
import { Questions } from "./questions.mjs";
import { requestOf } from "./request.mjs";
import { Review } from "./review.mjs";
import { mirror, readPieces } from "./sample.mjs";
import { Sending } from "./sending.mjs";
import { Sheet } from "./sheet.mjs";
import { ShownEmail } from "./shown-email.mjs";
import { Stops } from "./stops.mjs";
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
    const { data, ownText, peek, questions, review, sending, sheet, panel, wordings } = this.#components;
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    client.connect(data.engine, () => this.#showState(), signal);
    for (const kind of ["pointerover", "focusin", "touchstart"]) {
      this.addEventListener(kind, () => client.start(), { once: true, passive: true, signal });
    }
    for (const kind of ["input", "change"]) this.addEventListener(kind, (event) => this.#typed(event), { signal });
    for (const one of [questions, panel, ownText, review, sending, peek, sheet]) one.connect(signal);
    this.addEventListener("focusin", () => this.#showPeek(), { signal });
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    // Back and reload may bring typed text back without any event.
    window.addEventListener("pageshow", () => this.#changed(), { signal });
    visit.describe(data.fields);
    visit.subscribe((changed) => this.#refill(changed), signal);
    visit.join({ values: () => held(this), restore: (values) => restore(this, values) }, signal);
    provide(this, this.#host, signal);
    this.#recall();
    wordings.recall();
    this.#switch();
    this.#showState();
    if (this.dataset.early !== undefined) client.startEarly(signal);
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
    const people = new People(data.fields, word, wordings.texts, !data.draft);
    const panel = new Panel(find(this, ".ef-people"), {
      people,
      word,
      questions: people.fields.map((field) => questions.box(field)),
      place: () => wordings.place,
      links: () => !wordings.shown.note && client.state() !== "failed",
      settled: () => this.#settledDraft(),
      turned: () => this.#turned(),
    });
    const email = new ShownEmail(element, { fieldOf: (segment) => questions.fieldOf(segment), word });
    const review = new Review(find(element, ".ef-review"), {
      word,
      nameOf: (other) => people.name(other < people.current ? other : other + 1),
      show: ({ part, start, end }) => {
        if (part && this.#current) email.select(part, start, end);
      },
      mend: (finding) => this.#mend(finding),
      at: (remarks) => questions.remark(remarks),
    });
    const ownText = new OwnText(this, element, {
      word,
      say: (text) => this.#say(text),
      kept: () => people.own(wordings.text),
      keep: (text) => this.#keepOwn(text),
      settled: () => client.state() === "ready" && this.#settledDraft(),
      pasted: data.draft ? () => void this.#understand() : null,
    });
    const stops = new Stops(find(element, "[data-part=problem]"), { word, questions, people, title: email.title });
    const sending = new Sending(element, panel.element, {
      word,
      say: (text) => this.#say(text),
      email,
      stops,
      version: () => this.#version,
      draft: () => this.#current,
      settled: () => this.#settledDraft(),
      mirror: (part) => this.#mirror(part),
      request: () => requestOf(this.#components),
      note: () => wordings.shown.note,
      handed: (row) => this.#handed(row),
    });
    const peek = new Peek(find(this, ".ef-peek"), { word, form: find(this, ".ef-questions"), email: element });
    const sheet = new Sheet(this, element);
    return { data, samples, wordings, questions, people, panel, email, ownText, review, stops, sending, peek, sheet };
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
    const { data, people, questions, wordings } = this.#components;
    for (const field of questions.fields) {
      const control = questions.control(field);
      if (!control.value) questions.put(field, visit.answer(field.key) ?? "");
      // Typed before this script ran, or brought back by the browser.
      else if (visit.answer(field.key) === undefined) this.#keep(field.key, control.value);
    }
    // Who came near the form before this script ran has told nobody.
    if (this.contains(document.activeElement)) client.start();
    people.recall((field) => questions.control(field).value);
    if (data.draft) people.noteOwn(wordings.text, EMPTY);
    if (this.#address.value) people.noteOwn(visit.ADDRESS, this.#address.value);
    else this.#address.value = people.own(visit.ADDRESS);
  }

  /**
   * Put in values that changed elsewhere: in another tab, by a link, by a button.
   *
   * @param {visit.Changed} changed
   */
  #refill(changed) {
    const { panel, people, questions } = this.#components;
    panel.forget();
    people.refill(changed);
    for (const field of questions.fields) {
      if (field.each) questions.put(field, people.answer(field));
      else if (changed.answer(field.key)) questions.put(field, visit.answer(field.key) ?? "");
    }
    this.#address.value = people.own(visit.ADDRESS);
    this.#showPeople();
    this.#changed();
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

  /** Keep an answer for this visit, unless a draft of one's own is checked with it. @param {string} key @param {string} value @param {number} [person] */
  #keep(key, value, person = 0) {
    if (!this.#components.data.draft) visit.setAnswer(key, value, person);
  }

  /** Note what was typed into a control. @param {HTMLInputElement} control @param {string} type of the event */
  #note(control, type) {
    const { people, questions, wordings } = this.#components;
    const field = questions.fieldAt(control);
    if (field) {
      const person = field.each ? people.current : 0;
      // Leaving a field tells again what its input has told.
      if (type === "change" && visit.answer(field.key, person) === control.value) return;
      if (field.each) people.note(field, control.value);
      this.#keep(field.key, control.value, person);
      questions.mark(field, "");
      if (field.person) this.#showPeople();
    } else if (control === this.#address) {
      if (type === "change") return;
      people.noteOwn(visit.ADDRESS, control.value);
    } else if (type !== "change" || !wordings.asks(control)) return;
    client.start();
    this.#changed();
  }

  /** Show the wording that is chosen, and the questions that it asks. */
  #switch() {
    const { panel, questions, wordings } = this.#components;
    const { each, fields, note } = wordings.shown;
    for (const [number, facts] of findAll(this, ".ef-facts").entries()) facts.hidden = number !== wordings.index;
    this.#showPeople();
    questions.ask(fields);
    if (note !== this.hasAttribute("data-note")) {
      this.toggleAttribute("data-note", note);
      this.#components.email.title.textContent = this.#word(note ? "your_note" : "your_email");
      find(this, ".ef-actions [data-copy=email]").textContent = this.#word(note ? "copy_note" : "copy_email");
    }
    if (!each) panel.turn(0);
    this.#changed();
    this.#tell("wording");
  }

  #showPeople() {
    const { panel, people, sending, wordings } = this.#components;
    const { each } = wordings.shown;
    panel.show(each);
    sending.offerAll(each && people.count > 1);
  }

  /** Another person's email is to be shown. */
  #turned() {
    const { people, questions } = this.#components;
    for (const field of people.fields) questions.put(field, people.answer(field));
    this.#address.value = people.own(visit.ADDRESS);
    this.#showPeople();
    this.#changed();
  }

  /** The email has left the page; what comes next is said where the press was. @param {boolean} row */
  #handed(row) {
    const { panel, people, wordings } = this.#components;
    (row ? panel.element : find(this, ".ef-next-home")).append(find(this, "[data-part=next]"));
    people.noteOwn(visit.SENT, wordings.place);
    this.#showPeople();
    this.#tell("handed");
  }

  /** @param {string} kind */
  #tell(kind) {
    this.#events.dispatchEvent(new Event(kind));
  }

  /** Take a text that was changed by hand; with an empty one the questions make the email again. @param {string} text */
  #keepOwn(text) {
    const { people, wordings } = this.#components;
    people.noteOwn(wordings.text, text);
    client.start();
    this.#changed();
    this.#tell("typed");
  }

  /** Put what stands above a pasted email where it belongs. */
  async #understand() {
    const { people, wordings } = this.#components;
    const text = people.own(wordings.text);
    const found = await takeApart(text);
    if (!found || text !== people.own(wordings.text)) return;
    if (found.to && !this.#address.value) people.noteOwn(visit.ADDRESS, (this.#address.value = found.to));
    this.#keepOwn(found.text);
  }

  // --- From typing to draft ---

  /** The draft of what is typed now. */
  get #current() {
    return this.#draftVersion === this.#version ? this.#draft : null;
  }

  /** Something changed: show it at once, and have Python say what the email is now. */
  #changed() {
    const { email, ownText, questions, stops } = this.#components;
    this.#version += 1;
    stops.clear();
    const back = ownText.show();
    if (client.state() === "ready" && !back && !ownText.on) email.echo(questions.values());
    else this.#paintMirror();
    this.#showPeek();
    if (["ready", "loading"].includes(client.state())) void this.#ask();
  }

  /** The email without Python: what is typed, in the sample. @param {Part} part */
  #mirror(part) {
    const { people, questions, samples, wordings } = this.#components;
    const own = readOwn(people.own(wordings.text));
    if (own) return [/** @type {import("../python/client.mjs").Segment} */ (["filled", own[part], ""])];
    return mirror(samples[wordings.index]?.[part] ?? [], questions.values(), client.state() !== "failed");
  }

  /** Show a phone the sentence that is being written. */
  #showPeek() {
    const { ownText, peek, questions } = this.#components;
    const focused = /** @type {HTMLInputElement | null} */ (this.contains(document.activeElement) ? document.activeElement : null);
    peek.show(() => this.#mirror("body"), (focused && questions.fieldAt(focused)?.key) ?? "", ownText.on ? new Map() : questions.asked());
  }

  #paintMirror() {
    const { email, ownText } = this.#components;
    // Nobody takes away what a person is typing.
    if (!ownText.on) for (const part of PARTS) email.paint(part, this.#mirror(part));
    email.count(null);
  }

  /** Ask Python for the draft of what is typed now. */
  async #ask() {
    let version = -1;
    const make = () => {
      version = this.#version;
      return { type: "fill", ...requestOf(this.#components) };
    };
    const reply = /** @type {Draft | null} */ (await client.ask(make, this));
    if (!reply || version !== this.#version) return;
    const { email, ownText, panel, review, sending } = this.#components;
    this.#draft = reply;
    this.#draftVersion = version;
    if (!ownText.on) for (const part of PARTS) email.paint(part, reply.segments[part]);
    email.count(reply.characters);
    this.#tell("draft");
    review.show(reply);
    sending.show(reply);
    panel.tell(reply);
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
    this.#showPeople();
    this.#paintMirror();
    failure.replaceChildren(...whyFailed(this.#word, Boolean(data.engine)));
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
    if (target.dataset.person) this.#components.panel.turn(Number(target.dataset.person));
    this.#components.sheet.follow(event, target);
  }

  /** Put a finding's words right, in the field that they come from. @param {Finding} finding */
  #mend(finding) {
    const draft = this.#current;
    if (!draft || !finding.part || finding.mend === null) return false;
    const { email, ownText, questions } = this.#components;
    if (ownText.on) {
      ownText.replace(finding.part, email.range(finding.part, finding.start, finding.end), finding.mend);
      return true;
    }
    if (!questions.mend(draft.segments[finding.part], finding)) return false;
    this.#say("");
    return true;
  }
}

customElements.define("email-form", EmailForm);
