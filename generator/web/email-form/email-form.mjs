/**
 * <email-form>: brings a server-rendered sample email to life.
 *
 * Owns the page: fields, focus, preview and what the buttons do. What the email says, and every remark about it,
 * is Python's alone: until the engine has answered, the preview only mirrors what is typed, and nothing is handed
 * over from the mirror.
 */

import * as client from "../python/client.mjs";
import { holds, make, put, rangeOf } from "../dom.mjs";
import { copy, download, print, share } from "../device/handoff.mjs";
import { People } from "./people.mjs";
import { Proofreader } from "../proofreader/proofreader.mjs";
import { listed, showFindings } from "./review.mjs";
import * as visit from "../visit.mjs";

/** @typedef {["text" | "filled" | "missing", string, string]} Segment kind, text, field name */
/** @typedef {{ text: string } | { key: string, name: string } | { passage: Part[] }} Part a piece of the sample */
/** @typedef {"subject" | "body"} Side */
/** @typedef {{ key: string, name: string, id: string, each: boolean, person: boolean, kind: string }} Field */
/** @typedef {{ name: string, template: string, fields: string[], each: boolean, situation: string, note: boolean }} Wording */
/** @typedef {{ subject: string, body: string }} Message */
/** @typedef {{ words: string, field?: Field, person?: number }} Stop why an email should not leave yet, and where to mend it */
/**
 * @typedef {object} Data what the server wrote for this form
 * @property {Wording[]} wordings
 * @property {Field[]} fields
 * @property {Record<string, string>} words
 * @property {import("../python/supervisor.mjs").Manifest | null} engine
 * @property {string} language
 */
/**
 * @typedef {object} Draft what Python made of the template and the typed values
 * @property {"draft"} type
 * @property {string} subject
 * @property {string} body
 * @property {string} html
 * @property {string[]} missing
 * @property {Record<Side, Segment[]>} segments
 * @property {{ count: number, most: number } | null} characters of a note that goes into a site's own box
 * @property {{ field: string, count: number }[]} removed
 * @property {import("./review.mjs").Finding[]} findings
 * @property {Record<string, { url: string, length: number, limit: number, without_to: boolean }>} links
 * @property {string} address what is wrong with the address
 * @property {Message[]} others the emails to the other people
 * @property {{ other: number, percent: number }[]} alike
 */

/** How long, in milliseconds, typing must rest before the state of the review is read out. */
const REST = 1_000;
/** How many UTF-16 units of an email the page shows: laying out much more takes a browser half a minute. */
const VIEW = 20_000;

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
 * @param {boolean} whole whether optional passages stay that nothing was typed for
 * @returns {Segment[]}
 */
function mirror(parts, values, whole) {
  let left = false;
  return parts.flatMap((part, index) => {
    if ("text" in part) {
      // With a passage goes the space that it needed.
      const before = parts[index - 2];
      const space = before && "text" in before && before.text.endsWith("\n") ? /^\s+/ : /^[^\S\n]+/;
      const text = left ? part.text.replace(space, "") : part.text;
      left = false;
      return [/** @type {Segment} */ (["text", text, ""])];
    }
    if ("passage" in part) {
      left = !whole && !part.passage.some((one) => "key" in one && values.get(one.key)?.trim());
      return left ? [] : mirror(part.passage, values, whole);
    }
    left = false;
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
  #people = new People();
  /** Counts changes, so that an answer to an older state is known as such. */
  #version = 0;
  /** @type {Draft | null} */
  #draft = null;
  #draftVersion = -1;
  /** @type {Proofreader | null} */
  #proofreader = null;
  /** Counts presses of what hands the email over: one that could not be obeyed is not obeyed later. */
  #press = 0;
  /** The version for which the person was told what is missing or must be mended. */
  #warnedVersion = -1;
  /** @type {(() => void)[]} called when the draft is up to date or the engine has failed */
  #settled = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;
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
    for (const kind of ["input", "change"]) this.addEventListener(kind, (event) => this.#typed(event), { signal });
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    form.addEventListener("keydown", (event) => this.#enter(event), { signal });
    this.#part("[role=tablist]").addEventListener("keydown", (event) => this.#tabKey(event), { signal });
    // Back and reload may bring typed text back without any event.
    window.addEventListener("pageshow", () => this.#changed(), { signal });
    const box = /** @type {HTMLElement | null} */ (this.querySelector("[data-part=proof]"));
    const manifest = this.#data.engine;
    if (box && manifest) {
      const site = { manifest, fields: this.#fields, word: this.#word };
      this.#proofreader = new Proofreader(box, site, () => this.#draft && this.#showReview(this.#draft), signal);
    }
    this.#part("[data-share]").hidden = !("share" in navigator);
    visit.subscribe((changed) => this.#refill(changed), signal);
    visit.join({ values: () => this.#held(), restore: (values) => this.#restore(values) }, signal);
    this.#recall();
    this.#switch();
    this.#showState();
    if (this.dataset.early !== undefined) this.#startEarly();
  }

  disconnectedCallback() {
    this.#connection.abort();
    clearTimeout(this.#resting);
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
    // Whoever has the form reads one wording at a time.
    this.querySelector(".ef-others")?.remove();
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

  /** @param {string} selector */
  #parts(selector) {
    return /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll(selector));
  }

  /** @param {string} key */
  #word = (key) => this.#data?.words[key] ?? "";

  get #fields() {
    return this.#data?.fields ?? [];
  }

  get #template() {
    return /** @type {Wording} */ (this.#data?.wordings[this.#wording]);
  }

  /** @param {string} id */
  #control(id) {
    return /** @type {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} */ (this.#part(`[name="${id}"]`));
  }

  // --- What is typed ---

  #values() {
    return new Map(this.#fields.map((field) => [field.key, this.#control(field.id).value]));
  }

  /** The values for the email to each other person: what is theirs, and what all have in common. */
  #otherValues() {
    if (!this.#template.each) return [];
    const common = this.#values();
    for (const { key } of this.#fields.filter(({ each }) => each)) common.delete(key);
    return this.#people.all
      .filter((_, index) => index !== this.#people.current)
      .map((values) => Object.fromEntries([...common, ...values]));
  }

  /** Put in what was typed on an earlier page of this visit. */
  #recall() {
    const count = visit.people();
    while (this.#people.all.length < count) this.#people.add();
    this.#people.current = 0;
    this.#address.value ||= visit.address();
    for (const field of this.#fields) {
      const control = this.#control(field.id);
      if (!control.value) control.value = visit.answer(field.key) ?? "";
      // Typed before this script ran, or brought back by the browser.
      else if (visit.answer(field.key) === undefined) visit.setAnswer(field.key, control.value);
      if (!field.each) continue;
      this.#people.all.forEach((values, person) => {
        const value = person === 0 ? control.value : visit.answer(field.key, person);
        if (value) values.set(field.key, value);
      });
    }
  }

  /**
   * Put in values that changed elsewhere: in another tab, by a link, by a button.
   *
   * @param {visit.Changed} changed
   */
  #refill(changed) {
    if (changed.people()) {
      const count = visit.people();
      this.#people.all.length = Math.min(this.#people.all.length, count);
      while (this.#people.all.length < count) this.#people.add();
      this.#people.current = 0;
    }
    for (const field of this.#fields) {
      this.#people.all.forEach((values, person) => {
        if (field.each && changed.answer(field.key, person)) values.set(field.key, visit.answer(field.key, person) ?? "");
      });
      if (!changed.answer(field.key) && !field.each) continue;
      this.#control(field.id).value = (field.each ? this.#people.values.get(field.key) : visit.answer(field.key)) ?? "";
      this.#mark(field, "");
    }
    if (changed.address()) this.#address.value = visit.address();
    this.#showPeople();
    this.#changed();
  }

  /** What each control of this form holds. */
  #held() {
    const controls = /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll(".ef-field :is(input, textarea, select)"));
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

  get #address() {
    return /** @type {HTMLInputElement} */ (this.#part("[data-part=address]"));
  }

  #keepPeople() {
    visit.setPeople(this.#people.all.length);
    for (const field of this.#fields.filter(({ each }) => each)) {
      this.#people.all.forEach((values, person) => visit.setAnswer(field.key, values.get(field.key) ?? "", person));
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
    if (control.matches(".ef-wordings *")) return this.#switch();
    const field = this.#fields.find(({ id }) => id === control.name);
    if (field) {
      const person = field.each ? this.#people.current : 0;
      // Leaving a field tells again what its input has told.
      if (event.type === "change" && visit.answer(field.key, person) === control.value) return;
      if (field.each) this.#people.values.set(field.key, control.value);
      visit.setAnswer(field.key, control.value, person);
      this.#mark(field, "");
      if (field.person) this.#showPeople();
    } else {
      if (event.type === "change" || control !== this.#address) return;
      visit.setAddress(control.value);
    }
    client.start();
    this.#changed();
  }

  /** Show the wording that is chosen, and the questions that it asks. */
  #switch() {
    const checked = /** @type {HTMLInputElement | null} */ (this.querySelector(".ef-wordings :checked"));
    this.#wording = Number(checked?.value ?? 0);
    const shown = new Set(this.#template.fields);
    for (const element of this.#parts(".ef-field[data-key]")) element.hidden = !shown.has(element.dataset.key ?? "");
    for (const [number, facts] of this.#parts(".ef-facts").entries()) facts.hidden = number !== this.#wording;
    for (const set of this.#parts(".ef-questions fieldset")) {
      set.hidden = !set.querySelector(".ef-field:not([hidden])");
    }
    const controls = this.#controls();
    for (const control of controls) control.enterKeyHint = control === controls.at(-1) ? "done" : "next";
    this.toggleAttribute("data-note", this.#template.note);
    if (!this.#template.each && this.#people.current) this.#goToPerson(0);
    this.#showPeople();
    this.#changed();
  }

  /** The controls of the questions that are asked, in their order. */
  #controls() {
    const all = /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll(".ef-questions .ef-field[data-key] :is(input, textarea, select)"));
    return [...all].filter((control) => !control.closest("[hidden]"));
  }

  /** What the key says on a phone: the next question, or done. @param {KeyboardEvent} event */
  #enter(event) {
    const { target } = event;
    if (event.key !== "Enter" || event.isComposing || !(target instanceof HTMLInputElement)) return;
    const controls = this.#controls();
    const index = controls.indexOf(target);
    if (index < 0) return;
    event.preventDefault();
    const next = controls[index + 1];
    if (next) next.focus();
    else target.blur();
  }

  // --- People ---

  #showPeople() {
    const panel = this.#part(".ef-columns");
    const each = this.#template.each;
    this.#part(".ef-people").hidden = !each;
    for (const element of this.#parts("[data-all]")) element.hidden = !each || this.#people.all.length < 2;
    if (each) {
      const key = this.#fields.find(({ person }) => person)?.key ?? "";
      this.#people.show(this.#part("[role=tablist]"), this.#part("[data-part=people]"), panel, key, this.#word);
    } else {
      panel.removeAttribute("role");
      panel.removeAttribute("aria-labelledby");
    }
  }

  /** @param {number} index */
  #goToPerson(index) {
    this.#people.current = index;
    for (const field of this.#fields.filter(({ each }) => each)) {
      this.#control(field.id).value = this.#people.values.get(field.key) ?? "";
      this.#mark(field, "");
    }
    this.#showPeople();
    this.#changed();
  }

  /** @param {string} action */
  #changePeople(action) {
    if (action === "add") this.#people.add();
    else if (action === "remove") this.#people.remove();
    else this.#people.move(action === "earlier" ? -1 : 1);
    this.#keepPeople();
    this.#goToPerson(this.#people.current);
    this.#part("[role=tab][aria-selected=true]").focus();
  }

  /** The keys of a tab list (ARIA Authoring Practices). @param {KeyboardEvent} event */
  #tabKey(event) {
    const last = this.#people.all.length - 1;
    const { current } = this.#people;
    const to = { ArrowRight: current === last ? 0 : current + 1, ArrowLeft: current === 0 ? last : current - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#goToPerson(to);
    this.#part("[role=tab][aria-selected=true]").focus();
  }

  // --- From typing to draft ---

  /** Something changed: show it at once, and have Python say what the email is now. */
  #changed() {
    this.#version += 1;
    this.#part("[data-part=problem]").replaceChildren();
    if (client.state() === "ready") this.#echo(this.#values());
    else this.#paintMirror();
    if (["ready", "loading"].includes(client.state())) void this.#ask();
  }

  /** The email without Python: what is typed, in the sample. @param {Side} side */
  #mirror(side) {
    return mirror(this.#samples[this.#wording]?.[side] ?? [], this.#values(), client.state() !== "failed");
  }

  #paintMirror() {
    for (const side of /** @type {Side[]} */ (["subject", "body"])) this.#paint(side, this.#mirror(side));
    this.#part("[data-part=count]").hidden = true;
  }

  /** What Python is asked for this email. */
  #request() {
    return {
      template: this.#template.template,
      values: Object.fromEntries(this.#values()),
      situation: this.#template.situation,
      language: this.#data?.language,
      to: this.#address.value,
      people: this.#otherValues(),
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
    this.#draft = reply;
    this.#draftVersion = version;
    this.#paint("subject", reply.segments.subject);
    this.#paint("body", reply.segments.body);
    this.#proofreader?.read(reply);
    this.#showReview(reply);
    this.#showLinks(reply);
    this.#showCount(reply);
    const [removed] = reply.removed;
    if (removed) this.#say(put(this.#word("removed"), removed));
    this.#settle();
  }

  #settle() {
    for (const resolve of this.#settled.splice(0)) resolve();
  }

  /** Show more of what is filled already without waiting for Python. @param {Map<string, string>} values */
  #echo(values) {
    for (const span of this.#parts(".ef-filled")) {
      const value = values.get(span.dataset.key ?? "");
      if (value?.trim() && value.length < VIEW && span.textContent !== value) span.textContent = value;
    }
  }

  /**
   * @param {Side} side
   * @param {Segment[]} segments
   */
  #paint(side, segments) {
    const target = this.#part(`[data-part=${side}]`);
    let room = VIEW;
    let cut = false;
    const nodes = segments.flatMap(([kind, whole, name]) => {
      cut ||= whole.length > room;
      if (room <= 0) return [];
      // No half of a character at the end.
      const text = whole.length > room ? whole.slice(0, room).replace(/[\ud800-\udbff]$/, "") : whole;
      room -= whole.length;
      if (kind === "text") return document.createTextNode(text);
      const field = this.#fields.find((one) => one.name === name);
      const attributes = { class: `ef-${kind}`, "data-key": field?.key ?? "" };
      if (kind === "missing" && field) return make("a", { ...attributes, href: `#${field.id}` }, text);
      return make("span", attributes, text);
    });
    target.toggleAttribute("data-cut", cut);
    this.#part("[data-part=cut]").hidden = !this.querySelector(".ef-paper [data-cut]");
    // What stands there already stays, and with it what a person has selected.
    if (!holds(target, nodes)) target.replaceChildren(...nodes);
  }

  /** All findings, in the order that the list's buttons count them: Python's, then the proofreader's. */
  get #findings() {
    return [...(this.#draft?.findings ?? []), ...(this.#proofreader?.findings ?? [])];
  }

  /** @param {Draft} draft */
  #showReview(draft) {
    showFindings(this.#part("[data-part=findings]"), this.#findings, this.#word);
    const alike = draft.alike.map(({ other, percent }) => {
      const key = this.#fields.find(({ person }) => person)?.key ?? "";
      const index = other < this.#people.current ? other : other + 1;
      const name = this.#people.name(index, key, this.#word);
      const beside = [draft.body, draft.others[other]?.body ?? ""].map((body) => make("div", { class: "ef-body" }, body.slice(0, VIEW)));
      return make(
        "div",
        { class: "ef-alike" },
        make("p", {}, put(this.#word("alike"), { name, percent })),
        make("details", {}, make("summary", {}, this.#word("compare")), make("div", { class: "ef-beside" }, ...beside)),
      );
    });
    this.#part("[data-part=alike]").replaceChildren(...alike);
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      const proof = this.#proofreader?.findings.length ?? 0;
      const count = listed(draft.findings).filter(({ level }) => level === "blocks" || level === "warns").length + proof;
      const typed = draft.segments.body.some(([kind]) => kind === "filled");
      const said = count ? put(this.#word("review_some"), { count }) : typed ? this.#word("review_none") : "";
      const state = this.#part("[data-part=review-state]");
      if (state.textContent !== said) state.textContent = said;
    }, REST);
  }

  /** @param {Draft} draft */
  #showLinks(draft) {
    let long = null;
    let lost = false;
    for (const element of this.#parts("[data-link]")) {
      const link = draft.links[element.dataset.link ?? ""];
      element.hidden = !link?.url;
      if (link?.url) element.setAttribute("href", link.url);
      else long ??= link;
      lost ||= Boolean(link?.without_to);
    }
    const tooLong = long ? put(this.#word("link_too_long"), { length: long.length, limit: long.limit }) : "";
    const notes = [tooLong, lost ? this.#word("link_without_to") : ""];
    this.#part("[data-part=link-notes]").textContent = notes.filter(Boolean).join(" ");
    this.#part("[data-part=address-error]").textContent = draft.address;
  }

  /** @param {Draft} draft */
  #showCount({ characters }) {
    const element = this.#part("[data-part=count]");
    element.hidden = !characters;
    if (!characters) return;
    const over = characters.count > characters.most;
    element.toggleAttribute("data-over", over);
    element.textContent = put(this.#word(over ? "count_over" : "count"), characters);
  }

  #showState() {
    const state = client.state();
    const status = this.#part("[data-part=status]");
    if (client.late()) this.#say(this.#word("working"));
    else if (status.textContent === this.#word("working")) this.#say("");
    if (this.dataset.state === "loading" && state !== "loading") this.#say("");
    this.dataset.state = state;
    const failure = this.#part("[data-part=failure]");
    failure.replaceChildren();
    if (state === "loading") this.#say(this.#word("loading"));
    if (state === "ready" && this.#draftVersion !== this.#version) void this.#ask();
    if (state !== "failed") return;
    // No press is obeyed after a failure: that would be a surprise.
    this.#press += 1;
    this.#paintMirror();
    const words = `${this.#word("failed")} ${this.#word(`failed_${client.reason()}`)}`;
    const label = this.#word(client.reason() === "renewed" ? "renew" : "retry");
    const retry = make("button", { type: "button", class: "md-button", "data-retry": "" }, label);
    // Without an engine in the build there is nothing to try again.
    failure.replaceChildren(make("p", {}, words), ...(this.#data?.engine ? [retry] : []));
    this.#settle();
  }

  /** @param {string} text */
  #say(text) {
    this.#part("[data-part=status]").textContent = text;
  }

  // --- Buttons ---

  /** @param {Event} event */
  #clicked(event) {
    const target = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("a, button"));
    if (!target) return;
    const { copy: copied, file, link, person, people, mend, show } = target.dataset;
    // The second half of a double click is no deliberate second press.
    const again = /** @type {MouseEvent} */ (event).detail > 1;
    if (link) {
      if (again || !this.#mayGo(target)) event.preventDefault();
      else if (link === "mail") this.#say(this.#word("mail_hint"));
    } else if (again && (copied || file)) return;
    else if (copied) void this.#copy(target);
    else if (file) void this.#download(target, file);
    else if (person) {
      this.#goToPerson(Number(person));
      if (target instanceof HTMLAnchorElement) this.#follow(event, target);
    }
    else if (people) this.#changePeople(people);
    else if (mend) this.#mend(Number(mend));
    else if (show) this.#show(Number(show));
    else if (target.dataset.share !== undefined) {
      if (this.#mayGo(target) && this.#draft) void share(this.#draft.subject, this.#draft.body);
    } else if (target.dataset.proofread !== undefined) {
      client.start(); // what is checked is the email that Python makes
      this.#proofreader?.press();
    } else if (target.dataset.printEmail !== undefined) print(this.#part(".ef-columns > .ef-email .ef-paper"));
    else if (target.dataset.retry !== undefined) client.retry();
    else if (target instanceof HTMLAnchorElement) this.#follow(event, target);
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

  /** Show the words that a finding means. @param {number} index */
  #show(index) {
    const finding = this.#findings[index];
    if (!finding?.part || this.#draftVersion !== this.#version) return;
    const element = this.#part(`[data-part=${finding.part}]`);
    const shown = element.textContent?.length ?? 0;
    const range = rangeOf(element, Math.min(finding.start, shown), Math.min(finding.end, shown));
    const selection = window.getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
    (range.startContainer.parentElement ?? element).scrollIntoView({ block: "center" });
  }

  /** Put a finding's words right, in the field that they come from. @param {number} index */
  #mend(index) {
    const draft = this.#draft;
    const finding = this.#findings[index];
    if (!draft || !finding?.part || finding.mend === null || this.#draftVersion !== this.#version) return;
    let position = 0;
    for (const [kind, text, name] of draft.segments[finding.part]) {
      const start = finding.start - position;
      position += text.length;
      if (start < 0 || start >= text.length || kind !== "filled") continue;
      const field = this.#fields.find((one) => one.name === name);
      if (!field) return;
      const control = this.#control(field.id);
      control.value = text.slice(0, start) + finding.mend + text.slice(start + finding.end - finding.start);
      control.dispatchEvent(new Event("input", { bubbles: true }));
      this.#say("");
      this.#part(".ef-review-title").focus();
      return;
    }
  }

  /**
   * Whether the email may leave the page. If something is missing or must be mended, say so; a second press goes.
   *
   * @param {HTMLElement} button
   * @param {Side} side
   */
  #mayGo(button, side = "body") {
    const draft = this.#draft;
    if (!draft || this.#draftVersion !== this.#version) {
      this.#say(this.#word("wait"));
      return false;
    }
    const sides = button.dataset.copy ? [side] : /** @type {Side[]} */ (["subject", "body"]);
    const segments = sides.flatMap((one) => draft.segments[one]);
    const missing = [...new Set(segments.filter(([kind]) => kind === "missing").map(([, , name]) => name))];
    const blocking = listed(draft.findings).filter(({ level, part }) => level === "blocks" && (!part || sides.includes(part)));
    return this.#mayPass([...this.#gaps(missing), ...blocking.map(({ message }) => ({ words: message }))], button);
  }

  /** @param {string[]} missing the names of fields @returns {Stop[]} */
  #gaps(missing) {
    const fields = missing.flatMap((name) => this.#fields.find((one) => one.name === name) ?? []);
    return fields.map((field) => ({ words: put(this.#word("missing_one"), { name: field.name }), field }));
  }

  /**
   * Whether all emails of a panel may leave the page: a gap in one that is not shown counts as well.
   *
   * @param {HTMLElement} button
   */
  async #mayAllGo(button) {
    const press = this.#press;
    const version = this.#version;
    /** @type {{ others: { missing: string[], blocking: string[] }[] } | null} */
    const reply = await client.ask(() => ({ type: "stops", ...this.#request() }));
    const draft = this.#draft;
    if (!draft || !reply || press !== this.#press || version !== this.#version) return false;
    const key = this.#fields.find(({ person }) => person)?.key ?? "";
    const own = { missing: draft.missing, blocking: listed(draft.findings).flatMap(({ level, message }) => (level === "blocks" ? [message] : [])) };
    const all = [...reply.others];
    all.splice(this.#people.current, 0, own);
    const stops = all.flatMap(({ missing, blocking }, person) => {
      const called = this.#people.name(person, key, this.#word);
      const gaps = this.#gaps(missing).map(({ field }) => ({
        words: put(this.#word("missing_person"), { person: called, name: field?.name ?? "" }),
        field,
        person,
      }));
      const others = blocking.map((message) => ({ words: put(this.#word("problem_person"), { person: called, message }), person }));
      return [...gaps, ...others];
    });
    return this.#mayPass(stops, button);
  }

  /** Whether to go on: without stops, or when they were told already. @param {Stop[]} stops @param {HTMLElement} button */
  #mayPass(stops, button) {
    if (stops.length && this.#warnedVersion !== this.#version) {
      this.#warnedVersion = this.#version;
      this.#warn(stops, button);
      return false;
    }
    this.#part("[data-part=problem]").replaceChildren();
    return true;
  }

  /** Wait for the draft of what is typed now; false if there is none to be had. */
  async #settledDraft() {
    client.start();
    if (this.#draftVersion !== this.#version) {
      if (client.state() !== "ready") this.#say(this.#word("copy_waits"));
      void this.#ask();
      await new Promise((resolve) => this.#settled.push(() => resolve(undefined)));
    }
    return this.#draftVersion === this.#version;
  }

  /** Copy what the page shows, where there is no Python to check it. @param {HTMLElement} button @param {Side} side */
  async #copyUnchecked(button, side) {
    const segments = this.#mirror(side);
    const missing = [...new Set(segments.filter(([kind]) => kind === "missing").map(([, , name]) => name))];
    if (!this.#mayPass(this.#gaps(missing), button)) return;
    const done = await copy(segments.map(([, text]) => text).join(""));
    if (!done) window.getSelection()?.selectAllChildren(this.#part(`[data-part=${side}]`));
    this.#say(this.#word(done ? (side === "body" ? "copied_unchecked" : "copied_subject_unchecked") : "copy_failed"));
  }

  /** @param {HTMLElement} button */
  async #copy(button) {
    const side = button.dataset.copy === "subject" ? "subject" : "body";
    if (client.state() === "failed") return this.#copyUnchecked(button, side);
    const waits = this.#draftVersion !== this.#version;
    const press = (this.#press += 1);
    if (!(await this.#settledDraft())) {
      if (client.state() === "failed") this.#say(this.#word("copy_unready"));
      return;
    }
    if (press !== this.#press) return;
    const all = button.dataset.copy === "all";
    if (!(all ? await this.#mayAllGo(button) : this.#mayGo(button, side))) return;
    const draft = this.#draft;
    if (!draft) return;
    if (all) {
      const emails = [draft, ...draft.others].map(({ subject, body }) => `${subject}\n\n${body}`);
      const done = await copy(emails.join("\n\n\n"));
      return this.#say(done ? put(this.#word("copied_all"), { count: emails.length }) : this.#word("copy_failed"));
    }
    if (await copy(draft[side], side === "body" ? draft.html : undefined)) {
      return this.#say(this.#word(side === "body" ? "copied_email" : "copied_subject"));
    }
    // A browser lets a page copy only shortly after a press: after a long wait it takes another one.
    if (waits) return this.#say(this.#word("copy_ready"));
    window.getSelection()?.selectAllChildren(this.#part(`[data-part=${side}]`));
    this.#say(this.#word("copy_failed"));
  }

  /**
   * @param {HTMLElement} button
   * @param {string} ending
   */
  async #download(button, ending) {
    const press = (this.#press += 1);
    if (!(await this.#settledDraft()) || press !== this.#press) return;
    const all = button.dataset.all !== undefined;
    if (!(all ? await this.#mayAllGo(button) : this.#mayGo(button))) return;
    const request = { type: "file", ending, ...this.#request() };
    if (!all) request.people = [];
    const made = await client.ask(() => request);
    if (!made || press !== this.#press) return;
    download(made);
    this.#say(put(this.#word("downloaded"), made));
  }

  /**
   * Say what is still missing or must be mended, with a link to each field.
   *
   * @param {Stop[]} stops
   * @param {HTMLElement} button
   */
  #warn(stops, button) {
    const items = stops.map(({ words, field, person }) => {
      if (field && (person === undefined || person === this.#people.current)) this.#mark(field, put(this.#word("missing_one"), { name: field.name }));
      if (!field && person === undefined) return make("li", {}, words);
      const link = make("a", { href: `#${field?.id ?? this.#part(".ef-email .ef-title").id}` }, words);
      if (person !== undefined) link.dataset.person = String(person);
      return make("li", {}, link);
    });
    const title = this.#word(stops.every(({ field }) => field) ? "missing_title" : "problem_title");
    const label = button.textContent?.trim() ?? "";
    const again = button.dataset.copy ? "missing_again" : "problem_again";
    const box = this.#part("[data-part=problem]");
    box.replaceChildren(
      make("p", { class: "ef-problem-title" }, title),
      make("ul", {}, ...items),
      make("p", {}, put(this.#word(again), { button: label })),
    );
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
