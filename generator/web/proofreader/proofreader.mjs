/**
 * <kit-proofreader>: spelling and grammar of the email that Python made, without a network, for those who ask for it.
 *
 * Nothing is loaded before the button is pressed. Then the checker lives as long as the visit and checks every email.
 */

import { find, findAll, put, say } from "../dom.mjs";
import { hostOf } from "../host.mjs";
import * as client from "../python/client.mjs";
import { Supervisor } from "../python/supervisor.mjs";

/** @typedef {import("../python/client.mjs").Draft} Draft */
/** @typedef {import("../python/client.mjs").Finding} Finding */
/** @typedef {import("../python/client.mjs").Part} Part */
/** @typedef {import("../host.mjs").Host} Host */
/** @typedef {import("./worker.mjs").Remark} Remark */

/** How long, in milliseconds, typing must rest before the email is checked. */
const REST = 600;
/** The checker does much at once, and phones are slow: how long loading may stand still, and an answer may take. */
const LIMITS = { loading: 60_000, answer: 20_000 };
/** What Harper remarks beyond spelling and grammar is taste, or the review says it already. */
const IGNORED = new Set(["Enhancement", "Formatting", "Readability", "Redundancy", "Regionalism", "Repetition", "Style"]);
/** Kinds of fields whose words no dictionary holds. */
const NAMES = new Set(["name", "email"]);
const PARTS = /** @type {Part[]} */ (["subject", "body"]);

/** @type {Supervisor | null} */
let checker = null;

class KitProofreader extends HTMLElement {
  /** @type {Finding[]} what the list shows */
  #findings = [];
  /** @type {Draft | null} */
  #draft = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;
  #label = "";
  #host = /** @type {Host} */ ({});
  #connection = new AbortController();

  connectedCallback() {
    this.#host = hostOf(this);
    const manifest = this.#host.data.engine;
    if (!manifest?.proofread) return;
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    this.#label ||= this.#button.textContent ?? "";
    const files = { ...manifest.proofread, offline: manifest.offline };
    checker ??= new Supervisor(files, new URL("../../../proofread/", import.meta.url), LIMITS);
    checker.addEventListener("change", () => this.#showState(), { signal });
    this.#button.addEventListener("click", () => this.#press(), { signal });
    this.#host.events.addEventListener("draft", () => this.#read(this.#host.draft()), { signal });
    this.hidden = false;
    this.#read(this.#host.draft());
    this.#showState();
  }

  disconnectedCallback() {
    this.#connection.abort();
    checker?.leave(this);
    clearTimeout(this.#resting);
    this.#draft = null;
  }

  get #button() {
    return find(this, "[data-proofread]");
  }

  #press() {
    client.start(); // what is checked is the email that Python makes
    if (checker?.state === "failed") void checker.retry();
    else checker?.start();
    if (checker?.state === "ready") void this.#check();
  }

  /** Take the newest draft. @param {Draft | null} draft */
  #read(draft) {
    const old = this.#draft;
    this.#draft = draft;
    if (old && draft && this.#findings.length) this.#show(this.#findings.flatMap((finding) => carry(finding, old, draft)));
    clearTimeout(this.#resting);
    if (checker?.state !== "idle") this.#resting = setTimeout(() => void this.#check(), REST);
  }

  /** @param {Finding[]} findings */
  #show(findings) {
    this.#findings = findings;
    this.#host.remark(findings);
  }

  async #check() {
    const draft = this.#draft;
    if (!draft || checker?.state !== "ready") return;
    const { subject, body } = draft;
    // There may be a newer draft when its turn has come: a page may have several forms.
    const make = () => (draft === this.#draft ? { texts: { subject, body } } : null);
    const remarks = /** @type {Record<Part, Remark[]> | null} */ (await checker.ask(make, this));
    if (!remarks || draft !== this.#draft) return;
    const found = PARTS.flatMap((part) => judge(remarks[part], part, draft, this.#host));
    this.#say(found.length ? put(this.#host.word("proof_some"), { count: found.length }) : this.#host.word("proof_none"));
    if (JSON.stringify(found) !== JSON.stringify(this.#findings)) this.#show(found);
  }

  #showState() {
    const state = checker?.state;
    const renewed = checker?.reason === "renewed";
    this.#button.textContent = state === "failed" ? this.#host.word(renewed ? "renew" : "retry") : this.#label;
    for (const cost of findAll(this, "[data-cost]")) cost.hidden = state === "ready";
    if (state === "loading") this.#say(this.#host.word("proof_loading"));
    else if (state === "failed") this.#say(this.#host.word(renewed ? "failed_renewed" : "proof_failed"));
    else if (state === "ready") void this.#check();
  }

  /** @param {string} text */
  #say(text) {
    say(find(this, "[role=status]"), text);
  }
}

/**
 * Make findings of the remarks that are about what was typed, and that are no matter of names.
 *
 * @param {Remark[]} remarks
 * @param {Part} part
 * @param {Draft} draft
 * @param {Host} host
 * @returns {Finding[]}
 */
function judge(remarks, part, draft, { fieldOf, word }) {
  let position = 0;
  const typed = draft.segments[part].flatMap((segment) => {
    const [kind, text] = segment;
    const start = position;
    position += text.length;
    return kind === "filled" && !NAMES.has(fieldOf(segment)?.kind ?? "") ? [{ start, end: position }] : [];
  });
  return remarks.flatMap(({ kind, start, end, message, mend }) => {
    const words = draft[part].slice(start, end);
    if (IGNORED.has(kind) || !typed.some((one) => start < one.end && end > one.start)) return [];
    if (kind === "Spelling" && /\p{Lu}/u.test(words)) return [];
    // "Sam" is somebody, not an abbreviation.
    if (kind === "Capitalization" && /^\p{Lu}/u.test(words)) return [];
    const inside = typed.some((one) => start >= one.start && end <= one.end);
    return [
      {
        rule: "proofreading",
        level: "tells",
        message: put(word("proof_finding"), { words, message: message.replace(/`([^`]*)`/g, "“$1”") }),
        part,
        start,
        end,
        mend: inside ? mend : null,
        why: "",
        source: null,
      },
    ];
  });
}

/**
 * Keep a finding until the next check, if its words still stand where they stood: before or after what was changed.
 *
 * @param {Finding} finding @param {Draft} old @param {Draft} now @returns {Finding[]}
 */
function carry(finding, old, now) {
  const part = /** @type {Part} */ (finding.part);
  const words = old[part].slice(finding.start, finding.end);
  for (const move of [0, now[part].length - old[part].length]) {
    const start = finding.start + move;
    if (now[part].slice(start, start + words.length) === words) return [{ ...finding, start, end: start + words.length }];
  }
  return [];
}

customElements.define("kit-proofreader", KitProofreader);
