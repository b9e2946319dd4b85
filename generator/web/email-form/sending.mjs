/** Handing the email over: copied, as a link to a mail program, as a file, to the share sheet, printed. */

import { copy, download, print, share } from "../device/handoff.mjs";
import { find, findAll, put } from "../dom.mjs";
import * as client from "../python/client.mjs";

/** @typedef {import("../python/client.mjs").Draft} Draft */
/** @typedef {import("../python/client.mjs").Segment} Segment */
/** @typedef {import("../python/client.mjs").Part} Part */
/**
 * @typedef {object} Desk what handing over may ask of the form
 * @property {(key: string) => string} word
 * @property {(text: string) => void} say
 * @property {import("./shown-email.mjs").ShownEmail} email
 * @property {import("./stops.mjs").Stops} stops
 * @property {() => number} version counts changes
 * @property {() => Draft | null} draft of what is typed now; null while Python has not made it
 * @property {() => Promise<Draft | null>} settled waits for it; null if there is none to be had
 * @property {(part: Part) => Segment[]} mirror what the page shows without Python
 * @property {() => { people: object[] }} request what Python is asked for this email
 * @property {() => boolean} note whether it goes into a site's own box
 * @property {(row: boolean) => void} handed called when the email has left the page; from the row of a person, or from beside it
 */

export class Sending {
  #element;
  #panel;
  #desk;
  /** Counts presses: one that could not be obeyed is not obeyed later. */
  #press = 0;

  /** @param {HTMLElement} element that holds the buttons @param {HTMLElement} panel whose rows have some, too @param {Desk} desk */
  constructor(element, panel, desk) {
    this.#element = element;
    this.#panel = panel;
    this.#desk = desk;
  }

  /** @param {AbortSignal} signal */
  connect(signal) {
    for (const one of [this.#element, this.#panel]) one.addEventListener("click", (event) => this.#pressed(event), { signal });
    find(this.#element, "[data-share]").hidden = !("share" in navigator);
  }

  /** Obey no press that still waits: after a failure that would be a surprise. */
  giveUp() {
    this.#press += 1;
  }

  /** Offer what is about all emails of a panel. @param {boolean} several */
  offerAll(several) {
    for (const element of findAll(this.#panel, "[data-all]")) element.hidden = !several;
  }

  /** @param {Draft} draft */
  show(draft) {
    let long = null;
    let lost = false;
    for (const element of findAll(this.#element, "[data-link]")) {
      const link = draft.links[element.dataset.link ?? ""];
      element.hidden = !link?.url;
      if (link?.url) element.setAttribute("href", link.url);
      else long ??= link;
      lost ||= Boolean(link?.without_to);
    }
    const tooLong = long ? put(this.#desk.word("link_too_long"), { length: long.length, limit: long.limit }) : "";
    const notes = [tooLong, lost ? this.#desk.word("link_without_to") : ""];
    find(this.#element, "[data-part=link-notes]").textContent = notes.filter(Boolean).join(" ");
    find(this.#element, "[data-part=address-error]").textContent = draft.address;
  }

  /** @param {Event} event */
  #pressed(event) {
    const target = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("a, button"));
    if (!target) return;
    const { copy: copied, file, link, printEmail, share: shared } = target.dataset;
    // The second half of a double click is no deliberate second press.
    const again = /** @type {MouseEvent} */ (event).detail > 1;
    if (link) {
      if (again || !this.#mayGo(target)) event.preventDefault();
      else {
        if (link === "mail") this.#desk.say(this.#desk.word("mail_hint"));
        this.#desk.handed(this.#panel.contains(target));
      }
    } else if (again && (copied || file)) return;
    else if (copied) void this.#copy(target);
    else if (file) void this.#download(target, file);
    else if (shared !== undefined) {
      const draft = this.#desk.draft();
      if (this.#mayGo(target) && draft) void share(draft.subject, draft.body).then((done) => done && this.#desk.handed(false));
    } else if (printEmail !== undefined) print(this.#desk.email.paper);
  }

  /**
   * Whether the email may leave the page. If something is missing or must be mended, say so; a second press goes.
   *
   * @param {HTMLElement} button
   * @param {Part[]} parts those that leave
   */
  #mayGo(button, parts = ["subject", "body"]) {
    const draft = this.#desk.draft();
    if (!draft) {
      this.#desk.say(this.#desk.word("wait"));
      return false;
    }
    return this.#mayPass(this.#desk.stops.of(draft, parts), button);
  }

  /** @param {HTMLElement} button */
  async #mayAllGo(button) {
    const press = this.#press;
    const version = this.#desk.version();
    const reply = await client.ask(() => ({ type: "stops", ...this.#desk.request() }));
    const draft = this.#desk.draft();
    if (!draft || !reply || press !== this.#press || version !== this.#desk.version()) return false;
    return this.#mayPass(this.#desk.stops.ofAll(draft, reply.others), button);
  }

  /** @param {import("./stops.mjs").Stop[]} stops @param {HTMLElement} button */
  #mayPass(stops, button) {
    return this.#desk.stops.pass(stops, button, this.#desk.version());
  }

  /** Copy what the page shows, where there is no Python to check it. @param {HTMLElement} button @param {Part} part */
  async #copyUnchecked(button, part) {
    const { email, mirror, say, stops, word } = this.#desk;
    const segments = mirror(part);
    if (!this.#mayPass(stops.gaps(segments), button)) return;
    const done = await copy(segments.map(([, text]) => text).join(""));
    if (!done) email.selectAll(part);
    say(word(done ? (part === "body" ? "copied_unchecked" : "copied_subject_unchecked") : "copy_failed"));
  }

  /** @param {HTMLElement} button */
  async #copy(button) {
    const { email, say, word } = this.#desk;
    const part = button.dataset.copy === "subject" ? "subject" : "body";
    if (client.state() === "failed") return this.#copyUnchecked(button, part);
    const waits = !this.#desk.draft();
    const press = (this.#press += 1);
    if (!(await this.#desk.settled())) {
      if (client.state() === "failed") say(word("copy_unready"));
      return;
    }
    if (press !== this.#press) return;
    if (!this.#mayGo(button, [part])) return;
    const draft = this.#desk.draft();
    if (!draft) return;
    if (await copy(draft[part], part === "body" ? draft.html : undefined)) {
      say(word(part === "subject" ? "copied_subject" : this.#desk.note() ? "copied_note" : "copied_email"));
      if (part === "body") this.#desk.handed(false);
      return;
    }
    // A browser lets a page copy only shortly after a press: after a long wait it takes another one.
    if (waits) return say(word("copy_ready"));
    email.selectAll(part);
    say(word("copy_failed"));
  }

  /**
   * @param {HTMLElement} button
   * @param {string} ending
   */
  async #download(button, ending) {
    const press = (this.#press += 1);
    if (!(await this.#desk.settled()) || press !== this.#press) return;
    const all = button.dataset.all !== undefined;
    if (!(all ? await this.#mayAllGo(button) : this.#mayGo(button))) return;
    const request = { type: "file", ending, ...this.#desk.request() };
    if (!all) request.people = [];
    else if (this.#desk.note()) request.ending = "txt";
    const file = await client.ask(() => request);
    if (!file || press !== this.#press) return;
    download(file);
    this.#desk.say(put(this.#desk.word("downloaded"), file));
    if (!all) this.#desk.handed(false);
  }
}
