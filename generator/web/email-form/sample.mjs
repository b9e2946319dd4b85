/** The sample email as the server wrote it, and what it says with typed words in it while Python is not there. */

/** @typedef {import("../python/client.mjs").Segment} Segment */
/** @typedef {import("../python/client.mjs").Part} Part */
/** @typedef {{ text: string } | { key: string, name: string } | { passage: Piece[] }} Piece */
/** @typedef {Record<Part, Piece[]>} Sample */

/**
 * Read a sample back from the page: what the server wrote is the only copy of it.
 *
 * @param {Element} element
 * @returns {Piece[]}
 */
export function readPieces(element) {
  return [...element.childNodes].map((node) => {
    if (!(node instanceof HTMLElement)) return { text: node.textContent ?? "" };
    if (node.dataset.key !== undefined) return { key: node.dataset.key, name: node.dataset.name ?? "" };
    return { passage: readPieces(node) };
  });
}

/**
 * Follow typing without Python: raw values in the sample's slots.
 *
 * @param {Piece[]} pieces
 * @param {Map<string, string>} values
 * @param {boolean} whole whether optional passages stay that nothing was typed for
 * @returns {Segment[]}
 */
export function mirror(pieces, values, whole) {
  let left = false;
  return pieces.flatMap((piece, index) => {
    if ("text" in piece) {
      // With a passage goes the space that it needed.
      const before = pieces[index - 2];
      const space = before && "text" in before && before.text.endsWith("\n") ? /^\s+/ : /^[^\S\n]+/;
      const text = left ? piece.text.replace(space, "") : piece.text;
      left = false;
      return [/** @type {Segment} */ (["text", text, ""])];
    }
    if ("passage" in piece) {
      left = !whole && !piece.passage.some((one) => "key" in one && values.get(one.key)?.trim());
      return left ? [] : mirror(piece.passage, values, whole);
    }
    left = false;
    const value = values.get(piece.key) ?? "";
    return [/** @type {Segment} */ (value.trim() ? ["filled", value, piece.key] : ["missing", `[${piece.name}]`, piece.key])];
  });
}
