/** The bridge hall as tables come and go and people sit down. */

import { on, onReady, request } from "./connection.js";
import { SIDES } from "./bridge.js";
import { sideWords } from "./bridge-words.js";
import { debounce, renew } from "./page.js";
import { fillId, showAutomatic } from "./rows.js";
import { say } from "./words.js";

const SETTLE_MS = 150;

const user = document.body.dataset.user;
let list = document.getElementById("tables");
let heard = 0; // how often a table has changed or gone
const template = document.getElementById("table-card");

function announce(text) {
  document.getElementById("announce").textContent = text;
}

function cardOf(tid) {
  return list.querySelector(`[data-table="${CSS.escape(tid)}"]`);
}

function newCard(tid) {
  const card = template.content.firstElementChild.cloneNode(true);
  card.dataset.table = tid;
  fillId(card, tid);
  list.append(card);
  return card;
}

/** Show a table; one at which nobody sits is about to go. */
function take(row) {
  heard += 1;
  if (!Object.values(row.seats).some(Boolean)) {
    drop(row);
    return;
  }
  const card = cardOf(row.tid) ?? newCard(row.tid);
  for (const side of SIDES) showSeat(card.querySelector(`[data-side="${side}"]`), row.seats[side]);
  const words = card.querySelector("[data-words]");
  const text = wordsOf(row);
  if (words.textContent !== text) words.textContent = text;
  const looking = card.querySelector("[data-kib]");
  looking.hidden = row.kibcount === 0;
  looking.lastElementChild.textContent = row.kibcount;
  card.querySelector("[data-robots]").hidden = !row.robots;
  showEmpty();
  showOwn();
}

function showSeat(place, seat) {
  const name = place.querySelector("[data-name]");
  const key = seat ? `${seat.bot ?? ""} ${seat.name}` : "";
  name.hidden = !seat;
  name.classList.toggle("hall-away", Boolean(seat?.kept_until));
  place.querySelector("[data-sit]").hidden = Boolean(seat);
  showAutomatic(place, seat?.automatic);
  if (name.dataset.key === key) return;
  name.dataset.key = key;
  name.replaceChildren(...(seat?.bot ? [robotIcon()] : []), seat?.name ?? "");
}

function robotIcon() {
  const icon = document.querySelector("#with-robots .icon").cloneNode(true);
  icon.classList.add("icon-small");
  return icon;
}

function wordsOf({ playing, board, seats }) {
  if (playing) return say("b_playing", { board });
  return say(Object.values(seats).every(Boolean) ? "b_between" : "b_waiting");
}

function drop({ tid }) {
  heard += 1;
  cardOf(tid)?.remove();
  showEmpty();
  showOwn();
}

function showEmpty() {
  document.getElementById("no-tables").hidden = list.children.length > 0;
}

/** Who has a seat is led back to it, and opens no other table. */
function showOwn() {
  const own = [...list.children].find((card) => {
    return [...card.querySelectorAll("[data-name]")].some((name) => !name.hidden && name.textContent === user);
  });
  document.getElementById("own").hidden = !own;
  if (own) document.querySelector("#own a").href = own.querySelector(".hall-middle").href;
  for (const id of ["with-robots", "open-table"]) document.getElementById(id).hidden = Boolean(own);
}

/** What came and went while there was no connection has left no message. */
const lookAgain = debounce(async () => {
  const before = heard;
  await renew(location.pathname, ["tables", "no-tables"]);
  list = document.getElementById("tables");
  showOwn();
  if (heard !== before) lookAgain(); // what the page has may be older than that
}, SETTLE_MS);

on("bridge_table", take);
on("table.remove", drop);
on("player.sit", ({ tid, name, position }) => {
  if (cardOf(tid) && name !== user) announce(say("b_sat_down", { name, side: sideWords(position) }));
});
let connected = false;
onReady(() => {
  request("hall").catch(() => {}); // out of reach: the next connection asks again
  if (connected) lookAgain();
  connected = true;
});
