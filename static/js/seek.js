/**
 * Waiting for an opponent, on whichever page one is. The house forgets a wait with the user's
 * last connection, as between two pages or in an outage; what this tab waits for is kept in
 * sessionStorage and asked for again.
 */

import { on, onReady, request } from "./connection.js";
import { isAtTable, playersOf } from "./players.js";

const WAITING = "parlour.waiting-for"; // the game; "" where only the house knows which
const SEEN = "parlour.matches"; // ids of matches this tab has heard of
const SEEN_MOST = 60;

const listeners = new Set(); // called with (waiting) on every change
const starters = new Set(); // called with (update) when the wait has brought a match
const dealers = new Set(); // called with (update) when a deal begins at the user's table
let found = null; // the id of the match that ended the wait; its match_update comes next

export function isWaiting() {
  return sessionStorage.getItem(WAITING) !== null;
}

function waitingFor() {
  return sessionStorage.getItem(WAITING) ?? "";
}

/** Be told whenever the wait begins or ends. */
export function onWaiting(listener) {
  listeners.add(listener);
}

/** Be told of the match that the wait has led to: its match_update. */
export function onStarted(listener) {
  starters.add(listener);
}

/** Be told of every deal that begins at the user's bridge table: its match_update. */
export function onDealt(listener) {
  dealers.add(listener);
}

/** `game`: which one is waited for, where that is known. */
function setWaiting(waiting, game = waitingFor()) {
  if (waiting) sessionStorage.setItem(WAITING, game);
  else sessionStorage.removeItem(WAITING);
  for (const listener of listeners) listener(waiting);
}

/** Wait for the next opponent at a game; the id of the match if somebody was waiting already. */
export async function seek(game = waitingFor()) {
  setWaiting(true, game);
  try {
    const { match } = await request("match_request", { player: null, game: game || undefined });
    if (match) setWaiting(false);
    return match ?? null;
  } catch (error) {
    if (error.code === "already_seeking") return null;
    setWaiting(false);
    throw error;
  }
}

/** Wait no longer. */
export async function cancel() {
  await request("match_request", { cancel: true });
  found = null;
  setWaiting(false);
}

/** What the house says of the wait, where it has just been asked. */
export function settle(seeking) {
  if (seeking && !isWaiting()) setWaiting(true);
  else if (!seeking && isWaiting()) seek().catch(() => {}); // refused: seek() has ended the wait
}

function seen() {
  return JSON.parse(sessionStorage.getItem(SEEN) ?? "[]");
}

/** Note these matches as known; those of them that were not. */
export function note(ids) {
  const known = seen();
  const fresh = ids.filter((id) => !known.includes(id));
  if (fresh.length) {
    sessionStorage.setItem(SEEN, JSON.stringify([...known, ...fresh].slice(-SEEN_MOST)));
  }
  return fresh;
}

/** Follow the wait; on pages for those who are signed in. */
export function followWait() {
  on("seek_update", ({ seeking, match }) => {
    found = (isWaiting() && match) || found;
    setWaiting(seeking);
  });
  on("match_update", (update) => {
    const state = update.match_state;
    if (!playersOf(state).includes(document.body.dataset.user)) return; // looked at
    const isNew = note([update.id]).length > 0 && update.version === 0;
    if (isAtTable(state)) { // nobody waits for those in the queue
      if (isNew) for (const listener of dealers) listener(update);
      return;
    }
    // Still waiting: the end of the wait was missed in an outage, and this is what came of it.
    if (!isNew || !(isWaiting() || update.id === found)) return;
    found = null;
    setWaiting(false);
    for (const listener of starters) listener(update);
  });
}

/** After a reconnection, on pages that do not ask the lobby: wait on, if this tab waited. */
export function keepWaiting() {
  onReady(() => {
    if (isWaiting()) seek().catch(() => {}); // refused: seek() has ended the wait
  });
}
