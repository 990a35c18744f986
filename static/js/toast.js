/** A short notice in the corner, with a link; it stays until it is closed or followed. */

import { tell, untell } from "./tell.js";
import { say } from "./words.js";

const MOST = 3; // but those that lead to a match all stay
const SPARE = '.toast:not([data-key^="match-"])';

/** A polite live region is heard only if it was there before its text. */
const place = document.createElement("div");
place.className = "toasts";
place.setAttribute("role", "status");
document.body.append(place);

function find(key) {
  return [...place.children].find((each) => each.dataset.key === key);
}

function button(text, className, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `button button-small ${className}`;
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

/**
 * Show `text` with a link to `href`; a second one under the same `key` takes the first's place.
 * `acts`: buttons before the link, `{text, act}`; with them the link is the lesser choice.
 */
export function toast(key, text, href, linkText, acts = []) {
  const old = find(key);
  const notice = document.createElement("p");
  notice.className = "toast";
  notice.dataset.key = key;
  const words = document.createElement("span");
  words.textContent = text;
  const link = document.createElement("a");
  link.className = `button button-small${acts.length ? " button-plain" : ""}`;
  link.href = href;
  link.textContent = linkText;
  const buttons = acts.map(({ text: label, act }, index) => {
    return button(label, index ? "button-quiet" : "", act);
  });
  const close = button("×", "button-quiet toast-close", () => notice.remove());
  close.setAttribute("aria-label", say("close"));
  notice.append(words, ...buttons, link, close);
  if (old) old.replaceWith(notice);
  else place.append(notice);
  [...place.querySelectorAll(SPARE)].slice(0, -MOST).forEach((each) => each.remove());
}

/** A notice of what others have done, told wherever the user looks; `kind`: as for `tell`. */
export function news(kind, ...shown) {
  toast(...shown);
  const [, title, href] = shown;
  tell(kind, { href, title });
}

/** Take a notice away that is no longer true. */
export function dismiss(key) {
  const old = find(key);
  if (!old) return;
  untell(old.querySelector("a").getAttribute("href"));
  old.remove();
}
