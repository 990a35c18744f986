/**
 * The page of one table, as people come and go: leads to its match as soon as that begins, and
 * says so when the table is gone. The messages of site.js bring players to their match; this is
 * for everyone.
 */

import { on, onReady, request } from "./connection.js";
import { onCopy } from "./copy.js";
import { debounce } from "./page.js";
import { say } from "./words.js";

const RENEW_MS = 15_000; // for strangers, who are told nothing
const SETTLE_MS = 60; // one change may be told in two messages

const page = document.getElementById("table-page");
const id = page.dataset.table;

function showGone() {
  for (const part of page.querySelectorAll("[data-part]")) part.hidden = true;
  document.getElementById("gone").hidden = false;
  document.getElementById("gone-words").textContent = say("table_gone");
}

/** Put those parts anew that have changed; what somebody is writing elsewhere stays. */
function show(fresh) {
  for (const old of page.querySelectorAll("[data-part]")) {
    const next = fresh.getElementById(old.id);
    if (!next || next.dataset.part === old.dataset.part) continue;
    const focused = old.contains(document.activeElement);
    old.replaceWith(document.adoptNode(next));
    if (focused) {
      next.tabIndex = -1;
      next.focus();
    }
    const waiting = next.querySelector(".waiting"); // for how many, or for whom
    if (waiting) document.getElementById("announce").textContent = waiting.textContent;
  }
}

/** How it stands now: the address leads on to the match, or there is no such page any more. */
async function look() {
  const response = await fetch(location.href).catch(() => null); // out of reach: asked again
  if (response?.redirected) location.assign(response.url);
  else if (response?.status === 404) showGone();
  else if (response?.ok) show(new DOMParser().parseFromString(await response.text(), "text/html"));
}

const lookSoon = debounce(look, SETTLE_MS);
const about = (told) => told.id === id && lookSoon();

onCopy();
if (document.body.dataset.live === "1") {
  for (const type of ["table_update", "table_gone", "challenge_gone", "challenge"]) on(type, about);
  on("table_own", (own) => page.dataset.mine === "1" && own?.id !== id && lookSoon());
  onReady(() => {
    request("lobby").catch(() => {}); // to hear of tables; the next connection asks again
    look();
  });
} else {
  setInterval(() => document.hidden || look(), RENEW_MS);
}
document.addEventListener("visibilitychange", () => document.hidden || look());
