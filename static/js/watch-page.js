/**
 * The page of matches to watch. A match that begins takes the place of one that has ended, or comes
 * below the others as long as the page has room, so that nothing else moves.
 */

import { on, onReady } from "./connection.js";
import { renew } from "./page.js";
import { SmallBoards } from "./small-boards.js";
import { SmallCard } from "./small-card.js";

const READ_MS = 8000; // how long an ended match stays at least, for its end to be read

const place = document.getElementById("live");
const { game, most, page } = place.dataset;
const ended = new Map(); // match id -> since when it is over, on this page

function list() {
  return document.getElementById("live-list");
}

const boards = new SmallBoards({
  news: page === "1",
  onOver: ({ id }) => ended.set(id, performance.now()),
});

/** An ended match whose place is to be had. */
function replaceable() {
  const past = performance.now() - READ_MS;
  const focused = (card) => card.root.contains(document.activeElement);
  return boards.cards.find((card) => card.over && ended.get(card.id) <= past && !focused(card));
}

function takeRow(row) {
  if (game && row.game !== game) return;
  const known = boards.card(row.id);
  if (known) {
    known.name(row);
    return;
  }
  const old = replaceable();
  if (!old && boards.cards.length >= Number(most)) {
    document.getElementById("live-more").hidden = false;
    return;
  }
  const card = SmallCard.make(row);
  if (old) {
    old.root.replaceWith(card.root);
    boards.drop(old);
  } else {
    list().append(card.root);
  }
  boards.add(card);
  document.getElementById("no-live").hidden = true;
}

/** What began and ended while there was no connection has left no message. */
async function lookAgain() {
  await renew(location.href, ["live-list", "no-live", "live-more"]);
  boards.adopt(list());
}

boards.adopt(list());
on("live_update", takeRow);
let connected = false;
onReady(() => {
  if (connected) lookAgain();
  connected = true;
});
