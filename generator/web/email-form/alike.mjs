/** Another email of the panel that is nearly this one: both side by side, what differs marked. */

import { make, put } from "../dom.mjs";
import { VIEW } from "./shown-email.mjs";

/**
 * @param {import("../python/client.mjs").Draft["alike"][number]} alike
 * @param {string} name what the other person is called
 * @param {(key: string) => string} word
 */
export function sideBySide({ parts, percent }, name, word) {
  const bodies = parts.map((texts) => {
    let room = VIEW;
    const nodes = texts.map(([text, differs]) => {
      const shown = text.slice(0, Math.max(room, 0));
      room -= text.length;
      return differs ? make("mark", {}, shown) : shown;
    });
    return make("div", { class: "ef-body", dir: "auto" }, ...nodes);
  });
  return make(
    "div",
    { class: "ef-alike" },
    make("p", {}, put(word("alike"), { name, percent })),
    make("details", {}, make("summary", {}, word("compare")), make("div", { class: "ef-beside" }, ...bodies)),
  );
}
