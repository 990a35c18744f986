/** A short notice in the corner, with a link; it stays until it is closed or followed. */

import { say } from "./words.js";

const MOST = 3;

/** A polite live region is heard only if it was there before its text. */
const place = document.createElement("div");
place.className = "toasts";
place.setAttribute("role", "status");
document.body.append(place);

/** Show `text` with a link to `href`; a second one under the same `key` takes the first's place. */
export function toast(key, text, href, linkText) {
  const old = [...place.children].find((each) => each.dataset.key === key);
  const notice = document.createElement("p");
  notice.className = "toast";
  notice.dataset.key = key;
  const words = document.createElement("span");
  words.textContent = text;
  const link = document.createElement("a");
  link.className = "button button-small";
  link.href = href;
  link.textContent = linkText;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button button-quiet button-small";
  close.textContent = "×";
  close.setAttribute("aria-label", say("close"));
  close.addEventListener("click", () => notice.remove());
  notice.append(words, link, close);
  if (old) old.replaceWith(notice);
  else place.append(notice);
  while (place.children.length > MOST) place.firstElementChild.remove();
}
