/**
 * The admins' pages as they are right now: parts marked `data-renew="seconds"` (they need an id)
 * are fetched anew while somebody looks, and the number of open reports follows by itself.
 * Without this file a reload does the same.
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
