/** What is said where the form could not start. */

import { make } from "../dom.mjs";
import * as client from "../python/client.mjs";

/** @param {(key: string) => string} word @param {boolean} again whether it makes sense to try again @returns {HTMLElement[]} */
export function whyFailed(word, again) {
  const said = `${word("failed")} ${word(`failed_${client.reason()}`)}`;
  const label = word(client.reason() === "renewed" ? "renew" : "retry");
  const retry = make("button", { type: "button", class: "md-button", "data-retry": "" }, label);
  // Without an engine in the build there is nothing to try again.
  return [make("p", {}, said), ...(again ? [retry] : [])];
}
