/**
 * Make wide tables reachable by keyboard. Material wraps them when a page is shown, instant navigation included;
 * what scrolls must be able to take the focus (WCAG 2.2, 2.1.1).
 */
new MutationObserver(() => {
  for (const wrap of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])")) {
    wrap.setAttribute("tabindex", "0");
  }
}).observe(document.documentElement, { childList: true, subtree: true });
