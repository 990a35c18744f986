/**
 * The best match now: followed as it is played, and once it is over, on to the next one, unless the
 * reader stays. Where nothing is played, the page waits for a match to begin.
 */

import { on, onReady, request } from "./connection.js";
import { share } from "./copy.js";
import { SmallBoards } from "./small-boards.js";
import { say } from "./words.js";

const READ_S = 15; // to see how it has ended
const APART_MS = 4000; // not everybody goes at the same moment
const OWN_HALL = "bridge"; // shown where it is asked for by name

const place = document.getElementById("best");
const { match, live, game, next } = place.dataset;
const told = document.getElementById("best-told");
const stay = document.getElementById("best-stay");
const onward = document.getElementById("best-next");
let timer = null;

function goOn() {
  location.assign(next);
}

function stayHere() {
  clearInterval(timer);
  timer = null;
  stay.hidden = true;
  told.textContent = say("best_stays");
}

/** The number counts down for the eye; aloud it is said once. */
function end() {
  let seconds = READ_S;
  const count = document.createElement("span");
  count.setAttribute("aria-hidden", "true");
  const words = document.createElement("span");
  words.className = "unseen";
  words.textContent = say("best_next", { seconds });
  const show = () => {
    count.textContent = say("best_next", { seconds });
  };
  show();
  told.replaceChildren(count, words);
  stay.hidden = false;
  onward.hidden = false;
  timer = setInterval(() => {
    if (document.hidden) return; // nobody has read it yet
    seconds -= 1;
    if (seconds > 0) show();
    else goOn();
  }, 1000);
}

/** A match begins while there is none to show. */
function begin(row) {
  if (timer || (game ? row.game !== game : row.game === OWN_HALL)) return;
  told.textContent = say("best_begins");
  timer = setTimeout(goOn, 1000 + Math.random() * APART_MS);
}

if (live === "1") {
  const boards = new SmallBoards({ onOver: end });
  boards.adopt(place);
  // Who has one match before them looks on at it, and is counted.
  onReady(() => request("watch", { id: match }).catch(() => {}));
  on("watchers", ({ id, count }) => {
    if (id === match) place.querySelector("[data-watchers]").textContent = count;
  });
  stay.addEventListener("click", stayHere);
} else {
  new SmallBoards({ news: true });
  on("live_update", begin);
  let connected = false;
  onReady(() => {
    // What began while there was no connection has left no message.
    if (connected) timer ??= setTimeout(goOn, Math.random() * APART_MS);
    connected = true;
  });
}

document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-share]")) return;
  share(new URL(next, location.href).href, (text) => {
    told.textContent = text;
  });
});
