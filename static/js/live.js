/** The matches to look at, as they begin, go on and end: the lobby's list. */

import { on } from "./connection.js";
import { playWords } from "./kinds.js";
import { Rows, fill, showAutomatic } from "./rows.js";

/** Name those who play on one side, in the order of their seats. */
function fillSide(side, players) {
  while (side.children.length < players.length) side.append(side.firstElementChild.cloneNode(true));
  [...side.children].forEach((pair, place) => {
    fill(pair, "player-name", players[place].name);
    fill(pair, "elo", players[place].elo ?? "");
    showAutomatic(pair, players[place].automatic);
    pair.querySelector("[data-bot]").hidden = !players[place].bot;
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

follow();
