/** The tabs of a panel's people, and what can be done with one of them. */

import { find, make, put } from "../dom.mjs";

/** @typedef {import("./people.mjs").People} People */

export class Tabs {
  #element;
  #panel;
  #people;
  #word;
  #turned;

  /**
   * @param {HTMLElement} element what holds the tabs
   * @param {HTMLElement} panel what they switch
   * @param {object} around
   * @param {People} around.people
   * @param {(key: string) => string} around.word
   * @param {() => void} around.turned called when another person's email is to be shown
   */
  constructor(element, panel, { people, word, turned }) {
    this.#element = element;
    this.#panel = panel;
    this.#people = people;
    this.#word = word;
    this.#turned = turned;
  }

  /** @param {AbortSignal} signal */
  connect(signal) {
    this.#element.addEventListener("click", (event) => this.#pressed(event), { signal });
    this.#list.addEventListener("keydown", (event) => this.#keyed(event), { signal });
  }

  get #list() {
    return find(this.#element, "[role=tablist]");
  }

  /** @param {boolean} each whether each person gets an email of their own */
  show(each) {
    this.#element.hidden = !each;
    if (each) this.#draw();
    else for (const name of ["role", "aria-labelledby"]) this.#panel.removeAttribute(name);
  }

  #draw() {
    const people = this.#people;
    const { count, current } = people;
    const tabs = Array.from({ length: count }, (_, index) =>
      make(
        "button",
        {
          type: "button",
          role: "tab",
          id: `${this.#panel.id}-tab-${index}`,
          "aria-selected": String(index === current),
          "aria-controls": this.#panel.id,
          tabindex: index === current ? "0" : "-1",
          "data-person": String(index),
        },
        people.name(index),
      ),
    );
    this.#list.replaceChildren(...tabs);
    this.#panel.setAttribute("role", "tabpanel");
    this.#panel.setAttribute("aria-labelledby", `${this.#panel.id}-tab-${current}`);
    const name = people.name(current);
    /** @param {string} action @param {string} label @param {boolean} off */
    const button = (action, label, off) => {
      const element = make("button", { type: "button", "data-people": action }, label);
      element.disabled = off;
      return element;
    };
    find(this.#element, "[data-part=people]").replaceChildren(
      button("add", this.#word("add_person"), people.full),
      ...(count > 1
        ? [
            button("remove", put(this.#word("remove_person"), { name }), false),
            button("earlier", put(this.#word("move_earlier"), { name }), current === 0),
            button("later", put(this.#word("move_later"), { name }), current === count - 1),
          ]
        : []),
    );
  }

  /** Show a person's email. @param {number} index */
  turn(index) {
    this.#people.current = index;
    this.#turned();
  }

  #focus() {
    find(this.#element, "[role=tab][aria-selected=true]").focus();
  }

  /** @param {Event} event */
  #pressed(event) {
    const button = /** @type {Element} */ (event.target).closest("button");
    const { person, people } = button?.dataset ?? {};
    if (person) this.turn(Number(person));
    else if (people) {
      if (people === "add") this.#people.add();
      else if (people === "remove") this.#people.remove();
      else this.#people.move(people === "earlier" ? -1 : 1);
      this.#turned();
      this.#focus();
    }
  }

  /** The keys of a tab list (ARIA Authoring Practices). @param {KeyboardEvent} event */
  #keyed(event) {
    const { current, count } = this.#people;
    const last = count - 1;
    const to = { ArrowRight: current === last ? 0 : current + 1, ArrowLeft: current === 0 ? last : current - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.turn(to);
    this.#focus();
  }
}
