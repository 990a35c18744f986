/** The button that passes on the page's address: the position that is looked at included. */

import { say } from "./words.js";

/** `tell(text)` says how it went. */
export function onShare(tell) {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-share]")) share(location.href.replace(/#.*/, ""), tell);
  });
}

async function share(url, tell) {
  if (navigator.share && matchMedia("(pointer: coarse)").matches) {
    await navigator.share({ title: document.title, url }).catch(() => {}); // closed by the user
  } else if (navigator.clipboard) {
    await navigator.clipboard.writeText(url);
    tell(say("copied"));
  } else {
    tell(url); // without HTTPS a browser lets no page copy
  }
}
