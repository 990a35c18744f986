/** The button that passes on the page's address: the position that is looked at included. */

import { share } from "./copy.js";

/** `tell(text)` says how it went; `code`: that of a private match, which the address needs. */
export function onShare(tell, code = null) {
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-share]")) return;
    const url = new URL(location.href);
    url.hash = "";
    if (code) url.searchParams.set("code", code);
    share(url.href, tell);
  });
}
