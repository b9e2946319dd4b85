/** What comes after an email that has left the page: when, and one press from a reminder. */

import { download } from "../device/handoff.mjs";
import { find, holds, make, say } from "../dom.mjs";
import * as client from "../python/client.mjs";

/** @typedef {{ title: string, sentence: string, counted: boolean, links: Record<string, string>, calendar: Parameters<typeof download>[0] | null }} Following */

export class Next {
  #element;
  #plan;
  /** Whether an email of the wording that is shown has left the page. */
  #handed = false;

  /**
   * @param {HTMLElement} element where it is said
   * @param {object} plan
   * @param {(key: string) => string} plan.word
   * @param {() => object | null} plan.request what Python is asked; null where no plan goes on from this email
   * @param {(reminder: Following) => HTMLElement[]} plan.links links to calendars
   * @param {() => void} plan.open shows the questions for the dates
   */
  constructor(element, plan) {
    this.#element = element;
    this.#plan = plan;
  }

  /** @param {EventTarget} events of the form @param {AbortSignal} signal */
  connect(events, signal) {
    events.addEventListener("handed", () => {
      this.#handed = true;
      void this.ask();
    }, { signal });
    events.addEventListener("wording", () => {
      this.#handed = false;
      this.#show(null);
    }, { signal });
  }

  /** Work it out anew, if an email has left the page. */
  async ask() {
    if (!this.#handed || client.state() !== "ready" || !this.#plan.request()) return;
    const reply = /** @type {Following | null} */ (await client.ask(() => (this.#handed ? this.#plan.request() : null), this));
    if (reply && this.#handed) this.#show(reply);
  }

  /** @param {Following | null} next */
  #show(next) {
    const { links, open, word } = this.#plan;
    const said = [next?.sentence, next?.sentence && next.counted ? word("plan_next_counted") : ""];
    say(find(this.#element, "[data-part=next-line]"), said.filter(Boolean).join(" "));
    const ways = next?.calendar ? [this.#button("plan_next_add", () => this.#save(next)), ...links(next), this.#button("plan_next_all", open)] : [];
    const place = find(this.#element, "[data-part=next-ways]");
    if (!holds(place, ways)) place.replaceChildren(...ways);
    say(find(this.#element, "[data-part=next-saved]"), "");
  }

  /** @param {string} key @param {() => void} press */
  #button(key, press) {
    const button = make("button", { type: "button" }, this.#plan.word(key));
    button.addEventListener("click", press);
    return button;
  }

  /** @param {Following} next */
  #save({ calendar }) {
    if (!calendar) return;
    download(calendar);
    say(find(this.#element, "[data-part=next-saved]"), this.#plan.word("plan_added"));
  }
}
