/**
 * <send-plan>: from the day of the interview to the days of sending, asking and stopping.
 *
 * Owns the page: inputs, timeline, download. Every date, sentence and file is Python's. The time of the clock on
 * the wall comes from here, because Python reads no clock.
 */

import { download } from "../device/handoff.mjs";
import { find, make, put, say } from "../dom.mjs";
import { hostOf } from "../host.mjs";
import * as client from "../python/client.mjs";
import * as visit from "../visit.mjs";
import { Next } from "./next.mjs";

/**
 * @typedef {object} Data see generator/pages/plan.py
 * @property {string[]} steps the Send header of each wording, empty where it is no step of the plan
 * @property {Record<string, string>} rules each of these headers in the site's words
 * @property {string} about the control whose words stand in the calendar
 * @property {Record<string, string>} words
 */
/** @typedef {Record<string, string>} Links into a calendar on the web, by its name */
/** @typedef {{ kind: string, when: string, title: string, sentence: string, state: "early" | "now" | "late" | "over", links: Links }} Reminder */
/** @typedef {{ type: "plan", reminders: Reminder[], problem: string, calendar: { name: string, mime: string, text: string } | null }} Plan */

/** The word for each state. */
const STATES = { early: "plan_early", now: "plan_now", late: "plan_late", over: "plan_over" };

/** Makes the calendar's events this visit's own: a second download replaces the first. */
const seed = crypto.getRandomValues(new Uint32Array(4)).join("-");

/**
 * The time of the clock on the wall, in ISO 8601 and without a zone.
 *
 * @param {Date} time
 */
function wall(time) {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

class SendPlan extends HTMLElement {
  /** @type {Data | null} */
  #data = null;
  #host = /** @type {import("../host.mjs").Host} */ ({});
  /** Counts changes, so that an answer to an older state is known as such. */
  #version = 0;
  #answered = -1;
  /** Whether the file is saved as soon as it is there. */
  #saves = false;
  #connection = new AbortController();
  #next = /** @type {Next | null} */ (null);

  connectedCallback() {
    this.#data ??= JSON.parse(this.dataset.plan ?? "null");
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    this.#host = hostOf(this);
    const details = this.#find("details");
    client.connect(this.#host.data.engine, () => this.#follow(), signal);
    details.addEventListener("toggle", () => this.#open(), { signal });
    for (const kind of ["input", "focusout"]) this.addEventListener(kind, (event) => this.#typed(event), { signal });
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    visit.subscribeToDays(() => this.#recall(), signal);
    // Left open over night, a page would show yesterday's plan.
    for (const kind of ["pageshow", "focus"]) window.addEventListener(kind, () => this.#recall(), { signal });
    this.#host.events.addEventListener("wording", () => this.#switched(), { signal });
    this.#next = new Next(this.#host.next, {
      word: (key) => this.#word(key),
      request: () => (this.#send() ? { ...this.#dates(), type: "next" } : null),
      links: (reminder) => this.#links(reminder),
      open: () => this.#reveal(),
    });
    this.#next.connect(this.#host.events, signal);
    this.#showRule();
    this.#open();
  }

  disconnectedCallback() {
    this.#connection.abort();
    client.leave(this);
  }

  /** @param {string} selector */
  #find(selector) {
    return find(this, selector);
  }

  /** @param {string} key */
  #word(key) {
    return this.#data?.words[key] ?? "";
  }

  #inputs() {
    return /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll("input[data-date]"));
  }

  /** The questions come into the page when somebody wants them: an email may ask for an "interview date" too. */
  #open() {
    const details = /** @type {HTMLDetailsElement} */ (this.#find("details"));
    if (!details.open) return;
    const template = this.querySelector("template");
    template?.replaceWith(template.content);
    client.start();
    this.#recall();
  }

  /** Show the questions for the dates to who asks for them. */
  #reveal() {
    /** @type {HTMLDetailsElement} */ (this.#find("details")).open = true;
    this.#open();
    this.scrollIntoView({ block: "start" });
    this.#find("input").focus({ preventScroll: true });
  }

  /** The Send header of the wording that is shown. */
  #send() {
    return this.#data?.steps[this.#host.wording()] ?? "";
  }

  #switched() {
    this.#showRule();
    if (this.#inputs().length) this.#change();
  }

  #showRule() {
    const send = this.#send();
    this.hidden = !send;
    this.#find("[data-part=plan-rule]").textContent = put(this.#word("plan_rule"), { rule: this.#data?.rules[send] ?? "" });
  }

  /** Put in what was typed during this visit, perhaps in another email's plan. */
  #recall() {
    const inputs = this.#inputs();
    if (!inputs.length) return;
    for (const input of inputs) {
      const value = visit.day(/** @type {visit.Day} */ (input.dataset.date));
      // Never into the one that is typed in: half a date has no value yet.
      if (input !== document.activeElement && input.value !== value) input.value = value;
    }
    this.#change();
  }

  /** @param {Event} event */
  #typed(event) {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    // A year is typed digit by digit: until the field is left, the year 2 or 202 is only the beginning of one.
    const whole = !input.validity.rangeUnderflow && !input.validity.rangeOverflow;
    if (whole === (event.type === "focusout")) return;
    client.start();
    visit.setDay(/** @type {visit.Day} */ (input.dataset.date), input.value);
  }

  /** @param {Event} event */
  #clicked(event) {
    const pressed = /** @type {Element} */ (event.target).closest("[data-plan-add]");
    if (!pressed || /** @type {MouseEvent} */ (event).detail > 1) return; // a double click is one press
    // Asked anew: the time has moved on, and the company may have been typed since.
    this.#saves = true;
    this.#change();
  }

  #change() {
    this.#version += 1;
    void this.#next?.ask();
    if (visit.day("interview")) this.#follow();
    else this.#show(null);
  }

  /** Follow the engine: say that it starts, ask it, or say that it failed. */
  #follow() {
    if (!this.#inputs().length) return;
    const state = client.state();
    if (state !== "failed" && (!visit.day("interview") || this.#answered === this.#version)) return;
    if (state === "loading") {
      this.#find("[data-part=plan-problem]").textContent = "";
      this.#say(this.#word("loading"));
    }
    if (state === "ready") void this.#ask();
    if (state === "failed") this.#show({ type: "plan", reminders: [], problem: this.#word("plan_failed"), calendar: null });
  }

  /** Ask Python for the plan of the dates that are there now. */
  async #ask() {
    let version = -1;
    const make = () => {
      version = this.#version;
      return this.#request();
    };
    const reply = /** @type {Plan | null} */ (await client.ask(make, this));
    if (!reply || version !== this.#version) return;
    this.#answered = version;
    this.#show(reply);
    if (this.#saves && reply.calendar) {
      download(reply.calendar);
      this.#find("[data-part=plan-saved]").textContent = this.#word("plan_added");
    }
    this.#saves = false;
  }

  /** What Python is asked; null without the day that all others are counted from. */
  #request() {
    return visit.day("interview") ? this.#dates() : null;
  }

  #dates() {
    const [day, time] = [visit.day("interview"), visit.day("time")];
    const now = new Date();
    return {
      type: "plan",
      interview: day && time ? `${day}T${time}` : day,
      promised: visit.day("promised"),
      now: wall(now),
      stamp: now.toISOString(),
      send: this.#send(),
      ...this.#topic(),
    };
  }

  /** What the calendar's events are about, so that two companies' reminders can be told apart. */
  #topic() {
    const { data, answer, wording } = this.#host;
    const field = data.fields.find(({ id }) => id === this.#data?.about);
    const about = field ? answer(field.key) : "";
    const situation = data.wordings[wording()]?.situation ?? "";
    return { about, situation, seed: `${seed} ${about}` };
  }

  /** Links to calendars, for one date. @param {{ title: string, links: Links }} reminder */
  #links({ title, links }) {
    return Object.entries(links).map(([name, href]) => {
      const calendar = this.#word(name);
      const label = put(this.#word("calendar_link"), { calendar, what: title });
      return make("a", { href, target: "_blank", rel: "noopener noreferrer", "aria-label": label, "data-calendar": name }, calendar);
    });
  }

  /** @param {string} text */
  #say(text) {
    say(this.#find("[data-part=plan-status]"), text);
  }

  /** @param {Plan | null} plan */
  #show(plan) {
    say(this.#find("[data-part=plan-problem]"), plan?.problem ?? "");
    const steps = (plan?.reminders ?? []).map((reminder) => {
      const { sentence, state } = reminder;
      const when = make("b", { class: "sp-when" }, this.#word(STATES[state]));
      const step = make("li", { class: "sp-step", "data-state": state }, when, " ", make("p", {}, sentence));
      const links = this.#links(reminder);
      if (links.length) step.append(make("div", { class: "ef-small" }, ...links));
      if (state === "now" || state === "late") step.setAttribute("aria-current", "step");
      return step;
    });
    const list = this.#find("[data-part=plan-steps]");
    list.replaceChildren(...steps);
    list.hidden = !steps.length;
    this.#find("[data-part=plan-add]").hidden = !plan?.calendar;
    this.#find("[data-part=plan-saved]").textContent = "";
    this.#say(steps.length ? this.#word("plan_ready") : "");
  }
}

customElements.define("send-plan", SendPlan);
