/**
 * The page of one table: leads to its match as soon as that begins, and says so when the table is
 * gone. The messages of site.js bring players to their match; this is for everyone.
 */

import { on, onReady, request } from "./connection.js";
import { onCopy } from "./copy.js";
import { say } from "./words.js";

const RENEW_MS = 15_000; // for strangers, who are told nothing

const page = document.getElementById("table-page");
const id = page.dataset.table;

function showGone() {
  document.getElementById("offer").hidden = true;
  document.getElementById("gone").hidden = false;
  document.getElementById("gone-words").textContent = say("table_gone");
}

/** How it stands now: the address leads on to the match, or there is no such page any more. */
async function look() {
  const response = await fetch(location.href).catch(() => null); // out of reach: asked again
  if (response?.redirected) location.assign(response.url);
  else if (response?.status === 404) showGone();
}

onCopy();
if (document.body.dataset.live === "1") {
  on("table_gone", (gone) => gone.id === id && look());
  on("challenge_gone", (gone) => gone.id === id && look());
  on("table_own", (own) => page.dataset.mine === "1" && own?.id !== id && look());
  onReady(() => {
    request("lobby").catch(() => {}); // to hear of tables; the next connection asks again
    look();
  });
} else {
  setInterval(() => document.hidden || look(), RENEW_MS);
}
document.addEventListener("visibilitychange", () => document.hidden || look());
