/**
 * A match of scopa on the page: shows what the house says of it and sends what its player does.
 * The page came complete from the server; this keeps it so while the match goes on.
 */

import { parseUtc, setDeadline } from "./clock.js";
import { Clocks } from "./clocks.js";
import { on, onReady, request } from "./connection.js";
import { onActs } from "./match-acts.js";
import { pageData, renew } from "./page.js";
import { pause } from "./scopa-anim.js";
import { Hand } from "./scopa-hand.js";
import { showSummary, summaryTable } from "./scopa-score.js";
import { Show } from "./scopa-show.js";
import { Table } from "./scopa-table.js";
import { lastWords, sideWords, toldWords, turnWords } from "./scopa-words.js";
import { isMine, settle, TEAMS } from "./scopa.js";
import { explain, say } from "./words.js";

// id, seat, version, state, deadline; clock where there are any; code if private
const match = pageData("match");
const SEATS = match.state.seats.map((_, seat) => `seat-${seat}`);
const FETCH_MS = 5000; // how long the table waits for what the server says
const SAID_BY_SERVER = ["status", "sheet", "actions", "over", ...SEATS];

let pending = null; // the card asked to be played and not yet answered
let over = match.state.game_over;
let heard = []; // what has happened since it was last said aloud
let state = settle(null, match.state, { seat: match.seat, version: match.version });

const table = new Table(document.getElementById("felt"), { playable: match.seat !== null });
const hand = match.seat === null ? null : new Hand(table, {
  play,
  tell,
  refuse: () => tell(notNow()),
  changed: showTurn,
});
const show = new Show(state, {
  show: follow,
  tell: hear,
  summary: goOn,
  missed: catchUp,
  settled: rest,
  lost: ask,
});
const clocks = match.clock && new Clocks({
  seat: match.seat,
  announce: (text) => {
    document.getElementById("announce-time").textContent = text;
  },
});

function isAble() {
  return isMine(state) && !pending && !show.isBusy;
}

// ---- showing ----------------------------------------------------------------------

/** Show a state that something led to, or that stands. */
function follow(next) {
  state = next;
  draw();
}

function draw({ move = true } = {}) {
  const able = isAble();
  table.show(state, { able, move });
  hand?.show(state, able);
  showTurn();
}

function showTurn() {
  if (over) return;
  const turn = document.getElementById("turn");
  const words = hand?.asked ? say("yours_choose") : turnWords(state);
  if (turn && turn.textContent !== words) turn.textContent = words;
  turn?.classList.toggle("turn-mine", isMine(state));
  for (const time of document.querySelectorAll(".who time")) setDeadline(time, match.deadline);
}

function tell(text) {
  document.getElementById("message").textContent = text;
}

function announce(text) {
  document.getElementById("announce").textContent = text;
}

function hear(told, after) {
  if (!told.length) return;
  tell("");
  heard.push(...told);
  const last = document.getElementById("last");
  if (last && after.last) last.textContent = lastWords(after);
}

/** All has been shown: say what it was, and let the reader play. */
async function rest() {
  pending = null;
  draw();
  const said = toldWords(state, heard.splice(0));
  if (state.over) {
    await showEnd();
    return;
  }
  if (said.length) announce([...said, turnWords(state)].join(" "));
}

/** The deal is over: its table until the reader goes on. */
async function goOn({ summary: { deal, sides } }) {
  announce([...toldWords(state, heard.splice(0)), say("summary_of", { deal })].join(" "));
  renew(location.pathname, ["sheet"]);
  const names = Array.from({ length: TEAMS }, (_, team) => sideWords(state, team));
  await showSummary(deal, summaryTable(sides, names));
}

/**
 * Something happened that was not told: the connection was away. The server says what was played
 * last and, of a deal that has come to its end, its table, until the next is well under way.
 */
async function catchUp({ points, over: ended }, deals) {
  heard = [];
  if (ended) return;
  await Promise.race([renew(location.pathname, deals ? ["last", "sheet"] : ["last"]), pause(FETCH_MS)]);
  const found = deals ? document.querySelector("#sheet .summary-table")?.cloneNode(true) : null;
  if (!found) return;
  found.deleteCaption();
  const deal = points.length;
  announce(say("summary_of", { deal }));
  await showSummary(deal, found);
}

// ---- doing --------------------------------------------------------------------------

/** Why nothing can be played now. */
function notNow() {
  if (state.over) return say("ended");
  if (!isMine(state)) return say("not_now");
  return show.isBusy ? say("wait_show") : "";
}

async function play(move, card) {
  pending = card;
  tell("");
  draw();
  try {
    await request("move", { id: match.id, version: state.version, ...move });
  } catch (error) {
    tell(explain(error));
    pending = null;
    draw();
    ask();
  }
}

// ---- hearing --------------------------------------------------------------------------

/** Ask for the match as it is now: at first, after every reconnection, and after a refusal. */
function ask() {
  const { id, code } = match;
  request("watch", { id, code }).catch(() => {}); // out of reach: the next connection asks again
}

function take({ id, version, revoke_time: due, clock, match_state: view }) {
  if (id !== match.id) return;
  if (!view) {
    location.reload(); // the match is gone, and the server says so best
    return;
  }
  if (clock) clocks?.take(clock);
  match.deadline = parseUtc(due);
  if (version < state.version) return;
  const renamed = view.seats.some(({ name }, seat) => name !== state.names[seat]);
  show.settle({ version, view });
  if (renamed) renew(location.pathname, SAID_BY_SERVER); // a guest made an account
}

/** The result, the new ratings and what one can do now: as the server says it. */
async function showEnd() {
  if (over) return;
  over = true;
  tell("");
  document.getElementById("leaving")?.close();
  await renew(location.pathname, SAID_BY_SERVER);
  announce(document.getElementById("status").textContent.replace(/\s+/g, " ").trim());
}

function showRating({ game, elo }) {
  if (game !== "scopa" || over || match.seat === null) return;
  const rating = document.querySelector(`#seat-${match.seat} .rating`);
  if (rating && elo !== null) rating.textContent = elo;
}

// ---- beginning --------------------------------------------------------------------

onActs(match, { tell, ended: SAID_BY_SERVER, mayGo: () => true });
on("match_data", (message) => {
  if (message.id === match.id && message.version !== null) show.add(message);
});
on("match_update", take);
on("rating_update", showRating);
match.deadline = Date.parse(match.deadline);
clocks?.take(match.clock);
draw({ move: false });
document.addEventListener("visibilitychange", () => document.hidden || ask());
onReady(() => {
  ask();
  if (over) renew(location.pathname, SAID_BY_SERVER); // a rematch, meanwhile?
});
