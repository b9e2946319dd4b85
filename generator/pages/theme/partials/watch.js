// @ts-check
// Three things that must not wait for files. The means of a browser that no policy holds back are taken away before any
// script runs: a page of ours has no use for them. And if the form's scripts do not arrive, somebody must say so who is
// not among them.
{
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "RTCIceTransport", "RTCDtlsTransport"]) {
    Reflect.deleteProperty(window, name);
  }

  // Back takes away the sheet that a phone shows the email on. Material would fetch the page anew, so it hears of it later.
  window.addEventListener("popstate", (event) => {
    const form = /** @type {HTMLElement | null} */ (document.querySelector("email-form[data-sheet]"));
    if (form?.dataset.sheet !== location.pathname) return;
    event.stopImmediatePropagation();
    form.dispatchEvent(new Event("back"));
  });

  // How long, in milliseconds, a script may take. A late one is welcome all the same.
  const patience = 10_000;
  const parts = ".ef-wordings, .ef-people, .ef-actions, .ef-also, .ef-review, .ef-send, kit-memory, send-plan";
  const hidden = /** @type {Set<HTMLElement>} */ (new Set());
  const isDead = () => !customElements.get("email-form");
  const tell = () => {
    if (!isDead()) return;
    for (const form of document.querySelectorAll("email-form:not([data-dead])")) {
      form.setAttribute("data-dead", "");
      for (const part of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll(parts))) {
        if (part.hidden) continue;
        part.hidden = true;
        hidden.add(part);
      }
      for (const part of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-part=dead], [data-part=dead] *"))) {
        part.hidden = part.dataset.when !== undefined && part.dataset.when !== location.protocol;
      }
    }
  };
  const begin = () => {
    if (!isDead()) return;
    tell();
    // Pages that navigation puts in are dead too.
    const more = new MutationObserver(tell);
    more.observe(document.documentElement, { childList: true, subtree: true });
    void customElements.whenDefined("email-form").then(() => {
      more.disconnect();
      for (const part of hidden) part.hidden = false;
      for (const form of document.querySelectorAll("email-form[data-dead]")) {
        form.removeAttribute("data-dead");
        form.querySelector("[data-part=dead]")?.setAttribute("hidden", "");
      }
    });
  };
  let begun = false;
  const once = () => {
    // A page that is only read has them when it needs them: see theme.mjs.
    if (begun || document.readyState === "loading" || !document.querySelector('script[src$="/email-form.mjs"]')) return;
    begun = true;
    begin();
  };
  // A script that fails says so at once; one that arrives changed may only never have done its work.
  const failed = (/** @type {Event} */ { target }) => {
    if (target instanceof HTMLScriptElement && target.src.endsWith("/email-form.mjs")) setTimeout(once);
  };
  window.addEventListener("error", failed, { capture: true });
  window.addEventListener("load", once);
  setTimeout(once, patience);
  // What is typed goes where visit.mjs looks for it: the script that keeps it may be the one that is missing.
  const keep = () => {
    const script = /** @type {HTMLScriptElement | null} */ (document.querySelector('script[src$="/email-form.mjs"]'));
    const name = `follow-up-kit ${new URL("../../../../", script?.src ?? location.href).pathname}`;
    const fields = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(".ef-field[data-key] :is(input, textarea, select)"));
    try {
      const kept = JSON.parse(sessionStorage.getItem(name) ?? '{"entries": []}');
      const entries = new Map(kept.entries.map((/** @type {Record<string, string>} */ entry) => [entry.key, entry]));
      for (const field of fields) {
        const key = /** @type {HTMLElement} */ (field.closest("[data-key]")).dataset.key;
        if (field.value.trim()) entries.set(key, { key, value: field.value, group: "", link: false });
      }
      sessionStorage.setItem(name, JSON.stringify({ ...kept, version: 1, saved: Date.now(), entries: [...entries.values()] }));
    } catch {
      // The words beside the button say to copy them first.
    }
  };
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element && target.closest("[data-part=dead] button"))) return;
    keep();
    location.reload();
  });
}
