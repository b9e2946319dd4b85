/** The people of a panel: what was typed for each, and tabs to go from one to the next. */

import { make, put } from "../dom.mjs";
import { MOST_PEOPLE } from "../visit.mjs";

/** @typedef {Map<string, string>} Values what was typed for one person, by field key */

export class People {
  /** @type {Values[]} */
  all = [new Map()];
  current = 0;

  /** @returns {Values} what was typed for the person whose email is shown */
  get values() {
    return /** @type {Values} */ (this.all[this.current]);
  }

  add() {
    this.all.push(new Map());
    this.current = this.all.length - 1;
  }

  remove() {
    this.all.splice(this.current, 1);
    this.current = Math.min(this.current, this.all.length - 1);
  }

  /** @param {-1 | 1} by */
  move(by) {
    const to = this.current + by;
    if (to < 0 || to >= this.all.length) return;
    this.all.splice(to, 0, ...this.all.splice(this.current, 1));
    this.current = to;
  }

  /**
   * Return what a person is called: by the field of their name, else by number.
   *
   * @param {number} index
   * @param {string} key the field that holds the name
   * @param {(key: string) => string} word
   */
  name(index, key, word) {
    return this.all[index]?.get(key)?.trim() || put(word("person"), { number: index + 1 });
  }

  /**
   * Show the tabs and what can be done with the person.
   *
   * @param {HTMLElement} list the element with the role tablist
   * @param {HTMLElement} actions
   * @param {HTMLElement} panel what the tabs switch
   * @param {string} key the field that holds the name
   * @param {(key: string) => string} word
   */
  show(list, actions, panel, key, word) {
    const tabs = this.all.map((_, index) =>
      make(
        "button",
        {
          type: "button",
          role: "tab",
          id: `${panel.id}-tab-${index}`,
          "aria-selected": String(index === this.current),
          "aria-controls": panel.id,
          tabindex: index === this.current ? "0" : "-1",
          "data-person": String(index),
        },
        this.name(index, key, word),
      ),
    );
    list.replaceChildren(...tabs);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", `${panel.id}-tab-${this.current}`);
    const name = this.name(this.current, key, word);
    /** @param {string} action @param {string} label @param {boolean} off */
    const button = (action, label, off) => {
      const element = make("button", { type: "button", "data-people": action }, label);
      element.disabled = off;
      return element;
    };
    actions.replaceChildren(
      button("add", word("add_person"), this.all.length >= MOST_PEOPLE),
      ...(this.all.length > 1
        ? [
            button("remove", put(word("remove_person"), { name }), false),
            button("earlier", put(word("move_earlier"), { name }), this.current === 0),
            button("later", put(word("move_later"), { name }), this.current === this.all.length - 1),
          ]
        : []),
    );
  }
}
