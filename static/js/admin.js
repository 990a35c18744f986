/**
 * The admins' pages as they are right now: parts marked `data-renew="seconds"` (they need an id)
 * are fetched anew while somebody looks, and the number of open reports follows by itself.
 * After a restart the page goes on as soon as the house is back. Without this file a reload does
 * the same.
 */

import { on } from "./connection.js";
import { renew } from "./page.js";

for (const part of document.querySelectorAll("[data-renew][id]")) {
  const { id } = part;
  setInterval(() => {
    const now = document.getElementById(id);
    if (!document.hidden && !now?.contains(document.activeElement)) renew(location.href, [id]);
  }, Number(part.dataset.renew) * 1000);
}

on("reports_update", ({ count }) => {
  const shown = document.getElementById("report-count");
  if (shown && shown.textContent !== String(count)) renew(location.href, ["reports", "report-count"]);
});

const LOOK_MS = 1000;

/** Go on to a page once the house that is starting anew can give it. */
async function goBack(url) {
  const response = await fetch(url).catch(() => null);
  if (response?.ok) location.assign(url);
  else setTimeout(goBack, LOOK_MS, url);
}

const { back } = document.querySelector("[data-back]")?.dataset ?? {};
if (back) setTimeout(goBack, 2 * LOOK_MS, back); // by then the old one takes no more requests
