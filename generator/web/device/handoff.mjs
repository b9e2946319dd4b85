/** Out of the page: clipboard, downloads, share sheet, printer. What is handed over is made by Python. */

/**
 * Put an email on the clipboard, as plain text and as HTML, so that rich editors keep its paragraphs.
 *
 * @param {string} text
 * @param {string} [html]
 * @returns {Promise<boolean>} whether the browser allowed it
 */
export async function copy(text, html) {
  try {
    if (html !== undefined && (await copyBoth(text, html))) return true;
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // refused, or not there at all (a page without https)
  }
}

/** @param {string} text @param {string} html @returns {Promise<boolean>} false where a browser takes plain text alone */
async function copyBoth(text, html) {
  try {
    const types = { "text/plain": text, "text/html": html };
    const blobs = Object.entries(types).map(([type, content]) => [type, new Blob([content], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    return true;
  } catch {
    return false;
  }
}

/**
 * Hand a file to the browser's downloads.
 *
 * @param {{ name: string, mime: string, text?: string, base64?: string }} file
 */
export function download({ name, mime, text = "", base64 }) {
  const content = base64 === undefined ? text : Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([content], { type: mime }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the content by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * Open the device's share sheet.
 *
 * @param {string} title
 * @param {string} text
 * @returns {Promise<boolean>} whether it was shared
 */
export async function share(title, text) {
  try {
    await navigator.share({ title, text });
    return true;
  } catch (error) {
    // Closing the sheet is a choice, not a fault.
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    return false;
  }
}

/**
 * Print one element of the page and nothing else.
 *
 * @param {HTMLElement} element
 */
export function print(element) {
  element.dataset.print = "";
  // Some browsers come back before they have looked at the page.
  window.addEventListener("afterprint", () => delete element.dataset.print, { once: true });
  window.print();
}
