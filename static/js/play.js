/**
 * A match on the page: shows what the house says of it and sends what its player does.
 * The page came complete from the server; this keeps it so while the match goes on.
 */

import { Board } from "./board.js";
import { parseUtc, setDeadline } from "./clock.js";
import { on, onReady, request } from "./connection.js";
import { onLeave } from "./leave.js";
import { pageData, renew } from "./page.js";
import { onShare } from "./share.js";
import { Steps } from "./steps.js";
import { allowedBoards, parseSquare, plies, positionAt, square } from "./uttt.js";
import { explain, say } from "./words.js";

const NAMES = ["x", "o"];
const SAID_BY_SERVER = ["status", "seat-0", "seat-1", "actions"];

const match = pageData("match"); // id, seat, names, version, moves, state, active, ply
let looking = match.ply; // the earlier ply being looked at, or null: the present
let pending = null; // the square asked for and not yet answered

const board = new Board(document.querySelector("[data-board]"), choose);
const steps = new Steps(document.getElementById("moves"), { onLook: look });

function isMine() {
  return match.seat !== null && !match.state.game_over && match.active === match.seat;
}

// ---- showing ----------------------------------------------------------------

function show() {
  const ply = looking ?? match.moves.length;
  const position = looking === null ? match.state : positionAt(match.moves, ply);
  board.show(position, { mine: looking === null && isMine() && !pending, pending });
  steps.show(match.moves, ply, caption(ply));
  if (!match.state.game_over) showTurn();
}

function caption(ply) {
  return ply === 0 ? say("start") : say("past", { ply, plies: match.moves.length });
}

function showTurn() {
  const status = document.getElementById("turn");
  if (status && status.textContent !== turnWords()) status.textContent = turnWords();
  status?.classList.toggle("turn-mine", isMine());
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

function turnWords() {
  const values = { board: where(), name: match.names[match.active] };
  const key = isMine() ? "yours" : "theirs";
  return say(match.state.last_move ? key : `${key}_anywhere`, values);
}

function where() {
  const boards = allowedBoards(match.state);
  return say(boards.length === 1 ? `sub_${boards[0]}` : "sub_any");
}

function tell(text) {
  document.getElementById("message").textContent = text;
}

function announce(text) {
  document.getElementById("announce").textContent = text;
}

function announceMove() {
  const values = {
    mark: NAMES[1 - match.active],
    square: square(match.state.last_move),
    board: where(),
    name: match.names[match.active],
  };
  announce(say(isMine() ? "played_you" : "played_them", values));
}

// ---- doing ------------------------------------------------------------------

function look(ply) {
  looking = ply === match.moves.length ? null : ply;
  tell("");
  show();
  if (looking !== null) announce(caption(ply));
  history.replaceState(null, "", looking === null ? location.pathname : `?ply=${ply}`);
}

/** Why a square cannot be played now, or "" if it can. */
function objection(name, playable) {
  if (match.state.game_over || match.seat === null) return say("ended");
  if (looking !== null) return say("present");
  if (!isMine()) return say("not_now");
  if (playable) return "";
  const { sub_x, sub_y, x, y } = parseSquare(name);
  if (match.state.global_field[sub_y][sub_x]) return say("decided");
  if (match.state.complete_field[sub_y * 3 + y][sub_x * 3 + x]) return say("taken");
  return say("not_here");
}

async function choose(name, playable) {
  if (pending || (match.state.last_move && name === square(match.state.last_move))) return;
  const no = objection(name, playable);
  tell(no);
  if (no) return;
  pending = name;
  show();
  try {
    await request("move", { id: match.id, version: match.version, ...parseSquare(name) });
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
  const type = match.seat === null ? "watch" : "match_states_request";
  request(type, { id: match.id }).catch(() => {}); // out of reach: the next connection asks again
}

async function take({ id, version, revoke_time, match_state: state }) {
  if (id !== match.id) return;
  if (!state) {
    location.reload(); // the match is gone, and the server says so best
    return;
  }
  if (version < match.version) return;
  const news = version > match.version;
  const ended = state.game_over && !match.state.game_over;
  const names = [state.player_a, state.player_b];
  const renamed = names.some((name, seat) => name !== match.names[seat]);
  Object.assign(match, { version, state, names, deadline: parseUtc(revoke_time) });
  match.active = Math.max(0, names.indexOf(state.active_player));
  if (news) pending = null;
  const moved = await catchUp();
  show();
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
    match.moves.push(square(match.state.last_move));
    return true;
  }
  try {
    const { moves } = await request("match_log", { id: match.id });
    match.moves = moves.filter(({ move }) => "sub_x" in move).map(({ move }) => square(move));
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

// ---- the buttons under the board ----------------------------------------------

const ACTS = {
  async rematch() {
    const answer = await request("rematch", { id: match.id });
    location.assign(document.getElementById("table").dataset.matchUrl.replace("ID", answer.match));
  },
  async friend(form) {
    const name = form.elements.player.value;
    await request("friend_request", { user: name });
    await renew(location.pathname, ["actions"]);
    tell(say("befriended", { name }));
  },
  async end() {
    await request("end_match", { id: match.id });
    document.getElementById("leaving")?.close();
  },
};

document.addEventListener("submit", async (event) => {
  const act = ACTS[event.target.dataset.act];
  if (!act) return;
  event.preventDefault();
  try {
    await act(event.target);
  } catch (error) {
    document.getElementById("leaving")?.close();
    tell(explain(error));
  }
});

onLeave();
onShare(tell);
on("match_update", take);
on("elo_update", showRatings);
on("rematch", ({ id }) => {
  if (id === match.id) renew(location.pathname, SAID_BY_SERVER);
});
match.deadline = Date.parse(match.deadline);
show();
onReady(() => {
  ask();
  if (match.state.game_over) renew(location.pathname, SAID_BY_SERVER); // a rematch, meanwhile?
});
