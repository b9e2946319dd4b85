// @ts-check
// A page that has moved: on to the new one, or to that of the email which the link names, with all words that the link
// carries. Without a script the page itself says where to go on.
{
  const moved = /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[name=kit-moved]"));
  const [email = "", ...wording] = (new URLSearchParams(location.hash.slice(1)).get("email") ?? "").split("/");
  const pages = /** @type {Map<string, string>} */ (new Map(JSON.parse(moved?.dataset.emails ?? "[]")));
  const known = pages.get(email);
  // Words that belong to no email still have a form to go to.
  const target = known ?? (location.hash.includes("=") ? [...pages.values()][0] : undefined) ?? moved?.content ?? "";
  // On its own page a wording has a name of its own.
  const hash = known ? location.hash.replace(/([#&]email=)[^&]*/, `$1${encodeURIComponent(wording.join("/") || email)}`) : location.hash;
  const address = new URL(target, location.href);
  if (address.pathname !== location.pathname) location.replace(`${address.href}${location.search}${hash}`);
}
