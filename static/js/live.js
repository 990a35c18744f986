/** The matches to look at, as they begin, go on and end: in the lobby, and on a page of their own. */

import { on, onReady, request } from "./connection.js";
import { playWords } from "./kinds.js";
import { renew } from "./page.js";
import { Rows, fill } from "./rows.js";

const RENEW_MS = 15_000; // for strangers, to whom the lobby tells nothing

const section = document.getElementById("live");

function makeList() {
  return new Rows(document.getElementById("live-list"), {
    key: "live",
    template: document.getElementById("live-row"),
    make: (row, data) => fill(row, "kind", playWords(data)),
    update: (row, { players, watchers }) => {
      row.querySelectorAll(".pair").forEach((pair, seat) => {
        fill(pair, "player-name", players[seat].name);
        fill(pair, "elo", players[seat].elo ?? "");
      });
      fill(row, "watchers", watchers);
    },
    onChange: () => {
      document.getElementById("no-live").hidden = list.size > 0;
    },
  });
}

const list = makeList();

function follow() {
  on("lobby_state", ({ live }) => live && list.keep(live));
  on("live_update", (row) => list.put(row));
  on("live_gone", ({ id }) => list.drop(id));
}

/** On the page of its own nobody else asks for the lobby. */
function ask() {
  request("lobby").catch(() => {}); // out of reach: the next connection asks again
}

if (document.body.dataset.live === "1") {
  follow();
  if ("follow" in section.dataset) onReady(ask);
} else {
  setInterval(() => document.hidden || renew(location.pathname, ["live"]), RENEW_MS);
}
