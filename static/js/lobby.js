/**
 * The lobby, kept as it is right now: the queue, one's matches, who is here. Tables and challenges
 * are in tables.js, matches to look at in live.js.
 */

import { setDeadline, parseUtc } from "./clock.js";
import { on, onReady, request } from "./connection.js";
import "./live.js";
import { debounce, goToMatch, renew } from "./page.js";
import { playersOf, waitedFor } from "./players.js";
import { showAutomatic } from "./rows.js";
import { cancel, isWaiting, note, onStarted, onWaiting, seek, settle } from "./seek.js";
import { challenge } from "./tables.js";
import { explain, say } from "./words.js";

const user = document.body.dataset.user;
const byId = (id) => document.getElementById(id);

// ---- the queue -----------------------------------------------------------------

function showWait(waiting) {
  const [offer, wait] = [byId("seek-form"), byId("cancel-form")];
  const focused = offer.contains(document.activeElement) || wait.contains(document.activeElement);
  offer.hidden = waiting;
  wait.hidden = !waiting;
  if (focused) (waiting ? wait : offer).querySelector("button").focus();
}

async function submitting(form, act) {
  const button = form.querySelector("button:not([type=button])");
  button.setAttribute("aria-disabled", "true");
  for (const error of document.querySelectorAll(".lobby .error")) error.textContent = "";
  try {
    await act();
  } catch (error) {
    complain(form, explain(error));
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/** Say what was wrong beside what it is about. */
function complain(form, text) {
  if (form.id === "challenge-form") {
    byId("player-error").textContent = text;
    byId("player").setAttribute("aria-invalid", "true");
    byId("player").focus();
  } else {
    byId("challenge" in form.dataset ? "challenge-error" : "seek-error").textContent = text;
  }
}

async function challengeByName(field) {
  await challenge(field.value.trim().toLowerCase());
  field.value = "";
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const act = {
    "seek-form": async () => {
      const match = await seek(form.elements.game.value);
      if (match) goToMatch(match);
    },
    "cancel-form": cancel,
    "challenge-form": () => challengeByName(form.elements.player),
  }[form.id] ?? ("challenge" in form.dataset && (() => challenge(form.elements.player.value)));
  if (!act || form.querySelector('[aria-disabled="true"]')) return;
  event.preventDefault();
  submitting(form, act);
});

byId("player").addEventListener("input", () => {
  byId("player").removeAttribute("aria-invalid");
  byId("player-error").textContent = "";
});

// ---- one's matches ----------------------------------------------------------------

function turnWords(mine, players, name) {
  if (mine) return say("your_turn");
  return players === 2 ? say("their_turn") : say("turn_of", { name });
}

const renewMatches = debounce(() => renew("/lobby", ["matches", "recent"]), 120);

function takeMatch({ id, version, revoke_time, match_state: state }) {
  const row = document.querySelector(`[data-match="${CSS.escape(id)}"]`);
  const names = playersOf(state);
  const renamed = row && names.join(" ") !== row.dataset.players;
  if (!row || !state || state.game_over || renamed) {
    const wasListed = byId("recent").querySelector(`[href$="/${CSS.escape(id)}"]`);
    if (row || !wasListed) renewMatches();
    return;
  }
  if (version < Number(row.dataset.version)) return;
  row.dataset.version = version;
  const waiting = waitedFor(state);
  const mine = waiting.includes(user);
  const turn = row.querySelector("[data-turn]");
  const text = turnWords(mine, names.length, waiting[0]);
  if (turn.textContent !== text) turn.textContent = text;
  turn.classList.toggle("turn-mine", mine);
  const left = row.querySelector("time"); // none where a match has no time
  if (left) setDeadline(left, parseUtc(revoke_time));
}

// ---- who is here ------------------------------------------------------------------

function newRow({ name, elo, registered, automatic }) {
  const row = byId("online-row").content.firstElementChild.cloneNode(true);
  row.dataset.online = name;
  const link = row.querySelector("a");
  link.textContent = name;
  link.href = link.getAttribute("href").replace("NAME", encodeURIComponent(name));
  row.querySelector("[data-guest]").hidden = registered;
  showAutomatic(row, automatic);
  row.querySelector(".rating").textContent = elo ?? "";
  row.querySelector("input[name=player]").value = name;
  row.querySelector("button").setAttribute("aria-label", say("challenge", { name }));
  return row;
}

function rowOf(name) {
  return byId("online-list").querySelector(`[data-online="${CSS.escape(name)}"]`);
}

/** Put a player into the list, which is in the order of names, or take them out. */
function showPresence({ name, elo, registered, automatic, online = true }) {
  if (name === user) return;
  const row = rowOf(name);
  if (!online) row?.remove();
  else if (row) {
    row.querySelector(".rating").textContent = elo ?? "";
    showAutomatic(row, automatic);
  } else {
    const rows = [...byId("online-list").children];
    const after = rows.find((each) => each.dataset.online > name) ?? null;
    byId("online-list").insertBefore(newRow({ name, elo, registered, automatic }), after);
  }
  byId("nobody").hidden = byId("online-list").children.length > 0;
}

function takeState({ online, seeking }) {
  const here = new Set(online.map(({ name }) => name));
  for (const row of [...byId("online-list").children]) {
    if (!here.has(row.dataset.online)) showPresence({ name: row.dataset.online, online: false });
  }
  online.forEach(showPresence);
  settle(seeking);
}

/** One's rating in a game; the house's first game is not named. */
function takeElo({ game, elo, rank }) {
  const place = document.querySelector(game ? `[data-place="${CSS.escape(game)}"]` : "[data-place]");
  if (!place || elo === null) return;
  place.querySelector("[data-elo]").textContent = elo;
  place.querySelector("[data-rank]").textContent = rank;
}

note([...document.querySelectorAll("[data-match]")].map((row) => row.dataset.match));
if (isWaiting()) showWait(true);
onWaiting(showWait);
onStarted(({ id }) => goToMatch(id));
on("match_update", takeMatch);
on("lobby_state", takeState);
on("presence_update", showPresence);
on("presence_updates", ({ people }) => people.forEach(showPresence));
on("elo_update", takeElo);
on("rating_update", takeElo);
let connected = false;
const ask = () => request("lobby").catch(() => {}); // out of reach: the next connection asks again
on("presence_reset", ask);
onReady(() => {
  ask();
  if (connected) renewMatches(); // what ended in between left no message here
  connected = true;
});
