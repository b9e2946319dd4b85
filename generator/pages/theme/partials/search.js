// @ts-check
// Material loads its search index with the first page of every visit and sorts it in a worker: often more bytes and
// more work than the page itself. Both wait here for the first sign that somebody is going to search.
{
  const box = '[data-md-component="search"], #__search, [for="__search"]';
  const wanted = new Promise((resolve) => {
    // A link to a search, or to a place that a search has found.
    if (/[?&][qh]=/.test(location.search)) resolve(true);
    const waits = new AbortController();
    /** @param {Event} event */
    const look = ({ target }) => {
      if (!(target instanceof Element && target.closest(box))) return;
      resolve(true);
      waits.abort();
    };
    for (const kind of ["pointerover", "touchstart", "focusin", "change"]) {
      document.addEventListener(kind, look, { passive: true, signal: waits.signal });
    }
  });
  const { open, send } = XMLHttpRequest.prototype;
  const waiting = new WeakSet();
  XMLHttpRequest.prototype.open = /** @this {XMLHttpRequest} */ function (/** @type {any[]} */ ...given) {
    if (/\/search(\/search_index)?\.json$/.test(String(given[1]))) waiting.add(this);
    Reflect.apply(open, this, given);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (waiting.has(this)) wanted.then(() => send.call(this, body));
    else send.call(this, body);
  };
}
