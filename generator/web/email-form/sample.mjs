/** The sample email as the server wrote it, and what it says with typed words in it while Python is not there. */

/** @typedef {import("../python/client.mjs").Segment} Segment */
/** @typedef {import("../python/client.mjs").Side} Side */
/** @typedef {{ text: string } | { key: string, name: string } | { passage: Part[] }} Part a piece of the sample */
/** @typedef {Record<Side, Part[]>} Sample */

/**
 * Read a sample back from the page: what the server wrote is the only copy of it.
 *
 * @param {Element} element
 * @returns {Part[]}
 */
export function readParts(element) {
  return [...element.childNodes].map((node) => {
    if (!(node instanceof HTMLElement)) return { text: node.textContent ?? "" };
    if (node.dataset.key !== undefined) return { key: node.dataset.key, name: node.dataset.name ?? "" };
    return { passage: readParts(node) };
  });
}

/**
 * Follow typing without Python: raw values in the sample's slots.
 *
 * @param {Part[]} parts
 * @param {Map<string, string>} values
 * @param {boolean} whole whether optional passages stay that nothing was typed for
 * @returns {Segment[]}
 */
export function mirror(parts, values, whole) {
  let left = false;
  return parts.flatMap((part, index) => {
    if ("text" in part) {
      // With a passage goes the space that it needed.
      const before = parts[index - 2];
      const space = before && "text" in before && before.text.endsWith("\n") ? /^\s+/ : /^[^\S\n]+/;
      const text = left ? part.text.replace(space, "") : part.text;
      left = false;
      return [/** @type {Segment} */ (["text", text, ""])];
    }
    if ("passage" in part) {
      left = !whole && !part.passage.some((one) => "key" in one && values.get(one.key)?.trim());
      return left ? [] : mirror(part.passage, values, whole);
    }
    left = false;
    const value = values.get(part.key) ?? "";
    return [/** @type {Segment} */ (value.trim() ? ["filled", value, part.key] : ["missing", `[${part.name}]`, part.key])];
  });
}
