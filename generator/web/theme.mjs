/**
 * What Material lacks for the keyboard (WCAG 2.2, 2.1.1), and the forms' scripts for pages that came without them. It
 * works on pages that instant navigation puts in, too.
 */

/** What a page with a form loads by name: see SCRIPTS in generator/pages/assets.py. */
const FORM = ["email-form/email-form", "send-plan/send-plan", "kit-memory/kit-memory", "proofreader/proofreader"];

/** All modules, as the page's own seal names them: it means the address that the page was opened at. */
const MODULES = Object.keys(
  JSON.parse(document.querySelector("script[type=importmap]")?.textContent ?? "{}").integrity ?? {},
).map((name) => new URL(name, document.baseURI).href);

/** Load the scripts of the forms, when navigation has brought the first one to a page that is only read. */
function bringForm() {
  if (!document.querySelector("email-form") || document.querySelector('script[src$="/email-form.mjs"]')) return;
  // Named ahead, so that they come together and not one after the other.
  for (const address of MODULES) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = address;
    document.head.append(link);
  }
  for (const name of FORM) {
    const script = document.createElement("script");
    script.type = "module";
    script.async = false;
    script.src = new URL(`${name}.mjs`, import.meta.url).href;
    document.head.append(script);
  }
}

/** @returns {HTMLInputElement | null} whether the menu of small screens is open */
const drawer = () => document.querySelector("#__drawer");

/** Make the button of the menu out of Material's label, which no key reaches. @param {Element} label */
function makeMenu(label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `${label.className} kit-menu`;
  button.ariaLabel = document.querySelector(".md-nav--primary")?.getAttribute("aria-label") ?? "";
  button.ariaExpanded = String(drawer()?.checked ?? false);
  button.append(...label.childNodes);
  button.addEventListener("click", () => drawer()?.click());
  label.replaceWith(button);
}

new MutationObserver(() => {
  // Material wraps wide tables; what scrolls must be able to take the focus.
  for (const wrap of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])")) {
    wrap.setAttribute("tabindex", "0");
  }
  // The tags of a search result are no navigation, and there are many of them.
  for (const tags of document.querySelectorAll(".md-search-result nav:not([role])")) tags.setAttribute("role", "none");
  document.querySelectorAll('label.md-header__button[for="__drawer"]').forEach(makeMenu);
  bringForm();
}).observe(document.documentElement, { childList: true, subtree: true });
document.querySelectorAll('label.md-header__button[for="__drawer"]').forEach(makeMenu);

document.addEventListener("change", ({ target }) => {
  const menu = drawer();
  if (!menu || target !== menu) return;
  for (const button of document.querySelectorAll(".kit-menu")) button.ariaExpanded = String(menu.checked);
});

document.addEventListener("keydown", (event) => {
  const menu = drawer();
  if (event.key !== "Escape" || !menu?.checked) return;
  menu.click();
  /** @type {HTMLElement | null} */ (document.querySelector(".kit-menu"))?.focus();
});

/**
 * Keep Material's single keys (n, p, comma, dot: next and previous page) from leaving a page with a form.
 * WCAG 2.2, 2.1.4; typed text would be lost.
 */
window.addEventListener(
  "keydown",
  (event) => {
    const inField = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (inField || event.ctrlKey || event.metaKey || event.altKey || !document.querySelector("email-form")) return;
    if (["n", "p", ",", "."].includes(event.key)) event.stopImmediatePropagation();
  },
  { capture: true },
);
