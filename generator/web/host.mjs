/**
 * What a form hands to the elements that stand in it. They know this, and neither the form's parts nor its code.
 *
 * It is asked for with an event that rises to whoever can answer, as in the Context Community Protocol.
 *
 * @typedef {import("./python/client.mjs").Draft} Draft
 * @typedef {import("./python/client.mjs").Finding} Finding
 * @typedef {import("./python/client.mjs").Segment} Segment
 *
 * @typedef {object} Field
 * @property {string} key
 * @property {string} name
 * @property {string} label what the form asks
 * @property {string} id of its control
 * @property {string} group
 * @property {boolean} each whether each person of a panel has an answer of their own
 * @property {boolean} person whether it holds such a person's name
 * @property {string} kind
 *
 * @typedef {object} Wording
 * @property {string} name
 * @property {string} template
 * @property {string[]} fields the keys of the questions that it asks
 * @property {boolean} each whether each person of a panel gets an email of their own
 * @property {string} situation
 * @property {boolean} note whether it goes into a site's own box
 *
 * @typedef {object} Data what the server wrote for a form
 * @property {Wording[]} wordings
 * @property {Field[]} fields
 * @property {Record<string, string>} words
 * @property {import("./python/client.mjs").Manifest | null} engine
 * @property {string} language
 * @property {boolean} draft whether people bring a draft of their own: then nothing of it is kept
 *
 * @typedef {object} Host
 * @property {Data} data
 * @property {(key: string) => string} word a text of the interface
 * @property {EventTarget} events `typed` when the form has noted what was typed, `wording` when it shows another one,
 *   `draft` when Python has made another email,
 *   `handed` when an email has left the page
 * @property {HTMLElement} notice where something may be said above the questions
 * @property {HTMLElement} next where what comes after an email is said, once it has left the page
 * @property {() => number} wording which one is shown
 * @property {(name: string) => void} choose show the wording that a link names
 * @property {() => string} chosen what a link calls the wording that is shown; empty where there is only one
 * @property {(key: string) => string} answer what a question holds
 * @property {() => Map<string, string>} asked what the questions hold that are asked now
 * @property {(key: string, value: string) => boolean} takes whether a question can hold a value
 * @property {(key: string, text: string) => void} label put something behind a question; nothing takes it away
 * @property {(segment: Segment) => Field | undefined} fieldOf
 * @property {() => Draft | null} draft the newest email that Python has made
 * @property {(findings: Finding[]) => void} remark show remarks after those of the review
 */

const KIND = "context-request";

/**
 * Answer the elements that stand in a form.
 *
 * @param {HTMLElement} form
 * @param {Host} host
 * @param {AbortSignal} signal ends it
 */
export function provide(form, host, signal) {
  /** @param {Event} event */
  const answer = (event) => {
    event.stopPropagation();
    /** @type {CustomEvent<(host: Host) => void>} */ (event).detail(host);
  };
  form.addEventListener(KIND, answer, { signal });
}

/**
 * Ask for the form that an element stands in.
 *
 * @param {HTMLElement} element
 * @returns {Host}
 */
export function hostOf(element) {
  const found = /** @type {Host[]} */ ([]);
  element.dispatchEvent(new CustomEvent(KIND, { bubbles: true, detail: (/** @type {Host} */ host) => found.push(host) }));
  const [host] = found;
  if (!host) throw new Error(`<${element.localName}> stands in no form that works`);
  return host;
}
