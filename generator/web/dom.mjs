/** Small helpers for making elements. Text only ever becomes text nodes. */

/**
 * Find an element within another. What the server wrote has it, so its absence is a fault of ours.
 *
 * @param {Element} within
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function find(within, selector) {
  const element = within.querySelector(selector);
  if (!(element instanceof HTMLElement)) throw new Error(`<${within.localName} id="${within.id}"> lacks "${selector}"`);
  return element;
}

/**
 * Find all such elements.
 *
 * @param {Element} within
 * @param {string} selector
 */
export function findAll(within, selector) {
  return /** @type {NodeListOf<HTMLElement>} */ (within.querySelectorAll(selector));
}

/** Say something in an element; what it says already is not said again. @param {HTMLElement} element @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Make an element.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/**
 * Whether an element's content is what `nodes` would make of it.
 *
 * @param {Element} element
 * @param {Node[]} nodes
 */
export function holds(element, nodes) {
  const there = element.childNodes;
  return there.length === nodes.length && nodes.every((node, index) => node.isEqualNode(there[index] ?? null));
}

/**
 * Put `{parts}` into a text of the interface.
 *
 * @param {string} text
 * @param {Record<string, string | number>} parts
 */
export function put(text, parts) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(parts, name) ? String(parts[name]) : whole));
}

/**
 * Return the range of the characters `start` to `end` of an element's text.
 *
 * @param {Element} element
 * @param {number} start
 * @param {number} end
 */
export function rangeOf(element, start, end) {
  const range = document.createRange();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let position = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0;
    if (start >= position && start <= position + length) range.setStart(node, start - position);
    if (end >= position && end <= position + length) {
      range.setEnd(node, end - position);
      break;
    }
    position += length;
  }
  return range;
}
