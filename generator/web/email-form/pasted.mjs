/** An email that was pasted whole, with its head: Python takes it apart. */

import * as client from "../python/client.mjs";
import { readOwn, written } from "./own-text.mjs";

/** A draft of one's own before anything stands in it. */
export const EMPTY = "\n";

/**
 * Take the head off a draft.
 *
 * @param {string} text as it is kept
 * @returns {Promise<{ text: string, to: string } | null>} as it is kept then; null if it has no head
 */
export async function takeApart(text) {
  const { subject, body } = readOwn(text) ?? { subject: "", body: "" };
  const reply = /** @type {import("../python/client.mjs").Read | null} */ (await client.ask(() => ({ type: "draft", text: body })));
  if (!reply || reply.text === body || !(reply.subject || reply.to)) return null;
  return { text: written({ subject: subject || reply.subject, body: reply.text }), to: reply.to };
}
