/** The text changed by hand: from then on the email is what the person wrote, and follows the questions no more. */

import { find, findAll } from "../dom.mjs";
import { VIEW } from "./shown-email.mjs";

/** @typedef {import("../python/client.mjs").Message} Message */
/** @typedef {import("../python/client.mjs").Part} Part */

const BOTH = /** @type {Part[]} */ (["subject", "body"]);

/** A text as it is kept: the subject is one line. @param {Message} message */
export const written = ({ subject, body }) => `${subject}\n${body}`;

/** What was kept. @param {string} text @returns {Message | null} */
export function readOwn(text) {
  const end = text.indexOf("\n");
  return end < 0 ? null : { subject: text.slice(0, end), body: text.slice(end + 1) };
}

/** What stands in an element that somebody edits: browsers break lines in three ways. @param {Node} element @returns {string} */
export function textOf(element) {
  const texts = [...element.childNodes].map((node, index) => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? "";
    if (node.nodeName === "BR") return "\n";
    return `${node.nodeName === "DIV" && index ? "\n" : ""}${textOf(node)}`;
  });
  return texts.join("");
}

export class OwnText {
  #form;
  #element;
  #around;
  /** What the email was when it was taken into one's own hands; without it, it was taken on another page. */
  #before = "";
  /** Where words were changed last. */
  #last = /** @type {Part} */ ("body");

  /**
   * @param {HTMLElement} form the whole form
   * @param {HTMLElement} element that holds the email
   * @param {object} around
   * @param {(key: string) => string} around.word
   * @param {(text: string) => void} around.say
   * @param {() => string} around.kept what is kept of the email that is shown; empty without any
   * @param {(text: string) => void} around.keep called when the text changed; empty when the questions make it again
   * @param {() => unknown} around.settled waits until the email that is shown is the one that was typed
   * @param {(() => void) | null} around.pasted called when lines were put in, where there are no questions to go back to
   */
  constructor(form, element, around) {
    this.#form = form;
    this.#element = element;
    this.#around = around;
  }

  /** @param {AbortSignal} signal */
  connect(signal) {
    this.#element.addEventListener("click", (event) => this.#pressed(event), { signal });
    for (const part of BOTH) {
      const element = this.#part(part);
      element.addEventListener("beforeinput", (event) => this.#beforeInput(event, part), { signal });
      element.addEventListener("input", (event) => this.#changed(part, /** @type {InputEvent} */ (event)), { signal });
    }
  }

  /** Whether the email that is shown is the person's own. */
  get on() {
    return this.#form.hasAttribute("data-own");
  }

  /** @param {Part} part */
  #part(part) {
    return find(this.#element, `[data-part=${part}]`);
  }

  /** Show what is kept of this email, or leave it to the questions. */
  show() {
    const text = this.#around.kept();
    const message = readOwn(text);
    if (!message && !this.on) return false;
    this.#form.toggleAttribute("data-own", Boolean(message));
    find(this.#element, "[data-part=own]").hidden = !message;
    const rests = Boolean(message) && !this.#around.pasted;
    for (const set of findAll(this.#form, ".ef-questions fieldset")) set.inert = rests;
    find(this.#form, "[data-part=own-note]").hidden = !rests;
    this.#ask(false);
    for (const part of BOTH) {
      const element = this.#part(part);
      // What a person has just typed stays as it stands there, and with it their caret.
      if (message && (!element.hasAttribute("contenteditable") || textOf(element) !== message[part])) element.replaceChildren(message[part]);
      this.#open(element, part, Boolean(message));
    }
    if (!message) this.#before = "";
    return !message;
  }

  /** Let an element be edited, or not any more. @param {HTMLElement} element @param {Part} part @param {boolean} open */
  #open(element, part, open) {
    const attributes = {
      contenteditable: "plaintext-only",
      role: "textbox",
      "aria-label": this.#around.word(part === "subject" ? "own_subject" : "own_body"),
      "aria-multiline": String(part === "body"),
      spellcheck: "true",
    };
    if (open === element.hasAttribute("contenteditable")) return;
    for (const [name, value] of Object.entries(attributes)) {
      if (open) element.setAttribute(name, value);
      else element.removeAttribute(name);
    }
    if (open && element.contentEditable !== "plaintext-only") element.contentEditable = "true";
  }

  /** @param {Event} event */
  #pressed(event) {
    const { own } = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-own]"))?.dataset ?? {};
    if (own === "start") void this.#start();
    else if (own === "undo") this.#undo();
    else if (own === "back") {
      if (this.#before === this.#around.kept()) this.#drop();
      else this.#ask(true);
    } else if (own === "drop") this.#drop();
    else if (own === "keep") {
      this.#ask(false);
      this.#part("body").focus();
    }
  }

  async #start() {
    // What was typed a moment ago belongs to the text, too.
    await this.#around.settled();
    if (this.#element.querySelector("[data-cut]")) return this.#around.say(this.#around.word("own_too_long"));
    this.#before = written({ subject: textOf(this.#part("subject")), body: textOf(this.#part("body")) });
    this.#around.keep(this.#before);
    this.#part("body").focus();
  }

  /** Ask before changes are lost. @param {boolean} open */
  #ask(open) {
    const question = find(this.#element, "[data-part=own-question]");
    if (question.hidden === !open) return;
    question.hidden = !open;
    find(this.#element, ".ef-own-row").hidden = open;
    if (open) question.focus();
  }

  #drop() {
    this.#around.keep("");
    find(this.#element, "[data-own=start]").focus();
    this.#around.say(this.#around.word("own_dropped"));
  }

  #undo() {
    this.#part(this.#last).focus();
    document.execCommand("undo");
  }

  /** Put words in place of others, as typing does: it can be undone. @param {Part} part @param {Range} range @param {string} words */
  replace(part, range, words) {
    const element = this.#part(part);
    element.focus({ preventScroll: true });
    const selection = window.getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
    document.execCommand(words ? "insertText" : "delete", false, words);
  }

  /** What is about to be typed or pasted: only text, a subject of one line, and no book. @param {InputEvent} event @param {Part} part */
  #beforeInput(event, part) {
    const { inputType } = event;
    const breaks = inputType === "insertParagraph" || inputType === "insertLineBreak";
    const pasted = event.dataTransfer?.getData("text/plain") ?? null;
    const text = (breaks ? "\n" : pasted ?? event.data ?? "").replace(/\r\n?/g, "\n");
    if (text.length + this.#around.kept().length > VIEW) {
      event.preventDefault();
      return this.#around.say(this.#around.word("own_too_long"));
    }
    const plain = /** @type {HTMLElement} */ (event.currentTarget).contentEditable === "plaintext-only";
    const oneLine = part === "subject" && /\n/.test(text);
    // A browser that knows no plain text would paste colors, and make blocks of lines.
    if (!oneLine && (plain || !(breaks || pasted !== null))) return;
    event.preventDefault();
    const words = part === "subject" ? text.split(/\n+/).join(" ").trimEnd() : text;
    if (words === "\n") document.execCommand("insertLineBreak");
    else if (words) document.execCommand("insertText", false, words);
  }

  /** @param {Part} part @param {InputEvent} event */
  #changed(part, { data, inputType }) {
    this.#last = part;
    this.#around.keep(written({ subject: textOf(this.#part("subject")).replace(/\n/g, " "), body: textOf(this.#part("body")) }));
    if (part === "body" && (/^insertFrom/.test(inputType) || /\n./.test(data ?? ""))) this.#around.pasted?.();
  }
}
