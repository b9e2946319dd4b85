/** The people of a panel: a row each, with what is asked about them, how far their email is, and an own way to send it. */

import { find, findAll, make, put, say } from "../dom.mjs";
import { SENT } from "../visit.mjs";

/** @typedef {import("./people.mjs").People} People */
/** @typedef {import("../python/client.mjs").Draft} Draft */
/** @typedef {{ gaps: number, mend: boolean, mail: string }} State how far somebody's email is, and its mail link */

export class Panel {
  #around;
  /** The questions about each person, and what keeps their places among the others. @type {Map<HTMLElement, Comment>} */
  #homes;
  /** @type {State[]} by person; none while Python has not said */
  #states = [];
  /** @type {(() => void) | null} brings back who was removed */
  #undo = null;

  /**
   * @param {HTMLElement} element
   * @param {object} around
   * @param {People} around.people
   * @param {(key: string) => string} around.word
   * @param {HTMLElement[]} around.questions about each person; the name first
   * @param {() => string} around.place what an email that was handed over is known by
   * @param {() => boolean} around.links whether mail programs take the email
   * @param {() => Promise<unknown>} around.settled waits for the draft of what is typed
   * @param {() => void} around.turned called when another person's email is to be shown
   */
  constructor(element, around) {
    this.element = element;
    this.#around = around;
    this.#homes = new Map(around.questions.map((question) => [question, document.createComment("")]));
    for (const [question, home] of this.#homes) question.before(home);
  }

  /** @param {AbortSignal} signal */
  connect(signal) {
    this.element.addEventListener("click", (event) => this.#pressed(event), { signal });
  }

  get #rows() {
    return findAll(this.element, "li");
  }

  /** @param {boolean} each whether each person gets an email of their own */
  show(each) {
    this.element.hidden = !each;
    if (each) this.#draw();
    else for (const [question, home] of this.#homes) if (home.nextSibling !== question) home.after(question);
  }

  /** Keep nobody who was removed: what is cleared is gone. */
  forget() {
    this.#undo = null;
    this.#states = [];
    say(find(this.element, "[data-part=removed]"), "");
  }

  /** Take in how far the emails are. @param {Draft} draft */
  tell(draft) {
    const { people } = this.#around;
    const mend = draft.findings.some(({ level, rule }) => level === "blocks" && rule !== "missing");
    this.#states = draft.others.map(({ missing, mail }) => ({ gaps: missing.length, mend: false, mail }));
    this.#states.splice(people.current, 0, { gaps: draft.missing.length, mend, mail: draft.links.mail?.url ?? "" });
    if (!this.element.hidden) this.#draw();
  }

  #draw() {
    const { people } = this.#around;
    const list = find(this.element, "ol");
    while (list.childElementCount > people.count) list.lastElementChild?.remove();
    while (list.childElementCount < people.count) list.append(this.#row());
    for (const [index, row] of this.#rows.entries()) this.#fill(row, index);
    /** @type {HTMLButtonElement} */ (find(this.element, "[data-people=add]")).disabled = people.full;
    find(this.element, "[data-people=undo]").hidden = !this.#undo;
  }

  #row() {
    const { word } = this.#around;
    return make(
      "li",
      { class: "ef-person" },
      make("button", { type: "button", "data-people": "show" }),
      make("fieldset"),
      make("p", { class: "ef-person-state" }),
      make(
        "div",
        { class: "ef-person-ways" },
        make("button", { type: "button", "data-people": "remove" }, word("remove")),
        make("button", { type: "button", class: "md-button", "data-copy": "email" }, word("person_copy")),
        make("a", { class: "md-button", "data-link": "mail" }, word("person_send")),
      ),
    );
  }

  /** @param {HTMLElement} row @param {number} index */
  #fill(row, index) {
    const { links, people, word } = this.#around;
    const current = index === people.current;
    const name = people.name(index);
    const state = this.#states[index];
    const show = find(row, "[data-people=show]");
    say(show, name);
    show.hidden = current;
    const asks = find(row, "fieldset");
    asks.hidden = !current;
    asks.setAttribute("aria-label", name);
    const questions = [...this.#homes.keys()];
    // Moving them takes the focus away, so they move only to another row.
    if (current && questions.some((question) => !asks.contains(question))) asks.replaceChildren(...questions);
    if (current) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
    const [kind, said] = this.#state(index);
    row.dataset.person = kind;
    say(find(row, ".ef-person-state"), said);
    const mail = find(row, "[data-link]");
    const copy = find(row, "[data-copy]");
    const remove = find(row, "[data-people=remove]");
    mail.hidden = !links() || !state?.mail;
    copy.hidden = links() && (!state || Boolean(state.mail));
    if (state?.mail) mail.setAttribute("href", state.mail);
    remove.hidden = !current || people.count === 1;
    for (const [element, key] of /** @type {[HTMLElement, string][]} */ ([[show, "person_show"], [mail, "person_send_to"], [copy, "person_copy_for"], [remove, "remove_person"]])) {
      element.setAttribute("aria-label", put(word(key), { name }));
    }
  }

  /** @param {number} index @returns {[string, string]} how far somebody's email is: for the style sheet, and in words */
  #state(index) {
    const { people, place, word } = this.#around;
    const state = this.#states[index];
    if (people.own(SENT, index) === place()) return ["sent", word("person_sent")];
    if (!state) return ["", ""];
    if (state.gaps) return ["gaps", put(word(state.gaps === 1 ? "person_gap" : "person_gaps"), { count: state.gaps })];
    return state.mend ? ["mend", word("person_mend")] : ["ready", word("person_ready")];
  }

  /** Show a person's email. @param {number} index */
  turn(index) {
    const { people } = this.#around;
    if (people.current === index) return;
    people.current = index;
    this.#around.turned();
  }

  /** @param {Event} event */
  #pressed(event) {
    const { people } = this.#around;
    const target = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("a, button"));
    if (!target) return;
    const row = target.closest("li");
    const index = row ? [...this.#rows].indexOf(row) : people.current;
    const does = target.dataset.people;
    if (does === "show") {
      this.turn(index);
      this.#focus();
    } else if (does) this.#change(does, index);
    else if (index !== people.current) {
      // What leaves the page is first shown, and what stands against it is said there.
      event.preventDefault();
      event.stopImmediatePropagation();
      this.turn(index);
      void this.#around.settled().then(() => {
        if (people.current === index) target.click();
      });
    }
  }

  /** Add, remove, bring back. @param {string} does @param {number} index */
  #change(does, index) {
    const { people, word } = this.#around;
    const undo = this.#undo;
    this.forget();
    if (does === "add") people.add();
    else if (does === "undo") undo?.();
    else {
      say(find(this.element, "[data-part=removed]"), put(word("removed_person"), { name: people.name(index) }));
      this.#undo = people.remove();
    }
    this.#around.turned();
    if (does === "remove") find(this.element, "[data-people=undo]").focus();
    else this.#focus();
  }

  /** Go to the name of the person whose email is shown. */
  #focus() {
    const row = this.#rows[this.#around.people.current];
    // What was changed by hand does not follow the questions, so they take no focus.
    if (row) find(row, "fieldset:not([inert]) :is(input, textarea, select), .ef-person-ways > :not([hidden])").focus();
  }
}
