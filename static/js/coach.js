/** The coach beside the board (app/web/coach.py): follows the match, until sent away for good. */

import { lessonWords } from "./why.js";

const box = document.getElementById("coach");
const text = box?.querySelector("[data-lesson]");

/** Say what there is to say of a position; `to`: `active` and `seat`, as why.js has them. */
export function coach(position, to) {
  if (!box) return;
  const words = lessonWords(position, to);
  box.hidden = !words;
  if (words && text.textContent !== words) text.textContent = words;
}

box?.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const body = new FormData(form);
  fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true })
    .catch(() => {}); // out of reach: gone from this page, and back on the next
  box.remove();
  document.getElementById("main").focus({ preventScroll: true });
});
