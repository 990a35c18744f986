/**
 * A match on the page: shows what the house says of it and sends what its player does.
 * The page came complete from the server; this keeps it so while the match goes on.
 */

import { Board } from "./board.js";
import { parseUtc, setDeadline } from "./clock.js";
import { Clocks } from "./clocks.js";
import { coach } from "./coach.js";
import { on, onReady, request } from "./connection.js";
import { onActs } from "./match-acts.js";
import { pageData, renew } from "./page.js";
import { Preview } from "./preview.js";
import { Steps } from "./steps.js";
import { showSwapsLeft, slide, Swaps } from "./swap.js";
import {
  allowedBoards, hasSwaps, isSwappable, lastMove, moveName, parseMove, parseSquare, plies,
  positionAt, swapName,
} from "./uttt.js";
import { whyWords } from "./why.js";
import { explain, say } from "./words.js";

const NAMES = ["x", "o"];
const SAID_BY_SERVER = ["status", "seat-0", "seat-1", "actions"];

// id, seat, names, bots, version, moves, state, active, ply; clock where there are any; code if private
const match = pageData("match");
let looking = match.ply; // the earlier ply being looked at, or null: the present
let pending = null; // the move asked for and not yet answered, by name

const root = document.querySelector("[data-board]");
const board = new Board(root, choose);
const swaps = hasSwaps(match.state) ? new Swaps(root, {
  swap: (pair) => send(swapName(pair)),
  changed: () => {
    show();
    announce(swaps.words ?? "");
  },
  refuse: () => tell(notNow() || say("swap_none")),
  tell,
}) : null;
const preview = match.seat === null ? null : new Preview(
  root,
  () => ({ name: match.names[1 - match.seat], bot: match.bots[1 - match.seat] }),
  () => match.state.game_over || showTurn(),
);
const clocks = match.clock && new Clocks({
  seat: match.seat,
  announce: (text) => {
    document.getElementById("announce-time").textContent = text;
  },
});
const steps = new Steps(document.getElementById("moves"), { onLook: look });

function isMine() {
  return match.seat !== null && !match.state.game_over && match.active === match.seat;
}

// ---- showing ----------------------------------------------------------------

function show() {
  const ply = looking ?? match.moves.length;
  const position = looking === null ? match.state : positionAt(match.moves, ply, swaps !== null);
  const mine = looking === null && isMine() && !pending;
  board.show(position, { mine, pending });
  if (swaps) {
    showSwapsLeft(position);
    const left = position.swaps_left[match.seat];
    swaps.show(position, { able: mine && isSwappable(position), left });
  }
  preview?.follow(mine && !swaps ? position : null); // with swaps nobody is sent anywhere
  steps.show(match.moves, ply, caption(ply));
  if (match.seat !== null) coach(match.state, match);
  if (!match.state.game_over) showTurn();
}

function caption(ply) {
  return ply === 0 ? say("start") : say("past", { ply, plies: match.moves.length });
}

function showTurn() {
  const turn = document.getElementById("turn");
  patch(turn, swaps?.words ?? turnWords());
  patch(document.getElementById("why"), preview?.words ?? whyWords(match.state, match));
  turn?.classList.toggle("turn-mine", isMine());
  match.names.forEach((_, seat) => {
    const strip = document.getElementById(`seat-${seat}`);
    strip.classList.toggle("seat-active", seat === match.active);
    const time = strip.querySelector("time");
    if (time) setDeadline(time, match.deadline);
  });
  const leave = document.getElementById("leave");
  const early = match.moves.length < 2;
  const label = leave && (early ? leave.dataset.early : leave.dataset.late);
  if (leave && leave.lastElementChild.textContent !== label) {
    leave.lastElementChild.textContent = label;
  }
}

function patch(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function turnWords() {
  const boards = allowedBoards(match.state);
  const where = say(boards.length === 1 ? `in_${boards[0]}` : "in_any");
  let key = isMine() ? "yours" : "theirs";
  if (!lastMove(match.state)) key += "_anywhere";
  else if (isMine() && isSwappable(match.state)) key += "_or_swap";
  if (match.bots[match.active]) key += "_bot";
  return say(key, { where, name: match.names[match.active] });
}

function tell(text) {
  document.getElementById("message").textContent = text;
}

function announce(text) {
  document.getElementById("announce").textContent = text;
}

/** What was played, and what it means for the next move. */
function announceMove() {
  const [one, other] = match.state.last_swap?.map((each) => say(`sub_${each}`)) ?? [];
  const values = { mark: NAMES[1 - match.active], square: lastMove(match.state), one, other };
  const what = say(one ? "swapped" : "played", values);
  announce(`${what} ${swaps ? turnWords() : whyWords(match.state, match)}`);
}

// ---- doing ------------------------------------------------------------------

function look(ply) {
  looking = ply === match.moves.length ? null : ply;
  tell("");
  show();
  if (looking !== null) announce(caption(ply));
  history.replaceState(null, "", looking === null ? location.pathname : `?ply=${ply}`);
}

/** Why nothing can be played now, or "" if something can. */
function notNow() {
  if (match.state.game_over || match.seat === null) return say("ended");
  if (looking !== null) return say("present");
  return isMine() ? "" : say("not_now");
}

/** Why a square cannot be played now, or "" if it can. */
function objection(name, playable) {
  const no = notNow();
  if (no || playable) return no;
  const { sub_x, sub_y, x, y } = parseSquare(name);
  if (match.state.global_field[sub_y][sub_x]) return say("decided");
  if (match.state.complete_field[sub_y * 3 + y][sub_x * 3 + x]) return say("taken");
  return say("not_here");
}

function choose(name, playable) {
  if (pending || name === lastMove(match.state)) return;
  const no = objection(name, playable);
  tell(no);
  if (!no) send(name);
}

async function send(name) {
  pending = name;
  show();
  try {
    await request("move", { id: match.id, version: match.version, ...parseMove(name) });
  } catch (error) {
    tell(explain(error));
    pending = null;
    show();
    ask();
  }
}

// ---- hearing ----------------------------------------------------------------

/** Ask for the match as it is now: at first, after every reconnection, and after a refusal. */
function ask() {
  const { id, code } = match;
  request("watch", { id, code }).catch(() => {}); // out of reach: the next connection asks again
}

async function take({ id, version, revoke_time, clock, match_state: state }) {
  if (id !== match.id) return;
  if (!state) {
    location.reload(); // the match is gone, and the server says so best
    return;
  }
  if (version < match.version) return;
  if (clock) clocks?.take(clock);
  const news = version > match.version;
  const ended = state.game_over && !match.state.game_over;
  const names = [state.player_a, state.player_b];
  const renamed = names.some((name, seat) => name !== match.names[seat]);
  Object.assign(match, { version, state, names, deadline: parseUtc(revoke_time) });
  match.active = Math.max(0, names.indexOf(state.active_player));
  if (news) pending = null;
  const moved = await catchUp();
  show();
  if (news && looking === null && state.last_swap) slide(root, state.last_swap);
  if (moved && !state.game_over) {
    tell("");
    announceMove();
  }
  if (ended) await showEnd();
  else if (renamed) await renew(location.pathname, SAID_BY_SERVER); // a guest made an account
}

/** Bring the list of moves up to the position; whether there was a new one. */
async function catchUp() {
  const count = plies(match.state);
  if (count === match.moves.length) return false;
  if (count === match.moves.length + 1) {
    match.moves.push(lastMove(match.state));
    return true;
  }
  try {
    const { moves } = await request("match_log", { id: match.id, code: match.code });
    match.moves = moves.filter(({ seat }) => seat !== null).map(({ move }) => moveName(move));
  } catch {
    return false; // out of reach: the next connection brings the state again
  }
  return true;
}

/** The result, the new ratings and what one can do now: as the server says it. */
async function showEnd() {
  pending = null;
  tell("");
  document.getElementById("leaving")?.close();
  await renew(location.pathname, SAID_BY_SERVER);
  announce(document.getElementById("status").textContent.replace(/\s+/g, " ").trim());
}

function showRatings({ elo, top_names, top_elos }) {
  if (match.state.game_over) return;
  match.names.forEach((name, seat) => {
    const value = seat === match.seat ? elo : top_elos[top_names.indexOf(name)];
    const rating = document.querySelector(`#seat-${seat} .rating`);
    if (rating && value !== null && value !== undefined) rating.textContent = value;
  });
}

// ---- beginning --------------------------------------------------------------

onActs(match, { tell, ended: SAID_BY_SERVER, mayGo: () => looking === null });
on("match_update", take);
on("elo_update", showRatings);
match.deadline = Date.parse(match.deadline);
clocks?.take(match.clock);
show();
if (clocks) document.addEventListener("visibilitychange", () => document.hidden || ask());
onReady(() => {
  ask();
  if (match.state.game_over) renew(location.pathname, SAID_BY_SERVER); // a rematch, meanwhile?
});
