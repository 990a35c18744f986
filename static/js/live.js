/** The matches to look at, as they begin, go on and end: in the lobby, and on a page of their own. */

import { on, onReady, request } from "./connection.js";
import { playWords } from "./kinds.js";
import { renew } from "./page.js";
import { Rows, fill } from "./rows.js";

const RENEW_MS = 15_000; // for strangers, to whom the lobby tells nothing

const section = document.getElementById("live");

/** Name those who play on one side, in the order of their seats. */
function fillSide(side, players) {
  while (side.children.length < players.length) side.append(side.firstElementChild.cloneNode(true));
  [...side.children].forEach((pair, place) => {
    fill(pair, "player-name", players[place].name);
    fill(pair, "elo", players[place].elo ?? "");
  });
}

function makeList() {
  return new Rows(document.getElementById("live-list"), {
    key: "live",
    template: document.getElementById("live-row"),
    make: (row, data) => fill(row, "kind", playWords(data)),
    update: (row, { players, watchers }) => {
      const sides = [...row.querySelectorAll("[data-side]")];
      sides.forEach((side, team) => {
        fillSide(side, players.filter((_, seat) => seat % sides.length === team));
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
